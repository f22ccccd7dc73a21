"""Lines of the history of changes in words: what a person wrote, from what to what.

A line is a row as it stood after a save. What was written is its difference from the line before
it of the same row. Whoever reads lines (one entry's trail, the audit trail of a register) brings
them with the line before, and with the names of what they point to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from registers.domain import passages
from registers.domain.english import written
from registers.domain.passages import Difference
from registers.models import Action, FlagAnswer, Strand
from registers.models.fields import PassageField

ADDED, CHANGED, REMOVED = "+", "~", "-"
VERBS = {ADDED: "added", CHANGED: "changed", REMOVED: "removed"}
AUTOMATIC = "Imported or automatic"

# Columns that say who and when, or where a row belongs: not what a person wrote.
UNTOLD = {
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
    "stamp",
    "proof",
}
# What is saved within this time by one person, for one reason, is one event.
MOMENT = timedelta(seconds=2)
NOTHING = "nothing"
# What a line points to and what is no longer there to be named: never by its id.
GONE = "one that is gone"

# What rows are called, by model and key: {(Owner, 3): "Director of Finance"}.
Names = Mapping[tuple[type[models.Model], Any], str]
# The types that lines record, by the line's id.
TypesOfLines = Mapping[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One column: from what to what. `unmarked` says how a text's points are read; None if none."""

    label: str
    before: str
    after: str
    unmarked: str | None = None

    @property
    def difference(self) -> Difference | None:
        """For a text, what changed word by word, without the points that read the same in both."""
        if self.unmarked is None:
            return None
        compared = passages.compare(
            passages.parse(self.before, self.unmarked), passages.parse(self.after, self.unmarked)
        )
        return Difference(
            tuple(
                line for line in compared.lines if any(run.change != passages.SAME for run in line)
            )
        )


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row of the record: 'Action “Fit tilt sensors”' 'changed', and its columns.

    `where` says which entry or edition it belongs to, where a page shows several, and `href` leads
    there.
    """

    what: str
    verb: str
    fields: tuple[FieldChange, ...]
    where: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    when: datetime
    who: str
    why: str
    rows: tuple[RowChange, ...]


# (when, who, why, what)
Record = tuple[datetime, str, str, RowChange]


def record(line: Any, row: RowChange) -> Record:
    who = str(line.history_user) if line.history_user else AUTOMATIC
    return line.history_date, who, line.history_change_reason or "", row


def events(records: Iterable[Record]) -> Iterator[Event]:
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


def named(line: Any, name: str) -> str:
    """What a line is of: actions and strands are called by their text, answers by the flag."""
    if isinstance(line, FlagAnswer.history.model):
        return f"{name} “{line.asked}”"
    if isinstance(line, Action.history.model):
        return f"{name} “{line.text}”"
    if isinstance(line, Strand.history.model):
        return f"{name} “{line.title}”"
    return name


def written_fields(
    model: type[models.Model], before: Any, line: Any, names: Names, types: TypesOfLines
) -> Iterator[FieldChange]:
    """The columns that differ from the line before; none for a row that was added or removed."""
    if before is None or line.history_type != CHANGED:
        return
    for field in recorded_fields(model):
        old, new = getattr(before, field.attname), getattr(line, field.attname)
        if old == new:
            continue
        label = str(field.verbose_name).capitalize()
        if isinstance(field, models.TextField):
            unmarked = passages.BULLET if isinstance(field, PassageField) else passages.PLAIN
            yield FieldChange(label, old or "", new or "", unmarked)
        else:
            yield FieldChange(label, _said(field, old, names), _said(field, new, names))
    if hasattr(model, "types"):
        old_types, new_types = types.get(before.history_id, ()), types.get(line.history_id, ())
        if old_types != new_types:
            yield FieldChange(
                "Types", ", ".join(old_types) or NOTHING, ", ".join(new_types) or NOTHING
            )


def recorded_fields(model: type[models.Model]) -> list[models.Field]:
    """The columns of a model whose changes are told."""
    return [field for field in model.history.model.tracked_fields if field.name not in UNTOLD]


def types_of(model: type[models.Model], lines: Iterable[Any]) -> dict[int, tuple[str, ...]]:
    """The types that each line of history records, by the line's id. One query, or none."""
    if not hasattr(model, "types"):
        return {}
    through = model.history.model._meta.related_objects[0].related_model
    found: dict[int, list[str]] = defaultdict(list)
    for line, name in (
        through.objects.filter(history__in=[line.history_id for line in lines])
        .order_by("type__name")
        .values_list("history_id", "type__name")
    ):
        found[line].append(name)
    return {line: tuple(said) for line, said in found.items()}


def pointed_at(
    model: type[models.Model], lines: Iterable[Any]
) -> Iterator[tuple[type[models.Model], Any]]:
    """The rows that lines point to in the columns that are told, as keys of Names."""
    relations = [field for field in recorded_fields(model) if field.is_relation]
    for line in lines:
        for field in relations:
            if (key := getattr(line, field.attname)) is not None:
                yield field.related_model, key


def names_of(model: type[models.Model], lines: Iterable[Any]) -> Names:
    """What the rows are called that lines point to: a query for each kind of row."""
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for target, key in pointed_at(model, lines):
        wanted[target].add(key)
    return {
        (target, key): str(row)
        for target, keys in wanted.items()
        for key, row in target._default_manager.in_bulk(keys).items()
    }


def _said(field: models.Field, value: Any, names: Names) -> str:
    if value is None or value == "":
        return NOTHING
    if field.is_relation:
        return names.get((field.related_model, value), GONE)
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
