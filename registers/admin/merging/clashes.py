"""Where two people have written in the same field, and what a form then holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.http import QueryDict

from registers.admin.merging.sent import TEXTS, WORDS_OF_ROWS, Sent, normal, put, received
from registers.domain import passages
from registers.models import User
from registers.models.fields import MOST_IN_A_TEXT

# What somebody chooses of the two besides theirs.
MINE, BOTH = "mine", "both"


@dataclass(frozen=True, slots=True)
class Clash:
    """One field that both have changed. `name` is the field's name in the form."""

    name: str
    label: str
    before: Sent
    theirs: Sent
    mine: Sent
    # Only text can hold both.
    is_text: bool = False

    @property
    def their_difference(self) -> passages.Difference:
        return passages.compare(_points(self.before), _points(self.theirs))

    @property
    def my_difference(self) -> passages.Difference:
        return passages.compare(_points(self.before), _points(self.mine))


def _points(sent: Sent) -> passages.Passage:
    """Of a text that is too long to be kept, its beginning: all of it stands in its box."""
    return passages.parse("\n".join(sent)[:MOST_IN_A_TEXT], passages.PLAIN)


@dataclass(slots=True)
class Meeting:
    """What the form says to somebody who was not the only one. `data` is what it then holds."""

    data: QueryDict
    who: User | None = None
    when: datetime | None = None
    clashes: list[Clash] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    version: int = 0
    seen: int = 0
    # Nobody but the person themself has saved since: in another tab, or by pressing twice.
    own: bool = False

    @property
    def sentence(self) -> str:
        if self.own:
            return "You saved this entry in another tab meanwhile. Nothing of yours is lost."
        who = str(self.who or "Somebody")
        return f"{who} saved this entry while you were writing. Nothing of yours is lost."


def merge_field(
    meeting: Meeting,
    name: str,
    label: str,
    *,
    before: Sent | None,
    theirs: Sent,
) -> None:
    """Take what only they have changed; where both have, it is a clash. `before` is None of a row
    that was not there.
    """
    in_order = normal(name.rpartition("-")[2])
    mine, theirs = in_order(received(meeting.data, name)), in_order(theirs)
    before = in_order(before) if before is not None else None
    if mine == theirs or theirs == before:
        return
    if mine == before:
        put(meeting.data, name, theirs)
        meeting.taken.append(label)
        return
    is_text = name.rpartition("-")[2] in (*TEXTS, *WORDS_OF_ROWS)
    meeting.clashes.append(Clash(name, label, before or (), theirs, mine, is_text))
