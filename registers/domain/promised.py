"""What became of the actions of an entry between two editions: added, slipped, done, dropped.

Actions are told apart by their key, which they keep when they are carried from edition to edition.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

ADDED, REWORDED, REDATED, DONE, DROPPED, MISSING = (
    "added",
    "reworded",
    "redated",
    "done",
    "dropped",
    "missing",
)
LONGEST = 8  # words of an action in a sentence


class Promised(Protocol):
    """What is read of an action: a row of the database, or a value made of one."""

    @property
    def key(self) -> Hashable: ...
    @property
    def text(self) -> str: ...
    @property
    def due(self) -> date | None: ...
    @property
    def status(self) -> str: ...
    @property
    def reason(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that became of one action. `was` and `now` are its due dates, where known.

    `text` is the action as it reads now, or as it read last if it is missing.
    """

    kind: str
    key: Hashable
    text: str
    was: date | None = None
    now: date | None = None
    reason: str = ""

    @property
    def slipped(self) -> bool:
        """Its date was put off, or taken away."""
        return self.kind == REDATED and slips(self.was, self.now)

    def __str__(self) -> str:
        """A sentence without its full stop: “Recruit” slipped from 1 June to 30 June 2026, …."""
        because = f", because: {self.reason.strip().rstrip('.')}" if self.reason.strip() else ""
        return f"“{short(self.text)}” {self._became()}{because}"

    def _became(self) -> str:
        if self.kind == ADDED:
            return f"added, due {_day(self.now)}" if self.now else "added, with no date"
        if self.kind != REDATED:
            return _BECAME[self.kind]
        if self.was is None:
            return f"given a date: {_day(self.now)}"
        if self.now is None:
            return f"has no date any more, was due {_day(self.was)}"
        verb = "slipped" if self.slipped else "brought forward"
        return f"{verb} from {_day(self.was)} to {_day(self.now)}"


_BECAME = {
    REWORDED: "reworded",
    DONE: "done",
    DROPPED: "dropped",
    MISSING: "missing, and nobody says why",
}


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
    elif was.text.split() != now.text.split():
        yield Change(REWORDED, now.key, now.text, was=was.due, now=now.due)
    if is_settled(now):
        if was is None or was.status != now.status:
            yield Change(now.status, now.key, now.text, was=now.due, reason=now.reason)
    elif was is not None and was.due != now.due:
        yield Change(REDATED, now.key, now.text, was.due, now.due, now.reason)


def short(text: str) -> str:
    """The first words of an action, as it is named in a sentence."""
    words = text.split()
    return " ".join(words[:LONGEST]) + (" …" if len(words) > LONGEST else "")


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else "no date"
