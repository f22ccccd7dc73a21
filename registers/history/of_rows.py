"""The history of a row, and of a snapshot with all that belongs to it, latest first.

What was saved together, by one person in one moment, is told as one event.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.db import models

from registers.history.lines import (
    CHANGED,
    MOMENT,
    VERBS,
    Event,
    Record,
    RowChange,
    events,
    named,
    names_of,
    record,
    recorded_fields,
    types_of,
    written_fields,
)
from registers.models import Action, Entry, FlagAnswer, Lineage, Snapshot, Strand


def of_snapshot(snapshot: Snapshot) -> list[Event]:
    """Everything that was done to a snapshot, its strands and actions, and to its entry.

    The number of queries does not depend on how much was done.
    """
    below = {"snapshot_id": snapshot.pk}
    return _events(
        _records(Snapshot, "The entry", id=snapshot.pk),
        _records(Strand, "Strand", **below),
        _records(Action, "Action", **below),
        _records(FlagAnswer, "Answer to the flag", **below),
        _records(Entry, "Register and access", id=snapshot.entry_id),
        _records(Lineage, "What became of it", entry_id=snapshot.entry_id),
    )


def of_row(row: models.Model) -> list[Event]:
    """Everything that was done to one row, whatever it is. Nothing, if its kind has no history."""
    if not hasattr(row, "history"):
        return []
    name = str(row._meta.verbose_name).capitalize()
    return _events(_records(type(row), name, id=row.pk))


def _events(*parts: Iterator[Record]) -> list[Event]:
    records = [record for part in parts for record in part]
    records.sort(key=lambda record: record[0], reverse=True)
    return list(events(records))


def _records(model: type[models.Model], name: str, **where: object) -> Iterator[Record]:
    """Every save of these rows in which something was written."""
    lines = list(
        model.history.filter(**where)
        .select_related("history_user")
        .order_by("id", "history_date", "history_id")
    )
    types, names = types_of(model, lines), names_of(model, lines)
    for _, of_row in groupby(lines, key=lambda line: line.id):
        before = None
        for line in _saves(model, list(of_row)):
            fields = tuple(written_fields(model, before, line, names, types))
            if fields or (line.history_type != CHANGED and model is not Entry):
                yield record(line, RowChange(named(line, name), VERBS[line.history_type], fields))
            before = line


def _saves(model: type[models.Model], lines: list[Any]) -> Iterator[Any]:
    """The lines of one row that end a save.

    A save that changes types leaves a line without those that were taken away and one with those
    that were added. What was written is told of the last of them.
    """
    for line, after in zip(lines, [*lines[1:], None], strict=True):
        if after is None or line.history_type != CHANGED or not _only_types(model, line, after):
            yield line


def _only_types(model: type[models.Model], line: Any, after: Any) -> bool:
    """Whether nothing but types can differ between two lines of one save."""
    return (
        hasattr(model, "types")
        and after.history_type == CHANGED
        and after.history_user_id == line.history_user_id
        and after.history_date - line.history_date < MOMENT
        and all(
            getattr(line, field.attname) == getattr(after, field.attname)
            for field in recorded_fields(model)
        )
    )
