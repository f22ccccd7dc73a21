"""An entry by what it is called: it has no name of its own, only those of its editions."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from registers.forms import SuggestField
from registers.models import Entry, Snapshot
from registers.reading.words import called, having

_NUMBER = re.compile(r"\bno\. (\d+)$")


def named(entries: QuerySet) -> QuerySet:
    """Entries with the reference and title of their latest edition, in the same query."""
    latest = Snapshot.objects.filter(entry=OuterRef("pk")).order_by("-edition__quarter")
    return entries.annotate(
        latest_reference=Subquery(latest.values("reference")[:1]),
        latest_title=Subquery(latest.values("title")[:1]),
    )


def name_of(entry: Entry) -> str:
    """'CR4 Keeping roads open, no. 12': the number tells apart entries of the same name."""
    reference = getattr(entry, "latest_reference", None)
    if not reference:
        return f"{entry.get_kind_display()}, no. {entry.pk}"
    return f"{reference} {entry.latest_title}, no. {entry.pk}"


def find(entries: QuerySet, text: str) -> QuerySet:
    """Entries that a text can mean: by number, by printed reference, or by part of the title."""
    if number := _NUMBER.search(text):
        return entries.filter(pk=int(number[1]))
    return entries.filter(called(text, "latest_reference") | having(text, "latest_title"))


class EntryField(SuggestField):
    def __init__(self, **kwargs: Any):
        kwargs.setdefault("queryset", named(Entry.objects.all()))
        super().__init__(find=find, nothing="No entry is called “%s”.", **kwargs)

    def label_from_instance(self, entry: Entry) -> str:
        return name_of(entry)
