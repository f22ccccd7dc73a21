"""Home by role, and the way to the latest edition of a register."""

from __future__ import annotations

from django.db.models import Case, Q, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from registers.models import Edition, State, User
from registers.pages.editions import last_issue
from registers.pages.query import with_query

PAGES = ("heatmap", "table", "changes", "challenge")


def home(request: HttpRequest) -> HttpResponse:
    """The manager's quarter, an owner's updates, and for everybody else the latest heat map."""
    access = request.user.access
    if access.anywhere.manages:
        return redirect("cycle-home")
    if access.anywhere.updates and access.posts:
        return redirect("my-updates")
    return latest(request, "heatmap")


def latest(request: HttpRequest, page: str) -> HttpResponse:
    """The same page of the latest edition; of the register at the top, where there are several."""
    if page not in PAGES:
        raise Http404
    return _lead_to(request, latest_edition(request.user), page)


def register(request: HttpRequest, register: str) -> HttpResponse:
    """The latest edition of one register. 'No such' and 'not yours' are the same answer."""
    latest = latest_edition(request.user, register)
    if latest is None:
        raise Http404
    return _lead_to(request, latest, "heatmap")


def latest_edition(user: User, register: str | None = None) -> Edition | None:
    """What a person would read first: the newest published edition, else the draft they may see.

    One that is being corrected was published, and can be read as it was: it stays the newest.
    """
    if not user.access.anywhere.reads:
        return None
    corrected = Q(issue__gt=1) & user.access.where("reads")
    seen = Q(pk__in=Edition.objects.visible_to(user).values("pk"))
    editions = Edition.objects.filter(seen | corrected).select_related("register")
    if register is not None:
        editions = editions.filter(register__slug=register)
    return editions.order_by(
        "register__place",
        Case(When(corrected | Q(state=State.PUBLISHED), then=0), default=1),
        "-quarter",
    ).first()


def _lead_to(request: HttpRequest, edition: Edition | None, page: str) -> HttpResponse:
    if not request.user.access.anywhere.reads:
        return render(request, "registers/no_role.html")
    if edition is None:
        return render(request, "registers/empty.html", {"section": page})
    if edition.is_being_corrected and (
        last := last_issue(request.user, edition.register.slug, edition.quarter)
    ):
        return redirect(edition.url(page) + with_query(request.GET, issue=last.issue))
    return redirect(edition.url(page) + with_query(request.GET))
