"""What a manager writes for the committee's pack, and the files that were made of packs."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from registers.models.edition import Edition
from registers.models.fields import Stamped, Text
from registers.models.job import Job
from registers.models.stored_file import StoredFile


class PackText(Stamped):
    """One paragraph of an edition's covering report, by name. Numbers are computed, never kept."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="pack_texts")
    name = models.CharField(max_length=20)
    text = Text(blank=True, default="")

    history = HistoricalRecords()

    class Meta:
        ordering = ["edition", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "name"], name="a_pack_has_each_paragraph_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition}, {self.name}"


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

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.edition}, issue {self.issue}: {self.part} as {self.format}"
