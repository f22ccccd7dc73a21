"""Lines of a PDF → paragraphs: what a wrap, a bullet, a gap and a page do to a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from registers.domain.passages import DEEPEST, PLAIN, Point, parse

NEAR = 3.0  # points
_A_BULLET = re.compile(r"^[•●·▪▫◦○\uf0b7\uf0a7]$|^[•●▪◦\uf0b7\uf0a7]")
_A_DASH = re.compile(r"^[–-]$")
_A_SECOND = "o"  # Word's bullet of the second level, in Courier
A_NUMBER = re.compile(r"^\d{1,2}[.)]$")
_ENDS_IN_A_HYPHEN = re.compile(r"(\w+)-$")
_FIRST_HALVES = frozenset(
    "multi inter intra re non co pre post cross self sub long short high low well anti semi mid "
    "over under out in on off up down part full half ex vice e follow one two three four day year "
    "end work job cost risk multi micro macro ultra trans pro face".split()
)
_A_STOP = re.compile(r"[.;:!?]$")


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    x0: float
    x1: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a cell. `left` and `right` are where the text of its cell may begin and end.

    `pitch` is how far apart two lines of one paragraph stand in this document.
    """

    words: tuple[Word, ...]
    left: float
    right: float
    page: int = 0
    pitch: float = 0.0

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def high(self) -> float:
        return max(word.bottom - word.top for word in self.words)

    @property
    def foot(self) -> float:
        return max(word.bottom for word in self.words)

    @property
    def has_bullet(self) -> bool:
        first = self.words[0].text
        return bool(_A_BULLET.match(first)) or (first == _A_SECOND and len(self.words) > 1)

    @property
    def has_dash(self) -> bool:
        return bool(_A_DASH.match(self.words[0].text)) and len(self.words) > 1

    def had_room_for(self, word: Word) -> bool:
        return self.words[-1].x1 + (word.x1 - word.x0) + 0.25 * self.high < self.right - 1

    def is_broken_before(self, word: Word) -> bool:
        """Whether a word too long for its cell was broken at the end of this line."""
        room = (self.right - self.left) - (self.words[-1].x1 - self.words[0].x0)
        letter = (word.x1 - word.x0) / len(word.text)
        return len(self.words) == 1 and len(self.text) > 3 and room < letter


def points_of(lines: Sequence[Line]) -> Iterator[Point | None]:
    """Paragraphs from lines, with a blank where the page leaves one."""
    marks = sorted({round(line.words[0].x0) for line in lines if line.has_bullet or line.has_dash})
    paragraph: list[Line] = []
    for line in lines:
        if paragraph and _begins(paragraph, line):
            yield _point(paragraph, marks)
            if _gap(paragraph[-1], line):
                yield None
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield _point(paragraph, marks)


def _begins(paragraph: Sequence[Line], line: Line) -> bool:
    """Whether a line begins a paragraph of its own."""
    last, first = paragraph[-1], paragraph[0]
    if line.has_bullet or (A_NUMBER.match(line.words[0].text) and len(line.words) > 1):
        return True
    if _stands_off(last, line) or _gap(last, line):
        return True
    outdented = line.words[0].x0 < first.words[0].x0 + 2
    if first.has_bullet and line.page == first.page and outdented and len(paragraph) == 1:
        return not line.words[0].text[0].islower()
    if line.words[0].text[0].islower() and not _A_STOP.search(last.text):
        return False
    return last.had_room_for(line.words[0])


def _distance(last: Line, line: Line) -> float:
    return line.foot - last.foot if last.page == line.page else 0.0


def _stands_off(last: Line, line: Line) -> bool:
    """Whether two lines stand further apart than those of one paragraph do."""
    return line.pitch > 0 and _distance(last, line) > 1.12 * line.pitch


def _gap(last: Line, line: Line) -> bool:
    """Whether at least a line is left blank between two lines of one page."""
    return _distance(last, line) > 1.75 * (line.pitch or 1.2 * last.high)


def _point(paragraph: Sequence[Line], marks: Sequence[int]) -> Point | None:
    first, text = paragraph[0], _joined(paragraph)
    if not first.has_bullet and not first.has_dash:
        typed = parse(text, unmarked=PLAIN)
        return typed[0] if typed else None
    text = text[1:].lstrip()
    level = sum(mark < first.words[0].x0 - NEAR for mark in _steps(marks))
    return Point(text, min(level, DEEPEST)) if text else None


def _joined(paragraph: Sequence[Line]) -> str:
    """The lines as one text: a word that is broken at the end of a line is one again."""
    text = ""
    for last, line in zip((None, *paragraph), paragraph, strict=False):
        whole = last is not None and last.is_broken_before(line.words[0])
        letter = line.words[0].text[0].isalpha()
        glued = whole or (letter and (text.endswith("/") or _is_compound(text)))
        text += ("" if not text or glued else " ") + line.text
    return text


def _is_compound(text: str) -> bool:
    """Whether a hyphen at the end of a line belongs to the word, as in 'multi-agency'.

    Where that is not certain the space stays: 'Child- ren' is seen to be broken.
    """
    match = _ENDS_IN_A_HYPHEN.search(text)
    return match is not None and (match[1].casefold() in _FIRST_HALVES or match[1][-1].isdigit())


def _steps(marks: Sequence[int]) -> list[int]:
    """The places where bullets stand, each once."""
    steps: list[int] = []
    for mark in marks:
        if not steps or mark - steps[-1] > NEAR:
            steps.append(mark)
    return steps
