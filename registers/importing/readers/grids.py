"""Rows of plain texts → tables: what a workbook, a CSV file and a paste have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from registers.domain.passages import PLAIN, Point, parse
from registers.importing.documents import TableCell, TableRow
from registers.importing.printed import Cell


def cell_of(text: str) -> Cell:
    """The lines of a text: bullets where somebody typed them, blank lines kept as gaps."""
    return Cell(tuple(_lines(text)))


def _lines(text: str) -> Iterator[Point | None]:
    lines = text.splitlines()
    typed = [parse(line, unmarked=PLAIN) for line in lines]
    for points in typed:
        yield points[0] if points else None


def rows_of(texts: Sequence[Sequence[str]], first: int = 1) -> Iterator[TableRow]:
    """A row of cells for each row of texts, all of the same width."""
    for number, row in enumerate(texts, start=first):
        yield TableRow(
            number,
            tuple(TableCell(position, cell_of(text)) for position, text in enumerate(row)),
        )
