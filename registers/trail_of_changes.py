"""Who changed what of one snapshot, from what to what, and when: read from the history tables.

Rows that were saved together, by one person in one moment, are told as one event.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import models
from django.utils import timezone

from registers import passages
from registers.models import Action, Entry, Lineage, Owner, Snapshot, Strand
from registers.models.fields import PassageField
from registers.passages import Difference
from registers.stops import written

ADDED, CHANGED, REMOVED = "+", "~", "-"
VERBS = {ADDED: "added", CHANGED: "changed", REMOVED: "removed"}

# Columns that say who and when, or where a row belongs: not what a person wrote.
_UNTOLD = {
    "id",
    "changed_at",
    "changed_by",
    "version",
    "printed",
    "edition",
    "entry",
    "snapshot",
    "key",
    "strand",
}
# What is saved within this time by one person, for one reason, is one event.
MOMENT = timedelta(seconds=2)
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One column: from what to what; for a text, the difference word by word."""

    label: str
    before: str
    after: str
    difference: Difference | None = None


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row of the record: 'Action “Fit tilt sensors”' 'changed', and its columns."""

    what: str
    verb: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Event:
    when: datetime
    who: str
    why: str
    rows: tuple[RowChange, ...]


def trail_of_changes(snapshot: Snapshot) -> list[Event]:
    """Everything that was done to a snapshot, its strands and actions, and to its entry.

    The latest first. The number of queries does not depend on how much was done.
    """
    of_snapshot = {"snapshot_id": snapshot.pk}
    owners = dict(Owner.objects.values_list("pk", "name"))
    records = [
        *_records(Snapshot, "The entry", owners, id=snapshot.pk),
        *_records(Strand, "Strand", owners, **of_snapshot),
        *_records(Action, "Action", owners, **of_snapshot),
        *_records(Entry, "Register and access", owners, id=snapshot.entry_id),
        *_records(Lineage, "What became of it", owners, entry_id=snapshot.entry_id),
    ]
    records.sort(key=lambda record: record[0], reverse=True)
    return list(_events(records))


_Record = tuple[datetime, str, str, RowChange]


def _records(
    model: type[models.Model], name: str, owners: Mapping[int, str], **where: object
) -> Iterator[_Record]:
    """(when, who, why, what) of every line of history in which something was written."""
    lines = list(
        model.history.filter(**where)
        .select_related("history_user")
        .order_by("id", "history_date", "history_id")
    )
    types = _types(model, lines)
    for _, of_row in groupby(lines, key=lambda line: line.id):
        before = None
        for line in of_row:
            fields = tuple(_fields(model, before, line, owners, types))
            if fields or (line.history_type != CHANGED and model is not Entry):
                row = RowChange(_named(line, name), VERBS[line.history_type], fields)
                who = str(line.history_user) if line.history_user else "Imported or automatic"
                yield line.history_date, who, line.history_change_reason or "", row
            before = line


def _types(model: type[models.Model], lines: Iterable[Any]) -> dict[int, tuple[str, ...]]:
    """The types that each line of history records, by the line's id."""
    if not hasattr(model, "types"):
        return {}
    through = model.history.model._meta.related_objects[0].related_model
    found = defaultdict(list)
    for line, name in (
        through.objects.filter(history__in=[line.history_id for line in lines])
        .order_by("type__name")
        .values_list("history_id", "type__name")
    ):
        found[line].append(name)
    return {line: tuple(names) for line, names in found.items()}


def _named(line: Any, name: str) -> str:
    if isinstance(line, Action.history.model):
        return f"{name} “{line.text}”"
    if isinstance(line, Strand.history.model):
        return f"{name} “{line.title}”"
    return name


def _fields(
    model: type[models.Model],
    before: Any,
    line: Any,
    owners: Mapping[int, str],
    types: Mapping[int, tuple[str, ...]],
) -> Iterator[FieldChange]:
    """The columns that differ from the line before; none for a row that was added or removed."""
    if before is None or line.history_type != CHANGED:
        return
    for field in model._meta.concrete_fields:
        if field.name in _UNTOLD or (model is Action and field.name == "order"):
            continue
        old, new = getattr(before, field.attname), getattr(line, field.attname)
        if old == new:
            continue
        label = str(field.verbose_name).capitalize()
        if isinstance(field, models.TextField):
            unmarked = passages.BULLET if isinstance(field, PassageField) else passages.PLAIN
            difference = passages.compare(
                passages.parse(old or "", unmarked), passages.parse(new or "", unmarked)
            )
            yield FieldChange(label, "", "", _only_changed(difference))
        else:
            yield FieldChange(label, _said(field, old, owners), _said(field, new, owners))
    if hasattr(model, "types"):
        old_types, new_types = types.get(before.history_id, ()), types.get(line.history_id, ())
        if old_types != new_types:
            yield FieldChange(
                "Types", ", ".join(old_types) or NOTHING, ", ".join(new_types) or NOTHING
            )


def _only_changed(difference: Difference) -> Difference:
    """Without the points that read the same in both: what is told is the change."""
    return Difference(
        tuple(line for line in difference.lines if any(run.change != passages.SAME for run in line))
    )


def _said(field: models.Field, value: Any, owners: Mapping[int, str]) -> str:
    if value is None or value == "":
        return NOTHING
    if field.name == "owner":
        return owners.get(value, f"Owner {value}")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return f"{written(local.date())}, {local:%H:%M}"
    if isinstance(value, date):
        return written(value)
    return str(value)


def _events(records: Iterable[_Record]) -> Iterator[Event]:
    """Records come latest first; those of one person and one moment are one event."""
    when: datetime | None = None
    who = why = ""
    rows: list[RowChange] = []
    for at, by, reason, row in records:
        if rows and when is not None and (by, reason) == (who, why) and when - at <= MOMENT:
            rows.append(row)
            continue
        if rows and when is not None:
            yield Event(when, who, why, tuple(rows))
        when, who, why, rows = at, by, reason, [row]
    if rows and when is not None:
        yield Event(when, who, why, tuple(rows))
