"""What a printed score means: a number, a cell of the 5×5, both, or nothing for certain.

Pure. What is certain is taken, in any of the usual notations; what is not is said in a sentence.
A text is cut into words first, and every word must have a meaning here: `£16m`, `-16`, `25+` and
`8-12` have none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from registers.domain import scale
from registers.domain.folding import fold
from registers.domain.scale import Position
from registers.importing.directions import DIRECTION_OF_ARROW, SELECTORS

LONGEST_LEVEL = 25
IMPACT_FIRST, LIKELIHOOD_FIRST = "IL", "LI"  # how a heading says that a product is written

_NOT_SCORED = {"", "-", "n/a", "none"}
# Other councils' words for a level, beside our own.
_LEVEL_WORDS = {
    **{fold(w): (i, None) for ws in scale.IMPACT_WORDS.values() for i, w in enumerate(ws, 1)},
    **{fold(w): (None, i) for i, w in enumerate(scale.LIKELIHOOD_WORDS, 1)},
    "almost certain": (None, 5),
    "negligible": (1, None),
}
# A band beside a number says nothing new.
_BANDS = {"very", "low", "medium", "high", "extreme", "red", "amber", "green", "yellow", "risk"}
_PARTS = {
    **dict.fromkeys(("i", "impact", "imp"), "I"),
    **dict.fromkeys(("l", "likelihood", "p", "probability"), "L"),
}
_A_NUMBER = re.compile(r"^(\d{1,3})(?:\.0+)?(?![\d.%+])")
_RAISED = re.compile("[⁰¹²³⁴-⁹]+")
_BEFORE = re.compile(
    r"\(?\s*\b(?:was|previously|formerly|previous|prev|last quarter|"
    r"(?:up|down|increased|reduced|decreased) from)\b\s*:?\s*\d{1,2}\s*\)?"
)
_LEVELS = "|".join(sorted(map(re.escape, _LEVEL_WORDS), key=len, reverse=True))
_ARROWS = "".join(map(re.escape, DIRECTION_OF_ARROW))
_WORD = re.compile(
    rf"""(?P<product>(?P<one>\d{{1,2}})\s*[x×*✕]\s*(?P<other>\d{{1,2}})(?![\d.%+]))
    |(?P<of_25>(?P<of>\d{{1,2}})\s*(?:/|of|out\ of)\s*25\b(?!\s*[x×]))
    |(?P<part>impact|imp|likelihood|probability|[ilp])\s*[=:]?\s*(?P<level>\d(?:\.0+)?)(?![\d.%+])
    |(?P<number>\d{{1,2}})(?:\.0+)?(?!\.?\d|[%+])
    |(?P<named>{_LEVELS})(?!\w)
    |(?P<arrow>[{_ARROWS}][{SELECTORS}]*)
    |(?P<equals>=)
    |(?P<mark>[*†‡])(?=\s|$)
    |(?P<between>\s-\s|\.(?=\s|$)|[\s()\[\]/,;:]|(?<=[a-z])-(?=[a-z]))
    |(?P<word>[^\W\d_]+)
    |(?P<strange>.)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class ScoreReading:
    """A score cell. `position` is None unless label or number leaves a single cell of the 5×5.

    `direction` is what an arrow beside the number says; `remark` what was left aside.
    """

    score: int | None = None
    position: Position | None = None
    problem: str = ""
    direction: str = ""
    remark: str = ""


@dataclass(slots=True)
class _Words:
    """The words of a score cell, sorted by what they are."""

    numbers: list[int]
    products: list[tuple[int, int]]
    levels: dict[str, int]
    impacts: list[int]
    likelihoods: list[int]
    arrows: list[str]
    unknown: int = 0
    bands: int = 0
    strange: bool = False


def read_score(text: str, kind: str = scale.RISK, order: str = "") -> ScoreReading:
    """`16 (Major/Likely)`, `16 (4x4)`, `I4 L3 12`, `16 (was 20)`, `20`, or nothing.

    The label places the score, and so do two numbers whose `order` the heading tells. A number
    alone places it only where one cell has that score. A label that contradicts its number is a
    problem, and neither is taken.
    """
    without_notes = _RAISED.sub("", text)
    folded = fold(without_notes)
    if folded in _NOT_SCORED:
        return ScoreReading()
    words = _sort(_BEFORE.sub(" ", folded))
    remark = (
        "the small raised number was taken for the number of a note, not for a digit of the score."
        if without_notes != text
        else ""
    )
    reading = _meaning(words, kind, order)
    ways = {DIRECTION_OF_ARROW[arrow] for arrow in words.arrows}
    way = ways.pop() if len(ways) == 1 and not reading.problem else ""
    return ScoreReading(reading.score, reading.position, reading.problem, way, remark)


def _sort(folded: str) -> _Words:
    words = _Words([], [], {}, [], [], [])
    glued = False  # a number that follows a letter or a sign without a space is not a number
    for match in _WORD.finditer(folded):
        kind = match.lastgroup or ""
        if match["product"]:
            words.products.append((int(match["one"]), int(match["other"])))
        elif match["of_25"]:
            words.numbers.append(int(match["of"]))
        elif match["part"] and not glued:
            words.levels[_PARTS[match["part"]]] = int(float(match["level"]))
        elif match["number"]:
            words.numbers.append(int(match["number"]))
            words.strange = words.strange or glued
        elif match["named"]:
            impact, likelihood = _LEVEL_WORDS[match["named"]]
            if impact:
                words.impacts.append(impact)
            if likelihood:
                words.likelihoods.append(likelihood)
        elif match["arrow"]:
            words.arrows.append(match["arrow"][0])
        elif match["word"]:
            before, after = folded[: match.start()][-1:], folded[match.end() :][:1]
            words.strange = words.strange or before.isdigit() or after.isdigit()
            if match["word"] in _BANDS:
                words.bands += 1
            else:
                words.unknown += 1
        elif match["strange"]:
            words.strange = True
        glued = kind in ("strange", "word")
    return words


def _meaning(words: _Words, kind: str, order: str) -> ScoreReading:
    _absorb_numbers_of_labels(words)
    pairs = [*words.products, *_pair(words.levels.get("I"), words.levels.get("L"))]
    if words.strange or len(words.numbers) > 1 or len(pairs) > 1 or words.unknown > 2:
        return ScoreReading(problem="this is not one score, so none was taken.")
    number = words.numbers[0] if words.numbers else None
    if number is not None and not scale.is_score(number):
        return ScoreReading(problem=f"{number} is not a score of the 5×5, so it was not taken.")
    if pairs:
        return _of_pair(pairs[0], number, "IL" if words.levels else order)
    if words.levels:
        return ScoreReading(problem="impact or likelihood is missing, so no score was taken.")
    return _of_label(words, number, kind)


def _absorb_numbers_of_labels(words: _Words) -> None:
    """`12 (Major 4 / Possible 3)`: the 4 and the 3 only repeat their words."""
    if len(words.numbers) == 3 and len(words.impacts) == 1 and len(words.likelihoods) == 1:
        rest = list(words.numbers)
        for level in (words.impacts[0], words.likelihoods[0]):
            if level in rest:
                rest.remove(level)
        if len(rest) == 1:
            words.numbers = rest


def _pair(impact: int | None, likelihood: int | None) -> Iterator[tuple[int, int]]:
    if impact is not None and likelihood is not None:
        yield impact, likelihood


def _of_pair(pair: tuple[int, int], number: int | None, order: str) -> ScoreReading:
    one, other = pair
    if one not in scale.LEVELS or other not in scale.LEVELS:
        return ScoreReading(problem=f"{one} × {other} is not of the 5×5, so it was not taken.")
    if number is None and not order:
        return ScoreReading(problem="this is not a score: the product is not printed.")
    if number is not None and one * other != number:
        return ScoreReading(
            problem=f"{one} × {other} is {one * other}, not {number}, so neither was taken."
        )
    score = one * other
    if order == LIKELIHOOD_FIRST:
        return ScoreReading(score, Position(other, one))
    if order == IMPACT_FIRST or one == other:
        return ScoreReading(score, Position(one, other))
    return ScoreReading(score, scale.certain_position(score))


def _of_label(words: _Words, number: int | None, kind: str) -> ScoreReading:
    labels = len(words.impacts) + len(words.likelihoods)
    if number is None and (labels != 2 or words.unknown):
        return ScoreReading(problem="this is not a score.")
    if not labels:
        if words.unknown or number is None:
            return ScoreReading(problem="this is not one score, so none was taken.")
        return ScoreReading(number, scale.certain_position(number))
    if len(words.impacts) == 1 and len(words.likelihoods) == 1 and not words.unknown:
        position = Position(words.impacts[0], words.likelihoods[0])
        if number is not None and position.score != number:
            words_say = f"{position.words(kind)} is {position.score}"
            return ScoreReading(problem=f"{words_say}, not {number}, so neither was taken.")
        return ScoreReading(position.score, position)
    return _of_half_a_label(words, number or 0)


def _of_half_a_label(words: _Words, number: int) -> ScoreReading:
    """One word that names a level: it must at least be able to be part of the number."""
    for level in (*words.impacts, *words.likelihoods):
        if number % level or number // level not in scale.LEVELS:
            return ScoreReading(
                problem=f"the word beside {number} can't be part of it, so it was not taken."
            )
    return ScoreReading(
        number,
        problem=f"the words do not name an impact and a likelihood; {number} was taken "
        "without a position.",
    )


# Columns of their own -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LevelReading:
    """One part of a score, 1 to 5, or why it is none."""

    level: int | None = None
    problem: str = ""


def read_level_of_another_scale(text: str, levels: Mapping[int, int]) -> LevelReading:
    """`8`, `8.0`, `8 Major`: what a person said that level is on ours; words alone say nothing."""
    match = _A_NUMBER.match(fold(_RAISED.sub("", text)))
    if fold(text) in _NOT_SCORED:
        return LevelReading()
    level = levels.get(int(match[1])) if match else None
    if level is None:
        return LevelReading(problem="nobody has said what this level is on the 5×5.")
    return LevelReading(level)


def read_level(text: str, part: str) -> LevelReading:
    """`4`, `4.0`, `4 Major`, `Major`, `4 - Major`: a level of impact or likelihood."""
    folded = fold(_RAISED.sub("", text))
    if folded in _NOT_SCORED:
        return LevelReading()
    words = _sort(folded)
    named = words.impacts if part == "impact" else words.likelihoods
    others = words.likelihoods if part == "impact" else words.impacts
    levels = {*words.numbers, *named, *words.levels.values()}
    odd = words.strange or words.products or others or (words.unknown and not words.numbers)
    if odd or len(levels) != 1 or not levels <= set(scale.LEVELS):
        return LevelReading(problem=f"this is not {_a(part)} from 1 to 5, so it was not taken.")
    return LevelReading(levels.pop())


def _a(part: str) -> str:
    return f"an {part}" if part.startswith("i") else f"a {part}"


def read_score_columns(
    score: str, impact: str, likelihood: str, kind: str = scale.RISK, order: str = ""
) -> ScoreReading:
    """A score whose impact and likelihood stand in columns of their own.

    All three must agree. Where no score is printed, its parts say it.
    """
    own = read_score(score, kind, order)
    parts = read_level(impact, "impact"), read_level(likelihood, "likelihood")
    if problem := _first(own.problem, *(part.problem for part in parts)):
        return ScoreReading(problem=problem)
    high, wide = (part.level for part in parts)
    if high is None and wide is None:
        return own
    if high is None or wide is None:
        missing = "impact" if high is None else "likelihood"
        if own.score is None:
            return ScoreReading(problem=f"the {missing} is missing, so no score was taken.")
        known = high or wide or 0
        if own.score % known or own.score // known not in scale.LEVELS:
            return ScoreReading(
                problem=f"{known} can't be part of {own.score}, so neither was taken."
            )
        return own
    position = Position(high, wide)
    if own.score is not None and own.score != position.score:
        return ScoreReading(
            problem=f"impact {high} × likelihood {wide} is {position.score}, and the score says "
            f"{own.score}, so neither was taken."
        )
    return ScoreReading(position.score, position, "", own.direction, own.remark)


def read_score_of_another_scale(
    score: str, impact: str, likelihood: str, levels: Mapping[int, int]
) -> ScoreReading:
    """A score by its levels alone: the product that is printed is one of the other scale."""
    parts = [read_level_of_another_scale(text, levels) for text in (impact, likelihood)]
    if problem := _first(*(part.problem for part in parts)):
        return ScoreReading(problem=problem)
    high, wide = (part.level for part in parts)
    if high is None or wide is None:
        if fold(score) in _NOT_SCORED:
            return ScoreReading()
        return ScoreReading(
            problem="a score of another scale without its impact and likelihood has no place on "
            "the 5×5, so none was taken."
        )
    position = Position(high, wide)
    return ScoreReading(position.score, position)


def _first(*texts: str) -> str:
    return next((text for text in texts if text), "")


def could_be_levels(texts: Sequence[str]) -> bool:
    """Whether most of a column's cells are short numbers or level words, and not sentences."""
    filled = [text for text in texts if fold(text) not in _NOT_SCORED]
    return bool(filled) and 2 * sum(map(_is_short, filled)) >= len(filled)


def _is_short(text: str) -> bool:
    if len(text) <= LONGEST_LEVEL and (re.search(r"\d", text) or fold(text) in _LEVEL_WORDS):
        return True
    return read_score(text).score is not None
