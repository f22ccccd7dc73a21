"""A workbook that came back filled in: its rows as text, each with its key."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.worksheet.worksheet import Worksheet

from registers.domain import offline
from registers.domain.folding import fold
from registers.domain.offline import Column
from registers.importing.printed import UnreadableFile
from registers.importing.readers.xlsx import open_book, text_of
from registers.reading.offline import Keys

MOST_BYTES = 2_000_000
MOST_ROWS = 2_000
HOW_TO_GET_ONE = "Take a new one from My updates, and put into it what you wrote."
FOREIGN = (
    "This is not a workbook that was made here for updating entries, or its hidden keys were "
    f"changed, so it can’t be said which entries its rows belong to. {HOW_TO_GET_ONE}"
)
NO_VALUE = "It holds a formula without a value. Write the text itself."
STRUCK = "Some of it is struck through. Delete that, or take the line off it."


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet: its key, None in a row for what is new, and its texts by column.
    `problems` are those of cells that can't be read, by column.
    """

    sheet: str
    number: int
    key: int | None
    reference: str
    cells: Mapping[str, str]
    problems: Mapping[str, str]

    @property
    def place(self) -> str:
        return f"{self.sheet}, row {self.number}"

    @property
    def is_empty(self) -> bool:
        return not any(self.cells.values()) and not self.problems


@dataclass(frozen=True, slots=True)
class Filled:
    keys: Keys
    lines: tuple[Line, ...]

    def on(self, sheet: str) -> list[Line]:
        return [line for line in self.lines if line.sheet == sheet]


def read_filled(name: str, content: bytes) -> Filled:
    """A workbook as it came back. Raises UnreadableFile with one sentence."""
    if len(content) > MOST_BYTES:
        raise UnreadableFile(f"{name} is larger than any workbook of entries: {HOW_TO_GET_ONE}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, Path(name).name[-100:] or "workbook.xlsx")
        path.write_bytes(content)
        book, unknown = open_book(path)
    if not all(isinstance(book[sheet], Worksheet) for sheet in book.sheetnames):
        raise UnreadableFile(FOREIGN)  # a sheet of charts, which has no cells
    keys = _keys(book)
    lines = [
        line
        for sheet in offline.SHEETS
        if sheet in book.sheetnames
        for line in _lines(book[sheet], unknown.get(sheet, frozenset()))
    ]
    if offline.ENTRIES not in book.sheetnames or offline.ACTIONS not in book.sheetnames:
        raise UnreadableFile(f"{name} has lost a sheet. {HOW_TO_GET_ONE}")
    return Filled(keys, tuple(lines))


def _keys(book: Workbook) -> Keys:
    if offline.KEYS not in book.sheetnames:
        raise UnreadableFile(FOREIGN)
    column = next(book[offline.KEYS].iter_cols(max_col=1, max_row=100, values_only=True), ())
    try:
        return Keys.unsealed("".join(str(piece) for piece in column if piece is not None))
    except ValueError as error:
        raise UnreadableFile(FOREIGN) from error


def _lines(sheet: Worksheet, unknown: frozenset[str]) -> Iterator[Line]:
    places = _places(sheet)
    if sheet.max_row > MOST_ROWS:
        raise UnreadableFile(f"The sheet {sheet.title} has more than {MOST_ROWS:,} rows.")
    for number in range(offline.FIRST_ROW, sheet.max_row + 1):
        line = _line(sheet, number, places, unknown)
        if line.key is not None or not line.is_empty:
            yield line


def _places(sheet: Worksheet) -> dict[str, int]:
    """The place of each column, found by its heading. Raises UnreadableFile where one is gone."""
    headings = {fold(str(cell.value or "")): cell.column for cell in sheet[1]}
    needed = _columns(sheet.title, inherent=False)
    for column in needed:
        if fold(column.heading) not in headings:
            raise UnreadableFile(
                f"The sheet {sheet.title} has lost its column “{column.heading}”. {HOW_TO_GET_ONE}"
            )
    columns = _columns(sheet.title, inherent=True)
    found = {column.name: headings.get(fold(column.heading)) for column in columns}
    return {name: place for name, place in found.items() if place is not None}


def _columns(sheet: str, *, inherent: bool) -> Sequence[Column]:
    return offline.columns_of(sheet, inherent=inherent)


def _line(
    sheet: Worksheet, number: int, places: Mapping[str, int], unknown: frozenset[str]
) -> Line:
    cells, problems = {}, {}
    for name, place in places.items():
        cell = sheet.cell(number, place)
        if problem := _problem(cell, unknown):
            problems[name] = problem
        cells[name] = _text(cell)
    key, reference = cells.pop(offline.KEY), cells.pop(offline.REFERENCE)
    cells.pop(offline.BEFORE, None)
    has_key = key.isdecimal() and len(key) < 12
    return Line(sheet.title, number, int(key) if has_key else None, reference, cells, problems)


def _problem(cell: Cell, unknown: frozenset[str]) -> str:
    if cell.coordinate in unknown:
        return NO_VALUE
    value = cell.value
    if isinstance(value, CellRichText):
        struck = any(isinstance(part, TextBlock) and part.font.strike for part in value)
    else:
        struck = bool(value) and cell.font is not None and bool(cell.font.strike)
    return STRUCK if struck else ""


def _text(cell: Cell) -> str:
    value = str(cell.value) if isinstance(cell.value, CellRichText) else cell.value
    return text_of(value, str(cell.number_format or ""))
