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

# What hangs below a snapshot: from where, and what must be the same in both.
_BELOW = (
    ("registers_strand {row}", "number title lead consequences controls direction commentary"),
    ("registers_snapshot_types {row}", "type_id"),
    (
        "(SELECT snapshot_id, number, type_id FROM registers_strand JOIN registers_strand_types"
        " ON registers_strand_types.strand_id = registers_strand.id) {row}",
        "number type_id",
    ),
)


def _one_without_twin(rows: str, same: str, here: str, there: str, only: str = "TRUE") -> str:
    """Whether the snapshot `here` has a row `mine` below it, among those of which `only` holds,
    to which no row `twin` below the snapshot `there` is the `same`.
    """
    mine, twin = rows.format(row="mine"), rows.format(row="twin")
    absent = f"(SELECT 1 FROM {twin} WHERE twin.snapshot_id = {there}.id AND {same})"  # noqa: S608
    return (
        f"EXISTS (SELECT 1 FROM {mine} WHERE mine.snapshot_id = {here}.id AND {only} "  # noqa: S608
        f"AND NOT EXISTS {absent})"
    )


def _equal(*columns: str) -> str:
    return " AND ".join(f"twin.{name} = mine.{name}" for name in columns)


def _differ(rows: str, columns: str) -> list[str]:
    """Whether either snapshot has a row below it that the other has no equal of."""
    sides = (("later", "earlier"), ("earlier", "later"))
    return [_one_without_twin(rows, _equal(*columns.split()), *pair) for pair in sides]


_ACTIONS, _SETTLED = "registers_action {row}", "('done', 'dropped')"
# What `difference.actions` tells: of a settled action its date is no news, and what was settled
# before and is gone is not missed.
_SAME_DUE = "(twin.due = mine.due OR (twin.due IS NULL AND mine.due IS NULL))"
_SAME_ACTION = (
    f"{_equal('key', 'text', 'lead', 'status')} AND (mine.status IN {_SETTLED} OR {_SAME_DUE})"
)
_TOLD = (
    _one_without_twin(_ACTIONS, _SAME_ACTION, "later", "earlier"),
    _one_without_twin(
        _ACTIONS, _equal("key"), "earlier", "later", f"mine.status NOT IN {_SETTLED}"
    ),
)
_REWORDED = " OR ".join(
    [
        *(f"later.{column} <> earlier.{column}" for column in TEXTS),
        *(sql for rows, columns in _BELOW for sql in _differ(rows, columns)),
    ]
)
_COMPARED = (
    "SELECT * FROM (SELECT later.entry_id AS entry, "  # noqa: S608 - made of constants
    f"({_REWORDED}) AS reworded, ({' OR '.join(_TOLD)}) AS actions "
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
