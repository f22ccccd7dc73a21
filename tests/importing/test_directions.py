"""What a cell says of the direction of travel, and what it is not taken to say."""

from __future__ import annotations

import pytest

from registers.domain.passages import Point
from registers.importing.directions import read_direction


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
        ("New risk", "new"),
        ("No change", "level"),
        ("Stayed the same", "level"),
        ("n/a", ""),
        ("Constant", "level"),
        ("Increased", "up"),
        ("Worsening", "up"),
        ("Escalating", "up"),
        ("Reduced", "down"),
        ("Improving", "down"),
        ("Better", "down"),
        ("De-escalating", "down"),
        ("⬆\ufe0f", "up"),
        ("➔", "level"),
        ("⮕", "level"),
        ("🔺", "up"),
        ("🔻", "down"),
        ("↘", "down"),
        ("▲", "up"),
        ("⇧", "up"),
        ("🠗", "down"),
    ],
)
def test_a_direction_is_a_word_or_an_arrow(printed: str, stated: str) -> None:
    assert direction(printed) == (stated, [], False)


@pytest.mark.parametrize(
    "prose",
    [
        "Increased IRO capacity (now fully staffed)",
        "Risk being managed downwards",
        "The risk is being managed",
        "This is a new risk that is being monitored",
        "Level crossings are being repaired",
        "Up to 40 posts are vacant",
        "The risk remains static, and work continues",
        "Down-sizing of the estate continues",
    ],
)
def test_prose_is_commentary_and_states_no_direction(prose: str) -> None:
    assert direction(prose) == ("", [prose], False)


@pytest.mark.parametrize(
    "short", ["managed", "March 2020", "Risk is reducing", "Significantly up", "A", "←"]
)
def test_a_short_cell_that_states_no_direction_is_said_and_kept(short: str) -> None:
    assert direction(short) == ("", [short], True)


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


def test_what_is_worse_for_an_opportunity_goes_down() -> None:
    for word, way in (("Worse", "down"), ("Improving", "up"), ("Increased", "up")):
        assert read_direction([Point(word)], "opportunity").direction == way


@pytest.mark.parametrize(
    ("printed", "stated"),
    [
        ("Up from 12", "up"),
        ("Same as last quarter", "level"),
        ("Unchanged since Q4", "level"),
        ("Worse than before", "up"),
    ],
)
def test_a_word_may_compare_with_an_earlier_time(printed: str, stated: str) -> None:
    assert direction(printed) == (stated, [printed], False)


def test_a_second_arrow_further_on_contradicts_the_first() -> None:
    assert direction("↑ then ↓") == ("", ["↑ then ↓"], True)


def test_two_arrows_in_one_cell_contradict_each_other() -> None:
    assert direction("↑ ↓") == ("", ["↑ ↓"], True)
    assert direction("↑↑") == ("up", [], False)
