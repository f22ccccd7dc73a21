"""The list before publishing: what stands in the way, what is worth a look, what is in order.

Computed from snapshots and an edition that are already loaded. The rules themselves are those of
`cycle.publish`; this says in time what it would refuse.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from registers.cycle import progress
from registers.domain.english import counted
from registers.models import Edition, Snapshot

STOPS, WARNS, PASSES = "stop", "warn", "ok"


@dataclass(frozen=True, slots=True)
class Check:
    """One line. Only `stop` stands in the way. `asks` names a page where it is put right."""

    level: str
    sentence: str
    advice: str = ""
    snapshots: tuple[Snapshot, ...] = ()
    asks: str = ""

    @property
    def icon(self) -> str:
        return {STOPS: "stop", WARNS: "warning", PASSES: "ok"}[self.level]


def checks(snapshots: Sequence[Snapshot], edition: Edition) -> list[Check]:
    """The lines in order of concern."""
    lines = [
        _check(
            [snapshot for snapshot in snapshots if progress.of(snapshot) not in progress.IN],
            STOPS,
            "not in",
            _how_to_get_in(edition),
            "Every entry is in",
        ),
        _check(
            [snapshot for snapshot in snapshots if progress.of(snapshot) is progress.SUBMITTED],
            STOPS,
            "waiting for you",
            "Accept or send back each one." if edition.is_open else "Accept each one.",
            "Every entry that is in has been accepted",
        ),
        _check(
            [snapshot for snapshot in snapshots if snapshot.impact is None],
            WARNS,
            "without a place on the grid",
            "Ask for impact and likelihood. You can publish without.",
            "Every entry has a place on the grid",
        ),
        _check(
            [snapshot for snapshot in snapshots if snapshot.owner_id is None],
            WARNS,
            "without a post that owns it",
            "Name one, so that somebody is asked next quarter.",
            "Every entry has an owner",
        ),
    ]
    if not snapshots:
        lines = [Check(STOPS, "There are no entries", "Add the first one.", asks="cycle-add")]
    if edition.committee_on is None:
        lines.append(
            Check(
                WARNS,
                "The committee has no date",
                "It heads every page. You can publish without.",
                asks="cycle-dates",
            )
        )
    return sorted(lines, key=lambda line: (STOPS, WARNS, PASSES).index(line.level))


def stopping(lines: Iterable[Check]) -> int:
    return sum(line.level == STOPS for line in lines)


def _how_to_get_in(edition: Edition) -> str:
    if edition.is_open:
        return "Remind their owners, submit on their behalf, or carry them forward."
    if edition.issue > 1:
        return "Submit them on their owners' behalf, or carry them forward."
    return "Submit them on their owners' behalf, carry them forward, or reopen the quarter."


def _check(found: list[Snapshot], level: str, problem: str, advice: str, in_order: str) -> Check:
    if not found:
        return Check(PASSES, in_order)
    number = counted(len(found), "entry is", "entries are")
    return Check(level, f"{number} {problem}", advice, tuple(found))
