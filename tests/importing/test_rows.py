"""Which rows are entries, and what is said of those that are not."""

from __future__ import annotations

import pytest

from registers.domain.passages import Point
from registers.importing.as_read import Vocabulary
from registers.importing.documents import Document, Table, TableCell, TableRow
from registers.importing.printed import STRUCK, Cell, Instructions, Remark
from registers.importing.reading import read_edition
from registers.importing.tables import read_tables
from tests.importing.tables import TITLE, messages, printed, read, table, tables

HEADINGS = ["Ref", "Risk", "Controls", "Score", "Actions", "Owner", "Direction"]


def row(reference: str = "CR1", title: str = "A risk", **cells: str) -> list[str]:
    values = {"controls": "A plan", "score": "12", "actions": "Act", "owner": "CMT", "trend": "Up"}
    return [reference, title, *{**values, **cells}.values()]


def texts(points) -> list[str]:
    return [point.text for point in points]


def test_a_row_that_stands_twice_word_for_word_is_read_once_and_said() -> None:
    edition = read(HEADINGS, row(controls="A plan\nA check"), row(controls="A plan\nA check"))
    (entry,) = edition.entries
    assert texts(entry.whole.controls) == ["A plan", "A check"]
    assert texts(entry.whole.actions) == ["Act"]
    assert "stands twice, word for word" in messages(edition)


def test_a_row_for_each_action_adds_the_action_alone() -> None:
    headings = ["Ref", "Risk", "Score", "Owner", "Action", "Lead", "Due date", "Action status"]
    headings[5] = "Action lead"
    edition = read(
        headings,
        ["CR1", "A", "12", "CMT", "Pay review", "Head of Pay", "30/09/2023", "On track"],
        ["CR1", "A", "12", "CMT", "Interviews", "Head of Pay", "31/12/2023", "Complete"],
    )
    (entry,) = edition.entries
    assert [
        (a.text, a.lead, str(a.due), a.status, a.status_printed) for a in entry.whole.actions
    ] == [
        ("Pay review", "Head of Pay", "2023-09-30", "in_progress", "On track"),
        ("Interviews", "Head of Pay", "2023-12-31", "done", "Complete"),
    ]


def test_dates_and_leads_stand_beside_their_actions_line_by_line() -> None:
    headings = ["Ref", "Risk", "Score", "Owner", "Actions", "Due"]
    edition = read(headings, ["CR1", "A", "12", "CMT", "One\nTwo", "1 May 2024\n2 May 2024"])
    assert [str(a.due) for a in edition.entries[0].whole.actions] == ["2024-05-01", "2024-05-02"]


def test_one_date_beside_two_actions_belongs_to_neither_for_certain() -> None:
    headings = ["Ref", "Risk", "Score", "Owner", "Actions", "Due"]
    edition = read(headings, ["CR1", "A", "12", "CMT", "One\nTwo", "1 May 2024"])
    assert [a.due for a in edition.entries[0].whole.actions] == [None, None]
    assert "not certain which belongs to which" in messages(edition)
    assert edition.entries[0].printed.cells["action due"] == "1 May 2024"


@pytest.mark.parametrize(
    ("heading", "text"), [("Due", "Ongoing"), ("Due", "June 2024"), ("Action status", "Amber")]
)
def test_a_date_or_status_that_is_none_is_said_and_not_set(heading: str, text: str) -> None:
    edition = read(
        ["Ref", "Risk", "Score", "Owner", "Actions", heading],
        ["CR1", "A", "12", "CMT", "One", text],
    )
    (action,) = edition.entries[0].whole.actions
    assert (action.due, action.status) == (None, "")
    assert text in messages(edition)


def test_a_line_between_two_entries_is_part_of_neither() -> None:
    edition = read(HEADINGS, row(), ["", "Objective 2: safe roads", *[""] * 5], row("CR2", "B"))
    assert [entry.description for entry in edition.entries] == [(), ()]
    assert "between two entries and is part of neither" in messages(edition)


def test_a_line_on_closed_entries_leaves_out_those_below_until_a_person_answers() -> None:
    rows = (HEADINGS, row(), ["Risks closed this quarter", *[""] * 6], row("CR9", "Payroll"))
    across = (
        Table(
            1,
            tuple(
                TableRow(r.number, (TableCell(0, r.cells[0].cell, 7),)) if r.number == 3 else r
                for r in table(*rows).rows
            ),
        ),
    )
    edition = tables(*across)
    assert [entry.reference for entry in edition.entries] == ["CR1"]
    (question,) = edition.questions
    assert "may have ended" in question.message
    answered = tables(*across, answers={question.key: "read"})
    assert [entry.reference for entry in answered.entries] == ["CR1", "CR9"]
    assert answered.questions == ()


@pytest.mark.parametrize(
    ("above", "said"),
    [
        ("Risks closed since the last report", "may be closed"),
        ("Children's Services Risk Register", "another register"),
    ],
)
def test_a_table_that_may_be_of_something_else_is_asked_about(above: str, said: str) -> None:
    several = (
        table(HEADINGS, row()),
        table(HEADINGS, row("CR9", "Another"), number=2, above=(above,)),
    )
    edition = tables(*several)
    assert [entry.reference for entry in edition.entries] == ["CR1"]
    assert said in edition.questions[0].message
    key = edition.questions[0].key
    assert len(tables(*several, answers={key: "read"}).entries) == 2
    assert len(tables(*several, answers={key: "leave out"}).entries) == 1


@pytest.mark.parametrize(
    "above",
    ["Corporate Opportunity Register", "Opportunities", "Table 2", "Part 2 of the register"],
)
def test_a_second_table_of_the_same_register_is_read(above: str) -> None:
    edition = tables(table(HEADINGS, row()), table(HEADINGS, row("CR2"), number=2, above=(above,)))
    assert len(edition.entries) == 2
    assert edition.questions == ()


def struck(text: str) -> Cell:
    return Cell((), (Remark(STRUCK, text),))


def test_an_entry_of_which_every_word_is_struck_through_is_asked_about() -> None:
    crossed = TableRow(3, tuple(TableCell(i, struck(t)) for i, t in enumerate(row("CR2", "B"))))
    document = Document(TITLE, (Table(1, (*table(HEADINGS, row()).rows, crossed)),))
    edition = read_tables(document)
    assert [entry.reference for entry in edition.entries] == ["CR1"]
    (question,) = edition.questions
    assert "whole row of CR2 is struck through" in question.message
    answered = read_tables(document, Instructions(answers={question.key: "read"}))
    assert [(e.reference, e.title) for e in answered.entries] == [("CR1", "A risk"), ("CR2", "B")]


def test_words_that_are_struck_through_are_left_out_and_said() -> None:
    cells = [TableCell(i, Cell((Point(text),))) for i, text in enumerate(row())]
    cells[2] = TableCell(2, Cell((Point("A plan"),), (Remark(STRUCK, "An old plan"),)))
    document = Document(TITLE, (Table(1, (*table(HEADINGS).rows, TableRow(2, tuple(cells)))),))
    edition = read_edition(read_tables(document), Vocabulary())
    assert texts(edition.entries[0].whole.controls) == ["A plan"]
    (problem,) = [p for p in edition.problems if "struck through" in p.message]
    assert (problem.reference, problem.column, problem.read) == ("CR1", "Controls", "An old plan")


def test_a_hidden_row_is_left_out_and_said() -> None:
    rows = table(HEADINGS, row(), row("CR2", "B")).rows
    hidden = TableRow(3, rows[2].cells, hidden=True)
    edition = read_tables(Document(TITLE, (Table(1, (*rows[:2], hidden)),)))
    assert [entry.reference for entry in edition.entries] == ["CR1"]
    assert "hidden in the file" in edition.problems[-1].message


def test_cells_merged_over_two_fields_give_neither_of_them() -> None:
    rows = table(HEADINGS, row()).rows
    cells = rows[1].cells
    merged = TableRow(2, (*cells[:2], TableCell(2, Cell((Point("A plan"), Point("16"))), 2),
                          *cells[4:]))  # fmt: skip
    edition = read_tables(Document(TITLE, (Table(1, (rows[0], merged)),)))
    (entry,) = edition.entries
    assert (entry.score, texts(entry.points("controls"))) == ("", [])
    (problem,) = edition.problems
    assert "“Controls” and “Score” are merged" in problem.message
    assert problem.reference == "CR1"


def test_references_at_the_head_of_the_descriptions_are_read_and_that_is_said() -> None:
    edition = read(
        ["Risk", "Controls", "Score", "Owner"],
        ["C1: Savings are not made", "A plan", "12", "CMT"],
        ["C12: Data is lost", "A plan", "16", "CMT"],
    )
    assert [(e.reference, e.title) for e in edition.entries] == [
        ("C1", "Savings are not made"),
        ("C12", "Data is lost"),
    ]
    assert "no column of references" in messages(edition)


def test_bare_numbers_wait_for_a_prefix_and_are_kept_until_then() -> None:
    rows = (HEADINGS, row("1", "A"), row("2", "B"))
    edition = read(*rows)
    assert [entry.reference for entry in edition.entries] == ["1", "2"]
    (question,) = edition.questions
    assert [choice.value for choice in question.choices] == ["CR", "CO", ""]
    answered = read(*rows, prefix="CR")
    assert [entry.reference for entry in answered.entries] == ["CR1", "CR2"]
    assert answered.questions == read(*rows, prefix="").questions == ()


def test_a_reference_that_names_several_is_left_out_and_said() -> None:
    edition = read(HEADINGS, row("CR5/6", "A"), row("CR7"))
    assert [entry.reference for entry in edition.entries] == ["CR7"]
    assert "CR5/6" in messages(edition)


def test_parts_of_a_reference_are_entries_of_their_own() -> None:
    edition = read(HEADINGS, row("CR1", "A"), row("CR1.1", "B"), row("CR11", "C"))
    assert [(e.reference, e.title) for e in edition.entries] == [
        ("CR1", "A"), ("CR1.1", "B"), ("CR11", "C"),
    ]  # fmt: skip


def test_two_different_entries_under_one_reference_are_never_one() -> None:
    edition = read(HEADINGS, row("CR1", "A", score="12"), row("CR1", "B", score="16"))
    assert [entry.title for entry in edition.entries] == ["A"]
    assert "stands further up already" in messages(edition)


def test_the_line_of_the_risk_is_the_title_and_not_its_cause() -> None:
    edition = read(HEADINGS, row(title="Cause: low pay\nRisk: staff leave\nEffect: delays"))
    (entry,) = edition.entries
    assert entry.title == "staff leave"
    assert texts(entry.description) == ["Cause: low pay", "Risk: staff leave", "Effect: delays"]


def test_two_posts_on_two_lines_are_two_owners() -> None:
    edition = read(HEADINGS, row(owner="Director of Resources\nHead of Legal Services"))
    assert edition.entries[0].owner.name is None
    assert "several owners are named" in messages(edition)


def test_one_post_on_two_lines_is_one_owner() -> None:
    edition = read(HEADINGS, row(owner="Director of\nResources"))
    assert edition.entries[0].owner.name == "Director of Resources"


@pytest.mark.parametrize("cell", ["Director of Finance (vacant)", "Director of Finance (Jo Hay)"])
def test_what_stands_in_brackets_is_no_part_of_a_post(cell: str) -> None:
    assert read(HEADINGS, row(owner=cell)).entries[0].owner.name == "Director of Finance"


def test_a_word_broken_by_a_hyphen_makes_no_owner() -> None:
    edition = read(HEADINGS, row(owner="Director of Child-\nren's Services"))
    assert edition.entries[0].owner.name is None
    assert "broken by a hyphen" in messages(edition)


def test_the_arrow_beside_a_score_counts_where_there_is_no_column_of_directions() -> None:
    headings = ["Ref", "Risk", "Score", "Owner"]
    assert read(headings, ["CR1", "A", "16 ↑", "CMT"]).entries[0].whole.direction == "up"
    edition = read(HEADINGS, row(score="16 ↓", trend="Up"))
    assert edition.entries[0].whole.direction == "up"
    assert "the arrow beside the score says down" in messages(edition)


def test_a_comment_is_commentary() -> None:
    edition = read([*HEADINGS, "Comments"], [*row(), "Prices rise."])
    assert texts(edition.entries[0].whole.commentary) == ["Prices rise."]


def test_nothing_of_a_row_is_lost_from_what_was_printed() -> None:
    (entry,) = printed([*HEADINGS, "Theme"], [*row(), "People"]).entries
    assert entry.cells["Theme"] == "People"
    assert entry.cells["controls"] == "A plan"


def across(number: int, line: str, width: int) -> TableRow:
    return TableRow(number, (TableCell(0, Cell((Point(line),)), width),))


def test_a_line_across_the_table_names_the_kind_of_those_below() -> None:
    headings = ["Ref", "Description", "Score", "Owner"]
    rows = table(headings, ["R1", "A", "12", "CMT"], ["", "", "", ""], ["O1", "B", "12", "CMT"])
    lines = (*rows.rows[:2], across(3, "Opportunities", 4), rows.rows[3])
    edition = read_edition(read_tables(Document("Register", (Table(1, lines),))), Vocabulary())
    assert [(e.reference, e.kind) for e in edition.entries] == [
        ("R1", "risk"),
        ("O1", "opportunity"),
    ]


def test_a_kind_that_nothing_says_is_said_to_be_open() -> None:
    headings = ["Ref", "Description", "Score", "Owner"]
    document = Document(
        "Risk and Opportunity Register", (table(headings, ["O1", "B", "12", "CMT"]),)
    )
    edition = read_edition(read_tables(document), Vocabulary())
    assert edition.entries[0].kind == "risk"
    assert "whether this is a risk or an opportunity" in messages(edition)


def test_a_row_without_a_reference_that_describes_something_is_said() -> None:
    edition = read(HEADINGS, row(), ["", "Another risk altogether", "Its plan", "", "", "CMT", ""])
    assert len(edition.entries) == 1
    assert "has no reference and was read as part of the entry above" in messages(edition)


def test_a_name_behind_a_dash_is_not_taken_for_part_of_a_post() -> None:
    edition = read(HEADINGS, row(owner="Director of Resources – Jane Hay"))
    assert edition.entries[0].owner.name is None
    assert "kept as printed" in messages(edition)


def test_a_name_behind_a_post_that_stands_alone_elsewhere_is_seen() -> None:
    edition = read(
        HEADINGS,
        row(owner="Director of Resources"),
        row("CR2", "B", owner="Director of Resources, Jane Hay"),
    )
    assert [e.owner.name for e in edition.entries] == ["Director of Resources", None]
    assert "more stands behind it" in messages(edition)


@pytest.mark.parametrize("cell", ["VACANT", "TBC", "n/a"])
def test_nobody_is_no_owner(cell: str) -> None:
    edition = read(HEADINGS, row(owner=cell))
    assert edition.entries[0].owner.name is None
    assert "names nobody" in messages(edition)


@pytest.mark.parametrize(
    "cell", ["Chief Executive and Monitoring Officer", "Head of Tax & Head of Roads"]
)
def test_two_posts_joined_by_and_are_two(cell: str) -> None:
    edition = read(HEADINGS, row(owner=cell))
    assert edition.entries[0].owner.name is None
    assert "several owners" in messages(edition)


def test_of_tables_of_several_quarters_that_of_the_edition_is_read() -> None:
    several = (
        table(HEADINGS, row(score="20"), above=("Q4 2022/23",)),
        table(HEADINGS, row(score="12"), number=2, above=("Q1 2023/24",)),
    )
    edition = tables(*several)
    assert [entry.score for entry in edition.entries] == ["12"]
    assert "of another quarter than Q1 2023/24" in edition.questions[0].message


def test_an_entry_whose_status_says_closed_is_asked_about() -> None:
    rows = ([*HEADINGS, "Risk status"], [*row(), "Open"], [*row("CR2", "B"), "Closed May 2023"])
    edition = printed(*rows)
    assert [entry.reference for entry in edition.entries] == ["CR1"]
    (question,) = edition.questions
    assert "says “Closed May 2023”" in question.message
    assert len(printed(*rows, answers={question.key: "read"}).entries) == 2


def test_a_cell_merged_with_that_of_another_entry_is_blank_and_said() -> None:
    rows = table(HEADINGS, row(), row("CR2", "B")).rows
    cells = (*rows[2].cells[:3], TableCell(3, Cell(), merged=True), *rows[2].cells[4:])
    edition = read_tables(Document(TITLE, (Table(1, (*rows[:2], TableRow(3, cells))),)))
    assert [entry.score for entry in edition.entries] == ["12", ""]
    (problem,) = edition.problems
    assert ("merged with that of the entry above" in problem.message, problem.reference) == (
        True,
        "CR2",
    )
