"""Many rows at once, with the trail of changes that saving them one by one would leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils import timezone

BATCH = 500
# Rows that get the same values are written together, unless nearly each has values of its own.
FEW = 100

CREATED, CHANGED = "+", "~"


def dated(row: Any, now: datetime | None) -> Any:
    """The row, whose next line of history is of another time than this moment, if one is given."""
    if now is not None:
        row._history_date = now
    return row


def copy(row: Any, **changes: Any) -> Any:
    """A new row like this one but for the columns named."""
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in changes and field.name not in changes
    }
    return type(row)(**values, **changes)


def create(
    rows: Sequence[Any],
    *,
    by,
    reason: str,
    types: Mapping[int, Sequence[int]] = {},
    now: datetime | None = None,
) -> None:
    """Insert rows of one model; each gets its key and its first line of history.

    `types` gives the ids of the types of the row at each place, for models that have them. The
    history gets them too, or the first change afterwards would look as if it had added them.
    """
    if not rows:
        return
    model = type(rows[0])
    now = now or timezone.now()
    for row in rows:
        row.changed_by, row.changed_at = by, now
    model.objects.bulk_create(rows, batch_size=BATCH)
    if types:
        through = model.types.through
        column = f"{model._meta.model_name}_id"
        through.objects.bulk_create(
            [
                through(**{column: rows[place].pk, "type_id": type_id})
                for place, ids in types.items()
                for type_id in ids
            ],
            batch_size=BATCH,
        )
    _record(model, rows, CREATED, by=by, reason=reason, now=now)


def update(
    rows: Sequence[Any],
    fields: Sequence[str],
    *,
    by,
    reason: str,
    now: datetime | None = None,
) -> None:
    """Write some columns of rows of one model, and a line of history for each."""
    if not rows:
        return
    model = type(rows[0])
    now = now or timezone.now()
    stamp = {"changed_by": by, "changed_at": now}
    for row in rows:
        row.changed_by, row.changed_at = by, now
    alike = defaultdict(list)
    for row in rows:
        alike[tuple(getattr(row, model._meta.get_field(name).attname) for name in fields)].append(
            row.pk
        )
    if len(alike) > FEW:
        model.objects.bulk_update(rows, fields, batch_size=BATCH)
        alike = {(): [row.pk for row in rows]}
    for values, keys in alike.items():
        for some in _batches(keys):
            written = dict(zip(fields, values, strict=False))
            model.objects.filter(pk__in=some).update(**written, **stamp)
    _record(model, rows, CHANGED, by=by, reason=reason, now=now)


def delete(row: Any, *, by, reason: str, now: datetime | None = None) -> None:
    """Delete a row; its last line of history names who did it and why."""
    row.changed_by = by
    row._change_reason = reason
    dated(row, now).delete()


# The trail ----------------------------------------------------------------------------------------


def _record(
    model: type[Model], rows: Sequence[Any], kind: str, *, by, reason: str, now: datetime
) -> None:
    """A line of history for each row, copied by the database from what it now holds.

    The same lines as django-simple-history writes for rows that are saved one by one, types
    included; built in Python they took longer than all else together.
    """
    history = model.history.model
    said = {
        "history_date": now,
        "history_change_reason": reason,
        "history_type": kind,
        "history_user_id": by.pk if by else None,
    }
    values = [
        history._meta.get_field(name.removesuffix("_id")).get_db_prep_save(value, connection)
        for name, value in said.items()
    ]
    columns = _names(field.column for field in history.tracked_fields)
    for keys in _batches([row.pk for row in rows]):
        _execute(
            f"INSERT INTO {_names([history._meta.db_table])} ({columns}, {_names(said)}) "  # noqa: S608
            f"SELECT {columns}, {_marks(values)} FROM {_names([model._meta.db_table])} "
            f"WHERE id IN ({_marks(keys)}) ORDER BY id",
            [*values, *keys],
        )
        if hasattr(model, "types"):
            _record_types(model, keys)


def _record_types(model: type[Model], keys: Sequence[int]) -> None:
    """Add the types of these rows to the last line of history of each."""
    history, through = model.history.model, model.types.through
    recorded = history._meta.related_objects[0].related_model
    columns = [field.column for field in through._meta.concrete_fields]
    row = connection.ops.quote_name(f"{model._meta.model_name}_id")
    _execute(
        f"INSERT INTO {_names([recorded._meta.db_table])} ({_names([*columns, 'history_id'])}) "  # noqa: S608
        f"SELECT {', '.join(f'link.{_names([column])}' for column in columns)}, line.last "
        f"FROM {_names([through._meta.db_table])} AS link "
        f"JOIN (SELECT id, MAX(history_id) AS last FROM {_names([history._meta.db_table])} "
        f"WHERE id IN ({_marks(keys)}) GROUP BY id) AS line ON line.id = link.{row} "
        f"ORDER BY link.id",
        keys,
    )


def _batches(keys: Sequence[int]) -> Iterator[list[int]]:
    rest = iter(keys)
    while some := list(islice(rest, BATCH)):
        yield some


def _names(columns) -> str:
    return ", ".join(connection.ops.quote_name(column) for column in columns)


def _marks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _execute(statement: str, values: Sequence[object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
