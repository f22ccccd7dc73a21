"""Every row of the database at one moment, and the way back to it.

A test that commits (a live server, two connections, a killed process) can't be rolled back, and
Django's own answer, to flush every table, is what our triggers are there to refuse: published
editions can't be deleted, and roles and types that migrations wrote would be gone. So the rows are
remembered, and after the test only those that differ are put right, with the triggers lifted for
as long as that takes.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db import connection, transaction

from registers.models import freeze

FROZEN = {*freeze.CONTENT, *freeze.APPEND_ONLY, "registers_edition"}

Row = tuple[object, ...]
Rows = dict[object, Row]


class Statements:
    """Stands in for Django's schema editor, which on SQLite can't work inside a transaction."""

    connection = connection

    def execute(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)


class Baseline:
    """The rows as they are now, by table and primary key."""

    def __init__(self) -> None:
        self.tables = _tables()
        self.rows = {table: self._rows(table) for table in self.tables}

    def restore(self) -> None:
        """Make every row what it was. Costs one query a table where nothing has changed."""
        with transaction.atomic():
            now = {table: self._rows(table) for table in self.tables}
            changed = [table for table in self.tables if now[table] != self.rows[table]]
            frozen = not FROZEN.isdisjoint(changed)
            if frozen:
                freeze.remove(Statements())
            for table in changed:
                self._put_right(table, now[table])
            if frozen:
                # PostgreSQL wants no deferred check outstanding when a table is altered.
                connection.check_constraints()
                freeze.install(Statements())

    def _rows(self, table: str) -> Rows:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {_list(self.tables[table])} FROM {_name(table)}")
            return {row[0]: row for row in cursor.fetchall()}

    def _put_right(self, table: str, now: Rows) -> None:
        then = self.rows[table]
        key, *_ = columns = self.tables[table]
        gone = [(pk,) for pk, row in now.items() if then.get(pk) != row]
        back = [row for pk, row in then.items() if now.get(pk) != row]
        with connection.cursor() as cursor:
            if gone and not then:
                cursor.execute(f"DELETE FROM {_name(table)}")
            elif gone:
                cursor.executemany(f"DELETE FROM {_name(table)} WHERE {_name(key)} = %s", gone)
            if back:
                values = ", ".join(["%s"] * len(columns))
                cursor.executemany(
                    f"INSERT INTO {_name(table)} ({_list(columns)}) VALUES ({values})", back
                )


def _tables() -> dict[str, list[str]]:
    """Every table of ours and of Django's with its columns, the primary key first."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if meta.managed and not meta.proxy:
            others = [field.column for field in meta.local_concrete_fields if field != meta.pk]
            found[meta.db_table] = [meta.pk.column, *others]
    return found


def _name(name: str) -> str:
    return connection.ops.quote_name(name)


def _list(names: Iterable[str]) -> str:
    return ", ".join(map(_name, names))
