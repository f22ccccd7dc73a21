"""The actions of an entry as a committee reads them: done, late, put off how often. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from registers.domain.content import DONE, DROPPED, IN_PROGRESS, NOT_STARTED, Action
from registers.domain.english import later_by, ordinal, times, written
from registers.domain.path import Path

# (class, icon, word) of a status.
_STATUS = {
    NOT_STARTED: ("st-none", "not-started", "Not started"),
    IN_PROGRESS: ("st-draft", "under-way", "In progress"),
    DONE: ("st-done", "done", "Done"),
    DROPPED: ("st-none", "closed", "Dropped"),
}
_NOT_SAID = ("st-none", "", "Not stated")
_LATE = ("st-back", "slipped")


@dataclass(frozen=True, slots=True)
class Line:
    """One action: its status as a class, an icon and a word, and what else is known of it."""

    action: Action
    css: str
    icon: str
    word: str
    notes: tuple[str, ...] = ()
    slipped: bool = False
    overdue: bool = False

    @property
    def due(self) -> str:
        return written(self.action.due) if self.action.due else "No date given"


def lines(path: Path, actions: Sequence[Action]) -> list[Line]:
    """The given actions of the path's last edition, in its order."""
    return [_line(path, action) for action in actions]


def _line(path: Path, action: Action) -> Line:
    slips = path.slips.get(action.key, ())
    css, icon, word = _STATUS.get(action.status, _NOT_SAID)
    notes: list[str] = []
    slipped = bool(slips) and slips[-1].quarter == path.latest.quarter and action.is_outstanding
    overdue = path.is_overdue(action)
    if action.status == DONE and action.completed_on:
        word = f"Done {written(action.completed_on)}"
    if slipped:
        notes.append(word)
        (css, icon), word = _LATE, f"Slipped by {later_by(slips[-1].was, slips[-1].now)}"
        if len(slips) > 1:
            word = f"{word}, {ordinal(len(slips))} time"
            notes.append(f"First due {written(slips[0].was)}")
    elif overdue:
        notes.append(word)
        (css, icon), word = _LATE, "Overdue"
    if slips and not slipped:
        notes.append(f"Slipped {times(len(slips))}, first due {written(slips[0].was)}")
    if action.reason:
        notes.append(action.reason)
    return Line(action, css, icon, word, tuple(notes), slipped, overdue)


def is_table(actions: Sequence[Action]) -> bool:
    """Whether there is anything to tabulate: old documents give actions as plain points."""
    return any(action.lead or action.due or action.status for action in actions)


def summary(found: Sequence[Line]) -> str:
    """'5 actions: 1 done, 1 slipped, 1 with no date'."""
    if not found:
        return ""
    counts = (
        (sum(line.action.status == DONE for line in found), "done"),
        (sum(line.action.status == DROPPED for line in found), "dropped"),
        (sum(line.overdue for line in found), "overdue"),
        (sum(line.slipped for line in found), "slipped"),
        (
            sum(line.action.is_outstanding and not line.action.due for line in found),
            "with no date",
        ),
    )
    total = f"{len(found)} action{'' if len(found) == 1 else 's'}"
    said = ", ".join(f"{count} {what}" for count, what in counts if count)
    return f"{total}: {said}" if said else total
