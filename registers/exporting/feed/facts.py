"""What a row of the feed says, by name. The names are a promise: docs/schema/feed.json lists them.

No row has a number of the database: a register goes by its short name, an edition by its quarter,
an entry by its printed reference there and by a key that stays the same for life.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from registers.domain import content, scale
from registers.domain.columns import BY_NAME, Beside
from registers.domain.content import Action, Content
from registers.exporting.tabular import Cell, Heading, Sheet
from registers.models import Edition, Publication, Register

Value = str | int | bool | date | Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    value: Callable[[Any], Value]


@dataclass(frozen=True, slots=True)
class InRegister:
    """A register; `parent` is the one it stands below, if that may be read."""

    register: Register
    parent: str | None


@dataclass(frozen=True, slots=True)
class InEdition:
    """An edition with how much of it its reader may read; `publication` of what is published."""

    edition: Edition
    entries: int
    publication: Publication | None
    cleared: bool


@dataclass(frozen=True, slots=True)
class InEntry:
    """What an edition says of an entry. `key` is the entry's own; `exempt` as of then or today."""

    edition: Edition
    one: Content
    key: str
    exempt: bool


@dataclass(frozen=True, slots=True)
class InAction:
    entry: InEntry
    action: Action


def plain(facts: Sequence[Fact], row: object) -> dict[str, Any]:
    """A row as JSON has it."""
    return {fact.name: _plain(fact.value(row)) for fact in facts}


def _plain(value: Value) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def sheet(title: str, facts: Sequence[Fact], rows: Iterable[object]) -> Sheet:
    """The same rows as a table."""
    headings = [Heading(fact.name) for fact in facts]
    return Sheet(title, headings, ([_cell(fact.value(row)) for fact in facts] for row in rows))


def _cell(value: Value) -> Cell:
    if isinstance(value, bool):
        return Cell("true" if value else "false")
    return Cell("; ".join(value) if isinstance(value, tuple) else value)


# Registers ----------------------------------------------------------------------------------------


REGISTERS = (
    Fact("register", lambda row: row.register.slug),
    Fact("name", lambda row: row.register.name),
    Fact("parent", lambda row: row.parent),
    Fact("committee", lambda row: row.register.committee),
    Fact("appetite", lambda row: row.register.appetite),
)


# Editions -----------------------------------------------------------------------------------------


def _digest(row: InEdition) -> str | None:
    """Of the whole publication: with it a guess at what is held back could be tried out."""
    return row.publication.digest if row.publication and row.cleared else None


def _moment(row: InEdition) -> str | None:
    return row.publication.published_at.isoformat() if row.publication else None


EDITIONS = (
    Fact("register", lambda row: row.edition.register.slug),
    Fact("edition", lambda row: row.edition.quarter.slug),
    Fact("label", lambda row: row.edition.quarter.label),
    Fact("begins", lambda row: row.edition.quarter.starts),
    Fact("ends", lambda row: row.edition.quarter.ends),
    Fact("state", lambda row: row.edition.state),
    Fact("issue", lambda row: row.edition.issue),
    Fact("prepared_on", lambda row: row.edition.prepared_on),
    Fact("committee_on", lambda row: row.edition.committee_on),
    Fact("published_at", _moment),
    Fact("digest", _digest),
    Fact("entries", lambda row: row.entries),
    Fact("medium_from", lambda row: row.edition.medium_from),
    Fact("high_from", lambda row: row.edition.high_from),
    Fact("very_high_from", lambda row: row.edition.very_high_from),
    Fact("appetite", lambda row: row.edition.appetite),
)


# Entries ------------------------------------------------------------------------------------------


def _band(row: InEntry) -> str | None:
    one = row.one
    return None if one.score is None else one.bands.word(one.score, one.kind)


def _level(name: str, level: str) -> Callable[[InEntry], int | None]:
    return lambda row: getattr(getattr(row.one, name), level, None)


def _scored(prefix: str) -> tuple[Fact, ...]:
    """A score as its two levels and their product; the levels are null where only it is known."""
    return (
        Fact(f"{prefix}impact", _level(f"{prefix}position", "impact")),
        Fact(f"{prefix}likelihood", _level(f"{prefix}position", "likelihood")),
        Fact(f"{prefix}score", lambda row: getattr(row.one, f"{prefix}score")),
    )


def _text(section: str) -> Fact:
    """A text as lines, its bullets marked and set in."""
    column = BY_NAME[section]
    return Fact(section, lambda row: column.value(row.one, _ALONE) or "")


_ALONE = Beside()
_WHICH = (
    Fact("register", lambda row: row.edition.register.slug),
    Fact("edition", lambda row: row.edition.quarter.slug),
    Fact("issue", lambda row: row.edition.issue),
    Fact("state", lambda row: row.edition.state),
    Fact("reference", lambda row: row.one.reference),
    Fact("key", lambda row: row.key),
)

ENTRIES = (
    *_WHICH,
    Fact("kind", lambda row: row.one.kind),
    Fact("exempt", lambda row: row.exempt),
    Fact("order", lambda row: row.one.order),
    Fact("title", lambda row: row.one.title),
    Fact("types", lambda row: tuple(row.one.all_types)),
    Fact("owner", lambda row: row.one.owner),
    *_scored(""),
    Fact("band", _band),
    *_scored("residual_"),
    Fact("residual_by", lambda row: row.one.residual_by),
    *_scored("inherent_"),
    Fact("appetite", lambda row: row.one.appetite if row.one.kind == scale.RISK else None),
    Fact("above_appetite", lambda row: row.one.above_appetite),
    Fact("direction", lambda row: row.one.direction or None),
    _text(content.DESCRIPTION),
    _text(content.CONSEQUENCES),
    _text(content.CONTROLS),
    _text(content.COMMENTARY),
)


# Actions ------------------------------------------------------------------------------------------


ACTIONS = (
    *(Fact(fact.name, lambda row, value=fact.value: value(row.entry)) for fact in _WHICH),
    Fact("action", lambda row: str(row.action.key)),
    Fact("text", lambda row: row.action.text),
    Fact("lead", lambda row: row.action.lead),
    Fact("due", lambda row: row.action.due),
    Fact("status", lambda row: row.action.status or None),
    Fact("completed_on", lambda row: row.action.completed_on),
    Fact("because", lambda row: row.action.reason),
)

KINDS: Mapping[str, tuple[Fact, ...]] = {
    "registers": REGISTERS,
    "editions": EDITIONS,
    "entries": ENTRIES,
    "actions": ACTIONS,
}
