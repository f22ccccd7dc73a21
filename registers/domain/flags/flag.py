"""What a flag is."""

from __future__ import annotations

from dataclasses import dataclass

from registers.domain.quarters import Quarter


@dataclass(frozen=True, slots=True)
class Flag:
    """`code` names the question, for filters and counts; the heavier `weight` is shown first.

    `since` is the first edition of which it holds, where it has lasted; `section` is the section
    of the entry that proves it, empty for the scores. `others` are the ids of further entries that
    it speaks of: who may not see them is not told (see `shared.told_to`).
    """

    code: str
    title: str
    sentence: str
    weight: int
    since: Quarter | None = None
    section: str = ""
    others: tuple[int, ...] = ()
