"""Who changed what of an entry while somebody else was working on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from registers.models import Action, Snapshot, User

# What the verbs keep for themselves; nobody types it.
_KEPT = {"id", "changed_at", "changed_by", "version", "reference", "order", "printed"}


@dataclass(frozen=True, slots=True)
class Change:
    """One field, or 'types' or 'actions', with who changed it last and when."""

    field: str
    who: User | None
    when: datetime

    @property
    def label(self) -> str:
        if self.field == "actions":
            return "Actions"
        return str(Snapshot._meta.get_field(self.field).verbose_name).capitalize()


def changes(snapshot: Snapshot, *, since: int) -> list[Change]:
    """What has been changed since a version was seen, each field once, the newest change of it.

    A change of direction back to what it was still counts: somebody touched it.
    """
    trail = list(
        snapshot.history.filter(version__gte=since)
        .select_related("history_user")
        .order_by("history_id")
    )
    seen = max((place for place, line in enumerate(trail) if line.version == since), default=None)
    if seen is None or seen == len(trail) - 1:
        return []
    last: dict[str, Change] = {}
    for before, after in zip(trail[seen:], trail[seen + 1 :], strict=False):
        for field in _differing(before, after):
            last[field] = Change(field, after.history_user, after.history_date)
    # A save writes the snapshot first and its actions after it.
    actions = (
        Action.history.filter(
            snapshot_id=snapshot.pk, history_date__gte=trail[seen + 1].history_date
        )
        .select_related("history_user")
        .order_by("history_id")
        .last()
    )
    if actions is not None:
        last["actions"] = Change("actions", actions.history_user, actions.history_date)
    return list(last.values())


def _differing(before, after) -> Iterator[str]:
    for field in Snapshot._meta.concrete_fields:
        if field.name not in _KEPT and getattr(before, field.attname) != getattr(
            after, field.attname
        ):
            yield field.name
    if _types(before) != _types(after):
        yield "types"


def _types(line) -> set[int]:
    return {link.type_id for link in line.types.all()}
