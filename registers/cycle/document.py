"""The canonical document of an edition: everything it says, in one text with one digest.

JSON with sorted keys, no spaces and no escapes beyond JSON's own, in UTF-8; so two runs on the
same rows give the same bytes, whatever the database. A document once published is never written
anew: each says its format, and one of an earlier format is read and proved by what that holds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from registers.models import Edition, Lineage, Owner, Snapshot, User

# 2: a statement can't change after publication; an entry names the post that answers for it.
FORMAT = 2


def of_edition(
    edition: Edition,
    *,
    issue: int,
    previous_digest: str,
    reason: str = "",
    published_at: datetime,
    published_by: User | None,
) -> str:
    """The document of an edition as its rows now stand."""
    snapshots = (
        Snapshot.objects.in_edition(edition)
        .select_related("entry", "owner")
        .prefetch_related("types", "strands__types", "actions__strand")
        .as_printed()
    )
    lineage = Lineage.objects.filter(edition=edition).order_by("entry_id", "id")
    return canonical(
        {
            "format": FORMAT,
            "register": edition.register.slug,
            "register_name": edition.register.name,
            "quarter": edition.quarter.slug,
            "issue": issue,
            "reason": reason,
            "previous": previous_digest,
            "published_at": moment(published_at),
            "published_by": str(published_by) if published_by else "",
            "prepared_on": _day(edition.prepared_on),
            "committee_on": _day(edition.committee_on),
            "bands": {
                "medium_from": edition.medium_from,
                "high_from": edition.high_from,
                "very_high_from": edition.very_high_from,
                "appetite": edition.appetite,
            },
            "entries": [_entry(snapshot) for snapshot in snapshots],
            "lineage": [
                {
                    "entry": row.entry_id,
                    "statement": row.kind,
                    "other": row.other_id,
                    "reason": row.reason,
                }
                for row in lineage
            ],
        }
    )


def canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(document: str) -> str:
    """SHA-256 of the document's UTF-8 bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(document.encode()).hexdigest()


def moment(when: datetime) -> str:
    """A moment in universal time, to the microsecond: 2026-10-05T08:30:00.000000+00:00."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def _day(day) -> str | None:
    return day.isoformat() if day else None


def _score(snapshot: Snapshot, prefix: str = "") -> dict[str, int | None]:
    return {
        name: getattr(snapshot, f"{prefix}{name}") for name in ("impact", "likelihood", "score")
    }


def _post(owner: Owner | None) -> dict[str, Any] | None:
    """Who answers for an entry, beside the words that name them: the same post after a renaming."""
    return {"id": owner.pk, "name": owner.name} if owner else None


def _entry(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "entry": snapshot.entry_id,
        "kind": snapshot.entry.kind,
        "exempt": bool(snapshot.exempt_because),
        "exempt_reason": snapshot.exempt_because,
        "reference": snapshot.reference,
        "order": snapshot.order,
        "title": snapshot.title,
        "description": snapshot.description,
        "types": sorted(type_.name for type_ in snapshot.types.all()),
        "consequences": snapshot.consequences,
        "controls": snapshot.controls,
        "score": _score(snapshot),
        "residual": {**_score(snapshot, "residual_"), "by": _day(snapshot.residual_by)},
        "inherent": _score(snapshot, "inherent_"),
        "appetite": snapshot.own_appetite,
        "owner": snapshot.owner_text,
        "post": _post(snapshot.owner),
        "direction": snapshot.direction,
        "commentary": snapshot.commentary,
        "no_change_reason": snapshot.no_change_reason,
        "override_reason": snapshot.override_reason,
        "printed": snapshot.printed,
        "strands": [
            {
                "number": strand.number,
                "title": strand.title,
                "lead": strand.lead,
                "types": sorted(type_.name for type_ in strand.types.all()),
                "consequences": strand.consequences,
                "controls": strand.controls,
                "direction": strand.direction,
                "commentary": strand.commentary,
            }
            for strand in snapshot.strands.all()
        ],
        "actions": [
            {
                "key": str(action.key),
                "strand": action.strand.number if action.strand else None,
                "text": action.text,
                "level": action.level,
                "plain": action.plain,
                "lead": action.lead,
                "due": _day(action.due),
                "status": action.status,
                "completed_on": _day(action.completed_on),
                "reason": action.reason,
                "target": [action.target_impact, action.target_likelihood],
            }
            for action in snapshot.actions.all()
        ],
    }
