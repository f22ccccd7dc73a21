"""What an import could not say for certain stays with its edition, until a person settles it."""

from __future__ import annotations

from collections.abc import Iterator

from registers.cycle import rows
from registers.importing.plan import Plan
from registers.importing.printed import Problem, Question
from registers.models import Edition, Import, ImportDoubt, User

IMPORTED = "Imported from a document"


def keep(plan: Plan, edition: Edition, *, by: User | None) -> None:
    """Write down the problems and open questions of a plan that was carried out, each once."""
    entries = dict(edition.snapshots.values_list("reference", "entry_id"))
    by_printed = {p.entry.printed.reference: entries.get(p.entry.reference) for p in plan.entries}
    known = set(edition.doubts.values_list("place", "column", "message", "read"))
    found = [
        doubt
        for doubt in _doubts(plan, edition)
        if (doubt.place, doubt.column, doubt.message, doubt.read) not in known
    ]
    for doubt in found:
        doubt.entry_id = by_printed.get(doubt.reference)
    rows.create(found, by=by, reason=IMPORTED)


def belong_to(edition: Edition, source: Import) -> None:
    """Say which import the doubts of an edition come from, where that is not known."""
    edition.doubts.filter(source=None).update(source=source)


def _doubts(plan: Plan, edition: Edition) -> Iterator[ImportDoubt]:
    for one in (*plan.problems, *plan.questions):
        yield ImportDoubt(
            edition=edition,
            place=str(one.place or ""),
            reference=one.reference[:60],
            message=one.message,
            **_where(one),
        )


def _where(one: Problem | Question) -> dict[str, str]:
    if isinstance(one, Problem):
        return {"column": one.column[:300], "read": one.read}
    return {"column": " / ".join(one.columns)[:300], "read": ""}
