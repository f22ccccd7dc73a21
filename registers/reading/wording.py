"""Which entries read otherwise in two editions, found by the database.

The texts of a register are long: they are compared where they lie, and only those of the entries
that differ and are shown are ever read. What the database calls different is what
`domain.difference` calls so. The comparison is plain SQL, since Django takes a hundred times
longer to compose it than a database to answer it.
"""

from __future__ import annotations

from django.db import connection

from registers.models import Edition
from registers.reading.contents import TEXTS

# What hangs below a snapshot: from where, and what must be the same in both. Null equals null.
_BELOW = (
    ("registers_strand {row}", "number title lead consequences controls direction commentary"),
    ("registers_snapshot_types {row}", "type_id"),
    (
        "(SELECT snapshot_id, number, type_id FROM registers_strand JOIN registers_strand_types"
        " ON registers_strand_types.strand_id = registers_strand.id) {row}",
        "number type_id",
    ),
)
_ACTIONS = ("registers_action {row}", "key text lead status due")
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


def _differ(rows: str, columns: str) -> list[str]:
    """Whether either snapshot has a row below it that the other has no equal of."""
    sides = (("later", "earlier"), ("earlier", "later"))
    return [_one_without_twin(rows, columns, *pair) for pair in sides]


_REWORDED = " OR ".join(
    [
        *(f"later.{column} <> earlier.{column}" for column in TEXTS),
        *(sql for rows, columns in _BELOW for sql in _differ(rows, columns)),
    ]
)
_COMPARED = (
    "SELECT * FROM (SELECT later.entry_id AS entry, "  # noqa: S608 - made of constants
    f"({_REWORDED}) AS reworded, ({' OR '.join(_differ(*_ACTIONS))}) AS actions "
    "FROM registers_snapshot later JOIN registers_snapshot earlier "
    "ON earlier.entry_id = later.entry_id AND earlier.edition_id = %s "
    "WHERE later.edition_id = %s) compared WHERE reworded OR actions"
)


def differing(before: Edition, after: Edition) -> tuple[set[int], set[int]]:
    """The ids of the entries of both editions of which a text, strand or type differs, and of those
    of which an action does.

    Titles, scores and owners are not looked at. One query; no text leaves the database.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COMPARED, [before.pk, after.pk])
        found = cursor.fetchall()
    return {one for one, text, _ in found if text}, {one for one, _, actions in found if actions}
