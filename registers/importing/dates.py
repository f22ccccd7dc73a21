"""A day as documents print it. A month alone, or 'ongoing', is no day and none is made of it."""

from __future__ import annotations

import re
from datetime import date

from registers.domain.folding import fold
from registers.importing.quarters_named import month_number

_NUMBERS = re.compile(r"^(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})$")
_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?: 00:00(?::00)?)?$")
_WORDS = re.compile(r"^(?:\w+day,? )?(\d{1,2})(?:st|nd|rd|th)? ([a-z]+)\.?,? (\d{4}|\d{2})$")


def read_date(text: str) -> date | None:
    """`30/06/2024`, `30 June 2024`, `2024-06-30`, with the day first, as councils write it."""
    folded = fold(text)
    try:
        if match := _ISO.match(folded):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _NUMBERS.match(folded):
            return date(_year(match[3]), int(match[2]), int(match[1]))
        if (match := _WORDS.match(folded)) and (month := month_number(match[2])):
            return date(_year(match[3]), month, int(match[1]))
    except ValueError:
        return None
    return None


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)
