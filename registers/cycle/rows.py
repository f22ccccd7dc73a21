"""Many rows at once, with the trail of changes that saving them one by one would leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

BATCH = 500


def dated(row: Any, now: datetime | None) -> Any:
    """The row, whose next line of history is of another time than this moment, if one is given."""
    if now is not None:
        row._history_date = now
    return row


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
    recorded = model.history.bulk_history_create(
        rows, batch_size=BATCH, default_change_reason=reason, default_date=now, default_user=by
    )
    if types:
        _link_types(model, rows, recorded, types)


def _link_types(model, rows, recorded, types: Mapping[int, Sequence[int]]) -> None:
    through = model.types.through
    column = f"{model._meta.model_name}_id"
    links = [
        through(**{column: rows[place].pk, "type_id": type_id})
        for place, ids in types.items()
        for type_id in ids
    ]
    through.objects.bulk_create(links, batch_size=BATCH)
    _record_types(model, links, rows, recorded)


def _record_types(model, links, rows, recorded) -> None:
    """Add the types to lines of history: simple-history does so only for single rows."""
    column = f"{model._meta.model_name}_id"
    line_of = {row.pk: line.history_id for row, line in zip(rows, recorded, strict=True)}
    historical = model.history.model._meta.related_objects[0].related_model
    historical.objects.bulk_create(
        [
            historical(
                **{column: getattr(link, column), "id": link.pk, "type_id": link.type_id},
                history_id=line_of[getattr(link, column)],
            )
            for link in links
        ],
        batch_size=BATCH,
    )


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
    for row in rows:
        row.changed_by, row.changed_at = by, now
    model.objects.bulk_update(rows, [*fields, "changed_by", "changed_at"], batch_size=BATCH)
    recorded = model.history.bulk_history_create(
        rows,
        batch_size=BATCH,
        update=True,
        default_change_reason=reason,
        default_date=now,
        default_user=by,
    )
    if hasattr(model, "types"):
        column = f"{model._meta.model_name}_id"
        links = model.types.through.objects.filter(**{f"{column}__in": [row.pk for row in rows]})
        _record_types(model, links, rows, recorded)


def delete(row: Any, *, by, reason: str, now: datetime | None = None) -> None:
    """Delete a row; its last line of history names who did it and why."""
    row.changed_by = by
    row._change_reason = reason
    dated(row, now).delete()
