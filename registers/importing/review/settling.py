"""A doubt that an import left with an edition is settled by a person."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from registers.importing.review.errors import ImportRefused
from registers.models import ImportDoubt, Register, User


@transaction.atomic
def settle(doubt: ImportDoubt, *, by: User, again: bool = False) -> ImportDoubt:
    """Say that it was looked at, or (`again`) that it is open after all. Raises ImportRefused."""
    if not by.access.may_manage(doubt.edition):
        raise ImportRefused("Only the risk manager settles what an import left open.")
    mine = ImportDoubt.objects.select_for_update(of=("self",)).select_related("edition")
    standing = mine.get(pk=doubt.pk)
    standing.settled_at, standing.settled_by = (None, None) if again else (timezone.now(), by)
    standing.changed_by, standing._change_reason = by, "Open again" if again else "Settled"
    standing.save()
    # The page of its entry shows it, and is kept.
    Register.objects.filter(pk=standing.edition.register_id).bump()
    return standing
