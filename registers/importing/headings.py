"""Which column is which, told by the words of the heading row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from registers.domain.folding import fold
from registers.domain.scale import OPPORTUNITY, RISK
from registers.importing.printed import (
    ACTIONS,
    CONSEQUENCES,
    CONTROLS,
    DESCRIPTION,
    DIRECTION,
    OWNER,
    REFERENCE,
    RESIDUAL,
    SCORE,
    TYPES,
)

# Enough of the ten to be sure that a row is a heading, few enough for a short table.
ENOUGH_COLUMNS = 4
LONGEST_HEADING = 60

# The first pattern that fits names the column, so the narrower ones stand first: a 'Residual Risk
# Score' is a residual before it is a score, and a 'Risk Owner' is an owner before it is a risk.
_PATTERNS = (
    (REFERENCE, r"identification|\brin\b|\boin\b|\bref\b|\breference\b|\b(risk|opportunity) id\b"),
    (REFERENCE, r"^((risk|opportunity) )?(no|number|id)$"),
    (RESIDUAL, r"\bresidual\b|\btarget (risk |opportunity )?(score|rating)\b"),
    (DIRECTION, r"\bdirection\b|\btravel\b|\btrend\b"),
    (OWNER, r"\bowners?\b|\bresponsible\b|\blead (officer|director)\b"),
    (TYPES, r"\btypes?\b|\bcategor(y|ies)\b"),
    (ACTIONS, r"\bactions?\b|\bmitigations?\b"),
    (CONTROLS, r"\bcontrols?\b|\bprogress\b"),
    (CONSEQUENCES, r"\bconsequences?\b|\bbenefits?\b|\bimpacts\b|\beffects?\b"),
    (SCORE, r"\bscore\b|\brating\b"),
    (DESCRIPTION, r"\bdescription\b|\btitle\b|^(the )?(risk|opportunity)( name)?$"),
)
# Scores that are neither the one with current controls nor the one that is aimed at.
_ANOTHER_SCORE = re.compile(r"\b(inherent|gross|original|initial|previous|prior|last)\b")
_COMPILED = tuple((field, re.compile(pattern)) for field, pattern in _PATTERNS)


@dataclass(frozen=True, slots=True)
class Headings:
    """The columns of a table: which field stands where, and the words printed over each.

    `fields` maps the position of a column to its field; `words` to what its heading says.
    """

    kind: str
    fields: dict[int, str]
    words: dict[int, str]

    def column(self, field: str) -> str:
        """The printed heading of a field, for a sentence about it."""
        for position, known in self.fields.items():
            if known == field:
                return self.words[position]
        return field

    @property
    def printed(self) -> dict[str, str]:
        return {field: self.words[position] for position, field in self.fields.items()}

    @property
    def unknown(self) -> dict[int, str]:
        return {p: words for p, words in self.words.items() if p not in self.fields and words}


def field_of(heading: str) -> str | None:
    """The field that a heading names, or None."""
    folded = _fold(heading)
    if not folded or len(folded) > LONGEST_HEADING:
        return None
    found = next((field for field, pattern in _COMPILED if pattern.search(folded)), None)
    return None if found == SCORE and _ANOTHER_SCORE.search(folded) else found


def read_headings(cells: Sequence[tuple[int, str]]) -> Headings | None:
    """The headings of a row, given as (position, text), or None if the row is not a heading.

    A row is a heading when at least four of its cells name different columns, a description
    among them. Where two cells name the same column, the first one counts.
    """
    fields: dict[int, str] = {}
    for position, text in cells:
        field = field_of(text)
        if field and field not in fields.values():
            fields[position] = field
    if len(fields) < ENOUGH_COLUMNS or DESCRIPTION not in fields.values():
        return None
    words = {position: " ".join(text.split()) for position, text in cells}
    speaks_of_opportunities = any("opportunit" in _fold(text) for text in words.values())
    return Headings(OPPORTUNITY if speaks_of_opportunities else RISK, fields, words)


def _fold(text: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", fold(text)).split())
