"""Columns that hold values of the pure rooms, and the stamp of who changed a row."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from registers.domain.quarters import Quarter


class QuarterField(models.PositiveSmallIntegerField):
    """A Quarter, kept as its ordinal, so that order, ranges and gaps are plain SQL.

    Accepts a Quarter or its text ('2018-19-q3', 'Q3 2018/19').
    """

    description = "A quarter of a financial year"

    def from_db_value(self, value, expression, connection):
        return None if value is None else Quarter.from_ordinal(value)

    def to_python(self, value):
        if value is None or isinstance(value, Quarter):
            return value
        if isinstance(value, int):
            return Quarter.from_ordinal(value)
        try:
            return Quarter.parse(value)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def get_prep_value(self, value):
        value = self.to_python(value)
        return None if value is None else value.ordinal

    def value_to_string(self, obj):
        return self.value_from_object(obj).slug

    @property
    def validators(self):
        """A Quarter checks itself; the integer's range is not a person's business."""
        return []

    def formfield(self, **kwargs):
        kwargs.setdefault("help_text", "As Q3 2018/19.")
        return forms.CharField(
            label=kwargs.get("label", self.verbose_name.capitalize()),
            required=not self.blank,
            help_text=kwargs["help_text"],
        )


# Ten pages of print. What is longer is no longer read, and takes seconds to compare.
MOST_IN_A_TEXT = 20_000


def at_most(text: str) -> None:
    """Refuses a text that is longer than a text of the register can be, and says by how much."""
    if len(text) > MOST_IN_A_TEXT:
        raise ValidationError(
            f"This has {len(text):,} characters; at most {MOST_IN_A_TEXT:,} can be kept. "
            "Shorten it, or put the rest in a document that you name here.",
            code="too_long",
        )


class Text(models.TextField):
    """Text of any number of lines, within the one bound that every text has."""

    default_validators = [at_most]

    def deconstruct(self):
        """To the database it is Django's own."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


class TextBox(forms.CharField):
    """A box on a form for such a text."""

    widget = forms.Textarea
    default_validators = [at_most]


class PassageField(models.TextField):
    """Bulleted text in the written form of `domain.passages`; blank when there is none."""

    default_validators = [at_most]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)


class Stamped(models.Model):
    """Who changed the row last, and when. The full trail is in `history`."""

    changed_at = models.DateTimeField("last changed", auto_now=True)
    changed_by = models.ForeignKey(
        "registers.User",
        verbose_name="last changed by",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        abstract = True

    @property
    def _history_user(self):
        """The trail names the same person as the row does, else whoever sent the request."""
        if self.changed_by_id is None:
            raise AttributeError("nobody is named")
        return self.changed_by
