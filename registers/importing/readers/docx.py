"""A Word document → tables of cells.

Reads the XML of the tables rather than python-docx's cells: a merged cell is then known as such,
text that somebody deleted with tracked changes stays deleted, and text that was inserted counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path, PurePosixPath
from posixpath import normpath
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document as open_word
from docx.document import Document as WordDocument
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from lxml import etree  # type: ignore[import-untyped]
from lxml.etree import LxmlError

from registers.domain.passages import DEEPEST, PLAIN, Point, parse
from registers.importing.documents import Document, Table, TableCell, TableRow
from registers.importing.heading_rows import headings_at
from registers.importing.printed import Cell, Remark, UnreadableFile
from registers.importing.readers.archive import BREAKAGE, WORD, check_archive
from registers.importing.readers.word_lists import WordLists
from registers.importing.readers.word_text import TRANSPARENT, WordText, is_unfilled

_A_TITLE = re.compile(r"\bregister\b", re.IGNORECASE)
MOST_COLUMNS = 63  # Word's own limit
LONGEST_MENTION = 300


def read_docx(path: Path) -> Document:
    """The tables of a Word file.

    Raises UnreadableFile, with one sentence, if it is no Word document that can be opened safely.
    """
    check_archive(path, WORD)
    try:
        return _Word(_opened(path)).read()
    except (*BREAKAGE, OpcError, LxmlError) as error:
        raise UnreadableFile(
            f"{path.name} is broken: its contents are not those of a Word document."
        ) from error


def _opened(path: Path) -> WordDocument:
    try:
        return open_word(str(path))
    except KeyError:
        return open_word(_without_dangling_relations(path))


def _without_dangling_relations(path: Path) -> BytesIO:
    """The file without links to parts that are not there, which Word passes over too."""
    mended = BytesIO()
    with ZipFile(path) as archive, ZipFile(mended, "w", ZIP_DEFLATED) as copy:
        there = set(archive.namelist())
        for name in archive.namelist():
            content = archive.read(name)
            if name.endswith(".rels"):
                content = _mended_relations(content, name, there)
            copy.writestr(name, content)
    mended.seek(0)
    return mended


def _mended_relations(content: bytes, name: str, there: set[str]) -> bytes:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(content, parser)
    base = PurePosixPath(name).parent.parent
    for relation in list(root):
        target = relation.get("Target", "")
        inside = target[1:] if target.startswith("/") else normpath(str(base / target))
        if relation.get("TargetMode") != "External" and inside not in there:
            root.remove(relation)
    return bytes(etree.tostring(root))


class _Word:
    """One document being read."""

    def __init__(self, document: WordDocument) -> None:
        self.document = document
        self.lists, self.text = WordLists(document), WordText(document)

    def read(self) -> Document:
        body = self.document.element.body
        tables: list[Table] = []
        above: list[str] = []
        for element in _inside(body, qn("w:tbl"), qn("w:p")):
            if element.tag == qn("w:p"):
                if line := self._line(element):
                    above.append(line)
                continue
            for inner in self._tables_in(element):
                tables.append(self._table(inner, len(tables) + 1, tuple(above)))
                above = []
        return Document(self._title(body), tuple(tables), tuple(self._mentions()))

    def _line(self, paragraph: BaseOxmlElement) -> str:
        return " ".join(self.text.plain(paragraph).split())

    def _title(self, body: BaseOxmlElement) -> str:
        """The first line above the tables that speaks of a register, or simply the first."""
        lines = []
        for element in body.iterchildren():
            if element.tag == qn("w:tbl"):
                break
            if element.tag == qn("w:p") and (line := self._line(element)):
                lines.append(line)
        return next((line for line in lines if _A_TITLE.search(line)), lines[0] if lines else "")

    def _mentions(self) -> Iterator[str]:
        """What stands at the head and the foot of the pages."""
        for section in self.document.sections:
            for part in (section.header, section.first_page_header, section.footer):
                for paragraph in part._element.iter(qn("w:p")):
                    if line := self._line(paragraph):
                        yield line[:LONGEST_MENTION]

    def _tables_in(self, table: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
        """A table, or the registers that lie in its cells if it is only there for the layout."""
        inner = [
            each
            for row in _inside(table, qn("w:tr"))
            for cell in _inside(row, qn("w:tc"))
            for each in _inside(cell, qn("w:tbl"))
        ]
        registers = [each for each in inner if self._is_register(each)]
        if registers and not self._is_register(table):
            for each in registers:
                yield from self._tables_in(each)
        else:
            yield table

    def _is_register(self, element: BaseOxmlElement) -> bool:
        rows = self._table(element, 0, ()).rows
        return any(headings_at(rows, index) for index in range(len(rows)))

    def _table(self, element: BaseOxmlElement, number: int, above: tuple[str, ...]) -> Table:
        rows = (
            self._row(row, row_number)
            for row_number, row in enumerate(_inside(element, qn("w:tr")), start=1)
            if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None
        )
        return Table(number, tuple(rows), above)

    def _row(self, element: BaseOxmlElement, number: int) -> TableRow:
        properties = element.find(qn("w:trPr"))
        hidden = properties is not None and properties.find(qn("w:hidden")) is not None
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
                    cell=self._cell(cell),
                    span=span,
                    merged=merge is not None and not opens,
                    opens_merge=opens,
                )
            )
            position += span
        return TableRow(number, tuple(cells), hidden)

    def _cell(self, element: BaseOxmlElement) -> Cell:
        """The lines of a cell: one per paragraph, and one per soft break among plain lines."""
        lines: list[Point | None] = []
        remarks: list[Remark] = []
        for paragraph in _paragraphs(element):
            pieces = list(self.text.pieces(paragraph))
            seen = _joined(piece for piece in pieces if isinstance(piece, Remark))
            remarks.extend(seen)
            text = "".join(piece for piece in pieces if isinstance(piece, str))
            mark = self.lists.mark(paragraph)
            if mark.number and (text.strip() or (mark.stands_alone and not seen)):
                text = f"{mark.number} {text.strip()}"
            if not text.strip():
                lines.extend([] if seen else [None])
            elif mark.bullet:
                lines.append(Point(text, min(mark.level, DEEPEST)))
            else:
                level = min(mark.level, DEEPEST)
                lines.extend(_plain(line, level) for line in text.split("\n"))
        return Cell(tuple(lines), tuple(remarks))


def _joined(remarks: Iterator[Remark]) -> list[Remark]:
    """Neighbouring runs that are struck through are one."""
    joined: list[Remark] = []
    for remark in remarks:
        if joined and joined[-1].what == remark.what and remark.text:
            joined[-1] = Remark(remark.what, joined[-1].text + remark.text)
        else:
            joined.append(remark)
    return joined


def _inside(element: BaseOxmlElement, *tags: str) -> Iterator[BaseOxmlElement]:
    """Children with one of the tags, looking through content controls and tracked insertions."""
    for child in element.iterchildren():
        if child.tag in tags:
            yield child
        elif child.tag in TRANSPARENT and not is_unfilled(child):
            yield from _inside(child, *tags)


def _number(element: BaseOxmlElement | None, default: int) -> int:
    value = element.get(qn("w:val")) if element is not None else None
    return min(int(value), MOST_COLUMNS) if value else default


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
