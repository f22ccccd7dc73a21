"""Doing jobs: any number of workers, each job done once, and what a killed one left taken up again.

A job is taken in a transaction of its own, and done with none open. A worker that gave no sign of
life for a while has lost its job to the next one: from then on its own words change nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from registers.jobs.doers import JobFailed, doer_of
from registers.models import Job
from registers.models.job import MOST_ATTEMPTS, JobQuerySet

log = logging.getLogger(__name__)

# A bar that moves more often is not seen, and costs a write each time.
SECONDS_BETWEEN_WORDS = 0.5

ENDED_EVERY_WORKER = (
    f"It was begun {MOST_ATTEMPTS} times, and each time the program that did it came to a sudden "
    "end. Tell whoever looks after the server: it may have too little memory."
)


class TakenOver(Exception):
    """Another worker has this job by now: what this one made is not kept."""


@dataclass(slots=True)
class Work:
    """A job in the hands of a worker."""

    job: Job
    _said: float | None = field(default=None, init=False)

    @property
    def asked(self) -> dict[str, Any]:
        return self.job.asked

    def tell(self, done: int, total: int, told: str) -> None:
        """Say how far it is, which is also the sign of life. Raises TakenOver."""
        if self._said is not None and monotonic() - self._said < SECONDS_BETWEEN_WORDS:
            return
        self._said = monotonic()
        self._write(done=min(done, total), total=total, told=told[:200], heartbeat=timezone.now())

    @contextmanager
    def mine(self) -> Iterator[None]:
        """A transaction in which nobody else can take the job. Raises TakenOver."""
        with transaction.atomic():
            if not self._row().select_for_update().exists():
                raise TakenOver
            yield

    def end(self, state: Job.State, **outcome: Any) -> None:
        self._write(state=state, ended_at=timezone.now(), **outcome)

    def give_back(self) -> None:
        """Let another worker take it at once."""
        self._write(state=Job.State.WAITING)

    def _write(self, **values: Any) -> None:
        if not self._row().update(**values):
            raise TakenOver

    def _row(self) -> JobQuerySet:
        return Job.objects.filter(
            pk=self.job.pk, state=Job.State.RUNNING, attempts=self.job.attempts
        )


def run_next(now: datetime | None = None) -> Job | None:
    """Take the next job and do it. None if there is none.

    Raises what the database raises where it is away: the job is taken up again later.
    """
    now = now or timezone.now()
    if not Job.objects.under_way().exists():
        return None  # an idle worker only reads
    _give_up(now)
    job = _take(now)
    if job is None:
        return None
    try:
        _do(Work(job))
    except TakenOver:
        log.warning("Job %s was taken over by another worker.", job.pk)
    job.refresh_from_db()
    return job


def _take(now: datetime) -> Job | None:
    """The next job, which is then nobody else's."""
    with transaction.atomic():
        free = Job.objects.to_take(now).select_for_update(skip_locked=True, of=("self",))
        pk = free.order_by("pk").values_list("pk", flat=True).first()
        if pk is None:
            return None
        Job.objects.filter(pk=pk).update(
            state=Job.State.RUNNING,
            attempts=F("attempts") + 1,
            heartbeat=now,
            done=0,
            total=0,
            told="",
        )
        return Job.objects.select_related("asked_by").get(pk=pk)


def _give_up(now: datetime) -> None:
    """What ends every worker is not taken for ever."""
    Job.objects.left(now).filter(attempts__gte=MOST_ATTEMPTS).update(
        state=Job.State.FAILED, ended_at=now, problem=ENDED_EVERY_WORKER
    )


def _do(work: Work) -> None:
    try:
        outcome = doer_of(work.job.kind)(work)
    except (TakenOver, OperationalError, InterfaceError):
        raise
    except JobFailed as failure:
        work.end(Job.State.FAILED, problem=str(failure), outcome=failure.outcome)
    except Exception as error:
        # One job that can't be done keeps no other back.
        log.exception("Job %s (%s) failed.", work.job.pk, work.job.kind)
        work.end(Job.State.FAILED, problem=_unforeseen(work.job, error))
    except BaseException:
        work.give_back()
        raise
    else:
        work.end(Job.State.DONE, outcome=outcome or {})


def _unforeseen(job: Job, error: Exception) -> str:
    return (
        f"Something went wrong that is no fault of yours ({type(error).__name__}). Nothing was "
        f"changed. Tell whoever looks after the server: it is in the log as job {job.pk}."
    )
