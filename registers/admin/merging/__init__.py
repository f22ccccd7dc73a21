"""Two people at the same entry: what each of them wrote, side by side, and one form with both.

The second save is refused. What only they changed is put into the form, what only I changed stays
in it, and where both changed the same field both texts are shown and mine stays in the box until
I choose. So nothing is lost, and saving once more keeps what the boxes then hold.

sent.py     what a browser sends: names of fields and strings
clashes.py  where both have written in the same field
rows.py     the actions and the parts below the entry
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from registers import cycle
from registers.admin.merging.clashes import BOTH, MINE, Clash, Meeting, merge_field
from registers.admin.merging.rows import ROWS
from registers.admin.merging.sent import (
    COMMENTARY,
    LABELS,
    PASSAGES,
    PLACINGS,
    TEXTS,
    put,
    sent,
    was_sent,
)
from registers.models import Snapshot, User

__all__ = ["PLACINGS", "ROWS", "Clash", "Meeting", "Seen", "as_seen", "choose", "meet"]


def meet(data: QueryDict, standing: Snapshot, *, seen: int, by: User) -> Meeting:
    """Put together what a person sent and what stands now, both since the version `seen`."""
    merged = data.copy()
    changes = cycle.changes(standing, since=seen)
    since = standing.history.filter(version__gt=seen)
    savers = set(since.values_list("history_user", flat=True))
    latest = max(
        (change for change in changes if change.who != by),
        key=lambda change: change.when,
        default=None,
    )
    meeting = Meeting(
        merged,
        who=latest.who if latest else standing.changed_by,
        when=latest.when if latest else standing.changed_at,
        version=standing.version,
        seen=seen,
        own=savers == {by.pk},
    )
    base = standing.history.filter(version=seen).order_by("-history_id").first()
    _merge_entry(meeting, standing, base)
    after = since.order_by("history_id").first()
    for rows in ROWS:
        rows.merge(meeting, standing, after.history_date if after else None)
    return meeting


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry as a person saw it: its row, and by prefix and id its actions and its parts."""

    entry: Any
    rows: Mapping[str, Mapping[str, Any]]


def as_seen(standing: Snapshot, version: int) -> Seen | None:
    """The entry as it was at a version; None where it never was at that."""
    if version == standing.version:
        return Seen(standing, {rows.prefix: rows.standing(standing) for rows in ROWS})
    entry = standing.history.filter(version=version).order_by("-history_id").first()
    after = standing.history.filter(version__gt=version).order_by("history_id").first()
    if entry is None or after is None:
        return None
    return Seen(entry, {rows.prefix: rows.before(standing, after.history_date) for rows in ROWS})


def choose(data: QueryDict, standing: Snapshot, *, seen: int, choice: str, by: User) -> Meeting:
    """One field is taken from them ('controls:theirs'), or holds both ('controls:both')."""
    name, _, how = choice.rpartition(":")
    meeting = meet(data, standing, seen=seen, by=by)
    open_ones = set(data.getlist("clash"))
    for clash in meeting.clashes:
        if clash.name != name or how == MINE:
            continue
        chosen = clash.theirs
        if how == BOTH:
            chosen = ("\n".join(filter(None, [*clash.mine, *clash.theirs])),)
        put(meeting.data, clash.name, chosen)
    meeting.clashes = [
        clash for clash in meeting.clashes if clash.name in open_ones and clash.name != name
    ]
    return meeting


def _merge_entry(meeting: Meeting, standing: Snapshot, base: Any) -> None:
    names = [*TEXTS, *PASSAGES, COMMENTARY, "residual_by", "direction", "owner", "types"]
    for name in [*names, *PLACINGS]:
        if not was_sent(meeting.data, name):
            continue
        label = LABELS.get(name) or name.replace("_", " ").capitalize()
        if name in PASSAGES:
            label = getattr(standing.words, name, label)
        merge_field(
            meeting,
            name,
            label,
            before=sent(base, name) if base else None,
            theirs=sent(standing, name),
        )
