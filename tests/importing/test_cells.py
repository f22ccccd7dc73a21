"""What single cells mean, and what they are not taken to mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.domain import scale
from registers.domain.passages import Point
from registers.domain.scale import CELLS, Position
from registers.importing.cells import (
    canonical_reference,
    read_direction,
    read_score,
    read_types,
    type_key,
)


@pytest.mark.parametrize(
    ("printed", "score", "position"),
    [
        ("16 (Major/Likely)", 16, Position(4, 4)),
        ("12 (Major/possible)", 12, Position(4, 3)),
        ("12\n(Major/possible)", 12, Position(4, 3)),
        ("12(Major/Possible)", 12, Position(4, 3)),
        ("12 Major/Possible", 12, Position(4, 3)),
        ("15 (Outstanding/possible)", 15, Position(5, 3)),
        ("20 (Likely/Catastrophic)", 20, Position(5, 4)),
        ("(Major/Possible)", 12, Position(4, 3)),
        ("16", 16, Position(4, 4)),
        ("25", 25, Position(5, 5)),
        ("1", 1, Position(1, 1)),
        ("20", 20, None),
        ("12", 12, None),
        ("", None, None),
        (" – ", None, None),
    ],
)
def test_a_score_has_a_position_only_where_it_is_certain(
    printed: str, score: int | None, position: Position | None
) -> None:
    reading = read_score(printed)
    assert (reading.score, reading.position, reading.problem) == (score, position, "")


def test_a_label_that_contradicts_its_number_gives_neither() -> None:
    reading = read_score("16 (Major/Possible)")
    assert (reading.score, reading.position) == (None, None)
    assert reading.problem == "Major × Possible is 12, not 16, so neither was taken."


def test_an_opportunity_is_told_in_its_own_words() -> None:
    assert (
        "Outstanding × Possible is 15"
        in read_score("16 Outstanding/Possible", "opportunity").problem
    )


@pytest.mark.parametrize(
    ("printed", "score"),
    [
        ("7", None),
        ("0", None),
        ("30", None),
        ("16 to 12", None),
        ("4 x 4", None),
        ("TBC", None),
        ("Major", None),
        ("12 (Major/Probable)", 12),
        ("12 (Major)", 12),
    ],
)
def test_what_is_not_a_score_is_a_problem_and_not_a_guess(printed: str, score: int | None) -> None:
    reading = read_score(printed)
    assert reading.problem
    assert (reading.score, reading.position) == (score, None)


@given(st.sampled_from(CELLS), st.sampled_from(sorted(scale.IMPACT_WORDS)))
def test_every_labelled_cell_is_read_back(cell: Position, kind: str) -> None:
    label = f"{scale.impact_word(cell.impact, kind)}/{scale.likelihood_word(cell.likelihood)}"
    for printed in (f"{cell.score} ({label})", f"{cell.score}{label.upper()}", label):
        assert read_score(printed).position == cell


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_a_score(text: str) -> None:
    reading = read_score(text)
    assert reading.position is None or reading.position.score == reading.score


@pytest.mark.parametrize(
    ("printed", "reference"),
    [
        ("CR1", "CR1"),
        ("CR 13", "CR13"),
        ("cr-07", "CR7"),
        ("CR.3", "CR3"),
        ("C01", "CO1"),
        ("C010", "CO10"),
        ("CO 2", "CO2"),
        ("CR2 (cont.)", "CR2"),
        ("CR2 continued", "CR2"),
        ("CR4a", "CR4A"),
        ("SR12", "SR12"),
        ("CR", None),
        ("CR0", None),
        ("12", None),
        ("See below", None),
        ("", None),
    ],
)
def test_references_are_canonical(printed: str, reference: str | None) -> None:
    assert canonical_reference(printed) == reference


def test_a_zero_is_a_letter_only_where_a_prefix_has_that_letter() -> None:
    assert canonical_reference("C01", prefixes=["C"]) == "C1"
    assert canonical_reference("H0P3", prefixes=["HOP"]) == "HOP3"


TYPES = {
    type_key(alias): name
    for name, aliases in {
        "Economic": [],
        "Political": [],
        "Social": [],
        "Legal": [],
        "Organisational": ["Organisation"],
        "Reputational": ["Reputation"],
        "Environmental": [],
        "Financial": ["Finance"],
        "People": [],
        "Service delivery": [],
        "Development & regeneration": ["Regeneration"],
    }.items()
    for alias in (name, *aliases)
}


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("People/Service delivery", ["People", "Service delivery"]),
        ("People/service delivery", ["People", "Service delivery"]),
        ("Development & regeneration", ["Development & regeneration"]),
        ("Development and Regeneration", ["Development & regeneration"]),
        ("Economic/ Political/Social", ["Economic", "Political", "Social"]),
        ("Economic Political", ["Economic", "Political"]),
        (
            "Political\nEconomic\nSocial",
            ["Political", "Economic", "Social"],
        ),
        ("Legal/\nPolitical", ["Legal", "Political"]),
        ("Organisational/economic /social", ["Organisational", "Economic", "Social"]),
        ("Organisatio nal", ["Organisational"]),
        ("Finance", ["Financial"]),
        ("Legal and financial", ["Legal", "Financial"]),
        ("Organisational\nOrganisational", ["Organisational"]),
        ("", []),
    ],
)
def test_types_are_split_into_the_controlled_list(printed: str, names: list[str]) -> None:
    reading = read_types(printed, TYPES)
    assert list(reading.names) == names
    assert reading.unknown == ()


def test_a_type_that_is_not_in_the_list_is_named_and_left_out() -> None:
    reading = read_types("People/Weather/Economic tides", TYPES)
    assert reading.names == ("People",)
    assert reading.unknown == ("Weather", "Economic tides")


def direction(*paragraphs: str) -> tuple[str, list[str], bool]:
    reading = read_direction([Point(text, plain=True) for text in paragraphs])
    return reading.direction, [p.text for p in reading.commentary], bool(reading.problem)


@pytest.mark.parametrize(
    ("printed", "stated"),
    [
        ("Level", "level"),
        ("level.", "level"),
        ("Downwards", "down"),
        ("↓ Downwards.", "down"),
        ("↑ Upwards", "up"),
        ("↑", "up"),
        ("↔", "level"),
        ("Upward", "up"),
        ("Stable", "level"),
        ("New", "new"),
    ],
)
def test_a_direction_is_a_word_or_an_arrow(printed: str, stated: str) -> None:
    assert direction(printed) == (stated, [], False)


@pytest.mark.parametrize(
    "prose",
    [
        "Increased IRO capacity (now fully staffed)",
        "Risk being managed downwards",
        "Risk is reducing",
        "managed",
        "The risk is being managed",
        "This is a new risk that is being monitored",
        "Level crossings are being repaired",
        "New Director appointed",
        "Up to 40 posts are vacant",
        "The risk remains static, and work continues",
        "March 2020",
        "Down-sizing of the estate continues",
    ],
)
def test_prose_is_commentary_and_states_no_direction(prose: str) -> None:
    assert direction(prose) == ("", [prose], False)


def test_a_word_before_a_stop_states_the_direction_and_stays_in_the_sentence() -> None:
    printed = "Stable – risks are significant but currently managed"
    assert direction(printed) == ("level", [printed], False)


def test_an_arrow_before_prose_states_the_direction() -> None:
    assert direction("↑the direction of travel is increased") == (
        "up",
        ["the direction of travel is increased"],
        False,
    )


def test_a_direction_may_be_followed_by_paragraphs() -> None:
    assert direction("Level", "Using the levy to retain staff") == (
        "level",
        ["Using the levy to retain staff"],
        False,
    )


def test_two_opposite_directions_are_left_to_a_person() -> None:
    printed = ["Downwards. Transformation is under way.", "Upward. A budget overspend is likely"]
    assert direction(*printed) == ("", printed, True)


def test_an_arrow_and_a_word_that_contradict_each_other_are_left_to_a_person() -> None:
    assert direction("↑ Downwards") == ("", ["↑ Downwards"], True)


def test_an_empty_cell_states_nothing() -> None:
    assert direction() == ("", [], False)
