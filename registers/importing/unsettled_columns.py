"""The columns of one table while they are being told apart: all that is known of them so far."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from registers.importing.headings import (
    CURRENT,
    TARGET,
    Meaning,
    meaning_of,
    plain,
)
from registers.importing.headings import (
    INHERENT as INHERENT_GROUP,
)
from registers.importing.printed import (
    INHERENT,
    RESIDUAL,
    SCORE,
    Choice,
    Instructions,
    Question,
    level_field,
)

_FIELD_OF_GROUP = {CURRENT: SCORE, TARGET: RESIDUAL, INHERENT_GROUP: INHERENT}

Samples = Mapping[int, Sequence[str]]


class UnsettledColumns:
    """The words over each column and the cells below it; its meaning, then its field, once found.

    `questions` and `remarks` are what must be said of them. A column is named by its position.
    """

    def __init__(self, words: Mapping[int, str], samples: Samples, told: Instructions) -> None:
        self.words = {position: " ".join(text.split()) for position, text in words.items()}
        self.samples, self.told = samples, told
        self.questions: list[Question] = []
        self.remarks: list[str] = []
        self.meanings: dict[int, Meaning] = {}
        self.fields: dict[int, str] = {}

    def filled(self, position: int) -> list[str]:
        return [text for text in self.samples.get(position, ()) if text.strip()]

    def names(self, name: str) -> bool:
        return any((m := meaning_of(text)) and m.field == name for text in self.words.values())

    def is_of_the_edition(self, position: int) -> bool:
        when, quarter = self.meanings[position].when, self.told.quarter
        return bool(when and quarter and when.is_in(quarter))

    def scores(self) -> dict[int, Meaning]:
        return {p: m for p, m in sorted(self.meanings.items()) if m.field == SCORE}

    def proves(self, one: int, other: int, total: int) -> bool:
        """Whether one × other is the total wherever all three are numbers, at least once."""
        full = list(self.numbers_of(one, other, total))
        return bool(full) and all(a * b == c for a, b, c in full)

    def numbers_of(self, *positions: int) -> Iterator[tuple[float, float, float]]:
        """The rows of three columns in which all three are numbers."""
        for row in zip(*(self.samples.get(p, ()) for p in positions), strict=False):
            one, other, total = map(number_in, row)
            if one is not None and other is not None and total is not None:
                yield one, other, total

    def ask(self, positions: Iterable[int], what: str, name: str) -> None:
        named = [(p, self.words[p]) for p in positions]
        listed = " and ".join(f"“{words}” (column {p + 1})" for p, words in named)
        texts = [plain(words) for words in self.words.values()]
        self.questions.append(
            Question(
                key=f"{name}: {' / '.join(words for _, words in named)}",
                message=f"{listed}: {what} Until it is said, none of them is taken.",
                choices=tuple(
                    Choice(
                        words if texts.count(plain(words)) == 1 else by_number(p),
                        f"“{words}” (column {p + 1})",
                    )
                    for p, words in named
                ),
                columns=tuple(words for _, words in named),
            )
        )


def field_meant(meaning: Meaning) -> str | None:
    """The field of a meaning, or None for what is kept as printed."""
    if meaning.field != SCORE:
        return meaning.field if meaning.field and not meaning.group else None
    score = _FIELD_OF_GROUP.get(meaning.group)
    if score is None:
        return None
    return level_field(score, meaning.part) if meaning.part else score


def by_number(position: int) -> str:
    """How a column is named where its heading stands over another one too."""
    return f"#{position + 1}"


def number_in(text: str) -> float | None:
    match = re.fullmatch(r"\s*(\d{1,3}(?:\.\d+)?)\s*", text)
    return float(match[1]) if match else None
