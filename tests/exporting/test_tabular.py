"""A table as a file: what a spreadsheet makes of it, and what it can't be made to do."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from registers.exporting.tabular import (
    BANDS,
    FORMULA_STARTS,
    LONGEST,
    Cell,
    Heading,
    Sheet,
    as_csv,
    as_excel,
    defused,
)

HEADINGS = (Heading("Ref", 8), Heading("Title", 44, wraps=True), Heading("Score"), Heading("By"))


def sheet(*rows: tuple[Cell, ...], title: str = "Corporate Q3 2026/27") -> Sheet:
    return Sheet(title, HEADINGS, rows, [("Edition", "Q3 2026/27"), ("Filter", "=None")])


def row(title: str = "Roads", score: int | None = 20, by: date | None = None, band: str = "r4"):
    return (Cell("CR1"), Cell(title), Cell(score, band), Cell(by))


def csv_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def workbook(content: bytes):
    return load_workbook(io.BytesIO(content))


HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", "  =1+1", "\n=1+1"]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_spreadsheet_could_run_stays_text_in_both_files(text):
    [_, written] = csv_rows(as_csv(sheet(row(text))))
    assert written[1].startswith("'")
    cell = workbook(as_excel(sheet(row(text)))).worksheets[0]["B2"]
    assert cell.data_type == "s"
    assert cell.value.startswith("'")


@given(st.text())
def test_no_text_begins_like_a_formula_and_none_loses_a_letter(text):
    assert not defused(text).startswith(FORMULA_STARTS)
    assert defused(text) in (text, f"'{text}")


def test_a_harmless_text_is_left_as_it_is():
    for text in ("Roads", "A = B", "£3m – £4m", "'quoted'", ""):
        assert defused(text) == text


def test_a_number_is_a_number_and_a_date_is_a_date():
    content = sheet(row(score=16, by=date(2027, 1, 26)))
    assert csv_rows(as_csv(content))[1] == ["CR1", "Roads", "16", "2027-01-26"]
    page = workbook(as_excel(content)).worksheets[0]
    assert page["C2"].value == 16
    assert page["C2"].data_type == "n"
    assert page["D2"].value.date() == date(2027, 1, 26)
    assert page["D2"].number_format == "d mmmm yyyy"


def test_what_is_not_known_is_an_empty_cell():
    content = sheet(row(score=None, band=""))
    assert csv_rows(as_csv(content))[1][2] == ""
    assert workbook(as_excel(content)).worksheets[0]["C2"].value is None


def test_a_csv_opens_in_excel_with_its_accents():
    content = as_csv(sheet(row("Café, “quoted”\nand a second line")))
    assert content.startswith(b"\xef\xbb\xbf")
    assert csv_rows(content)[1][1] == "Café, “quoted”\nand a second line"


def test_the_workbook_keeps_its_heading_in_view_and_can_be_filtered():
    page = workbook(as_excel(sheet(row(), row()))).worksheets[0]
    assert [cell.value for cell in page[1]] == ["Ref", "Title", "Score", "By"]
    assert page.freeze_panes == "B2"
    assert page.print_title_rows == "$1:$1"
    assert page.auto_filter.ref == "A1:D3"
    assert page.column_dimensions["B"].width == 44
    assert page["B2"].alignment.wrap_text


@pytest.mark.parametrize("band", BANDS)
def test_a_score_has_the_colour_of_its_band(band):
    cell = workbook(as_excel(sheet(row(band=band)))).worksheets[0]["C2"]
    background, ink = BANDS[band]
    assert cell.fill.start_color.rgb.endswith(background)
    assert cell.font.color.rgb.endswith(ink)


def test_the_workbook_says_what_it_is_on_a_sheet_of_its_own():
    about = workbook(as_excel(sheet(row()))).worksheets[1]
    assert [[cell.value for cell in line] for line in about.iter_rows()] == [
        ["Edition", "Q3 2026/27"],
        ["Filter", "'=None"],
    ]


def test_a_text_that_no_cell_can_hold_is_cut_and_says_so():
    cell = workbook(as_excel(sheet(row("long " * 10_000)))).worksheets[0]["B2"]
    assert len(cell.value) == LONGEST
    assert cell.value.endswith("(cut: a cell of Excel holds 32,767 characters)")


def test_control_characters_of_a_broken_source_do_not_break_the_workbook():
    assert workbook(as_excel(sheet(row("a\x0bb\x00c")))).worksheets[0]["B2"].value == "abc"


@pytest.mark.parametrize("title", ["A/B: [draft] Q3?", "x" * 60, "'quoted'"])
def test_any_title_makes_a_name_for_the_sheet(title):
    name = workbook(as_excel(sheet(row(), title=title))).sheetnames[0]
    assert 0 < len(name) <= 31
