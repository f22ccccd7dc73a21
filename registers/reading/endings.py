"""What was stated of entries that are gone: closed, merged into another, succeeded by another."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import (
    Case,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)

from registers.domain import canonical
from registers.domain.content import Document
from registers.domain.difference import Ending
from registers.domain.quarters import Quarter
from registers.domain.statements import Statement
from registers.models import Edition, Entry, Lineage, Publication, Snapshot, State, User

# A Statement, as a row of Lineage has it.
STATED = ("entry_id", "kind", "other_id", "reason", "called")
# An edition that was published and is in review again: its rows are the draft of a correction.
_BEING_CORRECTED = Q(edition__issue__gt=1) & ~Q(edition__state=State.PUBLISHED)


def endings(edition: Edition, *, since: Quarter, user: User) -> dict[int, Ending]:
    """By entry, the statements that took effect after a quarter and by this edition.

    They are read from the rows, which are frozen where the edition that states them is published.
    What an edition said that is being corrected is read from the document of its last issue, and
    what an earlier issue said, where one is looked at, from its own. Where a statement names
    another entry that the person may not see, there and then or now, neither its number nor the
    reason is given. One query, and two more where another edition is being corrected.
    """
    within = Q(
        edition__register=edition.register_id,
        edition__quarter__gt=since,
        edition__quarter__lte=edition.quarter,
    )
    elsewhere = _BEING_CORRECTED & ~Q(edition=edition.pk)
    if edition.issued is not None:
        within &= ~Q(edition=edition.pk)
    if edition.is_published:
        rows = within & Q(edition__state=State.PUBLISHED)
    else:
        rows = within & ~elsewhere
    stated, documents = _read(edition, user, rows=rows, documents=within & elsewhere)
    if edition.issued is not None:
        documents.append(edition.issued)
    for document in documents:
        stated += _of_document(edition, user, document)
    # An entry may have been brought back and ended again: what was stated last holds.
    return {
        said.entry: _ending(said, other)
        for _, said, other in sorted(stated, key=lambda found: found[0])
    }


# The quarter of a statement, what it says, and the number of the other entry where it may be told.
_Found = tuple[Quarter, Statement, str | None]


def _read(
    edition: Edition, user: User, *, rows: Q, documents: Q
) -> tuple[list[_Found], list[Document]]:
    """What rows state, and the documents that state the rest, in one query."""
    there = Snapshot.objects.filter(edition=OuterRef("edition"), entry=OuterRef("other"))
    held_back = there.exclude(pk__in=Snapshot.objects.visible_to(user).values("pk"))
    latest = _references(edition, user).filter(entry=OuterRef("other")).values("reference")[:1]
    other = Case(When(Exists(held_back), then=Value(None)), default=Subquery(latest))
    nothing = Value("", TextField())
    read = (
        Lineage.objects.ending()
        .filter(rows)
        .order_by()
        .values_list("edition__quarter", *STATED, other, nothing)
        .union(
            Publication.objects.filter(documents, issue=F("edition__issue") - 1)
            .order_by()
            .values_list(
                "edition__quarter", "pk", nothing, "pk", nothing, nothing, nothing, "document"
            ),
            all=True,
        )
    )
    stated: list[_Found] = []
    texts: list[str] = []
    for quarter, *said, reference, text in read:
        if text:
            texts.append(text)
        else:
            stated.append((quarter, Statement(*said), reference))
    return stated, _for_reader(texts, edition, user)


def _for_reader(texts: Collection[str], edition: Edition, user: User) -> list[Document]:
    cleared = user.access.at(edition.register_id).reads_exempt
    exempt: set[int] = set()
    if texts and not cleared:
        entries = Entry.objects.filter(register=edition.register_id, exempt=True)
        exempt = set(entries.values_list("pk", flat=True))
    return [canonical.read(text).for_reader(cleared=cleared, exempt=exempt) for text in texts]


def _of_document(edition: Edition, user: User, document: Document) -> list[_Found]:
    """The endings that a document states, each with the other entry as the document has it."""
    stated = [said for said in document.statements if said.kind in Lineage.ENDING]
    numbers: dict[int | None, str | None] = {one.entry: one.reference for one in document.entries}
    numbers |= dict.fromkeys(document.withheld)
    elsewhere = {said.other for said in stated} - numbers.keys()
    numbers |= _named(edition, user, elsewhere)
    return [(document.terms.quarter, said, numbers.get(said.other)) for said in stated]


def _references(edition: Edition, user: User) -> QuerySet[Snapshot]:
    """Numbers in an edition, or the last before it: the other entry may have ended since."""
    return (
        Snapshot.objects.visible_to(user)
        .filter(edition__register=edition.register_id, edition__quarter__lte=edition.quarter)
        .order_by("-edition__quarter")
    )


def _named(edition: Edition, user: User, entries: Collection[int | None]) -> dict[int | None, str]:
    """The numbers of entries until an edition, as far as the person may see them."""
    known = [entry for entry in entries if entry is not None]
    if not known:
        return {}
    seen = _references(edition, user).filter(entry__in=known)
    return dict(seen.reverse().values_list("entry", "reference"))


def _ending(stated: Statement, other_reference: str | None) -> Ending:
    if stated.other is None:
        return Ending(stated.words, stated.reason)
    if other_reference is None:
        return Ending("Merged" if stated.kind == Lineage.Statement.MERGED else "Succeeded")
    return Ending(f"{stated.words} {other_reference}", stated.reason)
