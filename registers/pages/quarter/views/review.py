"""Accept what owners have sent, or send it back with a comment."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from registers import cycle
from registers.models import Edition, Progress, Snapshot
from registers.pages.quarter.forms import CarryForm, ReasonForm
from registers.pages.quarter.moderation import next_place, place_after
from registers.pages.quarter.views.base import (
    of_edition,
    pressed,
    question,
    refuse_if_published,
    snapshot_of,
    to_quarter,
)
from registers.pages.sending import leaves


@of_edition
@pressed
def accept(request: HttpRequest, edition: Edition) -> HttpResponse:
    """The entry whose button was pressed, those that are ticked, or all that were shown.

    Each is named with the version that was shown (`12.3`), so that nothing is accepted unread.
    """
    if "everything" in request.POST:
        named = request.POST.getlist("shown")
    else:
        named = request.POST.getlist("only") or request.POST.getlist("snapshot")
    # Compared as text: an id that is none never reaches the database.
    seen = dict(name.partition(".")[::2] for name in named)
    only, place = request.GET.get("standing", ""), "moderate"
    snapshots = list(Snapshot.objects.in_edition(edition).as_printed())
    waiting = [one for one in snapshots if one.progress == Progress.SUBMITTED]
    chosen = [snapshot for snapshot in snapshots if str(snapshot.pk) in seen]
    changed = [snapshot for snapshot in chosen if str(snapshot.version) != seen[str(snapshot.pk)]]
    if not chosen:
        messages.error(request, "Tick the entries to accept first.")
    elif changed:
        listed = ", ".join(snapshot.reference for snapshot in changed)
        messages.error(
            request, f"Changed since you saw it: {listed}. Nothing was accepted; look again first."
        )
    else:
        cycle.accept_all(chosen, by=request.user)
        place = next_place(waiting, chosen)
        listed = ", ".join(snapshot.reference for snapshot in chosen)
        messages.success(request, f"Accepted: {listed}.")
    return to_quarter(edition, only=only, place=place)


@of_edition
def carry(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Carry ticked entries forward as they stood, with one reason."""
    refuse_if_published(edition)
    untouched = list(cycle.to_carry(edition).select_related("owner").as_printed())
    if not untouched:
        messages.info(request, "Every entry that was published before has been begun.")
        return to_quarter(edition)
    form = CarryForm(request.POST or None, snapshots=untouched)
    if request.method == "POST" and form.is_valid():
        chosen, reason = form.chosen, form.cleaned_data["reason"]
        try:
            cycle.carry_forward(chosen, by=request.user, reason=reason)
        except cycle.CycleError as refusal:
            form.add_error("entries", str(refusal))
        else:
            listed = ", ".join(snapshot.reference for snapshot in chosen)
            messages.success(request, f"Carried forward and accepted: {listed}.")
            return to_quarter(edition)
    return question(
        request,
        form,
        edition=edition,
        heading="Carry entries forward",
        lede=(
            "They stand as they were published last, without a direction of travel. Each says that "
            "it was carried forward without an update from its owner, and why. What somebody has "
            "begun isn't listed: open it, and submit it or put it right."
        ),
        button="Carry forward and accept",
    )


@of_edition
def send_back(request: HttpRequest, edition: Edition, pk: int) -> HttpResponse:
    snapshot = snapshot_of(edition, pk)
    form = ReasonForm(request.POST or None)
    form.fields["reason"].label = "What should the owner look at again?"
    if request.method == "POST" and form.is_valid():
        try:
            sent = cycle.send_back(snapshot, by=request.user, comment=form.cleaned_data["reason"])
        except cycle.CycleError as refusal:
            form.add_error(None, str(refusal))
        else:
            leaves(request, sent)
            messages.success(request, f"{snapshot.reference} is back with its owner.")
            return to_quarter(edition, place=place_after(snapshot))
    return question(
        request,
        form,
        edition=edition,
        heading=f"Send {snapshot.reference} back",
        lede=f"{snapshot.title}. {snapshot.owner_name} is told by e-mail and sees your comment.",
        button="Send it back",
        about=snapshot.entry,
    )


@of_edition
@pressed
def undo_accept(request: HttpRequest, edition: Edition, pk: int) -> HttpResponse:
    snapshot = cycle.unaccept(snapshot_of(edition, pk), by=request.user)
    messages.success(request, f"{snapshot.reference} waits to be accepted again.")
    return to_quarter(edition)
