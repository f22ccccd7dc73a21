"""Words as a search compares them: without capitals, marks and English endings.

The same on every database, since it is done here: PostgreSQL indexes what comes out of it, SQLite
looks for it. British endings as far as these rules go: organise, organised, organisations are one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from registers.domain.folding import fold

_WORD = re.compile(r"[^\W_]+")
_OWNER = re.compile(r"'s\b|(?<=s)'")
SHORTEST = 3
# Care is not car: an e is silent only at the end of a longer word.
SILENT = 4
_DOUBLED = re.compile(r"([b-df-hj-kmnprtv-y])\1$")

# (ending, what stands instead, letters that are left at least), the longest first.
_ENDINGS = (
    ("isations", "is", 3),
    ("izations", "is", 3),
    ("isation", "is", 3),
    ("ization", "is", 3),
    ("ising", "is", 3),
    ("izing", "is", 3),
    ("ised", "is", 3),
    ("ized", "is", 3),
    ("ises", "is", 3),
    ("izes", "is", 3),
    ("ise", "is", 3),
    ("ize", "is", 3),
    ("ations", "", 5),
    ("ation", "", 5),
    ("sses", "ss", 2),
    ("ies", "y", 2),
    ("ied", "y", 2),
    ("ings", "", 4),
    ("ing", "", 4),
    ("edly", "", 3),
    ("ed", "", 3),
    ("ches", "ch", 2),
    ("shes", "sh", 2),
    ("xes", "x", 2),
    ("ly", "", 4),
    ("ss", "ss", 1),
    ("us", "us", 1),
    ("is", "is", 1),
    ("s", "", 3),
)


def stems(text: str) -> list[str]:
    """The stems of a text in its order: 'Children’s homes, 2026-27' → children home 2026 27."""
    return [stem(word) for word in _WORD.findall(_OWNER.sub("", fold(text)))]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of one folded word. Numbers and what has a digit in it stay as they are."""
    if len(word) <= SHORTEST or any(letter.isdigit() for letter in word):
        return word
    for ending, instead, left in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= left:
            short = word[: len(word) - len(ending)] + instead
            return _closed(short, undouble=ending in ("ing", "ings", "ed", "edly"))
    return _closed(word, undouble=False)


def _closed(word: str, *, undouble: bool) -> str:
    """Without a silent e at its end, and as 'run' for 'runn'."""
    if undouble:
        word = _DOUBLED.sub(r"\1", word)
    return word[:-1] if word.endswith("e") and len(word) > SILENT else word


def asked(query: str) -> list[list[str]]:
    """What a query asks for, all of it: each word, or words in quotes that stand together.

    'budget "social care"' → [['budget'], ['social', 'care']].
    """
    found = []
    for place, part in enumerate(re.split(r'"', fold(query))):
        parts = [part] if place % 2 else part.split()
        found += [words for one in parts if (words := stems(one))]
    return found


def stands_in(words: list[str], text: list[str]) -> bool:
    """Whether these stems stand together in a text."""
    return f" {' '.join(words)} " in f" {' '.join(text)} "
