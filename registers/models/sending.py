"""A form that a person has sent: what it was answered, so that sending it twice does it once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from registers.models.snapshot import Snapshot

# How long after its answer the same form with the same content is taken for a second press.
SECOND_PRESS = timedelta(seconds=30)
# How long a form is known to have been sent.
REMEMBERED = timedelta(days=14)


class SendingQuerySet(models.QuerySet):
    def outlived(self, now: datetime) -> SendingQuerySet:
        """Those that nobody will send again."""
        return self.filter(at__lt=now - REMEMBERED)


class Sending(models.Model):
    """One form on one page, named by the token that the page gave it.

    `location` and `told` are the answer to it; `snapshot` and `version` say what it left behind,
    where it was about one entry: once that has changed again, the answer is no longer true.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sendings"
    )
    token = models.CharField(max_length=32)
    digest = models.CharField(max_length=64, blank=True, default="")
    location = models.TextField(blank=True, default="")
    told = models.JSONField(default=list, blank=True)
    snapshot = models.PositiveBigIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(null=True, blank=True)
    at = models.DateTimeField()

    objects = SendingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "token"],
                name="a_form_is_sent_once",
                violation_error_message="This form has been sent already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.at}"

    @property
    def said(self) -> str:
        """What the person was told, as one text."""
        return " ".join(text for _, text in self.told)

    def answers(self, digest: str, now: datetime) -> bool:
        """Whether what was answered is the answer to this content still."""
        if self.digest != digest or now - self.at > SECOND_PRESS:
            return False
        if self.snapshot is None:
            return True
        return Snapshot.objects.filter(pk=self.snapshot, version=self.version).exists()
