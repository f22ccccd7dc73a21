"""Flags: each is a sentence that the path proves, and says nothing where it does not."""

from datetime import date

from registers.domain.flags import flags_of
from registers.domain.path import Path
from tests.domain.paths import GAP, action, opportunity, risk

CONTROLS = {"controls": "Rota"}


def codes(path: Path) -> list[str]:
    return [flag.code for flag in flags_of(path)]


def flag(path: Path, code: str):
    return next(flag for flag in flags_of(path) if flag.code == code)


def busy(*said: object, **values: object) -> Path:
    """A risk with something under way, so that only what is asked about is asked."""
    return risk(*said, **{"actions": (action(due=date(2030, 1, 1)),), **values})


def test_an_ordinary_risk_has_no_flags():
    assert codes(busy("3x3", "3x3", residual=6, direction="level")) == []


def test_level_over_a_score_that_rose_is_a_contradiction():
    found = flag(busy("4x4", "4x5", direction="level"), "direction")
    assert found.title == "Says Level, but the score rose"
    assert found.sentence == (
        "The score went from 16 to 20 between Q1 2024/25 and Q2 2024/25. The owner reports “Level”."
    )


def test_up_and_down_that_agree_with_the_score_are_no_contradiction():
    assert "direction" not in codes(busy("4x4", "4x5", direction="up"))
    assert "direction" not in codes(busy("4x5", "4x4", direction="down"))
    assert "direction" in codes(busy("4x5", "4x4", direction="up"))


def test_a_direction_that_is_not_stated_or_new_contradicts_nothing():
    assert "direction" not in codes(busy("4x4", "4x5", direction=""))
    assert "direction" not in codes(busy("4x4", "4x5", direction="new"))


def test_over_a_missing_edition_nobody_knows_what_the_owner_compared_with():
    assert "direction" not in codes(busy("4x4", GAP, "4x5", direction="level"))


def test_a_score_that_is_not_known_contradicts_nothing():
    assert "direction" not in codes(busy(None, "4x5", direction="level"))


def test_saying_down_three_times_while_nothing_moves_is_asked_about():
    assert "direction-without-movement" in codes(busy(*["4x4"] * 3, direction="down"))
    assert "direction-without-movement" not in codes(busy(*["4x4"] * 2, direction="down"))
    assert "direction-without-movement" not in codes(busy("4x5", "4x4", "4x4", direction="down"))


def test_a_residual_that_was_promised_for_long_and_never_reached():
    found = flag(busy("5x5", "4x4", "5x3", "4x4", residual=12), "residual-never-reached")
    assert found.title == "Residual 12 promised since Q1 2024/25"
    assert found.sentence == "4 editions. The score has never been below 15."


def test_a_residual_that_was_reached_once_or_promised_lately_is_no_question():
    assert "residual-never-reached" not in codes(busy("4x4", "4x3", "4x4", "4x4", residual=12))
    assert "residual-never-reached" not in codes(
        busy(*["4x4"] * 4, residual=[9, 12, 12, 12]),
    )


def test_a_residual_whose_day_has_not_come_is_no_question():
    assert "residual-never-reached" not in codes(
        busy(*["4x4"] * 4, residual=12, residual_by=date(2026, 3, 31))
    )
    put_off = busy(
        *["4x4"] * 4, residual=12, residual_by=[date(2024, 9, 30), *[date(2026, 3, 31)] * 3]
    )
    assert "by 30 September 2024" in flag(put_off, "residual-never-reached").sentence


def test_an_opportunity_reaches_its_residual_from_below():
    assert "residual-never-reached" in codes(opportunity(*["3x3"] * 4, residual=16))
    assert "residual-never-reached" not in codes(opportunity(*["4x4"] * 4, residual=16))


def test_a_residual_date_that_has_gone_by():
    found = flag(busy("4x4", residual=12, residual_by=date(2024, 5, 31)), "residual-overdue")
    assert found.title == "Residual 12 was due by 31 May 2024"
    assert "residual-overdue" not in codes(
        busy("4x3", residual=12, residual_by=date(2024, 5, 31)),
    )


def test_a_score_stuck_above_appetite_says_for_how_long():
    found = flag(busy(*["4x5"] * 6), "stuck")
    assert found.title == "At 20 for 6 quarters"
    assert flag(busy(*["4x5"] * 3, GAP, "4x5"), "stuck").title == "At 20 for 4 editions"


def test_a_score_within_appetite_or_not_long_there_is_not_stuck():
    assert "stuck" not in codes(busy(*["3x4"] * 6))
    assert "stuck" not in codes(busy(*["4x5"] * 3))
    assert "stuck" not in codes(opportunity(*["4x5"] * 6))


def test_above_appetite_with_nothing_outstanding():
    assert "no-action" in codes(risk("4x5"))
    assert "no-action" in codes(risk("4x5", actions=(action(status="done"),)))
    assert "no-action" not in codes(busy("4x5"))
    assert "no-action" not in codes(risk("3x4"))


def test_actions_that_the_source_does_not_have_are_not_held_against_it():
    assert "no-action" not in codes(risk("4x5", printed={"score": "20"}))
    assert "no-action" not in codes(risk("4x5", actions=(action(status=""),)))


def test_a_residual_above_the_score_of_a_risk_or_below_that_of_an_opportunity():
    assert "residual-beyond-score" in codes(busy("3x3", residual=12))
    assert "residual-beyond-score" in codes(opportunity("4x4", residual=12))
    assert "residual-beyond-score" not in codes(opportunity("3x3", residual=12))


def test_a_residual_that_is_the_score_is_asked_about_while_more_is_to_be_done():
    assert "residual-equals-score" in codes(busy("3x3", residual=9))
    assert "residual-equals-score" in codes(risk("4x5", residual=20))
    assert "residual-equals-score" not in codes(risk("3x3", residual=9))


def test_controls_that_read_the_same_for_four_quarters():
    found = flag(busy(*["3x3"] * 5, texts=CONTROLS), "controls-unchanged")
    assert found.title == "Controls unchanged for 5 quarters"
    assert found.sentence == "Word for word the same since Q1 2024/25."
    assert "controls-unchanged" not in codes(busy(*["3x3"] * 3, texts=CONTROLS))
    assert "controls-unchanged" not in codes(busy(*["3x3"] * 5))


def test_an_action_that_slipped_twice_tells_its_first_date_and_its_present_one():
    dues = [date(2024, 9, 30), date(2024, 12, 31), date(2025, 3, 31)]
    path = risk(*["3x3"] * 3, actions=[(action(due=due),) for due in dues])
    found = flag(path, "action-slipped")
    assert found.title == "An action has slipped twice"
    assert found.sentence == (
        "“Repair the bridge” was first due 30 September 2024 and is now due 31 March 2025."
    )


def test_an_action_that_slipped_once_or_is_done_is_no_question():
    dues = [date(2024, 9, 30), date(2024, 12, 31)]
    assert "action-slipped" not in codes(
        risk(*["3x3"] * 2, actions=[(action(due=due),) for due in dues])
    )


def test_overdue_actions_are_named_oldest_first_and_the_rest_counted():
    days = [date(2024, 6, 3), date(2024, 6, 1), date(2024, 6, 2)]
    path = risk("3x3", actions=tuple(action(f"Step {day.day}: more", due=day) for day in days))
    found = flag(path, "action-overdue")
    assert found.title == "3 actions are overdue"
    assert found.sentence == (
        "“Step 1” was due 1 June 2024 and is not done. "
        "“Step 2” was due 2 June 2024 and is not done. And 1 more."
    )


def done(**values: object):
    return action(status="done", completed_on=date(2024, 8, 1), **values)


def test_an_action_done_while_the_score_stands_still():
    path = risk("4x5", "4x5", actions=[(action(),), (done(target_likelihood=3),)])
    found = flag(path, "done-without-movement")
    assert found.title == "An action is done, and the score is still 20"
    assert found.sentence == (
        "“Repair the bridge” was done on 1 August 2024. It was to bring likelihood to Possible."
    )


def test_a_done_action_is_no_question_when_something_moved_or_it_was_done_before():
    acted = [(action(),), (done(),)]
    assert "done-without-movement" not in codes(risk("4x5", "4x4", actions=acted))
    assert "done-without-movement" not in codes(risk("4x5", "5x4", actions=acted))
    assert "done-without-movement" not in codes(risk("4x5", "4x5", actions=(done(),)))


def test_a_done_action_is_no_question_where_the_entry_stands_where_it_was_to_bring_it():
    acted = [(action(),), (done(target_impact=4, target_likelihood=3),)]
    assert "done-without-movement" not in codes(risk("4x3", "4x3", actions=acted))


def test_an_action_without_a_date():
    assert "action-without-date" in codes(risk("3x3", actions=(action(),)))
    assert "action-without-date" not in codes(risk("3x3", actions=(action(status=""),)))


def test_a_score_without_a_square_names_the_squares_it_can_be():
    found = flag(busy(20), "no-position")
    assert found.sentence == "The score of 20 can be Catastrophic × Likely or Major × Certain."
    printed = busy(16, printed={"score": "16 (Major/possible)", "actions": ""})
    assert flag(printed, "no-position").sentence == "It is printed as “16 (Major/possible)”."


def test_what_is_not_recorded_is_asked_about():
    assert "no-score" in codes(busy(None))
    assert "no-owner" in codes(busy("3x3", owner=""))


def test_flags_come_heaviest_first():
    weights = [flag.weight for flag in flags_of(risk(*["4x5"] * 5, residual=12, direction="down"))]
    assert len(weights) > 2
    assert weights == sorted(weights, reverse=True)
