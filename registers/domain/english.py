"""Days, counts and how often, in words: the same on every page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

_TIMES = ("never", "once", "twice", "three times", "four times", "five times", "six times")
_ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def written(day: date) -> str:
    """A date in words: 26 January 2027."""
    return f"{day.day} {day:%B %Y}"


def written_span(first: date, last: date) -> str:
    """Two dates, the year said once where it is the same: 30 June to 30 September 2026."""
    start = f"{first.day} {first:%B}" if first.year == last.year else written(first)
    return f"{start} to {written(last)}"


def later_by(was: date, now: date) -> str:
    """How much later a date is, in whole months, or in days if it is less than one."""
    months = (now.year - was.year) * 12 + now.month - was.month
    if now.day < was.day and (now + timedelta(days=1)).day != 1:
        months -= 1
    return counted(months, "month") if months >= 1 else counted((now - was).days, "day")


def counted(number: int, one: str, several: str = "") -> str:
    """'1 day', '2 days'; `several` is the plural that is more than an s."""
    return f"{number} {one if number == 1 else several or f'{one}s'}"


def listed(names: Sequence[str], most: int | None = None) -> str:
    """'CR1', 'CR1 and CR4', 'CR1, CR4 and CO2'; empty for none. Of more than `most` the first, and
    how many more: 'CR1, CR4 and 7 more'.
    """
    if most is not None and len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def times(count: int) -> str:
    return _TIMES[count] if count < len(_TIMES) else f"{count} times"


def ordinal(count: int) -> str:
    return _ORDINALS[count] if count < len(_ORDINALS) else f"{count}th"
