"""An edition as it is printed: cells, lines and bullets, before anybody says what they mean.

A reader fills these. Nothing here is corrected or interpreted: `C01` is still `C01`, and an
empty cell is still there, unlike a column that the document does not have at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from registers.domain.passages import PLAIN, Passage, Point, write

REFERENCE = "reference"
DESCRIPTION = "description"
TYPES = "types"
CONSEQUENCES = "consequences"
CONTROLS = "controls"
SCORE = "score"
ACTIONS = "actions"
RESIDUAL = "residual"
OWNER = "owner"
DIRECTION = "direction"

FIELDS = (
    REFERENCE,
    DESCRIPTION,
    TYPES,
    CONSEQUENCES,
    CONTROLS,
    SCORE,
    ACTIONS,
    RESIDUAL,
    OWNER,
    DIRECTION,
)
# The columns a strand may have of its own; the others belong to the whole entry.
PART_FIELDS = (TYPES, CONSEQUENCES, CONTROLS, ACTIONS, DIRECTION)


class UnreadableFile(Exception):
    """The file cannot be read as a register at all. The message is one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the document something stands. Rows count from 1 in their table, headings too."""

    table: int
    row: int

    def __str__(self) -> str:
        return f"row {self.row}" if self.table == 1 else f"table {self.table}, row {self.row}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person must look at: where it stands, what was read there, what was done."""

    message: str
    place: Place | None = None
    reference: str = ""
    column: str = ""
    read: str = ""

    def __str__(self) -> str:
        parts = [str(self.place) if self.place else "", self.reference, self.column]
        where = ", ".join(part for part in parts if part)
        sentence = f"{where}: {self.message}" if where else self.message
        return f"{sentence} It reads “{self.read}”." if self.read else sentence


@dataclass(frozen=True, slots=True)
class Cell:
    """The lines of one cell. None stands for a blank line; blank lines set strands apart."""

    lines: tuple[Point | None, ...] = ()

    @property
    def points(self) -> Passage:
        return tuple(line for line in self.lines if line is not None)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(point.text for point in self.points)

    @property
    def line(self) -> str:
        """The whole cell on one line."""
        return " ".join(self.texts)

    def __bool__(self) -> bool:
        return any(line is not None for line in self.lines)

    def blocks(self, gap: int = 1) -> tuple[Cell, ...]:
        """The cell cut wherever at least `gap` blank lines stand between two lines."""
        blocks: list[list[Point | None]] = []
        blanks = gap
        for line in self.lines:
            if line is None:
                blanks += 1
                continue
            if blanks >= gap or not blocks:
                blocks.append([])
            blanks = 0
            blocks[-1].append(line)
        return tuple(Cell(tuple(block)) for block in blocks)

    def __add__(self, other: Cell) -> Cell:
        return Cell((*self.lines, *other.lines))

    def written(self) -> str:
        """The cell as text: bullets marked, sub-points indented, plain lines bare."""
        return write(self.points, unmarked=PLAIN)


@dataclass(frozen=True, slots=True)
class PartAsPrinted:
    """What the whole entry, or one of its strands, says of its own."""

    types: Cell = Cell()
    consequences: Cell = Cell()
    controls: Cell = Cell()
    actions: Cell = Cell()
    direction: Cell = Cell()


@dataclass(frozen=True, slots=True)
class StrandAsPrinted:
    """A numbered part of an entry. `line` is its line in the description: '2. Embed a focus …'."""

    number: int
    line: str
    part: PartAsPrinted
    place: Place


@dataclass(frozen=True, slots=True)
class EntryAsPrinted:
    """One risk or opportunity over all its table rows.

    `lines` are the description's own lines, title first, strands excluded. `cells` holds the
    text of every column that the table has, under its field name (or, where the heading is not
    known, under the heading): a missing key means that the document has no such column.
    """

    kind: str
    place: Place
    reference: str
    lines: tuple[str, ...]
    whole: PartAsPrinted
    strands: tuple[StrandAsPrinted, ...]
    score: str
    residual: str
    owner: Cell
    cells: Mapping[str, str]

    @property
    def title(self) -> str:
        return self.lines[0] if self.lines else ""

    def parts(self) -> Iterator[PartAsPrinted]:
        yield self.whole
        for strand in self.strands:
            yield strand.part

    def points(self, column: str) -> Passage:
        """All points of a column, the whole's first and then strand by strand."""
        return tuple(point for part in self.parts() for point in getattr(part, column).points)


@dataclass(frozen=True, slots=True)
class EditionAsPrinted:
    """A document: its title, its entries in printed order, and what could not be placed."""

    title: str
    entries: tuple[EntryAsPrinted, ...]
    headings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
