"""The rows of one entry → the entry as printed, with what stands in its cells beside their text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from registers.domain.folding import fold
from registers.domain.scale import OPPORTUNITY, RISK
from registers.importing.cells import without_continued
from registers.importing.columns import Columns
from registers.importing.printed import (
    COMMENTARY,
    DESCRIPTION,
    DIRECTION,
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
    Cell,
    EntryAsPrinted,
    Place,
    Problem,
    shortened,
)
from registers.importing.strands import RowOfEntry, read_parts

# What a row may repeat from the first row of its entry without saying anything new.
SHORT = (REFERENCE, DESCRIPTION, OWNER, *SCORES, *LEVEL_FIELDS)


@dataclass(slots=True)
class Gathered:
    """The rows of one entry while the table is being read."""

    columns: Columns
    place: Place
    reference: str
    rows: list[RowOfEntry] = field(default_factory=list)

    def goes_on_in(self, printed: str, part: RowOfEntry) -> bool:
        """Whether its reference is printed again, on a new page, and nothing else is new."""
        name = without_continued(printed)
        if name.casefold() != self.reference.casefold():
            return False
        first = self.rows[0].cells
        return name != printed or all(
            not part.cells.get(column) or part.cells[column].line == first.get(column, Cell()).line
            for column in (DESCRIPTION, SCORE, RESIDUAL, OWNER)
        )

    def without_repeats(self, part: RowOfEntry, *, again: bool) -> RowOfEntry:
        """A continued row may print the short cells of the first row once more; a row that
        prints the reference again may repeat any of them."""
        first = self.rows[0].cells
        cells = {
            name: Cell()
            if (name in SHORT and cell.line == first.get(name, Cell()).line)
            or (again and cell.lines == first.get(name, Cell()).lines)
            or (again and name == REFERENCE)
            else cell
            for name, cell in part.cells.items()
        }
        return RowOfEntry(part.place, cells, part.merged, part.opened)


def looks_complete(part: RowOfEntry) -> bool:
    """A row without a reference that still has all that makes an entry."""
    return bool(part.cells.get(DESCRIPTION)) and all(
        part.cells.get(name) and name not in part.merged for name in (SCORE, OWNER)
    )


_SAID_OF = {
    STRUCK: "this is struck through, so it was not read.",
    PICTURE: "a picture or a drawing stands here, and what it shows was not read.",
    FORMULA: "a formula stands here whose value is not in the file: open it in Excel and save it.",
    NOTE: "a note belongs to this cell; it was not taken into the text.",
}
_SAID_OF_DIRECTION = "the direction is a picture, so it was not read: set it by hand."


def entry_of(
    gathered: Gathered, kind_above: str, line_across: str
) -> tuple[EntryAsPrinted, list[Problem]]:
    """The entry as it is printed, and what must be looked at in it."""
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


def _seen(gathered: Gathered) -> Iterator[Problem]:
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
                    shortened(remark.text),
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
        if name in (*SHORT, KIND, TITLE) and name not in PART_FIELDS
        else cell.written()
        for name, cell in cells.items()
    }
