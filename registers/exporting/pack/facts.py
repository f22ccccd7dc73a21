"""What a pack computes, as plain values: nothing here is read, and nothing is set.

A `Told` is all that one pack is made of: an edition, its past as far as the part may speak of it,
and the paragraphs that a manager wrote. Of each entry's path only a `Past` is kept, so that a
register of thousands is read a few hundred paths at a time.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from registers.domain import promises
from registers.domain.content import Content, Terms
from registers.domain.difference import CLOSED, NEW, SAME, Change, Comparison
from registers.domain.flags import Flag
from registers.domain.flags.standing import DeepDive, Standing
from registers.domain.path import Path, Slip
from registers.domain.quarters import Quarter

PUBLIC, EXEMPT, ALL = "public", "exempt", "all"
PARTS = (PUBLIC, EXEMPT, ALL)

# The flags that two of its tables are made of, by their codes.
NOT_REACHED = ("residual-overdue", "residual-never-reached", "residual-slipped")
STANDS_STILL = (
    "stuck",
    "direction-without-movement",
    "controls-unchanged",
    "actions-unchanged",
    "commentary-unchanged",
)


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of one entry besides what the edition says: its scores, flags and actions.

    `slips` are by the key of an action.
    """

    latest: Content
    scores: Mapping[Quarter, int | None]
    standing: Standing
    lines: tuple[promises.Line, ...]
    slips: Mapping[Hashable, tuple[Slip, ...]]

    @classmethod
    def of(cls, path: Path, standing: Standing) -> Past:
        return cls(
            path.latest,
            {stop.quarter: stop.score for stop in path.stops},
            standing,
            tuple(promises.lines(path, path.latest.actions)),
            path.slips,
        )

    @property
    def flags(self) -> tuple[Flag, ...]:
        return self.standing.flags

    @property
    def late(self) -> Iterator[promises.Line]:
        """Actions that are overdue, or that were put off in this edition."""
        return (line for line in self.lines if line.overdue or line.slipped)

    def flagged(self, codes: Sequence[str]) -> list[Flag]:
        return [flag for flag in self.flags if flag.code in codes]


@dataclass(frozen=True, slots=True)
class Question:
    """A committee member's question that nobody has answered yet."""

    reference: str
    text: str
    asked_on: date


@dataclass(frozen=True)
class Told:
    """All that a pack is made of.

    `since` is the edition that changes are counted from; None where there is none. `quarters` are
    those of the table of scores, oldest first. `held_back` says that there is a part that is not
    for publication, and `paragraphs` by which paragraphs of Schedule 12A. `texts` are the
    manager's, by name.
    """

    council: str
    register: str
    committee: str
    terms: Terms
    part: str
    issue: int
    correction: str
    committee_on: date | None
    published_on: date | None
    digest: str
    entries: tuple[Content, ...]
    pasts: Mapping[int, Past]
    closer_look: tuple[DeepDive, ...]
    quarters: tuple[Quarter, ...]
    since: Quarter | None = None
    changes: Comparison | None = None
    held_back: bool = False
    paragraphs: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()

    @property
    def quarter(self) -> Quarter:
        return self.terms.quarter

    @property
    def is_draft(self) -> bool:
        return not self.terms.published

    def of_kind(self, kind: str) -> list[Content]:
        return [one for one in self.entries if one.kind == kind]

    @property
    def in_order(self) -> list[Past]:
        """What is known of each entry, in the order of the printed table."""
        return [self.pasts[one.entry] for one in self.entries]

    @property
    def changed(self) -> list[Change]:
        """The entries that came, went, moved or have another number, those of concern first."""
        if self.changes is None:
            return []
        return [
            change
            for change in self.changes.listed()
            if change.group != SAME or change.renumbered or change.moved_square
        ]

    def grouped(self, *names: str) -> list[Change]:
        found = self.changes.groups if self.changes else {}
        return [change for name in names for change in found.get(name, ())]

    @property
    def new(self) -> list[Change]:
        return self.grouped(NEW)

    @property
    def closed(self) -> list[Change]:
        return self.grouped(CLOSED)
