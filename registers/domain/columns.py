"""The columns of a register: once, for the table, its files and the pack.

A column says of an entry its value for a file, and what it sorts by. Whatever a list is sorted by,
risks come first and opportunities after, and those without a value last, either way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from registers.domain import carried, content, movement, scale
from registers.domain.content import Content
from registers.domain.flags.standing import NOTHING, Standing
from registers.domain.folding import fold

Value = str | int | date | None

TREND = 8  # editions in a trend


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a trend and a movement need of an earlier edition."""

    score: int | None
    position: scale.Position | None


@dataclass(frozen=True, slots=True)
class Beside:
    """What columns need besides the edition itself, as far as it was read.

    `earlier` is by entry and then by edition, of the `editions` before this one, oldest first;
    `before` is the one to compare with. `carried` are the entries whose owners sent no update,
    `standings` are by entry too.
    """

    earlier: Mapping[int, Mapping[Hashable, Earlier]] = field(default_factory=dict)
    editions: Sequence[Hashable] = ()
    before: Hashable = None
    carried: frozenset[int] = frozenset()
    standings: Mapping[int, Standing] = field(default_factory=dict)

    def stands(self, one: Content) -> Standing:
        return self.standings.get(one.entry, NOTHING)

    def moved(self, one: Content) -> movement.Movement:
        return movement.between(self.earlier.get(one.entry, {}).get(self.before), one, one.kind)

    def trend(self, one: Content) -> list[int | None]:
        """The scores from the first of the last editions that has the entry up to this one."""
        known = self.earlier.get(one.entry, {})
        first = next((n for n, each in enumerate(self.editions) if each in known), None)
        if first is None:
            return [one.score]
        found = [known.get(each) for each in self.editions[first:]]
        return [*(each.score if each else None for each in found), one.score]


@dataclass(frozen=True, slots=True)
class Column:
    """`value` gives what a file holds, `key` what it sorts by, if it can be sorted by at all.

    `score` names the score that it shows in its band, `text` the section that it shows whole.
    `width` is in characters, `wraps` says that its texts run over lines, and `chosen` that a table
    shows it unless told. `order` and `back` say in words what sorting does, up and down.
    """

    name: str
    label: str
    value: Callable[[Content, Beside], Value]
    key: Callable[[Content, Beside], Any] | None = None
    score: str = ""
    text: str = ""
    width: int = 14
    wraps: bool = False
    chosen: bool = True
    descending_first: bool = False
    order: str = "A to Z"
    back: str = "Z to A"


def natural(reference: str) -> tuple[str, int, str]:
    """CR2 before CR10, and every CR before any CS: by letters, then by length, then as text."""
    return re.sub(r"\d", "", reference), len(reference), reference


def in_order(
    contents: Iterable[Content], column: Column, beside: Beside, *, descending: bool
) -> list[Content]:
    """Risks first, then by a column; those without a value last, either way."""
    known: list[tuple[Any, Content]] = []
    unknown: list[tuple[Any, Content]] = []
    for one in sorted(contents, key=lambda one: natural(one.reference)):
        key = column.key(one, beside) if column.key else None
        (unknown if key is None else known).append((key, one))
    known.sort(key=lambda pair: pair[0], reverse=descending)
    found = [one for _, one in (*known, *unknown)]
    return sorted(found, key=lambda one: one.kind != scale.RISK)


# What a column says -------------------------------------------------------------------------------


def _own(name: str, one: Content, beside: Beside) -> Any:
    return getattr(one, name)


def _folded(name: str, one: Content, beside: Beside) -> str | None:
    return fold(getattr(one, name)) or None


def _types(one: Content, beside: Beside) -> str:
    return "; ".join(sorted(one.all_types))


def _first_type(one: Content, beside: Beside) -> str | None:
    return min(map(fold, one.all_types), default=None)


def _band(one: Content, beside: Beside) -> Value:
    return None if one.score is None else one.bands.word(one.score, one.kind)


def _position(name: str, one: Content, beside: Beside) -> Value:
    position: scale.Position | None = getattr(one, name)
    return position.words(one.kind) if position else "Not recorded"


def _levels(name: str, one: Content, beside: Beside) -> tuple[int, int] | None:
    position: scale.Position | None = getattr(one, name)
    return (position.impact, position.likelihood) if position else None


def _since(one: Content, beside: Beside) -> Value:
    return beside.moved(one).words


def _points_since(one: Content, beside: Beside) -> int | None:
    moved = beside.moved(one)
    if moved.kind in (movement.UP, movement.DOWN):
        return moved.by if moved.kind == movement.UP else -moved.by
    return 0 if moved.kind == movement.LEVEL else None


def _says(one: Content, beside: Beside) -> Value:
    if not one.direction and one.entry in beside.carried:
        return carried.SHORT
    return one.direction.capitalize() or "Not stated"


def _trend(one: Content, beside: Beside) -> Value:
    return ", ".join("–" if score is None else str(score) for score in beside.trend(one))


def _flags(one: Content, beside: Beside) -> Value:
    return "; ".join(flag.marked for flag in beside.stands(one).flags)


def _weight(one: Content, beside: Beside) -> int | None:
    return beside.stands(one).weight or None


def _above_since(one: Content, beside: Beside) -> Value:
    since = beside.stands(one).above_since
    return since.label if since else None


def _above_for(one: Content, beside: Beside) -> int | None:
    since = beside.stands(one).above_since
    return -since.ordinal if since else None


def _at_for(one: Content, beside: Beside) -> int | None:
    return beside.stands(one).at_for or None


def _late(one: Content, beside: Beside) -> Value:
    """'2 overdue, 1 slipped'."""
    stands = beside.stands(one)
    counts = ((stands.overdue, "overdue"), (stands.slipped, "slipped"))
    return ", ".join(f"{count} {what}" for count, what in counts if count) or None


def _late_count(one: Content, beside: Beside) -> tuple[int, int] | None:
    stands = beside.stands(one)
    return (stands.overdue, stands.slipped) if stands.overdue or stands.slipped else None


def _text(section: str, one: Content, beside: Beside) -> Value:
    points = one.printed_actions() if section == content.ACTIONS else one.passage(section)
    return "\n".join(
        "  " * point.level + ("" if point.plain else "• ") + point.text for point in points
    )


# The columns --------------------------------------------------------------------------------------


HIGHEST_FIRST: dict[str, Any] = {
    "descending_first": True,
    "order": "highest first",
    "back": "lowest first",
}


WORST_FIRST: dict[str, Any] = {
    "descending_first": True,
    "order": "worst first",
    "back": "fewest first",
}
LONGEST_FIRST: dict[str, Any] = {
    "descending_first": True,
    "order": "longest first",
    "back": "shortest first",
}


def _scored(name: str, label: str, attribute: str, **more: Any) -> Column:
    value = partial(_own, attribute)
    return Column(name, label, value, value, score=attribute, **HIGHEST_FIRST, **more)


def _placed(name: str, label: str, attribute: str, **more: Any) -> Column:
    return Column(
        name,
        label,
        partial(_position, attribute),
        partial(_levels, attribute),
        width=22,
        chosen=False,
        **HIGHEST_FIRST,
        **more,
    )


def _written(section: str, label: str) -> Column:
    value = partial(_text, section)
    return Column(section, label, value, text=section, width=60, wraps=True, chosen=False)


REFERENCE = Column(
    "reference",
    "Ref",
    partial(_own, "reference"),
    lambda one, beside: natural(one.reference),
    width=8,
    order="in order of number",
    back="last number first",
)
TITLE = Column(
    "title", "Title", partial(_own, "title"), partial(_folded, "title"), width=44, wraps=True
)

COLUMNS = (
    REFERENCE,
    TITLE,
    Column("type", "Type", _types, _first_type, width=22, wraps=True),
    Column(
        "owner", "Owner", partial(_own, "owner"), partial(_folded, "owner"), width=30, wraps=True
    ),
    _scored("inherent", "Inherent", "inherent_score", width=10),
    _placed("inherent_position", "Inherent position", "inherent_position"),
    _scored("score", "Score", "score", width=9),
    _placed("position", "Position", "position"),
    Column(
        "band",
        "Band",
        _band,
        partial(_own, "score"),
        width=12,
        **HIGHEST_FIRST,
    ),
    _scored("residual", "Residual", "residual_score", width=10),
    _placed("residual_position", "Residual position", "residual_position"),
    Column(
        "residual_by",
        "Residual by",
        partial(_own, "residual_by"),
        partial(_own, "residual_by"),
        width=18,
        chosen=False,
        order="earliest first",
        back="latest first",
    ),
    Column(
        "since",
        "Since last",
        _since,
        _points_since,
        width=12,
        descending_first=True,
        order="largest rise first",
        back="largest fall first",
    ),
    Column("says", "Owner says", _says, lambda one, beside: one.direction or None, width=12),
    Column("trend", f"Last {TREND} editions", _trend, width=26),
    Column("flags", "Flags", _flags, _weight, width=40, wraps=True, chosen=False, **WORST_FIRST),
    Column(
        "above_since",
        "Above appetite since",
        _above_since,
        _above_for,
        width=16,
        chosen=False,
        descending_first=True,
        order="longest first",
        back="latest first",
    ),
    Column("at_score", "Editions at this score", _at_for, _at_for, chosen=False, **LONGEST_FIRST),
    Column("late", "Actions late", _late, _late_count, width=22, chosen=False, **WORST_FIRST),
    _written(content.DESCRIPTION, "Description"),
    _written(content.CONSEQUENCES, "Consequences"),
    _written(content.CONTROLS, "Controls"),
    _written(content.ACTIONS, "Actions"),
    _written(content.COMMENTARY, "Commentary"),
)
BY_NAME = {column.name: column for column in COLUMNS}
# What they say is worked out from the entry's whole past.
OF_THE_PAST = ("flags", "above_since", "at_score", "late")
# Only where the register uses it.
INHERENT = ("inherent", "inherent_position")
