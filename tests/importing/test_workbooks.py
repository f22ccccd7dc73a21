"""An Excel workbook → entries as printed: what the sheet shows, and nothing that it hides."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from registers.importing.printed import EditionAsPrinted, UnreadableFile
from registers.importing.readers import archive
from registers.importing.readers.files import read_register

HEADINGS = ["Ref", "Risk", "Controls", "Score", "Actions", "Due date", "Owner", "Direction"]
ROW = ["CR1", "A risk", "A plan", 12, "Act", date(2024, 6, 30), "CMT", "Level"]


@pytest.fixture
def book() -> Workbook:
    book = Workbook()
    book.active.append(HEADINGS)
    book.active.append(ROW)
    return book


@pytest.fixture
def read(tmp_path: Path):
    def read(book: Workbook) -> EditionAsPrinted:
        book.save(tmp_path / "register.xlsx")
        return read_register(tmp_path / "register.xlsx")

    return read


def test_numbers_and_days_are_read_as_the_sheet_shows_them(book, read) -> None:
    book.active["D2"] = 12.0
    (entry,) = read(book).entries
    assert (entry.score, entry.cells["action due"]) == ("12", "2024-06-30")


def test_a_cell_with_lines_has_as_many_points(book, read) -> None:
    book.active["C2"] = "• A plan\n• A check\n\nA third"
    assert [p.text for p in read(book).entries[0].points("controls")] == [
        "A plan",
        "A check",
        "A third",
    ]


def test_merged_headings_name_the_columns_below_them(read) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["", "", "Inherent risk", "", "", "Current risk", "", "", ""])
    sheet.append(["Ref", "Risk", "Impact", "L", "Score", "Impact", "L", "Score", "Owner"])
    sheet.append(["CR1", "A risk", 5, 4, 20, 4, 3, 12, "CMT"])
    sheet.merge_cells("C1:E1")
    sheet.merge_cells("F1:H1")
    (entry,) = read(book).entries
    assert (entry.inherent, entry.score) == ("20", "12")
    assert entry.levels["score impact"] == "4"


def test_cells_merged_downwards_belong_to_every_row_they_reach(book, read) -> None:
    book.active.append([None, None, None, None, "Another", None, None, None])
    for column in "ABD":
        book.active.merge_cells(f"{column}2:{column}3")
    (entry,) = read(book).entries
    assert [p.text for p in entry.points("actions")] == ["Act", "Another"]


def test_hidden_sheets_and_columns_are_not_read_and_hidden_rows_are_said(book, read) -> None:
    sheet = book.active
    sheet.append(["CR2", "Another", "", 16, "", None, "CMT", "Level"])
    sheet.row_dimensions[3].hidden = True
    sheet["I1"], sheet["I2"] = "Risk score (old)", 25
    sheet.column_dimensions["I"].hidden = True
    lists = book.create_sheet("Lists")
    lists.append(HEADINGS)
    lists.append(["CR9", *ROW[1:]])
    lists.sheet_state = "hidden"
    edition = read(book)
    assert [entry.reference for entry in edition.entries] == ["CR1"]
    said = [problem.message for problem in edition.problems]
    assert said[0].startswith("column I is hidden")
    assert "hidden in the file" in said[1]


def test_blank_ends_are_nothing(book, read) -> None:
    book.active["Z900"].font = Font(bold=True)
    edition = read(book)
    assert (len(edition.entries), edition.problems) == (1, ())


def test_a_formula_without_a_value_is_a_blank_and_said(book, read) -> None:
    book.active["D2"] = "=2*6"
    edition = read(book)
    assert edition.entries[0].score == ""
    (problem,) = edition.problems
    assert ("a formula stands here" in problem.message, problem.column) == (True, "Score")


def test_what_is_struck_through_is_said(book, read) -> None:
    book.active["C2"].font = Font(strike=True)
    edition = read(book)
    assert edition.entries[0].points("controls") == ()
    assert "struck through" in edition.problems[0].message


def test_a_sheet_of_closed_risks_is_asked_about(book, read) -> None:
    closed = book.create_sheet("Closed risks")
    closed.append(HEADINGS)
    closed.append(["CR9", *ROW[1:]])
    edition = read(book)
    assert [entry.reference for entry in edition.entries] == ["CR1"]
    assert "Closed risks" in edition.questions[0].message


def test_merged_cells_without_end_are_refused(book, read) -> None:
    book.active.merged_cells.add("J1:XFD40")
    with pytest.raises(UnreadableFile, match="merged cells"):
        read(book)


def test_a_sheet_of_very_many_rows_is_refused(book, read) -> None:
    book.active["A30000"] = "CR2"
    with pytest.raises(UnreadableFile, match="more than 20000 rows"):
        read(book)


def test_a_workbook_of_very_many_cells_is_refused(book, read, monkeypatch) -> None:
    monkeypatch.setattr(archive, "MOST_CELLS", 10)
    with pytest.raises(UnreadableFile, match="more than 10 cells"):
        read(book)


def test_a_workbook_whose_parts_are_garbage_is_refused(book, tmp_path: Path) -> None:
    import zipfile

    book.save(tmp_path / "good.xlsx")
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"):
        with (
            zipfile.ZipFile(tmp_path / "good.xlsx") as source,
            zipfile.ZipFile(tmp_path / "bad.xlsx", "w") as new,
        ):
            for name in source.namelist():
                new.writestr(name, b"<a" if name == part else source.read(name))
        with pytest.raises(UnreadableFile, match="is broken"):
            read_register(tmp_path / "bad.xlsx")


def test_a_second_sheet_of_another_name_is_asked_about(book, read) -> None:
    book.active.title = "Corporate"
    other = book.create_sheet("Children")
    other.append(HEADINGS)
    other.append(["CS1", *ROW[1:]])
    edition = read(book)
    assert [entry.reference for entry in edition.entries] == ["CR1"]
    assert "the sheet “Children” holds entries as well as “Corporate”" in str(edition.questions[0])


def test_a_sheet_of_risks_and_one_of_opportunities_are_one_register(book, read) -> None:
    book.active.title = "Risks"
    other = book.create_sheet("Opportunities")
    other.append(HEADINGS)
    other.append(["CO1", *ROW[1:]])
    edition = read(book)
    assert len(edition.entries) == 2
    assert edition.questions == ()


def test_a_digit_that_is_struck_or_raised_is_none_of_the_score(book, read) -> None:
    book.active["D2"] = CellRichText(
        TextBlock(InlineFont(strike=True), "20 "),
        TextBlock(InlineFont(), "16"),
        TextBlock(InlineFont(vertAlign="superscript"), "2"),
    )
    edition = read(book)
    assert edition.entries[0].score == "16²"
    assert "struck through" in edition.problems[0].message


def test_a_date_shown_as_a_month_is_no_day(book, read) -> None:
    book.active["F2"].number_format = "mmm-yy"
    assert read(book).entries[0].cells["action due"] == "June 2024"


def test_a_share_is_no_score(book, read) -> None:
    book.active["D2"] = 0.16
    book.active["D2"].number_format = "0%"
    assert read(book).entries[0].score == "16%"
