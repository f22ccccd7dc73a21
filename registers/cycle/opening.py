"""Opening a quarter: last quarter's entries rolled forward, ready to be updated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from registers.cycle import notices, rows
from registers.cycle.errors import (
    EditionExists,
    EditionIsOpen,
    EditionUnfinished,
    NotAllowed,
    WrongState,
)
from registers.cycle.locks import lock_edition, lock_register
from registers.cycle.terms import begin_edition, check_dates
from registers.domain.quarters import Quarter
from registers.models import Action, Edition, Owner, Progress, Register, Snapshot, State

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
    "exempt_because": "",
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
    sure: bool = False,
    tell: bool = True,
) -> Edition:
    """Open a register for a quarter with a copy of every live entry of the edition before it.

    Actions that are neither done nor dropped come along with their keys. A post that was succeeded
    by another hands its entries on. Bands and appetite are the register's as they are today. The
    owners are told by e-mail; `tell=False` is for loading the past. `sure` is a person's word that
    dates far from the quarter are meant. Raises NotAllowed, DatesRefused, EditionExists,
    EditionIsOpen or EditionUnfinished.
    """
    if by is not None and not by.access.at(register.pk).manages:
        raise NotAllowed("Only the risk manager opens a quarter.")
    check_dates(quarter, deadline=deadline, committee_on=committee_on, sure=sure)
    now = now or timezone.now()
    register = lock_register(register.pk)
    if Edition.objects.filter(register=register, quarter=quarter).exists():
        raise EditionExists(f"{register} already has an edition for {quarter}.")
    _refuse_a_second_open_edition(register, f"opening {quarter}")
    before = _to_roll_forward(register, quarter)
    dates = {"deadline": deadline, "committee_on": committee_on}
    edition = begin_edition(register, quarter, by=by, reason=OPENED, now=now, **dates)
    if before is not None:
        _roll_forward(before, edition, by=by, now=now)
    if tell:
        notices.tell_opened(edition, now=now)
    return edition


def _to_roll_forward(register: Register, quarter: Quarter) -> Edition | None:
    """The edition before a quarter, which has to be published as it stands.

    Were one in review passed over, what its owners wrote would be lost to the new quarter.
    """
    before = Edition.objects.filter(register=register).before(quarter).newest_first().first()
    if before is not None and not before.is_published:
        raise EditionUnfinished(
            f"{before} is {'being corrected' if before.issue > 1 else 'still in review'}. "
            f"Publish it before opening {quarter}, which starts from it."
        )
    return before


def _roll_forward(before: Edition, edition: Edition, *, by, now: datetime) -> None:
    """Every entry that stands in the edition before: one that has ended does not."""
    old = Snapshot.objects.in_edition(before).as_printed()
    carry(old.prefetch_related("types", "strands__types", "actions"), edition, by=by, now=now)


def carry(
    snapshots: Iterable[Snapshot],
    edition: Edition,
    *,
    by,
    reason: str = OPENED,
    now: datetime | None,
) -> list[Snapshot]:
    """What is carried of entries, with their content read, into an edition that lacks them."""
    old = list(snapshots)
    new = [rows.copy(snapshot, edition=edition, **_FRESH) for snapshot in old]
    successors = dict(
        Owner.objects.filter(successor__isnull=False).values_list("id", "successor_id")
    )
    for snapshot in new:
        # A post is named afresh when the edition is published; what is only text is carried.
        if snapshot.owner_id:
            snapshot.owner_id = _last_successor(snapshot.owner_id, successors)
            snapshot.owner_text = ""
    rows.create(new, by=by, reason=reason, types=_types(old), now=now)

    old_strands, new_strands = [], []
    for was, snapshot in zip(old, new, strict=True):
        for strand in was.strands.all():
            old_strands.append(strand)
            new_strands.append(
                rows.copy(strand, id=None, snapshot=snapshot, direction="", commentary="")
            )
    rows.create(new_strands, by=by, reason=reason, types=_types(old_strands), now=now)
    strand_of = {was.pk: strand for was, strand in zip(old_strands, new_strands, strict=True)}

    actions = [
        rows.copy(
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
    rows.create(actions, by=by, reason=reason, now=now)
    return new


def _last_successor(post: int, successors: Mapping[int, int]) -> int:
    """Who answers for a post's entries today: its successor's successor, and so on."""
    passed = {post}
    while (after := successors.get(post)) is not None and after not in passed:
        passed.add(after)
        post = after
    return post


def _types(owners) -> dict[int, list[int]]:
    return {place: [type_.pk for type_ in row.types.all()] for place, row in enumerate(owners)}


@transaction.atomic
def start_review(edition: Edition, *, by, now: datetime | None = None) -> Edition:
    """Close the quarter to its owners: from now on only the manager changes it.

    Whoever had begun an entry and not submitted it is told by e-mail. Raises NotAllowed or
    WrongState.
    """
    closed = _move(edition, State.OPEN, State.IN_REVIEW, by=by, why="Review started", now=now)
    notices.tell_closed(closed, now=now)
    return closed


@transaction.atomic
def reopen(edition: Edition, *, by, now: datetime | None = None) -> Edition:
    """Give an edition in review back to its owners. Only one that was never published.

    Raises NotAllowed, WrongState or EditionIsOpen.
    """
    return _move(edition, State.IN_REVIEW, State.OPEN, by=by, why="Reopened", now=now)


def _move(
    edition: Edition, from_state: str, to_state: str, *, by, why: str, now: datetime | None
) -> Edition:
    if not by.access.may_manage(edition):
        raise NotAllowed("Only the risk manager moves an edition on.")
    lock_register(edition.register_id)
    edition = lock_edition(edition.pk)
    if edition.state != from_state:
        raise WrongState(f"{edition} is {edition.get_state_display().lower()}.")
    if to_state == State.OPEN:
        if edition.issue > 1:
            raise WrongState(f"{edition} is being corrected; its owners' part is over.")
        _refuse_a_second_open_edition(edition.register, f"reopening {edition}")
    edition.state = to_state
    edition.changed_by = by
    edition._change_reason = why
    rows.dated(edition, now).save()
    return edition


def _refuse_a_second_open_edition(register: Register, before_what: str) -> None:
    standing = Edition.objects.filter(register=register).open().first()
    if standing:
        raise EditionIsOpen(f"{standing} is still open. Publish it before {before_what}.")
