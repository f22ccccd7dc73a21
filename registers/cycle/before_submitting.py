"""What a submission must have, and what looks contradictory. Small functions over two snapshots."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from registers.domain import movement
from registers.domain.carried import is_carried
from registers.domain.content import Content
from registers.domain.difference import actions as promised
from registers.models import Action, Direction, Kind, Snapshot

# A row as it stands, or what was read of one.
Stated = Snapshot | Content

# How the form calls the reason of an action.
BECAUSE = "“Slipped or dropped, because”"


@dataclass(frozen=True, slots=True)
class Problem:
    """`field` is the form field it stands next to; of an action, whose key is `action`, one of its
    columns. `sentence` says what to do.
    """

    field: str
    sentence: str
    action: UUID | None = None


def errors(snapshot: Snapshot, before: Snapshot | None = None) -> list[Problem]:
    """What is missing; none of it can be overruled. `before` is the edition before this one."""
    return [*_errors(snapshot), *_not_new(snapshot, before), *broken_promises(snapshot, before)]


def _not_new(snapshot: Snapshot, before: Snapshot | None) -> Iterator[Problem]:
    if before is not None and snapshot.direction == Direction.NEW:
        sentence = f"It was there in {before.edition.quarter}: say up, level or down, not new."
        yield Problem("direction", sentence)
    fresh = [part for part in snapshot.strands.all() if part.direction == Direction.NEW]
    stood = {part.number for part in before.strands.all()} if before and fresh else set()
    for part in fresh:
        if part.number in stood:
            was_there = f"Part {part.number} was there in {before.edition.quarter}"
            yield Problem("direction", f"{was_there}, so it is not new.")


def broken_promises(snapshot: Snapshot, before: Snapshot | None) -> Iterator[Problem]:
    """Actions that were dropped, put off or left out without a word on why."""
    was_due = {action.key: action.due for action in before.actions.all()} if before else {}
    for action in snapshot.actions.all():
        yield from unexplained(action, was_due.get(action.key))
    for action in missing(snapshot, before):
        yield Problem(
            "actions",
            f"Action “{promised.short(action.text)}”, promised in {before.edition.quarter}, is "
            "missing. It can’t be left out: open the entry and submit it there. The action is put "
            "back, and you say that it is done, or dropped and why.",
        )


def missing(snapshot: Snapshot, before: Snapshot | None) -> list[Action]:
    """Outstanding actions of the edition before that this one does not mention.

    What was read from a document says what the document says.
    """
    if before is None or snapshot.printed:
        return []
    here = {action.key for action in snapshot.actions.all()}
    return [
        action
        for action in before.actions.all()
        if action.key not in here and not promised.is_settled(action)
    ]


def unexplained(action: Action, was_due: date | None) -> Iterator[Problem]:
    """A drop, or a later date or none, that gives no reason. `was_due` is the date before."""
    if action.reason.strip():
        return
    named = f"Action “{promised.short(action.text)}”"
    if action.status == Action.Status.DROPPED:
        yield Problem("reason", f"{named} is dropped: say why, under {BECAUSE}.", action.key)
    elif not promised.is_settled(action) and promised.slips(was_due, action.due):
        became = promised.redated(was_due, action.due)
        yield Problem("reason", f"{named}: {became}. Say why, under {BECAUSE}.", action.key)


def _errors(snapshot: Snapshot) -> Iterator[Problem]:
    if snapshot.owner_id is None:
        yield Problem("owner", "Choose the post that owns this entry.")
    if snapshot.position is None:
        yield Problem("position", "Choose a square for the score as it stands now.")
    if snapshot.residual_position is None:
        yield Problem("residual_position", "Choose a square for the residual score.")
    # An entry in numbered parts may say both of each part instead of the whole.
    strands = list(snapshot.strands.all())
    if not (snapshot.direction or _all(strand.direction for strand in strands)):
        yield Problem("direction", "Say which way it is travelling.")
    if not (snapshot.commentary.strip() or _all(strand.commentary.strip() for strand in strands)):
        yield Problem("commentary", "Write a sentence or two that the committee can read.")
    if is_carried(snapshot.commentary):
        yield Problem(
            "commentary",
            "The commentary says that no update came. Write instead what the committee is to read.",
        )


def _all(said: Iterable[str]) -> bool:
    """Whether there are any, and none is empty."""
    each = list(said)
    return bool(each) and all(each)


def warnings(snapshot: Stated, before: Stated | None) -> list[Problem]:
    """What may be right but looks wrong; a person may overrule it with a reason."""
    return list(_warnings(snapshot, before))


def _warnings(snapshot: Stated, before: Stated | None) -> Iterator[Problem]:
    score, residual = snapshot.score, snapshot.residual_score
    risk = snapshot.kind == Kind.RISK
    if score is not None and residual is not None:
        if risk and residual > score:
            yield Problem(
                "residual_position",
                f"The residual score ({residual}) is above the score now ({score}): "
                "the actions would make it worse.",
            )
        elif not risk and residual < score:
            yield Problem(
                "residual_position",
                f"The residual score ({residual}) is below the score now ({score}): "
                "the actions would make less of it.",
            )
        elif residual == score:
            yield Problem(
                "residual_position",
                f"The residual score equals the score now ({score}): the actions change nothing.",
            )
    if before is not None:
        moved = movement.between(before, snapshot, snapshot.kind)
        if against(snapshot.direction, moved):
            yield Problem(
                "direction",
                f"The direction is “{Direction(snapshot.direction).label}”, but the score "
                f"{movement.told(before.score, snapshot.score)}.",
            )
        if moved.kind == movement.LEVEL and (done := newly_done(snapshot, before)):
            actions = "An action is done" if done == 1 else f"{done} actions are done"
            yield Problem("position", f"{actions} this quarter, but the score has not moved.")


def against(direction: str, moved: movement.Movement) -> bool:
    """Whether what the owner says contradicts what the scores did. Unknown contradicts nothing."""
    says = {
        Direction.UP: movement.UP,
        Direction.DOWN: movement.DOWN,
        Direction.LEVEL: movement.LEVEL,
    }.get(direction)
    return (
        says is not None
        and moved.kind in (movement.UP, movement.DOWN, movement.LEVEL)
        and moved.kind != says
    )


def newly_done(snapshot: Stated, before: Stated) -> int:
    """How many actions are done that were not done an edition ago."""
    return len(_done(snapshot) - _done(before))


def _done(one: Stated) -> set[Hashable]:
    actions = one.actions if isinstance(one, Content) else one.actions.all()
    return {action.key for action in actions if action.status == Action.Status.DONE}
