"""Actions with who leads them and when they are due: those that are late, and all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from registers.domain import pack_headings
from registers.domain.promises import Line
from registers.exporting.pack.blocks import Block, Column, Heading, Paragraph, Table, cell
from registers.exporting.pack.facts import Past, Told


def late(told: Told) -> Iterator[Block]:
    yield Heading("Actions overdue, or put off this quarter")
    found = [(one, line) for one in told.in_order for line in one.late]
    if not found:
        yield Paragraph("No action is overdue, and none was put off this quarter.")
        return
    yield _table(
        "Actions that are overdue or were put off, with who leads them and when they are due",
        "What the record shows",
        found,
        no_lead="Not named",
    )


def appendix(told: Told) -> Iterator[Block]:
    """Who leads each action and when it is due, where that is recorded."""
    found = [(one, line) for one in told.in_order for line in one.lines if _is_recorded(line)]
    if not found:
        return
    yield Heading(pack_headings.ACTIONS, 1, new_page=True)
    yield _table("Every action with its lead, its due date and its status", "Status", found)


def _is_recorded(line: Line) -> bool:
    return bool(line.action.lead or line.action.due or line.action.status)


def _table(summary: str, last: str, found: Iterable[tuple[Past, Line]], no_lead: str = "") -> Table:
    """`last` is the heading of the last column, `no_lead` what stands where nobody leads."""
    columns = [
        Column("Ref", 0.6),
        Column("Action", 5),
        Column("Lead", 2),
        Column("Due", 1.2),
        Column(last, 2.6),
    ]
    return Table(
        summary,
        columns,
        [
            [
                cell(one.latest.reference, strong=True),
                cell(line.action.text),
                cell(line.action.lead or no_lead),
                cell(line.due),
                cell("\n".join((line.word, *line.notes))),
            ]
            for one, line in found
        ],
    )
