"""Where an import stands, and what would come of it, in a few figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from registers.domain.english import counted
from registers.importing.matching import DECIDED, DOUBTFUL, NEW, SURE
from registers.importing.plan import CREATE
from registers.models import Import


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way in, and its page once it has one."""

    name: str
    note: str
    state: str
    href: str = ""


def steps(import_: Import, current: str) -> list[Step]:
    """Read, columns, rows, applied: those that are done, the one that a person is at."""
    is_read = import_.current_plan is not None
    applied = not import_.is_open
    offered = is_read and import_.is_open
    return [
        _step("Read", import_.file.name, done=is_read or applied, now=not is_read and not applied),
        _step("Columns", "what each was taken for", done=applied, now=current == "columns",
              href=reverse("import-columns", args=[import_.pk]) if offered else ""),
        _step("Rows", "printed beside understood", done=applied, now=current == "rows",
              href=reverse("import-rows", args=[import_.pk]) if offered else ""),
        _step("Apply", import_.get_state_display() if applied else "into the register",
              done=applied, now=current == "import" and offered,
              href=import_.get_absolute_url() if offered else ""),
    ]  # fmt: skip


def _step(name: str, note: str, *, done: bool, now: bool, href: str = "") -> Step:
    return Step(name, note, "now" if now else "done" if done else "", href)


@dataclass(frozen=True, slots=True)
class Figure:
    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Summary:
    """`to_look_at` counts what wants a person: problems, questions, doubtful and absent rows."""

    title: str
    counted: str
    figures: tuple[Figure, ...]
    new_owners: tuple[str, ...]
    questions: int
    to_look_at: int
    changes_nothing: bool


def summary(plan: Mapping[str, Any]) -> Summary:
    kinds = Counter(entry["kind"] for entry in plan["entries"])
    created = [entry for entry in plan["entries"] if entry["outcome"] == CREATE]
    matches = Counter(entry["match"]["outcome"] for entry in created)
    questions, problems = len(plan["questions"]), len(plan["problems"])
    absent = [one for one in plan["absent"] if one["missing_in"] == plan["edition"]]
    figures = (
        Figure(matches[SURE] + matches[DECIDED], "known to the register"),
        Figure(matches[NEW], "new"),
        Figure(matches[DOUBTFUL], "not certain which"),
        Figure(len(absent), "absent, unsaid why"),
        Figure(problems, "problems"),
        Figure(questions, "questions"),
    )
    return Summary(
        title=plan["title"],
        counted=f"{counted(kinds['risk'], 'risk')} and "
        f"{counted(kinds['opportunity'], 'opportunity', 'opportunities')}",
        figures=figures,
        new_owners=tuple(plan["new_owners"]),
        questions=questions,
        to_look_at=problems + questions + matches[DOUBTFUL] + len(absent),
        changes_nothing=not plan["refusal"] and not created,
    )
