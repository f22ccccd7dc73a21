"""A row of a table → its cells by the fields of the columns they stand under."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from registers.domain.passages import Point
from registers.importing.cells import opening_reference
from registers.importing.columns import Columns
from registers.importing.documents import TableCell, TableRow
from registers.importing.printed import (
    ACTION_DUE,
    ACTION_LEAD,
    ACTION_STATUS,
    ACTIONS,
    DESCRIPTION,
    REFERENCE,
    TITLE,
    ActionPoint,
    Cell,
    Place,
    Problem,
    shortened,
)
from registers.importing.strands import RowOfEntry

_BESIDE_ACTIONS = (ACTION_LEAD, ACTION_DUE, ACTION_STATUS)


class CellsByField:
    """Rows of a document, one after the other. What is not certain goes to `problems`."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems

    def of(
        self, columns: Columns, row: TableRow, place: Place, *, silent: bool = False
    ) -> RowOfEntry:
        """The row under its columns. `silent` says nothing of what can't be told apart."""
        cells: dict[str, Cell] = {}
        merged, opened = set(), set()
        for table_cell in row.cells:
            names = list(_names(columns, table_cell))
            if not names:
                continue
            if table_cell.merged:
                merged.update(names[:1])
                continue
            if len({n for n in names if n in columns.fields.values()}) > 1 and table_cell.cell:
                if not silent:
                    self._merged_sideways(columns, names, table_cell, row, place)
                continue
            name = names[0]
            if table_cell.opens_merge:
                opened.add(name)
            cells[name] = cells.get(name, Cell()) + table_cell.cell
        return self._arranged(
            RowOfEntry(place, cells, frozenset(merged), frozenset(opened)), columns, silent
        )

    def _merged_sideways(
        self, columns: Columns, names: Sequence[str], cell: TableCell, row: TableRow, place: Place
    ) -> None:
        headings = " and ".join(f"“{columns.column(name)}”" for name in names)
        reference = next(
            (c.cell.line for c in row.cells if columns.fields.get(c.position) == REFERENCE), ""
        )
        self.problems.append(
            Problem(
                f"the cells of {headings} are merged in this row, so it is not certain what "
                "belongs where; nothing was taken from them.",
                place,
                reference,
                columns.column(names[0]),
                shortened(cell.cell.line),
            )
        )

    def _arranged(self, part: RowOfEntry, columns: Columns, silent: bool) -> RowOfEntry:
        """A row with its title above its description, and with what belongs to its actions."""
        cells = dict(part.cells)
        for key, names in columns.several.items():
            cells.update(self._one_a_line(cells.get(key, Cell()), names, key, part.place, silent))
        if TITLE in cells:
            cells[DESCRIPTION] = cells[TITLE] + cells.get(DESCRIPTION, Cell())
        if not columns.has(REFERENCE) and (description := cells.get(DESCRIPTION)):
            reference, rest = _reference_first(description)
            if reference:
                cells[REFERENCE], cells[DESCRIPTION] = reference, rest
        if any(cells.get(name) for name in _BESIDE_ACTIONS):
            cells[ACTIONS] = self._with_details(cells, part.place, columns, silent)
        return RowOfEntry(part.place, cells, part.merged, part.opened)

    def _one_a_line(
        self, cell: Cell, names: Sequence[str], key: str, place: Place, silent: bool
    ) -> Iterator[tuple[str, Cell]]:
        """The fields of a cell that holds one on each line, if it has as many lines."""
        if len(cell.points) == len(names):
            for name, point in zip(names, cell.points, strict=True):
                yield name, Cell((point,))
        elif cell and not silent:
            self.problems.append(
                Problem(
                    f"this cell should have {len(names)} lines, one for each of its fields, and "
                    f"has {len(cell.points)}, so none was taken.",
                    place,
                    column=key,
                    read=shortened(cell.line),
                )
            )

    def _with_details(
        self, cells: Mapping[str, Cell], place: Place, columns: Columns, silent: bool
    ) -> Cell:
        """Actions with the lead, due date and status that stand beside them."""
        actions = cells.get(ACTIONS, Cell())
        count = len(actions.points)
        beside: dict[str, list[str]] = {}
        for name in _BESIDE_ACTIONS:
            texts = cells.get(name, Cell()).texts
            if len(texts) == count:
                beside[name] = list(texts)
            elif count == 1:
                beside[name] = [" ".join(texts)]
            elif texts and count and not silent:
                self.problems.append(
                    Problem(
                        f"{len(texts)} of these stand beside {count} actions, so it is not certain "
                        "which belongs to which; they are kept as printed.",
                        place,
                        cells.get(REFERENCE, Cell()).line,
                        columns.column(name),
                        shortened(" | ".join(texts)),
                    )
                )
        return Cell(tuple(_detailed(actions, beside)), actions.remarks)


def _names(columns: Columns, table_cell: TableCell) -> Iterator[str]:
    """The fields (or else the unknown headings) that a cell stands under."""
    for position in range(table_cell.position, table_cell.position + table_cell.span):
        if position in columns.keys:
            yield columns.keys[position]


def _reference_first(description: Cell) -> tuple[Cell | None, Cell]:
    """'C1: Savings are not made' → its reference, and the description without it."""
    first = description.points[0]
    reference, rest = opening_reference(first.text)
    if not reference:
        return None, description
    lines: list[Point | None] = []
    for line in description.lines:
        if line is first:
            lines.append(Point(rest, first.level, first.plain))
        else:
            lines.append(line)
    return Cell((Point(reference, plain=True),)), Cell(tuple(lines), description.remarks)


def _detailed(actions: Cell, beside: Mapping[str, Sequence[str]]) -> Iterator[Point | None]:
    place = 0
    for line in actions.lines:
        if line is None:
            yield None
            continue
        lead, due, status = (
            beside[name][place] if name in beside else "" for name in _BESIDE_ACTIONS
        )
        place += 1
        yield ActionPoint(line.text, line.level, line.plain, lead, due, status)
