from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from registers.models.constraints import CheckAtField, UniqueAtField
from registers.models.edition import Edition
from registers.models.entry import Entry
from registers.models.fields import Stamped, Text
from registers.models.register import Register


class ProposalQuerySet(models.QuerySet):
    def visible_to(self, user) -> ProposalQuerySet:
        """Those that come from a register, or go to one, that the person manages."""
        here, there = (user.access.where("manages", way) for way in ("edition__register", "to"))
        return self.filter(here | there) if here and there else self.all()

    def waiting(self) -> ProposalQuerySet:
        return self.filter(decided_at=None, withdrawn_at=None)

    def waiting_at(self, register: Register) -> ProposalQuerySet:
        """Those from a register and those to it that nobody has decided."""
        concerned = self.waiting().filter(Q(edition__register=register) | Q(to=register))
        return concerned.select_related("edition__register", "to")


class Proposal(Stamped):
    """That an entry of one register should stand in another: above it (escalated), or below.

    It waits until the other register's manager accepts or declines it, or it is withdrawn. `called`
    is the entry as the edition it was proposed from called it then; `became` is the entry that it
    is in the other register.
    """

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="proposals")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="proposals")
    to = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="proposals")
    called = models.CharField(max_length=520)
    reason = Text()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proposals"
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    refusal = Text("reason for declining", blank=True, default="")
    became = models.OneToOneField(
        Entry, on_delete=models.PROTECT, null=True, blank=True, related_name="proposed_as"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()
    # An entry of another register is known by what it was called.
    history = HistoricalRecords(excluded_fields=["entry", "became"])

    class Meta:
        ordering = ["proposed_at"]
        constraints = [
            CheckAtField(
                field="reason",
                name="a_proposal_gives_its_reason",
                condition=~Q(reason=""),
                violation_error_message="Say why it belongs in the other register.",
            ),
            UniqueAtField(
                fields=["entry"],
                condition=Q(decided_at=None, withdrawn_at=None),
                field="entry",
                name="an_entry_is_proposed_to_one_register_at_a_time",
                violation_error_message="This entry is proposed to another register already.",
            ),
            models.CheckConstraint(
                name="a_decided_proposal_was_accepted_or_declined",
                condition=Q(decided_at=None, became=None, refusal="")
                | Q(decided_at__isnull=False, became__isnull=False, refusal="")
                | (Q(decided_at__isnull=False, became=None) & ~Q(refusal="")),
            ),
            models.CheckConstraint(
                name="a_proposal_is_decided_or_withdrawn_not_both",
                condition=Q(decided_at=None) | Q(withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.called}, from {self.edition.register} to {self.to}"

    @property
    def waits(self) -> bool:
        return self.decided_at is None and self.withdrawn_at is None

    @property
    def is_upwards(self) -> bool:
        return self.edition.register.parent_id == self.to_id
