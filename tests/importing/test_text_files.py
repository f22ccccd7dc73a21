"""CSV, tab-separated text and HTML → entries as printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.importing.printed import UnreadableFile
from registers.importing.readers.files import read_paste as read
from registers.importing.readers.files import read_register
from registers.importing.readers.text import decoded

HEADINGS = ["Ref", "Risk", "Controls", "Score", "Owner", "Direction"]
ROW = ["CR1", "Savings of £16m aren’t made", "A plan", "12", "CMT", "Level"]


def csv(delimiter: str, *rows: list[str]) -> str:
    return "\r\n".join(delimiter.join(row) for row in rows)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_sign_between_the_cells_is_found(delimiter: str) -> None:
    (entry,) = read(csv(delimiter, HEADINGS, ROW)).entries
    assert (entry.reference, entry.title, entry.score) == ("CR1", ROW[1], "12")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_letters_are_right_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(csv(",", HEADINGS, ROW).encode(encoding))
    assert read_register(path).entries[0].title == ROW[1]


def test_a_quoted_cell_may_have_lines_and_quotation_marks() -> None:
    quoted = '"• A plan\n• A ""second"" plan"'
    (entry,) = read(csv(",", HEADINGS, ["CR1", "A", quoted, "12", "CMT", "Up"])).entries
    assert [p.text for p in entry.points("controls")] == ["A plan", 'A "second" plan']


def test_a_line_above_the_headings_is_the_title() -> None:
    edition = read("Corporate Risk Register Q1 2023/24,,,,,\n" + csv(",", HEADINGS, ROW))
    assert edition.title == "Corporate Risk Register Q1 2023/24"
    assert len(edition.entries) == 1


def test_rows_may_be_shorter_than_the_headings() -> None:
    (entry,) = read(csv(",", HEADINGS, ["CR1", "A risk"])).entries
    assert (entry.title, entry.score) == ("A risk", "")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x00\x01\x02" * 100, "is not text"),
        (b"", "is empty"),
        (b"a,b\n" * 30000, "more than 20000 rows"),
        (b"a," * 150 + b"\n" + (b"b," * 150 + b"\n") * 800, "more than 100000 cells"),
    ],
)
def test_what_is_no_csv_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=said):
        read_register(path)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(content: bytes) -> None:
    try:
        read(decoded(content, "register.csv"))
    except UnreadableFile as error:
        assert str(error).endswith(".")


@given(st.text(alphabet="<tabler dhspon='2\">/\n&;CR1", max_size=300))
def test_no_html_breaks_the_reading(text: str) -> None:
    try:
        read(f"<table>{text}")
    except UnreadableFile as error:
        assert str(error).endswith(".")


def html(*rows: str) -> str:
    return f"<html><body><!--StartFragment--><table>{''.join(rows)}</table></body></html>"


def cells(*texts: str, tag: str = "td") -> str:
    return "<tr>" + "".join(f"<{tag}>{text}</{tag}>" for text in texts) + "</tr>"


def test_a_table_copied_from_word_or_a_browser_is_read() -> None:
    controls = "<p>A plan</p><ul><li>A check</li><li>A <b>second</b> check</li></ul>"
    edition = read(
        html(cells(*HEADINGS, tag="th"), cells("CR1", "A<br>risk", controls, "12", "CMT", "↑"))
    )
    (entry,) = edition.entries
    assert entry.lines == ("A", "risk")
    assert [(p.text, p.plain) for p in entry.points("controls")] == [
        ("A plan", True),
        ("A check", False),
        ("A second check", False),
    ]


def test_merged_cells_of_a_web_page_are_known_as_such() -> None:
    edition = read(
        html(
            "<tr><td rowspan=2>Ref</td><td rowspan=2>Risk</td><td colspan=2>Inherent score</td>"
            "<td colspan=2>Current score</td><td rowspan=2>Owner</td></tr>",
            cells("Impact", "Likelihood", "Impact", "Likelihood"),
            cells("CR1", "A risk", "5", "4", "4", "3", "CMT"),
        )
    )
    (entry,) = edition.entries
    assert entry.levels == {
        "inherent impact": "5",
        "inherent likelihood": "4",
        "score impact": "4",
        "score likelihood": "3",
    }
    assert entry.owner.line == "CMT"


def test_a_row_for_each_action_may_share_its_cells() -> None:
    edition = read(
        html(
            cells("Ref", "Risk", "Score", "Owner", "Actions"),
            "<tr><td rowspan='2'>CR1</td><td rowspan='2'>A</td><td rowspan='2'>12</td>"
            "<td rowspan='2'>CMT</td><td>One</td></tr>",
            cells("Two"),
            cells("CR2", "B", "16", "CMT", "Three"),
        )
    )
    assert [[p.text for p in e.points("actions")] for e in edition.entries] == [
        ["One", "Two"],
        ["Three"],
    ]


def test_struck_words_and_scripts_of_a_web_page_are_no_text() -> None:
    edition = read(
        html(
            cells(*HEADINGS),
            cells("CR1", "A<script>alert(1)</script>", "<s>Old</s> New", "12", "CMT", "Up"),
        )
    )
    (entry,) = edition.entries
    assert (entry.title, entry.points("controls")[0].text) == ("A", "New")
    assert "struck through" in edition.problems[0].message


def test_excel_may_say_itself_what_parts_the_cells() -> None:
    (entry,) = read("sep=;\r\n" + csv(";", HEADINGS, ROW)).entries
    assert (entry.reference, entry.owner.line) == ("CR1", "CMT")
