"""What a printed score means, and what it is not taken to mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.domain import scale
from registers.domain.scale import CELLS, Position
from registers.importing.scores import read_level, read_score, read_score_columns


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
        ("16.0", 16, Position(4, 4)),
        ("16 (4x4)", 16, Position(4, 4)),
        ("16 (4 × 4)", 16, Position(4, 4)),
        ("4 x 5 = 20", 20, None),
        ("I4 L3 12", 12, Position(4, 3)),
        ("L3 I4", 12, Position(4, 3)),
        ("Impact: 4, Likelihood: 3 (12)", 12, Position(4, 3)),
        ("20 (Major/Almost certain)", 20, Position(4, 5)),
        ("12 (Major 4 / Possible 3)", 12, Position(4, 3)),
        ("16 (was 20)", 16, Position(4, 4)),
        ("12/25", 12, None),
        ("12 out of 25", 12, None),
        ("15 High", 15, None),
        ("15 - High", 15, None),
        ("Very high (20)", 20, None),
        ("20*", 20, None),
        ("20.", 20, None),
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
        ("-16", None),
        ("25+", None),
        ("16%", None),
        ("£16m", None),
        ("8-12", None),
        ("12.5", None),
        ("9th", None),
        ("Tier 9", None),
        ("16/09/2023", None),
        ("16 (4 x 3)", None),
        ("12 4 3", None),
        ("AII", None),
        ("9 Minor", None),
        ("16 (6 x 4)", None),
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


def test_a_raised_number_is_that_of_a_note() -> None:
    reading = read_score("1²")
    assert reading.score == 1
    assert "number of a note" in reading.remark


def test_an_arrow_beside_a_score_is_the_direction() -> None:
    assert [(r.score, r.direction) for r in map(read_score, ("16 ↑", "12 ↔", "↓ 9"))] == [
        (16, "up"),
        (12, "level"),
        (9, "down"),
    ]
    assert read_score("16 ↑↓").direction == ""


@given(st.sampled_from(CELLS))
def test_the_order_of_a_product_is_that_of_the_heading(cell: Position) -> None:
    printed = f"{cell.score} ({cell.impact} x {cell.likelihood})"
    assert read_score(printed, order="IL").position == cell
    other = f"{cell.likelihood}x{cell.impact} = {cell.score}"
    assert read_score(other, order="LI").position == cell


@given(st.sampled_from(CELLS), st.sampled_from(["{0}", "{0}.0", "{0} {1}", "{1}", "{0} - {1}"]))
def test_levels_in_columns_of_their_own_place_the_score(cell: Position, form: str) -> None:
    impact = form.format(cell.impact, scale.impact_word(cell.impact))
    likelihood = form.format(cell.likelihood, scale.likelihood_word(cell.likelihood))
    for score in ("", str(cell.score)):
        assert read_score_columns(score, impact, likelihood).position == cell


@given(st.sampled_from(CELLS), st.sampled_from(scale.SCORES))
def test_levels_and_score_that_disagree_give_neither(cell: Position, score: int) -> None:
    reading = read_score_columns(str(score), str(cell.impact), str(cell.likelihood))
    assert (reading.score == score) is (cell.score == score)
    assert bool(reading.problem) is (cell.score != score)


@pytest.mark.parametrize("printed", ["0", "6", "4.5", "4/5", "3-4", "Likely", "high", "4 5"])
def test_what_is_no_level_of_impact_is_said(printed: str) -> None:
    assert read_level(printed, "impact").level is None
    assert read_level(printed, "impact").problem


def test_half_a_position_takes_the_score_alone() -> None:
    assert read_score_columns("12", "4", "").score == 12
    assert read_score_columns("12", "4", "").position is None
    assert read_score_columns("12", "5", "").problem
    assert read_score_columns("", "4", "").problem
