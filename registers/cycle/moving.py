"""An entry moves to the register above (escalated) or below: proposed, then accepted or declined.

It ends in the one register and begins in the other as an entry of its own, and each edition states
where it went or came from. Until one of the two editions is published it can be undone.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from registers.cycle import notices, rows
from registers.cycle.errors import EntryGone, NotAllowed, ReasonMissing, WrongState
from registers.cycle.locks import claim, lock_edition, lock_for_manager
from registers.cycle.opening import carry
from registers.cycle.restoring import restore
from registers.cycle.reviewing import next_reference, refuse_if_lives_on, refuse_if_named, take_away
from registers.domain import statements
from registers.models import Edition, Entry, Lineage, Proposal, Register, Snapshot, User

# The kind of the statement in the other register.
OTHER = {
    statements.ESCALATED_TO: statements.ESCALATED_FROM,
    statements.ESCALATED_FROM: statements.ESCALATED_TO,
    statements.DEESCALATED_TO: statements.DEESCALATED_FROM,
    statements.DEESCALATED_FROM: statements.DEESCALATED_TO,
}
ADDED = "Taken over from another register"
UNDONE = "Move between registers undone"


def registers_near(register: Register) -> list[Register]:
    """Where an entry of a register may be proposed: the one above it, and those right below."""
    above = [register.parent] if register.parent else []
    return above + list(register.children.all())


# Proposing ----------------------------------------------------------------------------------------


@transaction.atomic
def propose(
    snapshot: Snapshot, to: Register, *, by: User, reason: str, now: datetime | None = None
) -> Proposal:
    """Propose an entry to the register above or below; the managers there are told by mail.

    Raises NotAllowed, EditionAlreadyPublished, ReasonMissing, EntryGone, or WrongState where it is
    proposed already or the register is not next to its own.
    """
    edition = lock_for_manager(snapshot.edition, by=by)
    if not reason.strip():
        raise ReasonMissing(f"Say why it belongs in {to}: its risk manager decides by that.")
    standing = claim(snapshot, by=by)
    if to not in registers_near(edition.register):
        raise WrongState(f"{to} stands neither right above {edition.register} nor right below it.")
    if waiting := Proposal.objects.waiting().filter(entry=standing.entry_id).first():
        raise WrongState(f"{standing.reference} is proposed to {waiting.to} already.")
    refuse_if_lives_on(standing, edition)
    proposed = Proposal(
        entry=standing.entry,
        edition=edition,
        to=to,
        called=f"{standing.reference} {standing.title}",
        reason=reason.strip(),
        proposed_by=by,
        proposed_at=now or timezone.now(),
        changed_by=by,
    )
    rows.dated(proposed, now).save()
    notices.tell_proposed(proposed, now=now)
    return proposed


@transaction.atomic
def withdraw_proposal(proposal: Proposal, *, by: User, now: datetime | None = None) -> Proposal:
    """Take a proposal back that nobody has decided. Raises NotAllowed or WrongState."""
    if not by.access.may_manage(proposal.edition):
        raise NotAllowed("It is withdrawn by the risk manager of the register that proposed it.")
    standing = _waiting(proposal)
    standing.withdrawn_at, standing.changed_by = now or timezone.now(), by
    rows.dated(standing, now).save()
    return standing


@transaction.atomic
def decline(proposal: Proposal, *, by: User, reason: str, now: datetime | None = None) -> Proposal:
    """Say why not. Who proposed it is told. Raises NotAllowed, ReasonMissing or WrongState."""
    _must_decide(proposal, by)
    standing = _waiting(proposal)
    if not reason.strip():
        raise ReasonMissing("Say why not: who proposed it reads it.")
    standing.refusal = reason.strip()
    _decided(standing, by=by, now=now)
    return standing


@transaction.atomic
def take_over(proposal: Proposal, *, by: User, now: datetime | None = None) -> Snapshot:
    """Accept a proposal: the entry ends where it stood, and stands in the other register's quarter,
    with what it says, its outstanding actions included, for its owner to update.

    Raises NotAllowed, EntryGone, or WrongState where it was decided already, or where no quarter is
    under way in one of the two registers.
    """
    _must_decide(proposal, by)
    standing = _waiting(proposal)
    said = _as_it_stands(standing)
    here = _under_way(standing.to)
    # In one order, so that two who accept at once never wait for each other.
    for pk in sorted((here.pk, said.edition_id)):
        lock_edition(pk)
    source = Snapshot.objects.with_content().filter(pk=said.pk).first()
    if source is None or source.edition.is_published:
        raise EntryGone(f"{said.reference} has left its edition meanwhile.")
    refuse_if_named(source, Lineage.objects.filter(edition=source.edition))
    taken = _begin(source, here, by=by, now=now)
    _state_both(source, taken, standing, by=by, now=now)
    standing.became = taken.entry
    _decided(standing, by=by, now=now)
    return taken


def _must_decide(proposal: Proposal, by: User) -> None:
    if not by.access.at(proposal.to_id).manages:
        raise NotAllowed(f"The risk manager of {proposal.to} decides this.")


def _waiting(proposal: Proposal) -> Proposal:
    related = Proposal.objects.select_related("edition__register", "to", "entry")
    standing = related.select_for_update(of=("self",)).get(pk=proposal.pk)
    if standing.withdrawn_at:
        raise WrongState("This proposal has been withdrawn.")
    if standing.decided_at:
        raise WrongState("This proposal has been decided already.")
    return standing


def _decided(standing: Proposal, *, by: User, now: datetime | None) -> None:
    standing.decided_by, standing.decided_at = by, now or timezone.now()
    standing.changed_by = by
    rows.dated(standing, now).save()
    notices.tell_decided(standing, now=now)


def _as_it_stands(proposal: Proposal) -> Snapshot:
    """The entry in the quarter under way of its own register. Raises WrongState."""
    there = Snapshot.objects.filter(entry=proposal.entry_id).exclude(edition__state="published")
    found = there.select_related("edition__register").order_by("-edition__quarter").first()
    if found is None:
        raise WrongState(
            f"It does not stand in a quarter that is under way in {proposal.edition.register}: "
            "it can be taken over when the next one is open there."
        )
    return found


def _under_way(register: Register) -> Edition:
    """The open edition of a register, else the one in review. Raises WrongState."""
    drafts = Edition.objects.unpublished().filter(register=register, issue=1)
    found = drafts.open().first() or drafts.newest_first().first()
    if found is None:
        raise WrongState(f"No quarter is under way in {register}. Open the next one first.")
    return found


def _begin(source: Snapshot, here: Edition, *, by: User, now: datetime | None) -> Snapshot:
    """The same content as an entry of the other register, by the next free number there."""
    was = source.entry
    entry = Entry(
        register=here.register,
        kind=was.kind,
        exempt=was.exempt,
        exempt_reason=was.exempt_reason,
        changed_by=by,
    )
    rows.dated(entry, now).save()
    last = Snapshot.objects.in_edition(here).aggregate(last=Max("order"))["last"] or 0
    said = Snapshot.objects.with_content().get(pk=source.pk)
    said.entry, said.reference, said.order = entry, next_reference(here, entry.kind), last + 1
    [taken] = carry([said], here, by=by, reason=ADDED, now=now)
    return taken


def _state_both(
    source: Snapshot, taken: Snapshot, proposal: Proposal, *, by: User, now: datetime | None
) -> None:
    """End the one, and say in both editions where it went and where it came from."""
    went, came = (
        (statements.ESCALATED_TO, statements.ESCALATED_FROM)
        if proposal.is_upwards
        else (statements.DEESCALATED_TO, statements.DEESCALATED_FROM)
    )
    take_away(source, Lineage.Statement(went).label, by=by, now=now)
    for kind, one, other in ((went, source, taken), (came, taken, source)):
        stated = Lineage(
            entry=one.entry,
            kind=kind,
            elsewhere=other.entry,
            called=_called(other),
            edition=one.edition,
            reason=proposal.reason,
            changed_by=by,
        )
        rows.dated(stated, now).save()


def _called(snapshot: Snapshot) -> str:
    return f"{snapshot.reference} of {snapshot.edition.register}"


# Undoing ------------------------------------------------------------------------------------------


def undo_move(stated: Lineage, *, by: User, now: datetime | None = None) -> Snapshot:
    """The entry stands where it stood before it moved, and is proposed again. `stated` is either of
    the two statements. Called within the transaction of the verb that undoes.

    Raises NotAllowed for anybody but who manages the register that took it over, and WrongState
    where one of the two editions is published.
    """
    went = stated if stated.kind in Lineage.ENDING else _counterpart(stated)
    came = _counterpart(went)
    if not by.access.may_manage(came.edition):
        raise NotAllowed(
            f"{came.edition.register} has taken it over: its risk manager can undo that."
        )
    for pk in sorted((went.edition_id, came.edition_id)):
        if lock_edition(pk).is_published:
            raise WrongState(
                "One of the two registers has published it already. Propose it back instead."
            )
    there = Snapshot.objects.filter(entry=came.entry_id, edition=came.edition_id)
    taken = there.select_related("entry", "edition").first()
    if taken is None:
        raise WrongState(
            f"It does not stand in {came.edition} any more. Bring it back there first."
        )
    refuse_if_named(taken, Lineage.objects.filter(edition=came.edition))
    take_away(taken, UNDONE, by=by, now=now)
    for row in (came, went):
        rows.delete(row, by=by, reason=UNDONE, now=now)
    _propose_again(came.entry, by=by, now=now)
    return restore(went, went.edition, by=by, reason=UNDONE, now=now)


def _counterpart(stated: Lineage) -> Lineage:
    """What the other register states of it. Raises WrongState where that is not kept here."""
    if stated.elsewhere_id is None:
        raise WrongState("The other register is not kept here, so nothing can be undone in it.")
    found = Lineage.objects.select_related("edition__register", "entry")
    return found.get(entry=stated.elsewhere_id, elsewhere=stated.entry_id, kind=OTHER[stated.kind])


def _propose_again(entry: Entry, *, by: User, now: datetime | None) -> None:
    proposal = Proposal.objects.get(became=entry)
    proposal.became = proposal.decided_at = proposal.decided_by = None
    proposal.changed_by, proposal._change_reason = by, UNDONE
    rows.dated(proposal, now).save()


def call_anew(edition: Edition) -> None:
    """Before an edition is published first: what its statements say of entries of other registers
    by the numbers that those have now.
    """
    for stated in Lineage.objects.filter(edition=edition).exclude(elsewhere=None):
        there = Snapshot.objects.filter(entry=stated.elsewhere_id).select_related(
            "edition__register"
        )
        latest = there.order_by("-edition__quarter").first()
        if latest is not None and stated.called != _called(latest):
            stated.called = _called(latest)
            stated.save()
