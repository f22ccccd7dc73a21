"""A tree written as text: the place of each is that of its parent and its own number after it.

So the order of the places is that of the tree, each above those below it, and what stands below
another begins with its place.
"""

from __future__ import annotations

from collections.abc import Mapping

# Digits of a number: all of one length, or 10 would come before 9.
DIGITS = 8


def places(parents: Mapping[int, int | None]) -> dict[int, str]:
    """By number, the place of each. Raises ValueError for a circle."""
    return {one: _place(one, parents) for one in parents}


def _place(one: int, parents: Mapping[int, int | None]) -> str:
    above: list[int] = []
    number: int | None = one
    while number is not None:
        if number in above:
            raise ValueError(f"{one} stands below itself.")
        above.append(number)
        number = parents[number]
    return "".join(f"{number:0{DIGITS}}" for number in reversed(above))


def line(place: str) -> list[int]:
    """The numbers from the top down to the one that has this place."""
    return [int(place[start : start + DIGITS]) for start in range(0, len(place), DIGITS)]
