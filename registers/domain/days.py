"""Which days a person can mean, and which of them suit a quarter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from registers.domain.quarters import Quarter

FIRST, LAST = date(1990, 1, 1), date(2100, 12, 31)
HOW_TO_WRITE = "Write a day between 1990 and 2100, with four digits for the year: 31/03/2027."

# How far outside its quarter a date may lie before somebody has to say that it is meant.
BEFORE, AFTER = timedelta(days=92), timedelta(days=184)

Day = TypeVar("Day", date, datetime)


def of_our_time(day: Day) -> Day:
    """The year 27, as a date box gives two digits, is 2027. A single digit is nothing yet."""
    return day.replace(year=day.year + 2000) if 10 <= day.year <= 99 else day


def can_be_meant(day: date) -> bool:
    return FIRST <= day <= LAST


def suits(quarter: Quarter, day: date) -> bool:
    """Whether a day lies in or near a quarter."""
    return quarter.starts - BEFORE <= day <= quarter.ends + AFTER


@dataclass(frozen=True, slots=True)
class Objection:
    """What is wrong with a date of a quarter. A doubtful one stands if a person says so."""

    field: str
    sentence: str
    doubtful: bool = False


def objections(
    quarter: Quarter, *, deadline: date | None, committee_on: date | None
) -> Iterator[Objection]:
    """What speaks against the dates of an edition; nothing does against a date left open."""
    for field, day in (("deadline", deadline), ("committee_on", committee_on)):
        if day is None:
            continue
        if not can_be_meant(day):
            yield Objection(field, HOW_TO_WRITE)
        elif not suits(quarter, day):
            yield Objection(field, _far_off(day, quarter), doubtful=True)
    if deadline and committee_on and deadline > committee_on:
        yield Objection("deadline", "The owners' deadline comes before the committee meets.")


def _far_off(day: date, quarter: Quarter) -> str:
    return (
        f"{day:%-d %B} {day.year} lies far from {quarter}, which ends on "
        f"{quarter.ends:%-d %B %Y}. Correct it, or tick that it is right."
    )
