"""What was not published can be undone: an ending, an addition; and an entry can come back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from registers.cycle import rows
from registers.cycle.errors import EntryGone, ReferenceTaken, WrongState
from registers.cycle.locks import claim, lock_for_manager
from registers.cycle.moving import undo_move
from registers.cycle.opening import carry
from registers.cycle.restoring import restore
from registers.cycle.reviewing import next_reference, printable, refuse_if_named
from registers.models import Edition, Entry, Lineage, Publication, Snapshot

UNDONE = "Ending undone"
BROUGHT_BACK = "Brought back"
TAKEN_OUT = "Taken out: added by mistake"


@transaction.atomic
def undo_ending(ended: Lineage, *, by, now: datetime | None = None) -> Snapshot | None:
    """Withdraw a statement that has ended an entry; the entry stands as it stood before it.

    It gets its number again, or the next free one if another entry has taken it. None if the
    statement was made of an entry that the edition lacked. One that moved to another register
    leaves that again. Raises WrongState, NotAllowed or EditionAlreadyPublished.
    """
    edition = lock_for_manager(ended.edition, by=by)
    standing = Lineage.objects.ending().filter(pk=ended.pk).first()
    if standing is None:
        raise WrongState("This ending has been undone already.")
    if standing.called:
        return undo_move(standing, by=by, now=now)
    rows.delete(standing, by=by, reason=UNDONE, now=now)
    return restore(standing, edition, by=by, reason=UNDONE, now=now)


@transaction.atomic
def take_out(snapshot: Snapshot, *, by, now: datetime | None = None) -> None:
    """Undo an addition, or a coming back: what was not carried leaves without a statement. What was
    taken over from another register stands there again.

    Raises WrongState, NotAllowed, EditionAlreadyPublished or EntryGone.
    """
    edition = lock_for_manager(snapshot.edition, by=by)
    standing = claim(snapshot, by=by)
    if not added_this_quarter(edition).filter(pk=standing.pk).exists():
        raise WrongState(
            f"{standing.reference} stood in the edition before, or was published in this one. End "
            "it instead, and say why: the committee will read it."
        )
    came = Lineage.objects.filter(entry=standing.entry_id, edition=edition).exclude(called="")
    if moved := came.select_related("edition__register", "entry").first():
        undo_move(moved, by=by, now=now)
        return
    refuse_if_named(standing, Lineage.objects.filter(edition=edition))
    split = Lineage.objects.filter(edition=edition, entry=standing.entry_id)
    for part in (*split, *standing.rows_below(), standing):
        rows.delete(part, by=by, reason=TAKEN_OUT, now=now)


def added_this_quarter(edition: Edition):
    """The snapshots of entries that the edition before had not, nor an issue of this one."""
    before = Edition.objects.filter(register=edition.register_id).before(edition.quarter)
    carried = Snapshot.objects.in_edition(before.newest_first().first())
    added = Snapshot.objects.in_edition(edition).exclude(entry__in=carried.values("entry"))
    issued = Publication.objects.filter(edition=edition).order_by("-issue").first()
    if issued is not None:
        published = Snapshot.history.model.objects.filter(
            edition_id=edition.pk, history_date__lte=issued.published_at
        )
        added = added.exclude(entry__in=published.values("entry_id"))
    return added


@transaction.atomic
def bring_back(
    edition: Edition, entry: Entry, *, by, reference: str = "", now: datetime | None = None
) -> Snapshot:
    """Let an entry stand again that has ended, or that this edition lacks, with what it said last.

    An ending that this edition states is undone. One that was published stays as it was published;
    the entry follows on it, and the next quarters carry it. Without a reference it gets the number
    it had, or the next free one. Raises WrongState, ReferenceTaken, EntryGone, NotAllowed or
    EditionAlreadyPublished.
    """
    edition = lock_for_manager(edition, by=by)
    if standing := Snapshot.objects.in_edition(edition).filter(entry=entry).first():
        raise WrongState(f"It stands in {edition} already, as {standing.reference}.")
    if entry.register_id != edition.register_id:
        raise WrongState(f"It belongs to another register than {edition.register}.")
    ended = last_ending(entry, edition)
    if ended is not None and ended.edition_id == edition.pk:
        restored = undo_ending(ended, by=by, now=now)
        if restored is not None:
            return restored
    elif ended is not None and not ended.edition.is_published:
        raise WrongState(f"{ended.edition} ends it and is not published. Undo the ending there.")
    if ended is not None and ended.elsewhere_id and ended.elsewhere.lives():
        raise WrongState(f"It is {ended.called} now. Propose it back from there.")
    last = last_said(entry, edition)
    if last is None:
        raise EntryGone("No edition before this one says anything of it. Add it as a new entry.")
    reference = printable(reference) if reference.strip() else ""
    taken = set(Snapshot.objects.in_edition(edition).values_list("reference", flat=True))
    if reference in taken:
        raise ReferenceTaken(f"{reference} is taken in {edition}. Choose another number.")
    if not reference and last.reference in taken:
        reference = next_reference(edition, entry.kind)
    last.reference = reference or last.reference
    (snapshot,) = carry([last], edition, by=by, reason=BROUGHT_BACK, now=now)
    return snapshot


def last_ending(entry: Entry, edition: Edition) -> Lineage | None:
    """The last statement until an edition that has ended an entry."""
    return (
        Lineage.objects.ending()
        .filter(entry=entry, edition__quarter__lte=edition.quarter)
        .select_related("edition__register")
        .with_names()
        .order_by("edition__quarter")
        .last()
    )


def last_said(entry: Entry, edition: Edition) -> Snapshot | None:
    """What the nearest edition before this one said of an entry, with its content."""
    return (
        Snapshot.objects.filter(entry=entry, edition__quarter__lt=edition.quarter)
        .with_content()
        .order_by("-edition__quarter")
        .first()
    )
