"""Who waits for whom. Every verb takes its locks here, from the top: register, edition, snapshot.

The manager's verbs have an edition to themselves. Owners share it: each holds it as it is and has
their own entry to themselves, so that twenty who save at the deadline wait for nobody, and a close
waits for those in mid-save. Nothing that a verb read can change before it has written: no
submission slips in between the checks and the freezing of a publication. Nobody who shares an
edition ever asks to have it alone, so no two verbs can wait for each other. SQLite needs no locks:
every transaction there has the database to itself (see transaction_mode in the settings).

The locks are those of an update that leaves the key alone, so that rows which merely point at a
register or an edition may be added meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import QuerySet

from registers.cycle.errors import (
    ChangedMeanwhile,
    EditionAlreadyPublished,
    EditionNotOpen,
    EntryGone,
    NotAllowed,
)
from registers.history import meanwhile
from registers.models import Edition, Lineage, Register, Snapshot


def lock_register(pk: int) -> Register:
    return Register.objects.select_for_update(no_key=True).get(pk=pk)


def lock_edition(pk: int) -> Edition:
    return (
        Edition.objects.select_for_update(of=("self",), no_key=True)
        .select_related("register")
        .get(pk=pk)
    )


def share_edition(pk: int) -> Edition:
    """The edition, which stays in the state it is in until the transaction ends."""
    if connection.features.has_select_for_update:
        table = connection.ops.quote_name(Edition._meta.db_table)
        with connection.cursor() as cursor:
            # Django knows no shared lock.
            cursor.execute(f"SELECT FROM {table} WHERE id = %s FOR SHARE", [pk])
    return Edition.objects.select_related("register").get(pk=pk)


def lock_for_manager(edition: Edition, *, by) -> Edition:
    """The edition, for verbs that change which entries it holds, and where.

    Raises NotAllowed or EditionAlreadyPublished.
    """
    if not by.access.may_manage(edition):
        raise NotAllowed("Only the risk manager changes which entries an edition holds.")
    locked = lock_edition(edition.pk)
    if locked.is_published:
        raise EditionAlreadyPublished(
            f"{locked} is published. A correction is a reissue, with a reason."
        )
    return locked


def claim(snapshot: Snapshot, *, by, version: int | None = None) -> Snapshot:
    """The snapshot as it now stands, nobody else's until the transaction ends.

    `version` is the one the person saw. Raises NotAllowed, EditionNotOpen, EntryGone or
    ChangedMeanwhile.
    """
    (standing,) = claim_all([snapshot], by=by)
    if version is not None and version != standing.version:
        raise ChangedMeanwhile(standing, meanwhile.changes(standing, since=version), by=by)
    return standing


def claim_all(snapshots: Iterable[Snapshot], *, by) -> list[Snapshot]:
    """Several at once, in as few queries as one. Raises what `claim` raises, but for versions."""
    asked = {snapshot.pk: snapshot for snapshot in snapshots}
    theirs = {one.edition_id: by.access.may_manage(one.edition) for one in asked.values()}
    # In one order, so that two people who choose the same ones never wait for each other.
    editions = {
        pk: lock_edition(pk) if manages else share_edition(pk)
        for pk, manages in sorted(theirs.items())
    }
    rows = Snapshot.objects.filter(pk__in=asked, edition__in=editions)
    if not all(theirs.values()):
        _lock_rows(rows)
    found = rows.select_related("entry", "owner", "changed_by").in_bulk()
    return [
        _claimed(snapshot, found.get(pk), editions[snapshot.edition_id], by=by)
        for pk, snapshot in asked.items()
    ]


def _lock_rows(rows: QuerySet[Snapshot]) -> None:
    """Before they are read: who waited here reads what the one before has written."""
    if connection.features.has_select_for_update:
        list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _claimed(snapshot: Snapshot, standing: Snapshot | None, edition: Edition, *, by) -> Snapshot:
    """What stands in the database for a snapshot that somebody holds, if they may change it."""
    if standing is None:
        # Somebody to whom it was never shown learns nothing from its going.
        if not (by.access.may_manage(edition) or by.access.owns(snapshot)):
            raise NotAllowed("This entry is not yours to change.")
        raise EntryGone(_gone(snapshot, edition))
    standing.edition = edition
    if not by.access.may_change(standing):
        if by.access.may_manage(edition) or by.access.owns(standing):
            raise EditionNotOpen(
                f"{edition} is {edition.get_state_display().lower()}: it can't be changed any more."
            )
        raise NotAllowed("This entry is not yours to change.")
    return standing


def _gone(snapshot: Snapshot, edition: Edition) -> str:
    ended = (
        Lineage.objects.ending()
        .filter(entry_id=snapshot.entry_id, edition__quarter__lte=edition.quarter)
        .with_names()
        .last()
    )
    became = ended.in_words() if ended else "taken out"
    because = f", because: {ended.reason}" if ended else "."
    return f"{snapshot.reference} is no longer in {edition}. It was {became}{because}"
