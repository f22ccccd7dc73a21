"""Dates as people tell them in prose: 4 and 5 November 2019, early October 2018, autumn 2019.

A date that is told loosely is given the last day that it can mean, so that nothing is called
passed before it has. What can be read in two ways (December 16) is not read at all.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from registers.domain.days import can_be_meant
from registers.domain.quarters import Quarter

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# The month in which a season ends; a winter ends in the next year.
SEASONS = {"spring": 5, "summer": 8, "autumn": 11, "winter": 2}
# The last day of a part of a month.
PARTS = {"early": 10, "mid": 20}

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)\b(?!/\d)"
_NTH = r"(?:st|nd|rd|th)?"
_DAY = rf"(?:\d{{1,2}}{_NTH}\s*(?:and|&|to|or|-|–)\s*)?(?P<day>\d{{1,2}}){_NTH}\s+(?:of\s+)?"


@dataclass(frozen=True, slots=True)
class Told:
    """Where it stands in the text, and the last day it can mean.

    `last` is None where no year was given; `month` and `day` then say when in a year it ends.
    """

    start: int
    last: date | None
    month: int = 0
    day: int = 0

    def after(self, first: date) -> date:
        """The next such day from a day on."""
        this = _last(first.year, self.month, self.day)
        return this if this >= first else _last(first.year + 1, self.month, self.day)


Reading = Callable[[re.Match[str]], "date | tuple[int, int] | None"]


def _last(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def _month(match: re.Match[str]) -> int:
    return MONTHS.index(match["month"][:3].lower()) + 1


def _numeric(match: re.Match[str]) -> date | None:
    year = int(match["year"])
    try:
        return date(year + 2000 if year < 100 else year, int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _full(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["year"]), _month(match), int(match["day"]))
    except ValueError:
        return None


def _of_month(match: re.Match[str]) -> date:
    return _last(int(match["year"]), _month(match), PARTS.get((match["part"] or "").lower(), 31))


def _season(match: re.Match[str]) -> date:
    season, year = match["season"].lower(), int(match["year"])
    return _last(year + (season == "winter"), SEASONS[season], 31)


def _financial(match: re.Match[str]) -> date | None:
    try:
        return Quarter.parse(f"Q4 {match['years']}").ends
    except ValueError:
        return None


def _quarter(match: re.Match[str]) -> date | None:
    try:
        return Quarter.parse(f"Q{match['quarter']} {match['years']}").ends
    except ValueError:
        return None


def _year(match: re.Match[str]) -> date:
    return date(int(match["year"]), 12, 31)


def _day_of_year(match: re.Match[str]) -> tuple[int, int] | None:
    day = int(match["day"])
    return (_month(match), day) if 1 <= day <= 31 else None


def _season_of_year(match: re.Match[str]) -> tuple[int, int]:
    return SEASONS[match["season"].lower()], 31


_SEASON = r"(?P<season>spring|summer|autumn|winter)"
# The longer before the shorter: what one has read, no later one reads again.
_FORMS: tuple[tuple[str, Reading], ...] = (
    (r"\b(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>(?:20)?\d\d)\b", _numeric),
    (rf"\b{_DAY}{_MONTH},?\s+{_YEAR}", _full),
    (
        rf"\b(?:(?P<part>early|mid|late|(?:the\s+)?end(?:\s+of)?)[\s-]+)?{_MONTH},?\s+{_YEAR}",
        _of_month,
    ),
    (rf"\b{_SEASON}(?:\s+of)?\s+{_YEAR}", _season),
    (r"\bQ(?P<quarter>[1-4])\s+(?:of\s+)?(?P<years>20\d\d[/-]\d\d)\b", _quarter),
    (r"\b(?P<years>20\d\d/\d\d)\b", _financial),
    (rf"\b{_YEAR}", _year),
    (rf"\b{_DAY}{_MONTH}(?!\s*’?'?\d)\b", _day_of_year),
    (rf"\bthe\s+(?:coming\s+)?{_SEASON}\b(?!\s+\d)", _season_of_year),
)
_PATTERNS = tuple((re.compile(form, re.IGNORECASE), read) for form, read in _FORMS)


def dates_in(text: str) -> list[Told]:
    """Every date of a text, in its order."""
    return sorted(_found(text), key=lambda one: one.start)


def _found(text: str) -> Iterator[Told]:
    taken: list[range] = []
    for pattern, read in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() in one or match.end() - 1 in one for one in taken):
                continue
            taken.append(range(match.start(), match.end()))
            meant = read(match)
            if isinstance(meant, tuple):
                yield Told(match.start(), None, *meant)
            elif meant is not None and can_be_meant(meant):
                yield Told(match.start(), meant)
