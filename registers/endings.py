"""What was stated of entries that are gone: closed, merged into another, succeeded by another."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery

from registers.comparison import Ending
from registers.models import Edition, Lineage, Snapshot, User
from registers.quarters import Quarter


def endings(edition: Edition, *, since: Quarter, user: User) -> dict[int, Ending]:
    """By entry, the statements that took effect after a quarter and by this edition. One query.

    Where a statement names another entry that the person may not see, neither its number nor the
    reason is given.
    """
    other = (
        Snapshot.objects.visible_to(user)
        .in_edition(edition)
        .filter(entry=OuterRef("other"))
        .values("reference")[:1]
    )
    statements = (
        Lineage.objects.ending()
        .filter(
            edition__register=edition.register_id,
            edition__quarter__gt=since,
            edition__quarter__lte=edition.quarter,
        )
        .annotate(other_reference=Subquery(other))
    )
    return {statement.entry_id: _ending(statement) for statement in statements}


def _ending(statement: Lineage) -> Ending:
    words = statement.get_kind_display()
    if statement.other_id is None:
        return Ending(words, statement.reason)
    if statement.other_reference is None:
        return Ending("Merged" if statement.kind == Lineage.Statement.MERGED else "Succeeded")
    return Ending(f"{words} {statement.other_reference}", statement.reason)
