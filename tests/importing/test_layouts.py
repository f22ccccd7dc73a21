"""Registers that are no table of entries: cards, blocks, several fields in one cell."""

from __future__ import annotations

from registers.importing.as_read import EditionAsRead, EntryAsRead, Vocabulary
from registers.importing.reading import read_edition
from tests.importing.tables import messages, read, scores, table, tables


def read_all(*several) -> EditionAsRead:
    return read_edition(tables(*several), Vocabulary())


def card(reference: str, number: int, *more: list[str]):
    rows = [
        ["Risk ref", reference, "Risk owner", "Head of Digital"],
        ["Risk title", f"Risk {reference}", "Risk status", "Treat"],
        ["", "Impact", "Likelihood", "Score"],
        ["Inherent risk", "5", "4", "20"],
        ["Current residual risk", "4", "3", "12"],
        ["Risk appetite", "2", "3", "6"],
        ["Existing controls in place", "Firewall\nTraining", "", ""],
        *more,
    ]
    return table(*rows, number=number)


ACTIONS = ["Specific action", "Target date", "Action status", "Action owner"]


def actions(entry: EntryAsRead) -> list[tuple[str, str, str]]:
    return [(a.text, str(a.due), a.lead) for a in entry.whole.actions]


def test_a_card_for_each_entry_is_read_as_a_row() -> None:
    test = [ACTIONS, ["Test it", "30/06/2024", "On track", "Head of Networks"]]
    edition = read_all(card("SR1", 1, *test), card("SR2", 2))
    first, second = edition.entries
    assert (first.reference, first.title, first.owner.name) == (
        "SR1",
        "Risk SR1",
        "Head of Digital",
    )
    assert scores(first) == {"inherent": (20, 5, 4), "score": (12, 4, 3)}
    assert [p.text for p in first.whole.controls] == ["Firewall", "Training"]
    assert actions(first) == [("Test it", "2024-06-30", "Head of Networks")]
    assert (second.reference, actions(second)) == ("SR2", [])
    assert "on a card of its own" in messages(edition)


def test_the_actions_of_a_card_may_stand_in_a_table_below_it() -> None:
    below = [ACTIONS, ["One", "1 May 2024", "", "CMT"], ["Two", "2 May 2024", "", "CMT"]]
    edition = read_all(card("SR1", 1), table(*below, number=2), card("SR2", 3))
    assert actions(edition.entries[0]) == [
        ("One", "2024-05-01", "CMT"),
        ("Two", "2024-05-02", "CMT"),
    ]
    assert actions(edition.entries[1]) == []


def test_a_table_without_rows_among_cards_is_passed_over() -> None:
    edition = read_all(card("SR1", 1), table(number=2), card("SR2", 3))
    assert [entry.reference for entry in edition.entries] == ["SR1", "SR2"]


def block(line: str, number: int):
    return (
        table(
            ["Caused by", "Current controls", "Planned improvements to controls"],
            ["Old systems", "Patching", "Replace servers"],
            ["Late plans", "Checks", ""],
            number=number,
            above=(line, "There is a risk that services stop."),
        ),
        table(
            ["Impact", "Likelihood", "Risk score", "Direction of travel"],
            ["4", "3", "12", "↓"],
            number=number + 1,
        ),
    )


def test_a_block_for_each_entry_is_read_as_a_row() -> None:
    edition = read_all(
        *block("CR1. CYBER SECURITY – Director of Digital", 1), *block("CR2: FLOODS", 3)
    )
    first, second = edition.entries
    assert (first.reference, first.title, first.owner.name) == (
        "CR1",
        "CYBER SECURITY",
        "Director of Digital",
    )
    assert [p.text for p in first.description] == ["There is a risk that services stop."]
    assert [p.text for p in first.whole.controls] == ["Patching", "Checks"]
    assert [a.text for a in first.whole.actions] == ["Replace servers"]
    assert scores(first) == {"score": (12, 4, 3)}
    assert first.whole.direction == "down"
    assert (second.reference, second.title, second.owner.name) == ("CR2", "FLOODS", None)
    assert "above small tables" in messages(edition)


HEADINGS = ["Risk no, Title, Owner", "Risk description", "Current score", "Target score"]


def test_a_cell_may_hold_reference_title_and_owner_on_lines_of_their_own() -> None:
    edition = read(HEADINGS, ["CR1\nRoads\nHead of Roads", "They are worn.", "12", "6"])
    (entry,) = edition.entries
    assert (entry.reference, entry.title, entry.owner.name) == ("CR1", "Roads", "Head of Roads")
    assert scores(entry) == {"score": 12, "residual": 6}
    assert entry.printed.cells["Risk no, Title, Owner"] == "CR1\nRoads\nHead of Roads"


def test_a_cell_with_another_number_of_lines_is_said_and_not_guessed_at() -> None:
    edition = read(
        HEADINGS,
        ["CR1\nRoads\nHead of Roads", "They are worn.", "12", "6"],
        ["CR2\nHead of Tax", "It is late.", "16", "9"],
    )
    assert [entry.reference for entry in edition.entries] == ["CR1"]
    assert "should have 3 lines" in messages(edition)


def test_entries_side_by_side_are_turned_into_rows() -> None:
    edition = read(
        ["Risk ref", "CR1", "CR2"],
        ["Risk title", "Roads", "Tax"],
        ["Current score", "12", "16"],
        ["Risk owner", "Head of Roads", "Head of Tax"],
        ["Controls", "A plan", "A check"],
    )
    assert [(e.reference, e.title, scores(e), e.owner.name) for e in edition.entries] == [
        ("CR1", "Roads", {"score": 12}, "Head of Roads"),
        ("CR2", "Tax", {"score": (16, 4, 4)}, "Head of Tax"),
    ]
    assert "stand side by side" in messages(edition)


def test_a_label_may_stand_in_the_cell_of_its_value() -> None:
    rows = [
        ["Risk ref: SR1", "Risk owner: Head of Digital"],
        ["Risk title: Cyber attack", "Current score: 12"],
        ["Controls:\nFirewall\nTraining", "Further actions: Test it"],
    ]
    (entry,) = read_all(table(*rows)).entries
    assert (entry.reference, entry.title, entry.owner.name) == (
        "SR1",
        "Cyber attack",
        "Head of Digital",
    )
    assert scores(entry) == {"score": 12}
    assert [p.text for p in entry.whole.controls] == ["Firewall", "Training"]
    assert [a.text for a in entry.whole.actions] == ["Test it"]
