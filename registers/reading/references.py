"""Printed numbers in the order of a person: CR2 before CR10."""

from __future__ import annotations

from django.db.models import CharField, F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat, Length, LPad, Replace

LONGEST = 12  # characters of a reference


def natural(column: str = "reference") -> list[Combinable]:
    """CR2 before CR10, and every CR before any CS: by letters, then by length, then as text."""
    return [_letters(column), Length(column), F(column)]


def natural_key(column: str = "reference") -> Combinable:
    """The same as one text to sort by, for a column of the data pages."""
    return Concat(_letters(column), LPad(column, LONGEST, Value("0")), output_field=CharField())


def _letters(column: str) -> Combinable:
    letters: Combinable = F(column)
    for digit in "0123456789":
        letters = Replace(letters, Value(digit), Value(""))
    return letters
