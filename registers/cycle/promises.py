"""Actions that were carried into a quarter: they leave it as done, or as dropped because."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery, prefetch_related_objects

from registers.cycle import before_submitting, rows
from registers.cycle.errors import NotReady
from registers.cycle.locks import claim
from registers.models import Action, Snapshot

PUT_BACK = "Put back: it was carried from an earlier quarter"


def refuse_broken(snapshots: Iterable[Snapshot]) -> None:
    """Raises NotReady for entries that leave out a carried action, or drop one without a word."""
    standing = list(snapshots)
    prefetch_related_objects(standing, "actions")
    before = _before(standing)
    problems = [
        before_submitting.Problem(
            problem.field, f"{one.reference}: {problem.sentence}", problem.action
        )
        for one in standing
        for problem in before_submitting.broken_promises(one, before.get(one.pk))
    ]
    if problems:
        raise NotReady(problems)


def _before(snapshots: list[Snapshot]) -> dict[int, Snapshot]:
    """What the edition before said of each, with its actions, in as few queries as of one."""
    last = (
        Snapshot.objects.filter(
            entry=OuterRef("entry"), edition__quarter__lt=OuterRef("edition__quarter")
        )
        .once_published()
        .order_by("-edition__quarter")
    )
    pairs = dict(
        Snapshot.objects.filter(pk__in=[snapshot.pk for snapshot in snapshots])
        .annotate(before=Subquery(last.values("pk")[:1]))
        .values_list("pk", "before")
    )
    found = (
        Snapshot.objects.filter(pk__in=[pk for pk in pairs.values() if pk])
        .select_related("edition")
        .prefetch_related("actions")
        .in_bulk()
    )
    return {pk: found[before] for pk, before in pairs.items() if before}


@transaction.atomic
def put_back(snapshot: Snapshot, *, by, now: datetime | None = None) -> list[Action]:
    """Let carried actions that an entry has lost stand again, as they were promised last.

    Raises what `claim` raises.
    """
    standing = claim(snapshot, by=by)
    prefetch_related_objects([standing], "actions")
    before = _before([standing]).get(standing.pk)
    last = standing.actions.aggregate(last=Max("order"))["last"] or 0
    lost = [
        rows.copy(action, id=None, snapshot=standing, strand=None, reason="", order=last + place)
        for place, action in enumerate(before_submitting.missing(standing, before), start=1)
    ]
    rows.create(lost, by=by, reason=PUT_BACK, now=now)
    return lost
