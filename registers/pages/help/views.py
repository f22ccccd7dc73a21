"""Pages that stand on their own: the key to scores, the accessibility statement, closed doors."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from registers.domain import scale
from registers.domain.kinds import WORDS
from registers.models import Kind, Register
from registers.pages.fields import grid_rows


def scores_help(request: HttpRequest) -> HttpResponse:
    """The key to scores, with the bands and the appetite of the register at the top."""
    register = Register.objects.filter(parent=None).order_by("pk").first() or Register()
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
    context = {"register": register, "keys": keys, "likelihoods": likelihoods}
    return render(request, "registers/help/scores.html", context)


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement, which a person who can't sign in must be able to read too."""
    return render(request, "registers/help/accessibility.html")


@login_not_required
def accounts_are_kept_for_you(request: HttpRequest) -> HttpResponse:
    """Where the login library would let people make accounts or change their address."""
    return render(request, "account/closed.html", status=403)
