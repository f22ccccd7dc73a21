"""An edition as its canonical document, for other programs: see docs/schema/edition.json.

A published edition is handed out as it was published, byte for byte, to who may read all of it;
what leaves out exempt entries, or is a draft, is written anew and has another digest.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from django.utils import timezone

from registers.domain import canonical
from registers.domain.content import Document
from registers.domain.statements import Statement
from registers.exporting.pack.facts import ALL, PUBLIC
from registers.models import Edition, Entry, Publication, Snapshot
from registers.reading.documents import of_edition


def as_json(edition: Edition, part: str, entries: Collection[int]) -> str:
    """The document of an edition for one part of a pack, which holds these entries."""
    if edition.issued is None and not edition.is_published:
        return canonical.write(_of_part(_draft(edition), part, entries))
    publication = Publication.objects.get(edition=edition.pk, issue=edition.issue)
    document = canonical.read(publication.document)
    shown = _of_part(document, part, entries)
    return publication.document if shown == document else canonical.write(shown)


def _draft(edition: Edition) -> Document:
    """What would be published now; it names no day on which it was."""
    draft = of_edition(
        edition,
        issue=edition.issue,
        previous_digest="",
        published_at=timezone.now(),
        published_by=None,
    )
    return replace(draft, published_at="")


def _of_part(document: Document, part: str, entries: Collection[int]) -> Document:
    """These entries, and what was stated of entries that the same people may know of."""
    statements = document.statements
    if part != ALL:
        secret = _ever_exempt(document.register)
        statements = tuple(
            said for said in statements if (part == PUBLIC) == secret.isdisjoint(_named(said))
        )
    shown = tuple(one for one in document.entries if one.entry in entries)
    if len(shown) < len(document.entries):
        # A gap would tell how many are left out, and where they stand.
        shown = tuple(one._replace(order=place) for place, one in enumerate(shown, 1))
    return replace(document, entries=shown, statements=statements)


def _named(said: Statement) -> set[int]:
    return {entry for entry in (said.entry, said.other) if entry is not None}


def _ever_exempt(register: str) -> set[int]:
    """The entries that are exempt, or were when an edition was published."""
    of_register = {"register__slug": register}
    today = Entry.objects.filter(exempt=True, **of_register).values_list("pk", flat=True)
    then = Snapshot.objects.exclude(exempt_because="").filter(entry__register__slug=register)
    return {*today, *then.order_by().values_list("entry", flat=True)}
