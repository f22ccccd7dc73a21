"""What was stated of entries that are gone: closed, merged into another, succeeded by another."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, TextField, Value

from registers.domain import canonical
from registers.domain.difference import Ending
from registers.domain.quarters import Quarter
from registers.domain.statements import Statement
from registers.models import Edition, Lineage, Publication, Snapshot, State, User

# An edition that was published and is in review again: its rows are the draft of a correction.
_BEING_CORRECTED = Q(edition__issue__gt=1) & ~Q(edition__state=State.PUBLISHED)


def endings(edition: Edition, *, since: Quarter, user: User) -> dict[int, Ending]:
    """By entry, the statements that took effect after a quarter and by this edition.

    They are read from the rows, which are frozen where the edition that states them is published.
    What an edition said that is being corrected is read from the document of its last issue, and
    what an earlier issue said, where one is looked at, from its own. Where
    a statement names another entry that the person may not see, neither its number nor the reason
    is given. One query, and a second where another edition is being corrected.
    """
    within = Q(
        edition__register=edition.register_id,
        edition__quarter__gt=since,
        edition__quarter__lte=edition.quarter,
    )
    elsewhere = _BEING_CORRECTED & ~Q(edition=edition.pk)
    if edition.issued is not None:
        within &= ~Q(edition=edition.pk)
    if edition.is_published:
        rows = within & Q(edition__state=State.PUBLISHED)
    else:
        rows = within & ~elsewhere
    stated = _read(edition, user, rows=rows, documents=within & elsewhere)
    if edition.issued is not None:
        said = edition.issued.statements
        stated += [(edition.quarter, one, None) for one in said if one.kind in Lineage.ENDING]
    named = _named(edition, user, {one.other for _, one, from_row in stated if from_row is None})
    # An entry may have been brought back and ended again: what was stated last holds.
    return {
        one.entry: _ending(one, from_row[0] if from_row else named.get(one.other))
        for _, one, from_row in sorted(stated, key=lambda found: found[0])
    }


# The quarter of a statement, what it says and, from a row, the number of the other entry.
_Found = tuple[Quarter, Statement, tuple[str | None] | None]


def _read(edition: Edition, user: User, *, rows: Q, documents: Q) -> list[_Found]:
    """What rows state, and what documents do, in one query."""
    other = _references(edition, user).filter(entry=OuterRef("other")).values("reference")[:1]
    nothing = Value("", TextField())
    read = (
        Lineage.objects.ending()
        .filter(rows)
        .order_by()
        .values_list(
            "edition__quarter", "entry_id", "kind", "other_id", "reason", Subquery(other), nothing
        )
        .union(
            Publication.objects.filter(documents, issue=F("edition__issue") - 1)
            .order_by()
            .values_list("edition__quarter", "pk", nothing, "pk", nothing, nothing, "document"),
            all=True,
        )
    )
    found: list[_Found] = []
    for quarter, *said, reference, document in read:
        if document:
            stated = canonical.statements(document)
            found += [(quarter, one, None) for one in stated if one.kind in Lineage.ENDING]
        else:
            found.append((quarter, Statement(*said), (reference,)))
    return found


def _references(edition: Edition, user: User) -> QuerySet[Snapshot]:
    """Numbers in an edition, or the last before it: the other entry may have ended since."""
    return (
        Snapshot.objects.visible_to(user)
        .filter(edition__register=edition.register_id, edition__quarter__lte=edition.quarter)
        .order_by("-edition__quarter")
    )


def _named(edition: Edition, user: User, entries: Collection[int | None]) -> dict[int | None, str]:
    """The numbers of entries until an edition, as far as the person may see them."""
    known = [entry for entry in entries if entry is not None]
    if not known:
        return {}
    seen = _references(edition, user).filter(entry__in=known)
    return dict(seen.reverse().values_list("entry", "reference"))


def _ending(stated: Statement, other_reference: str | None) -> Ending:
    if stated.other is None:
        return Ending(stated.words, stated.reason)
    if other_reference is None:
        return Ending("Merged" if stated.kind == Lineage.Statement.MERGED else "Succeeded")
    return Ending(f"{stated.words} {other_reference}", stated.reason)
