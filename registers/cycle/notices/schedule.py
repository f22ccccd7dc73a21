"""When owners are reminded of a deadline."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from registers.models import Edition

DAYS_BEFORE = (10, 3)
EVERY = 7


def reminder_day(edition: Edition, today: date) -> date | None:
    """The day of the reminder that is due for an edition; None without a deadline."""
    if edition.deadline is None:
        return None
    return reminder_due(
        timezone.localdate(edition.deadline),
        opened=timezone.localdate(edition.opened_at),
        today=today,
    )


def reminder_due(deadline: date, *, opened: date, today: date) -> date | None:
    """The day of the reminder that is due today or was due last: 10 and 3 days before the
    deadline, and every 7 days after it. None before the first.

    One that was missed is still due until the next one is, so a machine that slept catches up with
    one mail instead of several. Owners are told on the day of opening; no reminder is of that day
    or one before it.
    """
    days = [deadline - timedelta(days=before) for before in DAYS_BEFORE]
    weeks = (today - deadline).days // EVERY
    if weeks > 0:
        days.append(deadline + timedelta(days=weeks * EVERY))
    return max((day for day in days if opened < day <= today), default=None)
