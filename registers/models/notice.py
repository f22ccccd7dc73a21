from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Max, Q

from registers.models.edition import Edition
from registers.models.snapshot import Snapshot

# How long a process that took a notice to send it is given before another may take it over.
GIVEN = timedelta(minutes=10)


class NoticeQuerySet(models.QuerySet):
    def queued(self) -> NoticeQuerySet:
        """Neither sent nor withdrawn."""
        return self.filter(sent_at__isnull=True, withdrawn_at__isnull=True)

    def free(self, now: datetime) -> NoticeQuerySet:
        """Those that no process is sending; or one began to and died."""
        return self.filter(Q(taken_at__isnull=True) | Q(taken_at__lt=now - GIVEN))

    def last_sent_to_posts(self) -> dict[int, datetime]:
        """When a holder or delegate of each post was last told something, by the post's id."""
        told = self.filter(sent_at__isnull=False, recipient__tenures__isnull=False)
        return dict(
            told.order_by().values_list("recipient__tenures__owner").annotate(Max("sent_at"))
        )

    def failed(self) -> NoticeQuerySet:
        """Those that were tried and are still to be sent."""
        return self.queued().exclude(last_error="")


class Notice(models.Model):
    """One e-mail that somebody is owed: the outbox of the quarter.

    It is queued in the transaction of what it tells of, so either both happen or neither. What it
    says is written when it is sent, so that a mail that was late tells the truth.
    """

    class Kind(models.TextChoices):
        OPENED = "opened", "Quarter opened"
        SENT_BACK = "sent_back", "Sent back"
        REMINDER = "reminder", "Reminder"
        CHASED = "chased", "Reminder by the risk manager"
        CLOSED = "closed", "Closed before it was submitted"
        ASKED = "asked", "Question asked"
        ANSWERED = "answered", "Question answered"
        PROPOSED = "proposed", "Entry proposed to another register"
        DECIDED = "decided", "Proposal decided"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="notices")
    # What was sent back. It may leave the edition before the mail is sent.
    snapshot = models.ForeignKey(
        Snapshot, on_delete=models.SET_NULL, null=True, blank=True, related_name="notices"
    )
    question = models.ForeignKey(
        "registers.Question",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="notices",
    )
    proposal = models.ForeignKey(
        "registers.Proposal",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="notices",
    )
    version = models.PositiveIntegerField(
        default=0,
        help_text="Which version was sent back, or decided: that may happen again.",
    )
    day = models.DateField(help_text="The day it is for.")
    queued_at = models.DateTimeField(auto_now_add=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True, default="")
    sent_at = models.DateTimeField(null=True, blank=True)
    # When it was found to be of no use any more: all is submitted, or the person has left the post.
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["id"],
                name="queued_notices",
                condition=Q(sent_at__isnull=True, withdrawn_at__isnull=True),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "edition", "kind", "day"],
                condition=~Q(kind__in=["sent_back", "asked", "answered", "proposed", "decided"]),
                name="a_person_is_told_once_a_day_of_an_edition",
            ),
            models.UniqueConstraint(
                fields=["recipient", "snapshot", "version"],
                condition=Q(kind="sent_back"),
                name="a_person_is_told_once_that_an_entry_was_sent_back",
            ),
            models.UniqueConstraint(
                fields=["recipient", "question", "kind"],
                condition=Q(question__isnull=False),
                name="a_person_is_told_once_of_a_question",
            ),
            models.UniqueConstraint(
                fields=["recipient", "proposal", "kind", "version"],
                condition=Q(proposal__isnull=False),
                name="a_person_is_told_once_of_a_step_of_a_proposal",
            ),
            models.CheckConstraint(
                name="a_notice_is_sent_or_withdrawn_not_both",
                condition=Q(sent_at__isnull=True) | Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.recipient}, {self.edition}"
