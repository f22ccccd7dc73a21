from __future__ import annotations

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from registers.models.constraints import CheckAtField
from registers.models.fields import Stamped, Text
from registers.models.snapshot import Snapshot, Strand


class ActionQuerySet(models.QuerySet):
    def outstanding(self) -> ActionQuerySet:
        return self.filter(status__in=[Action.Status.NOT_STARTED, Action.Status.IN_PROGRESS])

    def overdue(self, day=None) -> ActionQuerySet:
        return self.outstanding().filter(due__lt=day or timezone.localdate())

    def with_carried(self) -> ActionQuerySet:
        """Each with `carried`: whether an earlier edition stated it already."""
        earlier = Action.objects.filter(
            key=OuterRef("key"),
            snapshot__entry=OuterRef("snapshot__entry"),
            snapshot__edition__quarter__lt=OuterRef("snapshot__edition__quarter"),
        )
        return self.annotate(carried=Exists(earlier))


class Action(Stamped):
    """One thing somebody has promised to do, as one edition states it.

    It keeps its `key` when it is carried into the next edition, so that how often its date
    slipped is a query.
    """

    class Status(models.TextChoices):
        NOT_STARTED = "not_started", "Not started"
        IN_PROGRESS = "in_progress", "In progress"
        DONE = "done", "Done"
        DROPPED = "dropped", "Dropped"

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="actions")
    strand = models.ForeignKey(
        Strand, on_delete=models.CASCADE, null=True, blank=True, related_name="actions"
    )
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    order = models.PositiveSmallIntegerField(default=0)
    text = Text("action")
    # As printed: a sub-point has level 1, and a paragraph without a bullet is plain.
    level = models.PositiveSmallIntegerField(default=0, editable=False)
    plain = models.BooleanField(default=False, editable=False)
    lead = models.CharField(max_length=160, blank=True, default="")
    due = models.DateField(null=True, blank=True)
    status = models.CharField(
        max_length=12, choices=Status.choices, blank=True, default=Status.NOT_STARTED
    )
    completed_on = models.DateField("completed on", null=True, blank=True)
    reason = Text(blank=True, default="", help_text="Why the date slipped, or why it was dropped.")
    target_impact = models.PositiveSmallIntegerField(
        "to impact",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text="What it should bring the impact to.",
    )
    target_likelihood = models.PositiveSmallIntegerField(
        "to likelihood",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text="What it should bring the likelihood to.",
    )

    objects = ActionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["snapshot", "order", "id"]
        indexes = [models.Index(fields=["key"])]
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "key"],
                name="an_action_stands_once_in_a_snapshot",
                violation_error_message="This action already stands in this entry.",
            ),
            CheckAtField(
                field="text",
                name="an_action_has_a_text",
                condition=~Q(text=""),
                violation_error_message="Say what is to be done.",
            ),
            CheckAtField(
                field="completed_on",
                name="only_a_done_action_has_a_day_of_completion",
                condition=Q(completed_on__isnull=True) | Q(status="done"),
                violation_error_message="An action completed on a day has the status Done.",
            ),
            CheckAtField(
                field="target_impact",
                name="an_action_moves_levels_from_1_to_5",
                condition=(Q(target_impact__isnull=True) | Q(target_impact__range=(1, 5)))
                & (Q(target_likelihood__isnull=True) | Q(target_likelihood__range=(1, 5))),
                violation_error_message="Impact and likelihood are levels from 1 to 5.",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_outstanding(self) -> bool:
        return self.status in (self.Status.NOT_STARTED, self.Status.IN_PROGRESS)
