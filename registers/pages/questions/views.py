"""Members' questions: who waits for an answer since when, and what was answered."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from registers import cycle
from registers.cycle.questions import QuestionRefused, may_answer
from registers.models import Edition, Question, Snapshot
from registers.pages.filters.live import IS_ID
from registers.pages.questions.forms import AnswerForm, AskForm
from registers.pages.sending import was_sent_before

ON_A_PAGE = 30


def page(request: HttpRequest) -> HttpResponse:
    """All that a person may read, those that wait the longest first."""
    if not request.user.access.anywhere.reads:
        raise Http404
    seen = Question.objects.visible_to(request.user)
    rows = (
        seen.with_names()
        .with_post()
        .open_first()
        .select_related("edition__register", "entry", "asked_by", "answered_by")
    )
    if request.GET.get("show") == "open":
        rows = rows.open()
    shown = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "questions",
        "page": shown,
        "waiting": seen.open().count(),
        "all": seen.count(),
        "only_open": request.GET.get("show") == "open",
        "today": timezone.localdate(),
        "answerable": {one.pk for one in shown if one.is_open and _may_answer(one, request)},
    }
    response = render(request, "registers/questions.html", context)
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _may_answer(question: Question, request: HttpRequest) -> bool:
    """As `cycle.questions.may_answer`, of a row that was read with its post."""
    access = request.user.access
    return access.may_manage(question.edition) or question.post in access.posts


def ask(request: HttpRequest) -> HttpResponse:
    """Ask on an entry as an edition has it (?entry=&edition=), or on an edition (?on=)."""
    edition, snapshot = _about(request)
    if not request.user.access.at(edition.register_id).asks:
        raise Http404
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not was_sent_before(request, form):
        try:
            cycle.ask(
                edition,
                snapshot.entry if snapshot else None,
                text=form.cleaned_data["text"],
                by=request.user,
            )
        except cycle.CycleError as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, "Your question was sent to the owner and the risk manager.")
            return redirect("questions")
    return _asking(
        request,
        {"form": form, "edition": edition, "snapshot": snapshot, "back": _back(edition, snapshot)},
        "registers/ask.html",
        form,
    )


def _asking(
    request: HttpRequest, context: dict[str, Any], template: str, form: AskForm | AnswerForm
) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, template, {"section": "questions", **context}, status=status)


def _about(request: HttpRequest) -> tuple[Edition, Snapshot | None]:
    """The published edition, and the snapshot if it is on an entry; 404 for what is not theirs."""
    entry, on = request.GET.get("entry", ""), request.GET.get("on", "")
    if not IS_ID.fullmatch(on):
        raise Http404
    editions = Edition.objects.visible_to(request.user).published().select_related("register")
    edition = get_object_or_404(editions, pk=on)
    if not entry:
        return edition, None
    if not IS_ID.fullmatch(entry):
        raise Http404
    there = Snapshot.objects.in_edition(edition).visible_to(request.user)
    return edition, get_object_or_404(there.select_related("entry"), entry=entry)


def _back(edition: Edition, snapshot: Snapshot | None) -> str:
    if snapshot is None:
        return edition.url("challenge")
    return f"{reverse('entry', args=[snapshot.entry_id])}?edition={edition.quarter.slug}"


def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer an open question: its owner and the risk manager may."""
    question = _one(request, pk)
    if not may_answer(question, request.user):
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cycle.answer(question, text=form.cleaned_data["text"], by=request.user)
        except QuestionRefused as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, f"{question.asked_by} is told of your answer by mail.")
            return redirect("questions")
    return _asking(request, {"form": form, "question": question}, "registers/answer.html", form)


def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a question of one's own; it stays on record."""
    question = _one(request, pk)
    if question.asked_by_id != request.user.pk:
        raise Http404
    if request.method == "POST":
        try:
            cycle.withdraw(question, by=request.user)
        except QuestionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Your question is withdrawn. It stays on record.")
    return redirect("questions")


def _one(request: HttpRequest, pk: int) -> Question:
    seen = Question.objects.visible_to(request.user).with_names()
    rows = seen.select_related("edition__register", "entry", "asked_by", "answered_by")
    return get_object_or_404(rows, pk=pk)
