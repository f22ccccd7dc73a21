"""An issue of an edition as it was published, and what it corrected."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from registers import issues
from registers.models import WORDS, Edition, Entry, Kind, Publication
from registers.quarters import Quarter


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
            "groups": [
                (WORDS[kind], [entry for entry in said.entries if entry.kind == kind])
                for kind in (Kind.RISK, Kind.OPPORTUNITY)
            ],
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


def _with_the_one_before(register: str, edition: str, issue: int) -> dict[int, Publication]:
    """The issue that was asked for and the one that it corrected, by number."""
    try:
        quarter = Quarter.parse(edition)
    except ValueError as error:
        raise Http404 from error
    found = Publication.objects.filter(
        register__slug=register, edition__quarter=quarter, issue__in=[issue - 1, issue]
    ).select_related("edition__register", "published_by")
    chain = {publication.issue: publication for publication in found}
    if issue not in chain:
        raise Http404
    return chain


def _exempt(publication: Publication) -> set[int]:
    entries = Entry.objects.filter(register=publication.register_id, exempt=True)
    return set(entries.values_list("pk", flat=True))
