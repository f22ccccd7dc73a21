"""Questions about what was promised: put off, left without an action, changed with its owner."""

from __future__ import annotations

from itertools import pairwise

from registers.domain.content import ACTIONS, DONE, Content
from registers.domain.english import counted, times, written
from registers.domain.flags.flag import Flag
from registers.domain.flags.thresholds import Thresholds
from registers.domain.folding import fold
from registers.domain.path import Path, lasting


def residual_slipped(path: Path, limits: Thresholds) -> Flag | None:
    """The day of the residual score was put off again and again."""
    slips = [
        (before.residual_by, after.residual_by, after.quarter)
        for before, after in pairwise([stop for stop in path.stops if stop.residual_by])
        if before.residual_by and after.residual_by and after.residual_by > before.residual_by
    ]
    now = path.latest
    if (
        len(slips) < limits.residual_slips
        or now.residual_by is None
        or now.has_reached(now.residual_score)
    ):
        return None
    return Flag(
        "residual-slipped",
        f"The date of the residual score has slipped {times(len(slips))}",
        f"Residual {now.residual_score} is now due by {written(now.residual_by)}. The first date "
        f"was {written(slips[0][0])}.",
        76,
        since=slips[0][2],
    )


def above_appetite_for_long(path: Path, limits: Thresholds) -> Flag | None:
    """Above appetite edition after edition, though not always at the same score."""
    above = path.above_lately
    if len(above) < limits.above_appetite:
        return None
    scores = {stop.score for stop in above}
    if len(scores) == 1:
        return None  # that it is stuck says more
    low, high = min(stop.score or 0 for stop in above), max(stop.score or 0 for stop in above)
    sentence = (
        f"Between {low} and {high} since {above[0].quarter}; the appetite is "
        f"{path.latest.appetite}."
    )
    return Flag(
        "above-appetite",
        f"Above appetite for {lasting(above)}",
        sentence,
        66,
        since=above[0].quarter,
        # That it rose within what it has been through is news all the same.
        evidence=f"{path.latest.score}. {sentence}",
    )


def all_done_and_unmoved(path: Path, limits: Thresholds) -> Flag | None:
    """Every action is done, some for an edition or more, and the score is what it was before."""
    now = path.latest
    finished = [action for action in now.actions if action.status == DONE]
    if not finished or any(action.is_outstanding or not action.status for action in now.actions):
        return None
    if now.score is None or now.residual_score is None or now.has_reached(now.residual_score):
        return None
    held = _since_all_done(path)
    before = path.stops[-len(held) - 1] if len(held) < len(path.stops) else None
    if (
        len(held) < 2
        or before is None
        or {before.score, *(one.score for one in held)} != {now.score}
    ):
        return None
    return Flag(
        "all-done-unmoved",
        f"Every action is done, and the score is still {now.score}",
        f"{counted(len(finished), 'action')} done by {held[0].quarter}. The score was "
        f"{before.score} before, and was to come to {now.residual_score}.",
        82,
        since=held[0].quarter,
        section=ACTIONS,
    )


def _since_all_done(path: Path) -> tuple[Content, ...]:
    start = len(path.stops)
    while start and (actions := path.stops[start - 1].actions):
        if any(action.is_outstanding or not action.status for action in actions):
            break
        start -= 1
    return path.stops[start:]


def residual_without_action(path: Path, limits: Thresholds) -> Flag | None:
    """A better score is promised, and nobody is to do anything for it.

    Of a risk above appetite another question says so already.
    """
    now = path.latest
    if now.score is None or now.residual_score is None or now.above_appetite:
        return None
    if (
        now.residual_score == now.score
        or now.has_reached(now.residual_score)
        or not now.was_printed(ACTIONS)
    ):
        return None
    if any(action.is_outstanding or not action.status for action in now.actions):
        return None
    listed = "every action is done or dropped" if now.actions else "no action is listed"
    return Flag(
        "residual-without-action",
        f"Residual {now.residual_score} is promised, and no action is outstanding",
        f"The score is {now.score}, and {listed}.",
        64,
        section=ACTIONS,
    )


def owner_and_promise_replaced(path: Path, limits: Thresholds) -> Flag | None:
    """Another owner than in the edition before, and what the last one promised went with them."""
    before, now = path.before, path.latest
    if before is None or not before.owner or not now.owner or not _another(before, now):
        return None
    went = list(_went(before, now, path.is_risk))
    if not went:
        return None
    return Flag(
        "owner-replaced",
        "The owner was replaced, and the promise with them",
        f"{before.owner} until {before.quarter}, {now.owner} now. {' '.join(went)}",
        57,
        since=now.quarter,
    )


def _another(before: Content, now: Content) -> bool:
    if before.post is not None and before.post == now.post:
        return False
    return _as_called(before) != _as_called(now)


def _as_called(one: Content) -> str:
    """“Director of Children Services” and “Director of Children's Services” are one."""
    return fold(one.owner).replace("'s ", " ").replace("s' ", " ")


def _went(before: Content, now: Content, is_risk: bool) -> list[str]:
    found = []
    was, to = before.residual_score, now.residual_score
    if was is not None and to is not None and ((to > was) if is_risk else (to < was)):
        found.append(f"The residual score was {was} and is {to}.")
    if before.residual_by and now.residual_by and now.residual_by > before.residual_by:
        found.append(
            f"It was due by {written(before.residual_by)} and is due by {written(now.residual_by)}."
        )
    # Actions of old documents are reworded from edition to edition: of them nobody can say it.
    open_then = [one for one in before.actions if one.is_outstanding]
    kept = {one.key for one in now.actions} | {fold(one.text) for one in now.actions}
    if open_then and not any(one.key in kept or fold(one.text) in kept for one in open_then):
        count = len(open_then)
        which = "The only action" if count == 1 else f"None of its {count} actions"
        found.append(f"{which} is {'gone' if count == 1 else 'still there'}.")
    return found
