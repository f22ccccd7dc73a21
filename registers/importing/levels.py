"""What a person says the levels of another scale are on ours: '4x4=1:1,2:2,3:4,4:5'."""

from __future__ import annotations

import re

_PAIR = re.compile(r"(\d{1,3})\s*:\s*([1-5])\s*(?=,|$)")


def read_levels(text: str) -> dict[int, int]:
    """By level of theirs, ours; none of an empty text. Raises ValueError with a sentence."""
    if not text.strip():
        return {}
    said = text.rpartition("=")[2]
    levels = {int(theirs): int(ours) for theirs, ours in _PAIR.findall(said)}
    in_order = [levels[level] for level in sorted(levels)]
    if not levels or in_order != sorted(in_order) or said.count(":") != len(levels):
        raise ValueError(
            f"“{text}” is not a scale. Write each level and what it is from 1 to 5, rising: "
            "1:1, 2:2, 3:4, 4:5."
        )
    return levels
