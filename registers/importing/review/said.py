"""What people said of an import, as it is kept (`Import.said`), and as the readers take it.

columns   by heading as it is printed (or "#3"): the field, or "kept as printed"
prefix    what stands before bare numbers
answers   by the key of a question: the value of a choice
levels    what the levels of another scale are on ours, as it was written
matches   by reference: the id of an entry, or "new"
rows      by reference and field: see `importing.corrections`
absent    by the id of an entry that the file lacks: how it ended, into what, and why
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from registers.domain.quarters import Quarter
from registers.importing.headings import plain
from registers.importing.levels import read_levels
from registers.importing.matching import Decisions
from registers.importing.printed import Instructions
from registers.models import ColumnMeaning, Register

NEW = "new"
# Each part holds values by their key, but for these two.
PLAIN = ("prefix", "levels")
PARTS = ("columns", "answers", "matches", "rows", "absent")

Said = Mapping[str, Any]


def merged(said: Said, changes: Said) -> dict[str, Any]:
    """What was said, with these changes: None takes back what stands under a key."""
    result = {**said}
    for part, value in changes.items():
        if part in PLAIN:
            _set(result, part, value)
        else:
            result[part] = _with(result.get(part, {}), value)
    return {part: value for part, value in result.items() if value not in (None, {})}


def _with(values: Said, changes: Said) -> dict[str, Any]:
    result = {**values}
    for key, value in changes.items():
        if isinstance(value, Mapping) and isinstance(result.get(key), Mapping):
            value = _with(result[key], value) or None
        _set(result, key, value)
    return result


def _set(values: dict[str, Any], key: str, value: Any) -> None:
    if value is None:
        values.pop(key, None)
    else:
        values[key] = value


def told_of(
    said: Said, quarter: Quarter | None, remembered: Mapping[str, str], references: Collection[str]
) -> Instructions:
    """What is told to the readers. Of entries that the file has not (any more) nothing is told."""
    return Instructions(
        quarter=quarter,
        columns={**remembered, **said.get("columns", {})},
        prefix=said.get("prefix"),
        answers=said.get("answers", {}),
        levels=read_levels(said.get("levels", "")),
        rows={r: v for r, v in said.get("rows", {}).items() if r in references},
    )


def decisions_of(said: Said, references: Collection[str]) -> Decisions:
    matches = {r: v for r, v in said.get("matches", {}).items() if r in references}
    return Decisions(
        {reference: int(entry) for reference, entry in matches.items() if entry != NEW},
        {reference for reference, entry in matches.items() if entry == NEW},
    )


def remembered_of(register: Register) -> dict[str, str]:
    """What the headings of this register's documents mean, as somebody said before."""
    meanings = ColumnMeaning.objects.filter(register=register)
    return dict(meanings.values_list("heading", "field"))


def remember(register: Register, said: Said, *, by) -> None:
    """Keep what was said of headings, for the next document. A column's number is not kept."""
    for heading, field in said.get("columns", {}).items():
        if not heading.startswith("#") and (key := plain(heading)[:300]):
            ColumnMeaning.objects.update_or_create(
                register=register, heading=key, defaults={"field": field, "changed_by": by}
            )
