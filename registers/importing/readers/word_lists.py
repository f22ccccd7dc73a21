"""Which paragraphs of a Word document are bullets, how deep, and what number they print.

Word keeps this in three places: on the paragraph, in its style and the styles below that, and in
the numbering part. A 'List Bullet 2' and a paragraph on the second level of a list look the same
on paper, and here too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.numbering import NumberingPart

_LIST_STYLE = re.compile(r"^List (?P<kind>Bullet|Number)(?: (?P<depth>[2-5]))?$", re.IGNORECASE)
_COUNTED = {"decimal", "decimalZero", "lowerLetter", "upperLetter", "lowerRoman", "upperRoman"}
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Mark:
    """How a paragraph begins: with a bullet, with a printed number, or with neither.

    `level` is 0 for the first. A plain paragraph has the level of the bullets it stands under.
    `stands_alone` marks a number that says something without text after it, as `CR1` does.
    """

    bullet: bool = False
    level: int = 0
    number: str = ""
    stands_alone: bool = False


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    number: str | None
    depth: int | None
    indent: int | None
    hanging: int | None


@dataclass(frozen=True, slots=True)
class _Level:
    format: str
    text: str
    start: int
    indent: int | None
    hanging: int | None


class WordLists:
    """The lists of one document. Ask for the mark of each paragraph once, in reading order."""

    def __init__(self, document: WordDocument) -> None:
        self._styles: dict[str, _Style] = {}
        self._elements = {
            style.get(qn("w:styleId")): style
            for style in document.styles.element.iter(qn("w:style"))
        }
        self._default = next(
            (
                identity
                for identity, style in self._elements.items()
                if style.get(qn("w:default")) in ("1", "true")
                and style.get(qn("w:type")) == "paragraph"
            ),
            "",
        )
        self._levels: dict[tuple[str, int], _Level] = {}
        self._list_of: dict[str, str] = {}
        self._counts: dict[str, defaultdict[int, int]] = {}
        self._seen: set[str] = set()
        self._restarts: set[str] = set()
        self._read_numbering(document)
        self._mark_positions = self._positions_of_bullets()

    def mark(self, paragraph: BaseOxmlElement) -> Mark:
        properties = paragraph.find(qn("w:pPr"))
        style = self._style(_value(properties, "w:pStyle") or self._default)
        own = properties.find(qn("w:numPr")) if properties is not None else None
        number, depth = style.number, style.depth
        if own is not None:
            own_depth = _value(own, "w:ilvl")
            number = _value(own, "w:numId") or number
            depth = int(own_depth) if own_depth else (depth if number == style.number else 0)
        named = _LIST_STYLE.match(style.name)
        if number in (None, "0"):
            if named and number is None and own is None:
                return Mark(bullet=True, level=int(named["depth"] or 1) - 1)
            return Mark(level=self._level_of_indent(properties, style))
        depth = depth or 0
        level = int(named["depth"] or 1) - 1 if named and not depth else depth
        kind = self._levels.get((self._list_of.get(number, ""), depth))
        if kind is None or kind.format == "bullet":
            return Mark(bullet=True, level=level)
        if kind.format in _COUNTED:
            printed = self._count(number, depth)
            return Mark(level=level, number=printed, stands_alone=bool(_LETTER.search(kind.text)))
        return Mark(level=self._level_of_indent(properties, style))

    def _style(self, identity: str) -> _Style:
        if identity not in self._styles:
            self._styles[identity] = self._read_style(identity)
        return self._styles[identity]

    def _read_style(self, identity: str) -> _Style:
        """A style with what it inherits from the styles it is based on."""
        name, number, depth = "", None, None
        indent, hanging = None, None
        seen: set[str] = set()
        while identity in self._elements and identity not in seen:
            seen.add(identity)
            element = self._elements[identity]
            name = name or _value(element, "w:name") or ""
            properties = element.find(qn("w:pPr"))
            if properties is not None:
                numbering = properties.find(qn("w:numPr"))
                if numbering is not None and number is None:
                    number = _value(numbering, "w:numId")
                    own_depth = _value(numbering, "w:ilvl")
                    depth = int(own_depth) if own_depth else None
                own_indent, own_hanging = _indent(properties)
                indent = own_indent if indent is None else indent
                hanging = own_hanging if hanging is None else hanging
            identity = _value(element, "w:basedOn") or ""
        return _Style(name, number, depth, indent, hanging)

    def _read_numbering(self, document: WordDocument) -> None:
        try:
            part = document.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING)
        except KeyError:
            return
        if not isinstance(part, NumberingPart):
            return
        numbering = part.element
        for abstract in numbering.iter(qn("w:abstractNum")):
            identity = abstract.get(qn("w:abstractNumId"), "")
            for level in abstract.findall(qn("w:lvl")):
                depth = int(level.get(qn("w:ilvl"), "0"))
                properties = level.find(qn("w:pPr"))
                indent, hanging = _indent(properties) if properties is not None else (None, None)
                self._levels[identity, depth] = _Level(
                    format=_value(level, "w:numFmt") or "decimal",
                    text=_value(level, "w:lvlText") or "",
                    start=int(_value(level, "w:start") or 1),
                    indent=indent,
                    hanging=hanging,
                )
        for num in numbering.iter(qn("w:num")):
            identity = num.get(qn("w:numId"), "")
            self._list_of[identity] = _value(num, "w:abstractNumId") or ""
            if num.find(f"{qn('w:lvlOverride')}/{qn('w:startOverride')}") is not None:
                self._restarts.add(identity)

    def _count(self, number: str, depth: int) -> str:
        """The number as printed: '2.', '2.1' or 'CR2'. Deeper counts begin again."""
        abstract = self._list_of[number]
        counts = self._counts.setdefault(abstract, defaultdict(int))
        if number in self._restarts and number not in self._seen:
            counts.clear()
        self._seen.add(number)
        level = self._levels[abstract, depth]
        counts[depth] = counts[depth] + 1 if counts[depth] else level.start
        for deeper in [d for d in counts if d > depth]:
            counts[deeper] = 0

        def at(match: re.Match[str]) -> str:
            above = int(match[1]) - 1
            known = self._levels.get((abstract, above), level)
            return _in_format(counts[above] or known.start, known.format)

        return re.sub(r"%(\d)", at, level.text)

    def _positions_of_bullets(self) -> list[int]:
        """Where the bullets of 'List Bullet', 'List Bullet 2', … stand, in twips."""
        positions = []
        for identity, element in self._elements.items():
            named = _LIST_STYLE.match(_value(element, "w:name") or "")
            if not named or named["kind"].casefold() != "bullet":
                continue
            style = self._style(identity)
            indent, hanging = style.indent, style.hanging
            if indent is None and style.number:
                level = self._levels.get((self._list_of.get(style.number, ""), style.depth or 0))
                indent, hanging = (level.indent, level.hanging) if level else (None, None)
            if indent is not None:
                positions.append(indent - (hanging or 0))
        return sorted(set(positions))

    def _level_of_indent(self, properties: BaseOxmlElement | None, style: _Style) -> int:
        """A plain paragraph belongs to the deepest bullet that stands no further right."""
        own = _indent(properties)[0] if properties is not None else None
        indent = style.indent if own is None else own
        if not indent or indent <= 0:
            return 0
        return max(0, sum(position <= indent for position in self._mark_positions) - 1)


def _value(element: BaseOxmlElement | None, tag: str) -> str | None:
    child = element.find(qn(tag)) if element is not None else None
    return child.get(qn("w:val")) if child is not None else None


def _indent(properties: BaseOxmlElement) -> tuple[int | None, int | None]:
    indent = properties.find(qn("w:ind"))
    if indent is None:
        return None, None
    left = indent.get(qn("w:left")) or indent.get(qn("w:start"))
    return _twips(left), _twips(indent.get(qn("w:hanging")))


def _twips(value: str | None) -> int | None:
    try:
        return int(float(value)) if value else None
    except ValueError:
        return None


def _in_format(count: int, kind: str) -> str:
    if kind in ("lowerLetter", "upperLetter"):
        letters = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letters.upper() if kind == "upperLetter" else letters
    if kind in ("lowerRoman", "upperRoman"):
        roman = ""
        for value, sign in _ROMAN:
            while count >= value:
                roman += sign
                count -= value
        return roman.upper() if kind == "upperRoman" else roman
    return f"{count:02d}" if kind == "decimalZero" else str(count)
