"""The tables of the covering report, each below its heading, or a sentence where it has no row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from registers.domain import difference, movement
from registers.domain.content import COMMENTARY, Content
from registers.domain.difference import Change
from registers.domain.english import written
from registers.domain.flags import Flag
from registers.domain.headlines import first_point, shortened
from registers.domain.passages import Point
from registers.exporting.pack.blocks import Block, Cell, Column, Heading, Paragraph, Table, cell
from registers.exporting.pack.facts import NOT_REACHED, STANDS_STILL, Past, Told
from registers.exporting.pack.scores import banded


def changes(told: Told) -> Iterator[Block]:
    if told.since is None:
        yield Heading("Changes")
        yield Paragraph("There is no earlier edition to compare this one with.")
        return
    yield Heading(f"Changes since {told.since}")
    if not told.changed:
        yield Paragraph(f"No entry came, went, moved or took another number since {told.since}.")
        return
    columns = [
        Column("Ref", 0.6),
        Column(f"In {told.since}", 0.8),
        Column("Title", 2.6),
        Column("Score before", 0.75, True),
        Column("Score now", 0.75, True),
        Column("Residual", 1.35, True),
        Column("Direction stated", 0.9),
        Column("What changed, and the reason", 4.2),
    ]
    yield Table(
        f"Entries that came, went, moved or were renumbered since {told.since}",
        columns,
        [_change(change) for change in told.changed],
    )


def _change(change: Change) -> list[Cell]:
    before, after, latest = change.before, change.after, change.latest
    return [
        cell(after.reference if after else "–", strong=True),
        cell(before.reference if before else "–"),
        cell(latest.title),
        _score(before) if before else cell("–"),
        _score(after) if after else cell("–"),
        cell(_residual(after)) if after else cell("–"),
        cell((after.direction.capitalize() or "Not stated") if after else "–"),
        cell(" ".join(filter(None, [_became(change), _reason(change)]))),
    ]


def _score(one: Content) -> Cell:
    return banded(one, one.score, unscored="None", strong=True)


def _residual(one: Content) -> str:
    if one.residual_score is None:
        return "None"
    by = f"\nby {written(one.residual_by)}" if one.residual_by else ""
    return f"{one.residual_score}{by}"


_BECAME = {
    difference.ROSE: "Rose.",
    difference.FELL: "Fell.",
    difference.GREW: "Grew.",
    difference.SHRANK: "Shrank.",
    difference.NEW: "New.",
    difference.ABSENT: "Absent, and nobody says why.",
    difference.UNKNOWN: "Score not known in one of the two.",
}


def _became(change: Change) -> str:
    if change.group == difference.CLOSED and change.ending:
        return f"{change.ending.words}."
    said = [_BECAME.get(change.group, "")]
    if change.movement.kind == movement.LEVEL and change.moved_square:
        said.append("Another square of the same score.")
    if change.renumbered:
        said.append("Renumbered.")
    return " ".join(filter(None, said))


def _reason(change: Change) -> str:
    """The reason that was given for an ending; else the first point of the owner's commentary."""
    if change.after is None:
        return shortened(change.ending.reason) if change.ending else ""
    return first_point(change.after.texts.get(COMMENTARY, ""))


def not_reached(told: Told) -> Iterator[Block]:
    yield from _flagged(
        "Residual scores promised and not reached",
        "Residual scores whose day has gone by, or that were promised for long",
        [(one, one.flagged(NOT_REACHED)) for one in told.in_order],
        "No residual score is past its day, or has been promised for long.",
    )


def still(told: Told) -> Iterator[Block]:
    yield from _flagged(
        "What stands still",
        "Scores above appetite, and texts, that read as they did editions ago",
        [(one, one.flagged(STANDS_STILL)) for one in told.in_order],
        "No score above appetite, no control and no action has stood unchanged for long.",
    )


def closer_look(told: Told) -> Iterator[Block]:
    yield Heading("Suggested for a closer look")
    if not told.closer_look:
        yield Paragraph("Nothing in the record singles out an entry.")
        return
    yield _reasons(
        "Entries that lead in something, with each reason",
        [(told.pasts[dive.content.entry], dive.reasons) for dive in told.closer_look],
    )


def _flagged(
    heading: str, summary: str, found: Iterable[tuple[Past, Sequence[Flag]]], none: str
) -> Iterator[Block]:
    yield Heading(heading)
    named = [(one, [flag.told for flag in flags]) for one, flags in found if flags]
    yield _reasons(summary, named) if named else Paragraph(none)


def _reasons(summary: str, found: Iterable[tuple[Past, Iterable[str]]]) -> Table:
    """Entries with their scores, and what the record says of each."""
    columns = [
        Column("Ref", 0.6),
        Column("Title", 3),
        Column("Score", 0.7, True),
        Column("Residual", 1.55, True),
        Column("What the record shows", 6),
    ]
    return Table(
        summary,
        columns,
        [
            [
                cell(one.latest.reference, strong=True),
                cell(one.latest.title),
                _score(one.latest),
                cell(_residual(one.latest)),
                Cell(tuple(Point(reason) for reason in reasons)),
            ]
            for one, reasons in found
        ],
    )


def questions(told: Told) -> Iterator[Block]:
    if not told.questions:
        return
    yield Heading("Questions that are still open")
    columns = [Column("Ref", 0.6), Column("Question", 6), Column("Asked on", 1.2)]
    yield Table(
        "Members' questions without an answer",
        columns,
        [
            [cell(one.reference, strong=True), cell(one.text), cell(written(one.asked_on))]
            for one in told.questions
        ],
    )
