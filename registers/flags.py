"""The committee's questions: sentences that the system can prove about an entry.

Each question is a small pure function over the entry's path. It answers with a Flag, or with None
where there is nothing to ask. A flag states the fact and where it is to be seen, never a judgement.

    flags_of(path)   every flag of the entry as of the path's last edition, heaviest first
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from registers import movement, scale
from registers.path import ACTIONS, CONTROLS, Path, Promise, lasting, span, times, written

# How long something has to last before it is worth a question, in editions.
STUCK_AFTER = 4
CONTROLS_UNCHANGED_AFTER = 4
NEVER_REACHED_AFTER = 4
SAYING_WITHOUT_MOVING_AFTER = 3
# How often a date has to be put off.
SLIPS = 2
# How many actions a sentence names; the others are counted.
NAMED = 2
LONGEST_NAME = 90


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Flag:
    """`code` names the question, for filters and counts; the heavier `weight` is shown first."""

    code: str
    title: str
    sentence: str
    weight: int


def flags_of(path: Path) -> list[Flag]:
    """Everything worth asking about an entry, the heaviest first."""
    flags = [flag for question in QUESTIONS if (flag := question(path)) is not None]
    return sorted(flags, key=lambda flag: -flag.weight)


# What was said, and what the scores did ---------------------------------------------------------


def says_otherwise_than_the_scores(path: Path) -> Flag | None:
    """The direction that the owner gives is not the one that the score took.

    Only over two quarters in a row: where an edition is missing, nobody knows against which one
    the owner spoke.
    """
    said, moved = path.latest.direction, path.movement
    if path.before is None or path.before.quarter.next != path.latest.quarter:
        return None
    if said not in (movement.UP, movement.LEVEL, movement.DOWN):
        return None
    if moved.kind not in (movement.UP, movement.DOWN) or said == moved.kind:
        return None
    rose = "rose" if moved.kind == movement.UP else "fell"
    return Flag(
        "direction",
        f"Says {said.capitalize()}, but the score {rose}",
        f"The score went from {path.before.score} to {path.latest.score} between "
        f"{path.before.quarter} and {path.latest.quarter}. The owner reports "
        f"“{said.capitalize()}”.",
        95,
    )


def keeps_saying_it_moves(path: Path) -> Flag | None:
    """Edition after edition the owner says up, or down, and the score stays where it is."""
    said = path.latest.direction
    if said not in (movement.UP, movement.DOWN) or path.latest.score is None:
        return None
    saying = path.lately_at("direction")
    if len(saying) < SAYING_WITHOUT_MOVING_AFTER:
        return None
    if {stop.score for stop in saying} != {path.latest.score}:
        return None
    return Flag(
        "direction-without-movement",
        f"Says {said.capitalize()} for {lasting(saying)}, and the score stands still",
        f"The score has been {path.latest.score} from {span(saying)}.",
        60,
    )


# What was promised ------------------------------------------------------------------------------


def residual_never_reached(path: Path) -> Flag | None:
    """The same residual score has been promised for long and the score never came to it.

    Where dates were given, the first of them has gone by.
    """
    residual = path.latest.residual
    if residual is None or path.latest.score is None:
        return None
    promised = path.lately_at("residual")
    if len(promised) < NEVER_REACHED_AFTER:
        return None
    dates = [stop.residual_by for stop in promised if stop.residual_by is not None]
    if dates and min(dates) >= path.latest.as_at:
        return None  # it was never promised for a day that has come
    scores = [stop.score for stop in promised if stop.score is not None]
    nearest = min(scores) if path.is_risk else max(scores)
    if (nearest <= residual) if path.is_risk else (nearest >= residual):
        return None
    side = "below" if path.is_risk else "above"
    first = f" It was first to be reached by {written(min(dates))}." if dates else ""
    return Flag(
        "residual-never-reached",
        f"Residual {residual} promised since {promised[0].quarter}",
        f"{len(promised)} editions. The score has never been {side} {nearest}.{first}",
        85,
    )


def residual_date_passed(path: Path) -> Flag | None:
    """The day by which the residual score was to be reached has gone by."""
    now = path.latest
    if now.residual_by is None or now.residual is None or now.score is None:
        return None
    reached = now.score <= now.residual if path.is_risk else now.score >= now.residual
    if reached or now.residual_by >= now.as_at:
        return None
    return Flag(
        "residual-overdue",
        f"Residual {now.residual} was due by {written(now.residual_by)}",
        f"The score in {now.quarter} is {now.score}.",
        80,
    )


def residual_does_not_improve(path: Path) -> Flag | None:
    """The actions are to bring the score where it already is, or to the worse.

    A score that has reached its residual is no question, unless more is still to be done for it
    or a risk stands above appetite all the same.
    """
    now = path.latest
    if now.residual is None or now.score is None:
        return None
    if now.residual == now.score:
        above = path.is_risk and now.score > now.appetite
        if not above and not any(action.is_outstanding for action in now.actions):
            return None
        return Flag(
            "residual-equals-score",
            f"Residual and score are both {now.score}",
            "With every action done, the score would be what it is now.",
            45,
        )
    if (now.residual > now.score) == path.is_risk:
        side, way = ("above", "rise") if path.is_risk else ("below", "fall")
        return Flag(
            "residual-beyond-score",
            f"Residual {now.residual} is {side} the score",
            f"The score is {now.score}. With every action done it would {way}.",
            70,
        )
    return None


def stuck_above_appetite(path: Path) -> Flag | None:
    """The same score, above appetite, edition after edition."""
    if not path.is_risk or path.latest.score is None:
        return None
    stuck = path.lately_at("score")
    if len(stuck) < STUCK_AFTER or any(path.latest.score <= stop.appetite for stop in stuck):
        return None
    return Flag(
        "stuck",
        f"At {path.latest.score} for {lasting(stuck)}",
        f"The same score in every edition since {stuck[0].quarter}, above the appetite of "
        f"{path.latest.appetite}.",
        75,
    )


def nothing_under_way(path: Path) -> Flag | None:
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
    )


# Controls and actions ---------------------------------------------------------------------------


def controls_unchanged(path: Path) -> Flag | None:
    """The controls read the same, word for word, edition after edition."""
    if not path.latest.passage(CONTROLS):
        return None
    same = path.lately(CONTROLS)
    if len(same) < CONTROLS_UNCHANGED_AFTER:
        return None
    name = "Controls" if path.is_risk else "Progress"
    return Flag(
        "controls-unchanged",
        f"{name} unchanged for {lasting(same)}",
        f"Word for word the same since {same[0].quarter}.",
        40,
    )


def action_slipped(path: Path) -> Flag | None:
    """An outstanding action whose date was put off again and again."""
    slipped = [
        action
        for action in path.latest.actions
        if action.is_outstanding and len(path.slips.get(action.key, ())) >= SLIPS
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

    def says(action: Promise) -> str:
        slips = path.slips[action.key]
        return (
            f"“{_name(action.text)}” was first due {written(slips[0].was)} and is now due "
            f"{written(slips[-1].now)}."
        )

    return Flag("action-slipped", title, _sentences(slipped, says), 65)


def action_overdue(path: Path) -> Flag | None:
    """An outstanding action whose date passed before the quarter ended."""
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
    return Flag("action-overdue", title, _sentences(overdue, says), 68)


def done_without_movement(path: Path) -> Flag | None:
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
    return Flag("done-without-movement", title, _sentences(done, _aim(path.kind)), 50)


def _reached(action: Promise, path: Path) -> bool:
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


def action_without_date(path: Path) -> Flag | None:
    """Something is to be done by no day in particular."""
    without = [action for action in path.latest.actions if action.is_outstanding and not action.due]
    if not without:
        return None
    count = len(without)
    title = "An action has no date" if count == 1 else f"{count} actions have no date"
    return Flag(
        "action-without-date", title, _sentences(without, lambda one: f"“{_name(one.text)}”."), 25
    )


# What is not recorded -----------------------------------------------------------------------------


def no_score(path: Path) -> Flag | None:
    if path.latest.score is not None:
        return None
    return Flag(
        "no-score",
        "No score is recorded",
        f"The edition of {path.latest.quarter} gives none that can be read.",
        35,
    )


def no_position(path: Path) -> Flag | None:
    """The score is known and its square is not: it is never guessed."""
    now = path.latest
    if now.score is None or now.position is not None:
        return None
    squares = scale.possible_positions(now.score)
    printed = now.printed_line("score")
    if len(squares) > 1:
        sentence = f"The score of {now.score} can be {_either(squares, path.kind)}."
    elif printed:
        sentence = f"It is printed as “{printed}”."
    else:
        sentence = f"Only the score of {now.score} is."
    return Flag("no-position", "No position on the grid is recorded", sentence, 20)


def _either(squares: Sequence[scale.Position], kind: str) -> str:
    return " or ".join(square.words(kind) for square in squares)


def no_owner(path: Path) -> Flag | None:
    if path.latest.owner:
        return None
    return Flag(
        "no-owner", "No owner is named", f"The edition of {path.latest.quarter} names none.", 55
    )


QUESTIONS: tuple[Callable[[Path], Flag | None], ...] = (
    says_otherwise_than_the_scores,
    keeps_saying_it_moves,
    nothing_under_way,
    residual_never_reached,
    residual_date_passed,
    stuck_above_appetite,
    residual_does_not_improve,
    action_overdue,
    action_slipped,
    done_without_movement,
    controls_unchanged,
    action_without_date,
    no_owner,
    no_score,
    no_position,
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


def _aim(kind: str) -> Callable[[Promise], str]:
    def says(action: Promise) -> str:
        aims = []
        if action.target_impact:
            aims.append(f"impact to {scale.impact_word(action.target_impact, kind)}")
        if action.target_likelihood:
            aims.append(f"likelihood to {scale.likelihood_word(action.target_likelihood)}")
        when = f" on {written(action.completed_on)}" if action.completed_on else ""
        aim = f" It was to bring {' and '.join(aims)}." if aims else ""
        return f"“{_name(action.text)}” was done{when}.{aim}"

    return says
