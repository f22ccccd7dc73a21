"""Reads the demonstration register: what register.toml and entries/*.toml say, checked and whole.

An entry's file states what changed from quarter to quarter. Here the rest is carried forward, so
that every quarter comes out complete. Pure: nothing here knows the database.

Raises ContentError, with the file and the quarter in the sentence, for anything it can't read.
"""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from registers.domain import passages, scale
from registers.domain.quarters import Quarter

HERE = Path(__file__).parent
KEYS = uuid.UUID("5b0c2f0e-6d1a-5a55-9e0b-0a5b5a5b5a5b")

DIRECTIONS = {"up", "level", "down", "new"}
STATUSES = {"not started", "in progress", "done", "dropped"}
STATES = {"to update", "draft", "submitted", "sent back", "accepted"}

_TEXTS = ("title", "description", "consequences", "controls")
_PASSAGES = ("consequences", "controls")
_CARRIED = (*_TEXTS, "types", "owner", "score", "residual", "by")
_OWN = ("quarter", "direction", "commentary", "override", "state", "comment", "answers")
_EDITS = ("reword", "add", "strands", "actions")
_STRAND = ("title", "lead", "types", *_PASSAGES)
_ACTION = ("strand", "text", "lead", "due", "status", "completed", "reason", "target")


class ContentError(ValueError):
    """A file of the demonstration register says something that can't be used."""


@dataclass(frozen=True, slots=True)
class Score:
    """A score with its position, where that is known. '5x4' is known; 20 alone is not."""

    number: int
    position: scale.Position | None

    @classmethod
    def read(cls, value: str | int) -> Score:
        if isinstance(value, int):
            return cls(value, scale.certain_position(value))
        impact, _, likelihood = value.partition("x")
        position = scale.Position(int(impact), int(likelihood))
        return cls(position.score, position)


@dataclass(frozen=True, slots=True)
class ActionText:
    """One action as one quarter states it. `name` is the same in every quarter, and so is `key`."""

    name: str
    key: uuid.UUID
    text: str
    lead: str
    due: date | None
    status: str
    strand: int | None = None
    completed: date | None = None
    reason: str = ""
    target: scale.Position | None = None


@dataclass(frozen=True, slots=True)
class StrandText:
    """A numbered part of an entry as one quarter states it."""

    number: int
    title: str
    lead: str
    types: tuple[str, ...]
    consequences: str
    controls: str
    direction: str
    commentary: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What one quarter says of one entry. Passages are in their written form."""

    quarter: Quarter
    title: str
    description: str
    types: tuple[str, ...]
    owner: str
    score: Score
    residual: Score | None
    by: date | None
    consequences: str
    controls: str
    direction: str
    commentary: str
    strands: tuple[StrandText, ...]
    actions: tuple[ActionText, ...]
    override: str
    state: str
    comment: str
    # What is said to flags: their codes, why they are tolerated and until when.
    answers: tuple[tuple[str, str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class EntryFile:
    """One entry over its whole life, by the name of its file."""

    name: str
    kind: str
    exempt_reason: str
    statements: Mapping[Quarter, Statement]


@dataclass(frozen=True, slots=True)
class EditionPlan:
    """The dates of an edition and its printed numbers, reference → name of entry, in order."""

    quarter: Quarter
    opened: date
    deadline: date
    committee: date
    prepared: date | None
    published: date | None
    numbers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ending:
    """A statement on an entry's life; `kind` as in Lineage ('merged_into')."""

    entry: str
    kind: str
    other: str | None
    quarter: Quarter
    reason: str


@dataclass(frozen=True, slots=True)
class Content:
    """The whole demonstration register. The lists of mappings are as register.toml has them."""

    register: Mapping[str, Any]
    types: list[Mapping[str, Any]]
    owners: list[Mapping[str, Any]]
    accounts: list[Mapping[str, Any]]
    people: Mapping[str, str]
    editions: list[EditionPlan]
    lineage: list[Ending]
    entries: Mapping[str, EntryFile] = field(default_factory=dict)


def read(folder: Path = HERE) -> Content:
    """Read and check the whole register."""
    book = _toml(folder / "register.toml")
    content = Content(
        register=book["register"],
        types=book["types"],
        owners=book["owners"],
        accounts=book["accounts"],
        people=book["people"],
        editions=list(_editions(book["editions"])),
        lineage=[_ending(row) for row in book["lineage"]],
        entries={
            path.stem: _entry(path.stem, _toml(path))
            for path in sorted((folder / "entries").glob("*.toml"))
        },
    )
    _check(content)
    return content


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{path.name}: {error}") from error


def _editions(rows: list[Mapping[str, Any]]) -> Iterator[EditionPlan]:
    numbers: dict[str, str] = {}
    for row in rows:
        numbers = {} if row.get("renumbered") else dict(numbers)
        numbers |= row.get("numbers", {})
        yield EditionPlan(
            quarter=Quarter.parse(row["quarter"]),
            opened=row["opened"],
            deadline=row["deadline"],
            committee=row["committee"],
            prepared=row.get("prepared"),
            published=row.get("published"),
            numbers=numbers,
        )


def _ending(row: Mapping[str, Any]) -> Ending:
    return Ending(
        entry=row["entry"],
        kind=row["kind"].replace(" ", "_"),
        other=row.get("other"),
        quarter=Quarter.parse(row["edition"]),
        reason=row["reason"],
    )


def _entry(name: str, source: Mapping[str, Any]) -> EntryFile:
    statements: dict[Quarter, Statement] = {}
    before: dict[str, Any] = {}
    for change in source["quarters"]:
        where = f"{name}.toml, {change.get('quarter', 'a quarter without its name')}"
        try:
            before = _carry(before, change)
            statement = _statement(name, before)
        except KeyError as error:
            raise ContentError(f"{where}: {error.args[0]} is missing") from error
        except ValueError as error:
            raise ContentError(f"{where}: {error}") from error
        if statement.quarter in statements:
            raise ContentError(f"{where}: the quarter stands twice")
        statements[statement.quarter] = statement
    if source.get("exempt", False) != bool(source.get("exempt_reason")):
        raise ContentError(f"{name}.toml: an exempt entry, and only such, has exempt_reason")
    return EntryFile(name, source["kind"], source.get("exempt_reason", ""), statements)


# Carrying forward -------------------------------------------------------------------------------


def _carry(before: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """This quarter as a whole: what the quarter before said, but for what changed."""
    _know(change, (*_CARRIED, *_OWN, *_EDITS))
    after = {key: before[key] for key in (*_CARRIED, "strands", "actions") if key in before}
    after |= {key: change[key] for key in (*_CARRIED, *_OWN) if key in change}
    _edit(after, change)
    after["strands"] = _carry_strands(before.get("strands", {}), change.get("strands", {}))
    after["actions"] = _carry_actions(before.get("actions", {}), change.get("actions", {}))
    return after


def _carry_strands(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    after = {}
    for number in sorted({*before, *changes}):
        change = changes.get(number, {})
        _know(change, (*_STRAND, "direction", "commentary", "reword", "add"))
        kept = before.get(number, {})
        strand = {key: kept[key] for key in _STRAND if key in kept}
        strand |= {
            key: change[key] for key in (*_STRAND, "direction", "commentary") if key in change
        }
        _edit(strand, change)
        after[number] = strand
    return after


def _carry_actions(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Actions that are over stay behind; a reason belongs to the quarter that gave it."""
    after = {
        name: {key: value for key, value in action.items() if key != "reason"}
        for name, action in before.items()
        if action["status"] not in ("done", "dropped")
    }
    for name, change in changes.items():
        _know(change, _ACTION)
        if name in before and name not in after:
            raise ContentError(f"action {name} was over in the quarter before")
        after[name] = after.get(name, {}) | change
    return after


def _edit(after: dict[str, Any], change: Mapping[str, Any]) -> None:
    """Apply `reword` (old words, new words) and `add` (further points)."""
    for column, pairs in change.get("reword", {}).items():
        for old, new in pairs:
            if after[column].count(old) != 1:
                raise ContentError(
                    f"“{old}” stands {after[column].count(old)} times in {column}, not once"
                )
            after[column] = after[column].replace(old, new)
    for column, text in change.get("add", {}).items():
        after[column] = after[column].rstrip("\n") + "\n" + text


def _know(change: Mapping[str, Any], known: tuple[str, ...]) -> None:
    if strange := sorted(set(change) - set(known)):
        raise ContentError(f"{', '.join(strange)} is not a key of this format")


# Reading one quarter ----------------------------------------------------------------------------


def _statement(name: str, row: Mapping[str, Any]) -> Statement:
    state = _one_of(row.get("state", "accepted"), STATES)
    started = state != "to update"
    return Statement(
        quarter=Quarter.parse(row["quarter"]),
        title=row["title"],
        description=_points(row["description"], unmarked=passages.PLAIN),
        types=tuple(row["types"]),
        owner=row["owner"],
        score=Score.read(row["score"]),
        residual=Score.read(row["residual"]) if "residual" in row else None,
        by=row.get("by"),
        consequences=_points(row.get("consequences", "")),
        controls=_points(row.get("controls", "")),
        direction=_one_of(row["direction"], DIRECTIONS) if started else "",
        commentary=row["commentary"] if started else "",
        strands=tuple(_strand(number, strand) for number, strand in row["strands"].items()),
        actions=tuple(_action(name, key, action) for key, action in row["actions"].items()),
        override=row.get("override", ""),
        state=state,
        comment=row.get("comment", ""),
        answers=tuple(
            (code, said["reason"], said["until"]) for code, said in row.get("answers", {}).items()
        ),
    )


def _strand(number: str, row: Mapping[str, Any]) -> StrandText:
    return StrandText(
        number=int(number),
        title=row["title"],
        lead=row["lead"],
        types=tuple(row["types"]),
        consequences=_points(row["consequences"]),
        controls=_points(row["controls"]),
        direction=row.get("direction", ""),
        commentary=row.get("commentary", ""),
    )


def _action(entry: str, name: str, row: Mapping[str, Any]) -> ActionText:
    return ActionText(
        name=name,
        key=uuid.uuid5(KEYS, f"{entry}/{name}"),
        text=row["text"],
        lead=row["lead"],
        due=row.get("due"),
        status=_one_of(row["status"], STATUSES),
        strand=row.get("strand"),
        completed=row.get("completed"),
        reason=row.get("reason", ""),
        target=Score.read(row["target"]).position if "target" in row else None,
    )


def _points(text: str, unmarked: str = passages.BULLET) -> str:
    return passages.write(passages.parse(text, unmarked))


def _one_of(value: str, known: set[str]) -> str:
    if value not in known:
        raise ContentError(f"“{value}” is none of {', '.join(sorted(known))}")
    return value


# Checking the whole -----------------------------------------------------------------------------


def _check(content: Content) -> None:
    """Every printed number has its text in every published quarter, and no text is left over."""
    ended: dict[str, Quarter] = {
        ending.entry: ending.quarter for ending in content.lineage if ending.kind != "split_from"
    }
    owners = {owner["name"] for owner in content.owners}
    for edition in content.editions:
        printed = {
            name
            for name in edition.numbers.values()
            if name not in ended or edition.quarter < ended[name]
        }
        said = {
            name for name, entry in content.entries.items() if edition.quarter in entry.statements
        }
        if printed != said:
            raise ContentError(
                f"{edition.quarter}: {', '.join(sorted(printed ^ said))} must have both a number "
                "in register.toml and a text in its own file"
            )
    for entry in content.entries.values():
        for statement in entry.statements.values():
            if statement.owner not in owners:
                raise ContentError(f"{entry.name}.toml: {statement.owner} is not an owner")
