"""A plan in words for a person, and as JSON for a program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from registers.domain import scale
from registers.domain.english import counted
from registers.domain.passages import Point
from registers.importing.answers import PREFIX, answer
from registers.importing.as_read import ActionAsRead, PartAsRead
from registers.importing.matching import DECIDED, DOUBTFUL, NEW, SURE, Candidate
from registers.importing.plan import CREATE, Plan, PlannedEntry
from registers.importing.printed import ColumnTaken, Problem, Question
from registers.importing.scores import ScoreReading


def as_json(plan: Plan) -> dict[str, Any]:
    """The plan as plain values: entries with their cells, problems, matches, timings."""
    return {
        "register": plan.register,
        "edition": plan.quarter.slug,
        "title": plan.title,
        "edition_state": plan.edition_state,
        "refusal": plan.refusal,
        "entries": [_entry(planned) for planned in plan.entries],
        "columns": [_column(column) for column in plan.columns],
        "problems": [_problem(problem) for problem in plan.problems],
        "questions": [_question(question) for question in plan.questions],
        "absent": [
            {
                "reference": absence.reference,
                "title": absence.title,
                "last_in": absence.last_in.slug,
                "missing_in": absence.missing_in.slug,
                "entry": absence.entry_id,
                "message": "absent without a stated closure",
            }
            for absence in plan.absences
        ],
        "new_owners": list(plan.new_owners),
        "timings": {step: round(seconds, 4) for step, seconds in plan.timings.items()},
    }


def _entry(planned: PlannedEntry) -> dict[str, Any]:
    entry = planned.entry
    return {
        "reference": entry.reference,
        "reference_printed": entry.printed.reference,
        "kind": entry.kind,
        "row": entry.printed.place.row,
        "table": entry.printed.place.table,
        "title": entry.title,
        "description": _points(entry.description),
        "score": _score(entry.score, entry.printed.score),
        "residual": _score(entry.residual, entry.printed.residual),
        "inherent": _score(entry.inherent, entry.printed.inherent),
        "levels": dict(entry.printed.levels),
        "owner": {
            "printed": entry.owner.text,
            "name": entry.owner.name,
            "new": entry.owner.is_new,
            "candidates": list(entry.owner.candidates),
        },
        **_part(entry.whole),
        "strands": [
            {"number": strand.number, "title": strand.title, **_part(strand.part)}
            for strand in entry.strands
        ],
        "cells": dict(entry.printed.cells),
        "headings": dict(entry.printed.columns),
        "outcome": planned.outcome,
        "match": {
            "outcome": planned.match.outcome,
            "entry": planned.entry_id,
            "candidates": [_candidate(candidate) for candidate in planned.match.candidates],
        },
    }


def _score(reading: ScoreReading, printed: str) -> dict[str, Any]:
    position = reading.position
    return {
        "printed": printed,
        "score": reading.score,
        "impact": position.impact if position else None,
        "likelihood": position.likelihood if position else None,
    }


def _part(part: PartAsRead) -> dict[str, Any]:
    return {
        "types": list(part.types),
        "consequences": _points(part.consequences),
        "controls": _points(part.controls),
        "actions": [_action(action) for action in part.actions],
        "direction": part.direction,
        "commentary": _points(part.commentary),
    }


def _points(points: tuple[Point, ...]) -> list[dict[str, Any]]:
    return [
        {"level": p.level, "text": p.text, **({"plain": True} if p.plain else {})} for p in points
    ]


def _action(action: ActionAsRead) -> dict[str, Any]:
    return {
        **_points((action,))[0],
        "lead": action.lead,
        "due": action.due.isoformat() if action.due else None,
        "due_printed": action.due_printed,
        "status": {"printed": action.status_printed, "value": action.status},
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    likeness = candidate.likeness

    def rounded(value: float | None) -> int | None:
        return None if value is None else round(value)

    return {
        "entry": candidate.entry_id,
        "reference": candidate.appearance.text.reference,
        "edition": candidate.appearance.quarter.slug,
        "title": candidate.title,
        "score": round(likeness.total),
        "of_title": round(likeness.title),
        "of_consequences": rounded(likeness.consequences),
        "of_actions": rounded(likeness.actions),
        "same_reference": likeness.same_reference,
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "table": problem.place.table if problem.place else None,
        "row": problem.place.row if problem.place else None,
        "reference": problem.reference,
        "column": problem.column,
        "read": problem.read,
        "message": problem.message,
    }


def _column(column: ColumnTaken) -> dict[str, Any]:
    return {
        "table": column.place.table,
        "row": column.place.row,
        "heading": column.heading,
        "field": column.field,
        "proof": column.proof,
        "column": column.number,
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "key": question.key,
        "table": question.place.table if question.place else None,
        "row": question.place.row if question.place else None,
        "reference": question.reference,
        "columns": list(question.columns),
        "message": question.message,
        "choices": [{"value": choice.value, "words": choice.words} for choice in question.choices],
    }


# In words -----------------------------------------------------------------------------------------


def as_lines(plan: Plan, *, applied: bool = False) -> Iterator[str]:
    """The plan for a person: counts first, then everything that wants a look.

    What can still be decided differs once it is `applied`.
    """
    yield f"{plan.title or 'A document without a title'}"
    kinds = [planned.entry.kind for planned in plan.entries]
    yield (
        f"{counted(kinds.count(scale.RISK), 'risk')} and "
        f"{counted(kinds.count(scale.OPPORTUNITY), 'opportunity', 'opportunities')} "
        f"for {plan.register}, {plan.quarter}"
    )
    if plan.changes_nothing:
        yield "All of it is in the register already."
    created = plan.to_create
    by_outcome = {
        outcome: [p for p in created if p.match.outcome == outcome]
        for outcome in (SURE, DECIDED, DOUBTFUL, NEW)
    }
    yield from _section("Matched for sure", [_sure(p) for p in by_outcome[SURE]])
    yield from _section(
        "Matched as decided",
        [f"{p.entry.reference} is entry {p.entry_id}" for p in by_outcome[DECIDED]],
    )
    yield from _section("New entries", [_named(p) for p in by_outcome[NEW]])
    became = "taken as new entries" if applied else "new entries unless you decide otherwise"
    yield from _section(
        f"Doubtful: {became}; nothing is merged by itself",
        [line for p in by_outcome[DOUBTFUL] for line in _doubtful(p, applied)],
        len(by_outcome[DOUBTFUL]),
    )
    yield from _section("New owners", list(plan.new_owners))
    yield from _section("Columns", [_in_words(column) for column in plan.columns])
    yield from _section(
        "Questions: until they are answered, nothing is taken",
        [line for question in plan.questions for line in _asked(question)],
        len(plan.questions),
    )
    yield from _section("Problems", [str(problem) for problem in plan.problems])
    yield from _section("Absent", [str(absence) for absence in plan.absences])


def _section(heading: str, lines: list[str], count: int | None = None) -> Iterator[str]:
    if lines:
        yield ""
        yield f"{heading} ({len(lines) if count is None else count})"
        for line in lines:
            yield f"  {line}"


def _named(planned: PlannedEntry) -> str:
    return f"{planned.entry.reference} {planned.entry.title}"


def _sure(planned: PlannedEntry) -> str:
    best = next(c for c in planned.match.candidates if c.entry_id == planned.entry_id)
    was = best.appearance
    return (
        f"{_named(planned)}: entry {planned.entry_id}, {was.text.reference} in {was.quarter} "
        f"({round(best.likeness.total)} of 100)"
    )


def _doubtful(planned: PlannedEntry, applied: bool) -> Iterator[str]:
    reference = planned.entry.reference
    yield f"{_named(planned)} may be"
    for candidate in planned.match.candidates:
        was, likeness = candidate.appearance, candidate.likeness
        parts = [
            ("title", likeness.title),
            ("consequences", likeness.consequences),
            ("actions", likeness.actions),
        ]
        scores = ", ".join(f"{name} {round(v)}" for name, v in parts if v is not None)
        yield (
            f"  entry {candidate.entry_id}, {was.text.reference} in {was.quarter}, "
            f"“{candidate.title}” ({round(likeness.total)} of 100: {scores})"
        )
    if applied:
        yield "  If it is, state it in the lineage of the older entry: succeeded by."
    else:
        yield (
            f"  Decide with --match {reference}={planned.match.candidates[0].entry_id} "
            f"or --new {reference}"
        )


def _in_words(column: ColumnTaken) -> str:
    taken = column.field or "kept as printed"
    return f"“{column.heading}”: {taken}{f' ({column.proof})' if column.proof else ''}"


def _asked(question: Question) -> Iterator[str]:
    yield str(question)
    for choice in question.choices:
        yield f"  {choice.words}: {how_to_answer(question, choice.value)}"


def how_to_answer(question: Question, value: str) -> str:
    """The option of the command that gives this answer."""
    said = answer(question.key, question.columns, value)
    if said.what == PREFIX:
        return f'--prefix "{said.value}"'
    return f'--{said.what} "{said.of}={said.value}"'


def to_look_at(plan: Plan) -> int:
    """Everything that wants a person: questions, problems, doubtful rows and absent entries."""
    doubtful = sum(p.match.outcome == DOUBTFUL for p in plan.to_create)
    return len(plan.problems) + len(plan.questions) + doubtful + len(plan.absences)


def summary(plan: Plan) -> str:
    """One line: what an import of this plan comes to."""
    created = sum(planned.outcome == CREATE for planned in plan.entries)
    return (
        f"{plan.quarter}: {counted(created, 'entry', 'entries')} loaded, "
        f"{counted(to_look_at(plan), 'problem')} to look at"
    )
