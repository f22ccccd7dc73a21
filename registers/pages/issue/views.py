"""An issue of an edition as it was published, and what it corrected."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from registers.domain import grid, issues
from registers.domain.issues import Issue
from registers.domain.kinds import WORDS
from registers.domain.quarters import Quarter
from registers.models import Edition, Entry, Kind, Publication


def page(request: HttpRequest, register: str, edition: str, issue: int) -> HttpResponse:
    """Every issue stays readable: this is the way to the earlier ones."""
    access = request.user.access
    if not access.reads:
        raise Http404
    found = _with_the_one_before(register, edition, issue)
    publication = found[issue]
    exempt, cleared = _exempt(publication), access.reads_exempt
    said = issues.read(publication.document, exempt=exempt, cleared=cleared)
    corrected = []
    if issue - 1 in found:
        before = issues.read(found[issue - 1].document, exempt=exempt, cleared=cleared)
        corrected = issues.corrections(before, said)
    response = render(
        request,
        "registers/issue.html",
        {
            "section": "heatmap",
            "publication": publication,
            "edition": publication.edition,
            "register": publication.edition.register,
            "readable": Edition.objects.visible_to(request.user)
            .filter(pk=publication.edition_id)
            .exists(),
            "issue": said,
            "groups": [_group(said, kind) for kind in (Kind.RISK, Kind.OPPORTUNITY)],
            "corrected": corrected,
            "issues": list(
                Publication.objects.filter(edition=publication.edition_id)
                .select_related("edition__register")
                .defer("document")
                .order_by("issue")
            ),
        },
    )
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _group(said: Issue, kind: str) -> dict[str, Any]:
    """The entries of one kind: the 5×5 of them as published, and each in full below it."""
    words, entries = WORDS[kind], said.of_kind(kind)
    rows = [entry.row(said.appetite) for entry in entries]
    crowded = {
        position
        for position, count in Counter(row.position for row in rows).items()
        if grid.first_few(count) < count
    }
    appetite = said.appetite if kind == Kind.RISK else None
    return {
        "words": words,
        "entries": entries,
        "asked": {"kind": kind, "view": grid.SCORE, "ghosts": True},
        "appetite": appetite,
        "with_own_appetite": sum(row.own_appetite is not None for row in rows),
        "band_ranges": list(said.bands.ranges(kind)),
        "grid": grid.grid(
            rows,
            None,
            kind=kind,
            view=grid.SCORE,
            bands=said.bands,
            appetite=appetite,
            entry_link=lambda entry: f"#entry-{entry}",
            # Only where a square has no room for all of its entries, the list below has the rest.
            cell_link=lambda position: f"#{words.plural}" if position in crowded else "",
        ),
    }


def _with_the_one_before(register: str, edition: str, issue: int) -> dict[int, Publication]:
    """The issue that was asked for and the one that it corrected, by number."""
    try:
        quarter = Quarter.parse(edition)
    except ValueError as error:
        raise Http404 from error
    found = Publication.objects.filter(
        register__slug=register, edition__quarter=quarter, issue__in=[issue - 1, issue]
    ).select_related("edition__register")
    chain = {publication.issue: publication for publication in found}
    if issue not in chain:
        raise Http404
    return chain


def _exempt(publication: Publication) -> set[int]:
    entries = Entry.objects.filter(register=publication.register_id, exempt=True)
    return set(entries.values_list("pk", flat=True))
