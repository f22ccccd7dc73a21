"""What comes in: only what can be text, in a form that can be read; and what is said when it isn't.

A middleware looks at the address, the query, the form and the cookies of every request before
anything else does. What gets past it and is still more than the database can hold, or finds no
database, is answered by `broken`, which Django asks wherever a request fails.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.urls.converters import IntConverter

NUL = "\x00"
READABLE = {"utf-8", "utf8", "us-ascii"}

IN_ADDRESS = (
    "The address has a character in it that can’t be part of a text. "
    "Go back, or type the address again."
)
IN_FORM = (
    "Something in the form has a character in it that can’t be part of a text. Nothing was saved. "
    "Go back: what you typed is still there. Type the last words that you pasted by hand."
)
NOT_UTF8 = (
    "The form was sent in another character set than UTF-8. Nothing was saved. "
    "Go back and send it from the page itself."
)
TOO_LARGE = (
    "A number or a text in the address or the form is larger than the register can hold. "
    "Nothing was saved. Go back and make it smaller."
)
TOO_LONG = (
    "This is more text than a form can take at once. Nothing was saved. Go back: what you typed is "
    "still there. Send less of it; a long table is brought in as a file."
)


class Row(IntConverter):
    """The id of a row in an address: no longer than a database can hold."""

    regex = "[0-9]{1,18}"


class Readable:
    """Refuses, with a sentence, what no database and no page could hold as text."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            wrong = problem(request)
        except RequestDataTooBig:
            wrong = TOO_LONG
        return unreadable(request, wrong) if wrong else self.get_response(request)


def problem(request: HttpRequest) -> str:
    """What can't be read of a request, as a sentence; empty if it all can."""
    charset = request.content_params.get("charset", "utf-8") if request.content_params else "utf-8"
    if charset.strip("'\" ").lower() not in READABLE:
        return NOT_UTF8
    cookies = (*request.COOKIES, *request.COOKIES.values())
    if not all(map(is_text, (request.path, *_all_of(request.GET), *cookies))):
        return IN_ADDRESS
    if request.method == "POST":
        names = (file.name or "" for file in request.FILES.values())
        if not all(map(is_text, (*_all_of(request.POST), *request.FILES, *names))):
            return IN_FORM
    return ""


def is_text(value: str) -> bool:
    """Whether it can be written down: no NUL, and no half of a character."""
    if NUL in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _all_of(data: QueryDict) -> Iterable[str]:
    for name, values in data.lists():
        yield name
        yield from values


def unreadable(request: HttpRequest, why: str) -> HttpResponse:
    return HttpResponse(render_to_string("400.html", {"why": why}), status=HTTPStatus.BAD_REQUEST)


# Where a request fails ----------------------------------------------------------------------------


def broken(request: HttpRequest) -> HttpResponse:
    """The answer to whatever raised: asked by Django while the error is at hand."""
    error = sys.exc_info()[1]
    if isinstance(error, OverflowError | DataError):
        return unreadable(request, TOO_LARGE)
    if isinstance(error, OperationalError | InterfaceError):
        return away(request)
    return HttpResponse(render_to_string("500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)


def away(request: HttpRequest) -> HttpResponse:
    """The database does not answer: what was typed stands in the page, to be sent once more."""
    typed = _typed(request)
    page = render_to_string("503.html", {"typed": typed, "address": request.get_full_path()})
    headers = {"Retry-After": "60", "Cache-Control": "no-store"}
    return HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Names and values of the form that was sent; none of a form with a password in it."""
    if request.method != "POST" or any("password" in name for name in request.POST):
        return []
    return [(name, value) for name, values in request.POST.lists() for value in values]
