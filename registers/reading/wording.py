"""Which entries read otherwise in two editions, and by how many words.

The texts of a register are long: they are compared in the database, and only the texts of the
entries that differ and are shown are ever read. The comparison is plain SQL, since Django takes a
hundred times longer to compose it than a database to answer it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from registers.domain.difference import COLUMNS, Words, words_between
from registers.models import Edition, Snapshot

# What hangs below a snapshot: from where, and what must be the same in both. Null equals null.
_BELOW = (
    ("registers_action {row}", "text lead status due"),
    ("registers_strand {row}", "number title lead consequences controls direction commentary"),
    ("registers_snapshot_types {row}", "type_id"),
    (
        "(SELECT snapshot_id, number, type_id FROM registers_strand JOIN registers_strand_types"
        " ON registers_strand_types.strand_id = registers_strand.id) {row}",
        "number type_id",
    ),
)
_NULLABLE = {"due"}


def _one_without_twin(rows: str, columns: str, here: str, there: str) -> str:
    """Whether the snapshot `here` has a row below it that the snapshot `there` has no equal of."""
    same = " AND ".join(
        f"(twin.{name} = mine.{name} OR (twin.{name} IS NULL AND mine.{name} IS NULL))"
        if name in _NULLABLE
        else f"twin.{name} = mine.{name}"
        for name in columns.split()
    )
    mine, twin = rows.format(row="mine"), rows.format(row="twin")
    absent = f"(SELECT 1 FROM {twin} WHERE twin.snapshot_id = {there}.id AND {same})"  # noqa: S608
    return (
        f"EXISTS (SELECT 1 FROM {mine} WHERE mine.snapshot_id = {here}.id AND NOT EXISTS {absent})"  # noqa: S608
    )


_DIFFERS = " OR ".join(
    [
        *(f"later.{column} <> earlier.{column}" for column in COLUMNS),
        *(
            _one_without_twin(rows, columns, *sides)
            for rows, columns in _BELOW
            for sides in (("later", "earlier"), ("earlier", "later"))
        ),
    ]
)
_REWORDED = (
    "SELECT later.entry_id FROM registers_snapshot later JOIN registers_snapshot earlier "  # noqa: S608 - made of constants
    "ON earlier.entry_id = later.entry_id AND earlier.edition_id = %s "
    f"WHERE later.edition_id = %s AND ({_DIFFERS})"
)


def reworded(before: Edition, after: Edition) -> set[int]:
    """The ids of the entries of both editions of which a text, action, strand or type differs.

    Titles, scores and owners are not looked at. One query; no text leaves the database.
    """
    with connection.cursor() as cursor:
        cursor.execute(_REWORDED, [before.pk, after.pk])
        return {entry for (entry,) in cursor.fetchall()}


def words(entries: Iterable[int], before: Edition, after: Edition) -> dict[int, Words]:
    """By entry, the words gained and lost. The entries, by id, are in both editions.

    Three queries, whatever their number.
    """
    snapshots = (
        Snapshot.objects.filter(edition__in=[before, after], entry__in=list(entries))
        .only("edition_id", "entry_id", *COLUMNS)
        .prefetch_related("strands", "actions")
    )
    texts = {(row.edition_id, row.entry_id): row for row in snapshots}
    return {
        entry: words_between(texts[before.pk, entry], later)
        for (edition, entry), later in texts.items()
        if edition == after.pk
    }
