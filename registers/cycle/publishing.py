"""Publishing an edition, and taking it back to be corrected."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from registers.cycle import indexing, rows, standings
from registers.cycle.errors import (
    EditionAlreadyPublished,
    EditionNotPublished,
    NotAllAccepted,
    NotAllowed,
    NothingToPublish,
    ReasonMissing,
)
from registers.cycle.locks import lock_edition, lock_register
from registers.cycle.moving import call_anew
from registers.domain import canonical
from registers.models import Edition, Publication, Register, Reissue, Snapshot, State, TypeAppetite
from registers.reading.documents import of_edition

PUBLISHED = "Edition published"
# The columns that are written when an edition is published.
ON_RECORD = ("owner_text", "own_appetite", "exempt_because")


@transaction.atomic
def publish(edition: Edition, *, by, now: datetime | None = None) -> Publication:
    """Freeze an edition and add its publication to the register's chain.

    Refused while anything is not accepted. Raises NotAllowed, EditionAlreadyPublished,
    NothingToPublish or NotAllAccepted (with the snapshots that stand in the way).
    """
    if by is not None and not by.access.may_manage(edition):
        raise NotAllowed("Only the risk manager publishes.")
    now = now or timezone.now()
    # One publication at a time in a register: each names the digest of the one before.
    register = lock_register(edition.register_id)
    edition = lock_edition(edition.pk)
    if edition.is_published:
        raise EditionAlreadyPublished(
            f"{edition} is published already. A correction is a reissue, with a reason."
        )
    snapshots = Snapshot.objects.in_edition(edition)
    if not snapshots.exists():
        raise NothingToPublish(f"{edition} has no entries, so there is nothing to publish.")
    waiting = snapshots.not_accepted().as_printed()
    if waiting.exists():
        raise NotAllAccepted(waiting)

    last = Publication.objects.filter(register=register).order_by("-sequence").first()
    corrected = Publication.objects.filter(edition=edition).order_by("-issue").first()
    if corrected is None:
        call_anew(edition)
    _put_on_record(edition, corrected, by=by, now=now)
    edition.prepared_on = edition.prepared_on or timezone.localdate(now)
    correction = Reissue.objects.filter(edition=edition, issue=edition.issue - 1).first()
    reason = correction.reason if correction else ""
    previous = last.digest if last else ""
    text = canonical.write(
        of_edition(
            edition,
            issue=edition.issue,
            previous_digest=previous,
            reason=reason,
            published_at=now,
            published_by=by,
        )
    )
    publication = Publication.objects.create(
        register=register,
        edition=edition,
        issue=edition.issue,
        sequence=last.sequence + 1 if last else 1,
        document=text,
        digest=canonical.digest(text),
        previous_digest=previous,
        reason=reason,
        published_at=now,
        published_by=by,
    )
    edition.state = State.PUBLISHED
    edition.published_at = now
    edition.changed_by = by
    edition._change_reason = PUBLISHED
    rows.dated(edition, now).save()
    standings.keep_from(edition)
    indexing.index(edition)
    Register.objects.filter(pk=register.pk).bump()
    return publication


def _put_on_record(edition: Edition, corrected: Publication | None, *, by, now: datetime) -> None:
    """Write down what would otherwise follow a setting: the owner's name, a type's appetite.

    And whether the entry is exempt, by which paragraph.

    A correction keeps what the issue before put on record, but for entries whose owner or types
    are what is being corrected: a post has perhaps been renamed since, or an appetite raised.
    """
    own = dict(
        TypeAppetite.objects.filter(register=edition.register).values_list("type", "appetite")
    )
    said = _said(corrected)
    changed = []
    snapshots = (
        Snapshot.objects.in_edition(edition)
        .only(
            "edition_id",
            "entry__exempt",
            "entry__exempt_reason",
            "exempt_because",
            "owner__name",
            "owner_text",
            "own_appetite",
            "printed",
        )
        .select_related("entry", "owner")
        .prefetch_related("types")
    )
    for snapshot in snapshots:
        before = said.get(snapshot.entry_id)
        name, types = snapshot.owner_text, sorted(type_.name for type_ in snapshot.types.all())
        if snapshot.owner and not (name and ("owner" in snapshot.printed or before)):
            name = snapshot.owner.name
        if before and before["types"] == types:
            appetite = before["appetite"]
        else:
            appetites = [own[type_.pk] for type_ in snapshot.types.all() if type_.pk in own]
            appetite = min(appetites, default=None)
        entry = snapshot.entry
        record = (name, appetite, entry.exempt_reason if entry.exempt else "")
        if record != tuple(getattr(snapshot, column) for column in ON_RECORD):
            for column, value in zip(ON_RECORD, record, strict=True):
                setattr(snapshot, column, value)
            changed.append(snapshot)
    rows.update(changed, ON_RECORD, by=by, reason=PUBLISHED, now=now)


def _said(corrected: Publication | None) -> dict[int, dict[str, Any]]:
    """What an issue says of each entry, by the entry's id."""
    if corrected is None:
        return {}
    return {entry["entry"]: entry for entry in json.loads(corrected.document)["entries"]}


@transaction.atomic
def reissue(edition: Edition, *, by, reason: str, now: datetime | None = None) -> Edition:
    """Take a published edition back to review, to be corrected and published as the next issue.

    The issue that was published stays readable. Raises NotAllowed, ReasonMissing or
    EditionNotPublished.
    """
    if by is not None and not by.access.may_manage(edition):
        raise NotAllowed("Only the risk manager corrects a published edition.")
    if not reason.strip():
        raise ReasonMissing("Say what is being corrected and why: the committee will read it.")
    lock_register(edition.register_id)
    edition = lock_edition(edition.pk)
    if not edition.is_published:
        raise EditionNotPublished(f"{edition} is not published, so it can simply be changed.")
    now = now or timezone.now()
    Reissue.objects.create(
        edition=edition,
        issue=edition.issue,
        reason=reason.strip(),
        decided_at=now,
        decided_by=by,
    )
    edition.state = State.IN_REVIEW
    edition.issue += 1
    edition.changed_by = by
    edition._change_reason = reason.strip()
    rows.dated(edition, now).save()
    Register.objects.filter(pk=edition.register_id).bump()
    return edition
