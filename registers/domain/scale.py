"""The 5×5: levels and their words, scores, the positions a score can mean, and bands.

Impact runs up the page, likelihood across. A score is impact × likelihood, so it is one of
fourteen numbers. Only 1, 9, 16 and 25 fit a single cell; the other ten fit two or three (20 is
5×4 or 4×5), and nothing here ever picks one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from registers.domain.folding import fold

RISK = "risk"
OPPORTUNITY = "opportunity"

LEVELS = (1, 2, 3, 4, 5)
TOP = 25

IMPACT_WORDS = {
    RISK: ("Insignificant", "Minor", "Moderate", "Major", "Catastrophic"),
    OPPORTUNITY: ("Insignificant", "Minor", "Moderate", "Major", "Outstanding"),
}
LIKELIHOOD_WORDS = ("Rare", "Unlikely", "Possible", "Likely", "Certain")

BAND_WORDS = {
    RISK: ("Low", "Medium", "High", "Very high"),
    OPPORTUNITY: ("Slight", "Modest", "Strong", "Outstanding"),
}


@dataclass(frozen=True, order=True, slots=True)
class Position:
    """One cell of the grid: impact and likelihood, each 1 to 5.

    Raises ValueError for a level outside 1 to 5.
    """

    impact: int
    likelihood: int

    def __post_init__(self) -> None:
        for name, level in (("impact", self.impact), ("likelihood", self.likelihood)):
            if level not in LEVELS:
                raise ValueError(f"{name} is a level from 1 to 5, not {level!r}")

    @property
    def score(self) -> int:
        return self.impact * self.likelihood

    def words(self, kind: str = RISK) -> str:
        """The cell in words, impact first: 'Major × Likely'."""
        return f"{impact_word(self.impact, kind)} × {likelihood_word(self.likelihood)}"


CELLS = tuple(Position(impact, likelihood) for impact in LEVELS for likelihood in LEVELS)
SCORES = tuple(sorted({cell.score for cell in CELLS}))
_AT = {(cell.impact, cell.likelihood): cell for cell in CELLS}


def position(impact: int | None, likelihood: int | None) -> Position | None:
    """The cell of two levels; None where they are not known."""
    return None if impact is None or likelihood is None else _AT[impact, likelihood]


def impact_word(level: int, kind: str = RISK) -> str:
    return IMPACT_WORDS[kind][level - 1]


def likelihood_word(level: int) -> str:
    return LIKELIHOOD_WORDS[level - 1]


def impact_level(word: str) -> int | None:
    """The impact level that a word names, whatever its case; either kind's word for 5."""
    folded = fold(word)
    for words in IMPACT_WORDS.values():
        for level, known in enumerate(words, start=1):
            if fold(known) == folded:
                return level
    return None


def likelihood_level(word: str) -> int | None:
    folded = fold(word)
    for level, known in enumerate(LIKELIHOOD_WORDS, start=1):
        if fold(known) == folded:
            return level
    return None


def is_score(number: int) -> bool:
    """Whether a number can be a score at all: a product of 1..5 × 1..5."""
    return number in SCORES


def possible_positions(score: int) -> tuple[Position, ...]:
    """Every cell with this score, highest impact first: 20 is 5×4 or 4×5.

    Raises ValueError if no cell has it.
    """
    cells = tuple(cell for cell in reversed(CELLS) if cell.score == score)
    if not cells:
        raise ValueError(f"{score} is not a score of the 5×5: no two levels multiply to it")
    return cells


def certain_position(score: int) -> Position | None:
    """The one cell a score can mean, or None where it can mean several."""
    cells = possible_positions(score)
    return cells[0] if len(cells) == 1 else None


@dataclass(frozen=True, slots=True)
class Bands:
    """The thresholds of a register: the lowest score of each band above the first.

    Raises ValueError unless 1 < medium_from < high_from < very_high_from <= 25.
    """

    medium_from: int = 5
    high_from: int = 10
    very_high_from: int = 16

    def __post_init__(self) -> None:
        if not 1 < self.medium_from < self.high_from < self.very_high_from <= TOP:
            raise ValueError("bands rise from 1 to 25: medium, then high, then very high")

    def of(self, score: int) -> int:
        """The band of a score, 1 (low) to 4 (very high)."""
        return 1 + sum(
            score >= start for start in (self.medium_from, self.high_from, self.very_high_from)
        )

    def word(self, score: int, kind: str = RISK) -> str:
        return BAND_WORDS[kind][self.of(score) - 1]

    def code(self, score: int, kind: str = RISK) -> str:
        """'r1' … 'r4' for a risk, 'o1' … 'o4' for an opportunity: the name of its colour."""
        return f"{'r' if kind == RISK else 'o'}{self.of(score)}"

    def ranges(self, kind: str = RISK) -> Iterator[tuple[int, str, int, int]]:
        """(band, word, lowest score, highest score) from low to very high."""
        starts = (1, self.medium_from, self.high_from, self.very_high_from, TOP + 1)
        for band, word in enumerate(BAND_WORDS[kind], start=1):
            yield band, word, starts[band - 1], starts[band] - 1
