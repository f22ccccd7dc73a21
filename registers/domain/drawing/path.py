"""The path over the 5×5 as a drawing: numbered steps in their squares, arrows between them.

Pure geometry, in the units of the picture. A square that is visited often gets smaller numbers on
a finer raster, so that none covers another; which visit gets which place is chosen so that arrows
are short and run through no number, and an arrow that still would is bent around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

from registers.domain import scale
from registers.domain.drawing.places import (
    CELL_HEIGHT,
    CELL_WIDTH,
    CLEARANCE,
    MANY,
    STRIP,
    Xy,
    distance,
    places,
    settle,
)
from registers.domain.path import Path, Stay
from registers.domain.scale import CELLS, Position

GAP = 4.0
LEFT, TOP = 92.0, 22.0
WIDTH = LEFT + 5 * (CELL_WIDTH + GAP)
HEIGHT = TOP + 5 * (CELL_HEIGHT + GAP) + 38
HEAD = 9.0  # length of an arrow's head
GOAL = 17.0
# How far an arrow may be bent, in the order in which it is tried.
BENDS = (0.0, 16.0, -16.0, 30.0, -30.0, 46.0, -46.0)
SAMPLES = 11
# A long path keeps only so many of its latest arrows dark.
LATEST = 8


@dataclass(frozen=True, slots=True)
class Square:
    """One cell of the grid: its corner, and the corner of the writing in it."""

    position: Position
    x: float
    y: float

    @property
    def score(self) -> int:
        return self.position.score


@dataclass(frozen=True, slots=True)
class Node:
    """A numbered step. `now` is the edition that is looked at."""

    number: int
    x: float
    y: float
    radius: float
    now: bool = False

    @property
    def font(self) -> float:
        return min(13.0, round(self.radius * (1.05 if self.number < 10 else 0.95), 1))


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one step to the next; `dashed` where editions without a position lie between.

    On a long path all but the latest are `faint`.
    """

    start: Xy
    bend: Xy | None
    end: Xy
    head: tuple[Xy, Xy, Xy]
    dashed: bool
    faint: bool = False


@dataclass(frozen=True, slots=True)
class Goal:
    """The residual square: a ring in an empty square, a frame where there are numbers."""

    x: float
    y: float
    framed: bool


@dataclass(frozen=True, slots=True)
class Trail:
    squares: tuple[Square, ...]
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    goal: Goal | None
    appetite: tuple[Xy, ...]
    appetite_score: int | None
    kind: str

    @property
    def many(self) -> bool:
        """Whether the list of its steps is too long to stand beside it."""
        return len(self.nodes) > MANY


def trail(path: Path) -> Trail:
    """The whole drawing of a path as of its last edition."""
    stays = [stay for stay in path.stays if stay.position]
    latest = path.latest
    nodes = _nodes(stays, latest.position is not None)
    goal = _goal(latest.residual_position, {stay.position for stay in stays})
    return Trail(
        squares=SQUARES,
        nodes=nodes,
        arrows=tuple(_arrows(nodes, _dashes(path.stays))),
        goal=goal,
        appetite=appetite_line(latest.appetite) if path.is_risk else (),
        appetite_score=latest.appetite if path.is_risk else None,
        kind=path.kind,
    )


def corner(position: Position) -> Xy:
    """The upper left corner of a square. Impact runs up the page, likelihood across."""
    return (
        LEFT + (position.likelihood - 1) * (CELL_WIDTH + GAP),
        TOP + (5 - position.impact) * (CELL_HEIGHT + GAP),
    )


SQUARES = tuple(Square(cell, *corner(cell)) for cell in reversed(CELLS))


def appetite_line(appetite: int) -> tuple[Xy, ...]:
    """The steps between the squares within appetite and those above it, from the upper left.

    It runs in the gaps. Empty where every square is within.
    """
    points: list[Xy] = []
    for impact in reversed(scale.LEVELS):
        above = [level for level in scale.LEVELS if impact * level > appetite]
        if not above:
            break
        x, y = corner(Position(impact, above[0]))
        x, y = x - GAP / 2, y - GAP / 2
        points += [(x, y), (x, y + CELL_HEIGHT + GAP)]
    if points:
        points.append((LEFT + 5 * (CELL_WIDTH + GAP) - GAP, points[-1][1]))
    return tuple(points)


# Places -------------------------------------------------------------------------------------------


def _nodes(stays: Sequence[Stay], placed_now: bool) -> tuple[Node, ...]:
    visits: dict[Position, list[int]] = {}
    for index, stay in enumerate(stays):
        assert stay.position is not None  # noqa: S101 - only placed ones come here
        visits.setdefault(stay.position, []).append(index)
    spots: dict[Position, list[Xy]] = {}
    radius: dict[int, float] = {}
    for position, indexes in visits.items():
        x, y = corner(position)
        relative, size = places(len(indexes))
        spots[position] = [(x + dx, y + dy) for dx, dy in relative]
        radius.update(dict.fromkeys(indexes, size))
    radii = [radius[index] for index in range(len(stays))]
    at = settle(visits, spots, radii)
    last = len(stays) - 1
    return tuple(
        Node(stay.number or 0, *at[index], radii[index], now=placed_now and index == last)
        for index, stay in enumerate(stays)
    )


# Arrows -------------------------------------------------------------------------------------------


def _dashes(stays: Sequence[Stay]) -> list[bool]:
    """For each arrow, whether an edition without a position lies between its two steps."""
    placed = [index for index, stay in enumerate(stays) if stay.position]
    return [later - earlier > 1 for earlier, later in pairwise(placed)]


def _arrows(nodes: Sequence[Node], dashes: Sequence[bool]) -> Iterator[Arrow]:
    for index, (start, end) in enumerate(pairwise(nodes)):
        others = [node for place, node in enumerate(nodes) if place not in (index, index + 1)]
        faint = len(nodes) > MANY and index < len(nodes) - 1 - LATEST
        yield _arrow(start, end, others, dashed=dashes[index], faint=faint)


def _arrow(start: Node, end: Node, others: Sequence[Node], *, dashed: bool, faint: bool) -> Arrow:
    """The straightest of the bends that run through the fewest numbers."""
    a, b = (start.x, start.y), (end.x, end.y)
    length = max(hypot(b[0] - a[0], b[1] - a[1]), 0.1)
    across = ((a[1] - b[1]) / length, (b[0] - a[0]) / length)
    middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    best: tuple[float, Xy | None] = (float("inf"), None)
    # What lies further off than the widest bend can't be in the way of any.
    others = [
        node
        for node in others
        if distance((node.x, node.y), a, b) < node.radius + CLEARANCE + abs(BENDS[-1])
    ]
    for bend in BENDS[:1] if faint else BENDS:
        top = (middle[0] + across[0] * bend, middle[1] + across[1] * bend)
        if abs(bend) > length * 0.7 or not _on_the_grid(top):
            continue
        control = (middle[0] + across[0] * bend * 2, middle[1] + across[1] * bend * 2)
        trouble = _crossed(a, control, b, others) * 1000 + abs(bend)
        if trouble < best[0]:
            best = (trouble, control if bend else None)
        if best[0] < 1000:
            break
    bent = best[1]
    toward, back = bent or b, bent or a
    tip = _step(b, back, end.radius + 1.5)
    neck = _step(b, back, end.radius + 1.5 + HEAD * 0.7)
    dx, dy = _unit(tip, back)
    tail = (tip[0] + dx * HEAD, tip[1] + dy * HEAD)
    half = HEAD * 0.52
    head = (
        tip,
        (tail[0] - dy * half, tail[1] + dx * half),
        (tail[0] + dy * half, tail[1] - dx * half),
    )
    return Arrow(_step(a, toward, start.radius + 1), bent, neck, head, dashed, faint)


def _on_the_grid(point: Xy) -> bool:
    return LEFT <= point[0] <= WIDTH - GAP and TOP <= point[1] <= HEIGHT - 38


def _crossed(a: Xy, control: Xy, b: Xy, others: Sequence[Node]) -> int:
    """How many of the other numbers a curve runs through."""
    line = []
    for step in range(SAMPLES + 1):
        t = step / SAMPLES
        p, q, r = (1 - t) ** 2, 2 * t * (1 - t), t * t
        line.append((p * a[0] + q * control[0] + r * b[0], p * a[1] + q * control[1] + r * b[1]))
    return sum(
        any(
            distance((node.x, node.y), one, other) < node.radius + CLEARANCE
            for one, other in pairwise(line)
        )
        for node in others
    )


def _unit(start: Xy, end: Xy) -> Xy:
    length = hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    return (end[0] - start[0]) / length, (end[1] - start[1]) / length


def _step(start: Xy, toward: Xy, by: float) -> Xy:
    dx, dy = _unit(start, toward)
    return start[0] + dx * by, start[1] + dy * by


def _goal(position: Position | None, taken: set[Position | None]) -> Goal | None:
    if position is None:
        return None
    x, y = corner(position)
    if position in taken:
        return Goal(x, y, framed=True)
    return Goal(x + CELL_WIDTH / 2, y + (CELL_HEIGHT - STRIP) / 2 + 2, framed=False)


def in_words(path: Path) -> str:
    """What the drawing shows, for who can't see it. The steps are listed beside it."""
    placed = [stay for stay in path.stays if stay.position]
    if not placed:
        return "No edition records a position."
    count = len(placed)
    steps = "One position" if count == 1 else f"{count} positions joined by a numbered path"
    words = [f"{steps}, listed beside the picture."]
    goal = path.latest.residual_position
    if goal:
        reached = any(stay.position == goal for stay in placed)
        words.append(
            f"The residual square is {goal.words(path.kind)}; the path has "
            f"{'been there' if reached else 'never reached it'}."
        )
    return " ".join(words)
