"""The committee's questions: sentences that the system can prove about an entry.

Each question is a small pure function over the entry's path, read with its texts and actions. It
answers with a Flag, or with None where there is nothing to ask. A flag states the fact and where
it is to be seen, never a judgement.

    flags_of(path)       every flag of the entry as of the path's last edition, heaviest first
    flags_of_all(paths)  the same of all entries of an edition, with what they have in common
    KINDS                every kind of flag by its code, in words for a filter

What an owner has said to a flag stands with it as long as it holds (`answers`).

Left out, because on five real editions they were noise: consequences and descriptions that stay
the same (a risk's nature may), a commentary of a word or two, dates without a year that are told
for the first time, a bare "by" before a date, and sentences of fewer than nine words in several
entries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from registers.domain.flags import (
    actions,
    answers,
    gaps,
    promised,
    scores,
    shared,
    texts,
    told_dates,
)
from registers.domain.flags.flag import Flag
from registers.domain.flags.thresholds import STANDARD, Thresholds
from registers.domain.path import Path

__all__ = ["KINDS", "QUESTIONS", "STANDARD", "Flag", "Thresholds", "flags_of", "flags_of_all"]

QUESTIONS: tuple[Callable[[Path, Thresholds], Flag | None], ...] = (
    scores.says_otherwise_than_the_scores,
    scores.keeps_saying_it_moves,
    scores.residual_never_reached,
    scores.residual_date_passed,
    scores.residual_does_not_improve,
    scores.stuck_above_appetite,
    promised.above_appetite_for_long,
    promised.residual_slipped,
    promised.residual_without_action,
    promised.all_done_and_unmoved,
    promised.owner_and_promise_replaced,
    actions.nothing_under_way,
    actions.action_overdue,
    actions.action_slipped,
    actions.done_without_movement,
    actions.action_without_date,
    texts.controls_unchanged,
    texts.controls_nearly_unchanged,
    texts.actions_unchanged,
    texts.actions_nearly_unchanged,
    texts.commentary_unchanged,
    texts.weakness_as_control,
    texts.two_directions,
    texts.said_twice,
    told_dates.told_as_to_come,
    gaps.no_owner,
    gaps.no_score,
    gaps.no_position,
)

KINDS = {
    "direction": "Says otherwise than the score",
    "no-action": "Above appetite without an action",
    "all-done-unmoved": "All done, and the score unmoved",
    "residual-overdue": "Residual date passed",
    "two-directions": "Two opposite directions",
    "residual-slipped": "Residual date slipped",
    "stuck": "Stuck above appetite",
    "date-passed": "A passed date told as to come",
    "weakness-as-control": "A weakness as a control",
    "residual-beyond-score": "Residual beyond the score",
    "action-overdue": "Action overdue",
    "above-appetite": "Long above appetite",
    "action-slipped": "Action slipped",
    "residual-without-action": "Residual without an action",
    "residual-never-reached": "Residual never reached",
    "direction-without-movement": "Says it moves, and it does not",
    "owner-replaced": "Owner and promise replaced",
    "no-owner": "No owner",
    "actions-unchanged": "Actions unchanged",
    "done-without-movement": "Done without movement",
    "commentary-unchanged": "Commentary unchanged",
    "residual-equals-score": "Residual equals the score",
    "actions-nearly-unchanged": "Actions nearly unchanged",
    "controls-unchanged": "Controls unchanged",
    "controls-nearly-unchanged": "Controls nearly unchanged",
    "no-score": "No score",
    "shared-sentence": "A sentence in several entries",
    "action-without-date": "Action without a date",
    "said-twice": "A sentence twice",
    "no-position": "No position",
}


def flags_of(path: Path, limits: Thresholds = STANDARD) -> list[Flag]:
    """Everything worth asking about an entry, the heaviest first."""
    found = (flag for question in QUESTIONS if (flag := question(path, limits)))
    return heaviest_first(answers.answered(found, path))


def flags_of_all(paths: Mapping[int, Path], limits: Thresholds = STANDARD) -> dict[int, list[Flag]]:
    """By entry, everything worth asking of the entries of one edition, all of them given."""
    common = shared.shared(path.latest for path in paths.values())
    found = {}
    for entry, path in paths.items():
        own = [common[entry]] if entry in common else []
        found[entry] = heaviest_first([*flags_of(path, limits), *own])
    return found


def heaviest_first(flags: Iterable[Flag]) -> list[Flag]:
    """Those that were answered come after all others."""
    return sorted(flags, key=lambda flag: (flag.answer is not None, -flag.weight))
