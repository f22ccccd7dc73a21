"""An import that a person looks through: a file, what was read, what they said, what it left."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from registers.models.edition import Edition
from registers.models.entry import Entry
from registers.models.fields import QuarterField, Stamped
from registers.models.job import Job
from registers.models.register import Register
from registers.models.stored_file import StoredFile


def nothing_said() -> dict[str, object]:
    """What a person says of a file (see registers.importing.review.said), before they say it."""
    return {}


class ImportQuerySet(models.QuerySet):
    def visible_to(self, user) -> ImportQuerySet:
        """The risk manager's alone: a file may hold what nobody else may read."""
        return self.filter(user.access.where("manages"))

    def open(self) -> ImportQuerySet:
        return self.filter(state=Import.State.OPEN)

    def newest_first(self) -> ImportQuerySet:
        return self.order_by("-pk")

    def without_plan(self) -> ImportQuerySet:
        """For lists: a plan holds the whole register."""
        return self.defer("plan", "file__content")


class Import(Stamped):
    """One file or paste on its way into a register, until it is applied.

    `said` is what people said of it, `version` counts what they said; `plan` is what would happen
    (importing.report.as_json), made of `plan_version` of what was said. `left` holds the ids of
    what applying it made, for the undoing.
    """

    class State(models.TextChoices):
        OPEN = "open", "Being looked through"
        APPLIED = "applied", "Applied"
        UNDONE = "undone", "Undone"
        PUT_ASIDE = "put_aside", "Put aside"

    register = models.ForeignKey(Register, on_delete=models.CASCADE, related_name="imports")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="imports")
    is_paste = models.BooleanField(default=False)
    quarter = QuarterField(null=True, blank=True)
    quarter_is_said = models.BooleanField(
        default=False, help_text="By a person; else the document calls itself so."
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    said = models.JSONField(default=nothing_said)
    version = models.PositiveIntegerField(default=1)
    plan = models.JSONField(null=True, blank=True)
    plan_version = models.PositiveIntegerField(null=True, blank=True)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    edition = models.ForeignKey(
        Edition, on_delete=models.SET_NULL, null=True, blank=True, related_name="imports"
    )
    left = models.JSONField(default=dict)
    ended_at = models.DateTimeField("applied, undone or put aside", null=True, blank=True)

    objects = ImportQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["plan", "plan_version", "job"])

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="an_import_is_applied_to_a_quarter",
                condition=~Q(state="applied") | Q(quarter__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.file.name

    def get_absolute_url(self) -> str:
        return reverse("import", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_applied(self) -> bool:
        return self.state == self.State.APPLIED

    @property
    def current_plan(self) -> dict[str, object] | None:
        """The plan, if it is of what was said last."""
        return self.plan if self.plan_version == self.version else None


class ColumnMeaning(Stamped):
    """What a register's documents mean by a heading, as a person said once."""

    register = models.ForeignKey(Register, on_delete=models.CASCADE, related_name="column_meanings")
    heading = models.CharField(max_length=300)
    field = models.CharField(max_length=40)

    class Meta:
        ordering = ["heading"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "heading"], name="a_heading_means_one_thing_in_a_register"
            )
        ]

    def __str__(self) -> str:
        return f"{self.heading}: {self.field}"


class ImportDoubtQuerySet(models.QuerySet):
    def still_open(self) -> ImportDoubtQuerySet:
        return self.filter(settled_at__isnull=True)

    def of_edition(self, edition) -> ImportDoubtQuerySet:
        """Those of an edition, the open ones first, then in the order of the document."""
        return self.filter(edition=edition).order_by(
            models.F("settled_at").asc(nulls_first=True), "pk"
        )

    def visible_to(self, user) -> ImportDoubtQuerySet:
        """Of every entry, whoever may read all drafts; of their own, owners; nobody else."""
        read = user.access.where("reads_all_drafts", "edition__register")
        if not user.access.posts:
            return self.filter(read)
        own = Q(
            entry__snapshots__edition=models.F("edition"),
            entry__snapshots__owner__in=user.access.posts,
        )
        return self.filter(read | own).distinct() if read else self.all()


class ImportDoubt(Stamped):
    """Something an import could not say for certain; with the edition until it is settled."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="doubts")
    entry = models.ForeignKey(
        Entry, on_delete=models.CASCADE, null=True, blank=True, related_name="doubts"
    )
    source = models.ForeignKey(
        Import, on_delete=models.SET_NULL, null=True, blank=True, related_name="doubts"
    )
    place = models.CharField(max_length=60, blank=True, default="")
    reference = models.CharField(max_length=60, blank=True, default="")
    column = models.CharField(max_length=300, blank=True, default="")
    read = models.TextField(blank=True, default="")
    message = models.TextField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ImportDoubtQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.message

    @property
    def is_settled(self) -> bool:
        return self.settled_at is not None

    @property
    def where(self) -> str:
        """'row 4, CR2, Risk owner': what of the document it is about."""
        return ", ".join(part for part in (self.place, self.reference, self.column) if part)
