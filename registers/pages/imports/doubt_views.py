"""The page on which a manager settles what imports left open of an edition."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from registers import cycle
from registers.cycle import CycleError
from registers.domain.english import counted
from registers.domain.quarters import Quarter
from registers.importing import review
from registers.models import Edition, ImportDoubt, Owner, Type, User
from registers.pages.imports import doubts
from registers.pages.imports.doubts import Card, Unanswerable
from registers.pages.imports.views import for_managers

WHY = "Settled what the import left open"


@for_managers
def page(request: HttpRequest, register: str, edition: str) -> HttpResponse:
    found = _edition(request.user, register, edition)
    types = {one.name: one for one in Type.objects.in_force(timezone.localdate())}
    cards = doubts.cards(found, list(types))
    general = doubts.of_the_document(found)
    wrong: dict[int, str] = {}
    if request.method == "POST":
        wrong = _answered(request, cards, general, types)
        if not wrong:
            return redirect(request.path)
        shown = doubts.cards(found, list(types), request.POST)
        cards = [replace(card, wrong=_said(wrong, card)) for card in shown]
    context = {
        "section": "cycle",
        "edition": found,
        "register": found.register,
        "cards": cards,
        "general": general,
        "left": sum(card.is_open for card in cards) + sum(not one.is_settled for one in general),
        "owners": Owner.objects.filter(successor=None).values_list("name", flat=True),
        "wrong": [card for card in cards if card.wrong],
    }
    return render(request, "imports/doubts.html", context, status=422 if wrong else 200)


def _edition(user: User, register: str, edition: str) -> Edition:
    """An edition of a register that the person manages."""
    try:
        quarter = Quarter.parse(edition)
    except ValueError as error:
        raise Http404 from error
    editions = Edition.objects.filter(user.access.where("manages")).select_related("register")
    return get_object_or_404(editions, register__slug=register, quarter=quarter)


def _said(wrong: dict[int, str], card: Card) -> tuple[str, ...]:
    return tuple(text for pk, text in wrong.items() if pk == card.snapshot.pk)


def _answered(
    request: HttpRequest, cards: list[Card], general: list[ImportDoubt], types: dict[str, Type]
) -> dict[int, str]:
    """Save what was said of each entry, each by itself; by entry, why it could not be."""
    wrong: dict[int, str] = {}
    done = _settle(general, request.POST, by=request.user)
    for card in cards:
        try:
            with transaction.atomic():
                done += _answer(card, request.POST, types, by=request.user)
        except (CycleError, Unanswerable) as refusal:
            wrong[card.snapshot.pk] = str(refusal)
    if done:
        messages.success(request, f"{counted(done, 'thing')} settled.")
    return wrong


def _answer(card: Card, sent: QueryDict, types: dict[str, Type], *, by: User) -> int:
    said = doubts.answers(card, types, sent)
    if said:
        columns = {name: value for one in said.values() for name, value in one.items()}
        shown = sent.get(card.version_name, "")
        version = int(shown) if shown.isdecimal() and len(shown) < 10 else -1
        draft = cycle.Draft(columns)
        cycle.save_draft(card.snapshot, draft, by=by, version=version, why=WHY)
    answered = doubts.settled_by(said, card)
    for doubt in answered:
        review.settle(doubt, by=by)
    ticked = [one for line in card.lines for one in line.doubts if one not in answered]
    return len(said) + _settle(ticked, sent, by=by)


def _settle(left: list[ImportDoubt], sent: QueryDict, *, by: User) -> int:
    """Those that were ticked: somebody has looked, and what stands is right."""
    ticked = [one for one in left if f"doubt-{one.pk}" in sent and not one.is_settled]
    for doubt in ticked:
        review.settle(doubt, by=by)
    return len(ticked)
