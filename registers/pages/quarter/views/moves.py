"""An entry proposed to the register above or below: the question, and who decides it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from registers import cycle
from registers.domain import content
from registers.domain.content import Content
from registers.domain.difference import sections
from registers.domain.kinds import WORDS
from registers.domain.passages import Passage
from registers.models import Edition, Proposal, Snapshot
from registers.pages.quarter.forms import DecideForm, MoveForm
from registers.pages.quarter.views.base import (
    for_managers,
    of_edition,
    question,
    refuse_if_published,
    snapshot_of,
    to_quarter,
)
from registers.reading.contents import terms, whole


@of_edition
def move(request: HttpRequest, edition: Edition, pk: int) -> HttpResponse:
    """Propose an entry to the register above, or to one below."""
    refuse_if_published(edition)
    snapshot = snapshot_of(edition, pk)
    near = cycle.registers_near(edition.register)
    if not near:
        raise Http404
    form = MoveForm(request.POST or None, near=near, above=edition.register.parent_id)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            proposed = cycle.propose(snapshot, form.chosen, by=request.user, reason=said["reason"])
        except cycle.CycleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                f"{snapshot.reference} is proposed to {proposed.to}. It stays in {edition} until "
                "it is accepted there.",
            )
            return to_quarter(edition)
    return question(
        request,
        form,
        edition=edition,
        heading=f"Propose {snapshot.reference} to another register",
        lede=(
            f"{snapshot.title}. The risk manager there accepts or declines it, and reads your "
            "reason; if it is accepted, so do both committees."
        ),
        button="Propose it",
        about=snapshot.entry,
    )


def _one(request: HttpRequest, pk: int) -> Proposal:
    seen = Proposal.objects.visible_to(request.user)
    related = ("edition__register", "to", "entry", "proposed_by", "decided_by", "became")
    return get_object_or_404(seen.select_related(*related), pk=pk)


@for_managers
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal: accepted or declined by who manages the register that it goes to."""
    found = _one(request, pk)
    said = _as_it_stands(found) if found.waits else None
    decides = found.waits and request.user.access.at(found.to_id).manages
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            told = _decide(request, found, form)
        except cycle.CycleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, told)
            return redirect("cycle", found.to.slug)
    context = {
        "section": "cycle",
        "proposal": found,
        "form": form if decides else None,
        "withdraws": found.waits and request.user.access.may_manage(found.edition),
        "said": said,
        "texts": _texts(said) if said else [],
        "back": _back(request, found),
    }
    return render(request, "registers/proposal.html", context, status=422 if form.errors else 200)


def _decide(request: HttpRequest, found: Proposal, form: DecideForm) -> str:
    if form.cleaned_data["how"] == DecideForm.DECLINE:
        cycle.decline(found, by=request.user, reason=form.cleaned_data["reason"])
        return f"Declined. {found.proposed_by} is told why by e-mail."
    taken = cycle.take_over(found, by=request.user)
    return (
        f"{taken.reference} stands in {taken.edition} of {found.to} now, for its owner to update. "
        "Until one of the two is published you can undo it."
    )


def _texts(said: Content) -> list[tuple[str, Passage]]:
    """What it says, by the headings of its kind; nothing of what is empty."""
    named = sections.labels(WORDS[said.kind])
    told = (content.DESCRIPTION, content.CONSEQUENCES, content.CONTROLS, content.ACTIONS)
    return [(named[name], said.points(name)) for name in told if said.points(name)]


def _as_it_stands(found: Proposal) -> Content | None:
    """What its register says of it now: also for who may not read that register, but decides."""
    there = Snapshot.objects.filter(entry=found.entry_id).order_by("-edition__quarter")
    latest = there.select_related("edition__register").first()
    if latest is None:
        return None
    [said] = whole(
        Snapshot.objects.filter(pk=latest.pk), {latest.edition_id: terms(latest.edition)}
    )
    return said


def _back(request: HttpRequest, found: Proposal) -> str:
    """The quarter of the register that the person manages, the one that decides first."""
    mine = request.user.access.at(found.to_id).manages
    return reverse("cycle", args=[(found.to if mine else found.edition.register).slug])


@for_managers
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a proposal back."""
    found = _one(request, pk)
    if request.method == "POST":
        try:
            cycle.withdraw_proposal(found, by=request.user)
        except cycle.CycleError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"The proposal of {found.called} is withdrawn.")
    return redirect("proposal", found.pk)
