"""What was said of an import, line by line, so that it can be read and taken back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from registers.importing.corrections import POINTS
from registers.pages.imports.columns import FIELD_CHOICES, field_words


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing that was said, which can be taken back. `key` is how the form names it."""

    key: str
    words: str


def sayings(said: dict[str, Any]) -> list[Saying]:
    return [Saying(json.dumps(path), words) for path, words in _sayings(said)]


def _sayings(said: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    for heading, name in said.get("columns", {}).items():
        yield ("columns", heading), f"“{heading}” is {dict(FIELD_CHOICES)[name]}"
    if "prefix" in said:
        yield ("prefix",), f"{said['prefix'] or 'Nothing'} stands before bare numbers"
    if "levels" in said:
        yield ("levels",), f"The levels of its scale are {said['levels']}"
    for key, value in said.get("answers", {}).items():
        yield ("answers", key), f"“{key.partition(': ')[2] or key}”: {value}"
    for reference, entry in said.get("matches", {}).items():
        what = "a new entry" if entry == "new" else "an entry of the register, as chosen"
        yield ("matches", reference), f"{reference} is {what}"
    for reference, values in said.get("rows", {}).items():
        for name, value in values.items():
            words = f"{reference}: the {field_words(name)} is {value or 'none'}"
            if name in POINTS:
                words = f"{reference}: where each point of the {field_words(name)} begins"
            yield ("rows", reference, name), words
    for entry, ending in said.get("absent", {}).items():
        other = f" {ending['other']}" if ending.get("other") else ""
        yield ("absent", entry), f"An absent entry was {ending['how']}{other}: {ending['reason']}"


def taken_back(said: dict[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    """The changes that take these back; what was never said is passed over."""
    known = {saying.key for saying in sayings(said)}
    changes: dict[str, Any] = {}
    for part, *path in (json.loads(key) for key in keys if key in known):
        if not path:
            changes[part] = None
        elif len(path) == 1:
            changes.setdefault(part, {})[path[0]] = None
        else:
            changes.setdefault(part, {}).setdefault(path[0], {})[path[1]] = None
    return changes
