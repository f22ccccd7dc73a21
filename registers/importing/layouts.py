"""Registers that are no table of entries: a card or a block for each entry → ordinary rows.

On a card the label stands beside its value; a block is a line with reference and title above small
tables. Both become a table with headings, so that all that follows is one way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from registers.domain.passages import Point
from registers.importing.cells import is_reference, opening_reference
from registers.importing.columns import is_register
from registers.importing.documents import Document, Table, TableCell, TableRow
from registers.importing.heading_rows import BETWEEN, headings_at
from registers.importing.headings import meaning_of
from registers.importing.owners import is_single_owner
from registers.importing.printed import (
    ACTION_DUE,
    ACTION_LEAD,
    ACTION_STATUS,
    ACTIONS,
    REFERENCE,
    SCORE,
    Cell,
    Place,
    Problem,
)

ENOUGH_LABELS = 3  # of a register, to be sure that a table is a card
_OF_ACTIONS = (ACTIONS, ACTION_LEAD, ACTION_DUE, ACTION_STATUS)
_BETWEEN_TITLE_AND_OWNER = re.compile(r"\s+[–—-]\s+")


@dataclass(slots=True)
class _Sheet:
    """What is said of one entry: its cells by heading, and a row more for each further action."""

    place: Place
    cells: dict[str, Cell] = field(default_factory=dict)
    actions: list[dict[str, Cell]] = field(default_factory=list)

    def add(self, heading: str, cell: Cell) -> None:
        self.cells[heading] = self.cells.get(heading, Cell()) + cell

    @property
    def reference(self) -> Cell:
        return next(
            (c for heading, c in self.cells.items() if _field(heading) == REFERENCE), Cell()
        )


def as_rows(document: Document) -> Document:
    """The document with a row for each entry, if its entries stand on cards or in blocks."""
    document = replace(document, tables=tuple(table for table in document.tables if table.rows))
    if any(_is_ordinary(table) for table in document.tables):
        return document
    if any(_is_turned(table) for table in document.tables):
        turned = tuple(_turned(t) if _is_turned(t) else t for t in document.tables)
        said = Problem(
            "the entries stand side by side, their headings on the left; they were read as rows.",
            Place(next(t.number for t in turned), 1),
        )
        return replace(document, tables=turned, problems=(*document.problems, said))
    for sheets, words in (
        (list(_cards(document.tables)), "on a card of its own, the label beside its value"),
        (list(_blocks(document.tables)), "under a line of its own, above small tables"),
    ):
        headings = _headings(sheets)
        if sheets and is_register(dict(enumerate(headings))):
            said = Problem(f"each entry stands {words}; they were read as rows.", sheets[0].place)
            return replace(
                document,
                tables=(_as_table(sheets, headings),),
                problems=(*document.problems, said),
            )
    return document


def _is_ordinary(table: Table) -> bool:
    return any(headings_at(table.rows, index) for index in range(len(table.rows)))


def _is_turned(table: Table) -> bool:
    """Headings down the first column, and an entry with its reference in each of the others."""
    if table.width < 3 or any(len(row.cells) != table.width for row in table.rows):
        return False
    if not is_register({n: row.cells[0].cell.line for n, row in enumerate(table.rows)}):
        return False
    references = [row for row in table.rows if _field(row.cells[0].cell.line) == REFERENCE]
    return bool(references) and all(is_reference(c.cell.line) for c in references[0].cells[1:])


def _turned(table: Table) -> Table:
    columns = zip(*([c.cell for c in row.cells] for row in table.rows), strict=True)
    rows = (
        TableRow(number, tuple(TableCell(n, cell) for n, cell in enumerate(cells)))
        for number, cells in enumerate(columns, start=1)
    )
    return replace(table, rows=tuple(rows))


def _field(heading: str) -> str:
    meaning = meaning_of(heading)
    return meaning.field if meaning else ""


def _headings(sheets: Sequence[_Sheet]) -> list[str]:
    """Every heading of every sheet, each once, in the order in which they come."""
    every = [
        heading for sheet in sheets for cells in (sheet.cells, *sheet.actions) for heading in cells
    ]
    return list(dict.fromkeys(every))


def _as_table(sheets: Sequence[_Sheet], headings: Sequence[str]) -> Table:
    rows = [TableRow(1, tuple(TableCell(n, _cell(text)) for n, text in enumerate(headings)))]
    for sheet in sheets:
        first, *others = sheet.actions or [{}]
        rows.append(_row(sheet.place.row, headings, {**sheet.cells, **first}))
        reference = {h: c for h, c in sheet.cells.items() if _field(h) == REFERENCE}
        rows.extend(_row(sheet.place.row, headings, {**reference, **more}) for more in others)
    return Table(sheets[0].place.table, tuple(rows))


def _row(number: int, headings: Sequence[str], cells: Mapping[str, Cell]) -> TableRow:
    return TableRow(
        number, tuple(TableCell(n, cells.get(text, Cell())) for n, text in enumerate(headings))
    )


def _cell(text: str) -> Cell:
    return Cell((Point(text, plain=True),)) if text.strip() else Cell()


# Cards --------------------------------------------------------------------------------------------


def _cards(tables: Sequence[Table]) -> Iterator[_Sheet]:
    sheet: _Sheet | None = None
    for table in tables:
        if _is_card(table):
            if sheet is not None:
                yield sheet
            sheet = _Sheet(Place(table.number, table.rows[0].number))
            _read_card(table.rows, sheet)
        elif sheet is not None and _names_actions(table.rows[0]):
            sheet.actions.extend(_under(table.rows[0], table.rows[1:]))
    if sheet is not None:
        yield sheet


def _is_card(table: Table) -> bool:
    labels = {
        _field(label)
        for row in table.rows
        if not _names_parts(row)
        for label, _ in _pairs(row)
        if _field(label)
    }
    return REFERENCE in labels and len(labels) >= ENOUGH_LABELS


def _pairs(row: TableRow) -> Iterator[tuple[str, Cell]]:
    """Label and value, label and value; or both in one cell: 'Risk owner: Head of Tax'."""
    cells = [c.cell for c in row.cells if not c.merged]
    labelled = [pair for cell in cells if (pair := _labelled(cell))]
    if labelled and len(labelled) == sum(map(bool, cells)):
        yield from labelled
        return
    for label, value in zip(cells[::2], cells[1::2], strict=False):
        if label:
            yield label.line, value


def _labelled(cell: Cell) -> tuple[str, Cell] | None:
    """A cell that begins with its own label."""
    if not cell:
        return None
    first, *others = cell.points
    label, colon, rest = first.text.partition(":")
    if not colon or not _field(label):
        return None
    lines = [Point(rest, plain=True)] if rest.strip() else []
    return label, Cell((*lines, *others), cell.remarks)


def _read_card(rows: Sequence[TableRow], sheet: _Sheet) -> None:
    parts: dict[int, str] = {}
    for index, row in enumerate(rows):
        if _names_actions(row):
            sheet.actions.extend(_under(row, rows[index + 1 :]))
            return
        if _names_parts(row):
            parts = {c.position: c.cell.line for c in row.cells if c.cell and not c.merged}
            continue
        label = row.cells[0].cell.line if row.cells else ""
        if parts and _is_score_group(label):
            for cell in row.cells[1:]:
                if cell.position in parts:
                    sheet.add(f"{label}{BETWEEN}{parts[cell.position]}", cell.cell)
            continue
        parts = {}
        for name, value in _pairs(row):
            sheet.add(name, value)


def _names_parts(row: TableRow) -> bool:
    """'Impact | Likelihood | Score', with nothing at the beginning of the row."""
    texts = [c.cell.line for c in row.cells if c.cell and not c.merged]
    blank = bool(row.cells) and not row.cells[0].cell
    return blank and len(texts) > 1 and all(_field(text) == SCORE for text in texts)


def _is_score_group(label: str) -> bool:
    return bool(label) and (
        _field(label) == SCORE or bool(re.search(r"(?i)appetite|tolerance", label))
    )


def _names_actions(row: TableRow) -> bool:
    """The headings of a table of actions: an action, and something that belongs to one."""
    fields = [_field(c.cell.line) for c in row.cells if c.cell and not c.merged]
    return ACTIONS in fields and any(name in fields for name in _OF_ACTIONS[1:])


def _under(headings: TableRow, rows: Sequence[TableRow]) -> Iterator[dict[str, Cell]]:
    """The rows of a small table, each by its headings."""
    words = {c.position: c.cell.line for c in headings.cells if c.cell and not c.merged}
    for row in rows:
        cells = {words[c.position]: c.cell for c in row.cells if c.position in words}
        if any(cells.values()):
            yield cells


# Blocks -------------------------------------------------------------------------------------------


def _blocks(tables: Sequence[Table]) -> Iterator[_Sheet]:
    sheet: _Sheet | None = None
    for table in tables:
        opened = _opened(table)
        if opened is not None:
            if sheet is not None:
                yield sheet
            sheet = opened
        if sheet is not None and table.rows:
            for cells in _under(table.rows[0], table.rows[1:]):
                for heading, cell in cells.items():
                    sheet.add(heading, cell)
    if sheet is not None:
        yield sheet


def _opened(table: Table) -> _Sheet | None:
    """A block begins where a line above a table opens with a reference."""
    for index, line in enumerate(table.above):
        reference, rest = opening_reference(line)
        if not reference:
            continue
        sheet = _Sheet(Place(table.number, 1))
        sheet.add("Reference", _cell(reference))
        title, owner = _title_and_owner(rest)
        sheet.add("Title", _cell(title))
        if owner:
            sheet.add("Owner", _cell(owner))
        sheet.add(
            "Description", Cell(tuple(Point(t, plain=True) for t in table.above[index + 1 :]))
        )
        return sheet
    return None


def _title_and_owner(line: str) -> tuple[str, str]:
    """'Cyber security – Director of Digital' → both; the owner only where it is a post."""
    pieces = _BETWEEN_TITLE_AND_OWNER.split(line)
    if len(pieces) > 1 and is_single_owner(pieces[-1]):
        return line[: line.rindex(pieces[-1])].rstrip(" –—-"), pieces[-1]
    return line, ""
