"""Moving a quarter on: its dates, chasing, review, publication and correction."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from registers import cycle
from registers.cycle import progress
from registers.cycle.before_publishing import checks, stopping
from registers.cycle.errors import EditionNotPublished, WrongState
from registers.models import Edition, Owner, Progress, Snapshot
from registers.pages.quarter.forms import DatesForm, ReasonForm
from registers.pages.quarter.views.base import (
    of_edition,
    pressed,
    question,
    refuse_if_published,
    to_quarter,
)


@of_edition
def dates(request: HttpRequest, edition: Edition) -> HttpResponse:
    refuse_if_published(edition)
    known = {"deadline": edition.deadline, "committee_on": edition.committee_on}
    form = DatesForm(request.POST or None, initial=known, quarter=edition.quarter)
    if request.method == "POST" and form.is_valid():
        cycle.set_dates(edition, by=request.user, **form.cleaned_data)
        messages.success(request, f"The dates of {edition} are changed.")
        return to_quarter(edition)
    return question(
        request, form, edition=edition, heading=f"Dates of {edition}", button="Keep these dates"
    )


@of_edition
@pressed
def chase(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Remind the owner of one entry, the owners that are ticked, or all who are not in."""
    snapshots = Snapshot.objects.in_edition(edition)
    asked = None
    if "everyone" not in request.POST:
        # What is ticked is compared as text: an id that is none never reaches the database.
        only, posts = request.POST.get("only"), set(request.POST.getlist("owner"))
        asked = [
            snapshot
            for snapshot in snapshots.only("owner_id")
            if str(snapshot.pk) == only or (only is None and str(snapshot.owner_id) in posts)
        ]
        if not asked:
            messages.error(request, "Tick the owners to remind, then send.")
            return to_quarter(edition)
    outstanding = snapshots.outstanding()
    if asked is not None:
        outstanding = outstanding.filter(pk__in=[snapshot.pk for snapshot in asked])
    for post in Owner.objects.held_by_nobody().filter(snapshots__in=outstanding).distinct():
        messages.warning(request, f"Nobody holds this post, so nobody is told: {post}.")
    told = cycle.chase(edition, by=request.user, snapshots=asked)
    if told:
        people = "1 person is" if told == 1 else f"{told} people are"
        messages.success(request, f"{people} being reminded by e-mail.")
    else:
        messages.info(request, "They have been reminded today already.")
    return to_quarter(edition)


@of_edition
def start_review(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Asks first, naming whose text would be cut off; then closes the quarter to its owners."""
    if request.method == "POST":
        cycle.start_review(edition, by=request.user)
        messages.success(request, f"{edition} is closed to its owners and in review.")
        return to_quarter(edition)
    if not edition.is_open:
        raise WrongState(f"{edition} is {edition.get_state_display().lower()}.")
    entries = Snapshot.objects.in_edition(edition).select_related("entry", "owner").as_printed()
    missing = list(entries.outstanding().defer("consequences", "controls", "printed"))
    context = {
        "section": "cycle",
        "edition": edition,
        "register": edition.register,
        "groups": progress.by_owner(missing),
        "missing": len(missing),
        "begun": sum(snapshot.progress == Progress.DRAFT for snapshot in missing),
        "late": progress.is_late(edition),
    }
    return render(request, "registers/review.html", context)


@of_edition
@pressed
def reopen(request: HttpRequest, edition: Edition) -> HttpResponse:
    cycle.reopen(edition, by=request.user)
    messages.success(request, f"{edition} is open to its owners again.")
    return to_quarter(edition)


@of_edition
def publish(request: HttpRequest, edition: Edition) -> HttpResponse:
    """The checks once more, and the button that freezes the edition."""
    if request.method == "POST":
        publication = cycle.publish(edition, by=request.user)
        issue = f", issue {publication.issue}," if publication.issue > 1 else ""
        messages.success(
            request, f"{edition}{issue} is published and frozen. The committee can read it now."
        )
        return redirect(edition)
    refuse_if_published(edition)
    snapshots = list(Snapshot.objects.in_edition(edition).select_related("entry"))
    lines = checks(snapshots, edition)
    context = {
        "section": "cycle",
        "edition": edition,
        "register": edition.register,
        "checks": lines,
        "stopping": stopping(lines),
        "total": len(snapshots),
    }
    return render(request, "registers/publish.html", context)


@of_edition
def reissue(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Take a published edition back, to correct it."""
    if not edition.is_published:
        raise EditionNotPublished(f"{edition} is not published, so it can simply be changed.")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cycle.reissue(edition, by=request.user, reason=form.cleaned_data["reason"])
        except cycle.CycleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                f"{edition} is in review again. Issue {edition.issue} stays readable; "
                f"publish to make issue {edition.issue + 1}.",
            )
            return to_quarter(edition)
    return question(
        request,
        form,
        edition=edition,
        heading=f"Correct {edition}",
        lede=_what_a_correction_does(edition),
        button="Take it back to review",
        danger=True,
    )


def _what_a_correction_does(edition: Edition) -> str:
    """What readers will meet meanwhile, which differs for the newest edition and an old one."""
    issue, later = edition.issue, _published_after(edition)
    said = (
        f"Issue {issue} stays readable for good. The edition goes back to review; when you publish "
        f"it again it is issue {issue + 1}, and the committee reads your reason beside it. "
    )
    if not later:
        return said + f"Until then issue {issue} stays everybody’s latest, as it was published."
    editions = f"{later} editions have" if later > 1 else "1 edition has"
    return said + (
        f"This is not the newest: {editions} been published after it. Until you publish it again, "
        f"readers find {edition} only as issue {issue} was published: it can’t be compared with, "
        "and it is missing from the paths of its entries."
    )


def _published_after(edition: Edition) -> int:
    later = Edition.objects.filter(register=edition.register, quarter__gt=edition.quarter)
    return later.published().count()
