"""An Excel workbook → a table for each sheet that is seen.

Read by openpyxl, which the exports need as well: formulas by the value that Excel kept, dates as
dates, merged cells known as such. Hidden sheets and columns are not read; a hidden row is said.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from registers.importing.documents import Document, Table, TableCell, TableRow
from registers.importing.printed import (
    FORMULA,
    STRUCK,
    Cell,
    Place,
    Problem,
    Remark,
    UnreadableFile,
)
from registers.importing.readers.archive import BREAKAGE, WORKBOOK, check_archive, check_cells
from registers.importing.readers.grids import cell_of

_SHEETS = "xl/worksheets/"
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
MOST_ROWS, MOST_COLUMNS, MOST_SHEETS, MOST_MERGED = 20_000, 200, 200, 200_000
_CELL = re.compile(rb"<(?:\w+:)?c[\s>]")
_MERGE = re.compile(
    rb"""<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"""
)


def read_xlsx(path: Path) -> Document:
    """The sheets of a workbook as tables. Raises UnreadableFile with one sentence."""
    book, formulas = open_book(path)
    seen = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    problems: list[Problem] = []
    tables = tuple(
        _table(_Sheet(sheet, formulas.get(sheet.title, frozenset())), n, problems, path.name)
        for n, sheet in enumerate(seen, start=1)
    )
    title = next((line for table in tables for line in _lines_alone(table)), "")
    return Document(title, tables, tuple(_heads(seen)), tuple(problems))


def open_book(path: Path) -> tuple[Workbook, dict[str, frozenset[str]]]:
    """A workbook that is safe to open, by its values; and by sheet the cells whose formula has no
    value in the file. Raises UnreadableFile with one sentence.
    """
    check_archive(path, WORKBOOK)
    try:
        _check_amount(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl leaves out: charts, rules of a form
            with path.open("rb") as file:
                book = load_workbook(file, data_only=True, rich_text=True)
            formulas = _formulas(path, book)
    except UnreadableFile:
        raise
    except BREAKAGE as error:
        raise UnreadableFile(
            f"{path.name} is broken: its contents are not those of an Excel workbook."
        ) from error
    if len(book.worksheets) > MOST_SHEETS:
        raise UnreadableFile(f"{path.name} has more than {MOST_SHEETS} sheets.")
    return book, formulas


def _check_amount(path: Path) -> None:
    """Refuses cells without end, merged ones too: each of them would be made one by one."""
    total = cells = 0
    with ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.startswith(_SHEETS):
                continue
            sheet = archive.read(name)
            cells += len(_CELL.findall(sheet))
            check_cells(cells, path.name)
            for match in _MERGE.finditer(sheet):
                left, top, right, bottom = (part.decode() for part in match.groups())
                wide = column_index_from_string(right) - column_index_from_string(left) + 1
                total += wide * (int(bottom) - int(top) + 1)
                if total > MOST_MERGED:
                    raise UnreadableFile(
                        f"{path.name} has more than {MOST_MERGED} merged cells, which no register "
                        "has."
                    )


def _heads(sheets: list[Worksheet]) -> Iterator[str]:
    for sheet in sheets:
        for part in (sheet.oddHeader, sheet.oddFooter):
            for where in (part.left, part.center, part.right):
                if where.text:
                    yield str(where.text)[:300]


def _lines_alone(table: Table) -> Iterator[str]:
    """The lines of a sheet's first rows that have nothing beside them: its title."""
    for row in table.rows[:5]:
        filled = [c.cell.line for c in row.cells if c.cell and not c.merged]
        if len(filled) == 1 and "register" in filled[0].casefold():
            yield filled[0]


def _formulas(path: Path, book: Workbook) -> dict[str, frozenset[str]]:
    """By sheet: the cells whose formula has no value in the file, as a program may leave them."""
    with ZipFile(path) as archive:
        if not any(b"<f" in archive.read(n) for n in archive.namelist() if n.startswith(_SHEETS)):
            return {}
    with path.open("rb") as file:
        formulas = load_workbook(file)
    return {
        sheet.title: frozenset(
            cell.coordinate
            for cell in sheet._cells.values()
            if cell.data_type == "f" and book[sheet.title][cell.coordinate].value is None
        )
        for sheet in formulas.worksheets
    }


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet, and its cells whose formula has no value."""

    page: Worksheet
    unknown: frozenset[str]


def _table(page: _Sheet, number: int, problems: list[Problem], name: str) -> Table:
    sheet = page.page
    height, width = _extent(sheet, name)
    hidden = [c for c in range(1, width + 1) if _is_hidden(sheet, c)]
    shown = [c for c in range(1, width + 1) if c not in hidden]
    if hidden and any(
        sheet.cell(r, c).value is not None for r in range(1, height + 1) for c in hidden
    ):
        letters = ", ".join(get_column_letter(c) for c in hidden)
        problems.append(
            Problem(
                f"column {letters} is hidden in the sheet “{sheet.title}” and was not read.",
                Place(number, 1),
            )
        )
    merges = _merges(sheet)
    place = {column: position for position, column in enumerate(shown)}
    rows = tuple(_row(page, r, shown, place, merges) for r in range(1, height + 1))
    return Table(number, rows, (), sheet.title)


def _extent(sheet: Worksheet, name: str) -> tuple[int, int]:
    """The last row and column that hold something: formats may go on to the end of the sheet."""
    height = width = 0
    for row, column in ((c.row, c.column) for c in sheet._cells.values() if c.value is not None):
        height, width = max(height, row), max(width, column)
    if height > MOST_ROWS or width > MOST_COLUMNS:
        raise UnreadableFile(
            f"{name} has more than {MOST_ROWS} rows or {MOST_COLUMNS} columns in the sheet "
            f"“{sheet.title}”, which no register has."
        )
    return height, width


def _is_hidden(sheet: Worksheet, column: int) -> bool:
    return any(
        dimension.hidden and dimension.min <= column <= dimension.max
        for dimension in sheet.column_dimensions.values()
        if dimension.min and dimension.max
    )


_Merges = dict[tuple[int, int], tuple[int, int]]


def _merges(sheet: Worksheet) -> _Merges:
    """(row, column) of every merged cell → where its merge begins."""
    return {
        (row, column): (merged.min_row, merged.min_col)
        for merged in sheet.merged_cells.ranges
        for row in range(merged.min_row, min(merged.max_row, MOST_ROWS) + 1)
        for column in range(merged.min_col, min(merged.max_col, MOST_COLUMNS) + 1)
    }


def _row(
    page: _Sheet, row: int, shown: list[int], place: dict[int, int], merges: _Merges
) -> TableRow:
    cells: list[TableCell] = []
    for column in shown:
        begins = merges.get((row, column))
        if begins and begins[1] != column and cells and begins == _begins(merges, row, column - 1):
            last = cells[-1]
            cells[-1] = TableCell(
                last.position, last.cell, last.span + 1, last.merged, last.opens_merge
            )
            continue
        below = bool(begins and begins[0] != row)
        cell = Cell() if below else _cell(page, row, column)
        opens = bool(begins == (row, column) and merges.get((row + 1, column)) == begins)
        cells.append(TableCell(place[column], cell, 1, below, opens))
    return TableRow(row, tuple(cells), bool(page.page.row_dimensions[row].hidden))


def _begins(merges: _Merges, row: int, column: int) -> tuple[int, int] | None:
    return merges.get((row, column))


def _cell(page: _Sheet, row: int, column: int) -> Cell:
    cell = page.page.cell(row, column)
    if cell.coordinate in page.unknown:
        return Cell((), (Remark(FORMULA),))
    if isinstance(cell.value, CellRichText):
        return _rich(cell.value)
    text = text_of(cell.value, str(cell.number_format or ""))
    if text and cell.font is not None and cell.font.strike:
        return Cell((), (Remark(STRUCK, text),))
    return cell_of(text)


def _rich(value: CellRichText) -> Cell:
    """A cell of which parts look different: what is struck through is no text, a raised digit
    is seen as one."""
    text, struck = "", ""
    for part in value:
        if not isinstance(part, TextBlock):
            text += str(part)
        elif part.font.strike:
            struck += part.text
        elif part.font.vertAlign == "superscript":
            text += part.text.translate(_RAISED)
        else:
            text += part.text
    return Cell(cell_of(text).lines, (Remark(STRUCK, struck),) if struck.strip() else ())


def text_of(value: object, shown: str) -> str:
    """A value as the sheet shows it: whole numbers without a point, days as days, a month where
    its format shows no day."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int | float) and shown.endswith("%"):
        return f"{value * 100:g}%"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:g}"
    if isinstance(value, date) and "d" not in shown.lower() and "m" in shown.lower():
        return f"{value:%B %Y}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
