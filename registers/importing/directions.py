"""What a cell says of the direction of travel, by an arrow or by a word of its own.

Pure. Every arrow that Unicode has is known by its name; words are a table below.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from registers.domain.folding import fold
from registers.domain.passages import Passage, Point
from registers.domain.scale import OPPORTUNITY, RISK

UP, LEVEL, DOWN, NEW = "up", "level", "down", "new"
SELECTORS = "\ufe0e\ufe0f"  # ask for a sign as text or as a picture; nothing to see by themselves

_BLOCKS = (
    (0x2190, 0x21FF),
    (0x25A0, 0x25FF),
    (0x2700, 0x27BF),
    (0x27F0, 0x27FF),
    (0x2900, 0x297F),
    (0x2B00, 0x2BFF),
    (0x1F500, 0x1F53F),
    (0x1F800, 0x1F8FF),
)
_POINTING = re.compile(
    r"\b(UP|DOWN|RIGHT|LEFT)(?:WARDS?|-POINTING)?\b|\b(NORTH|SOUTH) (?:EAST|WEST)\b"
)
_NO_ARROW = re.compile(r"\b(CORNER|HOOK|CIRCLE|CURVED|TO BAR|HEAD|TAIL|NOT|LOOP|ZIGZAG)\b")


def _arrows() -> Iterator[tuple[str, str]]:
    for first, last in _BLOCKS:
        for code in range(first, last + 1):
            name = unicodedata.name(chr(code), "")
            if "ARROW" not in name and "POINTING" not in name:
                continue
            ways = {way for found in _POINTING.findall(name) for way in found if way}
            if ways <= {"UP", "NORTH"} and ways:
                yield chr(code), UP
            elif ways <= {"DOWN", "SOUTH"} and ways:
                yield chr(code), DOWN
            elif "RIGHT" in ways and ways <= {"RIGHT", "LEFT"}:
                yield chr(code), LEVEL


DIRECTION_OF_ARROW = dict(_arrows())

_DIRECTION_WORDS = {
    UP: "up|upward|upwards|increase|increased|increasing|rising|risen|raised|higher|"
    "escalating|escalated",
    DOWN: "down|downward|downwards|decrease|decreased|decreasing|reduced|reducing|reduction|"
    "falling|fallen|lower|lowered|de-escalating|de-escalated|deescalating",
    LEVEL: "level|stable|static|steady|unchanged|no change|no movement|same|the same|constant|"
    "remains the same|remained the same|stayed the same|remains unchanged|not changed|maintained",
    NEW: "new|new risk|new opportunity|new entry",
}
# Words that judge: what is worse stands higher for a risk and lower for an opportunity.
_WORSE = "worse|worsening|worsened|deteriorating|deteriorated"
_BETTER = "better|improving|improved"
_OF_WORD = {word: way for way, words in _DIRECTION_WORDS.items() for word in words.split("|")}
_JUDGING = {
    RISK: dict.fromkeys(_WORSE.split("|"), UP) | dict.fromkeys(_BETTER.split("|"), DOWN),
    OPPORTUNITY: dict.fromkeys(_WORSE.split("|"), DOWN) | dict.fromkeys(_BETTER.split("|"), UP),
}
_WORDS = "|".join(
    re.escape(word) for word in sorted((*_OF_WORD, *_JUDGING[RISK]), key=len, reverse=True)
)
_OPENS = re.compile(
    rf"^\s*(?P<arrows>(?:[{''.join(DIRECTION_OF_ARROW)}][{SELECTORS}]?\s*)*)"
    rf"(?:(?P<word>{_WORDS})\s*(?P<end>$|[.:;,!–—(]|-(?=\s)|\s-\s|(?=\b(?:since|from|than|as|on)\b)))?"
    r"\s*(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
# 'Up from 12', 'Same as last quarter': no more words than these compare with an earlier time.
_COMPARES = re.compile(r"^(?:since|from|than|as|on)\b(?:\W+\w+){1,4}\W*$", re.IGNORECASE)
_NOTHING = {"", "-", "n/a", "none", "not applicable", "not stated"}
SHORT = 3  # words; a cell of so few that states nothing was meant to state something


@dataclass(frozen=True, slots=True)
class DirectionReading:
    """The direction stated ('' for none), the commentary beside it, and what is unclear."""

    direction: str = ""
    commentary: Passage = ()
    problem: str = ""


def read_direction(points: Iterable[Point], kind: str = RISK) -> DirectionReading:
    """A direction is stated by an arrow, or by a word that stands alone or before a stop.

    'Level', '↓ Downwards.', 'Stable – risks are significant', '↑the direction of travel …' state
    one; 'Increased IRO capacity' and 'Risk being managed downwards' are commentary. Two that
    contradict each other are a problem, and none is taken.
    """
    stated: list[str] = []
    commentary: list[Point] = []
    printed = tuple(point for point in points if fold(point.text) not in _NOTHING)
    for point in printed:
        directions, rest = _stated(point.text, kind or RISK)
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
    if not different and printed and _was_meant_to_state_one(printed):
        return DirectionReading(
            commentary=tuple(commentary),
            problem="this states no direction that is known here; it was kept as commentary.",
        )
    return DirectionReading(different[0] if different else "", tuple(commentary))


def _was_meant_to_state_one(printed: Passage) -> bool:
    return len(" ".join(point.text for point in printed).split()) <= SHORT


def _stated(text: str, kind: str) -> tuple[list[str], str]:
    """(the directions that a paragraph opens with, what is left as commentary).

    A word before prose belongs to the sentence and stays; a lone word or an arrow is taken out.
    """
    match = _OPENS.match(text)
    if match is None:
        return [], text
    arrows, word, rest = match["arrows"], match["word"], match["rest"].strip()
    signs = text if arrows.strip() else ""
    directions = [DIRECTION_OF_ARROW[sign] for sign in signs if sign in DIRECTION_OF_ARROW]
    if word and (match["end"] or (match["end"] == "" and (not rest or _COMPARES.match(rest)))):
        folded = word.casefold()
        directions.append(_OF_WORD.get(folded) or _JUDGING[kind][folded])
    if not directions:
        return [], text
    if not re.search(r"\w", rest):
        return directions, ""
    return directions, text[match.end("arrows") :].strip()
