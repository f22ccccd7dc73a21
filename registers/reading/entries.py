"""Everything that a reader may know of one entry, read in a fixed number of queries.

What a page about a published edition shows is published: drafts appear only on a page about a
draft, so that a page of a published edition never changes while a quarter is being written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from registers.domain.content import Content, Terms
from registers.domain.path import Path
from registers.domain.quarters import Quarter
from registers.models import Edition, Entry, Lineage, Question, Snapshot, State, User
from registers.reading.contents import terms, whole


@dataclass(frozen=True, slots=True)
class Kin:
    """A statement on this entry and another, seen from this one.

    `words` reads on from 'This entry was'; `other_id` is None for a closure, and for an entry of
    another register that the reader may not see.
    """

    words: str
    quarter: Quarter
    reason: str
    other_id: int | None = None
    reference: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Neighbour:
    entry_id: int
    reference: str
    title: str


@dataclass(frozen=True)
class Dossier:
    """`whole` is the path over every edition the page may speak of, `path` that up to `edition`.

    `editions` are the register's, oldest first, whether the entry is in them or not.
    """

    entry: Entry
    edition: Edition
    whole: Path
    editions: tuple[Edition, ...]
    kin: tuple[Kin, ...]
    previous: Neighbour | None
    next: Neighbour | None
    questions: tuple[Question, ...]
    # False for who sees an exempt entry only where it was their own.
    sees_all: bool

    @property
    def path(self) -> Path:
        return self.whole.until(self.edition.quarter)

    @property
    def later(self) -> tuple[Content, ...]:
        """What editions after this one say of the entry."""
        return tuple(stop for stop in self.whole.stops if stop.quarter > self.edition.quarter)

    @property
    def following(self) -> Content | None:
        """The next edition that says anything of the entry."""
        return next(iter(self.later), None)

    @property
    def absent_since(self) -> Edition | None:
        """The first published edition after the last that the entry is in, if there is one."""
        if not self.sees_all:
            return None
        last = self.whole.latest.quarter
        later = (one for one in self.editions if one.is_published and one.quarter > last)
        return next(later, None)


def choose(user: User, entry_id: int, quarter: Quarter | None = None) -> Snapshot | None:
    """What an edition says of an entry: of a quarter's, or the latest published one's.

    A draft is the answer only where it is asked for, or where nothing is published. None if
    there is no such entry or edition, or none that this reader may see. One query, and light:
    a page that is already made needs no more.
    """
    snapshots = Snapshot.objects.visible_to(user).filter(entry=entry_id)
    if quarter is not None:
        snapshots = snapshots.filter(edition__quarter=quarter)
    return (
        snapshots.select_related("entry", "edition__register")
        .only("reference", "title", "order", "owner", "exempt_because", "entry", "edition")
        .order_by(
            Case(When(edition__state=State.PUBLISHED, then=0), default=1), "-edition__quarter"
        )
        .first()
    )


def read(user: User, chosen: Snapshot) -> Dossier:
    """The dossier of an entry as of the snapshot that was chosen."""
    entry, edition = chosen.entry, chosen.edition
    snapshots = Snapshot.objects.visible_to(user).filter(entry=entry).order_by("edition__quarter")
    editions = Edition.objects.visible_to(user).filter(register=edition.register_id)
    if edition.is_published:
        snapshots, editions = snapshots.published(), editions.published()
    known = {one.pk: one for one in editions.oldest_first()}
    previous, following = _neighbours(user, chosen)
    return Dossier(
        entry=entry,
        edition=edition,
        whole=Path(entry.kind, tuple(whole(snapshots, _terms(known.values())))),
        editions=tuple(known.values()),
        kin=tuple(_kin(user, entry, known.values(), only_published=edition.is_published)),
        questions=tuple(_questions(user, entry)),
        previous=previous,
        next=following,
        sees_all=not entry.exempt or user.access.at(edition.register_id).reads_exempt,
    )


def _questions(user: User, entry: Entry) -> Iterable[Question]:
    """Members' questions on it, those that wait first."""
    seen = Question.objects.visible_to(user).filter(entry=entry).with_post().open_first()
    return seen.select_related("edition", "asked_by", "answered_by")


def paths(
    user: User | None,
    edition: Edition,
    entries: Collection[int],
    *,
    editions: Iterable[Edition] | None = None,
) -> dict[int, Path]:
    """The paths of many entries up to an edition, by entry id, for flags over a whole page.

    As far as the person may read; without one, all of it, for what is kept for several readers.
    Six queries however many there are, or five if the register's `editions` are known; but every
    text of every edition is read, so ask for the entries of one page and not for thousands.
    """
    snapshots = Snapshot.objects.filter(
        entry__in=entries, edition__quarter__lte=edition.quarter
    ).order_by("edition__quarter")
    if user is not None:
        snapshots = snapshots.visible_to(user)
    if edition.is_published:
        snapshots = snapshots.published()
    if editions is None:
        assert user is not None  # noqa: S101 - whoever reads for all knows the editions
        editions = Edition.objects.visible_to(user).filter(register=edition.register_id)
    stops = defaultdict(list)
    for stop in whole(snapshots, _terms(editions)):
        stops[stop.entry].append(stop)
    return {entry: Path(found[0].kind, tuple(found)) for entry, found in stops.items()}


def _terms(editions: Iterable[Edition]) -> dict[int, Terms]:
    return {edition.pk: terms(edition) for edition in editions}


_SEEN_FROM_THE_OTHER = {
    Lineage.Statement.MERGED: "joined by",
    Lineage.Statement.SPLIT: "split, giving rise to",
    Lineage.Statement.SUCCEEDED: "the successor of",
}
# Each of two registers states a move itself, so what the other one states is never read here.
_SEEN_FROM_THIS = {
    Lineage.Statement.MERGED: "merged into",
    Lineage.Statement.SPLIT: "split from",
    Lineage.Statement.SUCCEEDED: "succeeded by",
    Lineage.Statement.CLOSED: "closed",
    Lineage.Statement.ESCALATED_TO: "escalated to",
    Lineage.Statement.ESCALATED_FROM: "escalated from",
    Lineage.Statement.DEESCALATED_TO: "de-escalated to",
    Lineage.Statement.DEESCALATED_FROM: "de-escalated from",
}


def _kin(
    user: User, entry: Entry, editions: Iterable[Edition], *, only_published: bool
) -> Iterable[Kin]:
    """Statements from editions that the page may speak of, on entries that the reader may see."""
    seen = Snapshot.objects.visible_to(user).filter(entry=OuterRef("counterpart"))
    if only_published:
        seen = seen.published()
    latest = seen.order_by("-edition__quarter")
    quarters = {edition.pk: edition.quarter for edition in editions}
    for statement in (
        Lineage.objects.filter(Q(entry=entry) | Q(other=entry), edition__in=list(quarters))
        .annotate(
            counterpart=Case(
                When(entry=entry, then=Coalesce("other_id", "elsewhere_id")), default=F("entry_id")
            )
        )
        .annotate(
            reference=Subquery(latest.values("reference")[:1]),
            title=Subquery(latest.values("title")[:1]),
        )
        .order_by("edition__quarter", "id")
    ):
        seen_there = statement.reference is not None
        if statement.counterpart is not None and not (seen_there or statement.called):
            continue  # even that there is another entry would say too much
        words = _SEEN_FROM_THIS if statement.entry_id == entry.pk else _SEEN_FROM_THE_OTHER
        yield Kin(
            f"{words[Lineage.Statement(statement.kind)]} {statement.called}".strip(),
            quarters[statement.edition_id],
            statement.reason,
            statement.counterpart if seen_there else None,
            statement.reference or "",
            statement.title or "",
        )


def _neighbours(user: User, snapshot: Snapshot) -> tuple[Neighbour | None, Neighbour | None]:
    """The entries of the same kind above and below this one in the printed table."""
    others: QuerySet = (
        Snapshot.objects.visible_to(user)
        .in_edition(snapshot.edition_id)
        .of_kind(snapshot.entry.kind)
    )
    place = {"order": snapshot.order, "pk": snapshot.pk}
    above = Q(order__lt=place["order"]) | Q(order=place["order"], pk__lt=place["pk"])
    below = Q(order__gt=place["order"]) | Q(order=place["order"], pk__gt=place["pk"])
    found: list[Neighbour | None] = [None, None]
    for order, pk, *said in (
        Snapshot.objects.filter(
            Q(pk=Subquery(others.filter(above).order_by("-order", "-id").values("pk")[:1]))
            | Q(pk=Subquery(others.filter(below).order_by("order", "id").values("pk")[:1]))
        )
        .order_by("order", "id")
        .values_list("order", "pk", "entry_id", "reference", "title")
    ):
        found[(order, pk) > (snapshot.order, snapshot.pk)] = Neighbour(*said)
    return found[0], found[1]
