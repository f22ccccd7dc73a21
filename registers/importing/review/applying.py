"""The job that writes an import into the register, if it is still what the person saw."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from registers import cycle, jobs
from registers.cycle import CycleError
from registers.domain.quarters import Quarter
from registers.importing import doubts
from registers.importing.apply import Applied, apply_plan
from registers.importing.plan import CannotApply, Plan
from registers.importing.review.beginning import APPLY
from registers.importing.review.errors import ImportRefused
from registers.importing.review.locks import lock_open
from registers.importing.review.reading import STEPS, as_plain, planned
from registers.importing.review.said import remember
from registers.jobs import JobFailed, Work
from registers.models import Edition, Entry, Import, Lineage, Owner, Snapshot, User

LOOK_AGAIN = (
    "The register was changed since you looked at these rows, and other things would come of the "
    "file now. Nothing was written. Look at the rows again, and then apply it."
)


@transaction.atomic
def ask_to_apply(
    import_: Import, *, by: User, version: int, quarter: Quarter | None = None
) -> Import:
    """Have an import written. `quarter` confirms the one that the document calls itself.

    Raises ImportRefused, where something is still to be said of it, or SaidMeanwhile.
    """
    standing = lock_open(import_.pk, by=by, version=version)
    if quarter is not None and quarter == standing.quarter and not standing.quarter_is_said:
        standing.quarter_is_said, standing.changed_by = True, by
        standing.save()
    if refusal := why_not(standing):
        raise ImportRefused(refusal)
    if standing.job and not standing.job.has_ended:
        raise ImportRefused("It is being worked on already: wait until that is done.")
    standing.job = jobs.ask(APPLY, {"import": standing.pk, "version": version}, by=by)
    Import.objects.filter(pk=standing.pk).update(job=standing.job)
    return standing


def why_not(import_: Import) -> str:
    """Why an import can't be applied yet; empty if it can."""
    plan = import_.current_plan
    if plan is None:
        return "The file has not been read as it is now said to be."
    if plan["refusal"]:
        return str(plan["refusal"])
    if doubtful := undecided(plan):
        return (
            f"It is not said which entry of the register {', '.join(doubtful[:6])} "
            f"{'is' if len(doubtful) == 1 else 'are'}. Say so among the rows: nothing is merged "
            "by itself."
        )
    if not import_.quarter_is_said:
        return f"Confirm that it is the edition of {import_.quarter}."
    return ""


def undecided(plan: dict[str, Any]) -> list[str]:
    """The references of doubtful rows."""
    return [
        entry["reference"]
        for entry in plan["entries"]
        if entry["outcome"] == "create" and entry["match"]["outcome"] == "doubtful"
    ]


def apply(work: Work) -> dict[str, Any]:
    """Read the file once more and write what the person saw, in one transaction."""
    by, version = work.job.asked_by, work.asked["version"]
    import_ = Import.objects.select_related("register", "file").get(pk=work.asked["import"])
    plan = planned(import_, work)
    if plan is None or _differs(plan, import_):
        _show(plan, import_, work)
        raise JobFailed(LOOK_AGAIN)
    work.tell(STEPS, STEPS, f"Writing {len(plan.to_create)} entries.")
    try:
        with work.mine():
            standing = lock_open(import_.pk, by=by, version=version)
            applied = _write(standing, plan, by=by)
    except (CannotApply, CycleError, ImportRefused) as refusal:
        raise JobFailed(str(refusal)) from refusal
    return {"edition": applied.edition.pk}


def _differs(plan: Plan, import_: Import) -> bool:
    """Compared as they are kept: what went through JSON has lost its tuples."""
    return json.loads(json.dumps(as_plain(plan))) != import_.current_plan


def _show(plan: Plan | None, import_: Import, work: Work) -> None:
    with work.mine():
        Import.objects.open().filter(pk=import_.pk, version=import_.version).update(
            plan=as_plain(plan) if plan else None, plan_version=import_.version
        )


def _write(import_: Import, plan: Plan, *, by: User) -> Applied:
    known = set(Owner.objects.values_list("pk", flat=True))
    entries = set(Entry.objects.filter(register=import_.register).values_list("pk", flat=True))
    applied = apply_plan(plan, import_.register, by=by)
    edition = applied.edition
    stated = _state_endings(import_, edition, by=by)
    references = [planned.entry.reference for planned in plan.to_create]
    written = Snapshot.objects.in_edition(edition).filter(reference__in=references)
    import_.left = {
        "snapshots": dict(written.values_list("pk", "version")),
        "entries": sorted(set(written.values_list("entry_id", flat=True)) - entries),
        "owners": sorted(set(Owner.objects.values_list("pk", flat=True)) - known),
        "statements": stated,
        "began": applied.began,
    }
    doubts.belong_to(edition, import_)
    remember(import_.register, import_.said, by=by)
    import_.state, import_.edition, import_.ended_at = "applied", edition, timezone.now()
    import_.changed_by, import_._change_reason = by, "Applied"
    import_.save()
    return applied


def _state_endings(import_: Import, edition: Edition, *, by: User) -> list[int]:
    """What the person said of entries that the file lacks. The ids of the statements."""
    return [
        _state_ending(edition, int(entry), said, by=by).pk
        for entry, said in import_.said.get("absent", {}).items()
    ]


def _state_ending(edition: Edition, entry: int, said: dict[str, str], *, by: User) -> Lineage:
    other = Snapshot.objects.in_edition(edition).filter(reference=said.get("other", "")).first()
    if said.get("other") and other is None:
        raise CannotApply(f"{said['other']} is not in {edition}: say again what became of it.")
    return cycle.explain_absence(
        edition,
        Entry.objects.get(pk=entry, register=edition.register),
        statement=said["how"],
        other=other,
        by=by,
        reason=said["reason"],
    )
