"""Who changed what from what to what, read from the history of changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils.text import capfirst

from registers.models import User
from registers.models.fields import QuarterField

LATEST = 200
ONE_SAVE = timedelta(seconds=1)
WORDS = {"+": "Added", "~": "Changed", "-": "Removed"}
# Columns that say when and how, not what.
UNSAID = {
    "id",
    "changed_at",
    "changed_by",
    "version",
    "stamp",
    "printed",
    "key",
    "snapshot",
    "level",
    "plain",
}


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Event:
    """One save of one row. `row` names the row where it is not the one that was asked about."""

    when: datetime
    who: User | None
    word: str
    row: str
    changes: tuple[Change, ...]


def of_rows(model: type[models.Model], *, named: bool = False, **rows: Any) -> list[Event]:
    """The latest events of the rows of a model that meet a condition, newest first.

    A fixed number of queries, however many there are. Saves that changed nothing are left out.
    """
    if not hasattr(model, "history"):
        return []
    records = list(
        model.history.filter(**rows)
        .select_related("history_user")
        .order_by("-history_date", "-history_id")[: LATEST + 1]
    )
    names, types = _names(model, records), _types(model, records)
    lines: dict[Any, list[Any]] = defaultdict(list)
    for record in records:
        lines[record.id].append(record)
    events = []
    for of_one_row in lines.values():
        saves = list(_saves(model, of_one_row))
        for (record, word), (before, _) in zip(saves, [*saves[1:], (None, "")], strict=True):
            changes = tuple(_changes(model, record, before, names, types))
            if changes or word != WORDS["~"]:
                row = str(record.history_object) if named else ""
                events.append(Event(record.history_date, record.history_user, word, row, changes))
    return sorted(events, key=lambda event: event.when, reverse=True)[:LATEST]


def _saves(model: type[models.Model], lines: list[Any]) -> Iterator[tuple[Any, str]]:
    """The lines of one row, newest first, as saves: (the line it ended with, its word).

    A save that changes types leaves further lines in which nothing else changes: one for those
    that were taken away and one for those that were added.
    """
    latest = None
    for line, older in zip(lines, [*lines[1:], None], strict=True):
        latest = latest or line
        only_types = (
            older is not None
            and line.history_type == "~"
            and line.history_user_id == older.history_user_id
            and line.history_date - older.history_date < ONE_SAVE
            and all(
                getattr(line, field.attname) == getattr(older, field.attname)
                for field in _fields(model)
            )
        )
        if not only_types:
            yield latest, WORDS[line.history_type]
            latest = None


def _fields(model: type[models.Model]) -> Iterable[models.Field]:
    return (f for f in model.history.model.tracked_fields if f.name not in UNSAID)


def _names(model: type[models.Model], records: list[Any]) -> dict[tuple[str, Any], str]:
    """What the rows that the records point to are called: one query for each kind of row."""
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for field in _fields(model):
        if field.is_relation:
            keys = {getattr(record, field.attname) for record in records}
            wanted[field.related_model] |= keys - {None}
    return {
        (target._meta.label, key): str(row)
        for target, keys in wanted.items()
        for key, row in target._default_manager.in_bulk(keys).items()
    }


def _changes(
    model: type[models.Model],
    record: Any,
    before: Any | None,
    names: dict[tuple[str, Any], str],
    types: dict[int, set[str]],
) -> Iterable[Change]:
    if record.history_type == "-":
        return
    for field in _fields(model):
        now = _words(field, getattr(record, field.attname), names)
        then = _words(field, getattr(before, field.attname), names) if before else ""
        if now != then:
            yield Change(capfirst(field.verbose_name), then, now)
    now = types[record.history_id]
    then = types[before.history_id] if before else set()
    if now != then:
        yield Change("Types", ", ".join(sorted(then)), ", ".join(sorted(now)))


def _words(field: models.Field, value: Any, names: dict[tuple[str, Any], str]) -> str:
    if value is None or value == "":
        return ""
    if field.is_relation:
        return names.get((field.related_model._meta.label, value), "one that is gone")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.BooleanField):
        return "Yes" if value else "No"
    if isinstance(field, QuarterField):
        return value.label
    if isinstance(value, datetime):
        return f"{value:%-d %B %Y, %H:%M}"
    return f"{value:%-d %B %Y}" if isinstance(field, models.DateField) else str(value)


def _types(model: type[models.Model], records: list[Any]) -> dict[int, set[str]]:
    """The types that each record of history holds, by its number, for models that have types."""
    held: dict[int, set[str]] = defaultdict(set)
    lines = [record.history_id for record in records]
    for relation in model.history.model._meta.related_objects:
        rows = relation.related_model.objects.filter(history__in=lines).select_related("type")
        for row in rows:
            held[row.history_id].add(row.type.name)
    return held
