"""Schedule 12A to the Local Government Act 1972, as a pack may name it.

The reason for an exemption is free text that may tell what it is to hide: only the number of its
paragraph is ever printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from registers.domain.english import listed

ACT = "of Part 1 of Schedule 12A to the Local Government Act 1972"
_PARAGRAPHS = re.compile(
    r"\bpara(?:graph|s|\.)?s?\.?\s*((?:[1-9]\d?[a-z]?(?:\s*(?:,|and|&|or)\s*)?)+)", re.I
)
_NUMBER = re.compile(r"[1-9]\d?[a-z]?", re.I)


def paragraphs(reasons: Iterable[str]) -> tuple[str, ...]:
    """The numbers of the paragraphs that some reasons name, in order, each once."""
    found = {
        number.lower()
        for reason in reasons
        for said in _PARAGRAPHS.findall(reason)
        for number in _NUMBER.findall(said)
    }
    return tuple(sorted(found, key=lambda number: (int(re.sub(r"\D", "", number)), number)))


def not_for_publication(numbers: Sequence[str]) -> str:
    """The sentence that a pack states its exemption in."""
    if not numbers:
        return (
            "Not for publication: it holds exempt information as defined in Schedule 12A to the "
            "Local Government Act 1972."
        )
    word = "paragraph" if len(numbers) == 1 else "paragraphs"
    return (
        "Not for publication: it holds exempt information as defined in "
        f"{word} {listed(numbers)} {ACT}."
    )
