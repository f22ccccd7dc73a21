"""Pages that stand on their own: the key to scores, the accessibility statement, closed doors."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from registers.domain import scale
from registers.domain.kinds import WORDS
from registers.models import Edition, Kind, Register, User
from registers.pages.fields import grid_rows


def scores_help(request: HttpRequest) -> HttpResponse:
    """The key to scores, with the bands and the appetite of a register: of the one at the top,
    unless another is asked for.
    """
    registers = list(_readable(request.user))
    asked = request.GET.get("register")
    found = [one for one in registers if one.slug == asked] if asked else registers[:1]
    if asked and not found:
        raise Http404
    register = found[0] if found else _at_the_top()
    keys = [
        {
            "kind": kind,
            "words": WORDS[kind],
            "rows": grid_rows(kind, register.bands, register.appetite),
            "bands": list(register.bands.ranges(kind)),
            "impacts": list(enumerate(scale.IMPACT_WORDS[kind], start=1)),
        }
        for kind in (Kind.RISK, Kind.OPPORTUNITY)
    ]
    likelihoods = list(enumerate(scale.LIKELIHOOD_WORDS, start=1))
    context = {
        "register": register,
        "registers": registers if len(registers) > 1 else [],
        "keys": keys,
        "likelihoods": likelihoods,
    }
    return render(request, "registers/help/scores.html", context)


def _readable(user: User) -> QuerySet[Register]:
    """The registers of which a person may read an edition, the one at the top first."""
    seen = Edition.objects.visible_to(user).values("register")
    return Register.objects.filter(pk__in=seen).order_by("place")


def _at_the_top() -> Register:
    """The register that there will be something to read in, or one as it would be made."""
    return Register.objects.filter(parent=None).order_by("pk").first() or Register()


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement, which a person who can't sign in must be able to read too."""
    return render(request, "registers/help/accessibility.html")


@login_not_required
def accounts_are_kept_for_you(request: HttpRequest) -> HttpResponse:
    """Where the login library would let people make accounts or change their address."""
    return render(request, "account/closed.html", status=403)
