"""Some entries of an open edition as a workbook: filled in without a network, and brought back.

Each row has its key in a hidden column; the versions that went out are sealed on a hidden sheet.
Every cell that is to be filled in is text, so that what begins like a formula stays what it says.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from registers.domain import days, offline
from registers.domain.english import written
from registers.domain.kinds import WORDS
from registers.domain.offline import Column
from registers.exporting.tabular import dress_heading, held
from registers.models import Edition, Snapshot, Type
from registers.models.fields import MOST_IN_A_TEXT
from registers.reading.offline import Keys, last_published

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a cell of Excel holds is more than this.
PIECE = 30_000
_PREFIXES = {"current": "", "residual": "residual_", "inherent": "inherent_"}
_TOP = Alignment(vertical="top", wrap_text=True)
_FIXED_FILL = PatternFill("solid", start_color="EDF2F1")
_EDGE = Border(bottom=Side(style="thin", color="C7D0CE"), right=Side(style="thin", color="C7D0CE"))
_OPEN = Protection(locked=False)


def as_workbook(edition: Edition, snapshots: Sequence[Snapshot], *, whose: str) -> bytes:
    """`snapshots` with their content; `whose` they are stands on the first sheet."""
    book = Workbook()
    _read_me(book.active, edition, snapshots, whose)
    before = last_published(snapshots)
    inherent = edition.register.uses_inherent_score
    entries = _Page(book, offline.ENTRIES, inherent=inherent)
    for one in snapshots:
        entries.add(one, one, before=_before(before.get(one.entry_id)))
    actions = _Page(book, offline.ACTIONS, inherent=inherent)
    for one in snapshots:
        for action in one.actions.all():
            actions.add(action, one)
    for _ in range(offline.ROOM):
        actions.add_room()
    _offer_references(actions, len(snapshots))
    parts = _Page(book, offline.PARTS, inherent=inherent)
    for one in snapshots:
        for strand in one.strands.all():
            parts.add(strand, one)
    if not parts.rows:
        book.remove(parts.sheet)
    _seal(book, Keys.of(edition, snapshots))
    book.properties.title = f"{edition.register}, {edition}"
    book.properties.creator = "Five by Five"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class _Page:
    """A sheet as it grows: its columns, and what each cell of them offers and says."""

    def __init__(self, book: Workbook, name: str, *, inherent: bool) -> None:
        self.sheet: Worksheet = book.create_sheet(name)
        self.columns = offline.columns_of(name, inherent=inherent)
        self.rows = 0
        self.rules: dict[tuple[str, str], DataValidation] = {}
        for number, column in enumerate(self.columns, start=1):
            self.sheet.column_dimensions[get_column_letter(number)].width = column.width
            heading = self.sheet.cell(1, number, column.heading)
            dress_heading(heading)
        self.sheet.column_dimensions["A"].hidden = True
        self.sheet.freeze_panes = "D2" if name == offline.ENTRIES else "C2"
        _protect(self.sheet)

    def add(self, row: Any, of: Snapshot, *, before: str = "") -> None:
        """A row of an entry, or of an action or a part of it."""
        fixed = {
            offline.KEY: str(row.pk),
            offline.REFERENCE: of.reference,
            offline.BEFORE: before,
            offline.NUMBER: str(getattr(row, "number", "")),
        }
        self._add(of.entry.kind, row, fixed)

    def add_room(self) -> None:
        """An empty row, for what is new: whose it is is chosen from a list."""
        self._add("risk", None, {})

    def _add(self, kind: str, row: Any, fixed: Mapping[str, str]) -> None:
        number = offline.FIRST_ROW + self.rows
        self.rows += 1
        for place, column in enumerate(self.columns, start=1):
            cell = self.sheet.cell(number, place)
            _dress(cell, column, is_new=row is None)
            if column.kind == offline.FIXED:
                _write(cell, fixed.get(column.name, ""))
            else:
                _write(cell, _shown(row, column, kind) if row is not None else "")
                self._rule(column, kind).add(cell)

    def _rule(self, column: Column, kind: str) -> DataValidation:
        """One for a column, or two where risks and opportunities have other words."""
        key = column.name, kind if column.kind == offline.LEVEL else ""
        if key not in self.rules:
            self.rules[key] = _rule(column, kind)
            self.sheet.add_data_validation(self.rules[key])
        return self.rules[key]


def _protect(sheet: Worksheet) -> None:
    """Without a password: it keeps rows from being sorted away from their hidden keys."""
    sheet.protection.sheet = True
    sheet.protection.formatCells = False
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False


def _dress(cell: Cell, column: Column, *, is_new: bool) -> None:
    cell.alignment, cell.border = _TOP, _EDGE
    is_fixed = column.kind == offline.FIXED and not (is_new and column.name == offline.REFERENCE)
    if is_fixed:
        cell.fill = _FIXED_FILL
    else:
        cell.protection = _OPEN
    cell.number_format = "dd/mm/yyyy" if column.kind == offline.DAY else "@"


def _write(cell: Cell, value: str | date) -> None:
    if isinstance(value, date):
        cell.value = value
    elif value:
        cell.value = held(value)
        cell.data_type = "s"


def _shown(row: Any, column: Column, kind: str) -> str | date:
    """What a cell says of a row: as it can be typed."""
    if column.kind == offline.TYPES:
        return "; ".join(type_.name for type_ in row.types.all())
    if column.kind == offline.PART:
        return str(row.strand.number) if row.strand_id else ""
    if column.kind == offline.LEVEL:
        return _level(row, column, kind)
    value = getattr(row, column.name)
    if column.kind == offline.CHOICE:
        return offline.choices_of(column.name)[value]
    return value or ""


def _level(row: Any, column: Column, kind: str) -> str:
    score, _, part = column.name.rpartition(" ")
    level = getattr(row, f"{_PREFIXES[score]}{part}" if score else column.name)
    return offline.level_words(column.name, kind)[level - 1] if level else ""


def _rule(column: Column, kind: str) -> DataValidation:
    rule = _what_fits(column, kind)
    rule.allow_blank = True
    rule.promptTitle, rule.prompt = column.heading[:32], column.help[:255]
    rule.showInputMessage = bool(column.help)
    rule.errorTitle, rule.showErrorMessage = column.heading[:32], True
    return rule


def _what_fits(column: Column, kind: str) -> DataValidation:
    if column.kind in (offline.LEVEL, offline.CHOICE):
        words = (
            offline.level_words(column.name, kind)
            if column.kind == offline.LEVEL
            else tuple(offline.choices_of(column.name).values())
        )
        return DataValidation("list", f'"{",".join(words)}"', error="Choose from the list.")
    if column.kind == offline.DAY:
        first, last = (f"DATE({d.year},{d.month},{d.day})" for d in (days.FIRST, days.LAST))
        return DataValidation("date", first, operator="between", formula2=last,
                              error=days.HOW_TO_WRITE)  # fmt: skip
    return DataValidation("textLength", str(MOST_IN_A_TEXT), operator="lessThanOrEqual",
                          error=f"At most {MOST_IN_A_TEXT:,} characters can be kept.")  # fmt: skip


def _offer_references(actions: _Page, entries: int) -> None:
    """In the rows for new actions, the entries of the workbook."""
    last = offline.FIRST_ROW + entries - 1
    rule = DataValidation(
        "list",
        f"{offline.ENTRIES}!$B${offline.FIRST_ROW}:$B${last}",
        allow_blank=True,
        error="Choose the reference of an entry.",
        prompt="The entry to which the action belongs.",
        promptTitle="Reference",
        showInputMessage=True,
        showErrorMessage=True,
    )
    end = offline.FIRST_ROW + actions.rows - 1
    rule.add(f"B{end - offline.ROOM + 1}:B{end}")
    actions.sheet.add_data_validation(rule)


def _before(snapshot: Snapshot | None) -> str:
    """What was published last of an entry, in a few lines."""
    if snapshot is None:
        return "New this quarter"
    scores = [
        f"{words} {score}"
        for words, score in (("score", snapshot.score), ("residual", snapshot.residual_score))
        if score is not None
    ]
    said = ", ".join([*scores, snapshot.get_direction_display().lower()])
    return "\n".join(filter(None, [f"{snapshot.edition}: {said}", snapshot.commentary]))


# The other sheets ---------------------------------------------------------------------------------


def _read_me(sheet: Worksheet, edition: Edition, snapshots: Sequence[Snapshot], whose: str) -> None:
    sheet.title = offline.READ_ME
    sheet.column_dimensions["A"].width = 100
    for number, line in enumerate(_lines(edition, snapshots, whose), start=1):
        cell = sheet.cell(number, 1)
        cell.alignment = _TOP
        _write(cell, line)
    sheet["A1"].font = Font(bold=True, size=14)
    _protect(sheet)


def _lines(edition: Edition, snapshots: Sequence[Snapshot], whose: str) -> Iterator[str]:
    yield f"{edition.register}, {edition}: {whose}"
    yield f"As it stood on {written(timezone.localdate())}."
    yield (
        "Change what has changed, save, and bring this workbook back under My updates. You see "
        "there what it would change, beside what stands, before anything is saved."
    )
    yield (
        "White cells are yours to fill in. Choose one, and it says what belongs there. Grey cells "
        "are there to be read."
    )
    yield (
        "New actions go into the empty rows of the sheet Actions. An action or a part can’t be "
        "taken out here, and no new part begun: do that on the entry’s page."
    )
    exempt = [one.reference for one in snapshots if one.entry.exempt]
    if exempt:
        yield (
            f"Not for publication: {', '.join(exempt)}. Keep this file where only those who may "
            "read it can open it."
        )
    types = Type.objects.in_force(timezone.localdate()).values_list("name", flat=True)
    yield f"Types: {'; '.join(types)}."
    for kind in dict.fromkeys(one.entry.kind for one in snapshots):
        yield (
            f"Levels of {WORDS[kind].plural}: impact "
            f"{', '.join(offline.level_words(offline.IMPACT, kind))}; likelihood "
            f"{', '.join(offline.level_words(offline.LIKELIHOOD, kind))}."
        )


def _seal(book: Workbook, keys: Keys) -> None:
    sheet = book.create_sheet(offline.KEYS)
    sheet.sheet_state = "veryHidden"
    sealed = keys.sealed()
    for number, start in enumerate(range(0, len(sealed), PIECE), start=1):
        sheet.cell(number, 1, sealed[start : start + PIECE]).data_type = "s"
