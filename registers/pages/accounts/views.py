"""The account page: password, second factor, sessions, tokens for reporting tools."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from registers.models import User
from registers.pages.accounts import tokens
from registers.pages.accounts.factors import demand_told, signed_in_elsewhere
from registers.pages.accounts.sessions import Sitting, end, sittings
from registers.pages.accounts.sign_on import is_connected


@never_cache
def account(request: HttpRequest) -> HttpResponse:
    demand = demand_told(request)
    context = {
        **factors(request.user),
        "demand": demand,
        "elsewhere": signed_in_elsewhere(request),
        "can_connect": settings.OIDC_ISSUER and not is_connected(request.user),
        # Who has to set up a factor first sees where; the rest of the page comes after it.
        "sittings": [] if demand else sittings(request),
        "tokens": [] if demand else tokens.of(request.user),
        "makes_tokens": not demand and request.user.access.anywhere.reads,
    }
    return render(request, "account/account.html", context)


def factors(user: User) -> dict[str, object]:
    """The second factors that a person has: an app, passkeys, codes that are left on paper."""
    rows = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    kinds = {row.type: row for row in rows}
    codes = kinds.get(Authenticator.Type.RECOVERY_CODES)
    return {
        "app": kinds.get(Authenticator.Type.TOTP),
        "passkeys": [row for row in rows if row.type == Authenticator.Type.WEBAUTHN],
        "codes": codes,
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
    }


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """One other session, by its row, or all others."""
    asked = request.POST.get("session", "")
    ended = end(request, _those(sittings(request), asked))
    said = {0: "There was no other session to end.", 1: "One session is ended."}
    messages.success(request, said.get(ended, f"{ended} sessions are ended."))
    return redirect("account")


def _those(all_of_them: list[Sitting], asked: str) -> list[Sitting]:
    others = [one for one in all_of_them if not one.is_this]
    return others if asked == "others" else [one for one in others if str(one.row.pk) == asked]
