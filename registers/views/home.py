"""Home by role, and the way to the latest edition of a register."""

from __future__ import annotations

from django.db.models import Case, F, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from registers.filters import with_query
from registers.models import Edition, Register, State, User
from registers.views.reading import last_issue

PAGES = ("heatmap", "table", "changes")


def home(request: HttpRequest) -> HttpResponse:
    """The manager's quarter, an owner's updates, and for everybody else the latest heat map."""
    access = request.user.access
    if access.manages:
        return redirect("cycle-home")
    if access.updates and access.posts:
        return redirect("my-updates")
    return latest(request, "heatmap")


def latest(request: HttpRequest, page: str) -> HttpResponse:
    """The same page of the latest edition; of the register at the top, where there are several."""
    if page not in PAGES:
        raise Http404
    return _lead_to(request, latest_edition(request.user), page)


def register(request: HttpRequest, register: str) -> HttpResponse:
    """The latest edition of one register. 'No such' and 'not yours' are the same answer."""
    visible = Edition.objects.visible_to(request.user).values("register")
    chosen = Register.objects.filter(pk__in=visible, slug=register).first()
    if chosen is not None:
        return _lead_to(request, latest_edition(request.user, chosen), "heatmap")
    if last := last_issue(request.user, register):
        return redirect(last)
    raise Http404


def latest_edition(user: User, register: Register | None = None) -> Edition | None:
    """What a person would read first: the newest published edition, else the draft they may see."""
    editions = Edition.objects.visible_to(user).select_related("register")
    if register is not None:
        editions = editions.filter(register=register)
    return editions.order_by(
        F("register__parent").asc(nulls_first=True),
        "register",
        Case(When(state=State.PUBLISHED, then=0), default=1),
        "-quarter",
    ).first()


def _lead_to(request: HttpRequest, edition: Edition | None, page: str) -> HttpResponse:
    if not request.user.access.reads:
        return render(request, "registers/no_role.html")
    if edition is None and (last := last_issue(request.user)):
        # The only edition is being corrected; what was published of it stays readable.
        return redirect(last)
    if edition is None:
        return render(request, "registers/empty.html", {"section": page})
    return redirect(f"{edition.url(page)}{with_query(request.GET)}")
