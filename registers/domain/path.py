"""One entry's path through the editions: what each of them said, and what the row of them shows.

A `Path` is what the pictures, the flags and the entry page are made of; `registers.reading`
builds it from snapshots. It ends with the edition that is looked at: whoever reads an old edition
sees the entry as it stood then.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby, pairwise

from registers.domain import movement, scale
from registers.domain.content import DONE, SECTIONS, Action, Content
from registers.domain.english import counted
from registers.domain.quarters import Quarter


@dataclass(frozen=True, slots=True)
class Slip:
    """A date put off: the edition that did it, the date before and the date after."""

    quarter: Quarter
    was: date
    now: date


@dataclass(frozen=True, slots=True)
class Stay:
    """Editions in a row on the same square; or with the same score, or none, and no square.

    `number` counts the stays on a known square from 1; it is None for the others.
    """

    stops: tuple[Content, ...]
    number: int | None

    @property
    def position(self) -> scale.Position | None:
        return self.stops[0].position

    @property
    def score(self) -> int | None:
        return self.stops[0].score

    @property
    def latest(self) -> Content:
        return self.stops[-1]

    @property
    def span(self) -> str:
        """'Q1 2018/19 to Q4 2019/20', 'Q1 to Q3 2025/26', 'Q3 2026/27'."""
        return span(self.stops)

    @property
    def lasting(self) -> str:
        return lasting(self.stops)


@dataclass(frozen=True)
class Path:
    """`stops` are oldest first, at least one; the last is the edition that is looked at."""

    kind: str
    stops: tuple[Content, ...]

    @property
    def latest(self) -> Content:
        return self.stops[-1]

    @property
    def before(self) -> Content | None:
        return self.stops[-2] if len(self.stops) > 1 else None

    @property
    def first(self) -> Content:
        return self.stops[0]

    @property
    def is_risk(self) -> bool:
        return self.kind == scale.RISK

    @property
    def movement(self) -> movement.Movement:
        """What the score did since the edition before."""
        return movement.between(self.before, self.latest, self.kind)

    def until(self, quarter: Quarter) -> Path:
        """The path as it was in an earlier edition, which must have said something of it."""
        return Path(self.kind, tuple(stop for stop in self.stops if stop.quarter <= quarter))

    def lately(self, section: str) -> tuple[Content, ...]:
        """The latest editions in which a section reads as it does now, oldest first."""
        return self._tail(lambda stop: stop.same(section, self.latest))

    def lately_at(self, attribute: str) -> tuple[Content, ...]:
        """The latest editions with the same score, residual, direction, …; oldest first."""
        now = getattr(self.latest, attribute)
        return self._tail(lambda stop: getattr(stop, attribute) == now)

    def _tail(self, holds: Callable[[Content], bool]) -> tuple[Content, ...]:
        start = len(self.stops)
        while start and holds(self.stops[start - 1]):
            start -= 1
        return self.stops[start:]

    @cached_property
    def stays(self) -> tuple[Stay, ...]:
        """The path in steps, oldest first: an edition on the same square only prolongs a step."""
        stays: list[Stay] = []
        placed = 0
        for (position, _), stops in groupby(
            self.stops, key=lambda stop: (stop.position, None if stop.position else stop.score)
        ):
            if position:
                placed += 1
            stays.append(Stay(tuple(stops), placed if position else None))
        return tuple(stays)

    @property
    def above_appetite(self) -> tuple[Content, ...]:
        """The editions in which a risk stood above its appetite."""
        if not self.is_risk:
            return ()
        return tuple(stop for stop in self.scored if (stop.score or 0) > stop.appetite)

    @property
    def above_lately(self) -> tuple[Content, ...]:
        """The latest editions in which it stood above appetite, up to this one; oldest first."""
        return self._tail(lambda stop: stop.above_appetite) if self.is_risk else ()

    @cached_property
    def scored(self) -> tuple[Content, ...]:
        return tuple(stop for stop in self.stops if stop.score is not None)

    @cached_property
    def slips(self) -> dict[Hashable, tuple[Slip, ...]]:
        """By the key of an action: every time an edition put its date off."""
        slips: dict[Hashable, list[Slip]] = {}
        due: dict[Hashable, date] = {}
        for stop in self.stops:
            for action in stop.actions:
                if action.due is None:
                    continue
                known = due.get(action.key)
                if known is not None and action.due > known:
                    slip = Slip(stop.quarter, known, action.due)
                    slips.setdefault(action.key, []).append(slip)
                due[action.key] = action.due
        return {key: tuple(found) for key, found in slips.items()}

    def is_overdue(self, action: Action) -> bool:
        """Promised for a day before the edition's own, and not done."""
        return action.is_outstanding and action.due is not None and action.due < self.latest.as_at

    @property
    def done_lately(self) -> tuple[Action, ...]:
        """Actions that this edition is the first to call done."""
        done_before = {
            action.key
            for stop in self.stops[:-1]
            for action in stop.actions
            if action.status == DONE
        }
        return tuple(
            action
            for action in self.latest.actions
            if action.status == DONE and action.key not in done_before
        )

    def changes(self) -> list[tuple[str, ...]]:
        """For each stop the sections that read otherwise than in the one before; none at first."""
        changed: list[tuple[str, ...]] = [()]
        for before, after in pairwise(self.stops):
            changed.append(
                tuple(section for section in SECTIONS if not after.same(section, before))
            )
        return changed

    @property
    def renumberings(self) -> tuple[tuple[str, Quarter], ...]:
        """Each number that the entry had before its present one, with the last quarter of it."""
        return tuple(
            (before.reference, before.quarter)
            for before, after in pairwise(self.stops)
            if before.reference != after.reference
        )


def span(stops: Sequence[Content]) -> str:
    first, last = stops[0].quarter, stops[-1].quarter
    if first == last:
        return first.label
    start = first.short if first.year == last.year else first.label
    return f"{start} to {last.label}"


def lasting(stops: Sequence[Content]) -> str:
    """'3 quarters' where there is an edition for each of them, else '3 editions'."""
    count = len(stops)
    whole = stops[0].quarter.distance(stops[-1].quarter) + 1 == count
    unit = "quarter" if whole else "edition"
    return counted(count, unit)
