"""An import in the hands of one person at a time."""

from __future__ import annotations

from django.utils import timezone

from registers.importing.review.errors import ImportRefused, SaidMeanwhile
from registers.models import Import, User

ENDED = {
    Import.State.APPLIED: "applied",
    Import.State.UNDONE: "undone",
    Import.State.PUT_ASIDE: "put aside",
}


def lock(pk: int, *, by: User) -> Import:
    """The import as it now stands. Raises ImportRefused for who may not."""
    found = (
        Import.objects.visible_to(by)
        .select_for_update(of=("self",))
        .select_related("register", "file", "changed_by", "edition__register")
    )
    standing = found.filter(pk=pk).first()
    if standing is None:
        raise ImportRefused("Only the risk manager brings a register in.")
    return standing


def lock_open(pk: int, *, by: User, version: int) -> Import:
    """The import, if it is open and is what the person saw. Raises ImportRefused, SaidMeanwhile."""
    standing = lock(pk, by=by)
    if not standing.is_open:
        raise ImportRefused(
            f"{who(standing, by)} has {ENDED[standing.state]} this import {when(standing)}. "
            "Nothing was done a second time."
        )
    if standing.version != version:
        raise SaidMeanwhile(
            f"{who(standing, by)} said something else of this file {when(standing)}, after you "
            "opened the page. What you chose is still in it, and nothing of it was taken yet: look "
            "at both, and send it once more if it is right."
        )
    return standing


def who(standing: Import, by: User) -> str:
    if standing.changed_by_id == by.pk:
        return "You, in another window,"
    return str(standing.changed_by or "Somebody")


def when(standing: Import) -> str:
    at = timezone.localtime(standing.ended_at or standing.changed_at)
    return f"on {at.day} {at:%B} at {at:%H:%M}"
