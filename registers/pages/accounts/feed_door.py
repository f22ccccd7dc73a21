"""At the door of the feed: a token in place of a session, and refusals that a program can read.

The person is looked up anew at each request, with the roles of now: who has lost a role, or whose
account is closed, reads nothing more by a token than by a page.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from registers.models import FeedToken, User
from registers.pages.accounts.factors import has_factor
from registers.pages.accounts.sign_on import is_connected, takes_password
from registers.pages.programs import refused

FEED = "/api/"
# It tells what there is to ask, and nothing of a register.
OPEN = "/api/openapi.json"
CHALLENGE = 'Basic realm="Five by Five", charset="UTF-8", Bearer realm="Five by Five"'

# A minute, from one address: a whole council may come from one.
MOST_REFUSED = 100

READ_ONLY = "The feed is read only: ask with GET."
NOTHING_SENT = (
    "Send a token: as “Authorization: Bearer …”, or as the password where a tool asks for a user "
    "name and a password. You make one on the page of your account."
)
OPENS_NOTHING = (
    "This token opens nothing. It was ended, or is too old, or its account is closed. Make another "
    "one on the page of your account."
)
SIGN_IN_AGAIN = (
    "Nobody has signed in to this account by {name} for {days} days. Sign in to the register once, "
    "and this token opens the feed again."
)
SET_FACTOR_UP = (
    "The role of this account needs a second factor, and it has none. Sign in to the register and "
    "set one up; then this token opens the feed again."
)
TOO_MANY = "Too many requests: {most} a minute are answered for a token. Wait a minute, ask again."
TOO_MANY_REFUSED = "Too many requests without a token that opens anything. Wait a minute."
SAID = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address, or it is not for you.",
    HTTPStatus.BAD_REQUEST: "The address has something in it that can’t be read.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The database does not answer. Ask again in a minute.",
}
BROKEN = "Something went wrong that is no fault of yours. It is in the log as {id}."


class FeedDoor:
    """After the session's user is known and before anybody is asked to log in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(FEED):
            return self.get_response(request)
        return _in_json(request, self._answer(request))

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return refused(HTTPStatus.METHOD_NOT_ALLOWED, READ_ONLY, allow="GET, HEAD")
        if request.path == OPEN:
            return self.get_response(request)
        who = _who(request)
        if isinstance(who, HttpResponse):
            return who
        request.user = request._cached_user = who
        request.by_token = True
        return self.get_response(request)


def said_in(header: str) -> str:
    """The token that a header gives: after Bearer, or as the password of Basic, or its user name
    where a tool has no box for a password. Empty if there is none.
    """
    scheme, _, given = header.partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        name, _, password = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return password or name


def _who(request: HttpRequest) -> User | HttpResponse:
    """The person whose token was sent, or why there is none."""
    said = said_in(request.headers.get("Authorization", ""))
    now = timezone.now()
    token = FeedToken.objects.of(said).standing(now).first() if said else None
    if token is None:
        return _not_known(request, OPENS_NOTHING if said else NOTHING_SENT)
    if _asks_too_often(token.digest, settings.FEED_PER_MINUTE, now):
        return _too_many(TOO_MANY.format(most=settings.FEED_PER_MINUTE))
    person = User.objects.with_roles(token.user_id)
    if why := _against(person):
        return _not_known(request, why)
    FeedToken.objects.note(token, now)
    return person


def _against(person: User | None) -> str:
    """Why a genuine token opens nothing; empty if it does."""
    if person is None or not person.is_active:
        return OPENS_NOTHING
    by_service = is_connected(person)
    if not by_service and not takes_password(person):
        return OPENS_NOTHING
    if by_service and _was_long_ago(person):
        days = settings.FEED_SIGN_ON_DAYS
        return SIGN_IN_AGAIN.format(name=settings.OIDC_NAME, days=days)
    demanded = not by_service and set(settings.MFA_REQUIRED_FOR) & person.access.anywhere.roles
    return SET_FACTOR_UP if demanded and not has_factor(person) else ""


def _was_long_ago(person: User) -> bool:
    """Roles that groups give are given at each login: after a while nobody knows them."""
    bound = timezone.now() - timedelta(days=settings.FEED_SIGN_ON_DAYS)
    return person.last_login is None or person.last_login < bound


def _not_known(request: HttpRequest, why: str) -> HttpResponse:
    asks = get_adapter().get_client_ip(request)
    if _asks_too_often(asks, MOST_REFUSED, timezone.now()):
        return _too_many(TOO_MANY_REFUSED)
    return refused(HTTPStatus.UNAUTHORIZED, why, www_authenticate=CHALLENGE)


def _asks_too_often(who: str, most: int, now: datetime) -> bool:
    """Counted by the minute, for all processes together: two at once may count as one."""
    key = f"feed:{hashlib.sha256(who.encode()).hexdigest()}:{int(now.timestamp()) // 60}"
    count = cache.get(key, 0) + 1
    cache.set(key, count, timeout=120)
    return count > most


def _too_many(why: str) -> HttpResponse:
    return refused(HTTPStatus.TOO_MANY_REQUESTS, why, retry_after="60")


def _in_json(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A page that says what is wrong, as a program reads it."""
    plain = response.get("Content-Type", "").startswith("application/json")
    if response.status_code < HTTPStatus.BAD_REQUEST or plain:
        return response
    otherwise = BROKEN.format(id=getattr(request, "id", "an error"))
    return refused(response.status_code, SAID.get(HTTPStatus(response.status_code), otherwise))
