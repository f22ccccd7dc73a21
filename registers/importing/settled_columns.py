"""The columns under every heading of a document, settled by the evidence of all its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from registers.importing.columns import Columns, missing, settle
from registers.importing.documents import Document, Table, TableRow
from registers.importing.heading_rows import HeadingRows, headings_at
from registers.importing.other_scales import OtherScale, check_line
from registers.importing.printed import (
    REFERENCE,
    AnotherScale,
    ColumnTaken,
    Instructions,
    Place,
    Problem,
)


class SettledColumns:
    """Where the headings of each table stand, and what their columns are.

    Raises AnotherScale where the scores are those of another scale than the 5×5.
    """

    def __init__(self, document: Document, told: Instructions) -> None:
        self.title, self.told = document.title, told
        self.headings: dict[int, dict[int, HeadingRows]] = {}
        self.by_key = self._settle(document.tables)

    def headings_in(self, table: Table) -> dict[int, HeadingRows]:
        """The headings of a table by the place of their first row, looked for once."""
        if table.number not in self.headings:
            self.headings[table.number] = {
                index: found
                for index in range(len(table.rows))
                if (found := headings_at(table.rows, index, self.told.columns))
            }
        return self.headings[table.number]

    def headings_at(self, table: Table, index: int) -> HeadingRows | None:
        return self.headings_in(table).get(index)

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
                elif found := self.headings_at(table, index):
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
        check_line(self.title)
        for table in tables:
            for line in table.above if self.headings_in(table) else ():
                check_line(line)


def said_of(columns: Columns, place: Place) -> Iterator[Problem]:
    """What is only kept as printed, what was taken for what, and what the table does not have."""
    asked = {words for question in columns.questions for words in question.columns}
    for words in columns.kept:
        if words not in asked:
            yield Problem(
                "this column is not one of a register; its text is kept as printed only.",
                place,
                column=words,
            )
    for sentence in (*columns.remarks, *missing(columns)):
        yield Problem(sentence, place)
    if not columns.has(REFERENCE):
        yield Problem(
            "there is no column of references; they were read at the head of the descriptions.",
            place,
        )


def taken(columns: Columns, place: Place) -> Iterator[ColumnTaken]:
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
