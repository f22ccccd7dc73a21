"""Questions about controls and actions: what stands still, what is late, what came of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from registers.domain import movement, scale
from registers.domain.content import ACTIONS, Action
from registers.domain.english import times, written
from registers.domain.flags.flag import Flag
from registers.domain.flags.thresholds import Thresholds
from registers.domain.path import Path

# How many actions a sentence names; the others are counted.
NAMED = 2
LONGEST_NAME = 90

T = TypeVar("T")


def nothing_under_way(path: Path, limits: Thresholds) -> Flag | None:
    """A risk above appetite for which nobody is to do anything more."""
    now = path.latest
    if not path.is_risk or now.score is None or now.score <= now.appetite:
        return None
    if not now.was_printed(ACTIONS) or any(
        action.is_outstanding or action.status == "" for action in now.actions
    ):
        return None
    listed = "Every action is done or dropped" if now.actions else "No action is listed"
    return Flag(
        "no-action",
        "Above appetite, and no action is outstanding",
        f"The score of {now.score} is above {now.appetite}. {listed}.",
        90,
        section=ACTIONS,
    )


def action_slipped(path: Path, limits: Thresholds) -> Flag | None:
    """An outstanding action whose date was put off again and again."""
    slipped = [
        action
        for action in path.latest.actions
        if action.is_outstanding and len(path.slips.get(action.key, ())) >= limits.action_slips
    ]
    if not slipped:
        return None
    slipped.sort(key=lambda action: -len(path.slips[action.key]))
    most = len(path.slips[slipped[0].key])
    title = (
        f"An action has slipped {times(most)}"
        if len(slipped) == 1
        else f"{len(slipped)} actions have slipped twice or more"
    )

    def says(action: Action) -> str:
        slips = path.slips[action.key]
        return (
            f"“{_name(action.text)}” was first due {written(slips[0].was)} and is now due "
            f"{written(slips[-1].now)}."
        )

    since = path.slips[slipped[0].key][0].quarter
    all_of_them = " ".join(map(says, slipped))
    told = _sentences(slipped, says)
    return Flag("action-slipped", title, told, 65, since, ACTIONS, evidence=all_of_them)


def action_overdue(path: Path, limits: Thresholds) -> Flag | None:
    """An outstanding action whose date had passed on the day of the edition."""
    overdue = sorted(
        (action.due, action.text)
        for action in path.latest.actions
        if action.due is not None and path.is_overdue(action)
    )
    if not overdue:
        return None

    def says(promised: tuple[date, str]) -> str:
        due, text = promised
        return f"“{_name(text)}” was due {written(due)} and is not done."

    count = len(overdue)
    title = "An action is overdue" if count == 1 else f"{count} actions are overdue"
    all_of_them = " ".join(map(says, overdue))
    told = _sentences(overdue, says)
    return Flag("action-overdue", title, told, 68, section=ACTIONS, evidence=all_of_them)


def done_without_movement(path: Path, limits: Thresholds) -> Flag | None:
    """An action was done in this edition, and the score is what it was."""
    if path.before is None or path.movement.kind != movement.LEVEL:
        return None
    if path.latest.position != path.before.position:
        return None
    done = [action for action in path.done_lately if not _reached(action, path)]
    if not done:
        return None
    count = len(done)
    title = (
        f"An action is done, and the score is still {path.latest.score}"
        if count == 1
        else f"{count} actions are done, and the score is still {path.latest.score}"
    )
    return Flag(
        "done-without-movement",
        title,
        _sentences(done, _aim(path.kind)),
        50,
        section=ACTIONS,
        evidence=f"{path.latest.score}: {' '.join(map(_aim(path.kind), done))}",
    )


def _reached(action: Action, path: Path) -> bool:
    """Whether the entry already stands where the action was to bring it."""
    position = path.latest.position
    if position is None or not (action.target_impact or action.target_likelihood):
        return False
    pairs = (
        (action.target_impact, position.impact),
        (action.target_likelihood, position.likelihood),
    )
    return all(
        target is None or (level <= target if path.is_risk else level >= target)
        for target, level in pairs
    )


def action_without_date(path: Path, limits: Thresholds) -> Flag | None:
    """Something is to be done by no day in particular."""
    without = [action for action in path.latest.actions if action.is_outstanding and not action.due]
    if not without:
        return None
    count = len(without)
    title = "An action has no date" if count == 1 else f"{count} actions have no date"
    return Flag(
        "action-without-date",
        title,
        _sentences(without, lambda one: f"“{_name(one.text)}”."),
        25,
        section=ACTIONS,
        evidence=" ".join(one.text for one in without),
    )


def _name(text: str) -> str:
    """An action by its first clause, shortened between words."""
    text = re.split(r"[:;.](?=\s|$)", text, maxsplit=1)[0]
    if len(text) <= LONGEST_NAME:
        return text
    return text[:LONGEST_NAME].rsplit(" ", 1)[0] + " …"


def _sentences(actions: Sequence[T], says: Callable[[T], str]) -> str:
    sentences = [says(action) for action in actions[:NAMED]]
    if (others := len(actions) - NAMED) > 0:
        sentences.append(f"And {others} more.")
    return " ".join(sentences)


def _aim(kind: str) -> Callable[[Action], str]:
    def says(action: Action) -> str:
        aims = []
        if action.target_impact:
            aims.append(f"impact to {scale.impact_word(action.target_impact, kind)}")
        if action.target_likelihood:
            aims.append(f"likelihood to {scale.likelihood_word(action.target_likelihood)}")
        when = f" on {written(action.completed_on)}" if action.completed_on else ""
        aim = f" It was to bring {' and '.join(aims)}." if aims else ""
        return f"“{_name(action.text)}” was done{when}.{aim}"

    return says
