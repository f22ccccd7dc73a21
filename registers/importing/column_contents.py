"""What stands below a heading, where it says something else than the heading does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from registers.domain.scale import LEVELS
from registers.importing.cells import canonical_reference
from registers.importing.headings import Meaning, plain
from registers.importing.printed import (
    ACTIONS,
    CONSEQUENCES,
    CONTROLS,
    DESCRIPTION,
    IMPACT,
    KIND,
    OWNER,
    REFERENCE,
    SCORE,
    TITLE,
    TYPES,
)
from registers.importing.scores import could_be_levels
from registers.importing.unsettled_columns import UnsettledColumns, number_in

_TEXTS = (DESCRIPTION, TITLE, CONSEQUENCES, CONTROLS, ACTIONS, OWNER, TYPES)
_KINDS = {"risk", "risks", "threat", "threats", "opportunity", "opportunities"}


def with_what_stands_below(
    columns: UnsettledColumns, position: int, meaning: Meaning | None
) -> Meaning | None:
    """'Impact' over sentences holds consequences; 'Controls' over numbers holds none."""
    cells = columns.filled(position)
    if not cells:
        return meaning
    if (meaning is None or meaning.field == TYPES) and _are_kinds(cells):
        return Meaning(KIND)
    if meaning is None:
        return None
    if meaning.field == SCORE and not could_be_levels(cells) and _are_prose(cells):
        return _prose(columns, position, meaning)
    if meaning.field in _TEXTS and all(number_in(text) is not None for text in cells):
        return _numbers(columns, position, meaning, cells)
    return meaning


def find_references(columns: UnsettledColumns, told: Mapping[int, str]) -> None:
    """A column of references may have no heading at all."""
    if columns.names(REFERENCE) or REFERENCE in told.values():
        return
    found = [
        p
        for p, text in columns.words.items()
        if not text and (cells := columns.filled(p)) and all(map(canonical_reference, cells))
    ]
    if len(found) == 1:
        columns.meanings[found[0]] = Meaning(REFERENCE)


def _prose(columns: UnsettledColumns, position: int, meaning: Meaning) -> Meaning | None:
    """Sentences under a heading of a score."""
    if meaning.part != IMPACT or meaning.group:
        return None
    columns.remarks.append(
        f"the column “{columns.words[position]}” holds words and no numbers, so it was taken for "
        "the consequences."
    )
    return Meaning(CONSEQUENCES)


def _numbers(
    columns: UnsettledColumns, position: int, meaning: Meaning, cells: Sequence[str]
) -> Meaning | None:
    """Nothing but numbers under a heading of texts: a level, references, or kept as printed."""
    levels = all(number_in(text) in LEVELS for text in cells)
    if meaning.field == CONSEQUENCES and levels:
        return Meaning(SCORE, part=IMPACT)
    if meaning.field in (DESCRIPTION, TITLE) and not columns.names(REFERENCE):
        return Meaning(REFERENCE)
    columns.remarks.append(
        f"the column “{columns.words[position]}” holds nothing but numbers, so it is kept as "
        "printed only."
    )
    return None


def _are_prose(cells: Sequence[str]) -> bool:
    return sum(len(text.split()) for text in cells) >= 2 * len(cells)


def _are_kinds(cells: Sequence[str]) -> bool:
    """'Threat' or 'Opportunity' in every row, and both or the second of them."""
    words = {plain(text) for text in cells}
    return words <= _KINDS and any("opportunit" in word for word in words)
