"""A quarter or a month that a heading or a title names: 'Score Q4 22/23', 'Trend Jun 23'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from registers.domain.dates_told import MONTHS
from registers.domain.quarters import Quarter

_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_NAMED = re.compile(
    r"\bq(?:uarter|tr)?\.?\s*(?P<quarter>[1-4])\b"
    r"(?:\s*[-–,:(]?\s*(?P<first>(?:20)?\d\d)\s*[/–-]\s*(?P<second>(?:20)?\d\d)\b\)?)?"
    rf"|\b(?P<month>{_MONTH})\b[\s.'’-]*(?P<year>(?:19|20)?\d\d)\b(?![/-]\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Named:
    """What is named, and the text `without` it. `year` of a quarter is None where none is said."""

    text: str
    without: str
    number: int
    year: int | None
    is_quarter: bool = True

    def is_in(self, quarter: Quarter) -> bool:
        return self.number == quarter.number and self.year in (None, quarter.year)

    def __str__(self) -> str:
        return self.text


def named_in(text: str) -> Named | None:
    """The first quarter or month that a text names, if any."""
    return next(every_named_in(text), None)


def every_named_in(text: str) -> Iterator[Named]:
    for match in _NAMED.finditer(text):
        without = f"{text[: match.start()]} {text[match.end() :]}"
        if match["quarter"]:
            first, second = match["first"], match["second"]
            year = _year(first) if first else None
            if year is not None and (year + 1) % 100 != int(second) % 100:
                continue
            yield Named(match[0].strip(), without, int(match["quarter"]), year)
            continue
        month = MONTHS.index(match["month"][:3].lower()) + 1
        quarter = Quarter.of(date(_year(match["year"]), month, 1))
        yield Named(match[0].strip(), without, quarter.number, quarter.year, False)


def month_number(word: str) -> int | None:
    """The number of a month by its name or the first letters of it."""
    return MONTHS.index(word[:3].lower()) + 1 if re.fullmatch(_MONTH, word, re.I) else None


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)
