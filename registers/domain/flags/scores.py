"""Questions about the scores: against what was said, against what was promised, over time."""

from __future__ import annotations

from registers.domain import movement
from registers.domain.english import written
from registers.domain.flags.flag import Flag
from registers.domain.flags.thresholds import Thresholds
from registers.domain.path import Path, lasting, span


def says_otherwise_than_the_scores(path: Path, limits: Thresholds) -> Flag | None:
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
        f"The score {movement.told(path.before.score, path.latest.score)} between "
        f"{path.before.quarter} and {path.latest.quarter}. The owner reports "
        f"“{said.capitalize()}”.",
        95,
        since=path.latest.quarter,
    )


def keeps_saying_it_moves(path: Path, limits: Thresholds) -> Flag | None:
    """Edition after edition the owner says up, or down, and the score stays where it is."""
    said = path.latest.direction
    if said not in (movement.UP, movement.DOWN) or path.latest.score is None:
        return None
    saying = path.lately_at("direction")
    if len(saying) < limits.direction_without_movement:
        return None
    if {stop.score for stop in saying} != {path.latest.score}:
        return None
    return Flag(
        "direction-without-movement",
        f"Says {said.capitalize()} for {lasting(saying)}, and the score stands still",
        f"The score has been {path.latest.score} from {span(saying)}.",
        60,
        since=saying[0].quarter,
        evidence=f"{said}, {path.latest.score}, since {saying[0].quarter}",
    )


def residual_never_reached(path: Path, limits: Thresholds) -> Flag | None:
    """The same residual score has been promised for long and the score never came to it.

    Where dates were given, the first of them has gone by.
    """
    residual = path.latest.residual_score
    if residual is None or path.latest.score is None:
        return None
    promised = path.lately_at("residual_score")
    if len(promised) < limits.residual_never_reached:
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
        62,
        since=promised[0].quarter,
        evidence=f"{residual} since {promised[0].quarter}, at {path.latest.score}.{first}",
    )


def residual_date_passed(path: Path, limits: Thresholds) -> Flag | None:
    """The day by which the residual score was to be reached has gone by."""
    now = path.latest
    if now.residual_by is None or now.residual_score is None or now.score is None:
        return None
    if now.has_reached(now.residual_score) or now.residual_by >= now.as_at:
        return None
    return Flag(
        "residual-overdue",
        f"Residual {now.residual_score} was due by {written(now.residual_by)}",
        f"The score in {now.quarter} is {now.score}.",
        80,
        evidence=f"{now.residual_score} by {now.residual_by}, at {now.score}",
    )


def residual_does_not_improve(path: Path, limits: Thresholds) -> Flag | None:
    """The actions are to bring the score where it already is, or to the worse.

    A score that has reached its residual is no question, unless more is still to be done for it
    or a risk stands above appetite all the same.
    """
    now = path.latest
    if now.residual_score is None or now.score is None:
        return None
    if now.residual_score == now.score:
        above = path.is_risk and now.score > now.appetite
        if not above and not any(action.is_outstanding for action in now.actions):
            return None
        return Flag(
            "residual-equals-score",
            f"Residual and score are both {now.score}",
            "With every action done, the score would be what it is now.",
            45,
        )
    if (now.residual_score > now.score) == path.is_risk:
        side, way = ("above", "rise") if path.is_risk else ("below", "fall")
        return Flag(
            "residual-beyond-score",
            f"Residual {now.residual_score} is {side} the score",
            f"The score is {now.score}. With every action done it would {way}.",
            70,
        )
    return None


def stuck_above_appetite(path: Path, limits: Thresholds) -> Flag | None:
    """The same score, above appetite, edition after edition."""
    if not path.is_risk or path.latest.score is None:
        return None
    stuck = path.lately_at("score")
    if len(stuck) < limits.stuck or any(path.latest.score <= stop.appetite for stop in stuck):
        return None
    sentence = (
        f"The same score in every edition since {stuck[0].quarter}, above the appetite of "
        f"{path.latest.appetite}."
    )
    return Flag(
        "stuck",
        f"At {path.latest.score} for {lasting(stuck)}",
        sentence,
        75,
        since=stuck[0].quarter,
        evidence=f"{path.latest.score}. {sentence}",
    )
