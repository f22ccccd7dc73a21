"""A whole register over its published editions, light: figures, owners, types and actions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from registers.domain.content import Action as Said
from registers.domain.content import Content
from registers.domain.path import Path
from registers.models import Action, Edition, Register, Snapshot, Strand, User
from registers.reading.contents import light, terms

Key = tuple[int, int]


Found = list[tuple[Edition, list[Content]]]


def contents(register: Register, user: User, *, upto: Edition) -> Found:
    """The published editions up to one, oldest first, each with its entries as far as a person may
    read them: with their types and actions, without texts. Five queries.

    An entry that the person may not read in one of them is in none: it would look as if it had
    come or gone.
    """
    editions = list(
        Edition.objects.published()
        .filter(register=register, quarter__lte=upto.quarter)
        .oldest_first()
    )
    known = {one.pk: terms(one) for one in editions}
    of = {id(said): pk for pk, said in known.items()}
    there = Snapshot.objects.filter(edition__in=editions)
    seen = there.visible_to(user)
    if not user.access.at(register.pk).reads_everything:
        hidden = there.exclude(pk__in=seen.values("pk"))
        seen = seen.exclude(entry__in=hidden.values("entry"))
    types, actions = _types(editions), _actions(editions)
    rows: dict[int, list[Content]] = defaultdict(list)
    for one in light(seen, known):
        key = (of[id(one.terms)], one.entry)
        full = one._replace(types=types.get(key, ()), actions=actions.get(key, ()))
        rows[key[0]].append(full)
    return [(one, rows[one.pk]) for one in editions]


def paths(found: Found) -> list[Path]:
    """The path of every entry that any of them has."""
    stops: dict[int, list[Content]] = defaultdict(list)
    for _, rows in found:
        for one in rows:
            stops[one.entry].append(one)
    return [Path(each[0].kind, tuple(each)) for each in stops.values()]


def _types(editions: list[Edition]) -> Mapping[Key, tuple[str, ...]]:
    own = Snapshot.types.through.objects.filter(snapshot__edition__in=editions).values_list(
        "snapshot__edition_id", "snapshot__entry_id", "type__name"
    )
    of_strands = Strand.types.through.objects.filter(
        strand__snapshot__edition__in=editions
    ).values_list("strand__snapshot__edition_id", "strand__snapshot__entry_id", "type__name")
    found: dict[Key, set[str]] = defaultdict(set)
    for edition, entry, name in own.union(of_strands):
        found[edition, entry].add(name)
    return {key: tuple(sorted(names)) for key, names in found.items()}


def _actions(editions: list[Edition]) -> Mapping[Key, tuple[Said, ...]]:
    rows = Action.objects.filter(snapshot__edition__in=editions).order_by("order", "id")
    found: dict[Key, list[Said]] = defaultdict(list)
    for edition, entry, *said in rows.values_list(
        "snapshot__edition_id",
        "snapshot__entry_id",
        "key",
        "text",
        "lead",
        "due",
        "status",
        "completed_on",
    ):
        found[edition, entry].append(Said(*said))
    return {key: tuple(each) for key, each in found.items()}
