"""Is this the 5×5? Numbers of another matrix look like ours and mean something else.

Told by the words over a column and by the numbers below it. One number that can't be ours may be a
slip; several, or a product that holds with a level above 5, are another scale.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from registers.domain.folding import fold
from registers.domain.scale import LEVELS, TOP, is_score
from registers.importing.headings import top_of_another_scale

SEVERAL = 2  # numbers that can't be ours
A_THIRD = 3
ENOUGH_ROWS = 3  # in which nothing reaches 5, to say so

_SPEAKS_OF_A_SCALE = re.compile(r"\b(matrix|scale|scor(e|ed|es|ing)|likelihood|grid)\b")


class OtherScale(ValueError):
    """The numbers of a table are not those of the 5×5. The message is a part of a sentence."""


def check_line(line: str) -> None:
    """A title or a line above a table: 'Risks are scored on a 4×4 matrix'."""
    top = top_of_another_scale(line) if _SPEAKS_OF_A_SCALE.search(fold(line)) else ""
    if top:
        raise OtherScale(f"the line “{line}” speaks of another scale ({top}) than the 5×5")


def check_heading(heading: str, top: str) -> None:
    if top:
        raise OtherScale(f"the heading “{heading}” speaks of another scale ({top}) than the 5×5")


def check_numbers(heading: str, numbers: Sequence[float], *, is_level: bool) -> None:
    """The numbers of a column of levels (1 to 5) or of scores (products of two of them)."""
    own = [number for number in numbers if number]  # a formula over blank cells gives 0
    odd = [n for n in own if not (n in LEVELS if is_level else n == int(n) and is_score(int(n)))]
    if len(odd) >= SEVERAL and A_THIRD * len(odd) > len(own):
        what = "1 to 5" if is_level else "the products of 1 to 5"
        raise OtherScale(
            f"the column “{heading}” has {odd[0]:g} and {odd[1]:g}, so it is of another scale than "
            f"{what}"
        )
    if len(own) == 1 and odd and odd[0] > (LEVELS[-1] if is_level else TOP):
        raise OtherScale(f"the column “{heading}” has {odd[0]:g}, so it is of another scale")


def check_products(rows: Iterable[tuple[float, float, float]]) -> None:
    """Impact, likelihood and score of each row: a product with a level above 5 proves a scale."""
    for impact, likelihood, score in rows:
        if impact * likelihood == score and max(impact, likelihood) > LEVELS[-1]:
            raise OtherScale(
                f"{impact:g} × {likelihood:g} is {score:g} in one of its rows, so its levels go "
                "beyond 5"
            )


def never_reaches_the_top(rows: Sequence[tuple[float, float, float]]) -> bool:
    """Whether a register has a 4 and no 5 anywhere: it may be one of 4×4."""
    levels = [max(impact, likelihood) for impact, likelihood, _ in rows]
    return len(levels) >= ENOUGH_ROWS and max(levels) == LEVELS[-2]
