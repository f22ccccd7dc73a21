"""A PDF → tables of cells.

The pages are taken apart by a program of its own (`pdf_pages`, with pdfplumber). Here lines
become paragraphs again: a line that had room for the next word ends one, and so does a bullet.
Tables with the same columns on the next pages go on, and a row that a page cuts in two is one.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from registers.domain.passages import Point
from registers.importing.documents import Document, Table, TableCell, TableRow
from registers.importing.heading_rows import headings_at
from registers.importing.printed import STRUCK, Cell, Place, Problem, Remark, UnreadableFile
from registers.importing.readers.archive import check_size
from registers.importing.readers.pdf_columns import NotInColumns, rows_of
from registers.importing.readers.pdf_text import A_NUMBER, NEAR, Line, Word, points_of

_PROGRAM = "from registers.importing.readers.pdf_pages import main; main()"
_ROOT = Path(__file__).parents[3]
SECONDS = 150
_A_TITLE = re.compile(r"\bregister\b", re.IGNORECASE)


def read_pdf(path: Path) -> Document:
    """The tables of a PDF. Raises UnreadableFile, with one sentence, also for a scan."""
    check_size(path)
    pages = _pages(path)
    if "tagged" in pages[0]:
        return _by_tags(pages[0])
    if not sum(page["letters"] for page in pages):
        raise UnreadableFile(
            f"{path.name} has no letters, only pictures of pages: it is a scan. Ask for the file "
            "it was printed from, or for one with text."
        )
    if any(page["tables"] for page in pages):
        return _Pages(pages).document()
    try:
        return _Pages(pages).without_rules()
    except NotInColumns as error:
        raise UnreadableFile(
            f"{path.name} has a table without rules whose columns run into one another; save it "
            "as Word or Excel first."
        ) from error


def _by_tags(told: dict[str, Any]) -> Document:
    """What a pack of our own says by its tags: see pdf_tags."""
    tables = tuple(
        Table(number, tuple(_tagged_rows(table["rows"])), tuple(table["above"]))
        for number, table in enumerate(told["tagged"], 1)
    )
    return Document(told["title"], tables, (told["title"],))


def _tagged_rows(rows: Sequence[Sequence[Any]]) -> Iterator[TableRow]:
    for number, row in enumerate(rows, 1):
        cells = (
            TableCell(column, Cell(tuple(Point(*point) for point in said)))
            for column, said in enumerate(row)
        )
        yield TableRow(number, tuple(cells))


def _pages(path: Path) -> list[dict[str, Any]]:
    try:
        done = subprocess.run(  # noqa: S603 - our own program, and no shell
            [sys.executable, "-c", _PROGRAM, str(path.resolve())],
            cwd=_ROOT,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(_too_much(path)) from error
    try:
        pages = [json.loads(line) for line in done.stdout.splitlines()]
    except ValueError:
        pages = []
    if any("too_many" in page or "too_many_letters" in page for page in pages):
        raise UnreadableFile(_too_much(path))
    if done.returncode or not pages:
        if b"Password" in done.stderr or b"Encrypt" in done.stderr:
            raise UnreadableFile(
                f"{path.name} is protected with a password; save it without one first."
            )
        if done.returncode < 0 or b"MemoryError" in done.stderr:
            raise UnreadableFile(_too_much(path))
        raise UnreadableFile(f"{path.name} is broken: its contents are not those of a PDF.")
    return pages


def _too_much(path: Path) -> str:
    return f"{path.name} takes more time or memory than a register can need, so it was not read."


class _Pages:
    """The pages of one document being put together again."""

    def __init__(self, pages: Sequence[dict[str, Any]]) -> None:
        self.pages, self.pitches = pages, _pitches(pages)
        lines = [_text_of(line) for page in pages for line in page["lines"]]
        times = Counter(_without_numbers(line) for line in lines)
        self.on_every_page = {text for text, count in times.items() if count > 1}

    def document(self) -> Document:
        joined: list[_Grid] = []
        for number, page in enumerate(self.pages):
            for each in sorted(page["tables"], key=lambda t: t["box"][1]):
                grid = _Grid.of(each, number, self.pitches)
                own = tuple(
                    _text_of(line)
                    for line in page["lines"]
                    if line[0][4] <= each["box"][1] and not self._is_head(_text_of(line))
                )
                if joined and joined[-1].goes_on_in(grid) and not own:
                    joined[-1].add(grid)
                else:
                    grid.above = own
                    joined.append(grid)
        tables = tuple(
            Table(number, tuple(grid.rows()), grid.above)
            for number, grid in enumerate(joined, start=1)
        )
        return Document(self._title(), tables, tuple(self._mentions()))

    def without_rules(self) -> Document:
        """A table whose columns are told by the space between them."""
        rows: list[TableRow] = []
        for number, page in enumerate(self.pages):
            lines = [
                tuple(Word(*word) for word in line)
                for line in page["lines"]
                if not self._is_head(_text_of(line)) or headings_words(line)
            ]
            if not lines:
                continue
            pitch = _pitch_of(lines)
            for row in rows_of(lines, number, pitch):
                cells = (
                    TableCell(column, Cell(tuple(points_of(own))))
                    for column, own in enumerate(row.cells)
                )
                rows.append(TableRow(len(rows) + 1, tuple(cells)))
        if not rows:
            return Document(self._title(), ())
        said = Problem(
            "the table has no rules; its columns were told by the space between them.", Place(1, 1)
        )
        return Document(self._title(), (Table(1, tuple(rows)),), tuple(self._mentions()), (said,))

    def _is_head(self, text: str) -> bool:
        return _without_numbers(text) in self.on_every_page

    def _title(self) -> str:
        """The first line outside the tables that speaks of a register, or simply the first."""
        lines = [_text_of(line) for line in self.pages[0]["lines"]]
        return next((line for line in lines if _A_TITLE.search(line)), lines[0] if lines else "")

    def _mentions(self) -> Iterator[str]:
        for line in self.pages[0]["lines"]:
            if self._is_head(_text_of(line)):
                yield _text_of(line)[:300]


def headings_words(line: Sequence[Sequence[Any]]) -> bool:
    """Whether a line that stands on every page is the headings of the table."""
    return len(line) > 3 and not any(sign.isdigit() for sign in _text_of(line))


def _pitch_of(lines: Sequence[Sequence[Word]]) -> float:
    feet = [max(word.bottom for word in line) for line in lines]
    distances = Counter(round(below - above, 1) for above, below in pairwise(feet))
    return min((d for d, _ in distances.most_common(2)), default=0.0)


def _text_of(line: Sequence[Sequence[Any]]) -> str:
    return " ".join(str(word[0]) for word in line)


def _without_numbers(text: str) -> str:
    return re.sub(r"\d+", "#", text)


@dataclass(slots=True)
class _Part:
    """A cell of the grid: from which row and column to which, and its lines."""

    column: int
    span: int
    down: int
    lines: list[Line]
    struck: str


@dataclass(slots=True)
class _Grid:
    """A table over one or more pages: the parts of each row."""

    edges: list[float]
    parts: list[list[_Part]]
    above: tuple[str, ...] = ()

    @classmethod
    def of(cls, table: dict[str, Any], page: int, pitches: Mapping[int, float]) -> _Grid:
        rows: list[list[_Part]] = [[] for _ in range(max(table["height"], 1))]
        for cell in table["cells"]:
            (left, right), (top, bottom) = cell["columns"], cell["rows"]
            lines = list(_lines(cell, page, pitches))
            part = _Part(left, max(right - left, 1), max(bottom - top, 1), lines,
                         cell["struck"])  # fmt: skip
            rows[min(top, len(rows) - 1)].append(part)
        return cls(table["edges"], rows)

    def goes_on_in(self, other: _Grid) -> bool:
        return len(self.edges) == len(other.edges) and all(
            abs(mine - theirs) <= NEAR for mine, theirs in zip(self.edges, other.edges, strict=True)
        )

    def add(self, other: _Grid) -> None:
        """The same table on the next page. A row that the page cuts in two becomes one again."""
        rows = [tuple(_row(n, parts, ())) for n, parts in enumerate(other.parts, 1)]
        found = headings_at([TableRow(n, row) for n, row in enumerate(rows, 1)], 0)
        start = found.height if found else 0
        if start < len(other.parts) and self.parts and _goes_on(other.parts[start]):
            first = {part.column: part for part in other.parts[start]}
            for part in self._last_row():
                if part.column in first:
                    part.lines.extend(first[part.column].lines)
                    part.struck = f"{part.struck} {first[part.column].struck}".strip()
            other.parts[start : start + 1] = []
            other.parts[:start] = []
        self.parts.extend(other.parts)

    def _last_row(self) -> list[_Part]:
        """The parts that reach to the foot of the page."""
        last = len(self.parts) - 1
        return [
            part
            for index, parts in enumerate(self.parts)
            for part in parts
            if index + part.down - 1 >= last
        ]

    def rows(self) -> Iterator[TableRow]:
        reaching: list[tuple[int, _Part]] = []
        for index, parts in enumerate(self.parts):
            covering = [part for last, part in reaching if last >= index]
            yield TableRow(index + 1, tuple(_row(index, parts, covering)))
            reaching = [(last, part) for last, part in reaching if last > index]
            reaching.extend((index + part.down - 1, part) for part in parts if part.down > 1)


def _goes_on(parts: Sequence[_Part]) -> bool:
    """Whether the first row of a page only continues the last one of the page before.

    Its first cell is blank then, and no strand of its own begins in it.
    """
    ordered = sorted(parts, key=lambda part: part.column)
    if not ordered or ordered[0].column or ordered[0].lines:
        return False
    return not any(A_NUMBER.match(part.lines[0].words[0].text) for part in ordered[1:3]
                   if part.lines)  # fmt: skip


def _row(index: int, parts: Sequence[_Part], covering: Sequence[_Part]) -> Iterator[TableCell]:
    own = {part.column: (part, False) for part in parts}
    above = {part.column: (part, True) for part in covering if part.column not in own}
    for column, (part, merged) in sorted({**own, **above}.items()):
        if merged:
            yield TableCell(column, Cell(), part.span, merged=True)
        else:
            yield TableCell(column, _cell(part), part.span, opens_merge=part.down > 1)


def _pitches(pages: Sequence[dict[str, Any]]) -> dict[int, float]:
    """By the height of the letters: how far apart the lines of the document mostly stand."""
    seen: dict[int, Counter[float]] = defaultdict(Counter)
    cells = (cell for page in pages for table in page["tables"] for cell in table["cells"])
    for cell in cells:
        for above, below in pairwise(cell["lines"]):
            distance = max(w[4] for w in below) - max(w[4] for w in above)
            seen[_height(below)][round(distance, 1)] += 1
    return {height: counts.most_common(1)[0][0] for height, counts in seen.items()}


def _height(line: Sequence[Sequence[Any]]) -> int:
    return round(max(word[4] - word[3] for word in line))


def _lines(cell: dict[str, Any], page: int, pitches: Mapping[int, float]) -> Iterator[Line]:
    left, _, right, _ = cell["box"]
    words = [tuple(Word(*word) for word in line) for line in cell["lines"]]
    margin = min((line[0].x0 - left for line in words), default=0.0)
    for line in words:
        pitch = pitches.get(round(max(word.bottom - word.top for word in line)), 0.0)
        inset = max(min(margin, 8.0), 0.0)
        yield Line(line, left + inset, right - inset, page, pitch)


def _cell(part: _Part) -> Cell:
    remarks = (Remark(STRUCK, part.struck),) if part.struck else ()
    return Cell(tuple(points_of(part.lines)), remarks)
