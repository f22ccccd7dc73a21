"""How long something has to last before it is worth a question: one table, a row per register.

The numbers are editions unless they say otherwise. A council changes them in its settings, for
every register or for one (`FLAG_THRESHOLDS`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Raises ValueError, where it is made from a table, for a name or a number that is none."""

    stuck: int = 4
    above_appetite: int = 4
    residual_never_reached: int = 4
    residual_slips: int = 2
    direction_without_movement: int = 3
    action_slips: int = 2
    controls_unchanged: int = 4
    actions_unchanged: int = 3
    commentary_unchanged: int = 2
    # Words by which two texts may differ and still be told to be nearly the same.
    nearly: int = 2
    # Words that a text has at least before anybody asks why it is repeated.
    words_in_a_text: int = 8


STANDARD = Thresholds()


def of_register(table: Mapping[str, Mapping[str, int]], slug: str) -> Thresholds:
    """The thresholds of a register: the table's row for all ("*"), then its own."""
    return _with(_with(STANDARD, table.get("*", {})), table.get(slug, {}))


def _with(known: Thresholds, row: Mapping[str, int]) -> Thresholds:
    names = {one.name for one in fields(Thresholds)}
    for name, number in row.items():
        if name not in names:
            raise ValueError(f"“{name}” is no threshold of a flag: {', '.join(sorted(names))}.")
        if type(number) is not int or number < 1:
            raise ValueError(f"The threshold {name} is a whole number from 1, not {number!r}.")
    return replace(known, **row)
