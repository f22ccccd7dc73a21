"""Everything that a reader may know of one entry, read in a fixed number of queries.

What a page about a published edition shows is published: drafts appear only on a page about a
draft, so that a page of a published edition never changes while a quarter is being written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When

from registers.domain.content import Part, Promise, Stop
from registers.domain.path import Path
from registers.domain.quarters import Quarter
from registers.models import Action, Edition, Entry, Lineage, Snapshot, State, Strand, User

_TEXTS = ("description", "consequences", "controls", "commentary")


@dataclass(frozen=True, slots=True)
class Kin:
    """A statement on this entry and another, seen from this one.

    `words` reads on from 'This entry was'; `other_id` is None for a closure.
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
    # False for who sees an exempt entry only where it was their own.
    sees_all: bool

    @property
    def path(self) -> Path:
        return self.whole.until(self.edition.quarter)

    @property
    def later(self) -> tuple[Stop, ...]:
        """What editions after this one say of the entry."""
        return tuple(stop for stop in self.whole.stops if stop.quarter > self.edition.quarter)

    @property
    def following(self) -> Stop | None:
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
    snapshots = (
        Snapshot.objects.visible_to(user)
        .filter(entry=entry)
        .annotate(post_name=F("owner__name"))
        .order_by("edition__quarter")
    )
    editions = Edition.objects.visible_to(user).filter(register=edition.register_id)
    if edition.is_published:
        snapshots, editions = snapshots.published(), editions.published()
    known = {one.pk: one for one in editions.oldest_first()}
    previous, following = _neighbours(user, chosen)
    return Dossier(
        entry=entry,
        edition=edition,
        whole=Path(entry.kind, tuple(_stops(list(snapshots), known))),
        editions=tuple(known.values()),
        kin=tuple(_kin(user, entry, known.values(), only_published=edition.is_published)),
        previous=previous,
        next=following,
        sees_all=not entry.exempt or user.access.reads_exempt,
    )


def paths(
    user: User,
    edition: Edition,
    entries: Collection[int],
    *,
    editions: Iterable[Edition] | None = None,
) -> dict[int, Path]:
    """The paths of many entries up to an edition, by entry id, for flags over a whole page.

    Five queries however many there are, or four if the register's `editions` are known; but every
    text of every edition is read, so ask for the entries of one page and not for thousands.
    """
    snapshots = (
        Snapshot.objects.visible_to(user)
        .filter(entry__in=entries, edition__quarter__lte=edition.quarter)
        .annotate(post_name=F("owner__name"), entry_kind=F("entry__kind"))
        .order_by("edition__quarter")
    )
    if edition.is_published:
        snapshots = snapshots.published()
    if editions is None:
        editions = Edition.objects.visible_to(user).filter(register=edition.register_id)
    rows = list(snapshots)
    stops = defaultdict(list)
    for row, stop in zip(rows, _stops(rows, {one.pk: one for one in editions}), strict=True):
        stops[row.entry_id].append(stop)
    kinds = {row.entry_id: row.entry_kind for row in rows}
    return {entry: Path(kinds[entry], tuple(found)) for entry, found in stops.items()}


def _stops(snapshots: list[Snapshot], editions: Mapping[int, Edition]) -> Iterable[Stop]:
    """The stops of these snapshots, their strands, actions and types read for all at once."""
    ids = [snapshot.pk for snapshot in snapshots]
    strands = defaultdict(list)
    for strand in Strand.objects.filter(snapshot__in=ids).order_by("number"):
        strands[strand.snapshot_id].append(strand)
    numbers = {strand.pk: strand.number for found in strands.values() for strand in found}
    actions = defaultdict(list)
    for snapshot_id, strand_id, *values in (
        Action.objects.filter(snapshot__in=ids)
        .order_by("order", "id")
        .values_list(
            "snapshot_id",
            "strand_id",
            "key",
            "text",
            "lead",
            "due",
            "status",
            "completed_on",
            "reason",
            "target_impact",
            "target_likelihood",
            "level",
            "plain",
        )
    ):
        *said, level, plain = values
        actions[snapshot_id].append(Promise(*said, numbers.get(strand_id), level, plain))
    types = _types(ids)
    for snapshot in snapshots:
        snapshot.edition = editions[snapshot.edition_id]
        yield _stop(
            snapshot,
            types=tuple(types["snapshot", snapshot.pk]),
            parts=tuple(
                Part(
                    strand.number,
                    strand.title,
                    strand.lead,
                    tuple(types["strand", strand.pk]),
                    strand.consequences,
                    strand.controls,
                    strand.direction,
                    strand.commentary,
                )
                for strand in strands[snapshot.pk]
            ),
            actions=tuple(actions[snapshot.pk]),
        )


def _types(ids: Collection[int]) -> dict[tuple[str, int], list[str]]:
    """The names of the types of snapshots and of their strands, in one query."""
    whole = Snapshot.types.through.objects.filter(snapshot__in=ids)
    parts = Strand.types.through.objects.filter(strand__snapshot__in=ids)
    found = defaultdict(list)
    for of, row, name in whole.values_list(Value("snapshot"), "snapshot_id", "type__name").union(
        parts.values_list(Value("strand"), "strand_id", "type__name"), all=True
    ):
        found[of, row].append(name)
    for names in found.values():
        names.sort()
    return found


def _stop(
    snapshot: Snapshot,
    *,
    types: tuple[str, ...],
    parts: tuple[Part, ...],
    actions: tuple[Promise, ...],
) -> Stop:
    edition = snapshot.edition
    return Stop(
        quarter=edition.quarter,
        reference=snapshot.reference,
        title=snapshot.title,
        score=snapshot.score,
        position=snapshot.position,
        residual=snapshot.residual_score,
        residual_position=snapshot.residual_position,
        residual_by=snapshot.residual_by,
        appetite=snapshot.appetite,
        bands=edition.bands,
        direction=snapshot.direction,
        owner=snapshot.owner_text or snapshot.post_name or "",
        types=types,
        texts={column: getattr(snapshot, column) for column in _TEXTS},
        parts=parts,
        actions=actions,
        printed=snapshot.printed,
        published=edition.is_published,
        day=edition.as_at,
    )


_SEEN_FROM_THE_OTHER = {
    Lineage.Statement.MERGED: "joined by",
    Lineage.Statement.SPLIT: "split, giving rise to",
    Lineage.Statement.SUCCEEDED: "the successor of",
}
_SEEN_FROM_THIS = {
    Lineage.Statement.MERGED: "merged into",
    Lineage.Statement.SPLIT: "split from",
    Lineage.Statement.SUCCEEDED: "succeeded by",
    Lineage.Statement.CLOSED: "closed",
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
        .annotate(counterpart=Case(When(entry=entry, then=F("other_id")), default=F("entry_id")))
        .annotate(
            reference=Subquery(latest.values("reference")[:1]),
            title=Subquery(latest.values("title")[:1]),
        )
        .order_by("edition__quarter", "id")
    ):
        if statement.counterpart is not None and statement.reference is None:
            continue  # even that there is another entry would say too much
        words = _SEEN_FROM_THIS if statement.entry_id == entry.pk else _SEEN_FROM_THE_OTHER
        yield Kin(
            words[Lineage.Statement(statement.kind)],
            quarters[statement.edition_id],
            statement.reason,
            statement.counterpart,
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
