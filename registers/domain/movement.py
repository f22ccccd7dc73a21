"""What the scores did between two snapshots of an entry. Computed, never stated.

The owner's own statement is `Snapshot.direction`; the two stand side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from registers.domain import scale

NEW, GONE, UP, DOWN, LEVEL, UNKNOWN = "new", "gone", "up", "down", "level", "unknown"

BETTER, WORSE, SAME = "better", "worse", "same"


class Scored(Protocol):
    @property
    def score(self) -> int | None: ...

    @property
    def position(self) -> scale.Position | None: ...


@dataclass(frozen=True, slots=True)
class Movement:
    """`kind` is one of the words above; `by` is the number of points, 0 or more.

    `sideways` says of a level score that it stands in another square: 4×3 has become 3×4.
    """

    kind: str
    by: int = 0
    entry_kind: str = scale.RISK
    sideways: bool = False

    @property
    def meaning(self) -> str:
        """'better', 'worse' or 'same': up is bad for a risk and good for an opportunity."""
        if self.kind not in (UP, DOWN):
            return SAME
        return WORSE if (self.kind == UP) == (self.entry_kind == scale.RISK) else BETTER

    @property
    def words(self) -> str:
        """For a table cell: 'Up 4', 'Level', 'New', 'Score not known'."""
        if self.kind in (UP, DOWN):
            return f"{self.kind.capitalize()} {self.by}"
        if self.sideways:
            return "Level, another square"
        return {NEW: "New", GONE: "Gone", LEVEL: "Level", UNKNOWN: "Score not known"}[self.kind]


def between(before: Scored | None, after: Scored | None, entry_kind: str) -> Movement:
    """The movement from one snapshot of an entry to a later one; None where there is none."""
    if before is None:
        return Movement(NEW, entry_kind=entry_kind)
    if after is None:
        return Movement(GONE, entry_kind=entry_kind)
    if before.score is None or after.score is None:
        return Movement(UNKNOWN, entry_kind=entry_kind)
    points = after.score - before.score
    if points == 0:
        return Movement(LEVEL, entry_kind=entry_kind, sideways=_sideways(before, after))
    return Movement(UP if points > 0 else DOWN, abs(points), entry_kind)


def _sideways(before: Scored, after: Scored) -> bool:
    """Whether both squares are known and differ."""
    known = before.position is not None and after.position is not None
    return known and before.position != after.position


def told(before: int | None, after: int | None) -> str:
    """'went from 12 to 16', 'stays at 16'."""
    return f"stays at {after}" if before == after else f"went from {before} to {after}"
