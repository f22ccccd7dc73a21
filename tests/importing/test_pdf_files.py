"""A PDF → entries as printed: what the page shows, put together again."""

from __future__ import annotations

from pathlib import Path

import pytest

from registers.importing.printed import EditionAsPrinted, EntryAsPrinted, UnreadableFile
from registers.importing.readers import pdf_pages
from registers.importing.readers.files import read_register
from tests.importing.pdfs import Pdf

HEADINGS = ["Ref", "Risk", "Controls", "Score", "Actions", "Owner", "Trend"]
WIDTHS = [50, 120, 160, 40, 160, 90, 60]
ROW = ["CR1", "A risk", "A plan", "12", "Act", "CMT", "Level"]


@pytest.fixture
def read(tmp_path: Path):
    def read(pdf: Pdf) -> EditionAsPrinted:
        return read_register(pdf.save(tmp_path / "register.pdf"))

    return read


def row(**cells: str) -> list[str]:
    return [cells.get(name.lower(), text) for name, text in zip(HEADINGS, ROW, strict=True)]


def register(*rows: list[str]) -> Pdf:
    pdf = Pdf().line(40, 30, "Corporate Risk Register Q1 2023/24")
    return pdf.table(40, 60, WIDTHS, [HEADINGS, *rows])


def texts(entry: EntryAsPrinted, column: str) -> list[str]:
    return [point.text for point in entry.points(column)]


def test_a_ruled_table_is_read_cell_by_cell(read) -> None:
    edition = read(register(ROW, row(ref="CR2", risk="Another", score="20")))
    assert edition.title == "Corporate Risk Register Q1 2023/24"
    assert [(e.reference, e.title, e.score, e.owner.line) for e in edition.entries] == [
        ("CR1", "A risk", "12", "CMT"),
        ("CR2", "Another", "20", "CMT"),
    ]
    assert edition.problems == ()


def test_a_line_that_is_full_goes_on_and_a_bullet_begins_anew(read) -> None:
    controls = (
        "• A plan that needs more than a single line\nof the cell that it stands in here\n• A check"
    )
    (entry,) = read(register(row(controls=controls))).entries
    assert texts(entry, "controls") == [
        "A plan that needs more than a single line of the cell that it stands in here",
        "A check",
    ]


def test_a_line_with_room_for_more_ends_a_paragraph(read) -> None:
    (entry,) = read(register(row(controls="A plan.\nA second plan."))).entries
    assert texts(entry, "controls") == ["A plan.", "A second plan."]


def test_a_word_parted_at_its_hyphen_is_one_word(read) -> None:
    controls = "A plan of the whole group for the multi-\nagency work that it stands for here"
    (entry,) = read(register(row(controls=controls))).entries
    assert "multi-agency work" in texts(entry, "controls")[0]


def test_a_table_goes_on_over_pages_with_repeated_headings_and_page_numbers(read) -> None:
    pdf = register(ROW).line(40, 580, "Audit committee, page 1").page()
    pdf.table(40, 60, WIDTHS, [HEADINGS, row(ref="CR2")]).line(40, 580, "Audit committee, page 2")
    edition = read(pdf)
    assert [entry.reference for entry in edition.entries] == ["CR1", "CR2"]
    assert edition.problems == ()
    assert edition.mentions == ("Audit committee, page 1",)


def test_a_row_cut_in_two_by_a_page_is_one_again(read) -> None:
    first = row(actions="Renew the contract for the gritting of all the")
    rest = row(ref="", risk="", controls="", score="", actions="roads of the county", owner="")
    rest[-1] = ""
    pdf = register(first).page().table(40, 60, WIDTHS, [HEADINGS, rest, row(ref="CR2")])
    edition = read(pdf)
    assert texts(edition.entries[0], "actions") == [
        "Renew the contract for the gritting of all the roads of the county"
    ]
    assert [entry.reference for entry in edition.entries] == ["CR1", "CR2"]


def test_headings_that_stand_upright_are_read(read) -> None:
    pdf = register(["CR1", "A risk", "", "", "Act", "CMT", "Level"])
    pdf.pages[0] = [line for line in pdf.pages[0] if "(Score)" not in line and "(12)" not in line]
    pdf.line(395, 72, "Score", size=4, upright=False).line(390, 82, "16")
    (entry,) = read(pdf).entries
    assert entry.score == "16"


def test_a_small_raised_digit_is_the_number_of_a_note(read) -> None:
    pdf = register(row(score="1")).line(378, 78, "2", size=4)
    (entry,) = read(pdf).entries
    assert entry.score == "1²"


def test_a_number_with_a_rule_through_it_is_struck(read) -> None:
    pdf = register(row(score="20 16"))
    pdf.rule(372, 79.5, 382.5, 79.5)
    edition = read(pdf)
    assert edition.entries[0].score == "16"
    assert ("struck through" in edition.problems[0].message, edition.problems[0].read) == (
        True,
        "20",
    )


def test_a_line_on_closed_risks_above_a_table_is_seen(read) -> None:
    pdf = register(ROW)
    pdf.line(40, pdf.foot + 30, "Risks closed since the last report")
    pdf.table(40, pdf.foot + 40, WIDTHS, [HEADINGS, row(ref="CR9")])
    edition = read(pdf)
    assert [entry.reference for entry in edition.entries] == ["CR1"]
    assert "Risks closed" in edition.questions[0].message


def test_a_scan_is_said_to_be_one(read) -> None:
    with pytest.raises(UnreadableFile, match="it is a scan"):
        read(Pdf().rule(40, 40, 90, 40))


def test_a_table_without_rules_is_read_by_its_columns_and_that_is_said(read) -> None:
    rows = [HEADINGS, row(controls="A plan that goes on\nover two lines"), row(ref="CR2")]
    pdf = Pdf().line(40, 30, "Corporate Risk Register").table(40, 60, WIDTHS, rows, ruled=False)
    edition = read(pdf)
    assert [(e.reference, e.score, e.owner.line) for e in edition.entries] == [
        ("CR1", "12", "CMT"),
        ("CR2", "12", "CMT"),
    ]
    assert texts(edition.entries[0], "controls") == ["A plan that goes on over two lines"]
    assert "columns were told by the space" in edition.problems[0].message


def test_columns_that_run_into_one_another_are_not_guessed_at(read) -> None:
    long = "A plan that is so long that it runs far into the column of scores beside it"
    pdf = Pdf().table(40, 60, WIDTHS, [HEADINGS, row(controls=long)], ruled=False)
    with pytest.raises(UnreadableFile, match="run into one another"):
        read(pdf)


def test_text_without_a_table_is_no_register(read) -> None:
    with pytest.raises(UnreadableFile, match="no table of a register"):
        read(Pdf().line(40, 40, "Minutes of the meeting").line(40, 60, "Welcome by the chair"))


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
def test_a_pdf_cut_short_is_refused_or_read(tmp_path: Path, part: float) -> None:
    content = register(ROW).save(tmp_path / "good.pdf").read_bytes()
    path = tmp_path / "cut.pdf"
    path.write_bytes(content[: int(len(content) * part)])
    with pytest.raises(UnreadableFile, match=r"broken|scan|no table"):
        read_register(path)


def test_what_only_claims_to_be_a_pdf_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "register.pdf"
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 20)
    with pytest.raises(UnreadableFile, match="is broken"):
        read_register(path)


def test_very_many_pages_are_refused(read) -> None:
    pdf = Pdf()
    for _ in range(301):
        pdf.page()
    with pytest.raises(UnreadableFile, match="more time or memory"):
        read(pdf)


def test_a_word_broken_by_hand_is_not_taken_for_a_whole_one(read) -> None:
    (entry,) = read(register(row(owner="Director of Child-\nren's Services"))).entries
    assert entry.owner.line == "Director of Child- ren's Services"


def test_a_letter_without_a_sign_makes_no_word() -> None:
    """As where the table of a font's signs was damaged: the fuzzer found it."""
    place = {"x0": 10.0, "x1": 14.0, "top": 5.0, "bottom": 13.0, "doctop": 5.0, "size": 8.0}
    letters = [{"text": sign, "upright": True, **place} for sign in ("", " ")]
    turned = {"text": "", "upright": False, "matrix": (0, 1, -1, 0, 10, 5), **place}
    assert pdf_pages._lines([*letters, turned]) == []
