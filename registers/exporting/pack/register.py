"""Appendix A: the register in its ten columns, as a council prints it and an import reads it.

An entry with strands has a row for the whole and a row for each strand; what they share stands in
the first and is blank below, since a table with merged cells is hard to follow by ear.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from registers.domain import scale
from registers.domain.content import (
    COMMENTARY,
    CONSEQUENCES,
    CONTROLS,
    DESCRIPTION,
    Content,
    Strand,
)
from registers.domain.kinds import WORDS
from registers.domain.passages import BULLET, PLAIN, Passage, Point, parse
from registers.exporting.pack.blocks import Cell, Column, Table, cell
from registers.exporting.pack.scores import banded

# Each holds the longest word of its heading with room to spare.
SHARES = (0.62, 1.35, 1.05, 1.45, 1.85, 1.05, 1.85, 1.05, 1.1, 1.5)


def headings(kind: str) -> tuple[str, ...]:
    """The headings of the ten columns, in the words of a kind."""
    words = WORDS[kind]
    name = words.name.capitalize()
    return (
        "Ref",
        f"{name} description",
        f"{name} type",
        words.consequences,
        words.controls,
        words.score,
        words.actions,
        words.residual,
        f"{name} owner",
        "Direction of travel",
    )


def table(kind: str, entries: Sequence[Content], summary: str) -> Table:
    centred = (0, 5, 7)
    columns = [
        Column(label, share, number in centred)
        for number, (label, share) in enumerate(zip(headings(kind), SHARES, strict=True))
    ]
    return Table(summary, columns, [row for one in entries for row in rows(one)])


def rows(one: Content) -> Iterator[list[Cell]]:
    """The row of an entry, and one for each of its strands."""
    yield [
        cell(one.reference, strong=True),
        Cell((Point(one.title, plain=True), *_written(one, DESCRIPTION, PLAIN)), titled=True),
        cell("\n".join(_own_types(one))),
        Cell(_written(one, CONSEQUENCES)),
        Cell(_written(one, CONTROLS)),
        scored(one, one.score, one.position),
        Cell(_actions(one, None)),
        scored(one, one.residual_score, one.residual_position),
        cell(one.owner),
        Cell(_direction(one.direction, _written(one, COMMENTARY, PLAIN))),
    ]
    for strand in one.strands:
        yield _of_strand(one, strand)


def _of_strand(one: Content, strand: Strand) -> list[Cell]:
    return [
        Cell(),
        Cell((Point(strand.heading, plain=True),), titled=True),
        cell("\n".join(strand.types)),
        Cell(parse(strand.consequences)),
        Cell(parse(strand.controls)),
        Cell(),
        Cell(_actions(one, strand.number)),
        Cell(),
        Cell(),
        Cell(_direction(strand.direction, parse(strand.commentary, PLAIN))),
    ]


def scored(one: Content, score: int | None, position: scale.Position | None) -> Cell:
    """'16' over '(Major/Likely)', in its band; the number alone where its square is not known."""
    if score is None or position is None:
        return banded(one, score, unscored="", strong=True)
    band = one.bands.code(score, one.kind)
    impact = scale.impact_word(position.impact, one.kind)
    return cell(f"{score}\n({impact}/{scale.likelihood_word(position.likelihood)})", band)


def _written(one: Content, section: str, unmarked: str = BULLET) -> Passage:
    return parse(one.texts.get(section, ""), unmarked)


def _own_types(one: Content) -> list[str]:
    """The types that no strand names for itself."""
    of_strands = {name for strand in one.strands for name in strand.types}
    return [name for name in one.types if name not in of_strands]


def _actions(one: Content, strand: int | None) -> Passage:
    return tuple(
        Point(action.text, action.level, action.plain)
        for action in one.actions
        if action.strand == strand
    )


def _direction(direction: str, commentary: Passage) -> Passage:
    said = (Point(direction.capitalize(), plain=True),) if direction else ()
    return (*said, *commentary)
