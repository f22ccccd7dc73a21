"""The scores of each entry side by side, edition by edition; and a score as a cell."""

from __future__ import annotations

from collections.abc import Iterator

from registers.domain.content import Content
from registers.exporting.pack.blocks import Block, Cell, Column, Heading, Paragraph, Table, cell
from registers.exporting.pack.facts import Told


def blocks(told: Told) -> Iterator[Block]:
    if not told.entries:
        return
    first, last = told.quarters[0], told.quarters[-1]
    yield Heading("Scores side by side", 1, new_page=True)
    yield Paragraph(
        f"The score of each entry in the editions from {first} to {last}, as it was published. A "
        "dash: the entry was not in that edition, or had no score."
    )
    columns = [
        Column("Ref", 0.6),
        Column("Title", 3.4),
        *(Column(quarter.label, 0.8, True) for quarter in told.quarters),
        Column("Residual", 0.8, True),
    ]
    yield Table("Scores of each entry, edition by edition", columns, [*_rows(told)])


def _rows(told: Told) -> Iterator[list[Cell]]:
    for one in told.in_order:
        latest = one.latest
        yield [
            cell(latest.reference, strong=True),
            cell(latest.title),
            *(banded(latest, one.scores.get(quarter)) for quarter in told.quarters),
            banded(latest, latest.residual_score),
        ]


def banded(one: Content, score: int | None, *, unscored: str = "–", strong: bool = False) -> Cell:
    """A score of an entry in its band; `unscored` stands where there is none."""
    if score is None:
        return cell(unscored)
    return cell(score, one.bands.code(score, one.kind), strong=strong)
