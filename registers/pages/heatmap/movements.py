"""The heat map's arrows: from which edition, to which, and step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registers.domain.content import Content
from registers.domain.drawing.arrows import Drawing
from registers.domain.drawing.moves import Move, bundled, told
from registers.domain.quarters import Quarter
from registers.domain.scale import Position
from registers.models import State
from registers.pages.heatmap.picker import Column, Year

MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Step:
    """An edition in the row that replays the map: its movement since the edition before it."""

    label: str
    href: str
    current: bool


def origins(before: Sequence[Column], previous: Column | None) -> list[tuple[str, str, bool]]:
    """The editions that arrows may come from: slug, words, whether it is the one."""
    chosen = previous.pk if previous else None
    return [(column.quarter.slug, column.quarter.label, column.pk == chosen) for column in before]


def steps(years: Iterable[Year], link: Callable[[Quarter], str]) -> list[Step]:
    """Every published edition but the first, oldest first."""
    columns = sorted(
        (one for year in years for one in year.columns if one.state == State.PUBLISHED),
        key=lambda one: one.quarter,
    )
    return [Step(one.quarter.label, link(one.quarter), one.current) for one in columns[1:]]


def picture(
    shown: Sequence[Content],
    was: Mapping[int, Content],
    *,
    to_residual: bool,
    entry_link: Callable[[int], str],
    list_link: Callable[[Position], str],
    draw: Callable[[Sequence[Move]], Drawing],
) -> dict[str, Any]:
    """The drawing, and who is not in it."""
    moves, missing = [], []
    for row in shown:
        earlier = was.get(row.entry)
        origin, target = earlier and earlier.position, row.position
        if to_residual:
            origin, target = row.position, row.residual_position
        fresh = not to_residual and earlier is None
        if target is None or (origin is None and not fresh):
            missing.append(row.reference)
            continue
        href = entry_link(row.entry)
        moves.append(Move(row.reference, row.title, row.kind, href, target, origin, fresh))
    return {
        "drawing": draw(bundled(moves, list_link)),
        "told": told(moves),
        "missing": missing[:MOST_NAMED],
        "more_missing": max(len(missing) - MOST_NAMED, 0),
    }
