"""Asking owners, by the manager's hand, for what is still outstanding."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from registers.cycle import notices
from registers.cycle.errors import EditionNotOpen, NobodyToChase, NotAllowed
from registers.cycle.locks import lock_edition
from registers.models import Edition, Snapshot


@transaction.atomic
def chase(
    edition: Edition,
    *,
    by,
    snapshots: Iterable[Snapshot] | None = None,
    now: datetime | None = None,
) -> int:
    """Remind the owners of these entries, or of all, of what they have outstanding in an edition.

    A person gets one such mail a day, which lists everything that is theirs to do; so the number
    of people who are told now may be 0. Raises NotAllowed, EditionNotOpen, or NobodyToChase where
    all is submitted or nobody holds the posts.
    """
    if not by.access.may_manage(edition):
        raise NotAllowed("Only the risk manager chases owners.")
    edition = lock_edition(edition.pk)
    if not edition.is_open:
        raise EditionNotOpen(
            f"{edition} is {edition.get_state_display().lower()}: there is nothing to chase."
        )
    asked = Snapshot.objects.in_edition(edition) if snapshots is None else list(snapshots)
    outstanding = (
        Snapshot.objects.in_edition(edition)
        .filter(pk__in=[snapshot.pk for snapshot in asked])
        .outstanding()
    )
    if not outstanding:
        raise NobodyToChase("These entries have all been submitted.")
    people = notices.people_to_chase(outstanding, now=now)
    if not people:
        listed = ", ".join(snapshot.reference for snapshot in outstanding[:12])
        raise NobodyToChase(f"Nobody who can sign in holds the post of {listed}. Name somebody.")
    return notices.tell_chased(edition, people, now=now)
