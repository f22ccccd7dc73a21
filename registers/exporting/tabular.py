"""A table as a file: CSV and Excel, of exactly what the screen shows.

What a person typed may begin like a formula, and a spreadsheet would run it when the file is
opened. Such a text is defused in both files: an apostrophe stands before it, and it stays text.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.cell import Cell as OfACell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | date | None

# A spreadsheet takes what starts with one of these for a formula (tab and return: in front of one).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
A3 = 8  # the number of the paper in the file format
LONGEST = 32_767
CUT = " … (cut: a cell of Excel holds 32,767 characters)"

# Band → background and text, as tokens.css has them by day.
BANDS = {
    "r1": ("EDF2F1", "14232A"),
    "r2": ("F3DD95", "14232A"),
    "r3": ("E39B57", "14232A"),
    "r4": ("A5352B", "FFFFFF"),
    "o1": ("EDF2F1", "14232A"),
    "o2": ("C3E3D7", "14232A"),
    "o3": ("74BBA3", "14232A"),
    "o4": ("17614F", "FFFFFF"),
}


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its heading, its width in characters, and whether its texts run over lines."""

    text: str
    width: int = 14
    wraps: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and the band that colours it ('r1' … 'o4'), if any."""

    value: Value
    band: str = ""


@dataclass(frozen=True)
class Sheet:
    """What goes into a file. `about` are pairs of label and text, kept on a sheet of their own."""

    title: str
    headings: Sequence[Heading]
    rows: Iterable[Sequence[Cell]]
    about: Sequence[tuple[str, str]] = field(default=())


def defused(text: str) -> str:
    """The text, with an apostrophe before it if a spreadsheet could take it for a formula."""
    return f"'{text}" if text.lstrip(" \n").startswith(FORMULA_STARTS) else text


def as_csv(sheet: Sheet) -> bytes:
    """UTF-8 with a byte order mark, without which Excel reads it as something else."""
    return b"".join(csv_lines(sheet))


def csv_lines(sheet: Sheet) -> Iterator[bytes]:
    """The same line by line, for a file that is too long to be held."""
    out = io.StringIO()
    writer = csv.writer(out)

    def line(values: Iterable[str]) -> bytes:
        writer.writerow(values)
        written = out.getvalue().encode()
        out.seek(0)
        out.truncate()
        return written

    yield codecs.BOM_UTF8 + line([defused(heading.text) for heading in sheet.headings])
    for row in sheet.rows:
        yield line([_plain(cell.value) for cell in row])


def _plain(value: Value) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else defused(str(value))


def as_excel(sheet: Sheet) -> bytes:
    """A workbook with a fixed heading, real numbers and dates, and scores in their bands."""
    return as_workbook(sheet.title, [sheet], sheet.about)


def as_workbook(title: str, sheets: Iterable[Sheet], about: Sequence[tuple[str, str]]) -> bytes:
    """A workbook of several sheets, and what it is about on a last one."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _page(book, sheet)
    if about:
        _about(book, about)
    book.properties.title = title
    book.properties.creator = "Five by Five"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _page(book: Workbook, sheet: Sheet) -> None:
    page = book.create_sheet(_sheet_name(sheet.title))
    page.freeze_panes = "B2"
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = A3
    page.page_setup.fitToHeight = 0
    page.print_title_rows = "1:1"
    page.oddFooter.center.text = "&A, page &P of &N"
    for number, heading in enumerate(sheet.headings, start=1):
        page.column_dimensions[get_column_letter(number)].width = heading.width
    page.append([_heading(page, heading) for heading in sheet.headings])
    count = 1
    for row in sheet.rows:
        count += 1
        page.append(
            [_cell(page, cell, heading) for cell, heading in zip(row, sheet.headings, strict=True)]
        )
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.headings))}{count}"


def _sheet_name(title: str) -> str:
    """What Excel allows as the name of a sheet: 31 characters, none of []:*?/\\."""
    return "".join("-" if mark in "[]:*?/\\" else mark for mark in title)[:31].strip("' ")


_EDGE = Border(bottom=Side(style="thin", color="C7D0CE"))
_TOP = Alignment(vertical="top")
_WRAPPED = Alignment(vertical="top", wrap_text=True)
_CENTRED = Alignment(vertical="top", horizontal="center")
_HEADING_FONT = Font(bold=True, color="FFFFFF")
_HEADING_FILL = PatternFill("solid", start_color="12343C")
_HEADING_ALIGNMENT = Alignment(vertical="center", wrap_text=True)
_BAND_FILLS = {band: PatternFill("solid", start_color=back) for band, (back, _) in BANDS.items()}
_BAND_FONTS = {band: Font(bold=True, color=text) for band, (_, text) in BANDS.items()}


def _heading(page: Worksheet, heading: Heading) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, defused(heading.text))
    dress_heading(cell)
    return cell


def dress_heading(cell: OfACell) -> None:
    cell.font, cell.fill, cell.alignment = _HEADING_FONT, _HEADING_FILL, _HEADING_ALIGNMENT


def _cell(page: Worksheet, content: Cell, heading: Heading) -> WriteOnlyCell:
    value = content.value
    if isinstance(value, str):
        value = held(value)
    cell = WriteOnlyCell(page, value)
    if isinstance(value, date):
        cell.number_format = "d mmmm yyyy"
    cell.alignment = _WRAPPED if heading.wraps else _TOP
    cell.border = _EDGE
    if content.band:
        cell.fill, cell.font = _BAND_FILLS[content.band], _BAND_FONTS[content.band]
        cell.alignment = _CENTRED
    return cell


def held(text: str) -> str:
    """A text that a cell can hold: no control characters, no formula, not too long."""
    text = defused(ILLEGAL_CHARACTERS_RE.sub("", text))
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT


def _about(book: Workbook, about: Sequence[tuple[str, str]]) -> None:
    page = book.create_sheet("About")
    page.column_dimensions["A"].width = 24
    page.column_dimensions["B"].width = 80
    for label, text in about:
        name = WriteOnlyCell(page, label)
        name.font = Font(bold=True)
        name.alignment = _TOP
        said = WriteOnlyCell(page, held(text))
        said.alignment = _WRAPPED
        page.append([name, said])
