"""Opening a quarter: last quarter's entries rolled forward, ready to be updated."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from registers.cycle import rows
from registers.cycle.errors import EditionExists, EditionIsOpen, NotAllowed, WrongState
from registers.models import Action, Edition, Lineage, Progress, Register, Snapshot, State
from registers.quarters import Quarter

OPENED = "Quarter opened"

# What starts empty in a new quarter; everything else is carried forward.
_FRESH = {
    "id": None,
    "direction": "",
    "commentary": "",
    "progress": Progress.TO_UPDATE,
    "no_change_reason": "",
    "override_reason": "",
    "sent_back_because": "",
    "sent_back_at": None,
    "submitted_at": None,
    "version": 0,
    "printed": {},
    "own_appetite": None,
}


@transaction.atomic
def open_edition(
    register: Register,
    quarter: Quarter,
    *,
    by,
    now: datetime | None = None,
    deadline: datetime | None = None,
    committee_on: date | None = None,
) -> Edition:
    """Open a register for a quarter with a copy of every live entry of the edition before it.

    Actions that are neither done nor dropped come along with their keys. Bands and appetite are
    the register's as they are today. Raises EditionExists, EditionIsOpen or NotAllowed.
    """
    if by is not None and not by.access.manages:
        raise NotAllowed("Only the risk manager opens a quarter.")
    register = Register.objects.select_for_update().get(pk=register.pk)
    if Edition.objects.filter(register=register, quarter=quarter).exists():
        raise EditionExists(f"{register} already has an edition for {quarter}.")
    standing = Edition.objects.filter(register=register).open().first()
    if standing:
        raise EditionIsOpen(f"{standing} is still open. Publish it before opening {quarter}.")
    edition = Edition(
        register=register,
        quarter=quarter,
        opened_at=now or timezone.now(),
        deadline=deadline,
        committee_on=committee_on,
        medium_from=register.medium_from,
        high_from=register.high_from,
        very_high_from=register.very_high_from,
        appetite=register.appetite,
        changed_by=by,
    )
    rows.dated(edition, now).save()
    before = (
        Edition.objects.filter(register=register).published().before(quarter).newest_first().first()
    )
    if before is not None:
        _roll_forward(before, edition, by=by, now=now)
    return edition


def _roll_forward(before: Edition, edition: Edition, *, by, now: datetime | None) -> None:
    ended = Lineage.objects.ending().filter(edition__quarter__lte=edition.quarter)
    old = list(
        Snapshot.objects.in_edition(before)
        .exclude(entry__in=ended.values("entry"))
        .as_printed()
        .prefetch_related("types", "strands__types", "actions")
    )
    new = [_copy(snapshot, edition=edition, **_FRESH) for snapshot in old]
    for snapshot in new:
        # A post is named afresh when the edition is published; what is only text is carried.
        if snapshot.owner_id:
            snapshot.owner_text = ""
    rows.create(new, by=by, reason=OPENED, types=_types(old), now=now)

    old_strands, new_strands = [], []
    for was, snapshot in zip(old, new, strict=True):
        for strand in was.strands.all():
            old_strands.append(strand)
            new_strands.append(
                _copy(strand, id=None, snapshot=snapshot, direction="", commentary="")
            )
    rows.create(new_strands, by=by, reason=OPENED, types=_types(old_strands), now=now)
    strand_of = {was.pk: strand for was, strand in zip(old_strands, new_strands, strict=True)}

    actions = [
        _copy(
            action,
            id=None,
            snapshot=snapshot,
            strand=strand_of.get(action.strand_id),
            reason="",
        )
        for was, snapshot in zip(old, new, strict=True)
        for action in was.actions.all()
        if action.status not in (Action.Status.DONE, Action.Status.DROPPED)
    ]
    rows.create(actions, by=by, reason=OPENED, now=now)


def _copy(row, **changes):
    """A new row like this one but for the columns named."""
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in changes and field.name not in changes
    }
    return type(row)(**values, **changes)


def _types(owners) -> dict[int, list[int]]:
    return {place: [type_.pk for type_ in row.types.all()] for place, row in enumerate(owners)}


@transaction.atomic
def start_review(edition: Edition, *, by) -> Edition:
    """Close the quarter to its owners: from now on only the manager changes it."""
    return _move(edition, State.OPEN, State.IN_REVIEW, by=by)


@transaction.atomic
def reopen(edition: Edition, *, by) -> Edition:
    """Give an edition in review back to its owners. Only one that was never published."""
    return _move(edition, State.IN_REVIEW, State.OPEN, by=by)


def _move(edition: Edition, from_state: str, to_state: str, *, by) -> Edition:
    if not by.access.manages:
        raise NotAllowed("Only the risk manager moves an edition on.")
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if edition.state != from_state:
        raise WrongState(f"{edition} is {edition.get_state_display().lower()}.")
    if to_state == State.OPEN and edition.issue > 1:
        raise WrongState(f"{edition} is being corrected; its owners' part is over.")
    edition.state = to_state
    edition.changed_by = by
    edition.save()
    return edition
