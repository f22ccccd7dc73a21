"""Two editions of a register, read for one person and compared.

Only what a person may read in both editions is compared: an entry that one of them hides would
otherwise look as if it had come or gone. Of a draft, only its readers are told what is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, Min, OuterRef, QuerySet

from registers.domain import difference
from registers.domain.difference import Comparison
from registers.domain.grid import Row
from registers.domain.quarters import Quarter
from registers.models import Edition, Snapshot, User
from registers.reading.editions import READ
from registers.reading.endings import endings
from registers.reading.wording import reworded


@dataclass(frozen=True, slots=True)
class Compared:
    """The rows of both editions in the order they are printed, and what became of each."""

    earlier: tuple[Row, ...]
    later: tuple[Row, ...]
    changes: Comparison


def compared(before: Edition, after: Edition, user: User) -> Compared:
    """Compare two editions of one register, the earlier one first. Three queries."""
    sides: dict[int, list[Row]] = {before.pk: [], after.pk: []}
    rows = readable(before, after, user).as_printed()
    for edition, *values in rows.values_list("edition_id", *READ):
        sides[edition].append(Row(*values))
    earlier, later = sides[before.pk], sides[after.pk]
    changes = difference.compare(
        earlier,
        later,
        endings=endings(after, since=before.quarter, user=user),
        reworded=reworded(before, after),
    )
    return Compared(tuple(earlier), tuple(later), changes)


def readable(before: Edition, after: Edition, user: User) -> QuerySet[Snapshot]:
    """The snapshots of both editions, without the entries that the person may not read in one."""
    both = Snapshot.objects.filter(edition__in=[before, after])
    if user.access.reads_all_drafts:
        return both
    seen = both.visible_to(user)
    hidden = both.filter(entry=OuterRef("entry")).exclude(pk__in=seen.values("pk"))
    seen = seen.filter(~Exists(hidden))
    for edition in (before, after):
        if not edition.is_published:
            there = Snapshot.objects.filter(edition=edition, entry=OuterRef("entry"))
            own = Snapshot.objects.filter(pk=OuterRef("pk")).owned_by(user.access.posts)
            seen = seen.filter(Exists(there) | Exists(own))
    return seen


def first_seen(entries: Iterable[int], by: Edition, user: User) -> dict[int, Quarter]:
    """By entry, the first quarter whose edition has it, as far as the person may read. One query.

    Looks no further than the edition given.
    """
    seen = Snapshot.objects.visible_to(user).filter(
        entry__in=list(entries), edition__quarter__lte=by.quarter
    )
    firsts = seen.order_by().values_list("entry_id").annotate(first=Min("edition__quarter"))
    return dict(firsts)
