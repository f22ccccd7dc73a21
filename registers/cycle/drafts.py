"""What somebody has written of an entry, as a value, and the rows that it becomes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from registers.cycle import before_submitting, rows
from registers.cycle.before_submitting import Problem
from registers.domain.difference import actions as promised
from registers.models import Action, Snapshot, Strand

# What a person writes of an action and of a numbered part: the columns of their rows on the form.
OF_AN_ACTION = (
    "text",
    "lead",
    "due",
    "status",
    "strand",
    "completed_on",
    "reason",
    "target_impact",
    "target_likelihood",
)
OF_A_STRAND = (
    "number",
    "title",
    "lead",
    "types",
    "consequences",
    "controls",
    "direction",
    "commentary",
)

SCORES = tuple(
    f"{prefix}{name}"
    for prefix in ("", "residual_", "inherent_")
    for name in ("impact", "likelihood", "score")
)
# What is carried of an entry from quarter to quarter, besides its types, parts and actions.
CARRIED = ("title", "description", "consequences", "controls", *SCORES, "residual_by")

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """What is written of an entry: by column, and of its parts and actions. The rest stays.

    A part is named by the number that it has, one that is added by any other name; an action by its
    key, and by that name its `strand`. None in place of values takes the row out.
    """

    fields: Values = field(default_factory=dict)
    strands: Mapping[Hashable, Values | None] = field(default_factory=dict)
    actions: Mapping[UUID, Values | None] = field(default_factory=dict)


def as_before(standing: Snapshot, before: Snapshot) -> Draft:
    """The draft that puts an entry back to what was carried of the edition before, `before`.

    Nothing is said yet of its direction, and nobody has explained anything. What an edition older
    than that one promised stays: only what was added this quarter can be taken out.
    """
    fresh = {"direction": "", "commentary": "", "no_change_reason": "", "override_reason": ""}
    fields = {name: getattr(before, name) for name in CARRIED}
    types = {"types": list(before.types.all())}
    strands: dict[Hashable, Values | None] = {
        strand.number: None for strand in standing.strands.all()
    }
    strands |= {strand.number: _strand_as_before(strand) for strand in before.strands.all()}
    numbers = {strand.pk: strand.number for strand in before.strands.all()}
    added = (action for action in standing.actions.with_carried() if not action.carried)
    actions: dict[UUID, Values | None] = {action.key: None for action in added}
    actions |= {
        action.key: _action_as_before(action, numbers)
        for action in before.actions.all()
        if not promised.is_settled(action)
    }
    return Draft({**fields, **types, **fresh}, strands, actions)


def _strand_as_before(strand: Strand) -> Values:
    said = {name: getattr(strand, name) for name in OF_A_STRAND if name != "types"}
    return {**said, "types": list(strand.types.all()), "direction": "", "commentary": ""}


def _action_as_before(action: Action, numbers: Mapping[int, int]) -> Values:
    said = {name: getattr(action, name) for name in (*OF_AN_ACTION, "order") if name != "strand"}
    return {
        **said,
        "level": action.level,
        "plain": action.plain,
        "strand": numbers.get(action.strand_id or 0),
        "reason": "",
    }


# What can't be kept -------------------------------------------------------------------------------


def taken_out(standing: Snapshot, draft: Draft) -> Iterator[Problem]:
    """Only what was added this quarter can be taken out; what was carried is done, or dropped."""
    gone = [key for key, values in draft.actions.items() if values is None]
    if not gone:
        return
    for action in standing.actions.with_carried().filter(key__in=gone, carried=True):
        yield Problem(
            "status",
            f"“{promised.short(action.text)}” was promised in an earlier quarter, so it can’t be "
            "removed. Choose Done, or choose Dropped and say why.",
            action.key,
        )


def contradictory(standing: Snapshot, draft: Draft) -> Iterator[Problem]:
    """Two parts of one number, or an action of a part that there never was."""
    if not (draft.strands or draft.actions):
        return
    parts: dict[Hashable, Any] = {part.number: part.number for part in standing.strands.all()}
    for name, values in draft.strands.items():
        parts[name] = None if values is None else values.get("number", parts.get(name))
    numbers = [number for number in parts.values() if number is not None]
    for number in sorted({number for number in numbers if numbers.count(number) > 1}):
        yield Problem("number", f"Two parts have the number {number}. Give one of them another.")
    for key, values in draft.actions.items():
        part = (values or {}).get("strand")
        if part is not None and part not in parts:
            sentence = "The entry has no such part. Choose one that it has, or none."
            yield Problem("strand", sentence, key)


def unexplained(standing: Snapshot, draft: Draft, before: Snapshot | None) -> Iterator[Problem]:
    """Actions that the draft drops or puts off without a word on why, since `before`."""
    was_due = {action.key: action.due for action in before.actions.all()} if before else {}
    stand = {action.key: action for action in standing.actions.all()}
    for key, values in draft.actions.items():
        if values is not None:
            action = rows.copy(stand.get(key) or Action(key=key))
            assign(action, {name: said for name, said in values.items() if name != "strand"})
            yield from before_submitting.unexplained(action, was_due.get(key))


def changes_rows(standing: Snapshot, draft: Draft) -> bool:
    """Whether a draft says anything else of the types, the parts or the actions of an entry."""
    if "types" in draft.fields and set(draft.fields["types"]) != set(standing.types.all()):
        return True
    strands = {strand.number: strand for strand in standing.strands.all()}
    actions = {action.key: action for action in standing.actions.select_related("strand")}
    return any(
        _differs(rows.get(name), values)
        for rows, said in ((strands, draft.strands), (actions, draft.actions))
        for name, values in said.items()
    )


def _differs(row: Any, values: Values | None) -> bool:
    if row is None or values is None:
        return row is not values
    return any(_stands(row, column) != _given(column, said) for column, said in values.items())


def _stands(row: Any, column: str) -> Any:
    """A column of a row as a draft gives it: types as a set, a part by its number."""
    if column == "types":
        return set(row.types.all())
    if column == "strand":
        return row.strand.number if row.strand else None
    return getattr(row, column)


def _given(column: str, said: Any) -> Any:
    return set(said) if column == "types" else said


# The rows -----------------------------------------------------------------------------------------


def assign(row: Any, values: Values) -> bool:
    """Give a row its values; True if it had others. Its types are written, without a line of
    history: that of the row's next save names them.
    """
    different = False
    for column, value in values.items():
        if column == "types":
            different |= _assign_types(row, value)
        elif getattr(row, column) != value:
            setattr(row, column, value)
            different = True
    return different


def _assign_types(row: Any, types: Iterable[Any]) -> bool:
    wanted = set(types)
    if wanted == set(row.types.all()):
        return False
    row.skip_history_when_saving = True
    row.types.set(wanted)
    del row.skip_history_when_saving
    return True


def write_rows(
    snapshot: Snapshot, draft: Draft, *, by, reason: str, now: datetime | None = None
) -> None:
    """Bring the parts and the actions of an entry to what a draft says.

    What nobody changed gets no line of history. The actions of a part that goes stay without it.
    """
    told = {"by": by, "reason": reason, "now": now}
    if not (draft.strands or draft.actions):
        return
    actions = {action.key: action for action in snapshot.actions.all()}
    strands = _write_strands(snapshot, draft, actions.values(), **told)
    _write_actions(snapshot, draft, actions, strands, **told)


def _write_strands(
    snapshot: Snapshot, draft: Draft, actions: Iterable[Action], **told: Any
) -> dict[Hashable, Strand]:
    """The parts as they then stand, by their names in the draft."""
    stand: dict[Hashable, Strand] = {
        strand.number: strand for strand in snapshot.strands.prefetch_related("types")
    }
    for gone in [name for name, values in draft.strands.items() if values is None]:
        if gone in stand:
            _take_out(stand.pop(gone), actions, **told)
    said = {name: values for name, values in draft.strands.items() if values is not None}
    numbers = {strand.pk: strand.number for strand in stand.values()}
    changed = [strand for name, strand in stand.items() if assign(strand, said.get(name, {}))]
    _make_way([strand for strand in changed if strand.number != numbers[strand.pk]], numbers)
    rows.update(changed, [name for name in OF_A_STRAND if name != "types"], **told)
    added = {name: values for name, values in said.items() if name not in stand}
    new = [Strand(snapshot=snapshot, **columns(values)) for values in added.values()]
    types = {place: type_ids(values) for place, values in enumerate(added.values())}
    rows.create(new, types=types, **told)
    return stand | dict(zip(added, new, strict=True))


def _take_out(strand: Strand, actions: Iterable[Action], **told: Any) -> None:
    freed = [action for action in actions if action.strand_id == strand.pk]
    for action in freed:
        action.strand = None
    rows.update(freed, ["strand"], **told)
    rows.delete(strand, **told)


def _make_way(renumbered: list[Strand], numbers: Mapping[int, int]) -> None:
    """Two parts may swap their numbers, which stand under a constraint checked row by row."""
    highest = max([*numbers.values(), *(strand.number for strand in renumbered)], default=0)
    for place, strand in enumerate(renumbered, start=1):
        Strand.objects.filter(pk=strand.pk).update(number=highest + place)


def columns(values: Values) -> Values:
    return {name: value for name, value in values.items() if name != "types"}


def type_ids(values: Values) -> list[int]:
    return [type_.pk for type_ in values.get("types", ())]


def _write_actions(
    snapshot: Snapshot,
    draft: Draft,
    stand: Mapping[UUID, Action],
    strands: Mapping[Hashable, Strand],
    **told: Any,
) -> None:
    """New ones stand below the others, unless the draft says where."""
    changed, new = [], []
    last = max((action.order for action in stand.values()), default=0)
    for key, values in draft.actions.items():
        if values is None:
            if key in stand:
                rows.delete(stand[key], **told)
            continue
        said = dict(values)
        if "strand" in said:
            said["strand"] = strands.get(said["strand"])
        if key in stand:
            changed += [stand[key]] * assign(stand[key], said)
        else:
            new.append(Action(snapshot=snapshot, key=key, **{"order": last + len(new) + 1, **said}))
    rows.update(changed, [*OF_AN_ACTION, "order", "level", "plain"], **told)
    rows.create(new, **told)
