"""What imports left open of an edition, entry by entry: the printed cell beside what stands, and
what a person may say of it.

A control is named by entry and field ("entry-7.score"); a tick says that a doubt was looked at and
what stands is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from registers.domain import passages, scale
from registers.importing.headings import field_of
from registers.importing.printed import (
    DIRECTION,
    FIELDS,
    INHERENT,
    LEVEL_FIELDS,
    OWNER,
    RESIDUAL,
    SCORE,
    TYPES,
)
from registers.models import Direction, Edition, ImportDoubt, Owner, Snapshot
from registers.models.searching import called
from registers.pages.imports import words
from registers.pages.imports.cards import AS_READ, Control, Option
from registers.pages.imports.columns import field_words

PREFIXES = {SCORE: "", RESIDUAL: "residual_", INHERENT: "inherent_"}
ANSWERABLE = (*PREFIXES, OWNER, TYPES, DIRECTION)
# Said of a part of an entry as well: which of them a cell is about is seen on the entry's form.
_OF_PARTS = (TYPES, DIRECTION)


@dataclass(frozen=True, slots=True)
class Line:
    """One field of an entry, or one column that no field took."""

    label: str
    printed: str
    stands: str
    doubts: tuple[ImportDoubt, ...] = ()
    control: Control | None = None

    @property
    def is_open(self) -> bool:
        return self.control is not None or any(not one.is_settled for one in self.doubts)


@dataclass(frozen=True, slots=True)
class Card:
    """One entry of which something was left open."""

    snapshot: Snapshot
    lines: tuple[Line, ...]
    kept: tuple[Line, ...] = ()
    wrong: tuple[str, ...] = field(default=())

    @property
    def reference(self) -> str:
        return self.snapshot.reference

    @property
    def is_open(self) -> bool:
        return any(line.is_open for line in self.lines)

    @property
    def is_settled(self) -> bool:
        left = [doubt for line in self.lines for doubt in line.doubts]
        return bool(left) and not self.is_open

    @property
    def version_name(self) -> str:
        return f"{_name(self.snapshot)}.version"


def _name(snapshot: Snapshot) -> str:
    return f"entry-{snapshot.pk}"


def cards(edition: Edition, types: Sequence[str], sent: Any = None) -> list[Card]:
    """The entries of an edition of which something is open or was, open ones first. `types` are the
    names of those that may be chosen; `sent` is what was sent and could not be taken.
    """
    left: dict[int, list[ImportDoubt]] = {}
    for doubt in ImportDoubt.objects.of_edition(edition.pk).select_related("settled_by"):
        left.setdefault(doubt.entry_id or 0, []).append(doubt)
    snapshots = Snapshot.objects.in_edition(edition).with_content().as_printed()
    found = [_card(one, left.get(one.entry_id, []), types, sent) for one in snapshots]
    return sorted((card for card in found if card.lines), key=lambda card: not card.is_open)


def of_the_document(edition: Edition) -> list[ImportDoubt]:
    """Those that are about no entry which the edition has."""
    here = Snapshot.objects.in_edition(edition).values("entry")
    every = ImportDoubt.objects.of_edition(edition.pk).select_related("settled_by")
    return list(every.filter(entry=None) | every.exclude(entry=None).exclude(entry__in=here))


def _card(snapshot: Snapshot, left: list[ImportDoubt], types: Sequence[str], sent: Any) -> Card:
    by_field: dict[str, list[ImportDoubt]] = {}
    for doubt in left:
        by_field.setdefault(_field(doubt, snapshot), []).append(doubt)
    names = [name for name in FIELDS if name in by_field or _is_open(snapshot, name)]
    names += [name for name in by_field if name not in names]
    lines = tuple(
        _line(snapshot, name, tuple(by_field.get(name, ())), types, sent) for name in names
    )
    return Card(snapshot, lines, tuple(_kept(snapshot)))


def _field(doubt: ImportDoubt, snapshot: Snapshot) -> str:
    """The field that a doubt is about: where its cell stands, else what its heading says; its
    heading where that says nothing.
    """
    if doubt.column in FIELDS:
        return _whole(doubt.column)
    line = " ".join(doubt.read.split())
    cells = [name for name, text in snapshot.printed.items() if line == " ".join(text.split())]
    if line and len(cells) == 1 and cells[0] in FIELDS:
        return _whole(cells[0])
    return _whole(field_of(doubt.column) or doubt.column)


def _whole(name: str) -> str:
    """'score impact' is about the score."""
    return name.partition(" ")[0] if name in LEVEL_FIELDS else name


def _is_open(snapshot: Snapshot, name: str) -> bool:
    """Whether the edition keeps as printed what could be said exactly."""
    if not snapshot.printed:
        return False
    if name in PREFIXES:
        prefix = PREFIXES[name]
        score, impact = (getattr(snapshot, f"{prefix}{part}") for part in ("score", "impact"))
        return score is not None and impact is None
    return name == OWNER and bool(snapshot.owner_text) and snapshot.owner_id is None


def _line(
    snapshot: Snapshot, name: str, left: tuple[ImportDoubt, ...], types: Sequence[str], sent: Any
) -> Line:
    printed = words.printed({"cells": snapshot.printed}, name)
    printed = printed or "\n".join(one.read for one in left)
    label = field_words(name).capitalize() if name in FIELDS else name
    control = None
    if name in ANSWERABLE and not snapshot.edition.is_published:
        control = _control(snapshot, name, types)
    if control and sent is not None:
        control = _as_sent(control, sent)
    return Line(label, printed, _stands(snapshot, name), left, control)


def _kept(snapshot: Snapshot) -> Iterator[Line]:
    """Columns of the document that are no field here."""
    for heading, text in snapshot.printed.items():
        if text and heading not in FIELDS:
            yield Line(heading, text, "kept as printed")


def _stands(snapshot: Snapshot, name: str) -> str:
    if name in PREFIXES:
        return _score(snapshot, PREFIXES[name])
    if name == OWNER:
        return snapshot.owner.name if snapshot.owner else ""
    if name == TYPES:
        return ", ".join(type_.name for type_ in snapshot.types.all())
    if name == DIRECTION:
        return snapshot.get_direction_display()
    text = str(getattr(snapshot, name, "") or "") if name in ("title", "description") else ""
    if name in ("consequences", "controls", "commentary"):
        text = "\n".join(point.text for point in passages.parse(getattr(snapshot, name)))
    return text


def _score(snapshot: Snapshot, prefix: str) -> str:
    score = getattr(snapshot, f"{prefix}score")
    position = getattr(snapshot, f"{prefix}position")
    if score is None:
        return ""
    if position is None:
        return f"{score}; its square is not known"
    return f"{score}: {words.square(position, snapshot.entry.kind)}"


# Controls -----------------------------------------------------------------------------------------


def _control(snapshot: Snapshot, name: str, types: Sequence[str]) -> Control | None:
    if name in _OF_PARTS and snapshot.strands.all():
        return None
    where = f"{_name(snapshot)}.{name}"
    if name in PREFIXES:
        return _square(snapshot, name, where)
    if name == OWNER:
        value = snapshot.owner.name if snapshot.owner else ""
        return Control(where, "Owner", typed=True, value=value)
    if name == TYPES:
        stand = {type_.name for type_ in snapshot.types.all()}
        options = tuple(Option(one, one, one in stand) for one in types)
        return Control(where, "Types", options, several=True)
    options = tuple(
        Option(value, word, snapshot.direction == value) for value, word in Direction.choices
    )
    return Control(where, "Direction of travel", options)


def _square(snapshot: Snapshot, name: str, where: str) -> Control | None:
    score = getattr(snapshot, f"{PREFIXES[name]}score")
    position = getattr(snapshot, f"{PREFIXES[name]}position")
    squares = scale.possible_positions(score) if score else tuple(reversed(scale.CELLS))
    if score and len(squares) == 1:
        return None
    options = [Option(AS_READ, "not known" if score else "nothing", position is None)]
    options += [
        Option(f"{p.impact}x{p.likelihood}", words.square(p, snapshot.entry.kind), p == position)
        for p in squares
    ]
    return Control(where, f"Square of the {field_words(name)}", tuple(options))


def _as_sent(control: Control, sent: Any) -> Control:
    if control.name not in sent and f"{control.name}.shown" not in sent:
        return control
    values = sent.getlist(control.name)
    options = tuple(replace(one, chosen=one.value in values) for one in control.options)
    return replace(control, options=options, value=values[0] if values else "")


# What was sent ------------------------------------------------------------------------------------


class Unanswerable(ValueError):
    """What was typed names nothing. `str()` is a sentence for the page."""


def answers(card: Card, types: dict[str, Any], sent: Any) -> dict[str, dict[str, Any]]:
    """What was said of an entry that differs from what stands: by field, columns of a draft.

    `types` are rows by name. Raises Unanswerable.
    """
    said: dict[str, dict[str, Any]] = {}
    for line in card.lines:
        if line.control is None:
            continue
        name = line.control.name.partition(".")[2]
        values = sent.getlist(line.control.name)
        if line.control.several:
            if f"{line.control.name}.shown" in sent and set(values) != _chosen(line.control):
                said[name] = {"types": [types[value] for value in values if value in types]}
        elif values and values[0] != _before(line.control):
            said[name] = _meant(card.snapshot, line.control, name, values[0])
    return {name: columns for name, columns in said.items() if columns}


def _chosen(control: Control) -> set[str]:
    return {option.value for option in control.options if option.chosen}


def _before(control: Control) -> str:
    return control.value if control.typed else next(iter(_chosen(control)), "")


def _meant(snapshot: Snapshot, control: Control, name: str, value: str) -> dict[str, Any]:
    if name == OWNER:
        return {"owner": _owner(value)}
    if value not in {option.value for option in control.options}:
        return {}
    if name == DIRECTION:
        return {"direction": value}
    prefix = PREFIXES[name]
    levels = () if value == AS_READ else value.split("x")
    position = scale.Position(*map(int, levels)) if levels else None
    return {
        f"{prefix}impact": position.impact if position else None,
        f"{prefix}likelihood": position.likelihood if position else None,
        f"{prefix}score": position.score if position else getattr(snapshot, f"{prefix}score"),
    }


def _owner(text: str) -> Owner | None:
    name = " ".join(text.split())
    if not name:
        return None
    found = list(Owner.objects.filter(called(name, "name", "aliases__text")).distinct()[:2])
    if len(found) != 1:
        raise Unanswerable(
            f"No post or body is called “{name[:160]}”. Choose one from the list, or add it under "
            "Data first."
        )
    return found[0]


def settled_by(answered: Iterable[str], card: Card) -> list[ImportDoubt]:
    """The open doubts that an answer to their field settles."""
    fields = set(answered)
    return [
        doubt
        for line in card.lines
        if line.control and line.control.name.partition(".")[2] in fields
        for doubt in line.doubts
        if not doubt.is_settled
    ]
