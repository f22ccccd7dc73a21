"""What was said to a flag, as long as it holds.

An answer is part of what an edition says of an entry. It holds in that edition and in those after
it until its day has passed, by the day of the edition that is looked at; and as long as the flag
rests on what it rested on when it was answered. That something has lasted for one edition more is
no new evidence; another text, another score, another date is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from registers.domain.content import Answer
from registers.domain.flags.flag import Answered, Flag
from registers.domain.path import Path
from registers.domain.quarters import Quarter


def answered(flags: Iterable[Flag], path: Path) -> list[Flag]:
    """The flags of an entry, each with the answer that holds, if there is one."""
    given = _last_given(path)
    return [_with(flag, given[flag.code], path) if flag.code in given else flag for flag in flags]


def _last_given(path: Path) -> dict[str, tuple[Answer, Quarter]]:
    """By the code of a flag, what was said to it last, and in which edition."""
    return {answer.code: (answer, stop.quarter) for stop in path.stops for answer in stop.answers}


def _with(flag: Flag, given: tuple[Answer, Quarter], path: Path) -> Flag:
    answer, quarter = given
    if answer.until < path.latest.as_at or answer.proof != flag.proof:
        return flag
    return replace(flag, answer=Answered(answer.reason, answer.until, quarter))
