"""Which entries of an edition a page shows: the filter of its rows, or of an earlier issue."""

from __future__ import annotations

from django.http import QueryDict

from registers.models import Edition, Snapshot, User
from registers.pages.filters.issues import IssueFilter
from registers.pages.filters.live import SnapshotFilter


def filter_of(
    query: QueryDict, edition: Edition, user: User, *, both_kinds: bool = False
) -> SnapshotFilter:
    """The filter of what a person may read of an edition, or of an earlier issue of it."""
    if edition.issued is not None:
        return IssueFilter(
            query, edition.issued, edition=edition, reader=user, both_kinds=both_kinds
        )
    visible = Snapshot.objects.visible_to(user).in_edition(edition)
    return SnapshotFilter(query, visible, edition=edition, reader=user, both_kinds=both_kinds)
