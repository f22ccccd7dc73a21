"""A Document as canonical JSON and back, and the digest that proves it.

JSON with sorted keys, no spaces and no escapes beyond JSON's own, in UTF-8; so the same Document
gives the same bytes on every machine. What is once published is never written anew: each text says
its format, and one of an earlier format is read and proved by what that holds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from registers.domain import days, scale
from registers.domain.content import Action, Answer, Content, Document, Strand, Terms
from registers.domain.quarters import Quarter
from registers.domain.statements import Statement

# 2: a statement can't change after publication; an entry names the post that answers for it.
FORMAT = 2


def digest(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def moment(when: datetime) -> str:
    """A moment in universal time, to the microsecond: 2026-10-05T08:30:00.000000+00:00."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def dumped(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


# Written ------------------------------------------------------------------------------------------


def write(document: Document) -> str:
    """The canonical text of a document, in the present format."""
    terms = document.terms
    return dumped(
        {
            "format": FORMAT,
            "register": document.register,
            "register_name": document.register_name,
            "quarter": terms.quarter.slug,
            "issue": document.issue,
            "reason": document.reason,
            "previous": document.previous,
            "published_at": document.published_at,
            "published_by": document.published_by,
            "prepared_on": _day(document.prepared_on),
            "committee_on": _day(document.committee_on),
            "bands": {
                "medium_from": terms.bands.medium_from,
                "high_from": terms.bands.high_from,
                "very_high_from": terms.bands.very_high_from,
                "appetite": terms.appetite,
            },
            "entries": [_entry(one) for one in document.entries],
            "lineage": [
                {
                    "entry": said.entry,
                    "statement": said.kind,
                    "other": said.other,
                    "reason": said.reason,
                    # Of another register: a document without one reads as it always did.
                    **({"called": said.called} if said.called else {}),
                }
                for said in document.statements
            ],
        }
    )


def _entry(one: Content) -> dict[str, Any]:
    return {
        "entry": one.entry,
        "kind": one.kind,
        "exempt": bool(one.exempt_because),
        "exempt_reason": one.exempt_because,
        "reference": one.reference,
        "order": one.order,
        "title": one.title,
        "types": list(one.types),
        **one.texts,
        "score": _score(one.score, one.position),
        "residual": {
            **_score(one.residual_score, one.residual_position),
            "by": _day(one.residual_by),
        },
        "inherent": _score(one.inherent_score, one.inherent_position),
        "appetite": one.own_appetite,
        "owner": one.owner_text,
        "post": {"id": one.post, "name": one.post_name} if one.post is not None else None,
        "direction": one.direction,
        "no_change_reason": one.no_change_reason,
        "override_reason": one.override_reason,
        "printed": dict(one.printed),
        "strands": [_strand(strand) for strand in one.strands],
        "actions": [_action(action) for action in one.actions],
        **_answers(one),
    }


def _answers(one: Content) -> dict[str, Any]:
    """Only where there are any: what was published before there could be keeps its bytes."""
    if not one.answers:
        return {}
    said = [{**asdict(answer), "until": _day(answer.until)} for answer in one.answers]
    return {"answers": said}


def _strand(strand: Strand) -> dict[str, Any]:
    return {
        "number": strand.number,
        "title": strand.title,
        "lead": strand.lead,
        "types": list(strand.types),
        "consequences": strand.consequences,
        "controls": strand.controls,
        "direction": strand.direction,
        "commentary": strand.commentary,
    }


def _action(action: Action) -> dict[str, Any]:
    return {
        "key": str(action.key),
        "strand": action.strand,
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


def _score(score: int | None, position: scale.Position | None) -> dict[str, int | None]:
    return {
        "impact": position.impact if position else None,
        "likelihood": position.likelihood if position else None,
        "score": score,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


# Read ---------------------------------------------------------------------------------------------


def read(text: str) -> Document:
    """The document that a text of any format holds.

    Raises ValueError, KeyError or TypeError for what is no such text.
    """
    data = json.loads(text)
    prepared_on, bands = _as_day(data["prepared_on"]), data["bands"]
    quarter = Quarter.parse(data["quarter"])
    terms = Terms(
        quarter,
        scale.Bands(bands["medium_from"], bands["high_from"], bands["very_high_from"]),
        bands["appetite"],
        True,
        prepared_on if prepared_on and days.suits(quarter, prepared_on) else quarter.ends,
    )
    return Document(
        register=data["register"],
        register_name=data["register_name"],
        terms=terms,
        issue=data["issue"],
        reason=data["reason"],
        previous=data["previous"],
        published_at=data["published_at"],
        published_by=data["published_by"],
        prepared_on=prepared_on,
        committee_on=_as_day(data["committee_on"]),
        entries=tuple(_content(terms, entry) for entry in data["entries"]),
        statements=_statements(data),
    )


def statements(text: str) -> tuple[Statement, ...]:
    """What a text says became of entries; those of every format say it alike."""
    return _statements(json.loads(text))


def _statements(data: Mapping[str, Any]) -> tuple[Statement, ...]:
    return tuple(
        Statement(
            said["entry"], said["statement"], said["other"], said["reason"], said.get("called", "")
        )
        for said in data["lineage"]
    )


def _content(terms: Terms, data: Mapping[str, Any]) -> Content:
    score, residual, inherent = data["score"], data["residual"], data["inherent"]
    post = data.get("post") or {}
    return Content(
        terms,
        entry=data["entry"],
        kind=data["kind"],
        reference=data["reference"],
        title=data["title"],
        score=score["score"],
        position=scale.position(score["impact"], score["likelihood"]),
        residual_score=residual["score"],
        residual_position=scale.position(residual["impact"], residual["likelihood"]),
        residual_by=_as_day(residual["by"]),
        inherent_score=inherent["score"],
        inherent_position=scale.position(inherent["impact"], inherent["likelihood"]),
        own_appetite=data["appetite"],
        direction=data["direction"],
        owner_text=data["owner"],
        post=post.get("id"),
        post_name=post.get("name", ""),
        order=data["order"],
        types=tuple(data["types"]),
        texts={
            name: data[name] for name in ("description", "consequences", "controls", "commentary")
        },
        strands=tuple(
            Strand(**{**strand, "types": tuple(strand["types"])}) for strand in data["strands"]
        ),
        actions=tuple(_read_action(action) for action in data["actions"]),
        printed=data["printed"],
        exempt_because=data["exempt_reason"] or ("Exempt" if data["exempt"] else ""),
        no_change_reason=data["no_change_reason"],
        override_reason=data["override_reason"],
        answers=tuple(
            Answer(**{**said, "until": date.fromisoformat(said["until"])})
            for said in data.get("answers", ())
        ),
    )


def _read_action(data: Mapping[str, Any]) -> Action:
    impact, likelihood = data["target"]
    return Action(
        UUID(data["key"]),
        data["text"],
        data["lead"],
        _as_day(data["due"]),
        data["status"],
        _as_day(data["completed_on"]),
        data["reason"],
        impact,
        likelihood,
        data["strand"],
        data["level"],
        data["plain"],
    )


def _as_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
