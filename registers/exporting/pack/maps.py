"""The heat maps of a pack, each with all that it shows in words, and the key to the scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from registers.domain import grid, scale
from registers.domain.content import Content
from registers.domain.drawing.moves import Move
from registers.domain.english import listed
from registers.domain.kinds import WORDS
from registers.domain.passages import Point
from registers.domain.scale import Position
from registers.exporting.pack import pictures
from registers.exporting.pack.blocks import (
    Block,
    Column,
    Heading,
    Paragraph,
    Picture,
    Points,
    Table,
    cell,
)
from registers.exporting.pack.facts import Told

# Of more than these the words of a picture count, and name the first.
MOST_IN_WORDS = 12


def blocks(told: Told) -> Iterator[Block]:
    """Risks by score, by residual and as they moved; opportunities by score."""
    if not told.entries:
        return
    yield Heading("Heat maps", 1, new_page=True)
    if told.of_kind(scale.RISK):
        yield from _map(told, scale.RISK, grid.SCORE)
        yield from _map(told, scale.RISK, grid.RESIDUAL, new_page=True)
        yield from _moved(told)
    if told.of_kind(scale.OPPORTUNITY):
        yield from _map(
            told, scale.OPPORTUNITY, grid.SCORE, new_page=bool(told.of_kind(scale.RISK))
        )


def _map(told: Told, kind: str, view: str, *, new_page: bool = False) -> Iterator[Block]:
    words, entries = WORDS[kind], told.of_kind(kind)
    score = words.residual if view == grid.RESIDUAL else words.score
    title = f"{words.plural.capitalize()} by {score.lower()}"
    yield Heading(title, new_page=new_page)
    svg = pictures.heat_map(
        entries,
        _was(told),
        kind=kind,
        view=view,
        bands=told.terms.bands,
        appetite=told.terms.appetite if kind == scale.RISK else None,
    )
    yield Picture(svg, f"{title}, {told.quarter}. {_in_words(entries, kind, view)}", 0.95)
    yield Paragraph(_legend(told, kind, arrows=view == grid.SCORE), quiet=True)
    yield from _not_placed(entries, kind, view)


def _was(told: Told) -> dict[int, Content] | None:
    if told.changes is None:
        return None
    return {one.entry: one.before for one in told.changes.changes if one.before is not None}


def _in_words(entries: Sequence[Content], kind: str, view: str) -> str:
    """Every square that something stands on, the highest first."""
    squares: dict[Position, list[str]] = {}
    for one in entries:
        if position := grid.shown_position(one, view):
            squares.setdefault(position, []).append(one.reference)
    if not squares:
        return "Nothing is placed."
    said = [
        f"{square.words(kind)} ({square.score}): {listed(squares[square], most=MOST_IN_WORDS)}."
        for square in sorted(squares, key=lambda at: (-at.score, -at.impact))
    ]
    return " ".join(said)


def _legend(told: Told, kind: str, *, arrows: bool, line: bool = True) -> str:
    ranges = ", ".join(
        f"{word} {low} to {high}" for _, word, low, high in told.terms.bands.ranges(kind)
    )
    said = [f"{ranges}; the darker, the higher."]
    if kind == scale.RISK:
        above = f"scores above {told.terms.appetite}"
        said.append(
            f"The heavy line is the appetite: {above}." if line else f"Above appetite: {above}."
        )
    if arrows and told.since:
        said.append(f"↑ up, ↓ down and ✦ new since {told.since}.")
    return " ".join(said)


def _not_placed(entries: Sequence[Content], kind: str, view: str) -> Iterator[Block]:
    """Those that are on no square: what their score could mean, never a guess."""
    missing = [one for one in entries if grid.shown_position(one, view) is None]
    if not missing:
        return
    yield Paragraph(f"Not placed, since no square is recorded for them ({len(missing)}):")
    yield Points(tuple(Point(_could_be(one, kind, view)) for one in grid.by_score(missing, view)))


def _could_be(one: Content, kind: str, view: str) -> str:
    score = grid.shown_score(one, view)
    at = f", {score}" if score is not None else ""
    return f"{one.reference} {one.title}{at}: {grid.possible_words(score, kind)}"


def _moved(told: Told) -> Iterator[Block]:
    """Where risks went since the edition before."""
    if told.changes is None:
        return
    was = _was(told) or {}
    moves, missing = [], []
    for one in told.of_kind(scale.RISK):
        before = was.get(one.entry)
        if one.position is None or (before is not None and before.position is None):
            missing.append(one.reference)
            continue
        origin = before.position if before else None
        moves.append(
            Move(one.reference, one.title, one.kind, "", one.position, origin, before is None)
        )
    title = f"Risks: movement since {told.since}"
    yield Heading(title, new_page=True)
    went = [move for move in moves if move.moved or move.fresh]
    # All of them; where that is too much for a page, those that moved; else as rows.
    drawn = ((shown, svg) for shown in (moves, went) if (svg := _movement(told, shown)))
    shown, svg = next(drawn, ((), ""))
    yield from _drawn(svg, title, went, all_shown=shown is moves) if svg else _listed(went)
    if missing:
        yield Paragraph(
            "Not drawn, since a square is not recorded in one of the two: "
            f"{listed(missing, most=MOST_IN_WORDS)}."
        )


def _movement(told: Told, moves: Sequence[Move]) -> str:
    """The drawing, or "" where it would be too small to read."""
    return pictures.movement_map(
        moves, kind=scale.RISK, bands=told.terms.bands, appetite=told.terms.appetite
    )


def _drawn(svg: str, title: str, went: Sequence[Move], *, all_shown: bool) -> Iterator[Block]:
    said = ". ".join(move.words for move in went[:MOST_IN_WORDS]) or "No risk moved"
    more = f". And {len(went) - MOST_IN_WORDS} more" if len(went) > MOST_IN_WORDS else ""
    yield Picture(svg, f"{title}. {said}{more}.", 0.95)
    others = "" if all_shown else " Risks that stayed where they were are left out."
    yield Paragraph(
        f"An arrow leads from the square before (dashed) to the square now; ✦ is new.{others}",
        quiet=True,
    )


def _listed(went: Sequence[Move]) -> Iterator[Block]:
    """The same in rows, where a drawing would be too small to read."""
    yield Paragraph("Too many moved to be drawn on a page. From where, and to where:")
    yield Table(
        "Risks that moved, with the square before and the square now",
        [Column("Ref", 0.6), Column("Title", 4), Column("From", 2), Column("To", 2)],
        [
            [
                cell(move.reference, strong=True),
                cell(move.title),
                cell("New" if move.fresh else _square(move.start)),
                cell(_square(move.target)),
            ]
            for move in went
        ],
    )


def _square(position: Position) -> str:
    return f"{position.score} ({position.words(scale.RISK)})"


# The key ------------------------------------------------------------------------------------------


def key(told: Told) -> Iterator[Block]:
    """The 5×5 as a table, and the bands."""
    for kind in (scale.RISK, scale.OPPORTUNITY):
        if kind == scale.OPPORTUNITY and not told.of_kind(kind):
            continue
        yield Paragraph(f"{WORDS[kind].plural.capitalize()}: impact × likelihood")
        yield Table(
            f"The score of each square of the 5×5, {WORDS[kind].plural}",
            [
                Column("Impact", 2),
                *(
                    Column(f"{level} {scale.likelihood_word(level)}", 1, True)
                    for level in scale.LEVELS
                ),
            ],
            [
                [
                    cell(f"{impact} {scale.impact_word(impact, kind)}", strong=True),
                    *(
                        cell(square.score, told.terms.bands.code(square.score, kind))
                        for square in (Position(impact, level) for level in scale.LEVELS)
                    ),
                ]
                for impact in reversed(scale.LEVELS)
            ],
        )
        yield Paragraph(_legend(told, kind, arrows=False, line=False), quiet=True)
