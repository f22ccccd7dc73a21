from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from registers.domain.flags import KINDS
from registers.models.constraints import CheckAtField
from registers.models.fields import Stamped, Text
from registers.models.snapshot import Snapshot


def is_a_flag(code: str) -> None:
    if code not in KINDS:
        raise ValidationError(f"There is no flag “{code}”.")


class FlagAnswer(Stamped):
    """What one edition says to a flag of an entry: "tolerated because …", until a day.

    It belongs to the edition in which it was given and is frozen, published and digested with it.
    Whether it still holds in a later one, `domain.flags.answers` says.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="answers")
    code = models.CharField("flag", max_length=40, validators=[is_a_flag])
    reason = Text("tolerated because")
    until = models.DateField("until")
    # The words of the flag when it was answered, and the digest of what it rested on.
    asked = Text("the flag", editable=False)
    proof = models.CharField(max_length=64, editable=False)

    history = HistoricalRecords()

    class Meta:
        ordering = ["snapshot", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "code"],
                name="a_flag_is_answered_once_in_an_edition",
                violation_error_message="This flag is answered already.",
            ),
            CheckAtField(
                field="reason",
                name="an_answer_to_a_flag_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message="Say why it is tolerated.",
            ),
        ]

    def __str__(self) -> str:
        return self.asked[:80]
