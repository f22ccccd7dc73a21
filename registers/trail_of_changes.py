"""Who changed what of one snapshot, from what to what, and when: read from the history tables.

Rows that were saved together, by one person in one moment, are told as one event.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from django.db import models

from registers.models import Action, Entry, Lineage, Owner, Snapshot, Strand
from registers.recorded import (
    CHANGED,
    VERBS,
    Event,
    Names,
    Record,
    RowChange,
    events,
    named,
    record,
    types_of,
    written_fields,
)


def trail_of_changes(snapshot: Snapshot) -> list[Event]:
    """Everything that was done to a snapshot, its strands and actions, and to its entry.

    The latest first. The number of queries does not depend on how much was done.
    """
    of_snapshot = {"snapshot_id": snapshot.pk}
    owners: Names = {(Owner, pk): name for pk, name in Owner.objects.values_list("pk", "name")}
    records = [
        *_records(Snapshot, "The entry", owners, id=snapshot.pk),
        *_records(Strand, "Strand", owners, **of_snapshot),
        *_records(Action, "Action", owners, **of_snapshot),
        *_records(Entry, "Register and access", owners, id=snapshot.entry_id),
        *_records(Lineage, "What became of it", owners, entry_id=snapshot.entry_id),
    ]
    records.sort(key=lambda record: record[0], reverse=True)
    return list(events(records))


def _records(
    model: type[models.Model], name: str, names: Names, **where: object
) -> Iterator[Record]:
    """Every line of history in which something was written."""
    lines = list(
        model.history.filter(**where)
        .select_related("history_user")
        .order_by("id", "history_date", "history_id")
    )
    types = types_of(model, lines)
    for _, of_row in groupby(lines, key=lambda line: line.id):
        before = None
        for line in of_row:
            fields = tuple(written_fields(model, before, line, names, types))
            if fields or (line.history_type != CHANGED and model is not Entry):
                yield record(line, RowChange(named(line, name), VERBS[line.history_type], fields))
            before = line
