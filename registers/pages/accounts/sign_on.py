"""Signing in by the council's own service (OpenID Connect): who comes in, and in which roles.

The first time makes the user. The groups that the service names give the roles, at each time anew;
roles that no group gives are left to the risk manager.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base import AuthError
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET
from jwt import ExpiredSignatureError, InvalidAudienceError
from requests import RequestException

from registers.cycle.notices.contact import contact
from registers.models import Register, User

PROVIDER = "council"
logger = logging.getLogger(__name__)

AWAY = "It does not answer at the moment. Try again in a few minutes."
CANCELLED = "You stopped before you were signed in."
NOT_SIGNED_IN = "It did not sign you in. Try again."
USED = (
    "This way in was used already, or begun in another browser, or it took longer than ten "
    "minutes. Start again."
)
NOT_OURS = "What it sent was made for another service than this register, so it was not taken."
TOO_OLD = "What it sent had run out already, so it was not taken. Start again."
NOT_VALID = "What it sent can’t be relied on, so it was not taken. Start again."
NO_ADDRESS = "It sent no e-mail address for you, and an account here needs one."
NOT_CONFIRMED = "It has not confirmed your e-mail address, so no account was made with it."
NO_ROLE = "You are in no group that has a role in this register, so no account was made."
TOO_MANY_GROUPS = (
    "It does not say which groups you are in, since they are too many. It has to send those "
    "groups alone that concern this register."
)
BELONGS_TO_ANOTHER = "The address {email} belongs to another account here, so none was made."
CONNECT_FIRST = (
    " If it is yours, sign in with its password and connect the two on the page of your account."
)


# The way there and back ---------------------------------------------------------------------------


@login_not_required
@require_GET
def start(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the service. Who connects an account to it says first who they are.

    By a link alone: a form could say "connect" past the question who it is.
    """
    if request.GET.get("process") == "connect" and not did_recently_reauthenticate(request):
        return redirect("account-connect")
    return _by_way_of(openid_connect.login, request, provider_id)


@reauthentication_required
def connect(request: HttpRequest) -> HttpResponse:
    """Between the form that asks who it is and the service: no form may lead to another site."""
    return render(request, "account/connect.html")


@login_not_required
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _by_way_of(openid_connect.callback, request, provider_id)


def _by_way_of(
    view: Callable[..., HttpResponse], request: HttpRequest, provider_id: str
) -> HttpResponse:
    if not settings.OIDC_ISSUER or provider_id != PROVIDER:
        return redirect("account_login")
    try:
        return view(request, provider_id)
    except (RequestException, KeyError) as error:
        # It is away, or what it answers is not what such a service answers.
        logger.warning("The sign-on service could not be used: %s", type(error).__name__)
        return refused(request, AWAY)


def refused(request: HttpRequest, why: str) -> HttpResponse:
    """The page of who was not let in: why, and the other doors."""
    return render(request, "account/refused.html", {"why": why}, status=401)


class SignOnAdapter(DefaultSocialAccountAdapter):
    """What the service says, before anybody is let in by it."""

    def on_authentication_error(
        self, request, provider, error=None, exception=None, extra_context=None
    ):
        logger.warning("Sign-on was refused: %s", type(exception).__name__ if exception else error)
        raise ImmediateHttpResponse(refused(request, _why(request, error, exception)))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody else can sign up: see AccountAdapter."""
        return True

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        claims = _claims(sociallogin.account.extra_data)
        why = claims if isinstance(claims, str) else _against(sociallogin, claims)
        if why:
            logger.warning("Sign-on was refused after the service had let a person in")
            raise ImmediateHttpResponse(refused(request, why))
        sociallogin.roles = roles_of(claims)
        # Nothing of what it told is kept, but whom it meant.
        sociallogin.account.extra_data = {}
        if sociallogin.account.pk:
            sociallogin.account.save()


def _why(request: HttpRequest, error: object, exception: Exception | None) -> str:
    if error == AuthError.CANCELLED or request.GET.get("error") == "access_denied":
        return CANCELLED
    if isinstance(exception, RequestException):
        return AWAY
    if exception is None:
        return NOT_SIGNED_IN if "error" in request.GET else USED
    causes = {InvalidAudienceError: NOT_OURS, ExpiredSignatureError: TOO_OLD}
    return causes.get(type(exception.__cause__), NOT_VALID)


# Who it is ----------------------------------------------------------------------------------------


def _claims(told: dict[str, Any]) -> dict[str, Any] | str:
    """What the two sources say of one person; a sentence if they are not of one."""
    token, info = told.get("id_token") or {}, told.get("userinfo") or {}
    if not token or (info and info.get("sub") != token.get("sub")):
        return NOT_VALID
    return {**token, **info}


def _against(sociallogin: SocialLogin, claims: dict[str, Any]) -> str:
    """Why this person is not let in; empty if they are."""
    if settings.OIDC_GROUPS_CLAIM in (claims.get("_claim_names") or {}):
        return TOO_MANY_GROUPS
    if sociallogin.is_existing or sociallogin.state.get("process") == "connect":
        return ""
    return _against_new(sociallogin.user.email, claims)


def _against_new(email: str, claims: dict[str, Any]) -> str:
    if not email:
        return NO_ADDRESS
    if str(claims.get("email_verified")).lower() == "false":
        return NOT_CONFIRMED
    if _is_taken(email):
        told = BELONGS_TO_ANOTHER.format(email=email)
        return told + CONNECT_FIRST if settings.LOCAL_ACCOUNTS else f"{told} Ask {contact()}."
    return NO_ROLE if settings.OIDC_ROLES and not roles_of(claims) else ""


def _is_taken(email: str) -> bool:
    return (
        User.objects.filter(email__iexact=email).exists()
        or EmailAddress.objects.filter(email__iexact=email).exists()
    )


# Roles --------------------------------------------------------------------------------------------


# A role, and the slug of the register on which a group gives it; "" for every register.
Given = tuple[str, str]


def roles_of(claims: dict[str, Any]) -> set[Given]:
    """The roles that the groups in the claims give."""
    said = claims.get(settings.OIDC_GROUPS_CLAIM) or []
    groups = [said] if isinstance(said, str) else said
    return {one for group in groups for one in _given_by(settings.OIDC_ROLES.get(str(group), []))}


def _given_by(said: list[str] | dict[str, list[str]]) -> set[Given]:
    by_register = said if isinstance(said, dict) else {"": said}
    return {(role, register) for register, roles in by_register.items() for role in roles}


def give_roles(user: User, roles: set[Given]) -> None:
    """Those that groups give, and of the others none that a group could give."""
    by_groups = set[Given]().union(*map(_given_by, settings.OIDC_ROLES.values()))
    before = _held(user)
    given, taken = roles - before, (by_groups & before) - roles
    given -= _nowhere(given)
    if not given and not taken:
        return
    _take(user, taken)
    _give(user, given)
    said = (("given", given), ("taken", taken))
    parts = [f"{word} {', '.join(sorted(map(_told, some)))}" for word, some in said if some]
    LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk),
        object_repr=str(user)[:200],
        action_flag=CHANGE,
        change_message=f"Roles by the groups of {settings.OIDC_NAME}: {'; '.join(parts)}.",
    )


def _held(user: User) -> set[Given]:
    on_one = user.register_roles.values_list("role", "register__slug")
    return {(role, "") for role in user.role_names()} | set(on_one)


def _nowhere(given: set[Given]) -> set[Given]:
    """Those on a register that there is not, which give nothing until there is."""
    named = {register for _, register in given if register}
    missing = named - set(Register.objects.filter(slug__in=named).values_list("slug", flat=True))
    if missing:
        logger.warning("OIDC_ROLES names no register of ours: %s", ", ".join(sorted(missing)))
    return {one for one in given if one[1] in missing}


def _take(user: User, taken: set[Given]) -> None:
    names = [role for role, register in taken if not register]
    user.groups.remove(*Group.objects.filter(name__in=names))
    for row in user.register_roles.select_related("register"):
        if (row.role, row.register.slug) in taken:
            row.changed_by = user
            row.delete()


def _give(user: User, given: set[Given]) -> None:
    names = [role for role, register in given if not register]
    user.groups.add(*Group.objects.filter(name__in=names))
    registers = {one.slug: one for one in Register.objects.filter(slug__in={r for _, r in given})}
    for role, register in sorted(given):
        if register:
            there = registers[register]
            user.register_roles.create(role=role, register=there, changed_by=user)


def _told(given: Given) -> str:
    role, register = given
    return f"{role} on {register}" if register else role


# Passwords beside it ------------------------------------------------------------------------------


def takes_password(user: User) -> bool:
    """Whether a password opens this account.

    Not where the service does: else who has left it would still come in by the other door.
    """
    if not settings.OIDC_ISSUER or user.username == settings.EMERGENCY_ACCOUNT:
        return True
    return settings.LOCAL_ACCOUNTS and not is_connected(user)


def is_connected(user: User) -> bool:
    return SocialAccount.objects.filter(user=user).exists()
