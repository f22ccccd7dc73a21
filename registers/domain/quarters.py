"""Quarter: one quarter of a UK financial year, which runs from April to March."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import total_ordering

FIRST_YEAR, LAST_YEAR = 1900, 2199
# What a person can mean; the years around them are for reckoning.
FIRST_MEANT, LAST_MEANT = 1990, 2100

_PATTERN = re.compile(
    r"""^\s*(?:
        [Qq](?P<q1>[1-4])\s*[ -]?\s*(?P<y1>\d{4})\s*[/-]\s*(?P<e1>\d{2}|\d{4})
      | (?P<y2>\d{4})\s*[/-]\s*(?P<e2>\d{2}|\d{4})\s*[ -]?\s*[Qq](?P<q2>[1-4])
    )\s*$""",
    re.VERBOSE,
)


@total_ordering
@dataclass(frozen=True, slots=True)
class Quarter:
    """A financial year, by the year it starts in, and a number 1 to 4.

    `Quarter(2018, 3)` is October to December 2018, written `Q3 2018/19`, slug `2018-19-q3`.
    Raises ValueError for a number outside 1 to 4 or a year outside 1900 to 2199.
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        if self.number not in (1, 2, 3, 4):
            raise ValueError(f"a quarter is 1 to 4, not {self.number!r}")
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError(f"a year is {FIRST_YEAR} to {LAST_YEAR}, not {self.year!r}")

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read `Q3 2018/19`, `2018-19-q3` or `Q3 2018/2019`.

        Raises ValueError, with a sentence for a person, when it is neither or when the two
        years do not follow each other or no council can mean them.
        """
        match = _PATTERN.match(text)
        if not match:
            raise ValueError(f"“{text}” is not a quarter. Write it as Q3 2018/19 or 2018-19-q3.")
        parts = match.groupdict()
        year = int(parts["y1"] or parts["y2"])
        end = parts["e1"] or parts["e2"]
        number = int(parts["q1"] or parts["q2"])
        expected = str(year + 1)
        if end not in (expected, expected[2:]):
            raise ValueError(
                f"“{text}” is not a financial year: {year} is followed by {expected[2:]}."
            )
        if not FIRST_MEANT <= year <= LAST_MEANT:
            raise ValueError(
                f"“{text}” is not between {FIRST_MEANT} and {LAST_MEANT}: look at its year."
            )
        return cls(year, number)

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter that a day falls in."""
        if day.month <= 3:
            return cls(day.year - 1, 4)
        return cls(day.year, (day.month - 1) // 3)

    @classmethod
    def from_ordinal(cls, ordinal: int) -> Quarter:
        return cls(ordinal // 4, ordinal % 4 + 1)

    @property
    def ordinal(self) -> int:
        """Quarters since year 0: consecutive quarters differ by 1, so order and gaps are sums."""
        return self.year * 4 + self.number - 1

    @property
    def financial_year(self) -> str:
        return f"{self.year}/{(self.year + 1) % 100:02d}"

    @property
    def slug(self) -> str:
        return f"{self.year}-{(self.year + 1) % 100:02d}-q{self.number}"

    @property
    def short(self) -> str:
        return f"Q{self.number}"

    @property
    def label(self) -> str:
        return f"Q{self.number} {self.financial_year}"

    @property
    def starts(self) -> date:
        return (
            date(self.year + 1, 1, 1)
            if self.number == 4
            else date(self.year, self.number * 3 + 1, 1)
        )

    @property
    def ends(self) -> date:
        """Its last day."""
        year, month = divmod(self.ordinal * 3 + 6, 12)
        return date(year, month + 1, 1) - timedelta(days=1)

    @property
    def next(self) -> Quarter:
        return self + 1

    @property
    def previous(self) -> Quarter:
        return self - 1

    def __add__(self, quarters: int) -> Quarter:
        return Quarter.from_ordinal(self.ordinal + quarters)

    def __sub__(self, quarters: int) -> Quarter:
        return self + -quarters

    def distance(self, later: Quarter) -> int:
        """How many quarters from this one to a later one; negative if it is earlier."""
        return later.ordinal - self.ordinal

    def until(self, last: Quarter) -> Iterator[Quarter]:
        """Every quarter from this one to the last, both included."""
        for ordinal in range(self.ordinal, last.ordinal + 1):
            yield Quarter.from_ordinal(ordinal)

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Quarter):
            return NotImplemented
        return self.ordinal < other.ordinal

    def __str__(self) -> str:
        return self.label
