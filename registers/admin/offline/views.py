"""A workbook of one's entries: taken out, brought back, looked over, saved."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from registers.admin import merging
from registers.admin.offline.reviewing import Reviewed, Reviewer
from registers.admin.offline.saving import MEND, Outcome, save
from registers.admin.offline.translating import Sent, Translator, unpacked
from registers.domain import offline
from registers.domain.quarters import Quarter
from registers.exporting.offline import CONTENT_TYPE, as_workbook
from registers.importing.offline import Filled, read_filled
from registers.importing.printed import UnreadableFile
from registers.models import Edition, Owner, Snapshot
from registers.reading.offline import entries_of

View = Callable[..., HttpResponse]
NOT_YOURS = (
    "{}: it is not among the entries that you can change now. Nothing of it was taken: its quarter "
    "may have been closed, or the entry given to somebody else."
)


class FileForm(forms.Form):
    file = forms.FileField(
        label="Workbook",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text="The workbook that you took from here, filled in and saved as .xlsx.",
        error_messages={"required": "Choose the workbook that you filled in."},
    )


def for_writers(view: View) -> View:
    """Anybody else is told that there is no such page."""

    @wraps(view)
    def of(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        anywhere = request.user.access.anywhere
        if not (anywhere.updates or anywhere.manages):
            raise Http404
        return view(request, *args, **kwargs)

    return of


# Out ----------------------------------------------------------------------------------------------


@for_writers
def take(request: HttpRequest, register: str, edition: str) -> HttpResponse:
    """One's own entries in an open edition."""
    found = _edition(register, edition)
    if not found.is_open:
        raise Http404
    return _file(found, request.user.access.posts, str(request.user))


@for_writers
def take_of(request: HttpRequest, register: str, edition: str, owner: int) -> HttpResponse:
    """One owner's entries, for the risk manager to send them."""
    found = _edition(register, edition)
    if not request.user.access.may_manage(found) or found.is_published:
        raise Http404
    post = get_object_or_404(Owner, pk=owner)
    return _file(found, [post.pk], post.name)


def _edition(register: str, edition: str) -> Edition:
    try:
        quarter = Quarter.parse(edition)
    except ValueError as error:
        raise Http404 from error
    found = Edition.objects.select_related("register")
    return get_object_or_404(found, register__slug=register, quarter=quarter)


def _file(edition: Edition, posts: Iterable[int], whose: str) -> HttpResponse:
    snapshots = entries_of(edition, list(posts))
    if not snapshots:
        raise Http404
    response = HttpResponse(as_workbook(edition, snapshots, whose=whose), content_type=CONTENT_TYPE)
    name = f"{edition.register.slug}-{edition.quarter.slug}-updates.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# Back in ------------------------------------------------------------------------------------------


@for_writers
def bring(request: HttpRequest) -> HttpResponse:
    """Bring a workbook back; then what it would change."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            return _reviewed(request, read_filled(file.name, file.read()))
        except UnreadableFile as refusal:
            form.add_error("file", str(refusal))
    return _page(request, "offline/bring.html", {"form": form}, 422 if form.errors else 200)


def _reviewed(request: HttpRequest, filled: Filled) -> HttpResponse:
    translator = Translator(filled)
    lines = translator.entry_lines()
    standing = _may_change(request, lines, filled.keys.edition)
    strays = [*translator.strays()]
    found: list[Reviewed] = []
    reviewer = Reviewer(request.user)
    for key, line in lines.items():
        snapshot = standing.get(key)
        seen = merging.as_seen(snapshot, filled.keys.versions[key]) if snapshot else None
        if snapshot is None or seen is None:
            strays.append(NOT_YOURS.format(line.reference or line.place))
            continue
        found.append(reviewer.review(translator.translate(line, snapshot, seen)))
    return _review(request, found, strays)


def _may_change(
    request: HttpRequest, keys: Iterable[int], edition: int | None = None
) -> dict[int, Snapshot]:
    """Those of some entries that the person may change now, with their content, by key."""
    access = request.user.access
    rows = Snapshot.objects.filter(pk__in=set(keys)).visible_to(request.user)
    if edition is not None:
        rows = rows.filter(edition=edition)
    found = rows.with_content().select_related("changed_by")
    return {one.pk: one for one in found if access.may_change(one)}


def _review(
    request: HttpRequest, found: list[Reviewed], strays: Iterable[str] = (), status: int = 200
) -> HttpResponse:
    differ = [one for one in found if one.changes or one.refused or one.wrong]
    context = {
        "found": differ,
        "same": [one.snapshot for one in found if one not in differ],
        "strays": list(strays),
        "to_save": any(not one.refused for one in differ),
        "mend": MEND,
        "sheets": offline.SHEETS,
    }
    return _page(request, "offline/review.html", context, status)


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int
) -> HttpResponse:
    section = "my-updates" if request.user.access.anywhere.updates else "cycle"
    return render(request, template, {"section": section, **context}, status=status)


# Saving -------------------------------------------------------------------------------------------


@for_writers
def keep(request: HttpRequest) -> HttpResponse:
    """Save what was ticked, each entry by itself; what can't be kept is shown once more."""
    if request.method != "POST":
        return redirect("workbook")
    sent = [_said(text) for text in request.POST.getlist("entry")]
    standing = _may_change(request, [said["entry"] for said in sent])
    again: list[Reviewed] = []
    left: list[Reviewed] = []
    strays: list[str] = []
    for said in sent:
        snapshot = standing.get(said["entry"])
        if snapshot is None:
            strays.append(NOT_YOURS.format("An entry of the workbook"))
            continue
        sending = _unpacked(said, snapshot)
        if f"{_name(snapshot)}-save" not in request.POST:
            left.append(Reviewer(request.user).review(sending, is_ticked=False))
        elif one := _keep(request, sending):
            again.append(one)
    if again or strays:
        return _review(request, [*again, *left], strays, 422)
    return redirect("my-updates" if request.user.access.anywhere.updates else "workbook")


def _said(text: str) -> dict[str, Any]:
    """What a page of ours carried of an entry; anything else is no such page."""
    try:
        said = json.loads(text)
        return {"entry": int(said["entry"]), "seen": int(said["seen"]), "sent": dict(said["sent"])}
    except (ValueError, KeyError, TypeError) as error:
        raise Http404 from error


def _unpacked(said: Mapping[str, Any], snapshot: Snapshot) -> Sent:
    try:
        return unpacked(said, snapshot)
    except (ValueError, KeyError, TypeError) as error:
        raise Http404 from error


def _name(snapshot: Snapshot) -> str:
    return f"entry-{snapshot.pk}"


def _keep(request: HttpRequest, sending: Sent) -> Reviewed | None:
    """Save an entry; what is to be shown of it once more, if anything is."""
    name = _name(sending.snapshot)
    start = f"{name}-choice-"
    chosen = {
        key.removeprefix(start): str(value)
        for key, value in request.POST.items()
        if key.startswith(start)
    }
    shown = request.POST.get(f"{name}-version", "")
    outcome = save(
        request,
        sending,
        shown=int(shown) if shown.isdecimal() and len(shown) < 10 else -1,
        chosen=chosen,
        submits=f"{name}-submit" in request.POST,
    )
    if outcome.saved is not None:
        _tell(request, outcome, outcome.saved)
    return outcome.again


def _tell(request: HttpRequest, outcome: Outcome, saved: Snapshot) -> None:
    if outcome.is_submitted:
        messages.success(request, f"{saved.reference} is submitted. Thank you.")
    elif outcome.not_submitted:
        messages.warning(
            request,
            f"{saved.reference} is saved as a draft, and not submitted: {outcome.not_submitted} "
            "Open its form, and submit it there.",
        )
    else:
        messages.success(request, f"{saved.reference} is saved. It has not been submitted.")
