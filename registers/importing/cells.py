"""What one printed cell means: score, reference, types, direction of travel.

Pure. Each function takes what is printed and answers with what is certain; where something is
not, it says so in a sentence and takes nothing. Owners have a room of their own (`owners`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from registers.domain import scale
from registers.domain.folding import fold
from registers.domain.passages import Passage, Point
from registers.domain.scale import Position

# Scores -----------------------------------------------------------------------------------------

_NUMBERS = re.compile(r"\d+")
_WORDS = re.compile(r"[^\W\d_]+")
_NOT_SCORED = {"", "-", "–", "—"}


@dataclass(frozen=True, slots=True)
class ScoreReading:
    """A score cell. `position` is None unless label or number leaves a single cell of the 5×5."""

    score: int | None = None
    position: Position | None = None
    problem: str = ""


def read_score(text: str, kind: str = scale.RISK) -> ScoreReading:
    """`16 (Major/Likely)`, `12 Major/possible`, `20`, `(Major/Possible)`, or nothing.

    The label places the score. A number alone places it only where one cell has that score. A
    label that contradicts its number is a problem, and neither is taken.
    """
    text = " ".join(text.split())
    if text in _NOT_SCORED:
        return ScoreReading()
    numbers = [int(number) for number in _NUMBERS.findall(text)]
    words = _WORDS.findall(text)
    if len(numbers) > 1 or len(words) > 2:
        return ScoreReading(problem="this is not one score, so none was taken.")
    number = numbers[0] if numbers else None
    if number is not None and not scale.is_score(number):
        return ScoreReading(problem=f"{number} is not a score of the 5×5, so it was not taken.")
    if not words:
        if number is None:
            return ScoreReading(problem="this is not a score.")
        return ScoreReading(number, scale.certain_position(number))
    position = _labelled(words)
    if position is None:
        if number is None:
            return ScoreReading(problem="this is not a score.")
        return ScoreReading(
            number,
            problem=f"the words do not name an impact and a likelihood; {number} was taken "
            "without a position.",
        )
    if number is not None and position.score != number:
        words_say = f"{position.words(kind)} is {position.score}"
        return ScoreReading(problem=f"{words_say}, not {number}, so neither was taken.")
    return ScoreReading(position.score, position)


def _labelled(words: list[str]) -> Position | None:
    """The position that two words name. The vocabularies share no word, so order is free."""
    if len(words) != 2:
        return None
    for first, second in (words, words[::-1]):
        impact, likelihood = scale.impact_level(first), scale.likelihood_level(second)
        if impact and likelihood:
            return Position(impact, likelihood)
    return None


# References -------------------------------------------------------------------------------------

_CONTINUED = re.compile(r"\(?\bcont(inued|['’]?d|\.)?\)?\s*$", re.IGNORECASE)
_REFERENCE = re.compile(r"^([A-Z]{1,6})0*(\d{1,4})([A-Z]?)$")


def without_continued(printed: str) -> str:
    """`CR2 (cont.)`, as a reference is printed again on the next page, → `CR2`."""
    return _CONTINUED.sub("", printed).strip()


def canonical_reference(printed: str, prefixes: Iterable[str] = ("CR", "CO")) -> str | None:
    """`C01` → CO1, `CR 13` → CR13, `cr-07` → CR7; None if it is not letters and a number.

    A zero for a letter O is only read so where a prefix of the register has that O.
    """
    bare = re.sub(r"[ .\-/:]", "", fold(without_continued(printed))).upper()
    for prefix in prefixes:
        pattern = re.escape(prefix.upper()).replace("O", "[O0]")
        if match := re.match(rf"^{pattern}0*([1-9]\d{{0,3}}[A-Z]?)$", bare):
            return prefix.upper() + match[1]
    match = _REFERENCE.match(bare)
    return f"{match[1]}{match[2]}{match[3]}" if match and int(match[2]) else None


# Types ------------------------------------------------------------------------------------------

_BETWEEN_TYPES = re.compile(r"[\n/,;|•]+")
_JOINING = {"and"}


@dataclass(frozen=True, slots=True)
class TypesReading:
    """Types of the controlled list, in printed order and each once; and what is not in it."""

    names: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def type_key(text: str) -> str:
    """Types are compared without regard to case, spaces and signs; & is 'and'."""
    return re.sub(r"[\W_]+", "", fold(text).replace("&", " and "))


def read_types(text: str, known: Mapping[str, str]) -> TypesReading:
    """Split a cell into types. `known` maps `type_key` of a name or alias to the type's name.

    Types are set apart by a stroke, a comma, a line break or nothing but a space:
    'People/Service delivery' is two, 'Development & regeneration' one, 'Economic Political' two.
    """
    names: list[str] = []
    unknown: list[str] = []
    for segment in (part.strip() for part in _BETWEEN_TYPES.split(text)):
        if not type_key(segment):
            continue
        found = _types_of_words(segment.split(), known)
        names.extend(found or ())
        if found is None:
            unknown.append(" ".join(segment.split()))
    return TypesReading(tuple(dict.fromkeys(names)), tuple(unknown))


def _types_of_words(words: list[str], known: Mapping[str, str]) -> list[str] | None:
    """The types that the words spell, the longest first; None if a word is left over."""
    if not words:
        return []
    for length in range(len(words), 0, -1):
        name = known.get(type_key(" ".join(words[:length])))
        if name is None:
            continue
        rest = words[length:]
        if rest and type_key(rest[0]) in _JOINING:
            rest = rest[1:]
        others = _types_of_words(rest, known)
        if others is not None:
            return [name, *others]
    return None


# Direction of travel ----------------------------------------------------------------------------

UP, LEVEL, DOWN, NEW = "up", "level", "down", "new"
_ARROWS = {
    UP: "↑⇑▲△⬆↗⇧",
    DOWN: "↓⇓▼▽⬇↘⇩",
    LEVEL: "→↔⇒⇔►▶⬌➡⟷",
}
_DIRECTION_OF_ARROW = {arrow: way for way, arrows in _ARROWS.items() for arrow in arrows}
_DIRECTION_WORDS = {
    UP: ("up", "upward", "upwards", "increasing", "rising"),
    DOWN: ("down", "downward", "downwards", "decreasing", "reducing", "falling"),
    LEVEL: ("level", "stable", "static", "steady", "unchanged", "no change", "same"),
    NEW: ("new", "new risk", "new opportunity", "new entry"),
}
_DIRECTION_OF_WORD = {word: way for way, words in _DIRECTION_WORDS.items() for word in words}
_ALTERNATIVES = "|".join(sorted(_DIRECTION_OF_WORD, key=len, reverse=True))
_OPENS = re.compile(
    rf"""^\s*(?P<arrow>[{"".join(_DIRECTION_OF_ARROW)}])?\ufe0f?\s*
         (?:(?P<word>{_ALTERNATIVES})\s*(?P<end>$|[.:;,!–—]|-(?=\s)|\s-\s))?
         \s*(?P<rest>.*)$""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class DirectionReading:
    """The direction stated ('' for none), the commentary beside it, and what is unclear."""

    direction: str = ""
    commentary: Passage = ()
    problem: str = ""


def read_direction(points: Iterable[Point]) -> DirectionReading:
    """A direction is stated by an arrow, or by a word that stands alone or before a stop.

    'Level', '↓ Downwards.', 'Stable – risks are significant', '↑the direction of travel …' state
    one; 'Increased IRO capacity' and 'Risk being managed downwards' are commentary. Two that
    contradict each other are a problem, and none is taken.
    """
    stated: list[str] = []
    commentary: list[Point] = []
    printed = tuple(points)
    for point in printed:
        directions, rest = _stated(point.text)
        stated.extend(directions)
        if rest:
            commentary.append(Point(rest, point.level, point.plain))
    different = list(dict.fromkeys(stated))
    if len(different) > 1:
        return DirectionReading(
            commentary=printed,
            problem=f"two directions contradict each other ({' and '.join(different)}), "
            "so none was taken.",
        )
    return DirectionReading(different[0] if different else "", tuple(commentary))


def _stated(text: str) -> tuple[list[str], str]:
    """(the directions that a paragraph opens with, what is left as commentary).

    A word before prose belongs to the sentence and stays; a lone word or an arrow is taken out.
    """
    match = _OPENS.match(text)
    if match is None:
        return [], text
    arrow, word, rest = match["arrow"], match["word"], match["rest"].strip()
    directions = []
    if arrow:
        directions.append(_DIRECTION_OF_ARROW[arrow])
    if word:
        directions.append(_DIRECTION_OF_WORD[word.casefold()])
    if not directions:
        return [], text
    if not re.search(r"\w", rest):
        return directions, ""
    if arrow:
        return directions, text.strip().lstrip(arrow + "\ufe0f").strip()
    return directions, text
