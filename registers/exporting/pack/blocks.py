"""The shapes that a pack is made of. Composed once; each writer sets them in its own way.

Plain values: no writer decides what is said, and nothing here knows how it will look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from registers.domain.passages import Passage, Point

A4, A3 = "a4", "a3"
PAPERS = (A4, A3)


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` is 1 for a part of the pack, 2 for a section."""

    text: str
    level: int = 2
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """A list of points, of any depth."""

    points: Passage


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says, as points: plain ones are lines. `band` colours its score: 'r1' … 'o4'.

    `strong` stands out as a whole, `titled` by its first line.
    """

    points: Passage = ()
    band: str = ""
    strong: bool = False
    titled: bool = False


def cell(text: str | int | None, band: str = "", *, strong: bool = False) -> Cell:
    """A cell of plain lines; None and an empty text are an empty cell."""
    lines = "" if text is None else str(text)
    plain = (Point(line, plain=True) for line in lines.splitlines() if line.strip())
    return Cell(tuple(plain), band, strong)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading and its share of the width. Numbers stand in the middle."""

    label: str
    share: float = 1.0
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one heading row, and as many cells in each row as it has columns.

    `summary` says what it holds to who can't see it. `first` says that the first cell of a row
    names it.
    """

    summary: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    first: bool = True


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, with all that it shows in words. `width` is its share of the page's."""

    svg: str
    words: str
    width: float = 1.0


Block = Heading | Paragraph | Points | Table | Picture


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole pack. `mark` stands at the head of each page (DRAFT, NOT FOR PUBLICATION)."""

    title: str
    council: str
    under: Sequence[str]
    mark: str
    foot: str
    blocks: Sequence[Block] = field(default=())
    paper: str = A4
