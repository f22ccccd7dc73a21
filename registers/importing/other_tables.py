"""Tables that look like the register and may not be it: closed entries, a second register."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from registers.domain.folding import fold

LONGEST_LINE = 15  # words; a heading, not a sentence
_CLOSED = re.compile(
    r"\b(closed?|archived?|removed|retired|deleted|de-?escalated|withdrawn|no longer)\b"
)
_SAYS_LITTLE = re.compile(
    r"\b(risks?|opportunit(y|ies)|and|the|of|for|register|registers|quarter|appendix|annex|table|"
    r"part|page|continued|cont|report|update|as|at|on|monitoring|draft|final|summary|q[1-4]|"
    r"january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|[\d/&:.,()|–-]+"
)


@dataclass(frozen=True, slots=True)
class Belonging:
    """A line that makes it doubtful whether what stands below belongs to the register."""

    line: str
    message: str


def belonging(above: Sequence[str], title: str, *, any_before: bool) -> Belonging | None:
    """Why a table may not belong to this register, told by the lines above it; else None."""
    for line in above:
        if is_of_closed(line):
            return Belonging(
                line,
                f"under the heading “{line}” stands a table of entries that may be closed; it was "
                "left out. Is it part of the register?",
            )
        if any_before and _names_another_register(line, title):
            return Belonging(
                line,
                f"“{line}” seems to be another register in the same file; it was left out. Is it "
                "part of this one?",
            )
    return None


def is_of_closed(line: str) -> bool:
    return len(line.split()) <= LONGEST_LINE and bool(_CLOSED.search(fold(line)))


def _names_another_register(line: str, title: str) -> bool:
    folded = fold(line)
    if "register" not in folded or len(line.split()) > LONGEST_LINE:
        return False
    return bool(_own_words(line) - _own_words(title))


def _own_words(text: str) -> set[str]:
    return set(_SAYS_LITTLE.sub(" ", fold(text)).split())
