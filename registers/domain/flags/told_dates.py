"""Questions about dates in the text: a day that has passed, told as one that is to come."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from registers.domain.content import ACTIONS, COMMENTARY, CONTROLS, Content
from registers.domain.dates_told import Told, dates_in
from registers.domain.english import written
from registers.domain.flags.flag import Flag
from registers.domain.flags.sentences import folded, quoted, sentences
from registers.domain.flags.texts import still_open
from registers.domain.flags.thresholds import Thresholds
from registers.domain.path import Path
from registers.domain.quarters import Quarter

_BE = r"(?:be|go|take|start|begin|open|report|complete|finish|come|launch|move|meet|expire)"
# What tells of something to come, before the date and in the same clause.
_TO_COME = re.compile(
    rf"\b(?:will|shall|due to {_BE}|due(?! to\b)|scheduled|planned"
    rf"|expected|going to|aim(?:s|ing)? (?:to|for)|intend(?:s|ed)? to|to {_BE}"
    r"|(?:is|are) being (?!planned|scheduled)\w+)\b",
    re.IGNORECASE,
)
_WAS_TO_COME = re.compile(
    r"\b(?:was|were|been)\s+(?:due|scheduled|planned|expected|intended|aiming|to)\b", re.IGNORECASE
)
# What tells, right before the date, of something that was.
_WAS = re.compile(
    r"\b(?:published|agreed|approved|held|issued|completed|dated|since|undertaken|announced"
    r"|launched|reported|submitted|from|established|as at|met)\s+(?:(?:in|on|at|by|of|the)\s+)*$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:()]|\s[–—-]\s")
# “… is being spent prior to end 2018”: only a limit that was passed is one.
_BEING = re.compile(r"\b(?:is|are) being\b", re.IGNORECASE)
_LIMIT = re.compile(
    r"\b(?:by|before|until|prior to)\s+(?:the\s+)?(?:end\s+(?:of\s+)?)?$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Passed:
    """A sentence, the section it stands in and the day it promises, which has gone by."""

    section: str
    sentence: str
    day: date


def told_as_to_come(path: Path, limits: Thresholds) -> Flag | None:
    """A date before the edition's own is still told in the future."""
    passed = list(_passed(path))
    if not passed:
        return None
    passed.sort(key=lambda one: one.day)
    first = passed[0]
    sentence = quoted(first.sentence)
    others = len(passed) - 1
    more = f" And {others} more." if others else ""
    title = "A date that has passed is told" if not others else f"{len(passed)} dates that have "
    title += " as still to come" if not others else "passed are told as still to come"
    return Flag(
        "date-passed",
        title,
        f"{sentence} It passed on {written(first.day)} at the latest.{more}",
        74,
        since=_since(path, first),
        section=first.section,
        evidence=" ".join(f"{one.day}: {one.sentence}" for one in passed),
    )


def _since(path: Path, passed: Passed) -> Quarter:
    """The first edition that still told it after the day."""
    told = folded(passed.sentence)
    late = [
        stop.quarter
        for stop in path.stops
        if stop.as_at > passed.day and any(folded(one) == told for _, one in _sentences(stop))
    ]
    return late[0]


def _passed(path: Path) -> Iterator[Passed]:
    seen = set()
    for section, sentence in _sentences(path.latest):
        told = folded(sentence)
        if told in seen:
            continue
        seen.add(told)
        days = [_day(path, told, one) for one in to_come(sentence)]
        gone = [day for day in days if day is not None and day < path.latest.as_at]
        # One promise that still stands makes the sentence one about the future.
        if gone and len(gone) == len(days):
            yield Passed(section, sentence, max(gone))


def _day(path: Path, told: str, one: Told) -> date | None:
    """The last day that is meant. Where no year is given, the next one after it was first told."""
    if one.last is not None:
        return one.last
    first = next(
        stop
        for stop in path.stops
        if any(folded(sentence) == told for _, sentence in _sentences(stop))
    )
    # Told for the first time in this edition, nobody knows which year is meant.
    return None if first is path.latest else one.after(first.quarter.starts)


def _sentences(stop: Content) -> Iterator[tuple[str, str]]:
    for section in (CONTROLS, COMMENTARY):
        for point in stop.passage(section):
            yield from ((section, one) for one in sentences(point.text))
    for text in still_open(stop):
        yield from ((ACTIONS, one) for one in sentences(text))


def to_come(sentence: str) -> list[Told]:
    """The dates of a sentence that it tells as to come."""
    return [one for one in dates_in(sentence) if _is_to_come(sentence[: one.start])]


def _is_to_come(before: str) -> bool:
    clause = _CLAUSE.split(before)[-1]
    cues = list(_TO_COME.finditer(clause))
    if not cues or _WAS_TO_COME.search(clause):
        return False
    cue = cues[-1]
    if _BEING.match(cue.group()) and not _LIMIT.search(clause):
        return False
    was = _WAS.search(clause)
    # “to be completed by” is one thing, “to follow the review completed in” another.
    return was is None or not clause[cue.end() : was.start()].strip()
