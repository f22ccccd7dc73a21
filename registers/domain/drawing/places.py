"""Where the numbers of a path stand within the squares of the 5×5, so that none covers another.

Pure geometry. A square that is visited often gets smaller numbers on a finer raster; which visit
gets which place is chosen so that the arrows between them are short and run through no number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import hypot

from registers.domain.scale import Position

CELL_WIDTH, CELL_HEIGHT = 100.0, 84.0
STRIP = 15.0  # at the foot of a square, for its score and the word 'residual'
CLEARANCE = 3.0  # between a number and an arrow that passes it
# A path of more steps than this is a long one.
MANY = 12
# Exchanges tried before the places are left as they are: a bound on the time of a wild path.
EXCHANGES, EXCHANGES_OF_MANY = 400, 100

Xy = tuple[float, float]


def places(visits: int) -> tuple[tuple[Xy, ...], float]:
    """The places for so many numbers in one square, relative to its corner, and their radius.

    One stands in the middle; two beside each other; then 3×2, 4×3, 5×4 and so on.
    """
    if visits <= 1:
        columns, rows = 1, 1
    elif visits == 2:
        columns, rows = 2, 1
    else:
        rows = next(n for n in range(2, visits + 2) if n * (n + 1) >= visits)
        columns = rows + 1
    across, down = CELL_WIDTH / columns, (CELL_HEIGHT - STRIP) / rows
    radius = min(13.0, across / 2 - 1.5, down / 2 - 1)
    spots = tuple(
        ((column + 0.5) * across, 2 + (row + 0.5) * down)
        for row in range(rows)
        for column in range(columns)
    )
    return spots, round(radius, 1)


def settle(
    visits: Mapping[Position, Sequence[int]],
    spots: Mapping[Position, Sequence[Xy]],
    radii: Sequence[float],
) -> list[Xy]:
    """Which visit of a square stands where: exchanged two by two for as long as it gets better."""
    at: list[Xy] = [(0.0, 0.0)] * len(radii)
    holders: dict[Position, list[int | None]] = {}
    for position, indexes in visits.items():
        free = len(spots[position]) - len(indexes)
        holders[position] = [*indexes, *[None] * free]
        for index, spot in zip(indexes, spots[position], strict=False):
            at[index] = spot
    left = EXCHANGES_OF_MANY if len(radii) > MANY else EXCHANGES
    better = True
    while better and left > 0:
        better = False
        for position, held in holders.items():
            for one, other in combinations(range(len(held)), 2):
                moving = [held[one], held[other]]
                if moving == [None, None] or left <= 0:
                    continue
                left -= 1
                touched = [index for index in moving if index is not None]
                before = _trouble(at, radii, touched)
                was = [at[index] for index in touched]
                for index in touched:
                    at[index] = spots[position][other if index == held[one] else one]
                if _trouble(at, radii, touched) < before - 0.01:
                    held[one], held[other] = held[other], held[one]
                    better = True
                else:
                    for index, spot in zip(touched, was, strict=True):
                        at[index] = spot
    return at


def _trouble(at: Sequence[Xy], radii: Sequence[float], touched: Sequence[int]) -> float:
    """The length of the arrows at these steps, and much more for every number they run through."""
    trouble = 0.0
    near = {start for index in touched for start in (index - 1, index)}
    for start in range(len(at) - 1):
        moved = start in near
        for index in range(len(at)) if moved else touched:
            if index in (start, start + 1):
                continue
            gap = distance(at[index], at[start], at[start + 1]) - radii[index] - CLEARANCE
            if gap < 0:
                trouble += 60 - gap * 4
        if moved:
            trouble += hypot(at[start + 1][0] - at[start][0], at[start + 1][1] - at[start][1])
    return trouble


def distance(point: Xy, start: Xy, end: Xy) -> float:
    """From a point to the line between two others."""
    (px, py), (ax, ay), (bx, by) = point, start, end
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else max(0.0, min(1.0, ((px - ax) * dx + (py - ay) * dy) / length))
    return hypot(px - ax - along * dx, py - ay - along * dy)
