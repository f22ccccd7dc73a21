"""The feed for reporting tools, read only: see docs/schema/feed.json.

Who asks is known by a token and never by a session (`accounts.feed_door`). An answer about what is
published has a tag that is known before anything is read, so that asking again costs next to
nothing; any other has the digest of what it says.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

from registers.domain.quarters import Quarter
from registers.exporting import tabular
from registers.exporting.feed import facts, sources
from registers.exporting.feed.sources import Read
from registers.pages.programs import refused
from registers.pages.query import with_query
from registers.pages.release import RELEASE

SCHEMA = settings.BASE_DIR / "docs" / "schema" / "feed.json"
CONTENT_TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
PER_PAGE, MOST = 1000, 2000

NO_QUARTER = "edition is a quarter, such as 2026-27-q2."
NO_PAGE = f"page is a number from 1 on, and per_page one from 1 to {MOST}."


class Unanswerable(ValueError):
    """What was asked for can't be meant. The message says what could be."""


# The addresses ------------------------------------------------------------------------------------


@login_not_required
def openapi(request: HttpRequest) -> HttpResponse:
    """What there is to ask. It says nothing of anybody's register, so it is for everybody."""
    return HttpResponse(SCHEMA.read_bytes(), content_type=CONTENT_TYPES["json"])


def registers(request: HttpRequest, format: str) -> HttpResponse:
    return _told(request, format, "registers", sources.registers(request.user))


def editions(request: HttpRequest, register: str, format: str) -> HttpResponse:
    read = _read(request, register)
    return _told(request, format, "editions", sources.listed(request.user, read))


def entries(request: HttpRequest, register: str, format: str) -> HttpResponse:
    return _paged(request, register, format, "entries", lambda found: found)


def actions(request: HttpRequest, register: str, format: str) -> HttpResponse:
    """Of a page of entries, so that no action is cut off from its entry."""
    return _paged(request, register, format, "actions", sources.actions)


# What is asked for --------------------------------------------------------------------------------


def _read(request: HttpRequest, register: str) -> Read:
    read = sources.editions(request.user, register)
    if read is None:
        raise Http404
    return read


def _quarter(request: HttpRequest) -> Quarter | None:
    asked = request.GET.get("edition", "")
    try:
        return Quarter.parse(asked) if asked else None
    except ValueError as error:
        raise Unanswerable(NO_QUARTER) from error


def _number(request: HttpRequest, name: str, otherwise: int, most: int) -> int:
    asked = request.GET.get(name, "") or str(otherwise)
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10 and 1 <= int(asked) <= most):
        raise Unanswerable(NO_PAGE)
    return int(asked)


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of all entries is asked for: pages are counted from 1."""

    number: int
    size: int
    count: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // self.size))

    @property
    def start(self) -> int:
        return (self.number - 1) * self.size

    def next(self, request: HttpRequest) -> str | None:
        """The address of the page after this one."""
        if self.number >= self.pages:
            return None
        query = with_query(request.GET, page=self.number + 1)
        return request.build_absolute_uri(request.path + query)


# Answers ------------------------------------------------------------------------------------------


def _paged(
    request: HttpRequest,
    register: str,
    format: str,
    kind: str,
    of_entries: Callable[[list[facts.InEntry]], Sequence[object]],
) -> HttpResponse:
    try:
        quarter = _quarter(request)
        number = _number(request, "page", 1, 10**9)
        size = _number(request, "per_page", PER_PAGE, MOST)
    except Unanswerable as error:
        return refused(HTTPStatus.BAD_REQUEST, str(error))
    read = _read(request, register).only(quarter)
    if quarter and not read.all:
        raise Http404
    tag = _tag(request, read) if read.is_published else ""
    if tag and (unchanged := get_conditional_response(request, etag=tag)):
        return unchanged
    page = Page(number, size, sources.how_many(request.user, read))
    if number > page.pages:
        return refused(
            HTTPStatus.NOT_FOUND, f"There is no page {number}: the last is {page.pages}."
        )
    found = sources.entries(request.user, read, page.start, page.start + size)
    return _told(request, format, kind, of_entries(found), page=page, tag=tag)


def _tag(request: HttpRequest, read: Read) -> str:
    """All that the answer depends on, as with a page of a published edition: pages.editions."""
    register = read.register
    editions = [(one.pk, one.issue) for one in read.all]
    reading = request.user.access.reading_class(register.pk)
    asked = request.build_absolute_uri()
    said = (RELEASE, register.pk, register.stamp, register.slug, editions, reading, asked)
    return f'"{hashlib.sha256(repr(said).encode()).hexdigest()}"'


def _told(
    request: HttpRequest,
    format: str,
    kind: str,
    rows: Sequence[object],
    *,
    page: Page | None = None,
    tag: str = "",
) -> HttpResponse:
    """The rows as they were asked for; 304 where the tool has them already."""
    if format not in CONTENT_TYPES:
        raise Http404
    more = page.next(request) if page else None
    if format == "json":
        content = _as_json(kind, rows, page, more)
    else:
        content = tabular.as_csv(facts.sheet(kind, facts.KINDS[kind], rows))
    response = HttpResponse(content, content_type=CONTENT_TYPES[format])
    response["ETag"] = tag or f'"{hashlib.sha256(content).hexdigest()}"'
    if more:
        response["Link"] = f'<{more}>; rel="next"'
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Authorization"])
    return get_conditional_response(request, etag=response["ETag"], response=response)


def _as_json(kind: str, rows: Sequence[object], page: Page | None, more: str | None) -> bytes:
    said: dict[str, Any] = {kind: [facts.plain(facts.KINDS[kind], row) for row in rows]}
    if page:
        said = {"page": page.number, "pages": page.pages, "entries_in_all": page.count} | said
        said["next"] = more
    return json.dumps(said, ensure_ascii=False, cls=DjangoJSONEncoder).encode()
