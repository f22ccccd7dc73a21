"""Under what an edition stands: its dates, its appetite and its bands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from registers.cycle import rows
from registers.cycle.errors import DatesRefused, NotAllowed, WrongState
from registers.cycle.locks import lock_edition
from registers.domain import days
from registers.domain.quarters import Quarter
from registers.models import Edition, Register, User


def check_dates(
    quarter: Quarter,
    *,
    deadline: datetime | None,
    committee_on: date | None,
    sure: bool = False,
) -> None:
    """Raises DatesRefused: for a deadline after the committee's day, a date that nobody can mean,
    and, unless somebody is sure of it, one that lies far from the quarter.
    """
    day = timezone.localdate(deadline) if deadline else None
    found = days.objections(quarter, deadline=day, committee_on=committee_on)
    standing = [one for one in found if not (sure and one.doubtful)]
    if standing:
        raise DatesRefused(standing)


def begin_edition(
    register: Register,
    quarter: Quarter,
    *,
    by: User | None,
    reason: str,
    now: datetime,
    **said: Any,
) -> Edition:
    """A new edition under the bands and the appetite that its register has now. No entry yet."""
    settings = ("medium_from", "high_from", "very_high_from", "appetite")
    terms = {name: getattr(register, name) for name in settings}
    edition = Edition(
        register=register, quarter=quarter, opened_at=now, changed_by=by, **terms, **said
    )
    edition._change_reason = reason
    rows.dated(edition, now).save()
    return edition


def set_dates(
    edition: Edition,
    *,
    by,
    deadline: datetime | None,
    committee_on: date | None,
    sure: bool = False,
    now: datetime | None = None,
) -> Edition:
    """Change when owners have to be done and when the committee meets.

    Reminders follow the new deadline. Raises NotAllowed, WrongState or DatesRefused.
    """
    check_dates(edition.quarter, deadline=deadline, committee_on=committee_on, sure=sure)
    dates = {"deadline": deadline, "committee_on": committee_on}
    return _set(edition, dates, by=by, why="Dates set", now=now)


def date_document(
    edition: Edition, *, by, prepared_on: date | None, now: datetime | None = None
) -> Edition:
    """Say which day its document is of; without one it is of the day of publication.

    Raises NotAllowed or WrongState.
    """
    return _set(edition, {"prepared_on": prepared_on}, by=by, why="Document dated", now=now)


def set_bands(
    edition: Edition,
    *,
    by,
    appetite: int,
    medium_from: int,
    high_from: int,
    very_high_from: int,
    now: datetime | None = None,
) -> Edition:
    """Change the appetite and the bands of this edition alone; the register keeps its own.

    Raises NotAllowed or WrongState.
    """
    bands = {
        "appetite": appetite,
        "medium_from": medium_from,
        "high_from": high_from,
        "very_high_from": very_high_from,
    }
    return _set(edition, bands, by=by, why="Bands and appetite set", now=now)


@transaction.atomic
def _set(
    edition: Edition, values: Mapping[str, Any], *, by, why: str, now: datetime | None
) -> Edition:
    if not by.access.may_manage(edition):
        raise NotAllowed("Only the risk manager changes the dates and the bands of a quarter.")
    edition = lock_edition(edition.pk)
    if edition.is_published:
        raise WrongState(f"{edition} is published, with its dates and its bands.")
    for column, value in values.items():
        setattr(edition, column, value)
    edition.changed_by = by
    edition._change_reason = why
    rows.dated(edition, now).save()
    Register.objects.filter(pk=edition.register_id).bump()
    return edition
