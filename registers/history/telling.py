"""Lines of history in words: what was done to which row of which entry and edition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse

from registers.history.asked import KINDS, Kind
from registers.history.lines import (
    CHANGED,
    GONE,
    VERBS,
    Record,
    RowChange,
    TypesOfLines,
    named,
    pointed_at,
    record,
    types_of,
    written_fields,
)
from registers.models import (
    Action,
    Edition,
    Entry,
    FlagAnswer,
    Lineage,
    Owner,
    RegisterRole,
    Snapshot,
    Strand,
    Type,
    TypeAppetite,
    User,
)


@dataclass(frozen=True, slots=True)
class _Stated:
    """What a snapshot is, or was before it went: an entry, by its number, in an edition."""

    entry: int
    edition: int
    reference: str
    title: str


@dataclass
class Telling:
    """Lines, each by the place of its kind and its id, with everything that puts them into words.

    They are read in a number of queries that depends only on how many kinds there are.
    """

    places: Sequence[tuple[int, int]]
    names: dict[tuple[type[models.Model], Any], str] = field(default_factory=dict)
    stated: dict[int, _Stated] = field(default_factory=dict)
    # The pages to which lines can lead: of snapshots that still stand.
    links: dict[int, str] = field(default_factory=dict)

    def records(self) -> Iterator[Record]:
        wanted: dict[int, list[int]] = defaultdict(list)
        for number, key in self.places:
            wanted[number].append(key)
        lines, befores = {}, {}
        types: dict[int, TypesOfLines] = {}
        for number, ids in wanted.items():
            model = KINDS[number].model
            now, before = _with_before(model, ids)
            types[number] = types_of(model, [*now.values(), *before.values()])
            lines |= {(number, key): line for key, line in now.items()}
            befores |= {(number, key): before.get(line.before_id) for key, line in now.items()}
        self._learn(lines, befores)
        for place in self.places:
            kind = KINDS[place[0]]
            yield self._record(kind, lines[place], befores[place], types[place[0]])

    def _record(self, kind: Kind, line: Any, before: Any, types: TypesOfLines) -> Record:
        fields = tuple(written_fields(kind.model, before, line, self.names, types))
        verb = VERBS[line.history_type]
        if line.history_type == CHANGED and before is not None and not fields:
            verb = "saved as it was"
        what, where, href = self._told(kind, line)
        return record(line, RowChange(what, verb, fields, where, href))

    # What the lines belong and point to --------------------------------------------------------

    def _learn(self, lines: dict[Any, Any], befores: dict[Any, Any]) -> None:
        """The names of all that is needed, in a query for each model."""
        wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
        snapshots, editions = set(), set()
        for place, line in lines.items():
            model = KINDS[place[0]].model
            before = befores[place]
            for target, key in pointed_at(model, [line, before] if before else [line]):
                wanted[target].add(key)
            if model in (Strand, Action, FlagAnswer):
                snapshots.add(line.snapshot_id)
            elif model is Snapshot:
                snapshots.add(line.id)
            elif model is Entry:
                wanted[Entry].add(line.id)
            elif model is Lineage:
                wanted[Entry].add(line.entry_id)
                editions.add(line.edition_id)
            elif model is TypeAppetite:
                wanted[Type].add(line.type_id)
            elif model is RegisterRole:
                wanted[User].add(line.user_id)
        self._learn_snapshots(snapshots)
        self._learn_entries(wanted.pop(Entry, set()))
        for target, keys in wanted.items():
            rows = target._default_manager.in_bulk(keys)
            self.names |= {(target, key): str(row) for key, row in rows.items()}
        self._learn_editions(editions | {one.edition for one in self.stated.values()})

    def _learn_snapshots(self, snapshots: Iterable[int]) -> None:
        known = (
            Snapshot.history.model.objects.filter(id__in=list(snapshots))
            .order_by("history_date", "history_id")
            .values_list("id", "entry_id", "edition_id", "reference", "title")
        )
        for pk, *said in known:
            self.stated[pk] = _Stated(*said)

    def _learn_entries(self, entries: Iterable[int]) -> None:
        latest = Snapshot.history.model.objects.filter(entry_id=OuterRef("pk")).order_by(
            "-history_date", "-history_id"
        )
        called = (
            Entry.objects.filter(pk__in=list(entries))
            .annotate(
                last_reference=Subquery(latest.values("reference")[:1]),
                last_title=Subquery(latest.values("title")[:1]),
            )
            .values_list("pk", "last_reference", "last_title")
        )
        for pk, reference, title in called:
            if reference:
                self.names[Entry, pk] = f"{reference} {title}"

    def _learn_editions(self, editions: Iterable[int]) -> None:
        slugs = {}
        for pk, quarter in Edition.objects.filter(pk__in=editions).values_list("pk", "quarter"):
            self.names[Edition, pk] = quarter.label
            slugs[pk] = quarter.slug
        standing = Snapshot.objects.filter(pk__in=list(self.stated)).values_list("pk", flat=True)
        for pk in standing:
            one = self.stated[pk]
            self.links[pk] = f"{reverse('entry', args=[one.entry])}?edition={slugs[one.edition]}"

    # In words -------------------------------------------------------------------------------------

    def _told(self, kind: Kind, line: Any) -> tuple[str, str, str]:
        """(what, where, address) of a line; what leads nowhere has no address."""
        match kind.code:
            case "entries":
                where = f"{self._name(Edition, line.edition_id)}, {line.reference} {line.title}"
                return "Entry", where, self.links.get(line.id, "")
            case "strands" | "actions":
                what = named(line, "Strand" if kind.code == "strands" else "Action")
                return what, self._where(line.snapshot_id), self.links.get(line.snapshot_id, "")
            case "answers":
                what = named(line, "Answer to the flag")
                return what, self._where(line.snapshot_id), self.links.get(line.snapshot_id, "")
            case "exemption":
                return "Kind and exemption", self._name(Entry, line.id), ""
            case "lineage":
                other = f" {line.called}" if line.called else ""
                other = f" {self._name(Entry, line.other_id)}" if line.other_id else other
                entry = self._name(Entry, line.entry_id)
                edition = self._name(Edition, line.edition_id)
                return f"{line.get_kind_display()}{other}", f"{edition}, {entry}", ""
            case "proposals":
                return "Proposal", line.called, ""
            case "editions":
                return "Edition", line.quarter.label, ""
            case "roles":
                return line.role, self._name(User, line.user_id), ""
            case "appetite":
                return "Appetite", self._name(Type, line.type_id), ""
            case "tenures":
                person, post = self._name(User, line.user_id), self._name(Owner, line.owner_id)
                return "Delegate" if line.is_delegate else "Post-holder", f"{person}, {post}", ""
            case _:
                return str(kind.model._meta.verbose_name).capitalize(), line.name, ""

    def _where(self, snapshot: int) -> str:
        one = self.stated.get(snapshot)
        if one is None:
            return ""
        return f"{self._name(Edition, one.edition)}, {one.reference} {one.title}"

    def _name(self, model: type[models.Model], key: Any) -> str:
        return self.names.get((model, key)) or GONE


def _with_before(model: type[models.Model], ids: list[int]) -> tuple[dict, dict]:
    """Lines by their id, and the lines before them of the same rows by theirs. Two queries."""
    history = model.history.model.objects
    earlier = Q(history_date__lt=OuterRef("history_date")) | Q(
        history_date=OuterRef("history_date"), history_id__lt=OuterRef("history_id")
    )
    before = (
        history.filter(earlier, id=OuterRef("id"))
        .order_by("-history_date", "-history_id")
        .values("history_id")[:1]
    )
    lines = (
        history.filter(history_id__in=ids)
        .annotate(before_id=Subquery(before))
        .select_related("history_user")
        .in_bulk()
    )
    befores = history.in_bulk({line.before_id for line in lines.values()} - {None})
    return lines, befores
