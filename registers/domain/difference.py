"""Two editions of a register compared: what became of every entry between them.

Every entry of either edition is in exactly one group, so the counts add up to the whole. That it
was renumbered, reworded or passed to another owner is said besides, whatever its group.

The comparison is of the scores, not of what the owners say they did (`Snapshot.direction`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest
from typing import Protocol

from registers.domain import movement, passages, scale
from registers.domain.english import written

ROSE, SHRANK, NEW, ABSENT, UNKNOWN = "rose", "shrank", "new", "absent", "unknown"
FELL, GREW, CLOSED, SAME = "fell", "grew", "closed", "same"

# In order of concern: what a committee would ask about first stands first.
GROUPS = (ROSE, SHRANK, NEW, ABSENT, UNKNOWN, FELL, GREW, CLOSED, SAME)

_MOVED = {
    (movement.UP, scale.RISK): ROSE,
    (movement.DOWN, scale.RISK): FELL,
    (movement.UP, scale.OPPORTUNITY): GREW,
    (movement.DOWN, scale.OPPORTUNITY): SHRANK,
}


class Row(Protocol):
    """What a comparison reads of a snapshot."""

    entry_id: int
    reference: str
    title: str
    impact: int | None
    likelihood: int | None
    score: int | None
    residual_impact: int | None
    residual_likelihood: int | None
    residual_score: int | None
    residual_by: date | None
    owner_id: int | None
    owner_text: str
    direction: str

    @property
    def kind(self) -> str: ...

    @property
    def position(self) -> scale.Position | None: ...

    @property
    def residual_position(self) -> scale.Position | None: ...


@dataclass(frozen=True, slots=True)
class Ending:
    """A person's statement that an entry is no longer live.

    `words` is 'Closed', 'Merged into CR4' or the like. `reason` is empty where the reader may not
    see the other entry that it speaks of.
    """

    words: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that changed, in words: what, from, to. Either side may be unknown."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of either edition; at least one of the two rows is there.

    `reworded` says that its texts, strands, actions or types differ; `ending` is what was stated
    of an entry that is gone.
    """

    before: Row | None
    after: Row | None
    ending: Ending | None = None
    reworded: bool = False

    @property
    def latest(self) -> Row:
        """The later row that there is."""
        row = self.after if self.after is not None else self.before
        assert row is not None  # noqa: S101 - a comparison makes no change of nothing
        return row

    @property
    def entry_id(self) -> int:
        return self.latest.entry_id

    @property
    def kind(self) -> str:
        return self.latest.kind

    @property
    def movement(self) -> movement.Movement:
        return movement.between(self.before, self.after, self.kind)

    @property
    def group(self) -> str:
        if self.before is None:
            return NEW
        if self.after is None:
            return ABSENT if self.ending is None else CLOSED
        moved = self.movement
        if moved.kind == movement.UNKNOWN:
            return UNKNOWN
        return _MOVED.get((moved.kind, self.kind), SAME)

    @property
    def renumbered(self) -> bool:
        return self._differs("reference")

    @property
    def retitled(self) -> bool:
        return self._differs("title")

    @property
    def owner_changed(self) -> bool:
        """Another post; or, where no post is named, another name as printed."""
        if self.before is None or self.after is None:
            return False
        if self.before.owner_id is None and self.after.owner_id is None:
            return self._differs("owner_text")
        return self._differs("owner_id")

    @property
    def moved_square(self) -> bool:
        """Another cell of the 5×5, both of them known. The score may be the same: 4×5 and 5×4."""
        return (
            self.before is not None
            and self.after is not None
            and self.before.position is not None
            and self.after.position is not None
            and self.before.position != self.after.position
        )

    @property
    def outlined(self) -> bool:
        """Whether it is marked on the small grids: it moved, opened or closed."""
        return self.before is None or self.after is None or self.moved_square

    @property
    def unchanged(self) -> bool:
        """In both editions, and nothing else of it differs either."""
        return (
            self.group in (SAME, UNKNOWN)
            and not self.steps()
            and not (self.renumbered or self.retitled or self.owner_changed or self.reworded)
        )

    def steps(self) -> list[Step]:
        """What the levels, the residual score and the owner's statement did, in words."""
        if self.before is None or self.after is None:
            return []
        return [*self._levels(), *self._residual(), *self._said()]

    def _levels(self) -> Iterator[Step]:
        before, after = self._pair()
        was, now = before.position, after.position
        if was and now:
            if was.impact != now.impact:
                yield Step(
                    "Impact",
                    scale.impact_word(was.impact, self.kind),
                    scale.impact_word(now.impact, self.kind),
                )
            if was.likelihood != now.likelihood:
                yield Step(
                    "Likelihood",
                    scale.likelihood_word(was.likelihood),
                    scale.likelihood_word(now.likelihood),
                )
        elif now or was:
            yield Step("Position", _words(was, self.kind), _words(now, self.kind))
        if before.score != after.score and None in (before.score, after.score):
            yield Step("Score", _number(before.score), _number(after.score))

    def _residual(self) -> Iterator[Step]:
        before, after = self._pair()
        if before.residual_score != after.residual_score:
            yield Step("Residual", _number(before.residual_score), _number(after.residual_score))
        elif before.residual_position != after.residual_position:
            yield Step(
                "Residual position",
                _words(before.residual_position, self.kind),
                _words(after.residual_position, self.kind),
            )
        if before.residual_by != after.residual_by:
            yield Step("Residual by", _day(before.residual_by), _day(after.residual_by))

    def _said(self) -> Iterator[Step]:
        """Another direction than last time; that a new entry is no longer new says nothing."""
        before, after = self._pair()
        if before.direction != after.direction and before.direction not in ("", "new"):
            yield Step("Owner says", before.direction, after.direction or "nothing yet")

    def _pair(self) -> tuple[Row, Row]:
        assert self.before is not None and self.after is not None  # noqa: S101 - see steps()
        return self.before, self.after

    def _differs(self, column: str) -> bool:
        if self.before is None or self.after is None:
            return False
        return bool(getattr(self.before, column) != getattr(self.after, column))


def _words(position: scale.Position | None, kind: str) -> str:
    return position.words(kind) if position else "not recorded"


def _number(score: int | None) -> str:
    return "none" if score is None else str(score)


def _day(day: date | None) -> str:
    return written(day) if day else "no date"


@dataclass(frozen=True)
class Comparison:
    """Every change between two editions, by group, in the order of the printed table."""

    changes: tuple[Change, ...]
    groups: Mapping[str, tuple[Change, ...]] = field(init=False)

    def __post_init__(self) -> None:
        found: dict[str, list[Change]] = {group: [] for group in GROUPS}
        for change in self.changes:
            found[change.group].append(change)
        object.__setattr__(self, "groups", {name: tuple(rows) for name, rows in found.items()})

    @property
    def counts(self) -> dict[str, int]:
        """How many entries each group has; together they are all entries of either edition."""
        return {group: len(changes) for group, changes in self.groups.items()}

    @property
    def total(self) -> int:
        return len(self.changes)

    @property
    def renumbered(self) -> int:
        return sum(change.renumbered for change in self.changes)

    @property
    def reworded(self) -> int:
        """Those whose text changed, the title included."""
        return sum(change.reworded or change.retitled for change in self.changes)

    @property
    def owner_changed(self) -> int:
        return sum(change.owner_changed for change in self.changes)

    def listed(self) -> list[Change]:
        """All of them, group by group; those of which nothing changed come last."""
        in_order = [change for group in GROUPS for change in self.groups[group]]
        return sorted(in_order, key=lambda change: change.unchanged)


def compare(
    before: Iterable[Row],
    after: Iterable[Row],
    *,
    endings: Mapping[int, Ending] | None = None,
    reworded: Collection[int] = (),
) -> Comparison:
    """Compare the rows of two editions of one register, each in the order of its printed table.

    `endings` holds what was stated of entries that are gone, `reworded` the ids of entries whose
    texts differ; both by entry id.
    """
    endings = endings or {}
    old = {row.entry_id: row for row in before}
    new = {row.entry_id: row for row in after}
    changes = [
        Change(old.get(entry), row, reworded=entry in reworded and entry in old)
        for entry, row in new.items()
    ]
    changes += [
        Change(row, None, ending=endings.get(entry))
        for entry, row in old.items()
        if entry not in new
    ]
    return Comparison(tuple(changes))


COLUMNS = ("description", "consequences", "controls", "commentary")


class Worded(Protocol):
    """What the words of a change are counted from: a snapshot with its strands and actions."""

    def passage(self, column: str) -> passages.Passage: ...

    def actions_passage(self) -> passages.Passage: ...


@dataclass(frozen=True, slots=True)
class Words:
    """How many words only the later text has, and only the earlier."""

    added: int
    removed: int

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    def __str__(self) -> str:
        """'52 words added, 6 removed', '1 word removed'; 'Text changed' for what no word shows."""
        parts: list[str] = []
        for number, done in ((self.added, "added"), (self.removed, "removed")):
            if number:
                unit = "" if parts else " word" if number == 1 else " words"
                parts.append(f"{number}{unit} {done}")
        return ", ".join(parts) or "Text changed"


def words_between(before: Worded, after: Worded) -> Words:
    """The words that an entry gained and lost: texts, strands and actions, without the title."""
    added = removed = 0
    for old, new in zip_longest(_texts(before), _texts(after), fillvalue=()):
        if old != new:
            difference = passages.compare(old, new)
            added += difference.added
            removed += difference.removed
    return Words(added, removed)


def _texts(row: Worded) -> Iterator[passages.Passage]:
    for column in COLUMNS:
        yield row.passage(column)
    yield row.actions_passage()
