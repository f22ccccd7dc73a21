"""Where a person is signed in, told in words, and ended."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

# The name is found in what a browser says of itself; the first that fits counts.
BROWSERS = (
    ("Edg", "Microsoft Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Sitting:
    """One session of a person that still opens the register."""

    row: UserSession
    is_this: bool

    @property
    def browser(self) -> str:
        """“Firefox on Windows”, or that the browser does not say."""
        name = _first(BROWSERS, self.row.user_agent)
        machine = _first(MACHINES, self.row.user_agent)
        return " on ".join(filter(None, [name, machine])) or "A browser that does not say its name"


def _first(known: tuple[tuple[str, str], ...], said: str) -> str:
    return next((name for mark, name in known if mark in said), "")


def sittings(request: HttpRequest) -> list[Sitting]:
    """The sessions of who asks, this one first, then the newest; in two queries, however many."""
    here = request.session.session_key
    rows = {row.session_key: row for row in UserSession.objects.filter(user=request.user)}
    if here not in rows:
        # Begun before sessions were listed.
        UserSession.objects.create_from_request(request)
        rows[here] = UserSession.objects.get(session_key=here)
    open_ones = [rows[key] for key in _that_open(request, list(rows))]
    open_ones.sort(key=lambda row: (row.session_key != here, -row.created_at.timestamp()))
    return [Sitting(row, row.session_key == here) for row in open_ones]


def _that_open(request: HttpRequest, keys: list[str]) -> list[str]:
    """Those that have not run out, and were begun with the password of today."""
    password = request.user.get_session_auth_hash()
    stored = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return [
        one.session_key for one in stored if one.get_decoded().get(HASH_SESSION_KEY) == password
    ]


def end(request: HttpRequest, those: list[Sitting]) -> int:
    for one in those:
        one.row.end()
    return len(those)
