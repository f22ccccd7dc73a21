"""A document as a reader gives it: tables of cells at positions, whatever kind of file it was."""

from __future__ import annotations

from dataclasses import dataclass

from registers.importing.printed import Cell, Problem


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell at a column position. `merged` marks a cell that continues the one above it."""

    position: int
    cell: Cell
    span: int = 1
    merged: bool = False
    opens_merge: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """`hidden` rows are in the file and not on the page."""

    number: int
    cells: tuple[TableCell, ...]
    hidden: bool = False

    def texts(self) -> list[tuple[int, str]]:
        return [(c.position, "" if c.merged else c.cell.line) for c in self.cells]

    def __bool__(self) -> bool:
        return any(c.cell or c.cell.remarks for c in self.cells if not c.merged)


@dataclass(frozen=True, slots=True)
class Table:
    """`above` are the lines that stand between this table and the one before it.

    `name` is that of the sheet, where the document is a workbook.
    """

    number: int
    rows: tuple[TableRow, ...]
    above: tuple[str, ...] = ()
    name: str = ""

    @property
    def width(self) -> int:
        return max((c.position + c.span for row in self.rows for c in row.cells), default=0)


@dataclass(frozen=True, slots=True)
class Document:
    """`mentions` are the heads and feet of its pages, which may name the quarter."""

    title: str
    tables: tuple[Table, ...]
    mentions: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
