"""The headline figures of one entry, as of the last edition of its path, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from registers.domain import movement
from registers.domain.carried import is_carried
from registers.domain.english import written
from registers.domain.path import Path, lasting

_SAID = {"up": "Up", "level": "Level", "down": "Down", "new": "New"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with a bold word beside it, more words under that, and a note below both."""

    figure: str
    word: str
    more: str = ""
    note: str = ""


def residual_note(path: Path) -> str:
    """By when the residual score is to be reached."""
    now = path.latest
    if now.residual_score is None:
        return ""
    if now.residual_by:
        passed = " (passed)" if now.residual_by < now.as_at else ""
        return f"Expected by {written(now.residual_by)}{passed}"
    return "Expected once every action is done"


def against_appetite(path: Path) -> Figure:
    """How far a risk stands above or below its appetite, and in how many editions above."""
    now = path.latest
    above, known = len(path.above_appetite), len(path.scored)
    if now.score is None:
        return Figure("–", "Not known", "no score", _how_often(above, known))
    points = now.score - now.appetite
    if points > 0:
        word, more = "Above appetite", "in every edition" if above == known else ""
        return Figure(f"+{points}", word, more, _how_often(above, known))
    figure = "0" if points == 0 else f"−{-points}"
    return Figure(figure, "Within appetite", "", _how_often(above, known))


def _how_often(above: int, known: int) -> str:
    if not known:
        return ""
    if not above:
        return "Never above it"
    if above == known:
        return f"{above} of {known} edition{'' if known == 1 else 's'}"
    return f"Above it in {above} of {known} edition{'' if known == 1 else 's'}"


def still_to_gain(path: Path) -> Figure:
    """How far an opportunity is from the score that its actions are to bring."""
    now = path.latest
    if now.score is None or now.residual_score is None:
        return Figure("–", "Not known", "a score is missing")
    points = now.residual_score - now.score
    best = max(stop.score for stop in path.scored if stop.score is not None)
    note = f"Best so far: {best}"
    if points > 0:
        return Figure(
            f"+{points}", "Still to gain", f"from {now.score} to {now.residual_score}", note
        )
    return Figure("0", "Reached", "nothing more is planned", note)


def direction_said(path: Path) -> Figure:
    """The owner's statement, and since when it has been the same."""
    said = path.latest.direction
    if not said:
        silent = is_carried(path.latest.texts.get("commentary", ""))
        return Figure("", "Not stated", "carried forward without an update" if silent else "")
    saying = path.lately_at("direction")
    return Figure(said, _SAID[said], f"for {lasting(saying)}" if len(saying) > 1 else "")


def score_did(path: Path) -> str:
    """What the score did, to stand beside what the owner says: 'The score rose by 4'."""
    moved = path.movement
    if path.before is None or moved.kind == movement.UNKNOWN:
        return ""
    if moved.sideways:
        return "The score is the same, in another square"
    if moved.kind == movement.LEVEL:
        return "The score did not move"
    return f"The score {'rose' if moved.kind == movement.UP else 'fell'} by {moved.by}"
