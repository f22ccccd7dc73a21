"""A table of a PDF without rules: its columns are told by the space between them.

The words of the headings say where each column begins. Every line below must keep to that: where
one runs across the space between two columns, nothing is certain and nothing is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from registers.importing.columns import is_register
from registers.importing.readers.pdf_text import Line, Word

GAP = 5.0  # points between two columns at least; a space is narrower
TOLERANCE = 2.0
MOST_HEADING_LINES = 3


class NotInColumns(Exception):
    """A line runs across the space between two columns."""


@dataclass(frozen=True, slots=True)
class Row:
    """The lines of each column in one row of the table."""

    cells: tuple[tuple[Line, ...], ...]


def rows_of(lines: Sequence[Sequence[Word]], page: int, pitch: float) -> list[Row]:
    """The rows of an unruled table, its headings first; none if there are no headings.

    Raises NotInColumns where a line below the headings does not keep to the columns.
    """
    found = _headings(lines)
    if found is None:
        return []
    start, height, edges = found
    right = max(word.x1 for line in lines for word in line)
    rows: list[list[list[Line]]] = []
    for index, line in enumerate(lines[start:]):
        placed = _placed(line, edges, right, page, pitch)
        begins = index == 0 or (index >= height and placed[0] is not None)
        if begins:
            rows.append([[] for _ in edges])
        for column, own in enumerate(placed):
            if own is not None:
                rows[-1][column].append(own)
    return [Row(tuple(tuple(cell) for cell in row)) for row in rows]


def _headings(lines: Sequence[Sequence[Word]]) -> tuple[int, int, list[float]] | None:
    """(the first line of the headings, how many lines they take, where each column begins)."""
    for start in range(len(lines)):
        for height in range(1, MOST_HEADING_LINES + 1):
            block = lines[start : start + height]
            edges = _edges(block)
            words: dict[int, str] = {}
            for line in block:
                for segment in _segments(line):
                    column = _column(segment[0].x0, edges)
                    text = " ".join(word.text for word in segment)
                    words[column] = f"{words.get(column, '')} {text}".strip()
            if len(block) == height and is_register(words):
                more = height
                while start + more < len(lines) and _only_goes_on(lines[start + more], edges):
                    more += 1
                return start, more, edges
    return None


def _edges(block: Sequence[Sequence[Word]]) -> list[float]:
    """Where the columns begin: words of two lines that overlap stand in one column."""
    spans: list[tuple[float, float]] = []
    for line in block:
        for segment in _segments(line):
            left, right = segment[0].x0, segment[-1].x1
            inside = [span for span in spans if span[0] < right and left < span[1]]
            spans = [span for span in spans if span not in inside]
            spans.append(
                (min([left, *(s[0] for s in inside)]), max([right, *(s[1] for s in inside)]))
            )
    return sorted(left for left, _ in spans)


def _only_goes_on(line: Sequence[Word], edges: Sequence[float]) -> bool:
    """A further line of the headings: nothing of it stands in the first column, no digit in any."""
    first = _column(line[0].x0, edges) == 0
    return not first and not any(sign.isdigit() for word in line for sign in word.text)


def _segments(line: Sequence[Word]) -> Iterator[list[Word]]:
    segment: list[Word] = []
    for word in line:
        if segment and word.x0 - segment[-1].x1 > GAP:
            yield segment
            segment = []
        segment.append(word)
    if segment:
        yield segment


def _column(x: float, edges: Sequence[float]) -> int:
    return max(sum(edge - TOLERANCE <= x for edge in edges) - 1, 0)


def _placed(
    line: Sequence[Word], edges: Sequence[float], right: float, page: int, pitch: float
) -> list[Line | None]:
    """The part of a line in each column."""
    placed: list[Line | None] = [None] * len(edges)
    for segment in _segments(line):
        column = _column(segment[0].x0, edges)
        ends = edges[column + 1] if column + 1 < len(edges) else right + GAP
        if segment[-1].x1 > ends or placed[column] is not None:
            raise NotInColumns
        placed[column] = Line(tuple(segment), edges[column], ends - GAP, page, pitch)
    return placed
