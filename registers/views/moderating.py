"""Accept what owners have sent, or send it back with a comment."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from registers import cycle
from registers.manage_forms import ReasonForm
from registers.models import Edition, Progress, Snapshot
from registers.views.cycle import for_managers, question, report, working_edition_or_404


def snapshot_or_404(edition: Edition, pk: int) -> Snapshot:
    return get_object_or_404(
        Snapshot.objects.in_edition(edition).select_related("edition__register", "entry", "owner"),
        pk=pk,
    )


@for_managers
@require_POST
def accept(request: HttpRequest, register: str) -> HttpResponse:
    """Every submitted entry, only the one whose button was pressed, or those that are ticked."""
    edition = working_edition_or_404(register)
    submitted = Snapshot.objects.in_edition(edition).filter(progress=Progress.SUBMITTED)
    if "everything" not in request.POST:
        named = request.POST.getlist("only") or request.POST.getlist("snapshot")
        ticked = [int(pk) for pk in named if pk.isdecimal()]
        submitted = Snapshot.objects.in_edition(edition).filter(pk__in=ticked)
    chosen = list(submitted)
    if not chosen:
        messages.error(request, "Tick the entries to accept first.")
        return redirect("cycle", register)
    report(
        request,
        lambda: cycle.accept_all(chosen, by=request.user),
        f"Accepted: {', '.join(snapshot.reference for snapshot in chosen)}.",
    )
    return redirect("cycle", register)


@for_managers
def send_back(request: HttpRequest, register: str, pk: int) -> HttpResponse:
    edition = working_edition_or_404(register)
    snapshot = snapshot_or_404(edition, pk)
    form = ReasonForm(request.POST or None)
    form.fields["reason"].label = "What should the owner look at again?"
    if request.method == "POST" and form.is_valid():
        try:
            cycle.send_back(snapshot, by=request.user, comment=form.cleaned_data["reason"])
        except cycle.CycleError as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(request, f"{snapshot.reference} is back with its owner.")
            return redirect("cycle", register)
    return question(
        request,
        form,
        edition=edition,
        heading=f"Send {snapshot.reference} back",
        lede=f"{snapshot.title}. {snapshot.owner_name} is told by e-mail and sees your comment.",
        button="Send it back",
    )
