"""The rows of one entry → what it says as a whole and what each of its strands says.

Strands are told by their numbers (1. 2. 3.) in the description. They stand in rows of their own,
with or without a row for the whole, or under each other in one row, set apart by blank lines.
Rows without a number are one entry continued.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from registers.domain.passages import Point
from registers.importing.columns import Columns
from registers.importing.printed import (
    DESCRIPTION,
    PART_FIELDS,
    Cell,
    PartAsPrinted,
    Place,
    Problem,
    StrandAsPrinted,
)

_NUMBERED = re.compile(r"^(?P<number>\d{1,2})[.)]\s+(?P<text>\S.*)$")

Parts = tuple[tuple[str, ...], PartAsPrinted, tuple[StrandAsPrinted, ...], list[Problem]]


@dataclass(frozen=True, slots=True)
class RowOfEntry:
    """One table row of an entry: its cells by field.

    `merged` are the columns whose cell only continues the one above it, `opened` those whose
    cell reaches down over later rows.
    """

    place: Place
    cells: dict[str, Cell]
    merged: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()

    @property
    def description(self) -> Cell:
        return self.cells.get(DESCRIPTION, Cell())


@dataclass(slots=True)
class _Strand:
    number: int
    line: str
    place: Place
    cells: dict[str, Cell] = field(default_factory=dict)

    def add(self, column: str, cell: Cell) -> None:
        self.cells[column] = self.cells.get(column, Cell()) + cell

    def finished(self) -> StrandAsPrinted:
        return StrandAsPrinted(self.number, self.line, PartAsPrinted(**self.cells), self.place)


def strand_number(line: str) -> int | None:
    """The number that a strand's line begins with."""
    match = _NUMBERED.match(line)
    return int(match["number"]) if match else None


def strand_title(line: str) -> str:
    """A strand's line without its number."""
    match = _NUMBERED.match(line)
    return match["text"] if match else line


def read_parts(rows: Sequence[RowOfEntry], columns: Columns, reference: str) -> Parts:
    """(description lines, the whole, its strands, problems) of the rows of one entry."""
    numbers = [n for row in rows for n in map(strand_number, row.description.texts) if n]
    first_unnumbered = _unnumbered_first_strand(rows, numbers)
    expected = list(range(2 if first_unnumbered is not None else 1, len(numbers) + 2))
    counts_up = numbers == expected[: len(numbers)]
    if not counts_up or len(numbers) + (first_unnumbered is not None) < 2:
        return _without_strands(rows)
    return _Strands(rows, columns, reference, first_unnumbered).read()


def _unnumbered_first_strand(rows: Sequence[RowOfEntry], numbers: Sequence[int]) -> int | None:
    """The row of a first strand that lost its number: it stands just above the row of '2.'."""
    if not numbers or numbers[0] != 2:
        return None
    for index, row in enumerate(rows):
        if any(strand_number(line) for line in row.description.texts):
            before = rows[index - 1] if index >= 2 else None
            return index - 1 if before and len(before.description.points) == 1 else None
    return None


def _without_strands(rows: Sequence[RowOfEntry]) -> Parts:
    lines = tuple(line for row in rows for line in row.description.texts)
    whole: dict[str, Cell] = {}
    for row in rows:
        for column in PART_FIELDS:
            whole[column] = whole.get(column, Cell()) + row.cells.get(column, Cell())
    return lines, PartAsPrinted(**whole), (), []


class _Strands:
    """One pass over the rows of an entry that has strands."""

    def __init__(
        self,
        rows: Sequence[RowOfEntry],
        columns: Columns,
        reference: str,
        first_unnumbered: int | None,
    ) -> None:
        self.rows = rows
        self.columns = columns
        self.reference = reference
        self.first_unnumbered = first_unnumbered
        self.lines: list[str] = []
        self.whole: dict[str, Cell] = {}
        self.strands: list[_Strand] = []
        self.problems: list[Problem] = []

    def read(self) -> Parts:
        for index, row in enumerate(self.rows):
            opened = self._open_strands(index, row)
            for column in PART_FIELDS:
                if cell := row.cells.get(column):
                    self._give(index, row, column, cell, opened)
        return (
            tuple(self.lines),
            PartAsPrinted(**self.whole),
            tuple(strand.finished() for strand in self.strands),
            self.problems,
        )

    def _open_strands(self, index: int, row: RowOfEntry) -> list[_Strand]:
        """The strands whose line stands in this row; other lines are the description's own."""
        opened = []
        for line in row.description.texts:
            number = strand_number(line)
            if index == self.first_unnumbered:
                number = 1
            if number is None:
                self.lines.append(line)
                continue
            opened.append(_Strand(number, line, row.place))
        self.strands.extend(opened)
        return opened

    def _give(
        self, index: int, row: RowOfEntry, column: str, cell: Cell, opened: list[_Strand]
    ) -> None:
        """A cell's lines go to the whole, to the row's strand, or block by block to several."""
        if not self.strands or self._spans_the_rows_below(index, row, column):
            self._to_whole(column, cell)
        elif len(opened) <= 1:
            (opened or self.strands)[-1].add(column, cell)
        else:
            self._share_out(row, column, cell, opened)

    def _spans_the_rows_below(self, index: int, row: RowOfEntry, column: str) -> bool:
        """A cell of the first row that the strands below share: merged, or blank under it."""
        if index or len(self.rows) == 1:
            return False
        below = self.rows[1:]
        return column in row.opened or not any(later.cells.get(column) for later in below)

    def _to_whole(self, column: str, cell: Cell) -> None:
        self.whole[column] = self.whole.get(column, Cell()) + cell

    def _share_out(
        self, row: RowOfEntry, column: str, cell: Cell, opened: Sequence[_Strand]
    ) -> None:
        for gap in (1, 2):
            blocks = cell.blocks(gap)
            if gap == 1 and len(blocks) == 1:
                self._to_whole(column, cell)
                return
            if len(blocks) in (len(opened), len(opened) + 1):
                own = blocks[-len(opened) :]
                for strand, block in zip(opened, own, strict=True):
                    strand.add(column, block)
                for block in blocks[: -len(opened)]:
                    self._to_whole(column, block)
                return
        self._to_whole(column, cell)
        self.problems.append(
            Problem(
                f"its {len(cell.blocks())} paragraphs do not show which of the {len(opened)} "
                "strands they belong to, so they stay with the whole entry.",
                row.place,
                self.reference,
                self.columns.column(column),
                _first_words(cell.points),
            )
        )


def _first_words(points: Sequence[Point]) -> str:
    text = points[0].text if points else ""
    return text if len(text) <= 80 else text[:79].rstrip() + "…"
