"""The committee's questions: sentences that the system can prove about an entry.

Each question is a small pure function over the entry's path, read with its texts and actions. It
answers with a Flag, or with None where there is nothing to ask. A flag states the fact and where
it is to be seen, never a judgement.

    flags_of(path)   every flag of the entry as of the path's last edition, heaviest first
"""

from __future__ import annotations

from collections.abc import Callable

from registers.domain.flags import actions, gaps, scores
from registers.domain.flags.flag import Flag
from registers.domain.path import Path

__all__ = ["QUESTIONS", "Flag", "flags_of"]

QUESTIONS: tuple[Callable[[Path], Flag | None], ...] = (
    scores.says_otherwise_than_the_scores,
    scores.keeps_saying_it_moves,
    scores.residual_never_reached,
    scores.residual_date_passed,
    scores.residual_does_not_improve,
    scores.stuck_above_appetite,
    actions.nothing_under_way,
    actions.action_overdue,
    actions.action_slipped,
    actions.done_without_movement,
    actions.controls_unchanged,
    actions.action_without_date,
    gaps.no_owner,
    gaps.no_score,
    gaps.no_position,
)


def flags_of(path: Path) -> list[Flag]:
    """Everything worth asking about an entry, the heaviest first."""
    flags = [flag for question in QUESTIONS if (flag := question(path)) is not None]
    return sorted(flags, key=lambda flag: -flag.weight)
