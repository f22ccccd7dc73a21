"""Where entries went on the 5×5, drawn as arrows: a layout in plain numbers, ready for SVG.

Each entry that moved has a lane of its own in its row, so the height of a row follows the data. A
sideways arrow keeps every column it crosses free in its lane. An arrow between rows runs down a
channel at the right of a column, beside the chips and never over them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from registers.domain import scale
from registers.domain.drawing.moves import Move
from registers.domain.scale import Position

LEFT, TOP = 104, 28
WIDTH, GAP = 150, 6
CHIP_WIDTH, CHIP_HEIGHT = 58, 26
LANE, LANE_TOP, FOOT = 33, 6, 20
FEWEST_LANES = 2
# Two chips that did not move share a lane; the channels run to the right of both.
MIDDLE, SLOTS = 46, (8, 70)
CHANNELS = (133, 139, 145)
HEAD = 9

# What is drawn at most: the widest moves first, and the first few of those that stayed in a cell.
MOST_MOVES, MOST_STILL = 40, 6


@dataclass(frozen=True, slots=True)
class Square:
    """A cell as a rectangle, with its score in the corner that no arrow passes."""

    css: str
    x: int
    y: int
    height: int
    score: int

    @property
    def score_x(self) -> int:
        return self.x + 8

    @property
    def score_y(self) -> int:
        return self.y + self.height - 8


@dataclass(frozen=True, slots=True)
class Label:
    """A chip in the drawing: 'from', 'to' or 'still'; `more` where it counts others."""

    css: str
    x: int
    y: int
    text: str
    move: Move | None = None

    @property
    def middle(self) -> int:
        return self.x + CHIP_WIDTH // 2

    @property
    def baseline(self) -> int:
        return self.y + 18


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line with its head: `css` is 'better', 'worse' or 'level'."""

    css: str
    line: str
    head: str


@dataclass(frozen=True, slots=True)
class Axis:
    """A level and its word beside the grid; x or y is its middle."""

    level: int
    word: str
    at: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything between <svg> and </svg>."""

    width: int
    height: int
    squares: tuple[Square, ...]
    impacts: tuple[Axis, ...]
    likelihoods: tuple[Axis, ...]
    appetite: str
    appetite_x: int
    arrows: tuple[Arrow, ...]
    origins: tuple[Label, ...]
    targets: tuple[Label, ...]
    stills: tuple[Label, ...]
    undrawn: int

    @property
    def floor(self) -> int:
        """Where the words of likelihood start."""
        return self.height - 32


@dataclass(slots=True)
class _Lanes:
    """The lanes of one row of the grid: which columns of each are taken, and by how much."""

    taken: list[dict[int, int]] = field(default_factory=list)

    def whole(self, columns: range) -> int:
        """The first lane in which all these columns are free; takes them."""
        for lane, used in enumerate(self.taken):
            if not any(column in used for column in columns):
                return self._take(lane, columns)
        self.taken.append({})
        return self._take(len(self.taken) - 1, columns)

    def _take(self, lane: int, columns: range) -> int:
        self.taken[lane].update(dict.fromkeys(columns, len(SLOTS)))
        return lane

    def half(self, column: int) -> tuple[int, int]:
        """The first lane and slot that a chip on its own fits in; takes it."""
        for lane, used in enumerate(self.taken):
            slot = used.get(column, 0)
            if slot < len(SLOTS):
                used[column] = slot + 1
                return lane, slot
        self.taken.append({column: 1})
        return len(self.taken) - 1, 0

    @property
    def height(self) -> int:
        return LANE_TOP + LANE * max(len(self.taken), FEWEST_LANES) + FOOT


def draw(moves: Sequence[Move], *, kind: str, bands: scale.Bands, appetite: int | None) -> Drawing:
    """Lay out the moves of entries of one kind. `appetite` is None where there is no line."""
    lanes = {impact: _Lanes() for impact in scale.LEVELS}
    moving = sorted((move for move in moves if move.moved), key=_widest_first)
    drawn, undrawn = moving[:MOST_MOVES], len(moving) - MOST_MOVES

    ways: list[tuple[Move, int, int]] = []
    for move in drawn:
        across = _columns(move)
        start = lanes[move.start.impact].whole(across)
        if move.start.impact == move.target.impact:
            end = start
        else:
            end = lanes[move.target.impact].whole(across)
        ways.append((move, start, end))

    places: list[tuple[str, Position, int, int, Move | None, str]] = []
    for cell, here in _staying(moves).items():
        shown = here if len(here) <= MOST_STILL else here[: MOST_STILL - 1]
        for move in shown:
            lane, slot = lanes[cell.impact].half(cell.likelihood)
            text = f"{move.reference} ✦" if move.fresh else move.reference
            places.append(("to" if move.fresh else "still", cell, lane, slot, move, text))
        if len(here) > len(shown):
            lane, slot = lanes[cell.impact].half(cell.likelihood)
            places.append(("still", cell, lane, slot, None, f"+{len(here) - len(shown)}"))

    tops: dict[int, int] = {}
    y = TOP
    for impact in reversed(scale.LEVELS):
        tops[impact] = y
        y += lanes[impact].height + GAP
    bottom = y - GAP

    def lane_y(impact: int, lane: int) -> int:
        return tops[impact] + LANE_TOP + LANE * lane

    def chip(
        css: str, cell: Position, lane: int, offset: int, text: str, move: Move | None
    ) -> Label:
        return Label(css, _x(cell.likelihood) + offset, lane_y(cell.impact, lane), text, move)

    channels = _Channels()
    arrows, origins, targets = [], [], []
    for move, start, end in ways:
        origins.append(chip("from", move.start, start, MIDDLE, move.reference, None))
        targets.append(chip("to", move.target, end, MIDDLE, move.reference, move))
        arrows.append(_arrow(move.meaning, origins[-1], targets[-1], move, channels))

    return Drawing(
        width=LEFT + 5 * (WIDTH + GAP),
        height=bottom + 52,
        squares=tuple(
            Square(
                f"{'r' if kind == scale.RISK else 'o'}{bands.of(cell.score)}",
                _x(cell.likelihood),
                tops[cell.impact],
                lanes[cell.impact].height,
                cell.score,
            )
            for cell in scale.CELLS
        ),
        impacts=tuple(
            Axis(
                impact,
                scale.impact_word(impact, kind),
                tops[impact] + lanes[impact].height // 2,
            )
            for impact in reversed(scale.LEVELS)
        ),
        likelihoods=tuple(
            Axis(level, scale.likelihood_word(level), _x(level) + WIDTH // 2)
            for level in scale.LEVELS
        ),
        appetite=_staircase(appetite, tops, bottom),
        appetite_x=_gap_x(_within(5, appetite)) if appetite is not None else 0,
        arrows=tuple(arrows),
        origins=tuple(origins),
        targets=tuple(targets),
        stills=tuple(
            chip(css, cell, lane, SLOTS[slot], text, move)
            for css, cell, lane, slot, move, text in places
        ),
        undrawn=max(undrawn, 0),
    )


def _widest_first(move: Move) -> tuple[bool, int]:
    """Arrows along a row first, then by the size of the change."""
    return move.start.impact != move.target.impact, -abs(move.change)


def _columns(move: Move) -> range:
    one, other = sorted((move.start.likelihood, move.target.likelihood))
    return range(one, other + 1)


def _staying(moves: Sequence[Move]) -> dict[Position, list[Move]]:
    """Those that did not move, by cell; new ones first."""
    cells: dict[Position, list[Move]] = {}
    for move in sorted(moves, key=lambda move: not move.fresh):
        if not move.moved:
            cells.setdefault(move.target, []).append(move)
    return cells


def _x(likelihood: int) -> int:
    return LEFT + (likelihood - 1) * (WIDTH + GAP)


class _Channels:
    """Which channel of a column is free between two rows."""

    def __init__(self) -> None:
        self.used: dict[int, list[tuple[int, int, int]]] = {}

    def take(self, column: int, top: int, bottom: int) -> int:
        """The x of a channel in the column that nothing else uses between two heights.

        Where all are in use, the one with the fewest arrows.
        """
        others = [
            channel
            for channel, low, high in self.used.setdefault(column, [])
            if low <= bottom and top <= high
        ]
        channel = min(range(len(CHANNELS)), key=lambda number: (others.count(number), number))
        self.used[column].append((channel, top, bottom))
        return _x(column) + CHANNELS[channel]


def _arrow(css: str, origin: Label, target: Label, move: Move, channels: _Channels) -> Arrow:
    """From one chip to the other: straight along a row, else through a channel."""
    y1, y2 = origin.y + CHIP_HEIGHT // 2, target.y + CHIP_HEIGHT // 2
    rightwards = move.target.likelihood > move.start.likelihood
    same_column = move.target.likelihood == move.start.likelihood
    leaves_right = rightwards or same_column
    x1 = origin.x + (CHIP_WIDTH + 2 if leaves_right else -2)
    tip = target.x - 3 if rightwards else target.x + CHIP_WIDTH + 3
    # The line stops inside the head.
    x2 = tip + (-HEAD if rightwards else HEAD)
    if y1 == y2:
        line = f"M{x1} {y1}H{x2}"
    else:
        column = min(move.start.likelihood, move.target.likelihood)
        x = channels.take(column, min(y1, y2), max(y1, y2))
        down = 1 if y2 > y1 else -1
        turn = 8
        into = 1 if leaves_right else -1
        out = 1 if rightwards else -1
        line = (
            f"M{x1} {y1}H{x - into * turn}Q{x} {y1} {x} {y1 + down * turn}"
            f"V{y2 - down * turn}Q{x} {y2} {x + out * turn} {y2}H{x2}"
        )
    head = f"M{tip} {y2}l{-12 if rightwards else 12} -6v12z"
    return Arrow(css, line, head)


def _within(impact: int, appetite: int) -> int:
    """How many cells of a row, from the left, score within appetite."""
    return sum(impact * likelihood <= appetite for likelihood in scale.LEVELS)


def _gap_x(columns: int) -> int:
    """The x of the gap to the right of so many columns."""
    return LEFT + columns * (WIDTH + GAP) - GAP // 2


def _staircase(appetite: int | None, tops: dict[int, int], bottom: int) -> str:
    """The appetite line as the points of a polyline, in the gaps; empty if no cell is above."""
    if appetite is None or appetite >= scale.TOP:
        return ""
    points = [(_gap_x(_within(5, appetite)), TOP - 4)]
    for impact in reversed(scale.LEVELS):
        within = _within(impact, appetite)
        x = min(_gap_x(within), _x(5) + WIDTH)
        if x != points[-1][0]:
            points.append((x, points[-1][1]))
        if within == len(scale.LEVELS):
            break
        points.append((x, tops[impact - 1] - GAP // 2 if impact > 1 else bottom + 3))
    return " ".join(f"{x},{y}" for x, y in points)
