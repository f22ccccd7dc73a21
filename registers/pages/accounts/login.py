"""Logging in: no public sign-up, a user that arrives with their roles, and nothing typed is lost.

A session that ends while somebody writes gives the text back after login: what was sent is held in
the new, anonymous session, and the form is filled with it when the same person is back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from time import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from registers.models import User
from registers.pages.accounts.sign_on import give_roles, takes_password

BY_SERVICE_ALONE = "This account signs in with {name}, not with a password."


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the risk manager."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": (
            "Too many wrong passwords, one after the other. Wait five minutes, or choose a new "
            "password by e-mail: that opens the account at once."
        ),
    }

    def is_open_for_signup(self, request):
        return False

    def pre_login(self, request, user, *, signal_kwargs=None, **more):
        """The service gives roles at each login; a password opens what it does not."""
        sociallogin = (signal_kwargs or {}).get("sociallogin")
        if sociallogin and user.is_active:
            give_roles(user, sociallogin.roles)
        elif not sociallogin and not takes_password(user):
            messages.error(request, BY_SERVICE_ALONE.format(name=settings.OIDC_NAME))
            return redirect("account_login")
        return super().pre_login(request, user, signal_kwargs=signal_kwargs, **more)

    def post_login(self, request, user, *, signal_kwargs=None, **more):
        if "sociallogin" in (signal_kwargs or {}):
            request.session.set_expiry(timedelta(hours=settings.OIDC_SESSION_HOURS))
        return super().post_login(request, user, signal_kwargs=signal_kwargs, **more)

    def send_password_reset_mail(self, user, email, context):
        """A person whose account the risk manager has made is invited, and told by whom."""
        if not takes_password(user):
            return
        by = context["request"].user
        if by.is_authenticated and not user.has_usable_password():
            context = {**context, "by": by, "organisation": settings.ORGANISATION}
            self.send_mail("account/email/invitation", email, context)
            return
        super().send_password_reset_mail(user, email, context)


class Backend(AuthenticationBackend):
    """As allauth's, but the user of a request comes with the roles in the same query."""

    def get_user(self, user_id):
        user = User.objects.with_roles(user_id)
        return user if user and self.user_can_authenticate(user) else None


HELD = "held_text"
KEPT_FOR = timedelta(days=14)

BACK = (
    "Your session had ended when you sent this. Your text is back in the form, but nothing has "
    "been done with it yet. Press the button again."
)

ELSEWHERE = (
    "Your session had ended when you sent something to a page that takes it no more. It is kept; "
    "copy it from here if you need it: “%s”"
)
# The answers that show the form: with the text in it, it is not valid, or it is.
SHOWN = (200, 422)
OF_THE_FORM = ("csrfmiddlewaretoken", "writer", "sending", "version")


class HoldText:
    """Keeps what a person without a session sends to a form that names its writer; login is next.

    It stands after the check of the request's origin, so that no other site can leave text here.
    What is said of an exempt entry is never kept: its form does not say who writes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        held = getattr(request, "given_back", None)
        if held is not None and response.status_code not in SHOWN:
            _keep_on(request, response, held)
        return response

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        if request.method == "POST" and not request.user.is_authenticated:
            hold(request)
        elif request.method == "GET" and request.resolver_match.app_name != "admin":
            # The data pages give it back themselves: see KeptAdmin.
            _give_back(request)


def _give_back(request: HttpRequest) -> None:
    kept = request.session.get(HELD) if request.user.is_authenticated else None
    if held := kept and release_held_text(request):
        # Filled in as if it were sent, but it is not: every form acts on a POST alone.
        request.POST, request.given_back = held, kept
        messages.warning(request, kept.get("told", BACK))


def _keep_on(request: HttpRequest, response: HttpResponse, held: dict[str, Any]) -> None:
    """The page led elsewhere and showed no form: the text stays, and is told in full."""
    request.session[HELD] = held
    told = messages.get_messages(request)
    waiting = told._queued_messages
    waiting[:] = [message for message in waiting if message.message != held.get("told", BACK)]
    said = QueryDict(held["text"])
    written = [said[name] for name in said if name not in OF_THE_FORM and " " in said[name].strip()]
    if written:
        messages.warning(request, ELSEWHERE % " ".join(written))
    # They were put into the answer on its way here.
    told.update(response)


def hold(request: HttpRequest, told: str = BACK) -> None:
    """Keep what was sent to a form that names its writer; `told` is said when it is given back."""
    writer, exempt = request.POST.get("writer"), request.POST.get("exempt_reason")
    if writer and not exempt:
        request.session[HELD] = {
            "path": request.path,
            "writer": writer,
            "text": request.POST.urlencode(),
            "when": time(),
            "told": told,
        }


def release_held_text(request: HttpRequest) -> QueryDict | None:
    """What this person sent to this address when their session had ended; once."""
    held = request.session.get(HELD)
    if held is None or held["path"] != request.path:
        return None
    del request.session[HELD]
    if held["writer"] != str(request.user.pk) or time() - held["when"] > KEPT_FOR.total_seconds():
        return None
    return QueryDict(held["text"])
