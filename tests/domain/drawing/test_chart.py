"""Score and residual over time: steps, gaps for what is missing, labels that never collide."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.domain.drawing.chart import BOTTOM, LEFT, RIGHT, TOP, apart, chart, height, in_words
from registers.domain.quarters import Quarter
from registers.domain.scale import SCORES
from tests.domain.paths import GAP, opportunity, risk


def test_the_line_is_steps_from_edge_to_edge():
    drawn = chart(risk("4x4", "4x4", "4x5", residual=12))
    assert drawn.score == f"M34 {height(16):g}H708.7V{height(20):g}H1046"
    assert drawn.residual == f"M34 {height(12):g}H1046"


def test_a_quarter_without_an_edition_is_a_gap_and_a_dashed_column():
    drawn = chart(risk("4x4", GAP, "4x4"))
    assert drawn.score.count("M") == 2
    assert len(drawn.gaps) == 1
    assert [note.text for note in drawn.notes] == ["no edition"]


def test_an_edition_that_the_entry_is_not_in_is_told_apart():
    path = risk("4x4", GAP, "4x4")
    assert [note.text for note in chart(path, [Quarter(2024, 2)]).notes] == ["not in it"]


def test_an_edition_without_a_score_breaks_the_line_and_is_no_missing_edition():
    drawn = chart(risk("4x4", None, "4x4"))
    assert drawn.score.count("M") == 2
    assert drawn.gaps == ()


def test_a_score_without_a_position_is_noted_above_the_line():
    note = chart(risk("4x4", 20, 20, "4x4")).notes[0]
    assert note.text == "score only"
    assert note.y < height(20)


def test_lines_at_one_height_share_a_label():
    labels = chart(risk("4x5", residual=12, appetite=12)).labels
    assert [label.text for label in labels] == ["Score 20", "Residual 12", "and appetite"]
    labels = chart(risk("3x4", residual=12, appetite=12)).labels
    assert [label.text for label in labels] == ["Score 12", "and residual and appetite"]


@pytest.mark.parametrize("residual", SCORES)
@pytest.mark.parametrize("appetite", [1, 12, 15, 25])
def test_labels_never_cover_each_other_or_leave_the_picture(residual, appetite):
    for score in ("1x1", "4x4", "5x5"):
        labels = chart(risk(score, residual=residual, appetite=appetite)).labels
        assert all(later.y - earlier.y >= 15.9 for earlier, later in pairwise(labels))
        assert TOP <= labels[0].y <= labels[-1].y <= BOTTOM + 6


@given(st.lists(st.floats(0, 200), min_size=1, max_size=6))
def test_heights_are_kept_apart_and_in_order(wanted):
    placed = apart(sorted(wanted), 18, 10, 220)
    assert all(later - earlier >= 17.9 for earlier, later in pairwise(placed))
    assert placed[0] >= 10
    assert placed[-1] <= 220


def test_an_opportunity_has_no_line_of_appetite():
    assert chart(opportunity("4x4", residual=20)).appetite == ""


@pytest.mark.parametrize("count", [1, 2, 5, 40, 120])
def test_it_works_for_one_quarter_and_for_many(count):
    drawn = chart(risk(*["4x4"] * count, residual=12))
    assert drawn.count == count
    assert drawn.end == pytest.approx(RIGHT)
    assert drawn.years[0].x == LEFT
    texts = [year for year in drawn.years if year.text]
    assert texts
    assert all(later.x - earlier.x >= 58 for earlier, later in pairwise(texts))


def test_quarters_are_named_while_their_columns_are_wide_enough():
    assert [tick.text for tick in chart(risk(*["4x4"] * 5)).quarters] == [
        "Q1",
        "Q2",
        "Q3",
        "Q4",
        "Q1",
    ]
    assert chart(risk(*["4x4"] * 40)).quarters == ()


def test_the_drawing_is_told_in_words():
    assert in_words(risk("4x4", "4x5", residual=12)).startswith(
        "The score has moved between 16 and 20 and is now 20. "
        "The residual score has been 12 in every edition."
    )
    assert in_words(risk(None)) == "No edition records a score."
