"""The manager's pen: new entries, closures, mergers, splits, and printed numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from registers.cycle.errors import (
    EditionAlreadyPublished,
    EntryAlreadyEnded,
    NotAllowed,
    ReasonMissing,
    ReferenceTaken,
    WrongState,
)
from registers.cycle.rows import dated, update
from registers.models import Direction, Edition, Entry, Lineage, Owner, Snapshot


def _lock(edition: Edition, *, by) -> Edition:
    if not by.access.manages:
        raise NotAllowed("Only the risk manager changes which entries an edition holds.")
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if edition.is_published:
        raise EditionAlreadyPublished(
            f"{edition} is published. A correction is a reissue, with a reason."
        )
    return edition


@transaction.atomic
def add_entry(
    edition: Edition,
    *,
    by,
    kind: str,
    title: str,
    reference: str = "",
    owner: Owner | None = None,
    exempt_reason: str = "",
    now: datetime | None = None,
) -> Snapshot:
    """A new risk or opportunity, first stated in this edition; its owner then fills it in.

    Without a reference it gets the next free number. Raises ReferenceTaken.
    """
    edition = _lock(edition, by=by)
    entry = Entry(
        register=edition.register,
        kind=kind,
        exempt=bool(exempt_reason),
        exempt_reason=exempt_reason,
        changed_by=by,
    )
    dated(entry, now).save()
    return _state(edition, entry, by=by, title=title, reference=reference, owner=owner, now=now)


def _state(
    edition: Edition,
    entry: Entry,
    *,
    by,
    title: str,
    reference: str,
    owner: Owner | None,
    now: datetime | None,
) -> Snapshot:
    snapshots = Snapshot.objects.in_edition(edition)
    last = snapshots.aggregate(last=Max("order"))["last"] or 0
    reference = reference.strip() or next_reference(edition, entry.kind)
    if snapshots.filter(reference=reference).exists():
        raise ReferenceTaken(f"{reference} is taken in {edition}. Choose another number.")
    snapshot = Snapshot(
        edition=edition,
        entry=entry,
        reference=reference,
        order=last + 1,
        title=title.strip(),
        owner=owner,
        direction=Direction.NEW,
        changed_by=by,
    )
    snapshot._change_reason = "Added"
    dated(snapshot, now).save()
    return snapshot


def next_reference(edition: Edition, kind: str) -> str:
    """The lowest number above all that this edition uses for the kind: CR14 after CR13."""
    prefix = edition.register.prefix(kind)
    numbers = [
        int(reference[len(prefix) :])
        for reference in Snapshot.objects.in_edition(edition)
        .filter(reference__startswith=prefix)
        .values_list("reference", flat=True)
        if reference[len(prefix) :].isdecimal()
    ]
    return f"{prefix}{max(numbers, default=0) + 1}"


@transaction.atomic
def close_entry(snapshot: Snapshot, *, by, reason: str, now: datetime | None = None) -> Lineage:
    """End an entry with this edition: it leaves the edition, and the reason is printed."""
    return _end(snapshot, Lineage.Statement.CLOSED, None, by=by, reason=reason, now=now)


@transaction.atomic
def merge_entry(
    snapshot: Snapshot, *, into: Snapshot, by, reason: str, now: datetime | None = None
) -> Lineage:
    """End an entry by merging it into another of the same edition."""
    return _end(snapshot, Lineage.Statement.MERGED, into.entry, by=by, reason=reason, now=now)


@transaction.atomic
def succeed_entry(
    snapshot: Snapshot, *, successor: Snapshot, by, reason: str, now: datetime | None = None
) -> Lineage:
    """End an entry because another of the same edition took its place."""
    statement = Lineage.Statement.SUCCEEDED
    return _end(snapshot, statement, successor.entry, by=by, reason=reason, now=now)


def _end(
    snapshot: Snapshot,
    statement: str,
    other: Entry | None,
    *,
    by,
    reason: str,
    now: datetime | None,
) -> Lineage:
    edition = _lock(snapshot.edition, by=by)
    if not reason.strip():
        raise ReasonMissing("Say why: the committee will read it.")
    if other is not None and other.pk == snapshot.entry_id:
        raise WrongState("An entry can't be merged into itself. Choose another.")
    try:
        with transaction.atomic():
            ended = Lineage(
                entry=snapshot.entry,
                kind=statement,
                other=other,
                edition=edition,
                reason=reason.strip(),
                changed_by=by,
            )
            dated(ended, now).save()
    except IntegrityError as error:
        raise EntryAlreadyEnded(f"{snapshot.reference} has been ended already.") from error
    dated(snapshot, now).delete()
    return ended


@transaction.atomic
def split_entry(
    snapshot: Snapshot,
    *,
    by,
    title: str,
    reason: str,
    reference: str = "",
    owner: Owner | None = None,
    now: datetime | None = None,
) -> Snapshot:
    """A new entry of the same kind that takes over a part of this one, which lives on."""
    edition = _lock(snapshot.edition, by=by)
    if not reason.strip():
        raise ReasonMissing("Say why: the committee will read it.")
    part = Entry(
        register=edition.register,
        kind=snapshot.entry.kind,
        exempt=snapshot.entry.exempt,
        exempt_reason=snapshot.entry.exempt_reason,
        changed_by=by,
    )
    dated(part, now).save()
    stated = _state(
        edition,
        part,
        by=by,
        title=title,
        reference=reference,
        owner=owner or snapshot.owner,
        now=now,
    )
    split = Lineage(
        entry=part,
        kind=Lineage.Statement.SPLIT,
        other=snapshot.entry,
        edition=edition,
        reason=reason.strip(),
        changed_by=by,
    )
    dated(split, now).save()
    return stated


@transaction.atomic
def renumber(
    edition: Edition, references: Mapping[int, str], *, by, now: datetime | None = None
) -> list[Snapshot]:
    """Give snapshots (by their id) new references, all at once, so that numbers may be swapped.

    The order of the table stays; see `reorder`. Raises ReferenceTaken if two would be equal.
    """
    edition = _lock(edition, by=by)
    snapshots = list(Snapshot.objects.in_edition(edition).as_printed())
    changed = []
    for snapshot in snapshots:
        wanted = references.get(snapshot.pk, snapshot.reference).strip()
        if not wanted:
            raise ReferenceTaken(f"{snapshot.reference} would have no number. Give it one.")
        if wanted != snapshot.reference:
            snapshot.reference = wanted
            changed.append(snapshot)
    seen: dict[str, Snapshot] = {}
    for snapshot in snapshots:
        if snapshot.reference in seen:
            raise ReferenceTaken(f"Two entries would be {snapshot.reference}. Change one of them.")
        seen[snapshot.reference] = snapshot
    # The numbers stand under a unique constraint that is checked row by row: clear them first.
    for snapshot in changed:
        Snapshot.objects.filter(pk=snapshot.pk).update(reference=f"~{snapshot.pk}"[:12])
    update(changed, ["reference"], by=by, reason="Renumbered", now=now)
    return changed


@transaction.atomic
def reorder(
    edition: Edition, order: Mapping[int, int], *, by, now: datetime | None = None
) -> list[Snapshot]:
    """Set the places of snapshots (by their id) in the printed table."""
    edition = _lock(edition, by=by)
    changed = []
    for snapshot in Snapshot.objects.in_edition(edition):
        place = order.get(snapshot.pk, snapshot.order)
        if place != snapshot.order:
            snapshot.order = place
            changed.append(snapshot)
    update(changed, ["order"], by=by, reason="Reordered", now=now)
    return changed
