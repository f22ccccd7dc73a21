"""What a flag is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date

from registers.domain.english import written
from registers.domain.quarters import Quarter


@dataclass(frozen=True, slots=True)
class Answered:
    """What the owner, or the manager, said to a flag: why it is tolerated, and until which day.

    `quarter` is the edition in which it was said.
    """

    reason: str
    until: date
    quarter: Quarter

    def __str__(self) -> str:
        said = f"Answered in {self.quarter}, tolerated until {written(self.until)}"
        return f"{said}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Flag:
    """`code` names the question, for filters and counts; the heavier `weight` is shown first.

    `since` is the first edition of which it holds, where it has lasted; `section` is the section
    of the entry that proves it, empty for the scores. `others` are the ids of further entries that
    it speaks of: who may not see them is not told (see `shared.told_to`). `evidence` is what it
    rests on, where the words say less than all of it or more, as how long it has lasted; `answer`
    is what was said to it and holds.
    """

    code: str
    title: str
    sentence: str
    weight: int
    since: Quarter | None = None
    section: str = ""
    others: tuple[int, ...] = ()
    evidence: str = field(default="", compare=False)
    answer: Answered | None = None

    @property
    def marked(self) -> str:
        """Its title where there is no room for more: 'An action has no date (answered)'."""
        return f"{self.title} (answered)" if self.answer else self.title

    @property
    def told(self) -> str:
        """All that it says on one line, and what was said to it."""
        words = f"{self.title}. {self.sentence}"
        return f"{words} {self.answer}" if self.answer else words

    @property
    def proof(self) -> str:
        """A digest of what it rests on: another one, and an answer to it holds no longer."""
        rests_on = self.evidence or f"{self.title}. {self.sentence}"
        return hashlib.sha256(rests_on.encode()).hexdigest()
