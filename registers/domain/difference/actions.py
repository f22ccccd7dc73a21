"""What became of the actions of an entry between two editions: added, slipped, done, dropped.

Actions are told apart by their key, which they keep when they are carried from edition to edition.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from registers.domain import passages
from registers.domain.content import IN_PROGRESS, NOT_STARTED
from registers.domain.english import written, written_span

ADDED, REWORDED, LED, REDATED = "added", "reworded", "led", "redated"
STARTED, HALTED, REOPENED = "started", "halted", "reopened"
DONE, DROPPED, MISSING = "done", "dropped", "missing"
LONGEST = 8  # words of an action in a sentence


class Promised(Protocol):
    """What is read of an action: a row of the database, or a value made of one."""

    @property
    def key(self) -> Hashable: ...
    @property
    def text(self) -> str: ...
    @property
    def lead(self) -> str: ...
    @property
    def due(self) -> date | None: ...
    @property
    def status(self) -> str: ...
    @property
    def reason(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that became of one action.

    `was` and `now` are its due dates, where known; `leads` who led it before and leads it now.
    `text` is the action as it reads now, or as it read last if it is missing; where it was
    reworded, `difference` has it word by word.
    """

    kind: str
    key: Hashable
    text: str
    was: date | None = None
    now: date | None = None
    reason: str = ""
    leads: tuple[str, str] = ("", "")
    difference: passages.Difference | None = None

    @property
    def slipped(self) -> bool:
        """Its date was put off, or taken away."""
        return self.kind == REDATED and slips(self.was, self.now)

    def __str__(self) -> str:
        """“Recruit”: due date moved from 1 to 30 June 2026, because no bids came in."""
        reason = self.reason.strip().rstrip(".")
        because = f", because: {reason}" if reason else ""
        return f"“{short(self.text)}”: {self._became()}{because}"

    def _became(self) -> str:
        match self.kind:
            case "added":
                return f"added, due {written(self.now)}" if self.now else "added, with no date"
            case "redated":
                return redated(self.was, self.now)
            case "led":
                return f"led by {self.leads[1] or 'nobody named'}, was {self.leads[0] or 'nobody'}"
            case kind:
                return _BECAME[kind]


_BECAME = {
    REWORDED: "reworded",
    STARTED: "under way now",
    HALTED: "not under way",
    REOPENED: "open again",
    DONE: "done",
    DROPPED: "dropped",
    MISSING: "missing, and nobody says why",
}


def redated(was: date | None, now: date | None) -> str:
    """What became of a due date, in the words that every page uses."""
    if was is None:
        return f"due date set to {written(now)}" if now else "no due date"
    if now is None:
        return f"due date taken away, was {written(was)}"
    return f"due date moved from {written_span(was, now)}"


def slips(was: date | None, now: date | None) -> bool:
    """Whether a due date was put off, or taken away."""
    return was is not None and (now is None or now > was)


def is_settled(action: Promised) -> bool:
    """Done or dropped: what is carried no further."""
    return action.status in (DONE, DROPPED)


def changes(before: Iterable[Promised], after: Iterable[Promised]) -> list[Change]:
    """Everything that became of the actions of an entry, in the order in which they now stand.

    `before` are those of the edition before, `after` those of this one. What was done or dropped
    before is over, and is not missed.
    """
    was = {action.key: action for action in before}
    now = list(after)
    found = [change for action in now for change in _changes(was.get(action.key), action)]
    here = {action.key for action in now}
    gone = [one for one in was.values() if one.key not in here and not is_settled(one)]
    return [*found, *(Change(MISSING, one.key, one.text, was=one.due) for one in gone)]


def _changes(was: Promised | None, now: Promised) -> Iterator[Change]:
    if was is None:
        yield Change(ADDED, now.key, now.text, now=now.due)
        if is_settled(now):
            yield Change(now.status, now.key, now.text, was=now.due, reason=now.reason)
        return
    if was.text.split() != now.text.split():
        difference = passages.compare(_said(was), _said(now))
        yield Change(REWORDED, now.key, now.text, was.due, now.due, difference=difference)
    if was.lead.strip() != now.lead.strip():
        yield Change(LED, now.key, now.text, leads=(was.lead, now.lead))
    if is_settled(now):
        if was.status != now.status:
            yield Change(now.status, now.key, now.text, was=now.due, reason=now.reason)
        return
    if was.due != now.due:
        # The reason that stands may be of an earlier slip; what is brought forward needs none.
        reason = now.reason if slips(was.due, now.due) else ""
        yield Change(REDATED, now.key, now.text, was.due, now.due, reason)
    if is_settled(was):
        yield Change(REOPENED, now.key, now.text)
    elif was.status != now.status and now.status in (IN_PROGRESS, NOT_STARTED):
        kind = STARTED if now.status == IN_PROGRESS else HALTED
        yield Change(kind, now.key, now.text)


def _said(action: Promised) -> passages.Passage:
    return (passages.Point(action.text, plain=True),)


def short(text: str) -> str:
    """The first words of an action, as it is named in a sentence."""
    words = text.split()
    return " ".join(words[:LONGEST]) + (" …" if len(words) > LONGEST else "")
