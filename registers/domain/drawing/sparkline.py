"""A sparkline: the scores of one entry over its editions, small enough for a table row.

    line = sparkline([16, 16, None, 20], residual=12)
    {% load drawing %}{% spark line kind %}

gives the whole `<svg class="spark">`; `line.path`, `line.residual_y`, `line.dot` and `line.label`
are there for who draws it otherwise. Every sparkline has the same scale, 0 to 25, so rows compare.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from registers.domain import scale

WIDTH, HEIGHT = 108, 38
LEFT, RIGHT = 2.0, 102.0
TOP, BOTTOM = 2.0, 36.0
NO_SCORE = "no score"


@dataclass(frozen=True, slots=True)
class Sparkline:
    """What to draw in a box of 108 × 38.

    `path` is SVG path data, steps and not slopes, with a break where there is no score; empty when
    no edition has one. `residual_y` is the height of the line for the residual score. `dot` marks
    the last score if the last edition has one. `label` says it in words.
    """

    path: str
    residual_y: float | None
    dot: tuple[float, float] | None
    label: str


def sparkline(scores: Sequence[int | None], residual: int | None = None) -> Sparkline:
    """The scores from the oldest edition to the newest; None where an edition has none."""
    step = (RIGHT - LEFT) / max(len(scores), 1)
    parts: list[str] = []
    before: int | None = None
    for place, score in enumerate(scores):
        if score is not None:
            if before is None:
                parts.append(f"M{number(LEFT + place * step)} {number(height(score))}")
            elif score != before:
                parts.append(f"V{number(height(score))}")
            end = f"H{number(LEFT + (place + 1) * step)}"
            if parts[-1].startswith("H"):
                parts[-1] = end  # the line only goes on
            else:
                parts.append(end)
        before = score
    last = scores[-1] if scores else None
    return Sparkline(
        path="".join(parts),
        residual_y=None if residual is None else height(residual),
        dot=None if last is None else (RIGHT, height(last)),
        label=_label(scores, residual),
    )


def height(score: int) -> float:
    """0 at the bottom, 25 at the top."""
    return round(TOP + (scale.TOP - score) * (BOTTOM - TOP) / scale.TOP, 1)


def number(value: float) -> str:
    """A coordinate with one decimal at most: 8, 16.3."""
    return f"{value:.1f}".removesuffix(".0")


def _label(scores: Sequence[int | None], residual: int | None) -> str:
    if not scores:
        return "No scores"
    count = len(scores)
    said = ", ".join(NO_SCORE if score is None else str(score) for score in scores)
    label = f"Score over {count} edition{'' if count == 1 else 's'}: {said}"
    return label if residual is None else f"{label}. Residual {residual}"
