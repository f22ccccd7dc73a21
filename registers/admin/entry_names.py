"""An entry by what it is called: it has no name of its own, only those of its editions."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery

from registers.models import Entry, Snapshot


def named(entries: QuerySet) -> QuerySet:
    """Entries with the reference and title of their latest edition, in the same query."""
    latest = Snapshot.objects.filter(entry=OuterRef("pk")).order_by("-edition__quarter")
    return entries.annotate(
        latest_reference=Subquery(latest.values("reference")[:1]),
        latest_title=Subquery(latest.values("title")[:1]),
    )


def name_of(entry: Entry) -> str:
    """'CR4 Keeping roads open'."""
    reference = getattr(entry, "latest_reference", None)
    return f"{reference} {entry.latest_title}" if reference else str(entry)
