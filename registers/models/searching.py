"""Rows that have a word in them: the one way in which anything here is searched."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q

from registers.domain.folding import pattern


def having(text: str, *columns: str) -> Q:
    """Rows in which one of the columns contains the text, however either was typed."""
    found = pattern(text)
    return reduce(or_, (Q(**{f"{column}__iregex": found}) for column in columns))


def called(text: str, *columns: str) -> Q:
    """Rows in which one of the columns says this text and nothing else."""
    whole = rf"^\s*{pattern(text)}\s*$"
    return reduce(or_, (Q(**{f"{column}__iregex": whole}) for column in columns))
