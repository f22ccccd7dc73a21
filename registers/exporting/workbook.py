"""An edition as a workbook: its entries, its actions, its heat map, and what it is about.

The same rows go into the CSV files, one of entries and one of actions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from registers.domain import grid, promises, scale
from registers.domain.content import Content
from registers.domain.english import listed
from registers.domain.kinds import WORDS
from registers.domain.scale import Position
from registers.exporting import tabular
from registers.exporting.pack.facts import PUBLIC, Past, Told
from registers.exporting.tabular import Cell, Heading, Sheet, Value

KINDS = (scale.RISK, scale.OPPORTUNITY)


@dataclass(frozen=True, slots=True)
class Figure:
    """A column of the sheet of entries: `score` names the score that colours it."""

    heading: Heading
    value: Callable[[Past], Value]
    score: str = ""


def _impact(position: Position | None) -> int | None:
    return position.impact if position else None


def _likelihood(position: Position | None) -> int | None:
    return position.likelihood if position else None


def _scored(name: str, prefix: str) -> Iterator[Figure]:
    """A score as its two levels and their product."""
    label = f"{name} " if name else ""
    yield Figure(
        Heading(f"{label}impact".capitalize(), 10),
        lambda past: _impact(getattr(past.latest, f"{prefix}position")),
    )
    yield Figure(
        Heading(f"{label}likelihood".capitalize(), 10),
        lambda past: _likelihood(getattr(past.latest, f"{prefix}position")),
    )
    yield Figure(
        Heading(f"{label}score".capitalize(), 10),
        lambda past: getattr(past.latest, f"{prefix}score"),
        f"{prefix}score",
    )


def _band(past: Past) -> Value:
    one = past.latest
    return None if one.score is None else one.bands.word(one.score, one.kind)


def _appetite(past: Past) -> Value:
    return past.latest.appetite if past.latest.kind == scale.RISK else None


def _above(past: Past) -> Value:
    since = past.standing.above_since
    return since.label if since else None


def _flags(past: Past) -> Value:
    return "; ".join(flag.marked for flag in past.flags)


def figures(*, inherent: bool) -> list[Figure]:
    """The columns of the sheet of entries; of the inherent score where the register uses it."""
    return [
        Figure(Heading("Kind", 12), lambda past: WORDS[past.latest.kind].name.capitalize()),
        Figure(Heading("Reference", 10), lambda past: past.latest.reference),
        Figure(Heading("Title", 44, wraps=True), lambda past: past.latest.title),
        Figure(Heading("Types", 24, wraps=True), lambda past: "; ".join(past.latest.all_types)),
        Figure(Heading("Owner", 30, wraps=True), lambda past: past.latest.owner),
        *_scored("", ""),
        Figure(Heading("Band", 12), _band),
        *_scored("residual", "residual_"),
        Figure(Heading("Residual by", 18), lambda past: past.latest.residual_by),
        *(_scored("inherent", "inherent_") if inherent else ()),
        Figure(Heading("Appetite", 10), _appetite),
        Figure(Heading("Above appetite since", 16), _above),
        Figure(
            Heading("Direction stated", 14),
            lambda past: past.latest.direction.capitalize() or "Not stated",
        ),
        Figure(Heading("Flags", 60, wraps=True), _flags),
    ]


def entries(told: Told) -> Sheet:
    inherent = any(one.inherent_score is not None for one in told.entries)
    columns = figures(inherent=inherent)
    return Sheet(
        "Entries",
        [column.heading for column in columns],
        ([_cell(column, past) for column in columns] for past in told.in_order),
    )


def _cell(column: Figure, past: Past) -> Cell:
    if not column.score:
        return Cell(column.value(past))
    one = past.latest
    score = getattr(one, column.score)
    return Cell(column.value(past), "" if score is None else one.bands.code(score, one.kind))


ACTIONS = (
    Heading("Reference", 10),
    Heading("Title", 36, wraps=True),
    Heading("Action", 60, wraps=True),
    Heading("Lead", 26, wraps=True),
    Heading("Due", 18),
    Heading("First due", 18),
    Heading("Times put off", 10),
    Heading("Status", 14),
    Heading("Done on", 18),
    Heading("Because", 40, wraps=True),
)


def actions(told: Told) -> Sheet:
    rows = (_action(past, line) for past in told.in_order for line in past.lines)
    return Sheet("Actions", ACTIONS, rows)


_STATUS = {"not_started": "Not started", "in_progress": "In progress", "done": "Done"}
_STATUS |= {"dropped": "Dropped", "": "Not stated"}


def _action(past: Past, line: promises.Line) -> list[Cell]:
    action, slips = line.action, past.slips.get(line.action.key, ())
    first: date | None = slips[0].was if slips else action.due
    values: Sequence[Value] = (
        past.latest.reference,
        past.latest.title,
        action.text,
        action.lead,
        action.due,
        first,
        len(slips),
        _STATUS[action.status],
        action.completed_on,
        action.reason,
    )
    return [Cell(value) for value in values]


def heat_map(told: Told) -> Sheet:
    """Both kinds under each other: in each square its score and the entries that stand on it."""
    headings = [
        Heading("Kind", 14),
        Heading("Impact", 18),
        *(
            Heading(f"{level} {scale.likelihood_word(level)}", 24, wraps=True)
            for level in scale.LEVELS
        ),
    ]
    return Sheet("Heat map", headings, _squares(told))


def _squares(told: Told) -> Iterator[list[Cell]]:
    for kind in KINDS:
        shown = told.of_kind(kind)
        for impact in reversed(scale.LEVELS):
            yield [
                Cell(WORDS[kind].plural.capitalize()),
                Cell(f"{impact} {scale.impact_word(impact, kind)}"),
                *(_square(told, shown, kind, Position(impact, level)) for level in scale.LEVELS),
            ]


def _square(told: Told, shown: Sequence[Content], kind: str, at: Position) -> Cell:
    here = [one.reference for one in shown if grid.shown_position(one, grid.SCORE) == at]
    said = f"{at.score}: {listed(here)}" if here else str(at.score)
    return Cell(said, told.terms.bands.code(at.score, kind))


def about(told: Told) -> list[tuple[str, str]]:
    state = "Draft, not published" if told.is_draft else f"Published, issue {told.issue}"
    unplaced = [one.reference for one in told.entries if one.score and one.position is None]
    return [
        ("Council", told.council),
        ("Register", told.register),
        ("Edition", told.quarter.label),
        ("State", state),
        *_digest(told),
        ("Part", {"public": "Public"}.get(told.part, "Not for publication")),
        ("Entries", str(len(told.entries))),
        ("Not on the heat map", listed(unplaced) or "None"),
        ("Appetite", f"{told.terms.appetite}: a risk that scores more is above it"),
        *((f"Bands of {WORDS[kind].plural}", _bands(told, kind)) for kind in KINDS),
        ("Key", "A score is impact × likelihood, each from 1 to 5"),
        *(
            (
                f"Impact {level}",
                " or ".join(dict.fromkeys(scale.impact_word(level, k) for k in KINDS)),
            )
            for level in scale.LEVELS
        ),
        *((f"Likelihood {level}", scale.likelihood_word(level)) for level in scale.LEVELS),
    ]


def _digest(told: Told) -> Iterator[tuple[str, str]]:
    """Of the whole publication: with it a guess at what is held back could be tried out, so a
    public part that leaves something out is without it.
    """
    if told.part != PUBLIC or not told.held_back:
        yield "Digest of the publication", told.digest or "None: it is not published"


def _bands(told: Told, kind: str) -> str:
    return ", ".join(
        f"{word} {low} to {high}" for _, word, low, high in told.terms.bands.ranges(kind)
    )


def as_excel(told: Told) -> bytes:
    title = f"{told.register} {told.quarter}"
    return tabular.as_workbook(title, [entries(told), actions(told), heat_map(told)], about(told))
