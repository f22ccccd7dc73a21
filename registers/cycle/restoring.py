"""What an ending took out of its edition, put back as the trail of changes knows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from registers.cycle import rows
from registers.cycle.reviewing import next_reference
from registers.models import Action, Edition, FlagAnswer, Lineage, Snapshot, Strand, Type


def restore(
    ended: Lineage, edition: Edition, *, by, reason: str, now: datetime | None
) -> Snapshot | None:
    """The entry as it stood before this statement, which is withdrawn already; None if the
    statement was made of an entry that the edition lacked.
    """
    last = _last_lines(Snapshot, entry_id=ended.entry_id, edition_id=edition.pk)
    why = ended.get_kind_display()
    gone = [line for line in last if _went(line, why)]
    return _restore(gone[-1], edition, by=by, reason=reason, now=now) if gone else None


def _last_lines(model: Any, **where: object) -> list[Any]:
    """The last line of history of each row, the latest last."""
    lines = {line.id: line for line in model.history.filter(**where).order_by("history_id")}
    return sorted(lines.values(), key=lambda line: line.history_id)


def _went(line: Any, why: str) -> bool:
    return line.history_type == "-" and (line.history_change_reason or "").startswith(why)


def _restore(gone: Any, edition: Edition, *, by, reason: str, now: datetime | None) -> Snapshot:
    """The rows that went with an ending, with the ids and keys that they had."""
    snapshot = gone.instance
    if Snapshot.objects.in_edition(edition).filter(reference=snapshot.reference).exists():
        snapshot.reference = next_reference(edition, snapshot.entry.kind)
    why, told = gone.history_change_reason, {"by": by, "reason": reason, "now": now}
    rows.create([snapshot], types={0: _types(gone)}, **told)
    strands, actions, answers = (
        [line for line in _last_lines(model, snapshot_id=gone.id) if _went(line, why)]
        for model in (Strand, Action, FlagAnswer)
    )
    kinds = {place: _types(line) for place, line in enumerate(strands)}
    rows.create([line.instance for line in strands], types=kinds, **told)
    rows.create([line.instance for line in actions], **told)
    rows.create([line.instance for line in answers], **told)
    return snapshot


def _types(gone: Any) -> list[int]:
    """The types a row had: its last line but one knows them, for they go before the row does."""
    lines = type(gone).objects.filter(id=gone.id).exclude(history_type="-")
    had = [link.type_id for link in lines.order_by("history_id").last().types.all()]
    return list(Type.objects.filter(pk__in=had).values_list("pk", flat=True))
