"""Sentences of a text, and how two of them are held to be the same."""

from __future__ import annotations

import re

from registers.domain.folding import fold

LONGEST = 140

# A full stop ends a sentence where a capital follows; not after an initial or "e.g.".
_ENDS = re.compile(r"(?<=[A-Za-z0-9)’'”][.!?;])(?<!\b[A-Z][.])\s+(?=[A-Z‘“'\"])")
_MARKS = re.compile(r"[^\w\s£%/-]")


def sentences(text: str) -> list[str]:
    return [one.strip() for one in _ENDS.split(text) if one.strip()]


def folded(sentence: str) -> str:
    """A sentence as it is compared: without capitals and marks."""
    return " ".join(_MARKS.sub(" ", fold(sentence)).split())


def quoted(text: str) -> str:
    """“As it stands”, shortened between words, with a full stop after it."""
    text = text.rstrip(".;: ")
    if len(text) > LONGEST:
        text = text[:LONGEST].rsplit(" ", 1)[0] + " …"
    return f"“{text}”."
