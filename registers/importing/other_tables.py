"""Tables that look like the register and may not be it: closed entries, a second register."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from registers.domain.folding import fold
from registers.domain.quarters import Quarter
from registers.importing.quarters_named import every_named_in

LONGEST_LINE = 15  # words; a heading, not a sentence
_CLOSED = re.compile(
    r"\b(clos(ed?|ure|ing)|archived?|removed|retired|deleted|de-?escalated|withdrawn|expired|"
    r"ended|no longer)\b"
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


def of_another_quarter(
    lines: Sequence[str], named: Collection[tuple[int, int | None]], quarter: Quarter | None
) -> Belonging | None:
    """Where the tables of a file are of several quarters, those of the others are left out."""
    if len(named) < 2 or quarter is None:
        return None
    for line in lines:
        for one in every_named_in(line):
            if one.is_quarter and not one.is_in(quarter):
                return Belonging(
                    line,
                    f"“{line}” is of another quarter than {quarter}, so it was left out. Is it "
                    "part of this edition?",
                )
    return None


def belonging(
    above: Sequence[str], title: str, *, any_before: bool, first: str | None = None
) -> Belonging | None:
    """Why a table may not belong to this register, told by the lines above it; else None.

    `first` is the name of the sheet that was read first, where the document is a workbook.
    """
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
    name = above[-1] if above and first else ""
    if any_before and first and _own_words(name) - _own_words(first) - _own_words(title):
        return Belonging(
            name,
            f"the sheet “{name}” holds entries as well as “{first}”; it was left out. Is it part "
            "of this register?",
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
