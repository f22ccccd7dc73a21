"""Paths to test with, in the shortest words: `risk("4x4", 20, None, "5x4")` is four editions.

'4x4' is a known square, 20 a score without one, None no score, and `GAP` a quarter without an
edition. Further values of a stop are given to all (`risk(…, residual=12)`) or, as lists, to each.
"""

from __future__ import annotations

from typing import Any

from registers.domain import scale
from registers.domain.content import Action, Content, Terms
from registers.domain.path import Path
from registers.domain.quarters import Quarter
from registers.domain.scale import Position

START = Quarter(2024, 1)
GAP = "gap"


def risk(*said: object, start: Quarter = START, **values: Any) -> Path:
    return path(*said, kind=scale.RISK, start=start, **values)


def opportunity(*said: object, start: Quarter = START, **values: Any) -> Path:
    return path(*said, kind=scale.OPPORTUNITY, start=start, **values)


def path(*said: object, kind: str, start: Quarter = START, **values: Any) -> Path:
    stops: list[Content] = []
    for place, one in enumerate(said):
        if one == GAP:
            continue
        each = {
            name: value[len(stops)] if isinstance(value, list) else value
            for name, value in values.items()
        }
        each = {"reference": "CR1", "title": "Roads", "owner": "CMT", **each}
        stops.append(stop(quarter=start + place, kind=kind, **_scored(one), **each))
    return Path(kind, tuple(stops))


OF_THE_EDITION = {"quarter", "bands", "appetite", "published", "day"}
CALLED = {"residual": "residual_score", "owner": "owner_text"}


def stop(**values: Any) -> Content:
    """A Content by its values and those of its edition, in short words."""
    terms = Terms(**{name: values.pop(name) for name in OF_THE_EDITION & values.keys()})
    return Content(terms, **{CALLED.get(name, name): value for name, value in values.items()})


def _scored(one: object) -> dict[str, Any]:
    if isinstance(one, str):
        position = Position(*map(int, one.split("x")))
        return {"score": position.score, "position": position}
    return {"score": one}


def action(text: str = "Repair the bridge", **values: Any) -> Action:
    return Action(**{"key": text, "text": text, "status": "in_progress", **values})
