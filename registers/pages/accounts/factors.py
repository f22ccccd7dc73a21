"""The second factor: who must have one is led to it, and a wrong code is told as a wrong code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from registers.models import User
from registers.pages.accounts.login import hold

# What a person who has no factor yet can reach: the way to one, and the way out.
OPEN = {
    "account",
    "account_logout",
    "account_reauthenticate",
    "account_change_password",
    "account-factors",
    "mfa_activate_totp",
    "mfa_add_webauthn",
}

SET_ONE_UP = (
    "Your role needs a second factor before anything else opens. Set up an app on your telephone "
    "or a passkey below."
)
TEXT_IS_KEPT = (
    "You had no second factor when you sent this. Your text is back in the form, but nothing has "
    "been done with it yet. Press the button again."
)


def must_have_factor(request: HttpRequest) -> bool:
    """Whether this person's role demands a second factor.

    Not where another service has signed them in: it has factors of its own.
    """
    demanded = set(settings.MFA_REQUIRED_FOR)
    return bool(demanded & roles_of(request.user)) and not signed_in_elsewhere(request)


def roles_of(user: User) -> set[str]:
    return set(user.access.anywhere.roles)


def signed_in_elsewhere(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "socialaccount" for record in records)


def has_factor(user: User) -> bool:
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(user=user, type__in=kinds).exists()


class DemandFactor:
    """Leads who must have a second factor and has none to the page where it is set up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        if not self._stops(request, view):
            return None
        if request.method == "POST":
            hold(request, TEXT_IS_KEPT)
        return redirect("account")

    def _stops(self, request: HttpRequest, view) -> bool:
        if not request.user.is_authenticated or request.resolver_match.view_name in OPEN:
            return False
        if getattr(request, "by_token", False):
            return False  # the door of the feed has seen to it
        # A view that is public shows nothing that needs a person.
        needs_login = getattr(view, "login_required", True)
        return needs_login and must_have_factor(request) and not has_factor(request.user)


class FactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": (
            "This code is not right. Type the one that the app shows now; each code works once."
        ),
        "too_many_codes": "Too many wrong codes, one after the other. Wait five minutes.",
    }

    def build_totp_svg(self, url: str) -> str:
        """As it stands in a page: without the declaration that a file of its own begins with."""
        svg = super().build_totp_svg(url)
        return svg[svg.index("<svg") :]

    def generate_authenticator_name(self, user, type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Passkey" if number == 1 else f"Passkey {number}"


class _TellsOfCodes:
    """The library speaks of passwords where too many codes were wrong."""

    def clean_code(self) -> Any:
        try:
            return super().clean_code()
        except ValidationError as error:
            if error.code == "too_many_login_attempts":
                raise FactorAdapter().validation_error("too_many_codes") from error
            raise


class CodeForm(_TellsOfCodes, AuthenticateForm):
    pass


class CodeAgainForm(_TellsOfCodes, ReauthenticateForm):
    pass


def demand_told(request: HttpRequest) -> str:
    """What to say to a person who must set a factor up; empty if they need not."""
    return SET_ONE_UP if must_have_factor(request) and not has_factor(request.user) else ""
