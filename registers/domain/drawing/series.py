"""Two figures over the editions as lines: plain numbers for SVG.

A point an edition at its own quarter, so that a missing quarter is a longer step; a figure that is
not known breaks the line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from registers.domain.drawing.sparkline import number
from registers.domain.quarters import Quarter
from registers.domain.trends import Trend, Value

WIDTH, HEIGHT = 420, 200
LEFT, RIGHT, TOP, BOTTOM = 40.0, 408.0, 14.0, 160.0
LINES = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A series: its path, the points, and the name beside its last one."""

    name: str
    path: str
    dots: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    lines: tuple[Line, ...]
    levels: tuple[tuple[float, str], ...]
    years: tuple[tuple[float, str], ...]
    width: int = WIDTH
    height: int = HEIGHT


def draw(trend: Trend) -> Drawing:
    shown = [one for one in trend.series if one.name in trend.drawn]
    values = [value for one in shown for value in one.values if value is not None]
    top = _round_top(max(values, default=1))
    xs = _places(trend.quarters)
    return Drawing(
        tuple(_line(one.name, one.values, xs, top) for one in shown),
        tuple(
            (_height(top * place / LINES, top), number(top * place / LINES))
            for place in range(LINES + 1)
        ),
        tuple(_years(trend.quarters, xs)),
    )


def _round_top(highest: float) -> int:
    """The least multiple of the number of lines that holds it."""
    step = max(ceil(highest / LINES), 1)
    return step * LINES


def _places(quarters: Sequence[Quarter]) -> list[float]:
    span = max(quarters[0].distance(quarters[-1]), 1)
    width = RIGHT - LEFT
    return [round(LEFT + quarters[0].distance(one) * width / span, 1) for one in quarters]


def _height(value: float, top: int) -> float:
    return round(BOTTOM - value * (BOTTOM - TOP) / top, 1)


def _line(name: str, values: Sequence[Value], xs: Sequence[float], top: int) -> Line:
    parts: list[str] = []
    dots = []
    broken = True
    for x, value in zip(xs, values, strict=True):
        if value is None:
            broken = True
            continue
        y = _height(value, top)
        parts.append(f"{'M' if broken else 'L'}{number(x)} {number(y)}")
        dots.append((x, y))
        broken = False
    return Line(name, "".join(parts), tuple(dots))


def _years(quarters: Sequence[Quarter], xs: Sequence[float]) -> list[tuple[float, str]]:
    found: list[tuple[float, str]] = []
    year, free = None, -100.0
    for quarter, x in zip(quarters, xs, strict=True):
        if quarter.year != year and x - free >= 64:
            found.append((x, quarter.financial_year))
            free = x
        year = quarter.year
    return found
