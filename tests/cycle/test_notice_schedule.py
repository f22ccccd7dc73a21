"""10 and 3 days before the deadline and weekly after it; a missed one is caught up with once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.cycle.notices.schedule import reminder_due

DEADLINE, OPENED = date(2026, 10, 16), date(2026, 9, 1)


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 9, 1), None),
        (date(2026, 10, 5), None),
        (date(2026, 10, 6), date(2026, 10, 6)),
        (date(2026, 10, 7), date(2026, 10, 6)),
        (date(2026, 10, 12), date(2026, 10, 6)),
        (date(2026, 10, 13), date(2026, 10, 13)),
        (date(2026, 10, 16), date(2026, 10, 13)),
        (date(2026, 10, 22), date(2026, 10, 13)),
        (date(2026, 10, 23), date(2026, 10, 23)),
        (date(2026, 10, 29), date(2026, 10, 23)),
        (date(2026, 10, 30), date(2026, 10, 30)),
        (date(2027, 10, 16), date(2027, 10, 15)),
    ],
)
def test_the_reminder_of_a_day(today, due):
    assert reminder_due(DEADLINE, opened=OPENED, today=today) == due


def test_a_quarter_that_opened_within_the_ten_days_is_reminded_three_days_before():
    opened = date(2026, 10, 8)
    assert reminder_due(DEADLINE, opened=opened, today=date(2026, 10, 9)) is None
    assert reminder_due(DEADLINE, opened=opened, today=date(2026, 10, 13)) == date(2026, 10, 13)


def test_nobody_is_reminded_on_the_day_of_opening():
    opened = date(2026, 10, 6)
    assert reminder_due(DEADLINE, opened=opened, today=opened) is None


@given(st.integers(0, 400), st.integers(0, 60))
def test_a_reminder_is_never_of_the_future_and_never_goes_back(after, later):
    today = OPENED + timedelta(days=after)
    first = reminder_due(DEADLINE, opened=OPENED, today=today)
    then = reminder_due(DEADLINE, opened=OPENED, today=today + timedelta(days=later))
    assert first is None or OPENED < first <= today
    assert first is None or then >= first
