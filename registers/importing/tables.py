"""Tables as they stand in a document → entries as printed.

Whatever the reader, a table is rows of cells at positions. What makes entries of them is here: a
heading sets the columns (again and again: repeated on a new page, or turning to opportunities
in mid-table), a reference opens an entry, a row without one continues it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from registers.domain.folding import fold
from registers.domain.passages import Point
from registers.domain.scale import LIKELIHOOD_WORDS, OPPORTUNITY, RISK
from registers.importing.cells import (
    is_reference,
    names_several,
    opening_reference,
    without_continued,
)
from registers.importing.columns import Columns, missing, settle
from registers.importing.documents import Document, Table, TableCell, TableRow
from registers.importing.heading_rows import HeadingRows, headings_at
from registers.importing.layouts import as_rows
from registers.importing.other_scales import OtherScale, check_line
from registers.importing.other_tables import (
    Belonging,
    belonging,
    is_of_closed,
    of_another_quarter,
)
from registers.importing.printed import (
    ACTION_DUE,
    ACTION_LEAD,
    ACTION_STATUS,
    ACTIONS,
    COMMENTARY,
    DESCRIPTION,
    DIRECTION,
    FIELDS,
    FORMULA,
    INHERENT,
    KIND,
    LEVEL_FIELDS,
    NOTE,
    OWNER,
    PART_FIELDS,
    PICTURE,
    REFERENCE,
    RESIDUAL,
    SCORE,
    SCORES,
    STRUCK,
    TITLE,
    ActionPoint,
    AnotherScale,
    Cell,
    Choice,
    ColumnTaken,
    EditionAsPrinted,
    EntryAsPrinted,
    Instructions,
    Place,
    Problem,
    Question,
    Remark,
)
from registers.importing.quarters_named import every_named_in
from registers.importing.strands import RowOfEntry, read_parts, strand_number

READ_IT, LEAVE_IT = "read", "leave out"
_ASIDE = (Choice(LEAVE_IT, "leave it out"), Choice(READ_IT, "read it as part of this register"))
_BESIDE_ACTIONS = (ACTION_LEAD, ACTION_DUE, ACTION_STATUS)
# What a row may repeat from the first row of its entry without saying anything new.
_SHORT = (REFERENCE, DESCRIPTION, OWNER, *SCORES, *LEVEL_FIELDS)


@dataclass(slots=True)
class _Gathered:
    """The rows of one entry while the table is being read."""

    columns: Columns
    place: Place
    reference: str
    rows: list[RowOfEntry] = field(default_factory=list)


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
        self.questions: list[Question] = []
        self.all_columns: list[Columns] = []
        self.taken: list[ColumnTaken] = []
        self.columns: Columns | None = None
        self.width = 0
        self.open: _Gathered | None = None
        self.kind_above = ""
        self.line_across = ""
        self.first_name: str | None = None
        self.leaving_out = False
        self.headings: dict[int, dict[int, HeadingRows]] = {}
        self.settled = self._settle(document.tables)
        self.quarters = {
            (named.number, named.year)
            for table in document.tables
            if self._headings_in(table)
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

    def _headings_in(self, table: Table) -> dict[int, HeadingRows]:
        """The headings of a table by the place of their first row, looked for once."""
        if table.number not in self.headings:
            self.headings[table.number] = {
                index: found
                for index in range(len(table.rows))
                if (found := headings_at(table.rows, index, self.told.columns))
            }
        return self.headings[table.number]

    def _headings_at(self, table: Table, index: int) -> HeadingRows | None:
        return self._headings_in(table).get(index)

    # Columns ----------------------------------------------------------------------------------

    def _settle(self, tables: Sequence[Table]) -> dict[tuple[tuple[int, str], ...], Columns]:
        """The columns under each different heading, by the evidence of all tables that have it."""
        below: dict[tuple[tuple[int, str], ...], list[TableRow]] = {}
        words: dict[tuple[tuple[int, str], ...], HeadingRows] = {}
        key: tuple[tuple[int, str], ...] | None = None
        width = 0
        for table in tables:
            if key and table.width != width:
                key = None
            skip = 0
            for index, row in enumerate(table.rows):
                if skip:
                    skip -= 1
                elif found := self._headings_at(table, index):
                    key, skip, width = found.key, found.height - 1, table.width
                    words[key] = found
                    below.setdefault(key, [])
                elif key and not row.hidden:
                    below[key].append(row)
        try:
            self._check_lines(tables)
            return {
                each: settle(words[each].words, _samples(words[each].words, rows), self.told)
                for each, rows in below.items()
            }
        except OtherScale as error:
            raise AnotherScale(
                f"This register is not on a 5×5: {error}. Its scores would mean something else "
                "here, so nothing was loaded. Say what each of its levels is on ours."
            ) from error

    def _check_lines(self, tables: Sequence[Table]) -> None:
        """The title and the lines above a register may name another scale."""
        if self.told.levels:
            return
        check_line(self.document.title)
        for table in tables:
            for line in table.above if self._headings_in(table) else ():
                check_line(line)

    def _turn_to(self, found: HeadingRows, place: Place) -> None:
        columns = self.settled[found.key]
        if self.columns is None or columns.printed != self.columns.printed:
            self._close()
            self._say_of_columns(columns, place)
            if columns not in self.all_columns:
                self.taken.extend(_taken(columns, place))
            self.all_columns.append(columns)
        self.columns = columns

    def _say_of_columns(self, columns: Columns, place: Place) -> None:
        """What was taken for what, said once; and what the table does not have."""
        if columns in self.all_columns:
            return
        self.questions.extend(replace(question, place=place) for question in columns.questions)
        asked = {words for question in columns.questions for words in question.columns}
        for words in columns.kept:
            if words not in asked:
                self.problems.append(
                    Problem(
                        "this column is not one of a register; its text is kept as printed only.",
                        place,
                        column=words,
                    )
                )
        said = [*columns.remarks, *missing(columns)]
        if not columns.has(REFERENCE):
            said.append(
                "there is no column of references; they were read at the head of the descriptions."
            )
        self.problems.extend(Problem(sentence, place) for sentence in said)

    # Tables -----------------------------------------------------------------------------------

    def _table(self, table: Table) -> None:
        has_headings = bool(self._headings_in(table))
        if not has_headings:
            if is_key_to_scores(table) or not any(table.rows):
                return
            if self.columns is None or table.width != self.width:
                self._left_out(table)
                return
        if (has_headings or self.first_name) and self._is_another(table):
            return
        if has_headings:
            self.kind_above = _kind_named([*table.above, *filter(None, [table.name])])
            self.kind_above = self.kind_above or _kind_named([self.document.title])
        self.line_across = ""
        self.width = table.width
        self.leaving_out = False
        skip = 0
        for index, row in enumerate(table.rows):
            place = Place(table.number, row.number)
            if skip:
                skip -= 1
            elif found := self._headings_at(table, index):
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
                read=_shortened(" | ".join(text for _, text in first.texts() if text)),
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
        part = self._part(self.columns, row, place)
        if self._is_struck(row):
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
        elif not printed and not self._looks_complete(part):
            self._say_if_it_may_be_one(part)
            self._continue(part, row)
        elif not printed:
            self._misfit("has no reference, so it was left out: give it one.", row, part.place)
        elif self._continues_over_a_page(printed, part):
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
                    _shortened(lines[0]),
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
        if kind := _kind_named([line]):
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
            and bool(self._part(self.columns, below, part.place, silent=True).cells.get(REFERENCE))
        )

    def _part(
        self, columns: Columns, row: TableRow, place: Place, *, silent: bool = False
    ) -> RowOfEntry:
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
                _shortened(cell.cell.line),
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
                    read=_shortened(cell.line),
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
                        _shortened(" | ".join(texts)),
                    )
                )
        return Cell(tuple(_detailed(actions, beside)), actions.remarks)

    # Struck out ---------------------------------------------------------------------------------

    def _is_struck(self, row: TableRow) -> bool:
        cells = [c.cell for c in row.cells if not c.merged]
        return not any(cells) and any(_struck(cell) for cell in cells)

    def _struck(self, part: RowOfEntry, row: TableRow) -> None:
        """A row of which every word is struck through: asked, and read only if told to."""
        cells = {name: _unstruck(cell) for name, cell in part.cells.items()}
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
                    read=_shortened(printed),
                )
            )
            return
        self.open = _Gathered(self.columns, part.place, printed, [part])
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
        rest = self._without_repeats(part, again=again)
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

    def _without_repeats(self, part: RowOfEntry, *, again: bool) -> RowOfEntry:
        """A continued row may print the short cells of the first row once more; a row that
        prints the reference again may repeat any of them."""
        if self.open is None:
            return part
        first = self.open.rows[0].cells
        cells = {
            name: Cell()
            if (name in _SHORT and cell.line == first.get(name, Cell()).line)
            or (again and cell.lines == first.get(name, Cell()).lines)
            or (again and name == REFERENCE)
            else cell
            for name, cell in part.cells.items()
        }
        return RowOfEntry(part.place, cells, part.merged, part.opened)

    def _close(self) -> None:
        if self.open is not None:
            entry, problems = _entry(self.open, self.kind_above, self.line_across)
            self.entries.append(entry)
            self.problems.extend(problems)
        self.open = None

    def _misfit(self, message: str, row: TableRow, place: Place) -> None:
        words = _shortened(" | ".join(text for _, text in row.texts() if text))
        self.problems.append(Problem(f"this row {message}", place, read=words))


def _taken(columns: Columns, place: Place) -> Iterator[ColumnTaken]:
    for position, words in columns.words.items():
        name = columns.fields.get(position, "")
        if position >= 0 and words:
            yield ColumnTaken(words, name, place, columns.proofs.get(name, ""), position + 1)


def _samples(words: Mapping[int, str], rows: Sequence[TableRow]) -> dict[int, list[str]]:
    """The cells under each heading, row by row; a blank where a row has none of its own."""
    samples: dict[int, list[str]] = {position: [] for position in words}
    for row in rows:
        own = {c.position: c.cell.line for c in row.cells if not c.merged}
        for position, texts in samples.items():
            texts.append(own.get(position, ""))
    return samples


def _names(columns: Columns, table_cell: TableCell) -> Iterator[str]:
    """The fields (or else the unknown headings) that a cell stands under."""
    for position in range(table_cell.position, table_cell.position + table_cell.span):
        if position in columns.keys:
            yield columns.keys[position]


def _kind_named(lines: Sequence[str]) -> str:
    """The kind that the lines above a table name, if they name one only."""
    text = fold(" ".join(lines[-1:]))
    opportunities, risks = "opportunit" in text, bool(re.search(r"\brisks?\b", text))
    return (OPPORTUNITY if opportunities else RISK) if opportunities != risks else ""


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


def _struck(cell: Cell) -> list[Remark]:
    return [remark for remark in cell.remarks if remark.what == STRUCK]


def _unstruck(cell: Cell) -> Cell:
    return Cell(tuple(Point(remark.text) for remark in _struck(cell) if remark.text.strip()))


_SAID_OF = {
    STRUCK: "this is struck through, so it was not read.",
    PICTURE: "a picture or a drawing stands here, and what it shows was not read.",
    FORMULA: "a formula stands here whose value is not in the file: open it in Excel and save it.",
    NOTE: "a note belongs to this cell; it was not taken into the text.",
}
_SAID_OF_DIRECTION = "the direction is a picture, so it was not read: set it by hand."


def _entry(
    gathered: _Gathered, kind_above: str, line_across: str
) -> tuple[EntryAsPrinted, list[Problem]]:
    columns, rows = gathered.columns, gathered.rows
    lines, whole, strands, problems = read_parts(rows, columns, gathered.reference)
    cells = {name: _whole_column(rows, name) for name in columns.keys.values()}
    if REFERENCE not in cells:
        cells[REFERENCE] = rows[0].cells.get(REFERENCE, Cell())
    for name in (SCORE, RESIDUAL, INHERENT):
        if sum(bool(row.cells.get(name)) for row in rows) > 1:
            problems.append(
                Problem(
                    "several rows of this entry have a score of their own.",
                    gathered.place,
                    gathered.reference,
                    columns.column(name),
                    cells[name].line,
                )
            )
    problems.extend(_seen(gathered))
    kind, problem = _kind(columns, cells, kind_above, line_across)
    if problem:
        problems.append(
            Problem(
                problem, gathered.place, gathered.reference, columns.column(KIND), cells[KIND].line
            )
        )
    entry = EntryAsPrinted(
        kind=kind,
        kind_above=kind_above,
        place=gathered.place,
        reference=gathered.reference,
        lines=lines,
        whole=whole,
        strands=strands,
        score=cells.get(SCORE, Cell()).line,
        residual=cells.get(RESIDUAL, Cell()).line,
        inherent=cells.get(INHERENT, Cell()).line,
        levels={name: cells[name].line for name in LEVEL_FIELDS if name in cells},
        orders=columns.order,
        owner=cells.get(OWNER, Cell()),
        commentary=cells.get(COMMENTARY, Cell()),
        cells=_as_text(cells),
        columns=columns.printed,
    )
    return entry, problems


def _kind(columns: Columns, cells: Mapping[str, Cell], above: str, across: str) -> tuple[str, str]:
    """By a column of kinds or by the headings; '' if neither says."""
    if columns.has(KIND):
        words = fold(cells[KIND].line)
        if re.fullmatch(r"(threat|risk)s?", words):
            return RISK, ""
        if re.fullmatch(r"opportunit(y|ies)", words):
            return OPPORTUNITY, ""
        return "", "this says neither risk nor opportunity, so the reference decides."
    if across and columns.kind and columns.kind != above:
        return columns.kind, (
            f"this stands below the line “{across}”, and the headings say otherwise; it was read "
            "as the headings say."
        )
    return columns.kind, ""


def _seen(gathered: _Gathered) -> Iterator[Problem]:
    """What stands in the cells of an entry beside their text."""
    for row in gathered.rows:
        for name, cell in row.cells.items():
            if name == DESCRIPTION and TITLE in row.cells:
                continue
            for remark in cell.remarks:
                message = _SAID_OF[remark.what]
                if name == DIRECTION and remark.what == PICTURE:
                    message = _SAID_OF_DIRECTION
                yield Problem(
                    message,
                    row.place,
                    gathered.reference,
                    gathered.columns.column(name),
                    _shortened(remark.text),
                )


def _whole_column(rows: Sequence[RowOfEntry], name: str) -> Cell:
    cell = Cell()
    for row in rows:
        cell += row.cells.get(name, Cell())
    return cell


def _as_text(cells: Mapping[str, Cell]) -> dict[str, str]:
    """What is kept beside the values: bullets where the column has points, else plain lines."""
    return {
        name: "\n".join(cell.texts)
        if name in (*_SHORT, KIND, TITLE) and name not in PART_FIELDS
        else cell.written()
        for name, cell in cells.items()
    }


def _shortened(text: str, longest: int = 120) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
