"""An edition as it is printed: cells, lines and bullets, before anybody says what they mean.

A reader fills these. Nothing here is corrected or interpreted: `C01` is still `C01`, and an
empty cell is still there, unlike a column that the document does not have at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from registers.domain.passages import PLAIN, Passage, Point, write
from registers.domain.quarters import Quarter

REFERENCE = "reference"
DESCRIPTION = "description"
TITLE = "title"
KIND = "kind"
TYPES = "types"
CONSEQUENCES = "consequences"
CONTROLS = "controls"
SCORE = "score"
ACTIONS = "actions"
RESIDUAL = "residual"
OWNER = "owner"
DIRECTION = "direction"
COMMENTARY = "commentary"
INHERENT = "inherent"
ACTION_LEAD, ACTION_DUE, ACTION_STATUS = "action lead", "action due", "action status"

# The columns a strand may have of its own; the others belong to the whole entry.
PART_FIELDS = (TYPES, CONSEQUENCES, CONTROLS, ACTIONS, DIRECTION)
SCORES = (SCORE, RESIDUAL, INHERENT)
IMPACT, LIKELIHOOD = "impact", "likelihood"


def level_field(score: str, part: str) -> str:
    """The column that holds one part of a score: 'score impact', 'residual likelihood'."""
    return f"{score} {part}"


LEVEL_FIELDS = tuple(level_field(score, part) for score in SCORES for part in (IMPACT, LIKELIHOOD))
FIELDS = (
    REFERENCE,
    DESCRIPTION,
    TITLE,
    KIND,
    TYPES,
    CONSEQUENCES,
    CONTROLS,
    *SCORES,
    *LEVEL_FIELDS,
    ACTIONS,
    ACTION_LEAD,
    ACTION_DUE,
    ACTION_STATUS,
    OWNER,
    DIRECTION,
    COMMENTARY,
)


# What a person says of a column that is no field: its text is kept as printed, and nothing asked.
KEPT = "kept as printed"


class UnreadableFile(Exception):
    """The file cannot be read as a register at all. The message is one sentence for a person."""


class AnotherScale(UnreadableFile):
    """Its scores are not those of the 5×5: nothing is read until a person says what they are."""


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
class Choice:
    """One answer to a question, and what it would come to, in words."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """What the document cannot say by itself. Until a person answers, nothing is taken.

    `key` stays the same whenever the same file is read, so that an answer finds its question.
    """

    key: str
    message: str
    choices: tuple[Choice, ...] = ()
    place: Place | None = None
    reference: str = ""
    columns: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = ", ".join(part for part in (str(self.place or ""), self.reference) if part)
        return f"{where}: {self.message}" if where else self.message


@dataclass(frozen=True, slots=True)
class Instructions:
    """What a person says beforehand, or in answer to a question.

    `columns` gives the field of a heading, `prefix` what stands before bare numbers, `answers`
    the value chosen for a question's key, `levels` what each level of another scale is on ours;
    `rows` the values of single entries, by reference and field (see `corrections`).
    """

    quarter: Quarter | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    prefix: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[int, int] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


# What stands in a cell and is no text of it.
STRUCK, PICTURE, NOTE, FORMULA = "struck", "picture", "note", "formula"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something seen in a cell beside its text: words struck through, a picture, a note."""

    what: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class ActionPoint(Point):
    """An action whose lead, due date and status stand in columns beside it, as printed."""

    lead: str = ""
    due: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """The lines of one cell. None stands for a blank line; blank lines set strands apart."""

    lines: tuple[Point | None, ...] = ()
    remarks: tuple[Remark, ...] = ()

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
        return Cell((*self.lines, *other.lines), (*self.remarks, *other.remarks))

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
    known, under the heading): a missing key means that the document has no such column. `levels`
    are the columns of impact and likelihood, `orders` say which comes first in a product of two
    numbers, `columns` the headings by field. `kind` is empty where the columns do not say it;
    then the reference does, or else `kind_above`, the lines above the table.
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
    inherent: str = ""
    levels: Mapping[str, str] = field(default_factory=dict)
    orders: Mapping[str, str] = field(default_factory=dict)
    commentary: Cell = Cell()
    kind_above: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)

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
class ColumnTaken:
    """What a column was taken for. `field` is empty where its text is only kept as printed;
    `proof` says what the numbers below it show."""

    heading: str
    field: str
    place: Place
    proof: str = ""
    number: int = 0  # which column of its table it is, from 1


@dataclass(frozen=True, slots=True)
class EditionAsPrinted:
    """A document: its title, its entries in printed order, and what could not be placed.

    `mentions` are other lines that may name the quarter: the heads and feet of its pages.
    """

    title: str
    entries: tuple[EntryAsPrinted, ...]
    headings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    questions: tuple[Question, ...] = ()
    columns: tuple[ColumnTaken, ...] = ()
    mentions: tuple[str, ...] = ()


def shortened(text: str, longest: int = 120) -> str:
    """A text for a sentence about it."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
