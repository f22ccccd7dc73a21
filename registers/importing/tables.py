"""Tables as they stand in a document → entries as printed.

Whatever the reader, a table is rows of cells at positions. What makes entries of them is here: a
heading row sets the columns (again and again: repeated on a new page, or turning to opportunities
in mid-table), a reference opens an entry, a row without one continues it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from registers.domain.scale import LIKELIHOOD_WORDS
from registers.importing.cells import canonical_reference, without_continued
from registers.importing.headings import Headings, read_headings
from registers.importing.printed import (
    DESCRIPTION,
    OWNER,
    PART_FIELDS,
    REFERENCE,
    RESIDUAL,
    SCORE,
    Cell,
    EditionAsPrinted,
    EntryAsPrinted,
    Place,
    Problem,
)
from registers.importing.strands import RowOfEntry, read_parts


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
    number: int
    cells: tuple[TableCell, ...]

    def texts(self) -> list[tuple[int, str]]:
        return [(c.position, "" if c.merged else c.cell.line) for c in self.cells]

    def __bool__(self) -> bool:
        return any(c.cell for c in self.cells if not c.merged)


@dataclass(frozen=True, slots=True)
class Table:
    number: int
    rows: tuple[TableRow, ...]

    @property
    def width(self) -> int:
        return max((c.position + c.span for row in self.rows for c in row.cells), default=0)


@dataclass(slots=True)
class _Gathered:
    """The rows of one entry while the table is being read."""

    headings: Headings
    place: Place
    reference: str
    rows: list[RowOfEntry] = field(default_factory=list)


def read_tables(title: str, tables: Iterable[Table]) -> EditionAsPrinted:
    """All entries of a document, in printed order. Tables that are no register are left out."""
    reading = _Reading()
    for table in tables:
        reading.table(table)
    return EditionAsPrinted(
        title=title,
        entries=tuple(reading.entries),
        headings={h.kind: h.printed for h in reversed(reading.all_headings)},
        problems=tuple(reading.problems),
    )


def is_key_to_scores(table: Table) -> bool:
    """The legend of the 5×5: it names the likelihoods in a row, and impact in another."""
    words = {text.casefold() for row in table.rows for _, text in row.texts()}
    return {word.casefold() for word in LIKELIHOOD_WORDS} <= words


class _Reading:
    """One pass over the tables of a document."""

    def __init__(self) -> None:
        self.entries: list[EntryAsPrinted] = []
        self.problems: list[Problem] = []
        self.all_headings: list[Headings] = []
        self.headings: Headings | None = None
        self.width = 0
        self.open: _Gathered | None = None

    def table(self, table: Table) -> None:
        has_headings = any(read_headings(row.texts()) for row in table.rows)
        if not has_headings:
            if is_key_to_scores(table) or not any(table.rows):
                return
            if self.headings is None or table.width != self.width:
                self._left_out(table)
                return
        self.width = table.width
        for row in table.rows:
            self._row(row, Place(table.number, row.number))
        self._close()

    def _left_out(self, table: Table) -> None:
        first = next(row for row in table.rows if row)
        self.problems.append(
            Problem(
                "this table has no headings of a register and was left out.",
                Place(table.number, first.number),
                read=_shortened(" | ".join(text for _, text in first.texts() if text)),
            )
        )

    def _row(self, row: TableRow, place: Place) -> None:
        if headings := read_headings(row.texts()):
            self._turn_to(headings, place)
            return
        if not row:
            return
        if self.headings is None:
            self._misfit("stands above the headings and was left out.", row, place)
            return
        cells, merged, opened = self._by_field(self.headings, row)
        if len(row.cells) == 1 and self.width > 1:
            self._misfit("stands across the whole table and was left out.", row, place)
            return
        part = RowOfEntry(place, cells, merged, opened)
        printed = cells.get(REFERENCE, Cell()).line
        if REFERENCE in merged or (not printed and not self._looks_complete(part)):
            self._continue(part, row)
        elif not printed:
            self._misfit("has no reference, so it was left out: give it one.", row, place)
        elif self._continues_over_a_page(printed, part):
            self._continue(part, row)
        else:
            self._open(printed, part)

    def _turn_to(self, headings: Headings, place: Place) -> None:
        if self.headings is None or headings.printed != self.headings.printed:
            self._close()
            self.all_headings.append(headings)
            for words in headings.unknown.values():
                self.problems.append(
                    Problem(
                        "this column is not one of a register; its text is kept as printed only.",
                        place,
                        column=words,
                    )
                )
        self.headings = headings

    def _by_field(
        self, headings: Headings, row: TableRow
    ) -> tuple[dict[str, Cell], frozenset[str], frozenset[str]]:
        cells: dict[str, Cell] = {}
        merged, opened = set(), set()
        for table_cell in row.cells:
            name = _name(headings, table_cell)
            if name is None:
                continue
            if table_cell.merged:
                merged.add(name)
                continue
            if table_cell.opens_merge:
                opened.add(name)
            cells[name] = cells.get(name, Cell()) + table_cell.cell
        return cells, frozenset(merged), frozenset(opened)

    def _looks_complete(self, part: RowOfEntry) -> bool:
        """A row without a reference that still has all that makes an entry."""
        return bool(part.cells.get(DESCRIPTION)) and all(
            part.cells.get(name) and name not in part.merged for name in (SCORE, OWNER)
        )

    def _continues_over_a_page(self, printed: str, part: RowOfEntry) -> bool:
        """The reference of the open entry, printed again: on a new page, nothing else is new."""
        if self.open is None:
            return False
        name = without_continued(printed)
        if name.casefold() != self.open.reference.casefold():
            return False
        first = self.open.rows[0].cells
        return name != printed or all(
            not part.cells.get(column) or part.cells[column].line == first.get(column, Cell()).line
            for column in (DESCRIPTION, SCORE, RESIDUAL, OWNER)
        )

    def _open(self, printed: str, part: RowOfEntry) -> None:
        self._close()
        if self.headings is None:
            return
        if canonical_reference(printed) is None:
            self.problems.append(
                Problem(
                    "the reference is not letters and a number, so the row was left out.",
                    part.place,
                    column=self.headings.column(REFERENCE),
                    read=_shortened(printed),
                )
            )
            return
        self.open = _Gathered(self.headings, part.place, printed, [part])

    def _continue(self, part: RowOfEntry, row: TableRow) -> None:
        if self.open is None:
            self._misfit("continues no entry and was left out.", row, part.place)
            return
        self.open.rows.append(self._without_repeats(part))

    def _without_repeats(self, part: RowOfEntry) -> RowOfEntry:
        """A continued row may print the short cells of the first row once more."""
        if self.open is None:
            return part
        first = self.open.rows[0].cells
        cells = {
            name: Cell()
            if name in (REFERENCE, DESCRIPTION, SCORE, RESIDUAL, OWNER)
            and cell.line == first.get(name, Cell()).line
            else cell
            for name, cell in part.cells.items()
        }
        return RowOfEntry(part.place, cells, part.merged, part.opened)

    def _close(self) -> None:
        if self.open is not None:
            entry, problems = _entry(self.open)
            self.entries.append(entry)
            self.problems.extend(problems)
        self.open = None

    def _misfit(self, message: str, row: TableRow, place: Place) -> None:
        words = _shortened(" | ".join(text for _, text in row.texts() if text))
        self.problems.append(Problem(f"this row {message}", place, read=words))


def _name(headings: Headings, table_cell: TableCell) -> str | None:
    """The field (or unknown heading) that a cell stands under."""
    for position in range(table_cell.position, table_cell.position + table_cell.span):
        if position in headings.fields:
            return headings.fields[position]
        if headings.words.get(position):
            return headings.words[position]
    return None


def _entry(gathered: _Gathered) -> tuple[EntryAsPrinted, list[Problem]]:
    lines, whole, strands, problems = read_parts(
        gathered.rows, gathered.headings, gathered.reference
    )
    names = [
        gathered.headings.fields.get(position, words)
        for position, words in gathered.headings.words.items()
        if words
    ]
    cells = {name: _whole_column(gathered.rows, name) for name in names}
    for name in (SCORE, RESIDUAL):
        if sum(bool(row.cells.get(name)) for row in gathered.rows) > 1:
            problems.append(
                Problem(
                    "several rows of this entry have a score of their own.",
                    gathered.place,
                    gathered.reference,
                    gathered.headings.column(name),
                    cells[name].line,
                )
            )
    entry = EntryAsPrinted(
        kind=gathered.headings.kind,
        place=gathered.place,
        reference=gathered.reference,
        lines=lines,
        whole=whole,
        strands=strands,
        score=cells.get(SCORE, Cell()).line,
        residual=cells.get(RESIDUAL, Cell()).line,
        owner=cells.get(OWNER, Cell()),
        cells=_as_text(cells),
    )
    return entry, problems


def _whole_column(rows: list[RowOfEntry], name: str) -> Cell:
    cell = Cell()
    for row in rows:
        cell += row.cells.get(name, Cell())
    return cell


def _as_text(cells: Mapping[str, Cell]) -> dict[str, str]:
    """What is kept beside the values: bullets where the column has points, else plain lines."""
    return {
        name: cell.written()
        if name in PART_FIELDS or name not in (REFERENCE, SCORE, RESIDUAL, OWNER, DESCRIPTION)
        else "\n".join(cell.texts)
        for name, cell in cells.items()
    }


def _shortened(text: str, longest: int = 120) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
