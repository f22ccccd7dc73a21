"""What became of each entry between two editions, in sentences: the rows of the comparison page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from registers.domain import difference as comparison
from registers.domain.difference import Change
from registers.domain.quarters import Quarter
from registers.models import Edition

RENUMBERED, REWORDED, ACTIONS, OWNER = "renumbered", "reworded", "actions", "owner"


@dataclass(frozen=True, slots=True)
class Heading:
    """How a group is called: at its figure (for one, for several) and above its rows.

    `always` says that its figure is shown even if it is 0.
    """

    one: str
    several: str
    title: str
    icon: str
    css: str = ""
    always: bool = False


HEADINGS = {
    comparison.ROSE: Heading(
        "risk rose", "risks rose", "Risks that rose", "up", "dir-worse", always=True
    ),
    comparison.SHRANK: Heading(
        "opportunity shrank",
        "opportunities shrank",
        "Opportunities that shrank",
        "down",
        "dir-worse",
    ),
    comparison.NEW: Heading("new", "new", "New", "new", "dir-new", always=True),
    comparison.ABSENT: Heading(
        "absent, no closure stated",
        "absent, no closure stated",
        "Absent without a stated closure",
        "warning",
    ),
    comparison.UNKNOWN: Heading(
        "score not known", "scores not known", "Score not known in one edition or both", "info"
    ),
    comparison.FELL: Heading(
        "risk fell", "risks fell", "Risks that fell", "down", "dir-better", always=True
    ),
    comparison.GREW: Heading(
        "opportunity grew", "opportunities grew", "Opportunities that grew", "up", "dir-better"
    ),
    comparison.CLOSED: Heading("closed", "closed", "Closed", "closed", always=True),
    comparison.SAME: Heading(
        "same score", "same score", "Same score", "level", "dir-level", always=True
    ),
}

# What may be true of an entry besides, whatever its group.
MARKS = {
    RENUMBERED: "renumbered",
    REWORDED: "reworded",
    ACTIONS: "with other actions",
    OWNER: "passed to another owner",
}
_MARKED: Mapping[str, Callable[[Change], bool]] = {
    RENUMBERED: lambda change: change.renumbered,
    REWORDED: lambda change: change.reworded or change.retitled,
    ACTIONS: lambda change: change.actions_changed,
    OWNER: lambda change: change.owner_changed,
}


def is_marked(change: Change, mark: str) -> bool:
    return _MARKED[mark](change)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry. `notes` are sentences; `words` leads to the difference of its texts."""

    change: Change
    href: str
    notes: tuple[str, ...]
    words: str = ""
    words_href: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A run of lines of one group; `count` are all of the group, on this page or not."""

    name: str
    heading: Heading
    count: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Says of a change what happened, between two editions.

    `link` gives the address of an entry as of an edition, `difference` that of its difference.
    """

    before: Edition
    after: Edition
    link: Callable[[Edition, int], str]
    difference: Callable[[int], str]

    def of(self, change: Change, first: Quarter | None) -> Line:
        """`first` is the quarter in which a new entry was first in the register."""
        entry = change.entry
        if change.after is None:
            # What is gone is read as of the edition that still had it.
            return Line(change, self.link(self.before, entry), (self._gone(change),))
        href = self.link(self.after, entry)
        if change.before is None:
            return Line(change, href, (self._newcomer(first),))
        notes = tuple(change.notes(self.when))
        return Line(change, href, notes, _words(change), self.difference(entry))

    @property
    def when(self) -> str:
        """The quarter of the earlier edition, as short as it is clear."""
        return short(self.before.quarter, self.after.quarter)

    def _gone(self, change: Change) -> str:
        last = "Last published in" if self.before.is_published else "Last in the draft of"
        if change.ending is None:
            return f"{last} {self.when}. Nobody has stated why it is gone"
        reason = change.ending.reason.rstrip(". ")
        return f"{last} {self.when}. {change.ending.words}{f': {reason}' if reason else ''}"

    def _newcomer(self, first: Quarter | None) -> str:
        if first is None or first == self.after.quarter:
            return "First published this quarter" if self.after.is_published else "New in the draft"
        if first > self.before.quarter:
            return f"First in {first}"
        return f"In the register before, first in {first}; not in {self.when}"


def _words(change: Change) -> str:
    """How many words of the texts changed; that the types did is said in a sentence."""
    if not change.reworded:
        return ""
    words = change.words
    only_types = not words and change.before.types != change.after.types
    return "" if only_types else str(words)


def short(quarter: Quarter, beside: Quarter) -> str:
    """'Q2' beside a quarter of the same financial year, else 'Q2 2018/19'."""
    return quarter.short if quarter.year == beside.year else quarter.label
