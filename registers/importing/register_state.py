"""Reads from the database what an import compares itself with. It changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from registers.domain import passages, scale
from registers.domain.quarters import Quarter
from registers.importing.as_read import Vocabulary
from registers.importing.cells import type_key
from registers.importing.known import KnownEdition, KnownRegister, KnownRow
from registers.importing.matching import Appearance, KnownEntry, Text
from registers.importing.owners import owner_key
from registers.models import (
    Action,
    Edition,
    Entry,
    Lineage,
    Owner,
    Register,
    Snapshot,
    Strand,
    Type,
)

NEAREST = 2  # appearances of an entry before and after the imported quarter
AT_ONCE = 500  # ids in one condition


def known_register(register: Register, quarter: Quarter) -> KnownRegister:
    """Read what an import of a quarter compares itself with, in a fixed number of queries."""
    editions = Edition.objects.filter(register=register)
    return KnownRegister(
        slug=register.slug,
        name=register.name,
        vocabulary=vocabulary_of(register),
        entries=tuple(_entries(register, quarter)),
        before=_edition(editions.before(quarter).newest_first().first()),
        same=_edition(editions.filter(quarter=quarter).first()),
        after=_edition(editions.filter(quarter__gt=quarter).oldest_first().first()),
        ended=frozenset(
            Lineage.objects.ending()
            .filter(entry__register=register)
            .values_list("entry_id", flat=True)
        ),
    )


def vocabulary_of(register: Register) -> Vocabulary:
    types = {type_key(name): name for name in Type.objects.values_list("name", flat=True)}
    for name, alias in Type.objects.filter(aliases__isnull=False).values_list(
        "name", "aliases__text"
    ):
        types.setdefault(type_key(alias), name)
    owners = {owner_key(name): name for name in Owner.objects.values_list("name", flat=True)}
    for name, alias in Owner.objects.filter(aliases__isnull=False).values_list(
        "name", "aliases__text"
    ):
        owners.setdefault(owner_key(alias), name)
    return Vocabulary(
        prefixes={kind: register.prefix(kind) for kind in (scale.RISK, scale.OPPORTUNITY)},
        types=types,
        owners=owners,
    )


def _edition(edition: Edition | None) -> KnownEdition | None:
    if edition is None:
        return None
    rows = Snapshot.objects.in_edition(edition).as_printed()
    return KnownEdition(
        edition.quarter,
        edition.state,
        tuple(
            KnownRow(*values)
            for values in rows.values_list("entry_id", "reference", "title", "printed")
        ),
    )


def _entries(register: Register, quarter: Quarter) -> Iterable[KnownEntry]:
    """Every entry with its nearest appearances outside the quarter itself."""
    kinds = dict(Entry.objects.filter(register=register).values_list("id", "kind"))
    appearances: dict[int, list[tuple[Quarter, int]]] = defaultdict(list)
    placed = Snapshot.objects.filter(entry__register=register).exclude(edition__quarter=quarter)
    for entry_id, when, snapshot_id in placed.order_by("edition__quarter").values_list(
        "entry_id", "edition__quarter", "id"
    ):
        appearances[entry_id].append((when, snapshot_id))
    nearest = {
        entry_id: [
            *[one for one in every if one[0] < quarter][-NEAREST:],
            *[one for one in every if one[0] > quarter][:NEAREST],
        ]
        for entry_id, every in appearances.items()
    }
    texts = _texts([snapshot_id for every in nearest.values() for _, snapshot_id in every])
    for entry_id, kind in kinds.items():
        yield KnownEntry(
            entry_id,
            kind,
            tuple(
                Appearance(when, texts[snapshot_id])
                for when, snapshot_id in nearest.get(entry_id, ())
            ),
        )


def _texts(snapshot_ids: Sequence[int]) -> dict[int, Text]:
    texts: dict[int, Text] = {}
    for start in range(0, len(snapshot_ids), AT_ONCE):
        some = snapshot_ids[start : start + AT_ONCE]
        consequences: dict[int, list[str]] = defaultdict(list)
        actions: dict[int, list[str]] = defaultdict(list)
        snapshots = list(
            Snapshot.objects.filter(id__in=some).values_list(
                "id", "reference", "title", "description", "consequences"
            )
        )
        for snapshot_id, _, _, _, text in snapshots:
            consequences[snapshot_id].extend(_points(text))
        for snapshot_id, text in Strand.objects.filter(snapshot_id__in=some).values_list(
            "snapshot_id", "consequences"
        ):
            consequences[snapshot_id].extend(_points(text))
        for snapshot_id, text in Action.objects.filter(snapshot_id__in=some).values_list(
            "snapshot_id", "text"
        ):
            actions[snapshot_id].append(text)
        for snapshot_id, reference, title, description, _ in snapshots:
            texts[snapshot_id] = Text(
                reference,
                (title, *_points(description)),
                tuple(consequences[snapshot_id]),
                tuple(actions[snapshot_id]),
            )
    return texts


def _points(text: str) -> list[str]:
    return [point.text for point in passages.parse(text)]
