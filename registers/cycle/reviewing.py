"""The manager's pen: new entries, closures, mergers, splits, and printed numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import CharField, F, Max, QuerySet, Value
from django.db.models.functions import Cast, Concat

from registers.cycle.errors import (
    EntryAlreadyEnded,
    EntryGone,
    ReasonMissing,
    ReferenceTaken,
    ReferenceUnusable,
    TitleMissing,
    WrongState,
)
from registers.cycle.locks import claim, lock_for_manager
from registers.cycle.rows import dated, delete, update
from registers.models import Direction, Edition, Entry, Lineage, Owner, Snapshot

SAY_WHY = "Say why: the committee will read it."
LONGEST_REFERENCE = Snapshot._meta.get_field("reference").max_length


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

    Without a reference it gets the next free number. Raises NotAllowed, EditionAlreadyPublished,
    TitleMissing, ReferenceTaken or ReferenceUnusable.
    """
    edition = lock_for_manager(edition, by=by)
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
    if not title.strip():
        raise TitleMissing("Give it a title: one line that says what it is.")
    snapshots = Snapshot.objects.in_edition(edition)
    last = snapshots.aggregate(last=Max("order"))["last"] or 0
    reference = printable(reference) if reference.strip() else next_reference(edition, entry.kind)
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


def printable(reference: str) -> str:
    """The reference without space round it. Raises ReferenceUnusable."""
    reference = reference.strip()
    if not reference:
        raise ReferenceUnusable("An entry would have no number. Give it one.")
    if len(reference) > LONGEST_REFERENCE:
        raise ReferenceUnusable(
            f"“{reference}” is too long for a number: {LONGEST_REFERENCE} characters at most."
        )
    return reference


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
    """End an entry with this edition: it leaves the edition, and the reason is printed.

    Raises ReasonMissing, WrongState (a later edition has the entry), EntryAlreadyEnded, EntryGone,
    NotAllowed or EditionAlreadyPublished; so do `merge_entry` and `succeed_entry`.
    """
    return _end(snapshot, Lineage.Statement.CLOSED, None, by=by, reason=reason, now=now)


@transaction.atomic
def merge_entry(
    snapshot: Snapshot, *, into: Snapshot, by, reason: str, now: datetime | None = None
) -> Lineage:
    """End an entry by merging it into another of the same edition."""
    return _end(snapshot, Lineage.Statement.MERGED, into, by=by, reason=reason, now=now)


@transaction.atomic
def succeed_entry(
    snapshot: Snapshot, *, successor: Snapshot, by, reason: str, now: datetime | None = None
) -> Lineage:
    """End an entry because another of the same edition took its place."""
    return _end(snapshot, Lineage.Statement.SUCCEEDED, successor, by=by, reason=reason, now=now)


def _end(
    snapshot: Snapshot,
    statement: str,
    other: Snapshot | None,
    *,
    by,
    reason: str,
    now: datetime | None,
) -> Lineage:
    edition = lock_for_manager(snapshot.edition, by=by)
    if not reason.strip():
        raise ReasonMissing(SAY_WHY)
    standing = claim(snapshot, by=by)
    _refuse_other(standing.entry, other, edition)
    refuse_if_lives_on(standing, edition)
    refuse_if_named(standing, Lineage.objects.ending().filter(edition=edition))
    # It starts with the kind: by that an undoing knows what went with the ending.
    why = Lineage.Statement(statement).label + (f" {other.reference}" if other else "")
    take_away(standing, why, by=by, now=now)
    return _state_ending(standing.entry, statement, other, edition, by=by, reason=reason, now=now)


def take_away(snapshot: Snapshot, why: str, *, by, now: datetime | None) -> None:
    """Out of its edition, with all that belongs to it."""
    for part in (*snapshot.rows_below(), snapshot):
        delete(part, by=by, reason=why, now=now)


def refuse_if_named(snapshot: Snapshot, statements: QuerySet[Lineage]) -> None:
    """None of its edition's statements may name an entry that has left it. Raises WrongState."""
    named = statements.filter(other=snapshot.entry_id).with_names().first()
    if named is not None:
        raise WrongState(
            f"{named.named or 'Another entry'} is {named.in_words()} in {snapshot.edition}, so "
            f"{snapshot.reference} has to stay in it. Undo that first."
        )


def _refuse_other(entry: Entry, other: Snapshot | None, edition: Edition) -> None:
    if other is None:
        return
    if other.entry_id == entry.pk:
        raise WrongState("An entry can't be merged into itself. Choose another.")
    if not Snapshot.objects.in_edition(edition).filter(pk=other.pk).exists():
        raise EntryGone(f"{other.reference} is not in {edition}. Choose an entry that is.")


def _state_ending(
    entry: Entry,
    statement: str,
    other: Snapshot | None,
    edition: Edition,
    *,
    by,
    reason: str,
    now: datetime | None,
) -> Lineage:
    ended = Lineage(
        entry=entry,
        kind=statement,
        other=other.entry if other else None,
        edition=edition,
        reason=reason.strip(),
        changed_by=by,
    )
    try:
        with transaction.atomic():
            dated(ended, now).save()
    except IntegrityError as error:
        raise EntryAlreadyEnded("This entry has been ended already.") from error
    return ended


@transaction.atomic
def explain_absence(
    edition: Edition,
    entry: Entry,
    *,
    statement: str,
    other: Snapshot | None = None,
    by,
    reason: str,
    now: datetime | None = None,
) -> Lineage:
    """Say what became of an entry that an edition lacks: it was loaded so, or left out.

    Raises WrongState where the edition has it (see `close_entry`), and what `close_entry` raises.
    """
    edition = lock_for_manager(edition, by=by)
    if not reason.strip():
        raise ReasonMissing(SAY_WHY)
    if standing := Snapshot.objects.in_edition(edition).filter(entry=entry).first():
        raise WrongState(f"{standing.reference} is in {edition}. End it there.")
    _refuse_other(entry, other, edition)
    return _state_ending(entry, statement, other, edition, by=by, reason=reason, now=now)


@transaction.atomic
def restate(stated: Lineage, *, by, reason: str, now: datetime | None = None) -> Lineage:
    """Give another reason for what became of an entry, while its edition is not published.

    Raises ReasonMissing, WrongState (it was withdrawn), NotAllowed or EditionAlreadyPublished.
    """
    lock_for_manager(stated.edition, by=by)
    if not reason.strip():
        raise ReasonMissing(SAY_WHY)
    standing = Lineage.objects.filter(pk=stated.pk).first()
    if standing is None:
        raise WrongState("This statement has been withdrawn.")
    standing.reason = reason.strip()
    standing.changed_by = by
    dated(standing, now).save()
    return standing


def refuse_if_lives_on(snapshot: Snapshot, edition: Edition) -> None:
    """Raises WrongState where a later edition has it too."""
    later = (
        Edition.objects.filter(snapshots__entry=snapshot.entry_id, quarter__gt=edition.quarter)
        .oldest_first()
        .first()
    )
    if later is not None:
        raise WrongState(f"{later} has {snapshot.reference} too, so end it there.")


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
    """A new entry of the same kind that takes over a part of this one, which lives on.

    It is as exempt as the whole, and has the same owner unless told. Raises ReasonMissing, what
    `add_entry` raises, or EntryGone.
    """
    edition = lock_for_manager(snapshot.edition, by=by)
    if not reason.strip():
        raise ReasonMissing(SAY_WHY)
    whole = claim(snapshot, by=by)
    part = Entry(
        register=edition.register,
        kind=whole.entry.kind,
        exempt=whole.entry.exempt,
        exempt_reason=whole.entry.exempt_reason,
        changed_by=by,
    )
    dated(part, now).save()
    stated = _state(
        edition,
        part,
        by=by,
        title=title,
        reference=reference,
        owner=owner or whole.owner,
        now=now,
    )
    split = Lineage(
        entry=part,
        kind=Lineage.Statement.SPLIT,
        other=whole.entry,
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

    The order of the table stays; see `reorder`. Raises NotAllowed, EditionAlreadyPublished,
    ReferenceUnusable, or ReferenceTaken if two would be equal.
    """
    edition = lock_for_manager(edition, by=by)
    snapshots = list(Snapshot.objects.in_edition(edition).as_printed())
    changed = []
    for snapshot in snapshots:
        wanted = printable(references.get(snapshot.pk, snapshot.reference))
        if wanted != snapshot.reference:
            snapshot.reference = wanted
            changed.append(snapshot)
    seen = set()
    for snapshot in snapshots:
        if snapshot.reference in seen:
            raise ReferenceTaken(f"Two entries would be {snapshot.reference}. Change one of them.")
        seen.add(snapshot.reference)
    # The numbers stand under a unique constraint that is checked row by row: clear them first.
    # The trail is written with the new ones, so this in-between never shows.
    Snapshot.objects.filter(pk__in=[snapshot.pk for snapshot in changed]).update(
        reference=Concat(Value("~"), Cast(F("pk"), CharField()))
    )
    update(changed, ["reference"], by=by, reason="Renumbered", now=now)
    return changed


@transaction.atomic
def reorder(
    edition: Edition, order: Mapping[int, int], *, by, now: datetime | None = None
) -> list[Snapshot]:
    """Set the places of snapshots (by their id) in the printed table, 1 at the top.

    Raises NotAllowed or EditionAlreadyPublished.
    """
    edition = lock_for_manager(edition, by=by)
    changed = []
    for snapshot in Snapshot.objects.in_edition(edition):
        place = order.get(snapshot.pk, snapshot.order)
        if place != snapshot.order:
            snapshot.order = place
            changed.append(snapshot)
    update(changed, ["order"], by=by, reason="Reordered", now=now)
    return changed
