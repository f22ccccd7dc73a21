"""Who answers for an entry, from what is printed."""

from __future__ import annotations

import pytest

from registers.importing.owners import is_single_owner, owner_key, read_owners

KNOWN = {
    owner_key(name): name
    for name in (
        "Director of Children's Services",
        "Director of Corporate Services",
        "Director of Finance",
        "CMT",
        "Executive Director of Adult, Health and Wellbeing Services",
    )
}


def read(text: str, known=KNOWN):
    return read_owners([text], known)[" ".join(text.split())]


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Director of Children's Services", "Director of Children's Services"),
        ("director of  children’s services", "Director of Children's Services"),
        ("Dir of Corporate Services", "Director of Corporate Services"),
        ("cmt", "CMT"),
        (
            "Exec Director of Adult, Health & Wellbeing Services",
            "Executive Director of Adult, Health and Wellbeing Services",
        ),
    ],
)
def test_a_post_is_known_by_its_name_whatever_case_spaces_and_abbreviations(
    printed: str, name: str
) -> None:
    reading = read(printed)
    assert (reading.name, reading.is_new, reading.problem) == (name, False, "")


@pytest.mark.parametrize(
    "printed",
    [
        "Head of Waste Management",
        "Section 151 Officer",
        "Chief Executive",
        "Head of Libraries, museums, culture & registrars",
        "Head of Wellbeing, Prevention and Early Help",
        "Executive Director for Growth",
        "Director of Financial Services",
        "Director of Children's Social Care",
        "MT",
        "Corporate Management Team",
    ],
)
def test_a_post_or_body_not_known_yet_becomes_an_owner(printed: str) -> None:
    reading = read(printed)
    assert (reading.name, reading.is_new) == (printed, True)


def test_a_new_owner_is_named_in_full() -> None:
    assert read("Dir of Highways").name == "Director of Highways"


def test_a_body_is_told_from_a_post() -> None:
    assert read("MT").is_body
    assert read("Corporate Management Team").is_body
    assert not read("Head of Waste Management").is_body


@pytest.mark.parametrize(
    "printed",
    [
        "Overall Risk Owner is CMT however there is a lead officer for each work stream",
        "All directors",
        "To be confirmed",
        "Head of Asset Management/ Head of facilities Management",
        "Director of Highways and Director of Planning",
        "CMT; Head of Waste",
    ],
)
def test_several_owners_or_a_sentence_stay_as_printed(printed: str) -> None:
    reading = read(printed)
    assert (reading.name, reading.text) == (None, printed)
    assert "kept as printed" in reading.problem


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("Director of Children Services", "Director of Children's Services"),
        ("of Children's Services", "Director of Children's Services"),
        ("Dir of Corporate Service", "Director of Corporate Services"),
        (
            "Executive Director for Adult Services and Health & Wellbeing",
            "Executive Director of Adult, Health and Wellbeing Services",
        ),
    ],
)
def test_a_near_miss_is_neither_taken_nor_made_an_owner(printed: str, meant: str) -> None:
    reading = read(printed)
    assert (reading.name, reading.candidates) == (None, (meant,))
    assert meant in reading.problem


def test_the_order_of_the_rows_does_not_decide_which_spelling_is_right() -> None:
    rows = ["Director of Children Services", "Director of Children's Services"]
    for texts in (rows, rows[::-1]):
        readings = read_owners(texts, {})
        assert readings[rows[1]].is_new
        assert readings[rows[0]].name is None


def test_the_spelling_printed_more_often_is_the_owner() -> None:
    readings = read_owners(["Head of Road", "Head of Road", "Head of Roads"], {})
    assert readings["Head of Road"].is_new
    assert readings["Head of Roads"].candidates == ("Head of Road",)


def test_a_blank_cell_names_nobody_and_is_no_problem() -> None:
    assert read("") == read("")
    assert (read("").name, read("").problem) == (None, "")


@pytest.mark.parametrize(
    ("text", "single"),
    [
        ("Director of Public Health", True),
        ("Head of Service is leading", False),
        ("Jane Smith", False),
        ("", False),
    ],
)
def test_only_the_name_of_a_post_or_body_makes_an_owner(text: str, single: bool) -> None:
    assert is_single_owner(text) is single
