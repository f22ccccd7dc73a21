"""Rows that are crossed out from end to end, and what stood in them."""

from __future__ import annotations

from registers.domain.passages import Point
from registers.importing.documents import TableRow
from registers.importing.printed import STRUCK, Cell, Remark


def is_struck(row: TableRow) -> bool:
    """Whether every word of a row is struck through."""
    cells = [c.cell for c in row.cells if not c.merged]
    return not any(cells) and any(_struck(cell) for cell in cells)


def unstruck(cell: Cell) -> Cell:
    """What is struck through in a cell, as if it were not."""
    return Cell(tuple(Point(remark.text) for remark in _struck(cell) if remark.text.strip()))


def _struck(cell: Cell) -> list[Remark]:
    return [remark for remark in cell.remarks if remark.what == STRUCK]
