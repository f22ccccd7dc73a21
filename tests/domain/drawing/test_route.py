"""The drawn path: numbers never cover each other, arrows keep clear of them where they can."""

from itertools import combinations
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.domain.drawing.path import (
    GAP,
    HEIGHT,
    LEFT,
    TOP,
    WIDTH,
    appetite_line,
    corner,
    in_words,
    trail,
)
from registers.domain.drawing.places import CELL_HEIGHT, CELL_WIDTH, STRIP, places
from registers.domain.scale import LEVELS, Position
from tests.domain.paths import opportunity, risk

squares = st.tuples(st.sampled_from(LEVELS), st.sampled_from(LEVELS)).map("{0[0]}x{0[1]}".format)


@pytest.mark.parametrize("visits", range(1, 31))
def test_numbers_of_one_square_stand_apart_and_inside_it(visits):
    spots, radius = places(visits)
    assert len(spots) >= visits
    for one, other in combinations(spots, 2):
        assert hypot(one[0] - other[0], one[1] - other[1]) > 2 * radius
    for x, y in spots:
        assert radius <= x <= CELL_WIDTH - radius
        assert radius <= y <= CELL_HEIGHT - radius


def test_up_to_six_visits_are_full_size_and_twelve_still_legible():
    assert places(6)[1] == 13
    assert places(12)[1] >= 10


def test_the_foot_of_a_square_is_kept_for_its_score():
    spots, radius = places(6)
    assert max(y for _, y in spots) + radius <= CELL_HEIGHT - STRIP + 2


@given(st.lists(squares, min_size=1, max_size=24))
def test_any_path_is_drawn_with_each_step_once_in_its_own_square(said):
    path = risk(*said)
    drawn = trail(path)
    assert [node.number for node in drawn.nodes] == list(range(1, len(path.stays) + 1))
    for node, stay in zip(drawn.nodes, path.stays, strict=True):
        x, y = corner(stay.position)
        assert x <= node.x <= x + CELL_WIDTH
        assert y <= node.y <= y + CELL_HEIGHT
    for one, other in combinations(drawn.nodes, 2):
        assert hypot(one.x - other.x, one.y - other.y) > one.radius + other.radius
    assert len(drawn.arrows) == len(drawn.nodes) - 1


@given(st.lists(squares, min_size=2, max_size=24))
def test_every_arrow_stays_in_the_picture(said):
    for arrow in trail(risk(*said)).arrows:
        for x, y in (arrow.start, arrow.end, *arrow.head):
            assert 0 <= x <= WIDTH
            assert 0 <= y <= HEIGHT


def test_only_the_edition_that_is_looked_at_is_marked_as_now():
    assert [node.now for node in trail(risk("4x4", "5x4", "5x5")).nodes] == [False, False, True]


def test_no_step_is_now_where_the_edition_records_no_position():
    assert not any(node.now for node in trail(risk("4x4", 20)).nodes)


def test_an_arrow_over_editions_without_a_position_is_dashed():
    drawn = trail(risk("4x4", 20, "5x4", "5x5"))
    assert [arrow.dashed for arrow in drawn.arrows] == [True, False]


def test_an_arrow_is_bent_around_a_number_in_its_way():
    straight = trail(risk("3x1", "3x3")).arrows[0]
    assert straight.bend is None
    around = trail(risk("3x2", "3x1", "3x3")).arrows[1]
    assert around.bend is not None


def test_on_a_long_path_only_the_latest_arrows_are_dark():
    drawn = trail(risk(*["4x5", "5x4"] * 10))
    assert drawn.many
    assert [arrow.faint for arrow in drawn.arrows][-9:] == [True, *[False] * 8]
    assert not any(arrow.faint for arrow in trail(risk("4x5", "5x4", "4x5")).arrows)


def test_the_residual_square_is_a_ring_where_it_is_free_and_a_frame_where_there_are_numbers():
    assert not trail(risk("4x4", residual=12, residual_position=Position(4, 3))).goal.framed
    assert trail(risk("4x3", residual=12, residual_position=Position(4, 3))).goal.framed
    assert trail(risk("4x3")).goal is None


def test_the_line_of_appetite_runs_between_the_squares_within_and_above():
    between_two_and_three = LEFT + 2 * (CELL_WIDTH + GAP) - GAP / 2
    line = appetite_line(12)
    assert line[0] == (between_two_and_three, TOP - GAP / 2)
    assert line[-1][0] == WIDTH - GAP
    assert len(line) == 7
    assert appetite_line(25) == ()


def test_an_opportunity_has_no_line_of_appetite():
    assert trail(opportunity("4x4")).appetite == ()


def test_a_path_without_any_position_draws_an_empty_grid():
    drawn = trail(risk(20, None))
    assert drawn.nodes == ()
    assert drawn.arrows == ()
    assert in_words(risk(20, None)) == "No edition records a position."


def test_the_drawing_is_told_in_words():
    path = risk("4x4", "5x4", residual=12, residual_position=Position(4, 3))
    assert in_words(path) == (
        "2 positions joined by a numbered path, listed beside the picture. "
        "The residual square is Major × Possible; the path has never reached it."
    )
