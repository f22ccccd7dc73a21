"""Last quarter's text carried forward for owners who sent nothing, by the manager's hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from registers.cycle import rows
from registers.cycle.errors import NotAllowed, ReasonMissing, WrongState
from registers.cycle.locks import claim_all
from registers.domain import carried
from registers.models import Edition, Progress, Snapshot
from registers.models.snapshot import SnapshotQuerySet


def to_carry(edition: Edition) -> SnapshotQuerySet:
    """The entries of an edition that nobody has begun to update, and that were published before."""
    before = Snapshot.objects.once_published().filter(
        entry=OuterRef("entry"), edition__quarter__lt=edition.quarter
    )
    untouched = Snapshot.objects.in_edition(edition).filter(progress=Progress.TO_UPDATE)
    return untouched.filter(Exists(before))


@transaction.atomic
def carry_forward(
    snapshots: Iterable[Snapshot], *, by, reason: str, now: datetime | None = None
) -> list[Snapshot]:
    """Accept entries as they stood last quarter, saying that no update came, and why.

    The owner has said nothing, so no direction of travel is stated for them. All of them are
    carried, or none: what has been begun meanwhile is not overwritten. Raises NotAllowed,
    ReasonMissing, WrongState, and what `claim` raises.
    """
    snapshots = list(snapshots)
    if not all(by.access.may_manage(snapshot.edition) for snapshot in snapshots):
        raise NotAllowed("Only the risk manager carries entries forward.")
    if not reason.strip():
        raise ReasonMissing("Say why they are carried forward: the committee reads it.")
    standing = claim_all(snapshots, by=by)
    if not standing:
        raise WrongState("Tick the entries to carry forward.")
    _refuse_others(standing)
    for snapshot in standing:
        snapshot.commentary = carried.because(reason)
        snapshot.direction = ""
        snapshot.progress = Progress.ACCEPTED
        snapshot.version += 1
    written = ["commentary", "direction", "progress", "version"]
    rows.update(standing, written, by=by, reason="Carried forward", now=now)
    return standing


def _refuse_others(standing: list[Snapshot]) -> None:
    may = set()
    for edition in {snapshot.edition for snapshot in standing}:
        may.update(to_carry(edition).values_list("pk", flat=True))
    others = ", ".join(one.reference for one in standing if one.pk not in may)
    if others:
        raise WrongState(
            f"Begun since you opened this page, or new this quarter: {others}. Nothing was carried "
            "forward. Choose again."
        )
