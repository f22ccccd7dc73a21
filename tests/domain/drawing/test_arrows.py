"""Arrows on the 5×5: nothing is drawn over anything else, whatever moved where."""

from __future__ import annotations

import re
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from registers.domain import scale
from registers.domain.drawing import arrows
from registers.domain.drawing.arrows import CHIP_HEIGHT, CHIP_WIDTH, Label
from registers.domain.drawing.moves import Move
from registers.domain.scale import Position

cells = st.sampled_from(scale.CELLS)


@st.composite
def moves(draw, most=30):
    ends = draw(st.lists(st.tuples(cells, st.none() | cells), max_size=most))
    return [
        Move(f"CR{n}", f"Title {n}", scale.RISK, f"/entries/{n}/", target, origin, origin is None)
        for n, (target, origin) in enumerate(ends, start=1)
    ]


def draw(some: list[Move], appetite: int | None = 12) -> arrows.Drawing:
    return arrows.draw(some, kind=scale.RISK, bands=scale.Bands(), appetite=appetite)


def move(origin: Position | None, target: Position, kind: str = scale.RISK) -> Move:
    return Move("CR1", "Title", kind, "/entries/1/", target, origin, origin is None)


def labels(drawing: arrows.Drawing) -> list[Label]:
    return [*drawing.origins, *drawing.targets, *drawing.stills]


def overlap(one: Label, other: Label) -> bool:
    return abs(one.x - other.x) < CHIP_WIDTH and abs(one.y - other.y) < CHIP_HEIGHT


def runs(line: str) -> list[tuple[int, int, int]]:
    """The level stretches of an arrow: (y, from x, to x)."""
    start = re.match(r"M(\d+) (\d+)", line)
    x, y = int(start[1]), int(start[2])
    found = []
    for command, numbers in re.findall(r"([HVQ])([\d ]+)", line[start.end() :]):
        values = [int(number) for number in numbers.split()]
        if command == "H":
            found.append((y, min(x, values[0]), max(x, values[0])))
            x = values[0]
        elif command == "V":
            y = values[0]
        else:
            x, y = values[2], values[3]
    return found


@given(moves())
def test_no_two_chips_are_drawn_over_each_other(some):
    assert not any(overlap(one, other) for one, other in combinations(labels(draw(some)), 2))


@given(moves())
def test_every_chip_is_inside_its_own_square(some):
    drawing = draw(some)
    squares = {(s.x, s.y): s for s in drawing.squares}
    for label in labels(drawing):
        assert any(
            x <= label.x
            and label.x + CHIP_WIDTH <= x + arrows.WIDTH
            and y <= label.y
            and label.y + CHIP_HEIGHT <= y + square.height
            for (x, y), square in squares.items()
        )


@given(moves(most=12))
def test_no_arrow_runs_level_through_a_chip(some):
    drawing = draw(some)
    for arrow in drawing.arrows:
        for y, left, right in runs(arrow.line):
            for label in labels(drawing):
                crossed = label.y < y < label.y + CHIP_HEIGHT
                assert not (crossed and left < label.x + CHIP_WIDTH and label.x < right)


@given(moves())
def test_every_entry_is_drawn_or_counted(some):
    drawing = draw(some)
    moved = sum(one.moved for one in some)
    assert len(drawing.targets) == len(drawing.arrows) == min(moved, arrows.MOST_MOVES)
    assert drawing.undrawn == max(moved - arrows.MOST_MOVES, 0)
    counted = [int(one.text) for one in drawing.stills if one.move is None]
    named = [one for one in drawing.stills if one.move is not None]
    assert len(named) + sum(counted) == len(some) - moved


def test_a_risk_that_rose_is_worse_and_an_opportunity_that_rose_is_better():
    low, high = Position(3, 3), Position(4, 4)
    assert move(low, high).meaning == "worse"
    assert move(high, low).meaning == "better"
    assert move(low, high, scale.OPPORTUNITY).meaning == "better"


def test_another_square_of_the_same_score_is_neither_better_nor_worse():
    assert move(Position(4, 3), Position(3, 4)).meaning == "level"
    assert draw([move(Position(4, 3), Position(3, 4))]).arrows[0].css == "level"


def test_a_row_grows_with_the_number_of_entries_that_moved_along_it():
    along = [move(Position(4, 4), Position(4, 5)) for _ in range(6)]
    heights = {square.y: square.height for square in draw(along).squares}
    quiet = {square.y: square.height for square in draw([]).squares}
    assert max(heights.values()) > max(quiet.values())


def test_the_appetite_line_is_a_staircase_through_the_gaps():
    assert draw([]).appetite == "413,24 413,123 569,123 569,221 725,221 725,319 878,319"


def test_there_is_no_line_without_an_appetite_or_with_one_that_nothing_exceeds():
    assert draw([], appetite=None).appetite == ""
    assert draw([], appetite=25).appetite == ""


def test_the_words_of_a_move_say_where_from_and_where_to():
    assert move(Position(4, 4), Position(5, 4)).words == (
        "CR1 Title, from 16 (Major × Likely) to 20 (Catastrophic × Likely)"
    )
    assert move(None, Position(5, 4)).words == "CR1 Title, new at 20 (Catastrophic × Likely)"
    assert move(Position(1, 1), Position(1, 1)).words.endswith("still at 1 (Insignificant × Rare)")
