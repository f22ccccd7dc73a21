"""What an owner has to do this quarter: what is due, by when, and what was sent back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from registers import cycle
from registers.cycle import progress
from registers.models import Action, Edition, Owner, Progress, Snapshot, User
from registers.pages.sending import leaves
from registers.pages.updates.forms import NoChangeForm

DUE_SOON = timedelta(days=60)
MOST_ACTIONS = 8


@dataclass(frozen=True, slots=True)
class Row:
    """One entry on the list: as it stands now, and as it was published last."""

    snapshot: Snapshot
    before: Snapshot | None

    @property
    def standing(self) -> progress.Standing:
        return progress.of(self.snapshot)

    @property
    def form(self) -> str:
        return form_url(self.snapshot)


@dataclass(frozen=True, slots=True)
class Due:
    """One edition that is being made and in which a person has entries. Most urgent rows first."""

    edition: Edition
    rows: list[Row]

    @property
    def tally(self) -> progress.Tally:
        return progress.Tally.of(row.snapshot for row in self.rows)

    @property
    def stages(self) -> list[progress.Stage]:
        return progress.stages(self.edition)

    @property
    def late(self) -> bool:
        return progress.is_late(self.edition) and self.tally.to_send > 0

    @property
    def time_left(self) -> str:
        """'9 days left' while there is something to send."""
        if not (self.edition.is_open and self.edition.deadline and self.tally.to_send):
            return ""
        return progress.time_left(self.edition.deadline)

    @property
    def headline(self) -> str:
        return progress.owed(self.tally, self.edition)


_URGENCY = ("sent_back", "draft", "to_update", "submitted", "accepted")


def form_url(snapshot: Snapshot) -> str:
    return reverse("admin:registers_snapshot_change", args=[snapshot.pk])


def my_updates(request: HttpRequest) -> HttpResponse:
    """What is to be done in each open edition, and how it stands in each that is in review.

    An edition that is being corrected asks nothing of its owners, so it is not here.
    """
    access = request.user.access
    if not access.anywhere.updates:
        raise Http404
    snapshots = _with_last_published(
        Snapshot.objects.owned_by(access.posts)
        .filter(Q(edition__state="open") | Q(edition__state="in_review", edition__issue=1))
        .select_related("edition__register", "entry", "changed_by")
        .defer("description", "consequences", "controls", "commentary", "printed")
        .as_printed()
    )
    due: dict[int, Due] = {}
    for row in snapshots:
        edition = row.snapshot.edition
        due.setdefault(edition.pk, Due(edition, [])).rows.append(row)
    for one in due.values():
        one.rows.sort(key=lambda row: _URGENCY.index(row.standing.code))
    return render(
        request,
        "registers/my_updates.html",
        {
            "section": "my-updates",
            "due": sorted(due.values(), key=_most_urgent_first),
            "actions": _actions_due(row.snapshot for row in snapshots),
            "today": timezone.localdate(),
            "posts": Owner.objects.filter(pk__in=access.posts),
        },
    )


def _most_urgent_first(due: Due) -> tuple[object, ...]:
    return (not due.edition.is_open, due.edition.register.name, -due.edition.quarter.ordinal)


def _with_last_published(snapshots) -> list[Row]:
    """Each with the entry's snapshot in the last published edition before, in two queries."""
    last = (
        Snapshot.objects.once_published()
        .filter(entry=OuterRef("entry"), edition__quarter__lt=OuterRef("edition__quarter"))
        .order_by("-edition__quarter")
    )
    found = list(snapshots.annotate(last_published=Subquery(last.values("pk")[:1])))
    before = (
        Snapshot.objects.filter(pk__in={one.last_published for one in found} - {None})
        .select_related("edition")
        .only(
            "score",
            "residual_score",
            "edition__quarter",
            "edition__medium_from",
            "edition__high_from",
            "edition__very_high_from",
        )
        .in_bulk()
    )
    return [Row(one, before.get(one.last_published)) for one in found]


def _actions_due(snapshots) -> list[Action]:
    """The next actions that an owner has promised, late ones first."""
    open_ones = [one.pk for one in snapshots if one.edition.is_open]
    return list(
        Action.objects.outstanding()
        .filter(snapshot__in=open_ones, due__lte=timezone.localdate() + DUE_SOON)
        .select_related("snapshot__entry")
        .order_by("due", "id")[:MOST_ACTIONS]
    )


def _own(request: HttpRequest, pk: int) -> Snapshot:
    """One of the person's own snapshots; anything else is 'no such'."""
    snapshot = (
        Snapshot.objects.owned_by(request.user.access.posts)
        .filter(pk=pk)
        .select_related("edition__register", "entry", "owner")
        .first()
    )
    if snapshot is None:
        raise Http404
    return snapshot


def no_change(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of one question, so that five entries without news take a minute."""
    snapshot = _own(request, pk)
    before = cycle.previous(snapshot)
    if sentence := _why_not(snapshot, before):
        messages.info(request, sentence)
        return redirect("my-updates")
    form = NoChangeForm(request.POST or None, initial={"version": snapshot.version})
    if "again" in request.POST:
        return _start_again(request, snapshot)
    if request.method == "POST" and form.is_valid():
        try:
            submitted = _state_and_submit(snapshot, by=request.user, **form.cleaned_data)
        except cycle.NeedsReason as refusal:
            form.ask_to_overrule(refusal.warnings)
        except cycle.ChangedMeanwhile as refusal:
            messages.info(request, _begun_meanwhile(refusal.snapshot, request.user))
            return redirect("my-updates")
        except cycle.CycleError as refusal:
            form.add_error(None, str(refusal))
        else:
            leaves(request, submitted)
            messages.success(request, f"{snapshot.reference}: no change, submitted. Thank you.")
            return redirect("my-updates")
    begun = snapshot.progress != Progress.TO_UPDATE
    return render(
        request,
        "registers/no_change.html",
        {
            "section": "my-updates",
            "snapshot": snapshot,
            "before": before,
            "begun": begun,
            # What is sent: of an entry that was begun, not what its draft says.
            "stands": before if begun else snapshot,
            "form": form,
            "form_url": form_url(snapshot),
        },
        status=422 if form.errors or form.doubts else 200,
    )


def _start_again(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    """Last quarter's text in the form, and nothing stated yet."""
    try:
        version = NoChangeForm.base_fields["version"].clean(request.POST.get("version"))
        standing = cycle.start_again(snapshot, by=request.user, version=version)
    except cycle.ChangedMeanwhile as refusal:
        messages.info(request, _begun_meanwhile(refusal.snapshot, request.user))
        return redirect("my-updates")
    except (cycle.CycleError, ValidationError) as refusal:
        messages.error(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
        return redirect("my-updates")
    leaves(request, standing)
    messages.success(request, f"{standing.reference} is as it was. Change what is different.")
    return redirect(form_url(standing))


def _begun_meanwhile(snapshot: Snapshot, user: User) -> str:
    if snapshot.changed_by_id == user.pk:
        return f"You have begun to change {snapshot.reference} in another tab meanwhile."
    who = snapshot.changed_by or "Somebody"
    return f"{who} has begun to change {snapshot.reference} meanwhile."


def _why_not(snapshot: Snapshot, before: Snapshot | None) -> str:
    """Why 'no change' can't be said of an entry; empty if it can."""
    reference, edition = snapshot.reference, snapshot.edition
    if not edition.is_open:
        state = edition.get_state_display().lower()
        return f"{edition} is {state}, so {reference} can't be updated any more."
    if snapshot.progress in (Progress.SUBMITTED, Progress.ACCEPTED):
        return f"{reference} has been submitted already."
    if before is None:
        return f"{reference} is new this quarter, so there is nothing that it could stay as."
    return ""


def _state_and_submit(
    snapshot: Snapshot, *, by, reason: str, override: str, version: int | None
) -> Snapshot:
    with transaction.atomic():
        stated = cycle.state_no_change(snapshot, by=by, reason=reason, version=version)
        return cycle.submit(stated, by=by, override=override)


def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """A submitted entry becomes a draft again, as long as the quarter is open."""
    snapshot = _own(request, pk)
    if request.method != "POST":
        return redirect("my-updates")
    try:
        cycle.take_back(snapshot, by=request.user)
    except cycle.CycleError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{snapshot.reference} is a draft again. Submit it when ready.")
    return redirect("my-updates")
