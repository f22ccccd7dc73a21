"""Which entries an edition holds, and by which numbers: add, end, split, renumber."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from registers import cycle
from registers.manage_forms import AddForm, EndForm, SplitForm
from registers.models import Lineage, Snapshot
from registers.views.cycle import for_managers, question, working_edition_or_404
from registers.views.moderating import snapshot_or_404


@for_managers
def add(request: HttpRequest, register: str) -> HttpResponse:
    edition = working_edition_or_404(register)
    form = AddForm(request.POST or None, initial={"kind": "risk"})
    if request.method == "POST" and form.is_valid():
        try:
            snapshot = cycle.add_entry(edition, by=request.user, **form.cleaned_data)
        except cycle.CycleError as refusal:
            form.add_error("reference", str(refusal))
        else:
            messages.success(
                request, f"{snapshot.reference} is in {edition}. Its owner fills it in."
            )
            return redirect("cycle", register)
    return question(
        request, form, edition=edition, heading=f"Add an entry to {edition}", button="Add it"
    )


@for_managers
def end(request: HttpRequest, register: str, pk: int) -> HttpResponse:
    edition = working_edition_or_404(register)
    snapshot = snapshot_or_404(edition, pk)
    form = EndForm(request.POST or None, snapshot=snapshot)
    if request.method == "POST" and form.is_valid():
        try:
            ended = _end(snapshot, by=request.user, **form.cleaned_data)
        except cycle.CycleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                f"{snapshot.reference}: {ended.get_kind_display().lower()}. "
                f"It is no longer in {edition}; its history stays.",
            )
            return redirect("cycle", register)
    return question(
        request,
        form,
        edition=edition,
        heading=f"End {snapshot.reference}",
        lede=(
            f"{snapshot.title}. It leaves {edition} and every later one. Everything that was "
            "published of it stays, and the committee reads your reason under “closed”."
        ),
        button="End it",
        danger=True,
    )


def _end(snapshot: Snapshot, *, by, how: str, other: Snapshot | None, reason: str) -> Lineage:
    if how == EndForm.MERGE:
        return cycle.merge_entry(snapshot, into=other, by=by, reason=reason)
    if how == EndForm.SUCCEED:
        return cycle.succeed_entry(snapshot, successor=other, by=by, reason=reason)
    return cycle.close_entry(snapshot, by=by, reason=reason)


@for_managers
def split(request: HttpRequest, register: str, pk: int) -> HttpResponse:
    edition = working_edition_or_404(register)
    snapshot = snapshot_or_404(edition, pk)
    form = SplitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            part = cycle.split_entry(snapshot, by=request.user, **form.cleaned_data)
        except cycle.CycleError as refusal:
            form.add_error("reference", str(refusal))
        else:
            messages.success(request, f"{part.reference} is split from {snapshot.reference}.")
            return redirect("cycle", register)
    return question(
        request,
        form,
        edition=edition,
        heading=f"Split {snapshot.reference}",
        lede=f"{snapshot.title}. It lives on; a new entry takes over a part of it.",
        button="Split it",
    )


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One entry on the page of numbers: what it is called now and what it would be called."""

    snapshot: Snapshot
    wanted: str
    place: int

    @property
    def changes(self) -> bool:
        return self.wanted != self.snapshot.reference


@for_managers
def numbers(request: HttpRequest, register: str) -> HttpResponse:
    """Change references and printed order, with a look at old → new before anything is kept."""
    edition = working_edition_or_404(register)
    snapshots = list(Snapshot.objects.in_edition(edition).select_related("entry").as_printed())
    posted = request.method == "POST"
    if posted and "in_a_row" in request.POST:
        rows = _in_a_row(edition, snapshots)
    else:
        rows = [
            NumberRow(
                snapshot,
                (request.POST.get(f"number-{snapshot.pk}", snapshot.reference)).strip(),
                _place(request.POST.get(f"place-{snapshot.pk}"), snapshot.order),
            )
            for snapshot in snapshots
        ]
    problem = ""
    if posted and "keep" in request.POST:
        try:
            with transaction.atomic():
                wanted = {row.snapshot.pk: row.wanted for row in rows}
                cycle.renumber(edition, wanted, by=request.user)
                places = {row.snapshot.pk: row.place for row in rows}
                cycle.reorder(edition, places, by=request.user)
        except cycle.CycleError as refusal:
            problem = str(refusal)
        else:
            messages.success(request, "The numbers and the order are as you gave them.")
            return redirect("cycle", register)
    return render(
        request,
        "registers/numbers.html",
        {
            "section": "cycle",
            "register": edition.register,
            "edition": edition,
            "rows": rows,
            "changed": [row for row in rows if row.changes],
            "preview": posted,
            "problem": problem,
        },
        status=422 if problem else 200,
    )


def _place(text: str | None, now: int) -> int:
    return int(text) if text and text.isdecimal() and int(text) < 10_000 else now


def _in_a_row(edition, snapshots: list[Snapshot]) -> list[NumberRow]:
    """Numbers without gaps in the printed order, each kind by itself."""
    counts: dict[str, int] = {}
    rows = []
    for place, snapshot in enumerate(snapshots, start=1):
        counts[snapshot.kind] = counts.get(snapshot.kind, 0) + 1
        wanted = f"{edition.register.prefix(snapshot.kind)}{counts[snapshot.kind]}"
        rows.append(NumberRow(snapshot, wanted, place))
    return rows
