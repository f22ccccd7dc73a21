"""The entries of an edition as a sheet: the rows, the order and the columns of the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from registers.domain.columns import Beside, Column
from registers.domain.content import Content
from registers.exporting.tabular import Cell, Heading, Sheet


def sheet(
    title: str,
    contents: Iterable[Content],
    columns: Sequence[Column],
    beside: Beside,
    *,
    since: str = "",
    about: Sequence[tuple[str, str]] = (),
) -> Sheet:
    """`since` names the edition that movements are counted from."""
    return Sheet(
        title,
        [Heading(_label(column, since), column.width, column.wraps) for column in columns],
        ([_cell(column, one, beside) for column in columns] for one in contents),
        about,
    )


def _label(column: Column, since: str) -> str:
    return f"Since {since}" if column.name == "since" and since else column.label


def _cell(column: Column, one: Content, beside: Beside) -> Cell:
    return Cell(column.value(one, beside), _band(column, one))


def _band(column: Column, one: Content) -> str:
    """The band that colours a score: 'r1' … 'o4'."""
    score = getattr(one, column.score) if column.score else None
    return "" if score is None else one.bands.code(score, one.kind)
