"""One entry from one cell of the 5×5 to another, and what that means in words."""

from __future__ import annotations

from dataclasses import dataclass

from registers.domain import movement, scale
from registers.domain.scale import Position


@dataclass(frozen=True, slots=True)
class Move:
    """One entry from one cell to another. `origin` is None for an entry that is new or unknown."""

    reference: str
    title: str
    kind: str
    href: str
    target: Position
    origin: Position | None
    fresh: bool = False

    @property
    def start(self) -> Position:
        """Where it is drawn from: where it is, if it came from nowhere that is known."""
        return self.target if self.origin is None else self.origin

    @property
    def moved(self) -> bool:
        return self.start != self.target

    @property
    def change(self) -> int:
        return self.target.score - self.start.score

    @property
    def meaning(self) -> str:
        """'better', 'worse' or 'level': a new cell of the same score is neither."""
        if not self.change:
            return "level"
        worse = (self.change > 0) == (self.kind == scale.RISK)
        return movement.WORSE if worse else movement.BETTER

    @property
    def words(self) -> str:
        if self.fresh:
            return f"{self.reference} {self.title}, new at {self._at(self.target)}"
        if not self.moved:
            return f"{self.reference} {self.title}, still at {self._at(self.target)}"
        return (
            f"{self.reference} {self.title}, from {self._at(self.start)} to {self._at(self.target)}"
        )

    def _at(self, cell: Position) -> str:
        return f"{cell.score} ({cell.words(self.kind)})"
