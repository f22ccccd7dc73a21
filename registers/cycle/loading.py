"""What a document says of a quarter, brought into its edition: an import, or a council's past.

A document may be incomplete where an owner's submission may not, and says what it says: nobody is
asked whether it is theirs to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from registers.cycle import drafts, rows
from registers.cycle.drafts import Draft
from registers.cycle.errors import EditionAlreadyPublished, EntryAlreadyEnded, WrongState
from registers.cycle.locks import lock_for_manager, lock_register
from registers.cycle.reviewing import refuse_if_named
from registers.cycle.terms import begin_edition
from registers.domain.quarters import Quarter
from registers.models import (
    Action,
    Edition,
    Entry,
    Lineage,
    Progress,
    Register,
    Snapshot,
    State,
    Strand,
    User,
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a document says of an entry, which is a new one if no row has it yet.

    `by` and `at` are of whoever wrote it, where that is not who loads it, now. The draft may hold
    every column of a snapshot.
    """

    entry: Entry
    draft: Draft
    by: User | None = None
    at: datetime | None = None


@transaction.atomic
def load_edition(
    register: Register,
    quarter: Quarter,
    document: Iterable[Said],
    *,
    by: User | None,
    reason: str,
    now: datetime | None = None,
) -> Edition:
    """Let an edition say what a document says of these entries; of others it says what it said.

    A quarter without an edition gets one in review, so that it stands beside the open quarter while
    a council loads its past. Raises EditionAlreadyPublished, or EntryAlreadyEnded for what this
    very edition states to have ended.
    """
    now = now or timezone.now()
    register, said = lock_register(register.pk), list(document)
    edition = Edition.objects.filter(register=register, quarter=quarter).first()
    if edition is None:
        edition = begin_edition(
            register, quarter, by=by, reason=reason, now=now, state=State.IN_REVIEW
        )
    if edition.is_published:
        raise EditionAlreadyPublished(f"{edition} is published. A correction is a reissue.")
    _refuse_ended(edition, said)
    stand = {one.entry_id: one for one in Snapshot.objects.in_edition(edition).with_content()}
    new = [one for one in said if one.entry.pk not in stand]
    _add(edition, new, by=by, reason=reason, now=now)
    for one in said:
        if snapshot := stand.get(one.entry.pk):
            _rewrite(snapshot, one.draft, by=one.by or by, reason=reason, now=one.at or now)
    return edition


def _refuse_ended(edition: Edition, said: Sequence[Said]) -> None:
    ended = set(Lineage.objects.ending().filter(edition=edition).values_list("entry_id", flat=True))
    listed = ", ".join(one.draft.fields["reference"] for one in said if one.entry.pk in ended)
    if listed:
        raise EntryAlreadyEnded(
            f"{edition} states that these have ended, and the file has them: {listed}. Undo "
            "the ending on the page of the quarter, or take them out of the file."
        )


def _add(
    edition: Edition, said: Sequence[Said], *, by: User | None, reason: str, now: datetime
) -> None:
    """Rows for what the edition lacks: all of a kind at once, for there may be hundreds."""
    told = {"by": by, "reason": reason, "now": now}
    rows.create([one.entry for one in said if one.entry.pk is None], **told)
    snapshots = [
        Snapshot(edition=edition, entry=one.entry, **drafts.columns(one.draft.fields))
        for one in said
    ]
    rows.create(snapshots, types=_types(one.draft.fields for one in said), **told)
    parts = [
        (snapshot, name, values)
        for snapshot, one in zip(snapshots, said, strict=True)
        for name, values in one.draft.strands.items()
    ]
    strands = [Strand(snapshot=of, **drafts.columns(values)) for of, _, values in parts]
    rows.create(strands, types=_types(values for *_, values in parts), **told)
    named = {(of.pk, name): row for (of, name, _), row in zip(parts, strands, strict=True)}
    actions = [
        Action(snapshot=of, key=key, **{**values, "strand": named.get((of.pk, values["strand"]))})
        for of, one in zip(snapshots, said, strict=True)
        for key, values in one.draft.actions.items()
    ]
    rows.create(actions, **told)


def _types(values: Iterable[drafts.Values]) -> dict[int, list[int]]:
    return {place: drafts.type_ids(one) for place, one in enumerate(values)}


def _rewrite(
    snapshot: Snapshot, draft: Draft, *, by: User | None, reason: str, now: datetime
) -> None:
    drafts.assign(snapshot, draft.fields)
    snapshot.version += 1
    written = [*drafts.columns(draft.fields), "version"]
    rows.update([snapshot], written, by=by, reason=reason, now=now)
    drafts.write_rows(snapshot, draft, by=by, reason=reason, now=now)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a loading made: the ids of its rows; `began` says that it began the edition too."""

    snapshots: tuple[int, ...]
    entries: tuple[int, ...]
    statements: tuple[int, ...]
    began: bool


@transaction.atomic
def unload(
    edition: Edition, loaded: Loaded, *, by: User, reason: str, now: datetime | None = None
) -> None:
    """Undo a loading: its statements, snapshots and new entries go, and the edition that it began,
    once that is empty. What was changed since goes too.

    Raises NotAllowed, EditionAlreadyPublished, or WrongState for an edition that was published
    once, or where a statement names an entry.
    """
    edition = lock_for_manager(edition, by=by)
    if edition.issue > 1:
        raise WrongState(f"{edition} was published. What it said is corrected, not undone.")
    told = {"by": by, "reason": reason, "now": now}
    for statement in Lineage.objects.filter(edition=edition, pk__in=loaded.statements):
        rows.delete(statement, **told)
    standing = Snapshot.objects.in_edition(edition).filter(pk__in=loaded.snapshots)
    for snapshot in standing.select_related("edition", "entry"):
        refuse_if_named(snapshot, Lineage.objects.filter(edition=edition))
        split = Lineage.objects.filter(edition=edition, entry=snapshot.entry_id)
        for part in (*split, *snapshot.rows_below(), snapshot):
            rows.delete(part, **told)
    unsaid = Entry.objects.filter(pk__in=loaded.entries, snapshots=None)
    for entry in unsaid.exclude(pk__in=Lineage.objects.values("entry")):
        rows.delete(entry, **told)
    if loaded.began and not Snapshot.objects.in_edition(edition).exists():
        rows.delete(edition, **told)


@transaction.atomic
def accept_loaded(
    edition: Edition, *, by: User | None, reason: str, now: datetime | None = None
) -> None:
    """Accept what was loaded as submitted. What somebody is still at work on stays unaccepted."""
    waiting = list(Snapshot.objects.in_edition(edition).filter(progress=Progress.SUBMITTED))
    for snapshot in waiting:
        snapshot.progress = Progress.ACCEPTED
    rows.update(waiting, ["progress"], by=by, reason=reason, now=now)
