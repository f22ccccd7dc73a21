"""Search over every edition that a person may read, and their drafts."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control

from registers import cycle
from registers.domain.stems import asked
from registers.models import Snapshot
from registers.models.searching import called
from registers.reading import search

ON_A_PAGE = 15
LONGEST = 200
# How a number is written: letters, then figures.
LONGEST_NUMBER = 12


def page(request: HttpRequest) -> HttpResponse:
    """Entries first, each with the sentences found; and what a printed number has meant."""
    anywhere = request.user.access.anywhere
    if not anywhere.reads:
        raise Http404
    query = " ".join(request.GET.get("q", "").split())
    problem = ""
    if len(query) > LONGEST:
        problem = f"Look for at most {LONGEST} characters: a word or two find more than a sentence."
    elif query and not asked(query):
        problem = "There is no word in this to look for. Type letters or figures."
    if query and not problem:
        cycle.index_drafts(request.user)
    found = search.matching("" if problem else query, request.user)
    pages = Paginator(search.entries(found), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "search",
        "query": query,
        "problem": problem,
        "hits": search.hits(list(pages.object_list), query, request.user),
        "page": pages,
        "count": pages.paginator.count,
        "numbers": _numbers(request, query),
        "with_drafts": anywhere.reads_all_drafts or request.user.access.posts,
        "knows_all": search.knows_all(request.user),
    }
    response = render(request, "registers/search.html", context)
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _numbers(request: HttpRequest, query: str) -> list[tuple[str, str]]:
    """The register and the address of each history of a number that was asked for."""
    if not query or len(query) > LONGEST_NUMBER or " " in query:
        return []
    seen = Snapshot.objects.visible_to(request.user).filter(called(query, "reference"))
    registers = seen.order_by("edition__register").values_list(
        "edition__register__slug", "edition__register__name"
    )
    return [
        (name, reverse("numbers", args=[slug, query.upper()]))
        for slug, name in registers.distinct()
    ]
