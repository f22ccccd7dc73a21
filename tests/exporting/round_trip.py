"""The register in a pack read back by an import, field by field, against what was printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from registers.domain.content import Action, Content
from registers.domain.passages import BULLET, PLAIN, parse
from registers.exporting.pack.facts import ALL
from registers.exporting.pack.files import Order, make
from registers.importing.as_read import EntryAsRead, PartAsRead
from registers.importing.readers.files import read_register
from registers.importing.reading import read_edition
from registers.importing.register_state import vocabulary_of
from registers.models import Edition, Snapshot
from registers.reading.contents import terms, whole

MADE_AT = datetime(2026, 11, 30, tzinfo=UTC)
WRITTEN = (("consequences", BULLET), ("controls", BULLET), ("commentary", PLAIN))


def differences(edition: Edition, format: str, folder: Path, **how: object) -> list[str]:
    """Where what is read back is not what was printed; none, if it is the same."""
    path = folder / f"{edition.quarter.slug}.{format}"
    path.write_bytes(make(Order(edition, format, ALL, **how), MADE_AT))
    read = read_edition(read_register(path), vocabulary_of(edition.register))
    rows = Snapshot.objects.in_edition(edition).as_printed()
    printed = whole(rows, {edition.pk: terms(edition)})
    found = [*_differing("references", [e.reference for e in read.entries],
                         [one.reference for one in printed])]  # fmt: skip
    by_reference = {one.reference: one for one in printed}
    for entry in read.entries:
        if one := by_reference.get(entry.reference):
            found += _of_entry(entry, one)
    return [f"{edition.quarter.slug} {format}: {line}" for line in found]


def _differing(what: str, got: object, was: object) -> Iterator[str]:
    if got != was:
        yield f"{what}: {got!r} instead of {was!r}"


def _of_entry(entry: EntryAsRead, one: Content) -> Iterator[str]:
    pairs = {
        "kind": (entry.kind, one.kind),
        "title": (entry.title, one.title),
        "description": (_texts(entry.description), _texts(parse(one.texts["description"], PLAIN))),
        "types": (sorted(entry.types), sorted(one.all_types)),
        "score": ((entry.score.score, entry.score.position), (one.score, one.position)),
        "residual": (
            (entry.residual.score, entry.residual.position),
            (one.residual_score, one.residual_position),
        ),
        "owner": (entry.printed.owner.line, one.owner),
        "strands": (
            [(strand.number, strand.title) for strand in entry.strands],
            [(strand.number, strand.title) for strand in one.strands],
        ),
    }
    for what, (got, was) in pairs.items():
        yield from _differing(f"{one.reference} {what}", got, was)
    yield from _of_part(one.reference, entry.whole, one.texts, one.direction, one.actions, None)
    for part, strand in zip(entry.strands, one.strands, strict=False):
        said = {name: getattr(strand, name) for name, _ in WRITTEN}
        name = f"{one.reference} strand {strand.number}"
        yield from _of_part(name, part.part, said, strand.direction, one.actions, strand.number)


def _of_part(
    name: str,
    part: PartAsRead,
    texts: Mapping[str, str],
    direction: str,
    actions: Sequence[Action],
    strand: int | None,
) -> Iterator[str]:
    yield from _differing(f"{name} direction", part.direction, direction)
    for column, unmarked in WRITTEN:
        was = [_point(point) for point in parse(texts.get(column, ""), unmarked)]
        yield from _differing(f"{name} {column}", [*map(_point, getattr(part, column))], was)
    own = [_point(action) for action in actions if action.strand == strand]
    yield from _differing(f"{name} actions", [*map(_point, part.actions)], own)


def _point(point: Any) -> tuple[str, int, bool]:
    return point.text, point.level, point.plain


def _texts(points: Sequence[Any]) -> list[str]:
    return [point.text for point in points]
