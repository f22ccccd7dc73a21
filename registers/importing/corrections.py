"""What a person says of single entries, put in the place of what was read. Pure.

By reference and field: a square ("4x5", impact first) for a score, a post's name for the owner,
types separated by "; ", a direction. An empty text says that there is none. A value that a person
has stated is no problem any more. Of a bulleted text and of the actions, where each point begins:
its words stay as they are printed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from registers.domain import passages
from registers.domain.passages import PLAIN, Passage
from registers.domain.scale import Position
from registers.importing.as_read import ActionAsRead, EditionAsRead, EntryAsRead, Vocabulary
from registers.importing.owners import OwnerReading, is_body
from registers.importing.printed import (
    ACTIONS,
    COMMENTARY,
    CONSEQUENCES,
    CONTROLS,
    DESCRIPTION,
    DIRECTION,
    INHERENT,
    OWNER,
    RESIDUAL,
    SCORE,
    TYPES,
    Instructions,
    Problem,
)
from registers.importing.scores import ScoreReading

STATED = (SCORE, RESIDUAL, INHERENT, OWNER, TYPES, DIRECTION)
POINTS = (DESCRIPTION, CONSEQUENCES, CONTROLS, ACTIONS, COMMENTARY)
CORRECTABLE = (*STATED, *POINTS)
DIRECTIONS = ("up", "level", "down", "new")
BETWEEN = "; "


class CannotCorrect(ValueError):
    """A correction that can't be meant. The message says why, in a sentence."""


def corrected(
    read: EditionAsRead, vocabulary: Vocabulary, told: Instructions | None
) -> EditionAsRead:
    """An edition with what a person said of its entries. Raises CannotCorrect."""
    said = told.rows if told else {}
    by_reference = {entry.reference: entry for entry in read.entries}
    for reference in said:
        if reference not in by_reference:
            raise CannotCorrect(f"The file has no entry {reference}, so it can't be corrected.")
    entries = tuple(_entry(e, said.get(e.reference, {}), vocabulary) for e in read.entries)
    settled = {
        (entry.printed.reference, entry.printed.columns.get(name, name))
        for entry in read.entries
        for name in said.get(entry.reference, {})
        if name in STATED
    }
    return replace(read, entries=entries, problems=_without(read.problems, settled))


def _without(problems: tuple[Problem, ...], settled: set[tuple[str, str]]) -> tuple[Problem, ...]:
    return tuple(p for p in problems if (p.reference, p.column) not in settled)


def _entry(entry: EntryAsRead, said: Mapping[str, str], vocabulary: Vocabulary) -> EntryAsRead:
    for name, value in said.items():
        correct = _HOW.get(name)
        if correct is None:
            raise CannotCorrect(
                f"“{name}” of {entry.reference} can't be corrected here. What can be: "
                f"{', '.join(CORRECTABLE)}."
            )
        entry = correct(entry, name, value.strip(), vocabulary)
    return entry


def _score(entry: EntryAsRead, name: str, value: str, _: Vocabulary) -> EntryAsRead:
    read: ScoreReading = getattr(entry, name)
    if not value:
        return replace(entry, **_field(name, ScoreReading()))
    square = re.fullmatch(r"([1-5])\s*[x×]\s*([1-5])", value)
    if square is None:
        raise CannotCorrect(
            f"“{value}” is not a square of the 5×5 for {entry.reference}. Write impact and "
            "likelihood: 4x5."
        )
    position = Position(int(square[1]), int(square[2]))
    if read.score is not None and read.score != position.score:
        raise CannotCorrect(
            f"{entry.reference} is printed with {read.score}, and {value} is {position.score}. "
            "Choose a square that makes the printed score."
        )
    return replace(entry, **_field(name, ScoreReading(position.score, position)))


def _field(name: str, value: Any) -> dict[str, Any]:
    return {name: value}


def _owner(entry: EntryAsRead, _: str, value: str, vocabulary: Vocabulary) -> EntryAsRead:
    text = entry.owner.text
    if not value:
        return replace(entry, owner=OwnerReading(text))
    is_new = value not in vocabulary.owners.values()
    return replace(entry, owner=OwnerReading(text, value, is_new, is_new and is_body(value)))


def _types(entry: EntryAsRead, _: str, value: str, vocabulary: Vocabulary) -> EntryAsRead:
    names = tuple(name.strip() for name in value.split(BETWEEN.strip()) if name.strip())
    unknown = [name for name in names if name not in vocabulary.types.values()]
    if unknown:
        raise CannotCorrect(f"“{unknown[0]}” is not in the list of types.")
    return replace(entry, whole=replace(entry.whole, types=names))


def _direction(entry: EntryAsRead, _: str, value: str, vocabulary: Vocabulary) -> EntryAsRead:
    if value and value not in DIRECTIONS:
        raise CannotCorrect(f"“{value}” is not a direction: {', '.join(DIRECTIONS)}.")
    return replace(entry, whole=replace(entry.whole, direction=value))


# Where each point begins --------------------------------------------------------------------------


def points_of(entry: EntryAsRead, name: str) -> Passage:
    return entry.description if name == DESCRIPTION else getattr(entry.whole, name)


def written(points: Passage, name: str) -> str:
    """A text as its points are written: one on a line."""
    return passages.write(points, PLAIN if name == COMMENTARY else passages.BULLET)


def recut(was: Passage, value: str, name: str, reference: str) -> Passage:
    """The same words with their points as `value` has them. Raises CannotCorrect for other words,
    and where details of an action would be lost.
    """
    said = passages.parse(value, PLAIN if name == COMMENTARY else passages.BULLET)
    if _words(said) != _words(was):
        raise CannotCorrect(
            f"Of the {name} of {reference} you can say where each point begins; its words stay as "
            "they are printed. Join or split its lines, and change nothing else."
        )
    return tuple(_actions(was, said)) if name == ACTIONS else said


def _points(entry: EntryAsRead, name: str, value: str, _: Vocabulary) -> EntryAsRead:
    said = recut(points_of(entry, name), value, name, entry.reference)
    if name == DESCRIPTION:
        return replace(entry, description=said)
    return replace(entry, whole=replace(entry.whole, **_field(name, said)))


def _words(points: Passage) -> list[str]:
    return " ".join(point.text for point in points).split()


def _actions(was: Sequence[Any], said: Passage) -> Iterator[ActionAsRead]:
    """Each with the lead, the date and the status of the first action of which it holds words."""
    ends = list(accumulate(len(action.text.split()) for action in was))
    start, taken = 0, set()
    for point in said:
        end = start + len(point.text.split())
        first, last = bisect_right(ends, start), bisect_right(ends, end - 1)
        start = end
        if any(_has_details(action) for action in was[first + 1 : last + 1]):
            raise CannotCorrect(
                f"“{point.text[:60]}” joins actions that have a lead, a date or a status of their "
                "own, which would be lost. Leave them apart."
            )
        own = ActionAsRead(point.text) if first in taken else was[first]
        taken.add(first)
        yield replace(own, text=point.text, level=point.level, plain=point.plain)


def _has_details(action: ActionAsRead) -> bool:
    return bool(action.lead or action.due_printed or action.due or action.status_printed)


_HOW: dict[str, Callable[[EntryAsRead, str, str, Vocabulary], EntryAsRead]] = {
    SCORE: _score,
    RESIDUAL: _score,
    INHERENT: _score,
    OWNER: _owner,
    TYPES: _types,
    DIRECTION: _direction,
    **dict.fromkeys(POINTS, _points),
}
