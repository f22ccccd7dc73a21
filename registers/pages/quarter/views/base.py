"""What every page of the risk manager shares: who reaches it, what it is about, how it answers.

A page names its edition in its address, so that a button pressed twice, or on a page that has been
open since yesterday, acts on the edition that its reader saw, or says why it can't any more.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from registers import cycle
from registers.cycle import progress
from registers.cycle.errors import EditionAlreadyPublished, EntryGone
from registers.domain.quarters import Quarter
from registers.models import Edition, Entry, Snapshot, User

View = Callable[..., HttpResponse]


def for_managers(view: View) -> View:
    """Anybody else is told that there is no such page. Which of them are theirs, a view asks."""

    @wraps(view)
    def managed(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.access.anywhere.manages:
            raise Http404
        return view(request, *args, **kwargs)

    return managed


def of_edition(view: View) -> View:
    """A manager's view of one edition. What the rules refuse is said on the quarter's page."""

    @for_managers
    @wraps(view)
    def of(request: HttpRequest, register: str, edition: str, **kwargs) -> HttpResponse:
        found = edition_or_404(request.user, register, edition)
        try:
            return view(request, found, **kwargs)
        except cycle.CycleError as refusal:
            messages.error(request, str(refusal))
            return to_quarter(found)

    return of


NOT_PRESSED = "Nothing was changed. Press the button again if you still want to."


def pressed(view: View) -> View:
    """For a button. Who comes by address, perhaps by way of the login page, is led on."""

    @wraps(view)
    def of(request: HttpRequest, edition: Edition, **kwargs) -> HttpResponse:
        if request.method != "POST":
            messages.info(request, NOT_PRESSED)
            return to_quarter(edition)
        return view(request, edition, **kwargs)

    return of


def quarter_or_404(slug: str) -> Quarter:
    try:
        return Quarter.parse(slug)
    except ValueError as error:
        raise Http404 from error


def edition_or_404(user: User, register: str, edition: str) -> Edition:
    """An edition of a register that the person manages."""
    return get_object_or_404(
        Edition.objects.select_related("register"),
        user.access.where("manages"),
        register__slug=register,
        quarter=quarter_or_404(edition),
    )


def snapshot_of(edition: Edition, pk: int) -> Snapshot:
    """What an edition says of an entry. Raises EntryGone where it has said something once."""
    snapshots = Snapshot.objects.in_edition(edition)
    found = snapshots.select_related("edition__register", "entry", "owner").filter(pk=pk).first()
    if found is not None:
        return found
    gone = Snapshot.history.filter(id=pk, edition=edition.pk).first()
    if gone is None:
        raise Http404
    raise EntryGone(f"{gone.reference} is no longer in {edition}.")


def refuse_if_published(edition: Edition) -> None:
    """A form that could not be sent is not offered. Raises EditionAlreadyPublished."""
    if edition.is_published:
        raise EditionAlreadyPublished(
            f"{edition} is published. A correction is a reissue, with a reason."
        )


def quarter_url(edition: Edition) -> str:
    return reverse("cycle-edition", args=[edition.register.slug, edition.quarter.slug])


def to_quarter(edition: Edition, *, only: str = "", place: str = "") -> HttpResponse:
    """Back to the quarter's page: to its entries of one standing, and to a place on it."""
    shown = f"?standing={only}" if progress.named(only) else ""
    return redirect(f"{quarter_url(edition)}{shown}{place and f'#{place}'}")


def question(
    request: HttpRequest,
    form: Form,
    *,
    edition: Edition,
    heading: str,
    button: str,
    lede: str = "",
    danger: bool = False,
    about: Entry | None = None,
) -> HttpResponse:
    """A page of one short form about an edition, or about one entry in it."""
    context = {
        "section": "cycle",
        "edition": edition,
        "register": edition.register,
        "form": form,
        "heading": heading,
        "lede": lede,
        "button": button,
        "danger": danger,
        "about": about,
    }
    return render(request, "registers/question.html", context, status=422 if form.errors else 200)
