"""The record of promises: what was to be by a day, and what came of it; and which actions worked.

A promise is judged by the first edition that is dated on its day or later: before that one nobody
could say. Each day that was promised is a promise of its own, so a date put off is one not kept.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from registers.domain.content import DONE, DROPPED, Action, Content
from registers.domain.path import Path
from registers.domain.quarters import Quarter

RESIDUAL, ACTION = "residual", "action"
# Came true by its day; after it; not yet, though its day has gone; not due yet; given up before.
KEPT, LATE, BROKEN, DUE, GIVEN_UP = "kept", "late", "broken", "due", "given_up"
OUTCOMES = (KEPT, LATE, BROKEN, DUE, GIVEN_UP)
JUDGED = (KEPT, LATE, BROKEN)

# Below so many judged promises nobody is named: chance would decide.
FEWEST = 5
# Within how many quarters of its completion an action is to have moved the score.
WORKS_WITHIN = 2


@dataclass(frozen=True, slots=True)
class Promise:
    """`text` is what was promised by `day`, first in `made`. `days` is how late it came true, or
    how late it is as of the register's last edition; 0 where it is kept or not due.
    """

    kind: str
    content: Content
    text: str
    day: date
    made: Quarter
    outcome: str
    days: int = 0

    @property
    def is_judged(self) -> bool:
        return self.outcome in JUDGED


def promises(path: Path, last: date) -> list[Promise]:
    """All that an entry ever promised. `last` is the day of the register's last edition."""
    return [*_residuals(path, last), *_actions(path, last)]


def _residuals(path: Path, last: date) -> Iterator[Promise]:
    seen: set[Hashable] = set()
    for place, stop in enumerate(path.stops):
        if stop.residual_by is None or stop.residual_score is None:
            continue
        if (promised := (stop.residual_score, stop.residual_by)) in seen:
            continue
        seen.add(promised)
        told = _judging(stop.residual_by, path)
        reached = [
            _known(later.as_at, stop.residual_by, told)
            for later in path.stops[place:]
            if later.has_reached(stop.residual_score)
        ]
        outcome, days = _judged(stop.residual_by, reached, path, last)
        text = f"Score {stop.residual_score}"
        yield Promise(RESIDUAL, stop, text, stop.residual_by, stop.quarter, outcome, days)


def _actions(path: Path, last: date) -> Iterator[Promise]:
    seen: set[Hashable] = set()
    for place, stop in enumerate(path.stops):
        for action in stop.actions:
            if action.due is None or (action.key, action.due) in seen:
                continue
            seen.add((action.key, action.due))
            done, given_up = _became(action, path.stops[place:], _judging(action.due, path))
            outcome, days = _judged(action.due, done, path, last, given_up=given_up)
            if action.status == DROPPED and not done:
                outcome, days = GIVEN_UP, 0
            yield Promise(ACTION, stop, action.text, action.due, stop.quarter, outcome, days)


def _became(
    promised: Action, stops: Sequence[Content], told: date
) -> tuple[list[date], date | None]:
    """The days on which an action is known to be done, and the day on which it was dropped."""
    assert promised.due is not None  # noqa: S101 - see _actions
    done, given_up = [], None
    for stop in stops:
        for action in stop.actions:
            if action.key != promised.key:
                continue
            if action.status == DONE:
                done.append(action.completed_on or _known(stop.as_at, promised.due, told))
            elif action.status == DROPPED and given_up is None:
                given_up = stop.as_at
    return done, given_up


def _known(said: date, day: date, told: date) -> date:
    """When something came true that an edition says: in time, if no earlier one could say so."""
    return min(said, day) if said <= told else said


def _judged(
    day: date, came: Sequence[date], path: Path, last: date, *, given_up: date | None = None
) -> tuple[str, int]:
    """What came of a promise for a day, and how many days late."""
    first = min(came, default=None)
    if first is not None and first <= day:
        return KEPT, 0
    if first is not None:
        return LATE, (first - day).days
    left = path.latest.as_at < last
    over = given_up or (path.latest.as_at if left else None)
    if over is not None and over < day:
        return GIVEN_UP, 0
    if last < day:
        return DUE, 0
    return BROKEN, ((over or last) - day).days


def _judging(day: date, path: Path) -> date:
    """The day of the first edition that could say whether it came true by that day."""
    return min((stop.as_at for stop in path.stops if stop.as_at >= day), default=day)


# Counted ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a group of promises had which outcome, and how late the late ones were."""

    name: str
    promises: tuple[Promise, ...]

    def count(self, outcome: str) -> int:
        return sum(one.outcome == outcome for one in self.promises)

    @property
    def kept(self) -> int:
        return self.count(KEPT)

    @property
    def judged(self) -> int:
        return sum(one.is_judged for one in self.promises)

    @property
    def typically_late(self) -> int | None:
        """The median of days by which those not kept came late, or are late by now."""
        late = [one.days for one in self.promises if one.outcome in (LATE, BROKEN)]
        return round(median(late)) if late else None


def by_name(found: Iterable[tuple[str, Promise]]) -> list[Tally]:
    """By owner or by type, in the order of the names, never of the figures; those with too few
    judged promises together, last.
    """
    groups: dict[str, list[Promise]] = {}
    for name, promise in found:
        groups.setdefault(name or "Nobody named", []).append(promise)
    told = [Tally(name, tuple(groups[name])) for name in sorted(groups, key=str.casefold)]
    enough = [one for one in told if one.judged >= FEWEST]
    few = [promise for one in told if one.judged < FEWEST for promise in one.promises]
    if not few:
        return enough
    return [*enough, Tally(f"All with fewer than {FEWEST} that can be judged", tuple(few))]


# What worked --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Worked:
    """An action that was completed, and the scores before and after. `moved` is None where the
    editions that would say so are not published yet.
    """

    content: Content
    text: str
    quarter: Quarter
    before: int
    after: int | None
    moved: bool | None


def worked(path: Path, last: Quarter) -> Iterator[Worked]:
    """Every action completed, and whether the score was better within two quarters.

    Against the edition before the first that calls it done; an action that the first edition of
    an entry calls done has none.
    """
    done: set[Hashable] = set()
    for place, stop in enumerate(path.stops):
        before = path.stops[place - 1] if place else None
        for action in stop.actions:
            if action.status != DONE or action.key in done:
                continue
            done.add(action.key)
            if before is None or before.score is None:
                continue
            yield _worked(path, place, before, action.text, last)


def _worked(path: Path, place: int, before: Content, text: str, last: Quarter) -> Worked:
    stop = path.stops[place]
    until = stop.quarter + WORKS_WITHIN
    after = [
        later.score
        for later in path.stops[place:]
        if later.quarter <= until and later.score is not None
    ]
    best = (min if path.is_risk else max)(after, default=None)
    was = before.score or 0
    better = best is not None and ((best < was) if path.is_risk else (best > was))
    moved = True if better else (False if until <= last else None)
    return Worked(stop, text, stop.quarter, was, best, moved)
