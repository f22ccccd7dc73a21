"""Taking out again what an import wrote, while its edition is not published."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from registers import cycle
from registers.cycle import Loaded
from registers.importing.review.errors import ImportRefused
from registers.importing.review.locks import lock
from registers.models import Import, Owner, Snapshot, User

UNDONE = "Import undone"


def lost_by_undoing(import_: Import) -> list[str]:
    """The references of entries that were changed since: undoing takes that out as well."""
    versions = {int(pk): version for pk, version in import_.left.get("snapshots", {}).items()}
    standing = Snapshot.objects.filter(pk__in=versions).as_printed()
    return [one.reference for one in standing if one.version != versions[one.pk]]


@transaction.atomic
def undo(import_: Import, *, by: User, lose: bool = False) -> Import:
    """Take out what the import wrote. `lose` agrees to the loss of what was changed since.

    Raises ImportRefused, or what `cycle.unload` refuses with.
    """
    standing = lock(import_.pk, by=by)
    if not standing.is_applied or standing.edition is None:
        raise ImportRefused("There is nothing to undo: the import is not in the register.")
    if (lost := lost_by_undoing(standing)) and not lose:
        raise ImportRefused(
            f"These were changed since the import: {', '.join(lost)}. Tick that this is to be "
            "lost too, or take the others out one by one on the page of the quarter."
        )
    left = standing.left
    loaded = Loaded(
        snapshots=tuple(map(int, left["snapshots"])),
        entries=tuple(left["entries"]),
        statements=tuple(left["statements"]),
        began=left["began"],
    )
    edition = standing.edition
    standing.doubts.all().delete()
    standing.state, standing.ended_at = Import.State.UNDONE, timezone.now()
    standing.changed_by, standing._change_reason = by, UNDONE
    standing.edition = None
    standing.save()
    cycle.unload(edition, loaded, by=by, reason=UNDONE)
    _forget_owners(left["owners"])
    return standing


def _forget_owners(made: list[int]) -> None:
    """Posts that the import made and nobody has taken up since."""
    unused = Owner.objects.filter(pk__in=made, snapshots=None, tenures=None)
    for owner in unused:
        owner.delete()
