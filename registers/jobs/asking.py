"""Putting a job on the list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from registers.jobs.doers import check
from registers.models import Job, User


def ask(kind: str, asked: Mapping[str, Any], *, by: User, now: datetime | None = None) -> Job:
    """Ask for something to be done. In a transaction it is asked for when that commits.

    Raises LookupError for a kind that nobody does.
    """
    check(kind)
    return Job.objects.create(
        kind=kind, asked=dict(asked), asked_by=by, asked_at=now or timezone.now()
    )
