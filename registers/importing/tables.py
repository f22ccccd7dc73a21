"""Tables as they stand in a document → entries as printed.

Whatever the reader, a table is rows of cells at positions. What makes entries of them is here: a
heading sets the columns (again and again: repeated on a new page, or turning to opportunities
in mid-table), a reference opens an entry, a row without one continues it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from registers.domain.folding import fold
from registers.domain.scale import LIKELIHOOD_WORDS, RISK
from registers.importing.cells import is_reference, names_several
from registers.importing.cells_by_field import CellsByField
from registers.importing.columns import Columns
from registers.importing.documents import Document, Table, TableRow
from registers.importing.heading_rows import HeadingRows
from registers.importing.headings import kind_named
from registers.importing.layouts import as_rows
from registers.importing.other_tables import (
    Belonging,
    belonging,
    is_of_closed,
    of_another_quarter,
)
from registers.importing.printed import (
    DESCRIPTION,
    FIELDS,
    LEVEL_FIELDS,
    OWNER,
    REFERENCE,
    SCORES,
    TITLE,
    Cell,
    Choice,
    ColumnTaken,
    EditionAsPrinted,
    EntryAsPrinted,
    Instructions,
    Place,
    Problem,
    Question,
    shortened,
)
from registers.importing.printed_entries import Gathered, entry_of, looks_complete
from registers.importing.quarters_named import every_named_in
from registers.importing.settled_columns import SettledColumns, said_of, taken
from registers.importing.strands import RowOfEntry, strand_number
from registers.importing.struck_rows import is_struck, unstruck

READ_IT, LEAVE_IT = "read", "leave out"
_ASIDE = (Choice(LEAVE_IT, "leave it out"), Choice(READ_IT, "read it as part of this register"))


def read_tables(document: Document, told: Instructions | None = None) -> EditionAsPrinted:
    """All entries of a document, in printed order. Tables that are no register are left out.

    Raises AnotherScale where the scores are those of another scale than the 5×5.
    """
    return _Reading(as_rows(document), told or Instructions()).read()


def is_key_to_scores(table: Table) -> bool:
    """The legend of the 5×5: it names the likelihoods in a row, and impact in another."""
    words = {text.casefold() for row in table.rows for _, text in row.texts()}
    return {word.casefold() for word in LIKELIHOOD_WORDS} <= words


class _Reading:
    """One pass over the tables of a document."""

    def __init__(self, document: Document, told: Instructions) -> None:
        self.document, self.told = document, told
        self.entries: list[EntryAsPrinted] = []
        self.problems: list[Problem] = list(document.problems)
        self.cells = CellsByField(self.problems)
        self.questions: list[Question] = []
        self.all_columns: list[Columns] = []
        self.taken: list[ColumnTaken] = []
        self.columns: Columns | None = None
        self.width = 0
        self.open: Gathered | None = None
        self.kind_above = ""
        self.line_across = ""
        self.first_name: str | None = None
        self.leaving_out = False
        self.settled = SettledColumns(document, told)
        self.quarters = {
            (named.number, named.year)
            for table in document.tables
            if self.settled.headings_in(table)
            for line in (*table.above, table.name)
            for named in every_named_in(line)
            if named.is_quarter
        }

    def read(self) -> EditionAsPrinted:
        for table in self.document.tables:
            self._table(table)
        return EditionAsPrinted(
            title=self.document.title,
            entries=tuple(self.entries),
            headings={c.kind or RISK: c.printed for c in reversed(self.all_columns)},
            problems=tuple(self.problems),
            questions=tuple(self.questions),
            columns=tuple(self.taken),
            mentions=self.document.mentions,
        )

    # Columns ----------------------------------------------------------------------------------

    def _turn_to(self, found: HeadingRows, place: Place) -> None:
        columns = self.settled.by_key[found.key]
        if self.columns is None or columns.printed != self.columns.printed:
            self._close()
            if columns not in self.all_columns:
                self.questions.extend(replace(q, place=place) for q in columns.questions)
                self.problems.extend(said_of(columns, place))
                self.taken.extend(taken(columns, place))
            self.all_columns.append(columns)
        self.columns = columns

    # Tables -----------------------------------------------------------------------------------

    def _table(self, table: Table) -> None:
        has_headings = bool(self.settled.headings_in(table))
        if not has_headings:
            if is_key_to_scores(table) or not any(table.rows):
                return
            if self.columns is None or table.width != self.width:
                self._left_out(table)
                return
        if (has_headings or self.first_name) and self._is_another(table):
            return
        if has_headings:
            self.kind_above = kind_named([*table.above, *filter(None, [table.name])])
            self.kind_above = self.kind_above or kind_named([self.document.title])
        self.line_across = ""
        self.width = table.width
        self.leaving_out = False
        skip = 0
        for index, row in enumerate(table.rows):
            place = Place(table.number, row.number)
            if skip:
                skip -= 1
            elif found := self.settled.headings_at(table, index):
                skip = found.height - 1
                self._turn_to(found, place)
            else:
                self._row(row, place, table.rows[index + 1 :])
        self._close()

    def _left_out(self, table: Table) -> None:
        first = next(row for row in table.rows if row)
        self.problems.append(
            Problem(
                "this table has no headings of a register and was left out.",
                Place(table.number, first.number),
                read=shortened(" | ".join(text for _, text in first.texts() if text)),
            )
        )

    def _is_another(self, table: Table) -> bool:
        """Whether the lines above a table say that it is not of this register; then it is asked."""
        what = of_another_quarter(
            (*table.above, table.name), self.quarters, self.told.quarter
        ) or belonging(
            (*table.above, *filter(None, [table.name])),
            self.document.title,
            first=self.first_name,
            any_before=bool(self.entries),
        )
        if what is None:
            self.first_name = self.first_name or table.name
            return False
        return not self._asked(what, Place(table.number, table.rows[0].number if table.rows else 1))

    def _asked(self, what: Belonging, place: Place) -> bool:
        """Asks whether something is to be read; True if the answer is known and says so."""
        key = f"table: {what.line}"
        answer = self.told.answers.get(key)
        if answer is None:
            self.questions.append(Question(key, what.message, _ASIDE, place))
        return answer == READ_IT

    # Rows -------------------------------------------------------------------------------------

    def _row(self, row: TableRow, place: Place, rest: Sequence[TableRow]) -> None:
        if not row:
            return
        if row.hidden:
            self._misfit("is hidden in the file, so it was left out.", row, place)
            return
        if self.columns is None:
            self._misfit("stands above the headings and was left out.", row, place)
            return
        if self._is_across(row):
            self._across(row, place)
            return
        if self.leaving_out:
            return
        part = self.cells.of(self.columns, row, place)
        if is_struck(row):
            self._struck(part, row)
            return
        self._give(part, row, rest)

    def _give(self, part: RowOfEntry, row: TableRow, rest: Sequence[TableRow]) -> None:
        """A row opens an entry, continues one, or is said to do neither."""
        printed = part.cells.get(REFERENCE, Cell()).line
        if REFERENCE in part.merged:
            self._continue(part, row)
        elif not printed and self._is_section(part, row, rest):
            self._misfit("stands by itself between two entries and is part of neither.", row,
                         part.place)  # fmt: skip
        elif not printed and not looks_complete(part):
            self._say_if_it_may_be_one(part)
            self._continue(part, row)
        elif not printed:
            self._misfit("has no reference, so it was left out: give it one.", row, part.place)
        elif self.open is not None and self.open.goes_on_in(printed, part):
            self._continue(part, row, again=True)
        elif not self._is_closed(printed, part):
            self._open(printed, part)

    def _is_closed(self, printed: str, part: RowOfEntry) -> bool:
        """Whether a column of statuses says that an entry has ended; then it is asked."""
        for name, cell in part.cells.items():
            if name in FIELDS or "status" not in fold(name) or not is_of_closed(cell.line):
                continue
            what = Belonging(
                f"{printed} {cell.line}",
                f"“{name}” of {printed} says “{cell.line}”; it was left out. Does it still belong "
                "to the register?",
            )
            if not self._asked(what, part.place):
                self._close()
                return True
        return False

    def _say_if_it_may_be_one(self, part: RowOfEntry) -> None:
        """A row without a reference continues the entry above; with a description and an owner
        or a score of its own it may be another one."""
        lines = part.cells.get(DESCRIPTION, Cell()).texts
        own = any(part.cells.get(name) for name in (OWNER, *SCORES, *LEVEL_FIELDS))
        if self.open is None or part.merged or not lines or not own:
            return
        if lines[0][0].isupper() and not strand_number(lines[0]):
            self.problems.append(
                Problem(
                    "this row has no reference and was read as part of the entry above it.",
                    part.place,
                    self.open.reference,
                    self.open.columns.column(REFERENCE),
                    shortened(lines[0]),
                )
            )

    def _is_across(self, row: TableRow) -> bool:
        filled = [c for c in row.cells if c.cell and not c.merged]
        if len(filled) != 1 or self.width <= 1:
            return False
        return len(row.cells) == 1 or filled[0].span >= self.width - 1

    def _across(self, row: TableRow, place: Place) -> None:
        """A line across the table. 'Risks closed this quarter' asks what to do with those below."""
        line = next(c.cell.line for c in row.cells if c.cell)
        self.leaving_out = False
        if is_of_closed(line):
            self._close()
            self.leaving_out = not self._asked(
                Belonging(
                    line, f"under “{line}” stand entries that may have ended; they were left out."
                ),
                place,
            )
            return
        if kind := kind_named([line]):
            self._close()
            self.kind_above, self.line_across = kind, line
        self._misfit("stands across the whole table and was left out.", row, place)

    def _is_section(self, part: RowOfEntry, row: TableRow, rest: Sequence[TableRow]) -> bool:
        """A line with nothing beside it, above a row that opens an entry: a heading of its own."""
        filled = [c for c in row.cells if c.cell and not c.merged]
        if len(filled) != 1 or any(c.merged for c in row.cells):
            return False
        cell = filled[0].cell
        where = next((name for name, other in part.cells.items() if other == cell), "")
        if where not in (DESCRIPTION, TITLE) or len(cell.points) > 1 or strand_number(cell.line):
            return False
        below = next((other for other in rest if other), None)
        return (
            below is not None
            and self.columns is not None
            and bool(
                self.cells.of(self.columns, below, part.place, silent=True).cells.get(REFERENCE)
            )
        )

    # Struck out ---------------------------------------------------------------------------------

    def _struck(self, part: RowOfEntry, row: TableRow) -> None:
        """A row of which every word is struck through: asked, and read only if told to."""
        cells = {name: unstruck(cell) for name, cell in part.cells.items()}
        reference = cells.get(REFERENCE, Cell()).line
        key = f"struck: {reference or part.place}"
        answer = self.told.answers.get(key)
        if answer is None:
            self.questions.append(
                Question(
                    key,
                    f"the whole row of {reference or 'this entry'} is struck through (crossed "
                    "out): does it still belong to the register? Until it is said, it is left out.",
                    _ASIDE,
                    part.place,
                    reference,
                )
            )
        if answer == READ_IT:
            self._give(RowOfEntry(part.place, cells, part.merged, part.opened), row, ())

    # Entries ----------------------------------------------------------------------------------

    def _open(self, printed: str, part: RowOfEntry) -> None:
        self._close()
        if self.columns is None:
            return
        if not is_reference(printed):
            self.problems.append(
                Problem(
                    "the reference is not letters and a number, so the row was left out."
                    if not names_several(printed)
                    else "this names several references, so the row was left out: give it one.",
                    part.place,
                    column=self.columns.column(REFERENCE),
                    read=shortened(printed),
                )
            )
            return
        self.open = Gathered(self.columns, part.place, printed, [part])
        self.problems.extend(
            Problem(
                "this cell is merged with that of the entry above, so it is blank here.",
                part.place,
                printed,
                self.columns.column(name),
            )
            for name in sorted(part.merged)
            if name in FIELDS
        )

    def _continue(self, part: RowOfEntry, row: TableRow, *, again: bool = False) -> None:
        if self.open is None:
            self._misfit("continues no entry and was left out.", row, part.place)
            return
        rest = self.open.without_repeats(part, again=again)
        if again and not any(rest.cells.values()):
            self.problems.append(
                Problem(
                    "this row stands twice, word for word, and was read once.",
                    part.place,
                    self.open.reference,
                )
            )
            return
        self.open.rows.append(rest)

    def _close(self) -> None:
        if self.open is not None:
            entry, problems = entry_of(self.open, self.kind_above, self.line_across)
            self.entries.append(entry)
            self.problems.extend(problems)
        self.open = None

    def _misfit(self, message: str, row: TableRow, place: Place) -> None:
        words = shortened(" | ".join(text for _, text in row.texts() if text))
        self.problems.append(Problem(f"this row {message}", place, read=words))
