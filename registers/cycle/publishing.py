"""Publishing, correcting, and proving that nothing was touched since."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from registers.cycle import document, rows
from registers.cycle.errors import (
    EditionAlreadyPublished,
    EditionNotPublished,
    NotAllAccepted,
    NotAllowed,
    NothingToPublish,
    ReasonMissing,
)
from registers.models import (
    Edition,
    Publication,
    Register,
    Reissue,
    Snapshot,
    State,
    TypeAppetite,
)

PUBLISHED = "Edition published"


@transaction.atomic
def publish(edition: Edition, *, by, now: datetime | None = None) -> Publication:
    """Freeze an edition and add its publication to the register's chain.

    Refused while anything is not accepted. Raises NotAllowed, EditionAlreadyPublished,
    NothingToPublish or NotAllAccepted (with the snapshots that stand in the way).
    """
    if by is not None and not by.access.manages:
        raise NotAllowed("Only the risk manager publishes.")
    now = now or timezone.now()
    # One publication at a time in a register: each names the digest of the one before.
    register = Register.objects.select_for_update().get(pk=edition.register_id)
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    edition.register = register
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

    _put_on_record(edition, by=by, now=now)
    edition.prepared_on = edition.prepared_on or timezone.localdate(now)
    last = Publication.objects.filter(register=register).order_by("-sequence").first()
    correction = Reissue.objects.filter(edition=edition, issue=edition.issue - 1).first()
    reason = correction.reason if correction else ""
    previous = last.digest if last else ""
    text = document.of_edition(
        edition, issue=edition.issue, previous_digest=previous, reason=reason
    )
    publication = Publication.objects.create(
        register=register,
        edition=edition,
        issue=edition.issue,
        sequence=last.sequence + 1 if last else 1,
        document=text,
        digest=document.digest(text),
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
    Register.objects.filter(pk=register.pk).bump()
    return publication


def _put_on_record(edition: Edition, *, by, now: datetime) -> None:
    """Write down what would otherwise follow a setting: the owner's name, a type's appetite."""
    own = dict(
        TypeAppetite.objects.filter(register=edition.register).values_list("type", "appetite")
    )
    changed = []
    snapshots = Snapshot.objects.in_edition(edition).select_related("owner")
    for snapshot in snapshots.prefetch_related("types"):
        name = snapshot.owner_text
        if snapshot.owner and not (name and "owner" in snapshot.printed):
            name = snapshot.owner.name
        appetites = [own[type_.pk] for type_ in snapshot.types.all() if type_.pk in own]
        appetite = min(appetites, default=None)
        if (name, appetite) != (snapshot.owner_text, snapshot.own_appetite):
            snapshot.owner_text, snapshot.own_appetite = name, appetite
            changed.append(snapshot)
    rows.update(changed, ["owner_text", "own_appetite"], by=by, reason=PUBLISHED, now=now)


@transaction.atomic
def reissue(edition: Edition, *, by, reason: str, now: datetime | None = None) -> Edition:
    """Take a published edition back to review, to be corrected and published as the next issue.

    The issue that was published stays readable. Raises NotAllowed, ReasonMissing or
    EditionNotPublished.
    """
    if by is not None and not by.access.manages:
        raise NotAllowed("Only the risk manager corrects a published edition.")
    if not reason.strip():
        raise ReasonMissing("Say what is being corrected and why: the committee will read it.")
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if not edition.is_published:
        raise EditionNotPublished(f"{edition} is not published, so it can simply be changed.")
    Reissue.objects.create(
        edition=edition,
        issue=edition.issue,
        reason=reason.strip(),
        decided_at=now or timezone.now(),
        decided_by=by,
    )
    edition.state = State.IN_REVIEW
    edition.issue += 1
    edition.changed_by = by
    edition._change_reason = reason.strip()[:200]
    edition.save()
    Register.objects.filter(pk=edition.register_id).bump()
    return edition


@dataclass(frozen=True, slots=True)
class Failure:
    """The first thing wrong with a publication, in a sentence."""

    publication: Publication
    sentence: str


def verify(register: Register) -> Iterator[tuple[Publication, Failure | None]]:
    """Go through a register's chain in order: each publication with what is wrong, if anything.

    Four things are recomputed: the digest of the document, the link to the one before, what the
    document says of itself, and, for the latest issue of a published edition, the document anew
    from the rows.
    """
    previous = ""
    chain = Publication.objects.filter(register=register).select_related("edition__register")
    for place, publication in enumerate(chain.order_by("sequence").iterator(), start=1):
        sentence = _fault(publication, place=place, previous=previous)
        yield publication, Failure(publication, sentence) if sentence else None
        previous = publication.digest


def _fault(publication: Publication, *, place: int, previous: str) -> str:
    edition = publication.edition
    if publication.sequence != place:
        return f"Publication {place} of the chain is missing."
    if document.digest(publication.document) != publication.digest:
        return "The document does not match its digest."
    said = json.loads(publication.document)
    if publication.previous_digest != previous or said["previous"] != previous:
        return "It does not follow from the publication before it."
    if (said["quarter"], said["issue"]) != (edition.quarter.slug, publication.issue):
        return "The document is of another edition or issue."
    if edition.is_published and edition.issue == publication.issue:
        now = document.of_edition(
            edition,
            issue=publication.issue,
            previous_digest=publication.previous_digest,
            reason=publication.reason,
        )
        if _content(json.loads(now)) != _content(said):
            return "The rows of the edition differ from what was published."
    return ""


def _content(said: dict) -> dict:
    """What may not change. Exemption and lineage are statements that may follow publication."""
    entries = [
        {key: value for key, value in entry.items() if not key.startswith("exempt")}
        for entry in said["entries"]
    ]
    return {**said, "entries": entries, "lineage": None}
