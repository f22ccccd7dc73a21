"""One entry from one cell of the 5×5 to another, and what that means in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from registers.domain import movement, scale
from registers.domain.english import listed
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
    # The numbers of all whose arrow this is, where it stands for several.
    bundle: tuple[str, ...] = ()

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
        if self.bundle:
            way = f"from {self._at(self.start)} to {self._at(self.target)}"
            return f"{len(self.bundle)} entries {way}: {', '.join(self.bundle)}"
        if self.fresh:
            return f"{self.reference} {self.title}, new at {self._at(self.target)}"
        if not self.moved:
            return f"{self.reference} {self.title}, still at {self._at(self.target)}"
        return (
            f"{self.reference} {self.title}, from {self._at(self.start)} to {self._at(self.target)}"
        )

    def _at(self, cell: Position) -> str:
        return f"{cell.score} ({cell.words(self.kind)})"


# How many of those that moved in one way a sentence names.
NAMED = 6


def told(moves: Sequence[Move]) -> str:
    """What a drawing shows, in a sentence, for who hears it: 'CR1 (12 to 16) rose; 7 stayed.'"""
    moved = [move for move in moves if move.moved]
    parts = [
        _told([f"{one.reference} ({one.start.score} to {one.target.score})" for one in rose], how)
        for rose, how in (
            ([move for move in moved if move.change > 0], "rose"),
            ([move for move in moved if move.change < 0], "fell"),
        )
    ]
    aside = [f"{one.reference} (still {one.target.score})" for one in moved if not one.change]
    fresh = [f"{one.reference} ({one.target.score})" for one in moves if one.fresh]
    stayed = sum(not move.moved and not move.fresh for move in moves)
    parts += [
        _told(aside, "moved along the same score"),
        _told(fresh, "came in"),
        f"{stayed} stayed" if stayed else "",
    ]
    return "; ".join(filter(None, parts)) + "." if moves else "Nothing is drawn."


def _told(names: Sequence[str], how: str) -> str:
    return f"{listed(names, NAMED)} {how}" if names else ""


# From so many arrows on, those between the same two cells are drawn as one.
CROWDED = 12


def bundled(moves: Sequence[Move], list_link: Callable[[Position], str]) -> list[Move]:
    """The moves, where they are many, with one arrow for each pair of cells and its number.

    A bundle leads to the list behind its target.
    """
    moving = [move for move in moves if move.moved]
    if len(moving) <= CROWDED:
        return list(moves)
    pairs: dict[tuple[Position, Position], list[Move]] = {}
    for move in moving:
        pairs.setdefault((move.start, move.target), []).append(move)
    drawn = [_one(together, list_link) for together in pairs.values()]
    return [*drawn, *(move for move in moves if not move.moved)]


def _one(together: Sequence[Move], list_link: Callable[[Position], str]) -> Move:
    first = together[0]
    if len(together) == 1:
        return first
    return replace(
        first,
        reference=f"{len(together)} ×",
        href=list_link(first.target),
        bundle=tuple(move.reference for move in together),
    )
