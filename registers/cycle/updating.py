"""An entry's own quarter: draft, submit, send back, accept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from registers.cycle import readiness
from registers.cycle.errors import (
    ChangedMeanwhile,
    EditionNotOpen,
    NeedsReason,
    NotAllowed,
    NotReady,
    ReasonMissing,
    WrongState,
)
from registers.cycle.rows import dated
from registers.models import Direction, Progress, Snapshot


def claim(snapshot: Snapshot, *, by, version: int | None = None) -> Snapshot:
    """The snapshot as it now stands, locked until the transaction ends, if `by` may change it.

    `version` is the one the person saw. Raises NotAllowed, EditionNotOpen or ChangedMeanwhile.
    """
    locked = (
        Snapshot.objects.select_for_update(of=("self",))
        .select_related("edition__register", "entry", "changed_by")
        .get(pk=snapshot.pk)
    )
    if not by.access.may_change(locked):
        if by.access.manages or by.access.owns(locked):
            raise EditionNotOpen(
                f"{locked.edition} is {locked.edition.get_state_display().lower()}: "
                "it can't be changed any more."
            )
        raise NotAllowed("This entry is not yours to change.")
    if version is not None and version != locked.version:
        raise ChangedMeanwhile(locked)
    return locked


def previous(snapshot: Snapshot) -> Snapshot | None:
    """The same entry in the last published edition before this one, with its content."""
    return (
        Snapshot.objects.filter(
            entry_id=snapshot.entry_id, edition__quarter__lt=snapshot.edition.quarter
        )
        .published()
        .with_content()
        .order_by("-edition__quarter")
        .first()
    )


@transaction.atomic
def save_draft(snapshot: Snapshot, *, by, version: int | None = None, why: str = "") -> Snapshot:
    """Keep what an owner or the manager has changed on this instance, however incomplete.

    An owner's change takes a submitted entry back to draft; the manager's leaves it where it is.
    Raises what `claim` raises.
    """
    standing = claim(snapshot, by=by, version=version)
    snapshot.version = standing.version + 1
    if standing.progress == Progress.TO_UPDATE or not by.access.manages:
        snapshot.progress = Progress.DRAFT
    snapshot.changed_by = by
    if why:
        snapshot._change_reason = why
    snapshot.save()
    return snapshot


@transaction.atomic
def state_no_change(snapshot: Snapshot, *, by, reason: str, version: int | None = None) -> Snapshot:
    """Say that the entry stands as it did, because …; it is then ready to be submitted."""
    if not reason.strip():
        raise ReasonMissing("Say why nothing has changed.")
    standing = claim(snapshot, by=by, version=version)
    standing.no_change_reason = reason.strip()
    standing.direction = Direction.LEVEL
    standing.commentary = standing.commentary or reason.strip()
    return save_draft(standing, by=by, why="No change this quarter")


@transaction.atomic
def submit(
    snapshot: Snapshot,
    *,
    by,
    override: str = "",
    version: int | None = None,
    now: datetime | None = None,
) -> Snapshot:
    """Hand an entry to the manager.

    Raises NotReady (something is missing), NeedsReason (something looks contradictory and no
    `override` says why it is right), WrongState, and what `claim` raises.
    """
    standing = claim(snapshot, by=by, version=version)
    if standing.progress in (Progress.SUBMITTED, Progress.ACCEPTED):
        raise WrongState(f"{standing.reference} has been submitted already.")
    if missing := readiness.errors(standing):
        raise NotReady(missing)
    override = override.strip() or standing.override_reason
    doubts = readiness.warnings(standing, previous(standing))
    if doubts and not override:
        raise NeedsReason(doubts)
    standing.override_reason = override if doubts else ""
    standing.progress = Progress.SUBMITTED
    standing.submitted_at = now or timezone.now()
    standing.sent_back_because = ""
    standing.sent_back_at = None
    return _step(standing, by=by, why="Submitted", now=now)


@transaction.atomic
def send_back(snapshot: Snapshot, *, by, comment: str, now: datetime | None = None) -> Snapshot:
    """Ask the owner to look again, saying at what. Raises NotAllowed, ReasonMissing, WrongState."""
    _must_manage(by)
    if not comment.strip():
        raise ReasonMissing("Say what the owner should look at again.")
    standing = claim(snapshot, by=by)
    if not standing.edition.is_open:
        raise WrongState(
            f"{standing.edition} is in review. Reopen it for its owners before sending back."
        )
    if standing.progress not in (Progress.SUBMITTED, Progress.ACCEPTED):
        raise WrongState(f"{standing.reference} has not been submitted yet.")
    standing.progress = Progress.DRAFT
    standing.sent_back_because = comment.strip()
    standing.sent_back_at = now or timezone.now()
    return _step(standing, by=by, why="Sent back", now=now)


@transaction.atomic
def accept(snapshot: Snapshot, *, by, now: datetime | None = None) -> Snapshot:
    """Take a submitted entry into the edition. Raises NotAllowed or WrongState."""
    _must_manage(by)
    standing = claim(snapshot, by=by)
    if standing.progress == Progress.ACCEPTED:
        return standing
    if standing.progress != Progress.SUBMITTED:
        raise WrongState(
            f"{standing.reference} has not been submitted: it is "
            f"{standing.get_progress_display().lower()}."
        )
    standing.progress = Progress.ACCEPTED
    return _step(standing, by=by, why="Accepted", now=now)


@transaction.atomic
def accept_all(snapshots: Iterable[Snapshot], *, by) -> list[Snapshot]:
    """Accept several at once: all of them, or none if one can't be."""
    return [accept(snapshot, by=by) for snapshot in snapshots]


def _must_manage(by) -> None:
    if not by.access.manages:
        raise NotAllowed("Only the risk manager moderates entries.")


def _step(snapshot: Snapshot, *, by, why: str, now: datetime | None) -> Snapshot:
    snapshot.version += 1
    snapshot.changed_by = by
    snapshot._change_reason = why
    dated(snapshot, now).save()
    return snapshot
