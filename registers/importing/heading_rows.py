"""Where the headings of a table stand: one row, or up to three that are read as a path.

An upper row may name groups over several columns ('Current risk' over 'Impact', 'Likelihood',
'Score'), and a lower one may part a heading that spans several.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from registers.importing.columns import is_register
from registers.importing.documents import TableCell, TableRow
from registers.importing.headings import meaning_of
from registers.importing.printed import SCORE

BETWEEN = " › "  # the rows of a heading
MOST_ROWS = 3


@dataclass(frozen=True, slots=True)
class HeadingRows:
    """How many rows the headings take, and the words by position."""

    height: int
    words: dict[int, str]

    @property
    def key(self) -> tuple[tuple[int, str], ...]:
        return tuple(self.words.items())


def headings_at(
    rows: Sequence[TableRow], start: int, told: Mapping[str, str] | None = None
) -> HeadingRows | None:
    """The headings that begin in a row, or None if it is no heading of a register.

    `told` are the fields of headings that a person named.
    """
    first = rows[start]
    if not first or _is_line_across(first):
        return None
    height = 1
    if _names_groups(first):
        height = 2 if start + 1 < len(rows) and is_register(_words(rows[start : start + 2])) else 1
    while height < MOST_ROWS and start + height < len(rows):
        if not _parts_headings(rows[start + height]):
            break
        height += 1
    words = _words(rows[start : start + height])
    return HeadingRows(height, words) if is_register(words, told) else None


def _is_line_across(row: TableRow) -> bool:
    filled = [c for c in row.cells if c.cell and not c.merged]
    return len(filled) == 1 and (len(row.cells) == 1 or filled[0].span > len(row.cells) // 2 + 3)


def _names_groups(row: TableRow) -> bool:
    """A row with few words, each the name of a group of scores or a title over several columns."""
    texts = [c for c in row.cells if c.cell and not c.merged]
    if is_register({c.position: c.cell.line for c in texts}):
        return False
    return any((m := meaning_of(c.cell.line)) and m.field == SCORE and m.group for c in texts)


def _parts_headings(row: TableRow) -> bool:
    """A row in which nothing stands but the parts of scores: Impact, Likelihood, Score."""
    texts = [c.cell.line for c in row.cells if c.cell and not c.merged]
    return bool(texts) and all(_is_part(text) for text in texts)


def _is_part(text: str) -> bool:
    meaning = meaning_of(text)
    return meaning is not None and meaning.field == SCORE and not any(s.isdigit() for s in text)


def _words(rows: Sequence[TableRow]) -> dict[int, str]:
    """The path over each column of the lowest row."""
    lowest = rows[-1]
    words: dict[int, str] = {}
    for cell in lowest.cells:
        pieces = [text for row in rows if (text := _over(row, cell, lowest))]
        words[cell.position] = BETWEEN.join(dict.fromkeys(pieces))
    return words


def _over(row: TableRow, below: TableCell, lowest: TableRow) -> str:
    """What a row says over (or in) a column; a group without merged cells reaches to the right."""
    for cell in row.cells:
        if cell.position <= below.position < cell.position + cell.span:
            if cell.merged or cell.cell or row is lowest:
                return "" if cell.merged else cell.cell.line
            break
    if row is lowest or not _is_part(below.cell.line):
        return ""
    left = [text for text in _to_the_left(row, below.position) if text]
    above = meaning_of(left[-1]) if left else None
    return left[-1] if above and (above.group or above.part or above.field == SCORE) else ""


def _to_the_left(row: TableRow, position: int) -> Iterator[str]:
    for cell in row.cells:
        if cell.position < position:
            yield "" if cell.merged else cell.cell.line
