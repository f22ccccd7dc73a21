"""Snapshots of one edition laid on the 5×5: 25 cells, the tray of those not placed, the table twin.

A row whose cell is not known is never put on the grid: it goes to the tray, with the squares that
its score could mean. A crowded cell shows its first few chips and a count, so that a register of
thousands still makes a light page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from registers.domain import movement, scale
from registers.domain.content import Content
from registers.domain.scale import Position

INHERENT, SCORE, RESIDUAL, MOVEMENT = "inherent", "score", "residual", "movement"
VIEWS = (INHERENT, SCORE, RESIDUAL, MOVEMENT)
# What the names of a view's score begin with: residual_score, residual_position, …
PREFIX = {INHERENT: "inherent_", SCORE: "", RESIDUAL: "residual_", MOVEMENT: ""}

# A cell shows all its chips up to ROOM; one more, and it shows FIRST_FEW and a count.
ROOM, FIRST_FEW = 9, 7
TRAY_ROOM, TABLE_ROOM = 12, 60


def shown_score(one: Content, view: str) -> int | None:
    score: int | None = getattr(one, f"{PREFIX[view]}score")
    return score


def shown_position(one: Content, view: str) -> Position | None:
    position: Position | None = getattr(one, f"{PREFIX[view]}position")
    return position


@dataclass(frozen=True, slots=True)
class Chip:
    """An entry by its number. `moved` is what its score did, where that is worth a mark.

    `outlined` draws attention to it, as a comparison of two editions does.
    """

    reference: str
    title: str
    kind: str
    href: str
    moved: movement.Movement | None = None
    outlined: bool = False
    flags: int = 0

    @property
    def css(self) -> str:
        return "is-moved" if self.outlined else ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A square of the grid. `left` and `below` say where the appetite line runs along it."""

    position: Position
    kind: str
    band: int
    left: bool
    below: bool
    tagged: bool
    href: str = ""
    count: int = 0
    chips: tuple[Chip, ...] = ()
    ghosts: tuple[str, ...] = ()
    more_ghosts: int = 0

    @property
    def score(self) -> int:
        return self.position.score

    @property
    def more(self) -> int:
        return self.count - len(self.chips)

    @property
    def words(self) -> str:
        return self.position.words(self.kind)

    @property
    def css(self) -> str:
        marks = ["cell", f"{'r' if self.kind == scale.RISK else 'o'}{self.band}"]
        marks += ["ap-l"] * self.left + ["ap-b"] * self.below
        marks += ["is-empty"] * (not self.count and not self.ghosts)
        return " ".join(marks)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the grid: one impact, likelihood rising across."""

    impact: int
    word: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Unplaced:
    """An entry in the tray: `words` are the squares that its score could mean."""

    chip: Chip
    score: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Grid:
    """All 25 cells, impact 5 at the top, and what is beside them."""

    lines: tuple[Line, ...]
    tray: tuple[Unplaced, ...]
    unplaced: int
    placed: int
    likelihoods: tuple[tuple[int, str], ...] = field(
        default=tuple(zip(scale.LEVELS, scale.LIKELIHOOD_WORDS, strict=True))
    )

    @property
    def more_unplaced(self) -> int:
        return self.unplaced - len(self.tray)


def grid(
    shown: Sequence[Content],
    was: dict[int, Content] | None,
    *,
    kind: str,
    view: str,
    bands: scale.Bands,
    appetite: int | None,
    entry_link: Callable[[int], str],
    cell_link: Callable[[Position], str],
    ghosts: bool = False,
    outlined: Container[int] = (),
    flagged: Mapping[int, int] = MappingProxyType({}),
) -> Grid:
    """Lay rows of one kind on the grid by their score, or by their residual score.

    `was` is what the edition before said, or None where there is none to compare with. `appetite`
    is None where the grid has no line (opportunities). `entry_link` and `cell_link` give the
    address of an entry and of the list behind a cell. `outlined` holds the entries to outline,
    `flagged` the number of heavy flags of each that has any.
    """
    placed: dict[Position, list[Content]] = defaultdict(list)
    unplaced: list[Content] = []
    for row in shown:
        cell = shown_position(row, view)
        if cell is None:
            unplaced.append(row)
        else:
            placed[cell].append(row)

    possible: dict[Position, list[str]] = defaultdict(list)
    if ghosts:
        for row in unplaced:
            score = shown_score(row, view)
            for position in scale.possible_positions(score) if score else ():
                possible[position].append(row.reference)

    def chip(row: Content) -> Chip:
        moved = (
            movement.between(was.get(row.entry), row, row.kind)
            if was is not None and view == SCORE
            else None
        )
        href = entry_link(row.entry)
        outline, flags = row.entry in outlined, flagged.get(row.entry, 0)
        return Chip(row.reference, row.title, row.kind, href, moved, outline, flags)

    def make(position: Position) -> Cell:
        here, maybe = placed[position], possible[position]
        left, below, tagged = staircase(position, appetite)
        return Cell(
            position,
            kind,
            bands.of(position.score),
            left,
            below,
            tagged,
            cell_link(position) if here else "",
            len(here),
            tuple(chip(row) for row in here[: first_few(len(here))]),
            tuple(maybe[: first_few(len(maybe))]),
            len(maybe) - first_few(len(maybe)),
        )

    lines = tuple(
        Line(
            impact,
            scale.impact_word(impact, kind),
            tuple(make(Position(impact, likelihood)) for likelihood in scale.LEVELS),
        )
        for impact in reversed(scale.LEVELS)
    )
    tray = tuple(
        Unplaced(chip(row), shown_score(row, view), possible_words(shown_score(row, view), kind))
        for row in by_score(unplaced, view)[:TRAY_ROOM]
    )
    return Grid(lines, tray, len(unplaced), len(shown) - len(unplaced))


def first_few(count: int) -> int:
    """How many of so many chips a cell shows."""
    return count if count <= ROOM else FIRST_FEW


def by_score(shown: Iterable[Content], view: str) -> list[Content]:
    """Highest first, those without a score last, otherwise as printed."""
    return sorted(shown, key=lambda row: -(shown_score(row, view) or 0))


def possible_words(score: int | None, kind: str) -> str:
    """'Major × Likely (4×4)', or each square in turn: '… (5×4) or … (4×5)'."""
    if score is None:
        return "No score recorded"
    return " or ".join(
        f"{cell.words(kind)} ({cell.impact}×{cell.likelihood})"
        for cell in scale.possible_positions(score)
    )


def staircase(position: Position, appetite: int | None) -> tuple[bool, bool, bool]:
    """Whether the appetite line runs along a cell's left edge and its lower edge, and starts here.

    It runs in the gaps around the cells that score above appetite, on the sides where the
    neighbour does not; it is named at the first such cell of the top row.
    """
    if appetite is None or position.score <= appetite:
        return False, False, False
    impact, likelihood = position.impact, position.likelihood
    left = likelihood > 1 and impact * (likelihood - 1) <= appetite
    below = impact > 1 and (impact - 1) * likelihood <= appetite
    first = likelihood == 1 or left
    return left, below, impact == scale.LEVELS[-1] and first
