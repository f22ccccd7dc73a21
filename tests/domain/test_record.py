"""The record of promises: each is judged by the first edition that could say."""

from datetime import date

import pytest

from registers.domain.path import Path
from registers.domain.quarters import Quarter
from registers.domain.record import (
    BROKEN,
    DUE,
    GIVEN_UP,
    KEPT,
    LATE,
    Promise,
    by_name,
    promises,
    worked,
)
from tests.domain.paths import action, risk

# The quarters from Q1 2024/25 end on these days.
Q1, Q2, Q3, Q4 = date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31), date(2025, 3, 31)
AUGUST = date(2024, 8, 31)


def outcomes(path: Path, last: date = Q4) -> list[tuple[str, int]]:
    return [(one.outcome, one.days) for one in promises(path, last)]


def acted(*actions: object) -> Path:
    return risk(*["3x3"] * len(actions), actions=[(one,) for one in actions])


def test_a_residual_reached_by_the_first_edition_after_its_day_is_kept():
    assert outcomes(risk("4x4", "4x3", residual=12, residual_by=AUGUST), Q2) == [(KEPT, 0)]


def test_a_residual_reached_later_is_late_by_the_days_until_the_edition_that_says_so():
    path = risk("4x4", "4x4", "4x3", "4x3", residual=12, residual_by=AUGUST)
    assert outcomes(path) == [(LATE, (Q3 - AUGUST).days)]


def test_a_residual_not_reached_is_late_until_now_and_one_whose_day_has_not_come_is_due():
    path = risk("4x4", "4x4", residual=12, residual_by=AUGUST)
    assert outcomes(path, Q2) == [(BROKEN, (Q2 - AUGUST).days)]
    assert outcomes(risk("4x4", residual=12, residual_by=date(2030, 1, 1)), Q1) == [(DUE, 0)]


def test_a_date_put_off_is_a_promise_that_was_not_kept_and_another():
    first, second = action(due=AUGUST), action(due=Q4)
    done = action(due=Q4, status="done", completed_on=date(2025, 3, 1))
    assert outcomes(acted(first, second, second, done)) == [
        (LATE, (date(2025, 3, 1) - AUGUST).days),
        (KEPT, 0),
    ]


def test_the_day_of_completion_decides_where_it_is_known():
    late = action(due=AUGUST, status="done", completed_on=date(2024, 9, 10))
    assert outcomes(acted(action(due=AUGUST), late), Q2) == [(LATE, 10)]
    unsaid = action(due=AUGUST, status="done")
    assert outcomes(acted(action(due=AUGUST), unsaid), Q2) == [(KEPT, 0)]


def test_what_was_dropped_or_left_the_register_before_its_day_is_given_up():
    dropped = action(due=Q4, status="dropped")
    assert outcomes(acted(action(due=Q4), dropped)) == [(GIVEN_UP, 0)]
    assert outcomes(acted(action(due=Q4)), Q4) == [(GIVEN_UP, 0)]


def test_what_left_the_register_after_its_day_was_not_kept():
    assert outcomes(acted(action(due=AUGUST), action(due=AUGUST)), Q4) == [(BROKEN, 30)]


def promise(outcome: str = KEPT, days: int = 0) -> Promise:
    content = risk("3x3").latest
    return Promise("action", content, "Repair", AUGUST, Quarter(2024, 1), outcome, days)


def test_nobody_with_fewer_than_five_cases_is_named():
    found = [("Zed", promise()) for _ in range(5)] + [("Al", promise(LATE, 9))] * 4
    told = by_name([*found, ("Bo", promise(DUE))])
    assert [one.name for one in told] == ["Zed", "All with fewer than 5 that can be judged"]
    assert (told[0].kept, told[0].judged) == (5, 5)
    assert (told[1].kept, told[1].judged, told[1].typically_late) == (0, 4, 9)


DONE = action(status="done")


@pytest.mark.parametrize(
    ("scores", "moved"),
    [
        (["4x4", "4x3"], True),
        (["4x4", "4x4", "4x3"], True),
        (["4x4", "4x4", "4x4", "4x4"], False),
        (["4x4", "4x4", "4x4", "4x4", "4x3"], False),
    ],
)
def test_an_action_worked_if_the_score_was_better_within_two_quarters(scores, moved):
    path = risk(*scores, actions=[(action(),), *[(DONE,)] * (len(scores) - 1)])
    [one] = worked(path, path.latest.quarter)
    assert one.moved is moved


def test_what_no_edition_can_say_yet_is_left_open():
    path = risk("4x4", "4x4", actions=[(action(),), (DONE,)])
    assert [one.moved for one in worked(path, path.latest.quarter)] == [None]
    assert list(worked(risk("4x4", actions=(DONE,)), Quarter(2024, 1))) == []
