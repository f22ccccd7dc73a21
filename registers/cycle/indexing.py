"""Keeping the words of editions for the search: of what is published once, of drafts as they go."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Q, QuerySet

from registers.models import Edition, Snapshot, Sought, State, User
from registers.reading.contents import ByEdition, terms, whole
from registers.reading.search import words_of

KEY = ("pk", "entry", "edition", "changed_at")
# How many drafts are read at a time.
AT_ONCE = 500


def index(edition: Edition) -> None:
    """Keep the words of an edition as published, in place of what was kept of an earlier issue."""
    rows = Snapshot.objects.in_edition(edition)
    Sought.objects.filter(snapshot__edition=edition).delete()
    _keep(rows, {edition.pk: terms(edition)})


def _keep(rows: QuerySet[Snapshot], known: ByEdition) -> None:
    """The words of snapshots; of those that are there, in their place."""
    of = {(row, edition): (pk, at) for pk, row, edition, at in rows.order_by().values_list(*KEY)}
    editions = {id(said): pk for pk, said in known.items()}
    found = []
    for one in whole(rows, known):
        pk, as_of = of[one.entry, editions[id(one.terms)]]
        found.append(Sought(snapshot_id=pk, words=words_of(one), as_of=as_of))
    Sought.objects.bulk_create(
        found,
        update_conflicts=True,
        unique_fields=["snapshot"],
        update_fields=["words", "as_of"],
    )


def index_drafts(user: User) -> int:
    """Bring the words of the drafts that a person may read up to date: of those that were changed
    since a search looked. Says how many there were. One query, where there are none.
    """
    if not (user.access.anywhere.reads_all_drafts or user.access.posts):
        return 0
    drafts = Snapshot.objects.visible_to(user).exclude(edition__state=State.PUBLISHED)
    known = Q(sought__as_of=F("changed_at"))
    stale = list(drafts.exclude(known).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(stale), AT_ONCE):
        rows = Snapshot.objects.filter(pk__in=stale[start : start + AT_ONCE])
        editions = Edition.objects.filter(snapshots__in=rows).distinct()
        with transaction.atomic():
            _keep(rows, {edition.pk: terms(edition) for edition in editions})
    return len(stale)


def index_missing() -> int:
    """Index the published editions that are not. Says how many there were."""
    missing = Snapshot.objects.published().filter(sought=None).order_by()
    editions = Edition.objects.filter(pk__in=missing.values("edition"))
    for edition in editions:
        index(edition)
    return len(editions)
