from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from simple_history.models import HistoricalRecords

from registers.domain import days
from registers.models.constraints import UniqueAtField
from registers.models.fields import QuarterField, Stamped
from registers.models.register import BandSettings, Register, band_constraints

if TYPE_CHECKING:
    from registers.domain.content import Document
    from registers.models.publication import Reissue


class State(models.TextChoices):
    OPEN = "open", "Open"
    IN_REVIEW = "in_review", "In review"
    PUBLISHED = "published", "Published"


class EditionQuerySet(models.QuerySet):
    def published(self) -> EditionQuerySet:
        return self.filter(state=State.PUBLISHED)

    def unpublished(self) -> EditionQuerySet:
        return self.exclude(state=State.PUBLISHED)

    def open(self) -> EditionQuerySet:
        return self.filter(state=State.OPEN)

    def with_doubts_open(self) -> EditionQuerySet:
        """Those of which an import left something open, newest first; each with `doubts_open`."""
        still = models.Count("doubts", filter=Q(doubts__settled_at__isnull=True))
        return self.annotate(doubts_open=still).filter(doubts_open__gt=0).newest_first()

    def before(self, quarter) -> EditionQuerySet:
        return self.filter(quarter__lt=quarter)

    def oldest_first(self) -> EditionQuerySet:
        return self.order_by("quarter")

    def newest_first(self) -> EditionQuerySet:
        return self.order_by("-quarter")

    def visible_to(self, user) -> EditionQuerySet:
        """Published ones; all of them for those who read drafts; else those with own entries."""
        from registers.models.snapshot import Snapshot  # the two refer to each other

        access = user.access
        if not access.anywhere.reads:
            return self.none()
        seen = access.where("reads_all_drafts")
        if not seen:
            return self.all()
        seen |= Q(state=State.PUBLISHED) & access.where("reads")
        if access.posts:
            own = Snapshot.objects.filter(edition=OuterRef("pk"), owner__in=access.posts)
            seen |= Q(Exists(own))
        return self.filter(seen)


class Edition(BandSettings, Stamped):
    """One register in one quarter: open, then in review, then published and frozen.

    Bands and appetite are the register's as they were in force; a published edition keeps them.
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="editions")
    quarter = QuarterField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    issue = models.PositiveSmallIntegerField(
        default=1, help_text="2 and more after a correction.", editable=False
    )
    prepared_on = models.DateField("prepared on", null=True, blank=True)
    deadline = models.DateTimeField("owners' deadline", null=True, blank=True)
    committee_on = models.DateField("committee meets on", null=True, blank=True)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = EditionQuerySet.as_manager()
    history = HistoricalRecords()

    # The document that it is read from, where an earlier issue is looked at; None where its rows
    # are (see `reading.documents.as_issued`).
    issued: Document | None = None
    # What became of it since, where an earlier issue is looked at.
    since_then: Edition | None = None

    class Meta:
        ordering = ["register", "-quarter"]
        constraints = [
            *band_constraints("edition"),
            UniqueAtField(
                fields=["register", "quarter"],
                field="quarter",
                name="a_register_has_one_edition_a_quarter",
                violation_error_message="This register already has an edition for this quarter.",
            ),
            UniqueAtField(
                fields=["register"],
                condition=Q(state="open"),
                field="register",
                name="a_register_has_one_open_edition",
                violation_error_message=(
                    "This register already has an open edition. Publish it before opening another."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.quarter.label

    def get_absolute_url(self) -> str:
        return self.url("heatmap")

    def url(self, page: str) -> str:
        """The address of one of the edition's pages: 'heatmap', 'table', 'changes', …"""
        return reverse(page, args=[self.register.slug, self.quarter.slug])

    @cached_property
    def correction(self) -> Reissue | None:
        """Why the issue before this one is being, or was, corrected; None for a first issue."""
        if self.issue == 1:
            return None
        return self.reissues.filter(issue=self.issue - 1).first()

    @property
    def as_at(self) -> date:
        """The day as of which something is late: today while owners and manager work on it, and
        once it was published the day it is dated. Of a past that was loaded later, the last day
        of the quarter.
        """
        if not self.is_published and self.issue == 1:
            return timezone.localdate()
        dated = self.prepared_on
        return dated if dated and days.suits(self.quarter, dated) else self.quarter.ends

    @property
    def is_being_corrected(self) -> bool:
        return self.issue > 1 and not self.is_published

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN
