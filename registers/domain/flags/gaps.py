"""Questions about what is not recorded."""

from __future__ import annotations

from collections.abc import Sequence

from registers.domain import scale
from registers.domain.flags.flag import Flag
from registers.domain.flags.thresholds import Thresholds
from registers.domain.path import Path


def no_score(path: Path, limits: Thresholds) -> Flag | None:
    if path.latest.score is not None:
        return None
    return Flag(
        "no-score",
        "No score is recorded",
        f"The edition of {path.latest.quarter} gives none that can be read.",
        35,
        evidence=path.latest.printed_line("score") or "No score",
    )


def no_position(path: Path, limits: Thresholds) -> Flag | None:
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


def no_owner(path: Path, limits: Thresholds) -> Flag | None:
    if path.latest.owner:
        return None
    return Flag(
        "no-owner",
        "No owner is named",
        f"The edition of {path.latest.quarter} names none.",
        55,
        evidence="No owner",
    )
