"""Answering a flag of a draft: tolerated because …, until a day."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from registers import cycle
from registers.cycle.answering import LONGEST, UntilRefused, flags_on
from registers.domain.flags import KINDS, Flag
from registers.models import FlagAnswer, Snapshot
from registers.models.fields import TextBox
from registers.pages.day_fields import DayField
from registers.pages.editions import entry_url
from registers.pages.sending import leaves


class FlagAnswerForm(forms.Form):
    reason = TextBox(
        label="It is tolerated because",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The committee reads this with the flag, once the edition is published.",
        error_messages={"required": "Say why it is tolerated."},
    )
    until = DayField(
        label="Until",
        help_text="After this day, or when what the flag rests on changes, it is asked again.",
        error_messages={"required": "Give the day until which it is tolerated."},
    )


def page(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Answer a flag of one's own draft, or take the answer back. 404 for who may not change it."""
    snapshot = _draft(request, pk)
    flag, given = _flag(request, snapshot, code), snapshot.answers.filter(code=code).first()
    if flag is None and given is None:
        messages.info(request, f"{snapshot.reference} does not raise “{KINDS[code]}” any more.")
        return redirect(_back(request, snapshot))
    if "take_back" in request.POST:
        return _take_back(request, snapshot, code)
    form = FlagAnswerForm(request.POST or None, initial=_initial(given))
    if request.method == "POST" and form.is_valid() and _answered(request, snapshot, code, form):
        return redirect(_back(request, snapshot))
    manages = request.user.access.may_manage(snapshot.edition)
    context = {
        "section": "cycle" if manages else "my-updates",
        "snapshot": snapshot,
        "flag": flag,
        "given": given,
        "form": form,
        "back": _back(request, snapshot),
    }
    status = 422 if form.errors else 200
    return render(request, "registers/answer_flag.html", context, status=status)


def _draft(request: HttpRequest, pk: int) -> Snapshot:
    drafts = Snapshot.objects.visible_to(request.user).select_related("edition__register", "entry")
    found = drafts.filter(pk=pk).first()
    if found is None or not request.user.access.may_change(found):
        raise Http404
    return found


def _flag(request: HttpRequest, snapshot: Snapshot, code: str) -> Flag | None:
    if code not in KINDS:
        raise Http404
    return next((one for one in flags_on(snapshot, request.user) if one.code == code), None)


def _initial(given: FlagAnswer | None) -> dict[str, object]:
    return {"reason": given.reason, "until": given.until} if given else {}


def _answered(request: HttpRequest, snapshot: Snapshot, code: str, form: FlagAnswerForm) -> bool:
    """Whether the answer was kept; else the form says why not."""
    try:
        answer = cycle.answer_flag(snapshot, code, **form.cleaned_data, by=request.user)
    except UntilRefused as refusal:
        form.add_error("until", str(refusal))
    except cycle.CycleError as refusal:
        form.add_error(None, str(refusal))
    else:
        leaves(request, answer.snapshot)
        messages.success(request, f"Your answer stands with the flag on {snapshot.reference}.")
        return True
    return False


def _take_back(request: HttpRequest, snapshot: Snapshot, code: str) -> HttpResponse:
    try:
        leaves(request, cycle.take_answer_back(snapshot, code, by=request.user))
    except cycle.CycleError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"The answer is taken back: {snapshot.reference} is asked again.")
    return redirect(_back(request, snapshot))


def _back(request: HttpRequest, snapshot: Snapshot) -> str:
    """To the form, where the person came from there; else to the page of the draft."""
    if request.GET.get("from") == "form":
        return reverse("admin:registers_snapshot_change", args=[snapshot.pk])
    return entry_url(snapshot.edition, snapshot.entry_id)
