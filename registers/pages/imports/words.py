"""A plan in words, part by part: what was printed, what was understood, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.text import capfirst

from registers.domain import passages, scale
from registers.domain.quarters import Quarter
from registers.importing import corrections
from registers.importing.as_read import ActionAsRead
from registers.importing.printed import (
    COMMENTARY,
    CONSEQUENCES,
    CONTROLS,
    DESCRIPTION,
    DIRECTION,
    INHERENT,
    OWNER,
    RESIDUAL,
    SCORE,
    TYPES,
)

Entry = Mapping[str, Any]


def understood(entry: Entry) -> Iterator[tuple[str, str]]:
    yield DESCRIPTION, "\n".join([entry["title"], *_points(entry["description"])])
    yield TYPES, ", ".join(entry["types"])
    for name in (CONSEQUENCES, CONTROLS):
        yield name, "\n".join(_points(entry[name]))
    for name in (INHERENT, SCORE):
        yield name, _score(entry[name], entry["kind"])
    yield "actions", "\n".join(map(_action, entry["actions"]))
    yield RESIDUAL, _score(entry[RESIDUAL], entry["kind"])
    yield OWNER, _owner(entry["owner"])
    yield DIRECTION, entry["direction"]
    yield COMMENTARY, "\n".join(_points(entry[COMMENTARY]))
    for strand in entry["strands"]:
        yield f"part {strand['number']}", strand["title"]


def printed(entry: Entry, name: str) -> str:
    cells = entry["cells"]
    if name in (SCORE, RESIDUAL, INHERENT):
        parts = [cells.get(f"{name} {part}") for part in ("impact", "likelihood")]
        return " | ".join(text for text in (*parts, cells.get(name)) if text)
    return str(cells.get(name, ""))


def _points(points: list[dict[str, Any]]) -> list[str]:
    return [
        p["text"] if p.get("plain") else f"{'  ' * max(p['level'] - 1, 0)}• {p['text']}"
        for p in points
    ]


def written(points: list[dict[str, Any]], name: str) -> str:
    """A text as a person would type it: one point on a line."""
    return corrections.written(passage_of(points), name)


def passage_of(points: list[dict[str, Any]]) -> passages.Passage:
    """The points of a plan; of actions with what stands beside them."""
    return tuple(
        ActionAsRead(
            one["text"],
            one["level"],
            bool(one.get("plain")),
            lead=one.get("lead", ""),
            due_printed=one.get("due_printed") or one.get("due") or "",
            status_printed=one.get("status", {}).get("printed", ""),
        )
        for one in points
    )


def _action(action: Mapping[str, Any]) -> str:
    (line,) = _points([dict(action)])
    parts = [action["lead"], action["due"] and f"by {action['due']}", action["status"]["value"]]
    details = ", ".join(part for part in parts if part)
    return f"{line} ({details})" if details else line


def _score(score: Mapping[str, Any], kind: str) -> str:
    if score["score"] is None:
        return ""
    if score["impact"] is None:
        return f"{score['score']}; its square is not known"
    position = scale.Position(score["impact"], score["likelihood"])
    return f"{score['score']}: {square(position, kind)}"


def square(position: scale.Position, kind: str) -> str:
    return (
        f"impact {position.impact} {scale.impact_word(position.impact, kind)} × likelihood "
        f"{position.likelihood} {scale.likelihood_word(position.likelihood)}"
    )


def _owner(owner: Mapping[str, Any]) -> str:
    if not owner["name"]:
        return ""
    return f"{owner['name']} (a new post)" if owner["new"] else str(owner["name"])


def sentence(problem: Mapping[str, Any]) -> str:
    return f"{capfirst(problem['message'])}{_reads(problem)}"


def _reads(problem: Mapping[str, Any]) -> str:
    return f" It reads “{problem['read']}”." if problem["read"] else ""


def place(entry: Entry) -> str:
    row = f"row {entry['row']}"
    return row if entry["table"] == 1 else f"table {entry['table']}, {row}"


def likeness(candidate: Mapping[str, Any]) -> str:
    parts = [
        ("title", candidate["of_title"]),
        ("consequences", candidate["of_consequences"]),
        ("actions", candidate["of_actions"]),
    ]
    return ", ".join(f"{name} {value} of 100 alike" for name, value in parts if value is not None)


def of_the_document(plan: Mapping[str, Any]) -> list[str]:
    """The problems that belong to no row which is kept."""
    kept = {entry["reference_printed"] for entry in plan["entries"]}
    return [_placed(one) for one in plan["problems"] if one["reference"] not in kept]


def _placed(problem: Mapping[str, Any]) -> str:
    row = problem["row"]
    table = f"Table {problem['table']}, row {row}" if (problem["table"] or 1) > 1 else f"Row {row}"
    parts = [table if row else "", problem["reference"], problem["column"]]
    where = ", ".join(part for part in parts if part)
    return f"{where}: {problem['message']}{_reads(problem)}" if where else sentence(problem)


def gone_by_the_next(plan: Mapping[str, Any]) -> list[str]:
    """Entries of the file that the register's next edition has not, without a word on why."""
    return [
        f"{one['reference']} {one['title']}: not in {Quarter.parse(one['missing_in'])}"
        for one in plan["absent"]
        if one["missing_in"] != plan["edition"]
    ]
