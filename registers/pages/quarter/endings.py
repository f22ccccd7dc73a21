"""Undo an ending or an addition, bring an entry back, say what became of one that is absent."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse

from registers import cycle
from registers.models import Edition, Entry, Lineage, Snapshot
from registers.pages.quarter.forms import BringBackForm, EndForm
from registers.pages.quarter.views.base import (
    of_edition,
    pressed,
    question,
    refuse_if_published,
    snapshot_of,
    to_quarter,
)


@of_edition
@pressed
def undo(request: HttpRequest, edition: Edition, pk: int) -> HttpResponse:
    """Withdraw an ending that this edition states."""
    ended = Lineage.objects.ending().filter(edition=edition, pk=pk).with_names().first()
    if ended is None:
        messages.info(request, "This ending has been undone already.")
        return to_quarter(edition)
    restored = cycle.undo_ending(ended, by=request.user)
    messages.success(request, _undone(ended, restored, edition))
    return to_quarter(edition)


def _undone(ended: Lineage, restored: Snapshot | None, edition: Edition) -> str:
    if restored is None:
        return f"It is no longer stated that {ended.named} was {ended.in_words()}."
    told = (
        f"{restored.reference} stands in {edition} again, as it stood before it was "
        f"{ended.in_words()}. That is no longer stated."
    )
    if restored.reference != ended.named:
        told += f" Its number was {ended.named}, which another entry has now."
    return told


@of_edition
@pressed
def take_out(request: HttpRequest, edition: Edition, pk: int) -> HttpResponse:
    """Undo an addition."""
    snapshot = snapshot_of(edition, pk)
    cycle.take_out(snapshot, by=request.user)
    messages.success(request, f"{snapshot.reference} {snapshot.title} is no longer in {edition}.")
    return to_quarter(edition)


@of_edition
def bring_back(request: HttpRequest, edition: Edition) -> HttpResponse:
    refuse_if_published(edition)
    form = BringBackForm(
        request.POST or None, edition=edition, initial={"entry": request.GET.get("entry")}
    )
    if request.method == "POST" and form.is_valid():
        entry, reference = form.cleaned_data["entry"], form.cleaned_data["reference"]
        ended = form.ended.get(entry.pk)
        try:
            snapshot = cycle.bring_back(edition, entry, by=request.user, reference=reference)
        except cycle.CycleError as refusal:
            form.add_error("entry", str(refusal))
        else:
            messages.success(request, _back(snapshot, ended, edition))
            return to_quarter(edition)
    return question(
        request,
        form,
        edition=edition,
        heading=f"Bring back an entry to {edition}",
        lede=(
            f"It comes with what it said last, its outstanding actions included. An ending that "
            f"{edition} states is withdrawn. An ending that was published stays as it was "
            "published: the entry follows on it, and the next quarters carry it."
        ),
        button="Bring it back",
    )


def _back(snapshot: Snapshot, ended: Lineage | None, edition: Edition) -> str:
    if ended is None:
        return f"{snapshot.reference} stands in {edition} again, with what it said last."
    if ended.edition_id == edition.pk:
        return _undone(ended, snapshot, edition)
    return (
        f"{snapshot.reference} is back, with what it said last. That it was {ended.in_words()} in "
        f"{ended.edition} stays published; {edition} and the next quarters carry it again."
    )


STATEMENTS = {
    EndForm.CLOSE: Lineage.Statement.CLOSED,
    EndForm.MERGE: Lineage.Statement.MERGED,
    EndForm.SUCCEED: Lineage.Statement.SUCCEEDED,
}


@of_edition
def absent(request: HttpRequest, edition: Edition, pk: int) -> HttpResponse:
    """Say what became of an entry that the edition before had and this one has not."""
    refuse_if_published(edition)
    entry = Entry.objects.filter(register=edition.register, pk=pk).first()
    if entry is None:
        raise Http404
    form = EndForm(request.POST or None, edition=edition, entry=entry)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            ended = cycle.explain_absence(
                edition,
                entry,
                statement=STATEMENTS[said["how"]],
                other=said["other"] if said["how"] != EndForm.CLOSE else None,
                by=request.user,
                reason=said["reason"],
            )
        except cycle.CycleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Stated in {edition}: {ended.in_words()}.")
            return to_quarter(edition)
    last = entry.snapshots.filter(edition__quarter__lt=edition.quarter).order_by("edition__quarter")
    named = last.last()
    if named is None:
        raise Http404
    return question(
        request,
        form,
        edition=edition,
        heading=f"What became of {named.reference}?",
        lede=f"{named.title}. It is not in {edition}. The committee reads your reason.",
        button="State it",
        about=entry,
    )
