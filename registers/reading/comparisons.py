"""Two editions of a register, read for one person and compared.

Only what a person may read in both editions is compared: an entry that one of them hides would
otherwise look as if it had come or gone. Of a draft, only its readers are told what is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, Min, OuterRef, QuerySet

from registers.domain import difference
from registers.domain.content import Content, Document
from registers.domain.difference import Change, Comparison
from registers.domain.quarters import Quarter
from registers.models import Edition, Snapshot, User
from registers.reading.contents import light, terms, whole
from registers.reading.endings import endings
from registers.reading.wording import differing


@dataclass(frozen=True, slots=True)
class Compared:
    """The rows of both editions in the order they are printed, and what became of each."""

    earlier: tuple[Content, ...]
    later: tuple[Content, ...]
    changes: Comparison


def compared(before: Edition, after: Edition, user: User) -> Compared:
    """Compare two editions of one register, the earlier one first. Three queries.

    The later may be an earlier issue, and is compared as its document has it.
    """
    if after.issued is not None:
        return _with_issue(before, after, after.issued, user)
    known = {edition.pk: terms(edition) for edition in (before, after)}
    rows = light(readable(before, after, user), known)
    earlier = [row for row in rows if row.terms is known[before.pk]]
    later = [row for row in rows if row.terms is known[after.pk]]
    reworded, actions_changed = differing(before, after)
    changes = difference.compare(
        earlier,
        later,
        endings=endings(after, since=before.quarter, user=user),
        reworded=reworded,
        actions_changed=actions_changed,
    )
    return Compared(tuple(earlier), tuple(later), changes)


def _with_issue(before: Edition, after: Edition, said: Document, user: User) -> Compared:
    there = Snapshot.objects.in_edition(before).as_printed()
    rows = whole(there.visible_to(user), {before.pk: terms(before)})
    told = set(there.values_list("entry", flat=True))
    hidden = told - {one.entry for one in rows}
    earlier = [one for one in rows if one.entry not in said.withheld]
    later = [one for one in said.entries if one.entry not in hidden]
    if not before.is_published and not user.access.at(before.register_id).reads_all_drafts:
        # Of a draft, only its readers are told what is not in it.
        later = [one for one in later if one.entry in told or one.post in user.access.posts]
    stated = endings(after, since=before.quarter, user=user)
    return Compared(tuple(earlier), tuple(later), difference.of_texts(earlier, later, stated))


def in_full(entries: Iterable[int], before: Edition, after: Edition) -> dict[int, Change]:
    """By entry, the change of those in both editions, with all their texts. Four queries."""
    known = {edition.pk: terms(edition) for edition in (before, after)}
    rows = Snapshot.objects.filter(edition__in=known, entry__in=list(entries))
    sides: dict[int, dict[int, Content]] = {}
    for one in whole(rows, known):
        sides.setdefault(one.entry, {})[one.terms is known[after.pk]] = one
    return {
        entry: Change.of_texts(both[False], both[True])
        for entry, both in sides.items()
        if len(both) == 2
    }


def readable(before: Edition, after: Edition, user: User) -> QuerySet[Snapshot]:
    """The snapshots of both editions, without the entries that the person may not read in one."""
    both = Snapshot.objects.filter(edition__in=[before, after])
    here = user.access.at(after.register_id)
    if here.reads_everything:
        return both
    seen = both.visible_to(user)
    hidden = both.filter(entry=OuterRef("entry")).exclude(pk__in=seen.values("pk"))
    seen = seen.filter(~Exists(hidden))
    if here.reads_all_drafts:
        return seen
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
