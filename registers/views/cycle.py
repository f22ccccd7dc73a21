"""The manager's page of the quarter: who is in, whom to chase, what stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from registers import cycle as verbs
from registers import movement, standing
from registers.manage_forms import DatesForm, OpenForm, ReasonForm, next_quarter
from registers.models import Edition, Register, Snapshot, State
from registers.quarters import Quarter


def for_managers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Anybody else is told that there is no such page."""

    @wraps(view)
    def managed(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.access.manages:
            raise Http404
        return view(request, *args, **kwargs)

    return managed


def working_edition(register: Register) -> Edition | None:
    """The edition that is being made: the open one, else the newest in review."""
    unpublished = Edition.objects.filter(register=register).unpublished().select_related("register")
    return unpublished.open().first() or unpublished.newest_first().first()


def working_edition_or_404(slug: str) -> Edition:
    edition = working_edition(get_object_or_404(Register, slug=slug))
    if edition is None:
        raise Http404
    return edition


def report(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Do it; say that it is done, or in a sentence why it can't be. True if it was done."""
    try:
        act()
    except verbs.CycleError as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, done)
    return True


@for_managers
def home(request: HttpRequest) -> HttpResponse:
    register = Register.objects.order_by("parent_id", "name").first()
    if register is None:
        return redirect("admin:registers_register_add")
    return redirect("cycle", register.slug)


@for_managers
def page(request: HttpRequest, register: str) -> HttpResponse:
    book = get_object_or_404(Register, slug=register)
    edition = working_edition(book)
    if edition is None:
        return _between_quarters(request, book)
    snapshots = list(
        Snapshot.objects.in_edition(edition)
        .select_related("entry", "owner", "edition", "changed_by")
        .as_printed()
    )
    before = _before(edition)
    return render(
        request,
        "registers/cycle.html",
        {
            "section": "cycle",
            "register": book,
            "registers": Register.objects.all(),
            "edition": edition,
            "stages": standing.stages(edition),
            "tally": standing.Tally.of(snapshots),
            "groups": standing.by_owner(snapshots),
            "last_told": edition.notices.last_sent_to_posts(),
            "to_moderate": [
                (snapshot, before.get(snapshot.entry_id), _moved(before, snapshot))
                for snapshot in snapshots
                if standing.of(snapshot) is standing.SUBMITTED
            ],
            "checks": (found := standing.checks(snapshots)),
            "stopping": sum(check.level == standing.STOPS for check in found),
            "others": Edition.objects.filter(register=book).unpublished().exclude(pk=edition.pk),
        },
    )


def _between_quarters(request: HttpRequest, book: Register) -> HttpResponse:
    quarter = next_quarter(book)
    return render(
        request,
        "registers/cycle_open.html",
        {
            "section": "cycle",
            "register": book,
            "registers": Register.objects.all(),
            "form": OpenForm(initial={"quarter": quarter.label}),
            "latest": Edition.objects.filter(register=book).published().newest_first().first(),
        },
    )


def _before(edition: Edition) -> dict[int, Snapshot]:
    last = (
        Edition.objects.filter(register=edition.register)
        .published()
        .before(edition.quarter)
        .newest_first()
        .first()
    )
    if last is None:
        return {}
    found = Snapshot.objects.in_edition(last).select_related("edition")
    return {snapshot.entry_id: snapshot for snapshot in found}


def _moved(before: dict[int, Snapshot], snapshot: Snapshot) -> movement.Movement:
    return movement.between(before.get(snapshot.entry_id), snapshot, snapshot.kind)


@for_managers
@require_POST
def open_quarter(request: HttpRequest, register: str) -> HttpResponse:
    book = get_object_or_404(Register, slug=register)
    form = OpenForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            edition = verbs.open_edition(
                book,
                values["quarter"],
                by=request.user,
                deadline=values["deadline"],
                committee_on=values["committee_on"],
            )
        except verbs.CycleError as refusal:
            form.add_error("quarter", str(refusal))
        else:
            messages.success(request, f"{edition} is open, and its owners are being told.")
            return redirect("cycle", book.slug)
    latest = Edition.objects.filter(register=book).published().newest_first().first()
    context = {"section": "cycle", "register": book, "form": form, "latest": latest}
    return render(request, "registers/cycle_open.html", context, status=422)


@for_managers
def dates(request: HttpRequest, register: str) -> HttpResponse:
    edition = working_edition_or_404(register)
    known = {"deadline": edition.deadline, "committee_on": edition.committee_on}
    form = DatesForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        verbs.set_dates(edition, by=request.user, **form.cleaned_data)
        messages.success(request, f"The dates of {edition} are changed.")
        return redirect("cycle", register)
    return question(
        request, form, edition=edition, heading=f"Dates of {edition}", button="Keep these dates"
    )


def question(
    request: HttpRequest,
    form,
    *,
    edition: Edition,
    heading: str,
    button: str,
    lede: str = "",
    danger: bool = False,
) -> HttpResponse:
    """A page of one short form about an edition."""
    context = {
        "section": "cycle",
        "edition": edition,
        "register": edition.register,
        "form": form,
        "heading": heading,
        "lede": lede,
        "button": button,
        "danger": danger,
    }
    return render(request, "registers/question.html", context, status=422 if form.errors else 200)


@for_managers
@require_POST
def start_review(request: HttpRequest, register: str) -> HttpResponse:
    edition = working_edition_or_404(register)
    report(
        request,
        lambda: verbs.start_review(edition, by=request.user),
        f"{edition} is closed to its owners and in review.",
    )
    return redirect("cycle", register)


@for_managers
@require_POST
def reopen(request: HttpRequest, register: str) -> HttpResponse:
    edition = working_edition_or_404(register)
    report(
        request,
        lambda: verbs.reopen(edition, by=request.user),
        f"{edition} is open to its owners again.",
    )
    return redirect("cycle", register)


@for_managers
@require_POST
def chase(request: HttpRequest, register: str) -> HttpResponse:
    """Remind the owners that are ticked, or all who still have something to send."""
    edition = working_edition_or_404(register)
    posts = [int(post) for post in request.POST.getlist("owner") if post.isdecimal()]
    everyone = "everyone" in request.POST
    if not posts and not everyone:
        messages.error(request, "Tick the owners to remind, then send.")
        return redirect("cycle", register)
    asked = None if everyone else Snapshot.objects.in_edition(edition).owned_by(posts)
    try:
        told = verbs.chase(edition, by=request.user, snapshots=asked)
    except verbs.CycleError as refusal:
        messages.error(request, str(refusal))
    else:
        if told:
            people = "1 person is" if told == 1 else f"{told} people are"
            messages.success(request, f"{people} being reminded by e-mail.")
        else:
            messages.info(request, "They have been reminded today already.")
    return redirect("cycle", register)


@for_managers
def publish(request: HttpRequest, register: str) -> HttpResponse:
    edition = working_edition_or_404(register)
    if request.method == "POST":
        if report(
            request,
            lambda: verbs.publish(edition, by=request.user),
            f"{edition} is published and frozen. The committee can read it now.",
        ):
            return redirect("heatmap", register, edition.quarter.slug)
        return redirect("cycle", register)
    snapshots = list(Snapshot.objects.in_edition(edition).select_related("entry", "edition"))
    checks = standing.checks(snapshots)
    return render(
        request,
        "registers/publish.html",
        {
            "section": "cycle",
            "edition": edition,
            "register": edition.register,
            "checks": checks,
            "stopping": sum(check.level == standing.STOPS for check in checks),
            "total": len(snapshots),
            "correction": edition.reissues.filter(issue=edition.issue - 1).first(),
        },
    )


@for_managers
def reissue(request: HttpRequest, register: str, edition: str) -> HttpResponse:
    """Take a published edition back, to correct it."""
    try:
        quarter = Quarter.parse(edition)
    except ValueError as error:
        raise Http404 from error
    published = get_object_or_404(
        Edition.objects.select_related("register"),
        register__slug=register,
        quarter=quarter,
        state=State.PUBLISHED,
    )
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.reissue(published, by=request.user, reason=form.cleaned_data["reason"])
        except verbs.CycleError as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(
                request,
                f"{published} is in review again. Issue {published.issue} stays readable; "
                f"publish to make issue {published.issue + 1}.",
            )
            return redirect("cycle", register)
    return question(
        request,
        form,
        edition=published,
        heading=f"Correct {published}",
        lede=(
            f"Issue {published.issue} stays readable for good. The edition goes back to review; "
            f"when you publish it again it is issue {published.issue + 1}, and the committee "
            "reads your reason beside it."
        ),
        button="Take it back to review",
        danger=True,
    )
