"""A Word table → entries as printed, whatever the layout."""

from __future__ import annotations

from pathlib import Path

import pytest

from registers.domain.scale import OPPORTUNITY, RISK
from registers.importing.printed import EditionAsPrinted, EntryAsPrinted, UnreadableFile
from registers.importing.readers.files import read_register
from tests.importing.documents import OPPORTUNITY_HEADINGS, RISK_HEADINGS, UP, WordRegister


@pytest.fixture
def read(tmp_path: Path):
    def read(word: WordRegister) -> EditionAsPrinted:
        return read_register(word.save(tmp_path / "register.docx"))

    return read


def texts(entry: EntryAsPrinted, column: str) -> list[str]:
    return [point.text for point in entry.points(column)]


def test_the_heading_row_is_found_by_its_words(read) -> None:
    edition = read(
        WordRegister()
        .row("Ref", "Risk", "Score", "Category", "Owner", "Trend", "Mitigations")
        .row("CR1", "A risk", "16", "People", "CMT", "Level", ["• Act"])
    )
    (entry,) = edition.entries
    assert (entry.title, entry.score, entry.owner.line) == ("A risk", "16", "CMT")
    assert texts(entry, "actions") == ["Act"]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Risk Identification Number (RIN)", "reference"),
        ("Opportunity Identification Number", "reference"),
        ("Risk no.", "reference"),
        ("Description", "description"),
        ("Risk Description", "description"),
        ("Risk type", "types"),
        ("Category", "types"),
        ("Possible Risk Consequences", "consequences"),
        ("Possible Consequences", "consequences"),
        ("Possible Benefits", "consequences"),
        ("Progress to date", "controls"),
        ("Existing controls", "controls"),
        ("Current risk score", "score"),
        ("Residual Opportunity Score", "residual"),
        ("Target score", "residual"),
        ("Residualscore", "residual"),
        ("Maximising Actions", "actions"),
        ("Risk owner", "owner"),
        ("Direction\nof Travel", "direction"),
        ("Direction since last quarter", "direction"),
        ("Inherent risk score", None),
        ("Previous score", None),
        ("Impact", None),
        ("Notes", None),
    ],
)
def test_headings_have_synonyms(heading: str, field: str | None) -> None:
    from registers.importing.headings import field_of

    assert field_of(heading) == field


def test_the_page_of_a_table_may_have_lines_above_the_headings(read) -> None:
    edition = read(
        WordRegister().row(*["Appendix A"] * 10).headings().entry("CR1"),
    )
    assert [entry.reference for entry in edition.entries] == ["CR1"]
    assert "above the headings" in edition.problems[0].message


def test_headings_repeated_on_a_new_page_are_not_entries(read) -> None:
    edition = read(WordRegister().headings().entry("CR1").headings().entry("CR2"))
    assert [entry.reference for entry in edition.entries] == ["CR1", "CR2"]
    assert edition.problems == ()


def test_headings_repeated_in_the_middle_of_an_entry_do_not_end_it(read) -> None:
    edition = read(
        WordRegister()
        .headings()
        .entry("CR1", actions=["• first"])
        .headings()
        .row("", "", "", "", "", "", ["• second"], "", "", "")
    )
    (entry,) = edition.entries
    assert texts(entry, "actions") == ["first", "second"]


def test_a_second_heading_row_turns_to_opportunities_in_mid_table(read) -> None:
    edition = read(
        WordRegister().headings().entry("CR1").headings(OPPORTUNITY_HEADINGS).entry("C01")
    )
    assert [(entry.kind, entry.reference) for entry in edition.entries] == [
        (RISK, "CR1"),
        (OPPORTUNITY, "C01"),
    ]


def test_opportunities_may_stand_in_a_second_table(read) -> None:
    edition = read(
        WordRegister()
        .headings()
        .entry("CR1")
        .new_table()
        .headings(OPPORTUNITY_HEADINGS)
        .entry("CO1")
    )
    assert [entry.kind for entry in edition.entries] == [RISK, OPPORTUNITY]
    assert edition.entries[1].place.table == 2


def test_a_table_cut_in_two_goes_on_without_headings(read) -> None:
    edition = read(WordRegister().headings().entry("CR1").new_table().entry("CR2"))
    assert [entry.reference for entry in edition.entries] == ["CR1", "CR2"]


def test_the_key_to_scores_is_left_out_without_a_word(read) -> None:
    edition = read(WordRegister().headings().entry("CR1").new_table().key_to_scores())
    assert len(edition.entries) == 1
    assert edition.problems == ()


def test_another_table_is_left_out_and_said_to_be(read) -> None:
    edition = read(
        WordRegister().headings().entry("CR1").new_table().row("Version", "1.2").row("Author", "X")
    )
    assert len(edition.entries) == 1
    assert edition.problems[0].message.startswith("this table has no headings")
    assert "Version | 1.2" in edition.problems[0].read


def test_a_row_with_blank_cells_continues_the_entry_above(read) -> None:
    edition = read(
        WordRegister()
        .headings()
        .entry("CR1", actions=["• one"])
        .row("", "", "", "", "", "", ["• two"], "", "", "")
        .entry("CR2")
    )
    assert texts(edition.entries[0], "actions") == ["one", "two"]
    assert len(edition.entries) == 2


def test_a_reference_printed_again_on_the_next_page_continues_the_entry(read) -> None:
    edition = read(
        WordRegister()
        .headings()
        .entry("CR1", actions=["• one"])
        .row("CR1", "", "", "", "", "", ["• two"], "", "", "")
        .row("CR1 (cont.)", "", "", "", "", "", ["• three"], "", "", "")
    )
    (entry,) = edition.entries
    assert texts(entry, "actions") == ["one", "two", "three"]
    assert entry.reference == "CR1"


def test_cells_merged_downwards_belong_to_every_row_they_reach(read) -> None:
    edition = read(
        WordRegister()
        .headings()
        .entry("CR1", "The whole", direction="Level")
        .row(UP, "A second line", UP, ["• more"], UP, UP, UP, UP, UP, UP)
        .entry("CR2")
    )
    entry = edition.entries[0]
    assert entry.lines == ("The whole", "A second line")
    assert texts(entry, "consequences") == ["Somebody is hurt", "more"]
    assert entry.score == "16"
    assert entry.strands == ()


def test_strands_stand_in_rows_below_the_row_of_the_whole(read) -> None:
    edition = read(
        WordRegister()
        .headings()
        .row("CR1", "Whole", "", ["• w"], "", "20", "", "16", "CMT", "Watched")
        .row(UP, "1. First", "People", ["• a"], ["• c1"], UP, ["• x"], UP, UP, "Level")
        .row(UP, "2. Second", "Legal", ["• b"], UP, UP, ["• y"], UP, UP, "")
    )
    (entry,) = edition.entries
    assert entry.lines == ("Whole",)
    assert entry.whole.consequences.texts == ("w",)
    assert [(s.number, s.line, s.part.types.line) for s in entry.strands] == [
        (1, "1. First", "People"),
        (2, "2. Second", "Legal"),
    ]
    assert [s.part.consequences.texts for s in entry.strands] == [("a",), ("b",)]
    assert entry.strands[0].part.direction.line == "Level"
    assert (entry.score, entry.residual, entry.owner.line) == ("20", "16", "CMT")


def test_the_first_strand_may_share_the_row_of_the_whole(read) -> None:
    edition = read(
        WordRegister()
        .headings()
        .row("CR1", ["Whole", "1. First"], "People", ["• a"], "", "20", "", "16", "CMT", "Watched")
        .row(UP, "2. Second", UP, ["• b"], "", UP, ["• y"], UP, UP, UP)
    )
    (entry,) = edition.entries
    assert entry.lines == ("Whole",)
    assert entry.whole.types.line == "People"
    assert entry.whole.direction.line == "Watched"
    assert entry.whole.consequences.points == ()
    assert [s.part.consequences.texts for s in entry.strands] == [("a",), ("b",)]


def test_strands_may_stand_in_one_row_set_apart_by_blank_lines(read) -> None:
    edition = read(
        WordRegister()
        .headings()
        .row(
            "CR1",
            ["Whole", "", "1. First", "", "2. Second"],
            "People",
            ["• w", "", "• a1", "• a2", "", "• b"],
            ["• c1", "", "• c2"],
            "20",
            ["• x", "", "", "• y"],
            "16",
            "CMT",
            "Watched",
        )
    )
    (entry,) = edition.entries
    assert entry.whole.consequences.texts == ("w",)
    assert [s.part.consequences.texts for s in entry.strands] == [("a1", "a2"), ("b",)]
    assert entry.whole.controls.points == ()
    assert [s.part.controls.texts for s in entry.strands] == [("c1",), ("c2",)]
    assert [s.part.actions.texts for s in entry.strands] == [("x",), ("y",)]


def test_blocks_that_fit_no_strand_stay_with_the_whole_and_are_reported(read) -> None:
    edition = read(
        WordRegister()
        .headings()
        .entry(
            "CR1",
            ["Whole", "1. First", "2. Second", "3. Third"],
            consequences=["• a", "", "• b"],
        )
    )
    (entry,) = edition.entries
    assert entry.whole.consequences.texts == ("a", "b")
    assert "which of the 3 strands" in edition.problems[0].message
    assert edition.problems[0].column == "Possible Consequences"


def test_a_first_strand_that_lost_its_number_is_still_the_first(read) -> None:
    edition = read(
        WordRegister()
        .headings()
        .row("CR1", "Whole", "", "", "", "20", "", "16", "CMT", "")
        .row(UP, "Through our strategy", "People", ["• a"], "", UP, "", UP, UP, "")
        .row(UP, "2. Further", "Legal", ["• b"], "", UP, "", UP, UP, "")
    )
    (entry,) = edition.entries
    assert [(s.number, s.line) for s in entry.strands] == [
        (1, "Through our strategy"),
        (2, "2. Further"),
    ]


def test_a_single_numbered_line_is_no_strand(read) -> None:
    edition = read(WordRegister().headings().entry("CR1", ["Whole", "1. Only"]))
    assert edition.entries[0].strands == ()
    assert edition.entries[0].lines == ("Whole", "1. Only")


def test_a_row_continued_over_a_page_belongs_to_the_strand_above_it(read) -> None:
    edition = read(
        WordRegister()
        .headings()
        .row("CR1", ["Whole", "1. First"], "", ["• a"], "", "20", "", "16", "CMT", "")
        .row(UP, "2. Second", "", ["• b"], "", UP, "", UP, UP, "")
        .row("", "", "", ["• b2"], "", "", "", "", "", "")
    )
    (entry,) = edition.entries
    assert entry.strands[1].part.consequences.texts == ("b", "b2")


def test_a_row_that_is_an_entry_without_a_reference_is_reported_not_merged(read) -> None:
    edition = read(WordRegister().headings().entry("CR1").entry("", "A risk of its own"))
    assert len(edition.entries) == 1
    assert edition.entries[0].lines == ("A risk",)
    (problem,) = edition.problems
    assert "no reference" in problem.message
    assert (problem.place.row, problem.read[:17]) == (3, "A risk of its own")


def test_a_column_that_is_not_of_a_register_is_kept_as_printed(read) -> None:
    edition = read(
        WordRegister()
        .row(*RISK_HEADINGS, "Committee's remark")
        .row("CR1", "A risk", "", "", "", "16", "", "", "CMT", "", "Look at this")
    )
    assert edition.entries[0].cells["Committee's remark"] == "Look at this"
    assert edition.problems[0].column == "Committee's remark"


def test_a_column_that_the_table_has_not_is_not_in_the_source(read) -> None:
    edition = read(
        WordRegister()
        .row("Ref", "Description", "Score", "Owner", "Controls")
        .row("CR1", "A risk", "16", "CMT", "")
    )
    cells = edition.entries[0].cells
    assert cells["controls"] == ""
    assert "actions" not in cells


def test_a_document_without_a_register_says_so(read) -> None:
    with pytest.raises(UnreadableFile, match="no table of a register"):
        read(WordRegister("Minutes").row("Agenda", "Time").row("Welcome", "10:00"))


def test_the_title_is_the_line_that_speaks_of_a_register(read) -> None:
    word = WordRegister("Audit Committee")
    word.document.add_paragraph("Corporate Risk Register Q3 2018/19")
    assert read(word.headings().entry()).title == "Corporate Risk Register Q3 2018/19"


def test_a_row_across_the_whole_table_is_left_out_and_said_to_be(read) -> None:
    word = WordRegister().headings().entry("CR1")
    word.row("Part two: adult services", *[""] * 9)
    row = word.table.rows[2]
    row.cells[0].merge(row.cells[9])
    edition = read(word.entry("CR2"))
    assert [entry.reference for entry in edition.entries] == ["CR1", "CR2"]
    assert "across the whole table" in edition.problems[0].message


def test_a_row_that_continues_nothing_is_reported(read) -> None:
    edition = read(
        WordRegister().headings().row("", "", "", "", ["• stray"], "", "", "", "", "").entry("CR1")
    )
    assert "continues no entry" in edition.problems[0].message
    assert edition.problems[0].read == "stray"


def test_words_in_the_place_of_a_reference_are_reported(read) -> None:
    edition = read(WordRegister().headings().entry("See above").entry("CR1"))
    assert [entry.reference for entry in edition.entries] == ["CR1"]
    assert edition.problems[0].message.startswith("the reference is not letters and a number")


def test_a_second_score_within_an_entry_is_reported(read) -> None:
    edition = read(
        WordRegister()
        .headings()
        .entry("CR1", score="16")
        .row("", "", "", "", "", "12", ["• more"], "", "", "")
    )
    assert "a score of their own" in edition.problems[0].message
    assert edition.problems[0].read == "16 12"


def test_short_cells_printed_again_on_a_continued_row_count_once(read) -> None:
    edition = read(
        WordRegister().headings().entry("CR1", "A risk").entry("CR1", "A risk", actions=["• two"])
    )
    (entry,) = edition.entries
    assert (entry.lines, entry.score, entry.owner.line) == (("A risk",), "16", "CMT")
    assert texts(entry, "actions") == ["An action", "two"]
    assert texts(entry, "consequences") == ["Somebody is hurt"]


def test_the_same_reference_for_another_description_is_not_a_continuation(read) -> None:
    edition = read(WordRegister().headings().entry("CR1", "A risk").entry("CR1", "Another"))
    assert [entry.title for entry in edition.entries] == ["A risk", "Another"]
