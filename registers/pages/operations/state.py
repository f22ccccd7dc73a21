"""How the system is doing, asked of the database: the same whichever process is asked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Q
from django.utils import timezone

from registers.models import Edition, Job, Notice, Upkeep
from registers.models.edition import State as EditionState
from registers.models.job import REMEMBERED


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits to be done, since when the oldest of it does, and how much went wrong."""

    waiting: int
    failed: int
    oldest: datetime | None

    def age(self, now: datetime) -> timedelta:
        return now - self.oldest if self.oldest else timedelta()


@dataclass(frozen=True, slots=True)
class State:
    """`editions` are counted by state; `runs` has what has ever run to its end, by its task."""

    now: datetime
    jobs: Queue
    running: int
    mail: Queue
    editions: Mapping[str, int]
    runs: Mapping[str, Upkeep]


def state_of(now: datetime | None = None) -> State:
    """Four queries, however much there is. A job that failed counts for as long as it is kept."""
    now = now or timezone.now()
    jobs = Job.objects.aggregate(
        waiting=Count("pk", filter=Q(state=Job.State.WAITING)),
        running=Count("pk", filter=Q(state=Job.State.RUNNING)),
        failed=Count("pk", filter=Q(state=Job.State.FAILED, ended_at__gte=now - REMEMBERED)),
        oldest=Min("asked_at", filter=Q(state=Job.State.WAITING)),
    )
    running = jobs.pop("running")
    mail = Notice.objects.queued().aggregate(
        waiting=Count("pk"), failed=Count("pk", filter=~Q(last_error="")), oldest=Min("queued_at")
    )
    counted = Edition.objects.order_by().values_list("state").annotate(Count("pk"))
    editions = dict.fromkeys(EditionState.values, 0) | dict(counted)
    return State(
        now,
        Queue(**jobs),
        running,
        Queue(**mail),
        editions,
        Upkeep.objects.last(),
    )


def database() -> str:
    """Which one it is: PostgreSQL 17.2."""
    version = ".".join(map(str, connection.get_database_version()))
    return f"{connection.display_name} {version}"


@cache
def version() -> str:
    said = (settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(said)["project"]["version"])
