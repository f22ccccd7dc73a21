"""A Word document → an edition as printed.

Reads the XML of the tables rather than python-docx's cells: a merged cell is then known as such,
text that somebody deleted with tracked changes stays deleted, and text that was inserted counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from lxml.etree import LxmlError  # type: ignore[import-untyped]

from registers.domain.passages import DEEPEST, PLAIN, Point, parse
from registers.importing.printed import Cell, EditionAsPrinted, UnreadableFile
from registers.importing.readers.archive import check_word_file
from registers.importing.readers.word_lists import WordLists
from registers.importing.tables import Table, TableCell, TableRow, read_tables

# Containers that say nothing about the text in them.
_TRANSPARENT = {qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:smartTag"), qn("w:ins")}
_RUNS = {qn("w:r"), qn("w:hyperlink"), qn("w:fldSimple"), qn("w:moveTo")}
_BREAKS = {qn("w:br"), qn("w:cr")}
# Arrows that Word's 'Insert symbol' draws with a dingbat font.
_ARROWS = {
    "wingdings": {0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓"}
    | {0xE8: "→", 0xE9: "↑", 0xEA: "↓", 0xF3: "↔", 0xF1: "↑", 0xF2: "↓", 0xF0: "→"},
    "symbol": {0xAB: "↔", 0xAD: "↑", 0xAE: "→", 0xAF: "↓"},
}
_A_TITLE = re.compile(r"\bregister\b", re.IGNORECASE)
MOST_COLUMNS = 63  # Word's own limit


def read_docx(path: Path) -> EditionAsPrinted:
    """Read a register from a Word file.

    Raises UnreadableFile, with one sentence, if the file is not a Word document that can be
    opened safely, or has no table with the headings of a register.
    """
    check_word_file(path)
    try:
        document = Document(str(path))
        edition = _read(document)
    except (
        OpcError,
        BadZipFile,
        LxmlError,
        KeyError,
        ValueError,
        AttributeError,
        IndexError,
        OSError,
        RecursionError,
    ) as error:
        raise UnreadableFile(
            f"{path.name} is broken: its contents are not those of a Word document."
        ) from error
    if not edition.entries and not edition.headings:
        raise UnreadableFile(
            f"{path.name} has no table of a register: no row has headings like "
            "“Description”, “Risk Score”, “Risk Owner”."
        )
    return edition


def _read(document: WordDocument) -> EditionAsPrinted:
    lists = WordLists(document)
    body = document.element.body
    tables = [
        _table(element, number, lists)
        for number, element in enumerate(_inside(body, qn("w:tbl")), start=1)
    ]
    return read_tables(_title(body), tables)


def _title(body: BaseOxmlElement) -> str:
    """The first line above the tables that speaks of a register, or simply the first."""
    lines = []
    for element in body.iterchildren():
        if element.tag == qn("w:tbl"):
            break
        if element.tag == qn("w:p") and (line := " ".join(_text(element).split())):
            lines.append(line)
    return next((line for line in lines if _A_TITLE.search(line)), lines[0] if lines else "")


def _inside(element: BaseOxmlElement, *tags: str) -> Iterator[BaseOxmlElement]:
    """Children with one of the tags, looking through content controls and tracked insertions."""
    for child in element.iterchildren():
        if child.tag in tags:
            yield child
        elif child.tag in _TRANSPARENT:
            yield from _inside(child, *tags)


def _table(element: BaseOxmlElement, number: int, lists: WordLists) -> Table:
    rows = (
        _row(row, row_number, lists)
        for row_number, row in enumerate(_inside(element, qn("w:tr")), start=1)
        if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None
    )
    return Table(number, tuple(rows))


def _row(element: BaseOxmlElement, number: int, lists: WordLists) -> TableRow:
    position = _number(element.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"), 0)
    cells = []
    for cell in _inside(element, qn("w:tc")):
        properties = cell.find(qn("w:tcPr"))
        span, merge = 1, None
        if properties is not None:
            span = _number(properties.find(qn("w:gridSpan")), 1)
            merge = properties.find(qn("w:vMerge"))
        opens = merge is not None and merge.get(qn("w:val")) == "restart"
        cells.append(
            TableCell(
                position=position,
                cell=Cell(tuple(_lines(cell, lists))),
                span=span,
                merged=merge is not None and not opens,
                opens_merge=opens,
            )
        )
        position += span
    return TableRow(number, tuple(cells))


def _number(element: BaseOxmlElement | None, default: int) -> int:
    value = element.get(qn("w:val")) if element is not None else None
    return min(int(value), MOST_COLUMNS) if value else default


def _lines(cell: BaseOxmlElement, lists: WordLists) -> Iterator[Point | None]:
    """The lines of a cell: one per paragraph, and one per soft break among plain lines."""
    for paragraph in _paragraphs(cell):
        text = _text(paragraph)
        mark = lists.mark(paragraph)
        if mark.number and (text.strip() or mark.stands_alone):
            text = f"{mark.number} {text.strip()}"
        if not text.strip():
            yield None
        elif mark.bullet:
            yield Point(text, min(mark.level, DEEPEST))
        else:
            for line in text.split("\n"):
                yield _plain(line, min(mark.level, DEEPEST))


def _plain(line: str, level: int) -> Point | None:
    """A line without Word's bullet may still have one that somebody typed."""
    typed = parse(line.lstrip(" \xa0"), unmarked=PLAIN)
    if not typed:
        return None
    point = typed[0]
    return Point(point.text, min(max(point.level, level), DEEPEST), point.plain)


def _paragraphs(cell: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """The paragraphs of a cell, those of a table inside it included."""
    for child in _inside(cell, qn("w:p"), qn("w:tbl")):
        if child.tag == qn("w:p"):
            yield child
        else:
            for row in _inside(child, qn("w:tr")):
                for inner in _inside(row, qn("w:tc")):
                    yield from _paragraphs(inner)


def _text(element: BaseOxmlElement) -> str:
    return "".join(_pieces(element))


def _pieces(element: BaseOxmlElement) -> Iterator[str]:
    """The text that a reader of the page sees: nothing deleted, no field codes, no drawings."""
    for child in element.iterchildren():
        tag = child.tag
        if tag == qn("w:t"):
            yield child.text or ""
        elif tag in _BREAKS:
            yield "\n" if child.get(qn("w:type")) in (None, "textWrapping") else " "
        elif tag == qn("w:tab"):
            yield "\t"
        elif tag == qn("w:noBreakHyphen"):
            yield "-"
        elif tag == qn("w:sym"):
            yield _symbol(child)
        elif tag == qn("w:r") and _is_hidden(child):
            continue
        elif tag in _RUNS or tag in _TRANSPARENT:
            yield from _pieces(child)


def _is_hidden(run: BaseOxmlElement) -> bool:
    vanish = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return vanish is not None and vanish.get(qn("w:val")) not in ("0", "false")


def _symbol(element: BaseOxmlElement) -> str:
    font = (element.get(qn("w:font")) or "").casefold()
    try:
        code = int(element.get(qn("w:char")) or "", 16) & 0xFF
    except ValueError:
        return ""
    return _ARROWS.get(font, {}).get(code, "")
