"""An entry's own quarter: draft, no change, submit, take back, send back, accept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone

from registers.cycle import before_submitting, drafts, notices, promises, rows
from registers.cycle.drafts import Draft
from registers.cycle.errors import (
    DraftRefused,
    NeedsReason,
    NotAllowed,
    NotReady,
    ReasonMissing,
    WrongState,
)
from registers.cycle.locks import claim, claim_all
from registers.domain.carried import is_carried
from registers.models import Direction, Progress, Snapshot

# What a person writes. The rest of the row is the verbs' own: see `renumber`, `reorder`, `submit`.
WRITTEN = (
    *drafts.CARRIED,
    "types",
    "direction",
    "commentary",
    "no_change_reason",
    "override_reason",
)
SENT_IN = (Progress.SUBMITTED, Progress.ACCEPTED)
# Only the manager says whose an entry is.
ASSIGNED = ("owner", "owner_text")


def previous(snapshot: Snapshot) -> Snapshot | None:
    """The same entry in the last edition that was published before this one, with its content.

    That edition may be being corrected just now.
    """
    return _published_before(snapshot).with_content().first()


def _published_before(snapshot: Snapshot) -> QuerySet:
    """What editions before this one published of the entry, the newest first."""
    return (
        Snapshot.objects.filter(
            entry_id=snapshot.entry_id, edition__quarter__lt=snapshot.edition.quarter
        )
        .once_published()
        .order_by("-edition__quarter")
    )


@transaction.atomic
def save_draft(
    snapshot: Snapshot,
    draft: Draft,
    *,
    by,
    version: int | None = None,
    why: str = "",
    now: datetime | None = None,
) -> Snapshot:
    """Keep what an owner or the manager has written of an entry, however incomplete.

    An owner's change takes a submitted entry back to draft; the manager's leaves it where it is.
    A reason that was given for what stood before ("no change, because …", "submitted all the same,
    because …") goes when that changes, unless it is given anew. Raises DraftRefused (see
    `refuse_objections`), NotAllowed for an owner who gives an entry away, and what `claim` raises.
    """
    standing = claim(snapshot, by=by, version=version)
    _refuse_columns_of_others(draft, standing, by=by)
    refuse_objections(standing, draft, by=by)
    drafts.assign(standing, {**draft.fields, **_outlived(draft, standing)})
    own_step(standing, by=by, why=why, now=now)
    drafts.write_rows(standing, draft, by=by, reason=why, now=now)
    return standing


def refuse_objections(standing: Snapshot, draft: Draft, *, by) -> None:
    """Raises DraftRefused for what can't be kept of a draft.

    A carried action is not taken out, and the parts that it speaks of are there, each with a number
    of its own; and what was submitted keeps its reasons when the manager changes it afterwards.
    """
    problems = [*drafts.taken_out(standing, draft), *drafts.contradictory(standing, draft)]
    if by.access.may_manage(standing.edition) and draft.actions and standing.progress in SENT_IN:
        problems += drafts.unexplained(standing, draft, previous(standing))
    if problems:
        raise DraftRefused(problems)


def _refuse_columns_of_others(draft: Draft, standing: Snapshot, *, by) -> None:
    given = [name for name in ASSIGNED if _changes(draft, standing, [name])]
    if given and not by.access.may_manage(standing.edition):
        raise NotAllowed("Only the risk manager says whose an entry is.")
    if unknown := set(draft.fields) - {*WRITTEN, *ASSIGNED}:
        raise ValueError(f"No part of a draft: {', '.join(sorted(unknown))}")


def _changes(draft: Draft, standing: Snapshot, names: Iterable[str]) -> bool:
    said = draft.fields
    return any(name in said and said[name] != getattr(standing, name) for name in names)


def _outlived(draft: Draft, standing: Snapshot) -> dict[str, str]:
    """Reasons, and the printed name of an owner, that held for what the draft changes."""
    content = [name for name in WRITTEN if not name.endswith("_reason") and name != "types"]
    told_with = {
        "no_change_reason": content,
        "override_reason": [*drafts.SCORES, "direction"],
        "owner_text": ["owner"],
    }
    outlived = {name for name, said in told_with.items() if _changes(draft, standing, said)}
    if standing.no_change_reason and drafts.changes_rows(standing, draft):
        outlived.add("no_change_reason")
    return {name: "" for name in outlived if not _changes(draft, standing, [name])}


@transaction.atomic
def state_no_change(
    snapshot: Snapshot,
    *,
    by,
    reason: str,
    version: int | None = None,
    now: datetime | None = None,
) -> Snapshot:
    """Say that the entry stands as it did, because …; it is then ready to be submitted.

    What somebody has begun to write of it is put back. Raises ReasonMissing, WrongState (it was
    submitted), and what `claim` raises.
    """
    if not reason.strip():
        raise ReasonMissing("Say why nothing has changed.")
    standing = claim(snapshot, by=by, version=version)
    if (before := previous(standing)) and standing.progress != Progress.TO_UPDATE:
        standing = _put_back(standing, before, by=by, now=now)
    said = {"no_change_reason": reason.strip(), "direction": Direction.LEVEL}
    if not standing.commentary or is_carried(standing.commentary):
        said["commentary"] = reason.strip()
    return save_draft(standing, Draft(said), by=by, why="No change this quarter", now=now)


@transaction.atomic
def start_again(
    snapshot: Snapshot, *, by, version: int | None = None, now: datetime | None = None
) -> Snapshot:
    """Put a draft back to what was carried of last quarter, as if nobody had begun to update it.

    What was written stays in the history. Raises WrongState, and what `claim` raises.
    """
    standing = claim(snapshot, by=by, version=version)
    before = previous(standing)
    if before is None:
        raise WrongState(f"{standing.reference} is new this quarter: there is nothing before it.")
    return _put_back(standing, before, by=by, now=now)


def _put_back(standing: Snapshot, before: Snapshot, *, by, now: datetime | None) -> Snapshot:
    if standing.progress in SENT_IN:
        raise WrongState(f"{standing.reference} has been submitted. Take it back first.")
    return save_draft(
        standing,
        drafts.as_before(standing, before),
        by=by,
        why=f"Started again from {before.edition}",
        now=now,
    )


@transaction.atomic
def submit(
    snapshot: Snapshot,
    *,
    by,
    override: str = "",
    version: int | None = None,
    now: datetime | None = None,
) -> Snapshot:
    """Hand an entry to the manager, as it was saved last.

    Raises NotReady (something is missing), NeedsReason (something looks contradictory and no
    `override` says why it is right), WrongState, and what `claim` raises.
    """
    standing = claim(snapshot, by=by, version=version)
    if standing.progress in SENT_IN:
        raise WrongState(f"{standing.reference} has been submitted already.")
    # Its scores and actions are all that a submission is held against.
    before = (
        _published_before(standing).select_related("edition").prefetch_related("actions").first()
    )
    prefetch_related_objects([standing], "actions", "strands")
    if missing := before_submitting.errors(standing, before):
        raise NotReady(missing)
    override = override.strip() or standing.override_reason
    doubts = before_submitting.warnings(standing, before)
    if doubts and not override:
        raise NeedsReason(doubts)
    standing.override_reason = override if doubts else ""
    standing.progress = Progress.SUBMITTED
    standing.submitted_at = now or timezone.now()
    standing.sent_back_because = ""
    standing.sent_back_at = None
    return _step(standing, by=by, why="Submitted", now=now)


@transaction.atomic
def take_back(snapshot: Snapshot, *, by, now: datetime | None = None) -> Snapshot:
    """Make a submitted entry a draft again. Raises WrongState, and what `claim` raises."""
    standing = claim(snapshot, by=by)
    if standing.progress != Progress.SUBMITTED:
        raise WrongState(
            f"{standing.reference} is {standing.get_progress_display().lower()}: "
            "only a submitted entry can be taken back."
        )
    standing.progress = Progress.DRAFT
    return _step(standing, by=by, why="Taken back", now=now)


@transaction.atomic
def send_back(
    snapshot: Snapshot,
    *,
    by,
    comment: str,
    now: datetime | None = None,
    tell: bool = True,
) -> Snapshot:
    """Ask the owner to look again, saying at what; they are told by e-mail.

    Raises NotAllowed, ReasonMissing, WrongState, and what `claim` raises.
    """
    _must_manage(snapshot, by)
    if not comment.strip():
        raise ReasonMissing("Say what the owner should look at again.")
    standing = claim(snapshot, by=by)
    if not standing.edition.is_open:
        raise WrongState(
            f"{standing.edition} is in review. Reopen it for its owners before sending back."
        )
    if standing.progress not in SENT_IN:
        raise WrongState(f"{standing.reference} has not been submitted yet.")
    standing.progress = Progress.DRAFT
    standing.sent_back_because = comment.strip()
    standing.sent_back_at = now or timezone.now()
    _step(standing, by=by, why="Sent back", now=now)
    if tell:
        notices.tell_sent_back(standing, now=now)
    return standing


@transaction.atomic
def accept(snapshot: Snapshot, *, by, now: datetime | None = None) -> Snapshot:
    """Take a submitted entry into the edition.

    Raises NotAllowed, WrongState, NotReady (a carried action is gone, or dropped without a word),
    and what `claim` raises.
    """
    _must_manage(snapshot, by)
    standing = claim(snapshot, by=by)
    if standing.progress == Progress.ACCEPTED:
        return standing
    _must_be_submitted(standing)
    promises.refuse_broken([standing])
    standing.progress = Progress.ACCEPTED
    return _step(standing, by=by, why="Accepted", now=now)


@transaction.atomic
def accept_all(snapshots: Iterable[Snapshot], *, by, now: datetime | None = None) -> list[Snapshot]:
    """Accept several at once: all of them, or none if one can't be. Raises what `accept` raises."""
    snapshots = list(snapshots)
    for snapshot in snapshots:
        _must_manage(snapshot, by)
    standing = claim_all(snapshots, by=by)
    waiting = [snapshot for snapshot in standing if snapshot.progress != Progress.ACCEPTED]
    for snapshot in waiting:
        _must_be_submitted(snapshot)
        snapshot.progress = Progress.ACCEPTED
        snapshot.version += 1
    promises.refuse_broken(waiting)
    rows.update(waiting, ["progress", "version"], by=by, reason="Accepted", now=now)
    return standing


@transaction.atomic
def unaccept(snapshot: Snapshot, *, by, now: datetime | None = None) -> Snapshot:
    """Undo an accept: the entry waits for the manager as its owner has sent it.

    Raises NotAllowed, WrongState, and what `claim` raises.
    """
    _must_manage(snapshot, by)
    standing = claim(snapshot, by=by)
    if standing.progress != Progress.ACCEPTED:
        raise WrongState(
            f"{standing.reference} is {standing.get_progress_display().lower()}: "
            "only an accept can be undone."
        )
    standing.progress = Progress.SUBMITTED
    return _step(standing, by=by, why="Accept undone", now=now)


def _must_manage(snapshot: Snapshot, by) -> None:
    if not by.access.may_manage(snapshot.edition):
        raise NotAllowed("Only the risk manager moderates entries.")


def _must_be_submitted(snapshot: Snapshot) -> None:
    if snapshot.progress != Progress.SUBMITTED:
        raise WrongState(
            f"{snapshot.reference} has not been submitted: it is "
            f"{snapshot.get_progress_display().lower()}."
        )


def own_step(standing: Snapshot, *, by, why: str, now: datetime | None) -> Snapshot:
    """A change of what is said: it begins the update, and an owner's takes back what was sent."""
    if standing.progress == Progress.TO_UPDATE or not by.access.may_manage(standing.edition):
        standing.progress = Progress.DRAFT
    return _step(standing, by=by, why=why, now=now)


def _step(snapshot: Snapshot, *, by, why: str, now: datetime | None) -> Snapshot:
    snapshot.version += 1
    snapshot.changed_by = by
    snapshot._change_reason = why or None
    rows.dated(snapshot, now).save()
    return snapshot
