"""Documents: of an edition as its rows now stand, and of an issue as it was published."""

from __future__ import annotations

from copy import copy
from datetime import datetime

from registers.domain import canonical
from registers.domain.content import Document
from registers.domain.statements import Statement
from registers.models import Edition, Entry, Lineage, Publication, Snapshot, State, User
from registers.reading.contents import terms, whole

STATED = ("entry", "kind", "other", "reason", "called")


def of_edition(
    edition: Edition,
    *,
    issue: int,
    previous_digest: str,
    reason: str = "",
    published_at: datetime,
    published_by: User | None,
) -> Document:
    """The document of an edition as its rows now stand. Six queries."""
    snapshots = Snapshot.objects.in_edition(edition).as_printed()
    stated = Lineage.objects.filter(edition=edition).order_by("entry_id", "id")
    return Document(
        register=edition.register.slug,
        register_name=edition.register.name,
        terms=terms(edition),
        issue=issue,
        reason=reason,
        previous=previous_digest,
        published_at=canonical.moment(published_at),
        published_by=str(published_by) if published_by else "",
        prepared_on=edition.prepared_on,
        committee_on=edition.committee_on,
        entries=tuple(whole(snapshots, {edition.pk: terms(edition)})),
        statements=tuple(Statement(*said) for said in stated.values_list(*STATED)),
    )


def of_issue(publication: Publication, user: User) -> Document:
    """What an issue said, as far as a person may read it. One query at most."""
    cleared = user.access.at(publication.register_id).reads_exempt
    exempt: set[int] = set()
    if not cleared:
        entries = Entry.objects.filter(register=publication.register_id, exempt=True)
        exempt = set(entries.values_list("pk", flat=True))
    return canonical.read(publication.document).for_reader(cleared=cleared, exempt=exempt)


def as_issued(publication: Publication, user: User) -> Edition:
    """The edition as an issue published it, for every page that shows one."""
    said = of_issue(publication, user)
    edition, bands = copy(publication.edition), said.terms.bands
    edition.issued, edition.issue, edition.state = said, said.issue, State.PUBLISHED
    edition.since_then = publication.edition
    edition.medium_from, edition.high_from = bands.medium_from, bands.high_from
    edition.very_high_from, edition.appetite = bands.very_high_from, said.terms.appetite
    edition.prepared_on, edition.committee_on = said.prepared_on, said.committee_on
    edition.published_at = publication.published_at
    return edition
