"""Log lines: one a record, with the request and the user it is about, and nothing that they wrote.

    2026-11-30 09:15:00 ERROR django.request request=4f6c… user=7 Internal Server Error: /search/ …

What people write is never in a line: not in a query string, and not in what an exception says of
the value it met. So of an exception the line has its class and where it came from, and its words
only where those are of the program or of its surroundings.
"""

from __future__ import annotations

import json
import logging
import re
import smtplib
import sqlite3
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from traceback import extract_tb
from typing import Any

import psycopg
from django.http import HttpRequest

# The request that this thread answers. `config.requests` says which.
current: ContextVar[HttpRequest | None] = ContextVar("current", default=None)

NONE = "-"
UNKNOWN = "(no such address)"
SECRET = "key"  # noqa: S105 - what addresses call the part that opens an account
PLAIN_PATH = re.compile(r"[\w/.:-]{1,200}", re.ASCII)
# What follows a path that somebody else wrote into a line.
QUERY = re.compile(r"(/[^\s?]*)\?\S+")

# Their words are of the program or of the machine, never of what was typed. Those of SQLite quote
# what was searched for, and a mail server may answer with the mail.
_OF_THE_MACHINE = (
    AttributeError,
    ImportError,
    MemoryError,
    NameError,
    OSError,
    RecursionError,
    psycopg.InterfaceError,
    psycopg.OperationalError,
)
_OF_OTHERS = (smtplib.SMTPException,)
# More of them says nothing new, and a recursion has a thousand.
MOST_FRAMES = 20


def address(request: HttpRequest) -> str:
    """The path that was asked for, as far as it is one of ours and opens nothing."""
    match = request.resolver_match
    if match is None:
        return UNKNOWN
    if SECRET in match.kwargs or not PLAIN_PATH.fullmatch(request.path):
        return f"/{match.route}"
    return request.path


def user_of(request: HttpRequest | None) -> str:
    """The id of who asks, if that was looked up: a log line asks the database nothing."""
    user = getattr(request, "_cached_user", None)
    return str(user.pk or NONE) if user else NONE


class About(logging.Filter):
    """Adds to a record which request and which user it is about."""

    def filter(self, record: logging.LogRecord) -> bool:
        asked = getattr(record, "request", None)
        request = asked if isinstance(asked, HttpRequest) else current.get()
        record.request_id = getattr(request, "id", NONE)
        record.user_id = user_of(request)
        if request is not None and isinstance(record.args, tuple):
            record.args = tuple(
                address(request) if arg == request.path else arg for arg in record.args
            )
        return True


class Line(logging.Formatter):
    """What both forms of a line have in common."""

    def said(self, record: logging.LogRecord) -> str:
        return QUERY.sub(r"\1?…", record.getMessage())

    def trace(self, record: logging.LogRecord) -> list[str]:
        error = record.exc_info[1] if record.exc_info else None
        return list(_told(error)) if error else []

    def fields(self, record: logging.LogRecord) -> dict[str, Any]:
        """What is told of a request beside its words: see config.requests."""
        return getattr(record, "fields", {})


class Plain(Line):
    """One line that a person reads, in the time of the machine."""

    def format(self, record: logging.LogRecord) -> str:
        head = f"{self.formatTime(record)} {record.levelname} {record.name}"
        about = f"request={record.request_id} user={record.user_id}"
        parts = [head, about, self.said(record), *self.trace(record)]
        return " ".join(parts).replace("\r", "").replace("\n", "\\n")


class Json(Line):
    """One line that a program reads: a JSON object, its time in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": self.said(record),
            "request": record.request_id,
            "user": record.user_id,
            **self.fields(record),
        }
        if trace := self.trace(record):
            line["trace"] = trace
        return json.dumps(line, ensure_ascii=False, default=str)


def _told(error: BaseException) -> Iterator[str]:
    """The class of an error and where it came from; then of the one it came of, and so on."""
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield f"{'caused by ' if found is not error else ''}{_named(found)}{_way(found)}"
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)


def _named(error: BaseException) -> str:
    words = _words(error)
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    return f"{name} ({words})" if words else name


def _words(error: BaseException) -> str:
    if isinstance(error, psycopg.Error) and error.sqlstate:
        # Without its detail, which is the row that broke the rule.
        return " ".join(filter(None, [error.sqlstate, error.diag.constraint_name]))
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorname", "")
    said = isinstance(error, _OF_THE_MACHINE) and not isinstance(error, _OF_OTHERS)
    return str(error) if said else ""


def _way(error: BaseException) -> str:
    """From where it was raised to where it was met."""
    frames = extract_tb(error.__traceback__)[::-1][:MOST_FRAMES]
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return f" at {' < '.join(places)}" if places else ""
