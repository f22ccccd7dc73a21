"""How a reading page answers: who may see it, and what need not be made twice.

A published edition never changes, so its pages are rendered once for everyone who reads the same
(`Access.reading_class`) and a revisit is answered with 304. What a page depends on besides the
edition is in its key: the register's stamp (rises with every publication and every change of
settings), the address with its filters, the code that is running, and the day (due dates pass).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.messages import get_messages
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.safestring import mark_safe

from registers.domain.quarters import Quarter
from registers.models import Edition, Publication, Snapshot, User
from registers.pages.filters.live import IS_ID
from registers.pages.query import with_query
from registers.pages.release import RELEASE
from registers.reading.documents import as_issued


class BeingCorrected(Http404):
    """A reader asked for an edition that was published and is being corrected.

    The draft of the correction is not theirs to read; the last issue is, for good.
    """

    def __init__(self, last: Publication):
        super().__init__()
        self.last = last


def or_last_issue(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Leads a reader of an edition that is being corrected to the issue that was published."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except BeingCorrected as correction:
            if "register" not in kwargs:
                return redirect(correction.last)
            query = with_query(request.GET, issue=correction.last.issue)
            return redirect(request.path + query)

    return answer


def last_issue(
    user: User, register: str | None = None, quarter: Quarter | None = None
) -> Publication | None:
    """The newest issue that a person may read: of an edition, of a register, or of any."""
    if not user.access.anywhere.reads:
        return None
    issues = Publication.objects.filter(user.access.where("reads"))
    if register is not None:
        issues = issues.filter(register__slug=register)
    if quarter is not None:
        issues = issues.filter(edition__quarter=quarter)
    return (
        issues.select_related("edition__register")
        .defer("document")
        .order_by("-edition__quarter", "-issue")
        .first()
    )


def edition_or_404(request: HttpRequest, register: str, edition: str) -> Edition:
    """The edition at an address; with `?issue=1` as that issue published it.

    'No such' and 'not yours' are the same answer. Raises BeingCorrected, which is a 404 to whoever
    does not handle it.
    """
    try:
        quarter = Quarter.parse(edition)
    except ValueError as error:
        raise Http404 from error
    if asked := request.GET.get("issue"):
        return _issue_or_404(request.user, register, quarter, asked)
    found = (
        Edition.objects.visible_to(request.user)
        .select_related("register")
        .filter(register__slug=register, quarter=quarter)
        .first()
    )
    if found is None:
        raise not_found(request.user, register, quarter)
    return found


def _issue_or_404(user: User, register: str, quarter: Quarter, asked: str) -> Edition:
    """An issue of an edition. The current one is read from its rows, as without asking."""
    if not IS_ID.fullmatch(asked):
        raise Http404
    issue = (
        Publication.objects.filter(
            user.access.where("reads"),
            register__slug=register,
            edition__quarter=quarter,
            issue=int(asked),
        )
        .select_related("edition__register")
        .first()
    )
    if issue is None:
        raise Http404
    edition = issue.edition
    current = edition.is_published and edition.issue == issue.issue
    return edition if current else as_issued(issue, user)


def not_found(user: User, register: str, quarter: Quarter) -> Http404:
    """What to raise for an edition that a reader can't see."""
    last = last_issue(user, register, quarter)
    if last is not None and last.edition.is_being_corrected:
        return BeingCorrected(last)
    return Http404()


def entry_url(edition: Edition, entry: int, quarter: Quarter | None = None) -> str:
    """The page of an entry as of an edition, or as of another quarter; of an earlier issue, where
    the page of that issue has it.
    """
    if edition.issued is not None and quarter is None:
        place = [edition.register.slug, edition.quarter.slug, edition.issue]
        return f"{reverse('issue', args=place)}#entry-{entry}"
    return f"{reverse('entry', args=[entry])}?edition={(quarter or edition.quarter).slug}"


def pack_url(user: User, edition: Edition) -> str:
    """The page of its pack; empty for who may not read all of a draft."""
    drafts = user.access.at(edition.register_id).reads_all_drafts
    if not edition.is_published and not drafts:
        return ""
    issue = f"?issue={edition.issue}" if edition.issued is not None else ""
    return edition.url("pack") + issue


def respond(
    request: HttpRequest,
    edition: Edition,
    template: str,
    *,
    title: str,
    section: str,
    build: Callable[[], dict[str, Any]],
    settled: bool = True,
    yours: Snapshot | None = None,
) -> HttpResponse:
    """Answer with a page about an edition.

    `template` holds what goes into <main> (it does not extend the base); `build` makes its
    context and is called only when the page has to be made. `title` is the document's title,
    unless the context has one that tells more, and
    `section` the navigation item that is current: 'heatmap', 'table' or 'changes'. `settled` is
    False where the page also shows what is not published yet, and then it is never kept. `yours`
    is a draft that the reader has to update: said above what is kept for all.
    """

    def made() -> tuple[str, str]:
        context = {"title": title, "edition": edition, "register": edition.register, **build()}
        return context["title"], str(render_to_string(template, context, request))

    def page(told: str, content: str) -> HttpResponse:
        main = mark_safe(content)
        context = {"title": told, "main": main, "section": section, "edition": edition}
        context["yours"] = yours
        return render(request, "registers/page.html", context)

    if not (edition.is_published and settled):
        response = page(*made())
        patch_cache_control(response, private=True, no_cache=True)
        return response

    key = page_key(request, edition)
    # The masthead shows the reader's name and what their roles offer.
    reader = (request.user.pk, request.user, *sorted(request.user.access.anywhere.roles))
    tag = f'"{_digest(key, *reader, yours and (yours.pk, yours.progress))}"'
    fresh = not get_messages(request)
    if fresh and (unchanged := get_conditional_response(request, etag=tag)):
        return unchanged
    kept = caches["pages"].get(key)
    if kept is None:
        kept = made()
        caches["pages"].set(key, kept, timeout=None)
    response = page(*kept)
    if fresh:
        response["ETag"] = tag
    patch_cache_control(response, private=True, no_cache=True)
    return response


def page_key(request: HttpRequest, edition: Edition) -> str:
    """Everything that a rendered page of a published edition depends on, as a cache key."""
    return _digest(
        RELEASE,
        timezone.localdate(),
        edition.register_id,
        edition.register.stamp,
        edition.pk,
        edition.issue,
        request.user.access.reading_class(edition.register_id),
        request.get_full_path(),
    )


def _digest(*parts: object) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()
