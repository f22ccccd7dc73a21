"""Which entries an edition holds, and by which numbers: add, end, split, renumber."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from registers import cycle
from registers.models import Edition, Lineage, Snapshot
from registers.pages.quarter.forms import AddForm, EndForm, SplitForm
from registers.pages.quarter.views.base import (
    of_edition,
    question,
    refuse_if_published,
    snapshot_of,
    to_quarter,
)
from registers.pages.sending import was_sent_before


@of_edition
def add(request: HttpRequest, edition: Edition) -> HttpResponse:
    refuse_if_published(edition)
    form = AddForm(request.POST or None, initial={"kind": "risk"})
    if request.method == "POST" and form.is_valid() and not was_sent_before(request, form):
        try:
            snapshot = cycle.add_entry(edition, by=request.user, **form.cleaned_data)
        except cycle.CycleError as refusal:
            form.add_error("reference", str(refusal))
        else:
            messages.success(
                request, f"{snapshot.reference} is in {edition}. Its owner fills it in."
            )
            return to_quarter(edition)
    return question(
        request, form, edition=edition, heading=f"Add an entry to {edition}", button="Add it"
    )


@of_edition
def end(request: HttpRequest, edition: Edition, pk: int) -> HttpResponse:
    refuse_if_published(edition)
    snapshot = snapshot_of(edition, pk)
    form = EndForm(request.POST or None, edition=edition, entry=snapshot.entry)
    if request.method == "POST" and form.is_valid():
        try:
            ended = _end(snapshot, by=request.user, **form.cleaned_data)
        except cycle.CycleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                f"{snapshot.reference}: {ended.in_words()}. "
                f"It is no longer in {edition}; its history stays.",
            )
            return to_quarter(edition)
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
        about=snapshot.entry,
        danger=True,
    )


def _end(snapshot: Snapshot, *, by, how: str, other: Snapshot | None, reason: str) -> Lineage:
    if how == EndForm.MERGE:
        return cycle.merge_entry(snapshot, into=other, by=by, reason=reason)
    if how == EndForm.SUCCEED:
        return cycle.succeed_entry(snapshot, successor=other, by=by, reason=reason)
    return cycle.close_entry(snapshot, by=by, reason=reason)


@of_edition
def split(request: HttpRequest, edition: Edition, pk: int) -> HttpResponse:
    refuse_if_published(edition)
    snapshot = snapshot_of(edition, pk)
    form = SplitForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not was_sent_before(request, form):
        try:
            part = cycle.split_entry(snapshot, by=request.user, **form.cleaned_data)
        except cycle.CycleError as refusal:
            form.add_error("reference", str(refusal))
        else:
            messages.success(request, f"{part.reference} is split from {snapshot.reference}.")
            return to_quarter(edition)
    return question(
        request,
        form,
        edition=edition,
        heading=f"Split {snapshot.reference}",
        lede=f"{snapshot.title}. It lives on; a new entry takes over a part of it.",
        button="Split it",
        about=snapshot.entry,
    )


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One entry on the page of numbers: what it is called now and what it would be called."""

    snapshot: Snapshot
    wanted: str
    place: int

    @property
    def renumbers(self) -> bool:
        return self.wanted != self.snapshot.reference

    @property
    def moves(self) -> bool:
        return self.place != self.snapshot.order


@of_edition
def numbers(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Change references and printed order, with a look at old → new before anything is kept."""
    refuse_if_published(edition)
    snapshots = list(Snapshot.objects.in_edition(edition).select_related("entry").as_printed())
    posted = request.method == "POST"
    if posted and "in_a_row" in request.POST:
        rows = _in_a_row(edition, snapshots)
    else:
        rows = [
            NumberRow(
                snapshot,
                _number(request.POST.get(f"number-{snapshot.pk}", snapshot.reference)),
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
            return to_quarter(edition)
    return render(
        request,
        "registers/numbers.html",
        {
            "section": "cycle",
            "register": edition.register,
            "edition": edition,
            "rows": rows,
            "renumbered": [row for row in rows if row.renumbers],
            "moved": [row for row in rows if row.moves],
            "preview": posted,
            "problem": problem,
        },
        status=422 if problem else 200,
    )


def _number(text: str) -> str:
    """PostgreSQL holds no NUL."""
    return text.replace("\0", "").strip()


def _place(text: str | None, now: int) -> int:
    return int(text) if text and text.isdecimal() and int(text) < 10_000 else now


def _in_a_row(edition: Edition, snapshots: list[Snapshot]) -> list[NumberRow]:
    """Numbers without gaps in the printed order, each kind by itself."""
    counts: dict[str, int] = {}
    rows = []
    for place, snapshot in enumerate(snapshots, start=1):
        counts[snapshot.kind] = counts.get(snapshot.kind, 0) + 1
        wanted = f"{edition.register.prefix(snapshot.kind)}{counts[snapshot.kind]}"
        rows.append(NumberRow(snapshot, wanted, place))
    return rows
