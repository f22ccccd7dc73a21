"""What an owner has to do this quarter: what is due, by when, and what was sent back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from registers import cycle, standing
from registers.models import Action, Edition, Owner, Snapshot

DUE_SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Row:
    """One entry on the list: as it stands now, and as it was published last."""

    snapshot: Snapshot
    before: Snapshot | None

    @property
    def standing(self) -> standing.Standing:
        return standing.of(self.snapshot)

    @property
    def form(self) -> str:
        return reverse("admin:registers_snapshot_change", args=[self.snapshot.pk])


@dataclass(frozen=True, slots=True)
class Due:
    """One open edition in which a person has entries. Most urgent rows first."""

    edition: Edition
    rows: list[Row]

    @property
    def tally(self) -> standing.Tally:
        return standing.Tally.of(row.snapshot for row in self.rows)

    @property
    def stages(self) -> list[standing.Stage]:
        return standing.stages(self.edition)

    @property
    def time_left(self) -> str:
        return standing.time_left(self.edition.deadline) if self.edition.deadline else ""


_URGENCY = ("sent_back", "draft", "to_update", "submitted", "accepted")


def my_updates(request: HttpRequest) -> HttpResponse:
    access = request.user.access
    if not access.updates:
        raise Http404
    snapshots = list(
        Snapshot.objects.owned_by(access.posts)
        .filter(edition__state="open")
        .select_related("edition__register", "entry", "owner", "changed_by")
        .as_printed()
    )
    before = _last_published(snapshots)
    due: dict[int, Due] = {}
    for snapshot in snapshots:
        rows = due.setdefault(snapshot.edition_id, Due(snapshot.edition, [])).rows
        rows.append(Row(snapshot, before.get(snapshot.entry_id)))
    for one in due.values():
        one.rows.sort(key=lambda row: _URGENCY.index(row.standing.code))
    actions = (
        Action.objects.outstanding()
        .filter(
            snapshot__in=[snapshot.pk for snapshot in snapshots],
            due__lte=timezone.localdate() + DUE_SOON,
        )
        .select_related("snapshot__entry")
        .order_by("due")[:8]
    )
    return render(
        request,
        "registers/my_updates.html",
        {
            "section": "my-updates",
            "due": sorted(due.values(), key=lambda one: one.edition.register.name),
            "actions": actions,
            "today": timezone.localdate(),
            "posts": Owner.objects.filter(pk__in=access.posts),
        },
    )


def _last_published(snapshots: list[Snapshot]) -> dict[int, Snapshot]:
    """The snapshot of each entry in the last published edition before these, by entry."""
    found = (
        Snapshot.objects.published()
        .filter(entry__in=[snapshot.entry_id for snapshot in snapshots])
        .select_related("edition")
        .order_by("edition__quarter")
        .only(
            "entry_id",
            "score",
            "residual_score",
            "edition__quarter",
            "edition__medium_from",
            "edition__high_from",
            "edition__very_high_from",
        )
    )
    return {snapshot.entry_id: snapshot for snapshot in found}


def _own(request: HttpRequest, pk: int) -> Snapshot:
    """One of the person's own snapshots in an open edition; anything else is 'no such'."""
    snapshot = (
        Snapshot.objects.owned_by(request.user.access.posts)
        .filter(pk=pk, edition__state="open")
        .select_related("edition__register", "entry", "owner")
        .first()
    )
    if snapshot is None:
        raise Http404
    return snapshot


def no_change(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of one question, so that five entries without news take a minute."""
    snapshot = _own(request, pk)
    problem = ""
    reason = request.POST.get("reason", "")
    override = request.POST.get("override", "")
    doubts = []
    if request.method == "POST":
        try:
            _state_and_submit(snapshot, by=request.user, reason=reason, override=override)
        except cycle.NeedsReason as refusal:
            doubts = refusal.warnings
        except cycle.CycleError as refusal:
            problem = str(refusal)
        else:
            messages.success(request, f"{snapshot.reference}: no change, submitted. Thank you.")
            return redirect("my-updates")
    return render(
        request,
        "registers/no_change.html",
        {
            "section": "my-updates",
            "snapshot": snapshot,
            "before": cycle.previous(snapshot),
            "problem": problem,
            "doubts": doubts,
            "reason": reason,
            "override": override,
            "form_url": reverse("admin:registers_snapshot_change", args=[snapshot.pk]),
        },
        status=422 if problem or doubts else 200,
    )


def _state_and_submit(snapshot: Snapshot, *, by, reason: str, override: str) -> None:
    with transaction.atomic():
        stated = cycle.state_no_change(snapshot, by=by, reason=reason)
        cycle.submit(stated, by=by, override=override)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """A submitted entry becomes a draft again, as long as the quarter is open."""
    snapshot = _own(request, pk)
    try:
        cycle.take_back(snapshot, by=request.user)
    except cycle.CycleError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{snapshot.reference} is a draft again. Submit it when ready.")
    return redirect("my-updates")
