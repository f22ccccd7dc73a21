"""Where many entries moved, those between the same two cells share an arrow that counts them."""

from __future__ import annotations

from registers.domain import scale
from registers.domain.drawing.moves import CROWDED, Move, bundled, told
from registers.domain.scale import Position

HIGH, LOW, ASIDE = Position(4, 5), Position(4, 3), Position(5, 4)


def move(number: int, origin: Position | None, target: Position) -> Move:
    fresh = origin is None
    return Move(f"CR{number}", "Title", scale.RISK, f"/{number}/", target, origin, fresh)


def link(cell: Position) -> str:
    return f"/list/{cell.impact}/{cell.likelihood}/"


def test_a_few_arrows_stay_one_for_each_entry():
    few = [move(n, HIGH, LOW) for n in range(CROWDED)]
    assert bundled(few, link) == few


def test_many_are_bundled_by_pair_of_cells_counted_and_lead_to_the_list():
    many = [move(n, HIGH, LOW) for n in range(CROWDED)]
    alone, still, new = move(90, LOW, HIGH), move(91, LOW, LOW), move(92, None, LOW)
    bundle, *others = bundled([*many, alone, still, new], link)
    assert (bundle.reference, bundle.href) == (f"{CROWDED} ×", "/list/4/3/")
    assert bundle.words.startswith(f"{CROWDED} entries from 20 (Major × Certain) to 12 (Major")
    assert "CR0, CR1" in bundle.words
    assert others == [alone, still, new]


def test_a_move_along_the_diagonal_of_its_score_is_seen_to_move():
    aside = move(1, HIGH, ASIDE)
    assert aside.moved
    assert aside.meaning == "level"


def test_a_drawing_is_told_in_a_sentence_with_those_that_kept_their_score_and_moved():
    moves = [
        move(1, LOW, HIGH),
        move(2, HIGH, LOW),
        move(3, HIGH, ASIDE),
        move(4, None, LOW),
        move(5, LOW, LOW),
    ]
    assert told(moves) == (
        "CR1 (12 to 20) rose; CR2 (20 to 12) fell; CR3 (still 20) moved along the same score; "
        "CR4 (12) came in; 1 stayed."
    )
