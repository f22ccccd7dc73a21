from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from registers.models.edition import Edition
from registers.models.fields import Text
from registers.models.register import Register


class Publication(models.Model):
    """Issue N of an edition: the canonical document and the chain that proves it untouched.

    Append-only. `digest` is the SHA-256 of the document; the document names the digest of the
    publication before it in the same register, so changing one breaks all that follow.
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="publications")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="publications")
    issue = models.PositiveSmallIntegerField(default=1)
    sequence = models.PositiveIntegerField(help_text="Place in the register's chain, from 1.")
    document = models.TextField()
    digest = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64, blank=True, default="")
    reason = Text("why it was corrected", blank=True, default="")
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["register", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "issue"], name="an_issue_is_published_once"),
            models.UniqueConstraint(
                fields=["register", "sequence"], name="a_chain_has_one_publication_at_each_place"
            ),
            models.CheckConstraint(
                name="a_correction_gives_its_reason", condition=Q(issue=1) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition}, issue {self.issue}"

    def get_absolute_url(self) -> str:
        edition = self.edition
        return reverse("issue", args=[edition.register.slug, edition.quarter.slug, self.issue])


class Reissue(models.Model):
    """A person's decision to correct a published edition. Append-only.

    While it stands and the next issue is not out, the edition is in review again.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="reissues")
    issue = models.PositiveSmallIntegerField(help_text="The issue that is being corrected.")
    reason = Text()
    decided_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["edition", "issue"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "issue"], name="an_issue_is_corrected_once"),
            models.CheckConstraint(
                name="a_decision_to_correct_gives_its_reason", condition=~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition}, correction of issue {self.issue}"
