"""The headline figures of an entry."""

from datetime import date

from registers.pages.entry.figures import (
    against_appetite,
    direction_said,
    residual_note,
    score_did,
    still_to_gain,
)
from tests.domain.paths import opportunity, risk


def test_above_appetite_in_every_edition_counts_them():
    figure = against_appetite(risk("4x4", "4x5"))
    assert (figure.figure, figure.word, figure.more) == ("+8", "Above appetite", "in every edition")
    assert figure.note == "2 of 2 editions"


def test_a_risk_within_appetite_says_how_often_it_was_above():
    figure = against_appetite(risk("4x4", "3x3"))
    assert (figure.figure, figure.word) == ("−3", "Within appetite")
    assert figure.note == "Above it in 1 of 2 editions"
    assert against_appetite(risk("3x4")).figure == "0"
    assert against_appetite(risk("3x4")).note == "Never above it"


def test_an_edition_without_a_score_does_not_count():
    assert against_appetite(risk("4x4", None, "4x4")).note == "2 of 2 editions"
    assert against_appetite(risk("4x4", None)).word == "Not known"


def test_an_opportunity_tells_what_is_still_to_gain():
    figure = still_to_gain(opportunity("4x5", "3x4", residual=16))
    assert (figure.figure, figure.more, figure.note) == ("+4", "from 12 to 16", "Best so far: 20")
    assert still_to_gain(opportunity("4x4", residual=16)).word == "Reached"
    assert still_to_gain(opportunity("4x4")).word == "Not known"


def test_the_direction_says_for_how_long_it_has_been_the_same():
    assert direction_said(risk(*["4x4"] * 3, direction="level")).more == "for 3 quarters"
    assert direction_said(risk("4x4", "4x4", direction=["up", "down"])).more == ""
    assert direction_said(risk("4x4")).word == "Not stated"


def test_what_the_score_did_stands_in_words():
    assert score_did(risk("4x4", "4x5")) == "The score rose by 4"
    assert score_did(risk("4x5", "4x4")) == "The score fell by 4"
    assert score_did(risk("4x5", "4x5")) == "The score did not move"
    assert score_did(risk("4x5")) == score_did(risk(None, "4x5")) == ""


def test_the_residual_score_has_its_day():
    assert residual_note(risk("4x4", residual=12)) == "Expected once every action is done"
    by = date(2024, 5, 31)
    assert residual_note(risk("4x4", residual=12, residual_by=by)) == (
        "Expected by 31 May 2024 (passed)"
    )
    assert residual_note(risk("4x4")) == ""
