"""Keeping the words of published editions for the search."""

from __future__ import annotations

from registers.models import Edition, Snapshot, Sought
from registers.reading.contents import terms, whole
from registers.reading.search import words_of


def index(edition: Edition) -> None:
    """Keep the words of an edition as published, in place of what was kept of an earlier issue."""
    rows = Snapshot.objects.in_edition(edition)
    Sought.objects.filter(snapshot__edition=edition).delete()
    ids = dict(rows.order_by().values_list("entry", "pk"))
    Sought.objects.bulk_create(
        Sought(snapshot_id=ids[one.entry], words=words_of(one))
        for one in whole(rows, {edition.pk: terms(edition)})
    )


def index_missing() -> int:
    """Index the published editions that are not. Says how many there were."""
    missing = Snapshot.objects.published().filter(sought=None).order_by()
    editions = Edition.objects.filter(pk__in=missing.values("edition"))
    for edition in editions:
        index(edition)
    return len(editions)
