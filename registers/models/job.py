from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

# How long a worker may give no sign of life before another takes its job up again.
GIVEN = timedelta(minutes=3)
# How long a job that has ended is remembered.
REMEMBERED = timedelta(days=30)
# A job that ended its worker so often ends every worker.
MOST_ATTEMPTS = 3


class JobQuerySet(models.QuerySet):
    def waiting(self) -> JobQuerySet:
        return self.filter(state=Job.State.WAITING)

    def under_way(self) -> JobQuerySet:
        """Waiting, or being done."""
        return self.filter(state__in=[Job.State.WAITING, Job.State.RUNNING])

    def left(self, now: datetime) -> JobQuerySet:
        """Those whose worker was killed, or has lost the database."""
        return self.filter(state=Job.State.RUNNING, heartbeat__lt=now - GIVEN)

    def to_take(self, now: datetime) -> JobQuerySet:
        return (self.waiting() | self.left(now)).filter(attempts__lt=MOST_ATTEMPTS)

    def outlived(self, now: datetime) -> JobQuerySet:
        """Those that nobody will ask about again."""
        return self.filter(ended_at__lt=now - REMEMBERED)

    def visible_to(self, user) -> JobQuerySet:
        """A job is its asker's, as long as they may read at all."""
        return self.filter(asked_by=user) if user.access.anywhere.reads else self.none()


class Job(models.Model):
    """Work that is done outside a request: what is asked, by whom, and how far it is.

    `kind` names who does it (registers.jobs), `asked` and `outcome` are plain values whose meaning
    only that kind knows. `attempts` counts the workers that took it: a worker that was given up
    and comes back finds another number, and changes nothing more.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Under way"
        DONE = "done", "Done"
        FAILED = "failed", "Not done"

    kind = models.CharField(max_length=40)
    asked = models.JSONField(default=dict)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="jobs"
    )
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0, help_text="0 while it is not known.")
    told = models.CharField("how far it is", max_length=200, blank=True, default="")
    heartbeat = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True, default="")
    outcome = models.JSONField(default=dict)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["id"],
                name="jobs_under_way",
                condition=Q(state__in=["waiting", "running"]),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="a_job_has_ended_if_it_is_done_or_failed",
                condition=Q(state__in=["done", "failed"], ended_at__isnull=False)
                | Q(state__in=["waiting", "running"], ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="a_failed_job_says_why", condition=~Q(state="failed") | ~Q(problem="")
            ),
            models.CheckConstraint(
                name="a_running_job_gives_signs_of_life",
                condition=~Q(state="running") | Q(heartbeat__isnull=False),
            ),
            models.CheckConstraint(
                name="a_job_does_no_more_than_all",
                condition=Q(total=0) | Q(done__lte=F("total")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}: {self.get_state_display().lower()}"

    @property
    def has_ended(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)

    @property
    def has_failed(self) -> bool:
        return self.state == self.State.FAILED
