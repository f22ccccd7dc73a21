"""What a browser sends of an entry: names of fields and strings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import QueryDict

from registers.domain import passages
from registers.pages.fields import in_order

# How a field is sent, by the kind of thing it holds.
TEXTS = ("title", "owner_text", "override_reason")
PASSAGES = ("description", "consequences", "controls")
COMMENTARY = "commentary"
WORDS_OF_ROWS = ("text", "reason", "lead", "title", *PASSAGES, COMMENTARY)
PLACINGS = {"current": "", "residual": "residual_", "inherent": "inherent_"}

LABELS = {
    "current": "Score now",
    "residual": "Residual score",
    "inherent": "Inherent score",
    "residual_by": "Residual by",
    "owner_text": "Owner as printed",
    "override_reason": "Submitted all the same, because",
    "target_impact": "to impact",
    "target_likelihood": "to likelihood",
    "completed_on": "completed on",
}

Sent = tuple[str, ...]


def was_sent(data: QueryDict, name: str) -> bool:
    """Whether the form that was sent had the field. Nothing is sent for boxes left unticked."""
    return name in data or name in PLACINGS or name in ("types", "direction")


def sent(row: Any, name: str) -> Sent:
    """The value of a column as a browser would send it."""
    if name in PLACINGS:
        prefix = PLACINGS[name]
        impact, likelihood, score = (
            getattr(row, f"{prefix}{part}") for part in ("impact", "likelihood", "score")
        )
        if impact is not None:
            return (f"{impact}x{likelihood}",)
        return (f"unknown {score}",) if score is not None else ("",)
    if name == "types":
        return tuple(sorted(str(getattr(link, "type_id", link.pk)) for link in row.types.all()))
    if name == "owner":
        return (row.owner.name if row.owner_id else "",)
    if name == "strand":
        return (str(row.strand_id or ""),)
    value = getattr(row, name)
    if isinstance(value, date):
        return (value.isoformat(),)
    return ("" if value is None else str(value),)


def received(data: QueryDict, name: str) -> Sent:
    if name in PLACINGS:
        chosen, score = data.get(name, ""), data.get(f"{name}_score", "")
        return (f"unknown {score}",) if score and chosen in ("", "unknown") else (chosen,)
    if name.rpartition("-")[2] == "types":
        return tuple(sorted(data.getlist(name)))
    return (data.get(name, ""),)


def put(data: QueryDict, name: str, sent: Sent) -> None:
    if name in PLACINGS and sent and sent[0].startswith("unknown "):
        data[name], data[f"{name}_score"] = "unknown", sent[0].split()[1]
    elif name in PLACINGS:
        data[name], data[f"{name}_score"] = sent[0], ""
    elif name.rpartition("-")[2] == "types":
        data.setlist(name, list(sent))
    else:
        data[name] = sent[0] if sent else ""


def normal(name: str) -> Callable[[Sent], Sent]:
    """What makes two ways of sending the same thing equal."""
    if name in PASSAGES or name == COMMENTARY:
        unmarked = passages.PLAIN if name == COMMENTARY else passages.BULLET

        def passage(sent: Sent) -> Sent:
            return tuple(in_order(text, unmarked) for text in sent)

        return passage

    def text(sent: Sent) -> Sent:
        return tuple("\n".join(part.splitlines()).strip() for part in sent)

    return text
