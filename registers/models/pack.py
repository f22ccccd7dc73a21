"""What a manager writes for the committee's pack, and the files that were made of packs."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from registers.models.edition import Edition
from registers.models.fields import Stamped, Text
from registers.models.job import Job
from registers.models.stored_file import StoredFile


class PackTextQuerySet(models.QuerySet):
    def of_issue(self, edition: Edition) -> PackTextQuerySet:
        """What was written for this issue of an edition and for those before, the latest last."""
        return self.filter(edition=edition.pk, issue__lte=edition.issue).order_by("issue")


class PackText(Stamped):
    """One paragraph of an edition's covering report, by name. Numbers are computed, never kept.

    It stands in the pack of its issue, and of later ones until it is written anew for one.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="pack_texts")
    issue = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=20)
    text = Text(blank=True, default="")

    objects = PackTextQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["edition", "issue", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "issue", "name"], name="a_pack_has_each_paragraph_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition}, {self.name}"


class PackFileQuerySet(models.QuerySet):
    def clear(self, before: datetime) -> int:
        """Throw away what was made before a moment, and what was asked for and never came. How
        many there were. Whoever asks again has it made again.
        """
        old = StoredFile.objects.filter(pk__in=self.values("file"), changed_at__lt=before)
        cleared = old.without_content().count()
        old.delete()
        never = self.filter(file=None).filter(Q(job=None) | Q(job__ended_at__lt=before))
        return cleared + never.delete()[0]


class PackFile(models.Model):
    """A file made of a published edition: whoever may have this part gets the same one.

    `made_of` names everything that it depends on; what is asked for with another name is made
    anew. Derived from what is kept elsewhere: it may be thrown away. While it is being made by a
    worker there is a job and no file.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="pack_files")
    issue = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=8)
    format = models.CharField(max_length=12)
    made_of = models.CharField(max_length=64, unique=True)
    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, null=True, related_name="+")
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = PackFileQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.edition}, issue {self.issue}: {self.part} as {self.format}"
