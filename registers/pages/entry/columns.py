"""The columns of an entry's printed row, as its page shows them. Pure.

An empty column says why it is empty: it was left blank, or the source had no such column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from registers.domain import content, passages, promises
from registers.domain.content import COMMENTARY, CONSEQUENCES, CONTROLS, DESCRIPTION, Content
from registers.domain.kinds import KindWords
from registers.domain.passages import Passage
from registers.domain.path import Path

NOT_IN_SOURCE, LEFT_BLANK = "Not in the source document", "Left blank"

# The latest statements of the owner that are shown.
STATEMENTS = 4


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its points, or the words that stand `instead` of them."""

    label: str
    points: Passage
    note: str = ""
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Strand:
    """A numbered part with the columns and the actions it has of its own."""

    part: content.Strand
    columns: tuple[Column, ...]
    actions: tuple[promises.Line, ...]
    commentary: Passage


@dataclass(frozen=True, slots=True)
class Statement:
    """What the owner said of the direction in one edition."""

    stop: Content
    commentary: Passage


def columns(path: Path, words: KindWords) -> list[Column]:
    """Description, consequences and controls of the whole entry.

    A description is shown only where there is one, and a column that is told strand by strand
    is left to the strands.
    """
    now = path.latest
    found = []
    if description := passages.parse(now.texts.get(DESCRIPTION, "")):
        found.append(Column("Description", description))
    for name, label in ((CONSEQUENCES, words.consequences), (CONTROLS, words.controls)):
        points = passages.parse(now.texts.get(name, ""))
        if not points and any(getattr(part, name) for part in now.strands):
            continue
        found.append(Column(label, points, _standing(path, name), "" if points else why(now, name)))
    return found


def why(stop: Content, column: str) -> str:
    """Why a column is empty."""
    return LEFT_BLANK if stop.was_printed(column) else NOT_IN_SOURCE


def _standing(path: Path, section: str) -> str:
    """'Unchanged since Q4 2025/26', or nothing where it changed in this edition."""
    if not path.latest.passage(section):
        return ""
    same = path.lately(section)
    return f"Unchanged since {same[0].quarter}" if len(same) > 1 else ""


def strands(path: Path, words: KindWords, actions: Sequence[promises.Line]) -> list[Strand]:
    return [
        Strand(
            part,
            tuple(
                Column(label, points)
                for label, text in (
                    (words.consequences, part.consequences),
                    (words.controls, part.controls),
                )
                if (points := passages.parse(text))
            ),
            tuple(line for line in actions if line.action.strand == part.number),
            passages.parse(part.commentary, passages.PLAIN),
        )
        for part in path.latest.strands
    ]


def statements(path: Path) -> list[Statement]:
    """What the owner said of the direction, latest first; this edition's even if it is nothing."""
    found = [
        Statement(stop, passages.parse(stop.texts.get(COMMENTARY, ""), passages.PLAIN))
        for stop in reversed(path.stops)
        if stop is path.latest or stop.direction or stop.texts.get(COMMENTARY)
    ]
    return found[:STATEMENTS]


def unread(stop: Content) -> dict[str, str]:
    """The printed cell of a score that could not be read whole, by column."""
    found = {}
    for column, score, position in (
        ("score", stop.score, stop.position),
        ("residual", stop.residual_score, stop.residual_position),
    ):
        printed = stop.printed_line(column)
        if printed and (score is None or (position is None and not printed.isdigit())):
            found[column] = printed
    return found
