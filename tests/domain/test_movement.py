"""What the scores did between two snapshots of an entry."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.domain import movement, scale

KINDS = st.sampled_from([scale.RISK, scale.OPPORTUNITY])
SCORES = st.sampled_from(scale.SCORES)


def row(score: int | None) -> SimpleNamespace:
    """A score of which no position is known."""
    return SimpleNamespace(score=score, position=None)


def at(impact: int, likelihood: int) -> SimpleNamespace:
    cell = scale.Position(impact, likelihood)
    return SimpleNamespace(score=cell.score, position=cell)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (row(16), row(20), "Up 4"),
        (row(20), row(16), "Down 4"),
        (row(12), row(12), "Level"),
        (None, row(12), "New"),
        (row(12), None, "Gone"),
        (row(None), row(12), "Score not known"),
        (row(12), row(None), "Score not known"),
        (row(None), row(None), "Score not known"),
    ],
)
def test_a_movement_is_said_in_two_words(before, after, words):
    assert movement.between(before, after, scale.RISK).words == words


@pytest.mark.parametrize(
    ("kind", "score", "meaning"),
    [
        (scale.RISK, 20, movement.WORSE),
        (scale.RISK, 9, movement.BETTER),
        (scale.OPPORTUNITY, 20, movement.BETTER),
        (scale.OPPORTUNITY, 9, movement.WORSE),
        (scale.RISK, 12, movement.SAME),
        (scale.OPPORTUNITY, None, movement.SAME),
    ],
)
def test_up_is_bad_for_a_risk_and_good_for_an_opportunity(kind, score, meaning):
    assert movement.between(row(12), row(score), kind).meaning == meaning


@given(SCORES, SCORES, KINDS)
def test_there_and_back_again_are_opposite_and_equally_far(one, other, kind):
    there = movement.between(row(one), row(other), kind)
    back = movement.between(row(other), row(one), kind)
    opposite = {movement.UP: movement.DOWN, movement.DOWN: movement.UP}
    assert there.by == back.by == abs(one - other)
    assert back.kind == opposite.get(there.kind, there.kind)


def test_a_level_score_in_another_square_is_told_from_one_that_stood_still():
    moved = movement.between(at(4, 3), at(3, 4), scale.RISK)
    assert (moved.kind, moved.sideways, moved.meaning) == (movement.LEVEL, True, movement.SAME)
    assert moved.words == "Level, another square"
    assert movement.between(at(4, 3), at(4, 3), scale.RISK).words == "Level"
    assert movement.between(row(12), at(3, 4), scale.RISK).words == "Level"


def test_a_score_that_did_not_move_stays():
    assert movement.told(16, 16) == "stays at 16"
    assert movement.told(12, 16) == "went from 12 to 16"
