"""An issue of an edition as it was published, and what the next one corrected."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from registers import issues
from registers.models import Entry, Publication
from registers.quarters import Quarter


def page(request: HttpRequest, register: str, edition: str, issue: int) -> HttpResponse:
    """Both issues stay readable: this is the way to the earlier one."""
    access = request.user.access
    try:
        quarter = Quarter.parse(edition)
    except ValueError as error:
        raise Http404 from error
    if not access.reads:
        raise Http404
    chain = {
        publication.issue: publication
        for publication in Publication.objects.filter(
            register__slug=register, edition__quarter=quarter, issue__in=[issue - 1, issue]
        ).select_related("edition__register")
    }
    if issue not in chain:
        raise Http404
    publication = chain[issue]
    exempt = set(
        Entry.objects.filter(register=publication.register_id, exempt=True).values_list(
            "pk", flat=True
        )
    )
    said = issues.read(publication.document, exempt=exempt, cleared=access.reads_exempt)
    corrected = []
    if issue - 1 in chain:
        before = issues.read(chain[issue - 1].document, exempt=exempt, cleared=access.reads_exempt)
        corrected = issues.corrections(before, said)
    return render(
        request,
        "registers/issue.html",
        {
            "section": "heatmap",
            "publication": publication,
            "edition": publication.edition,
            "register": publication.edition.register,
            "issue": said,
            "corrected": corrected,
            "others": Publication.objects.filter(edition=publication.edition)
            .exclude(pk=publication.pk)
            .order_by("issue"),
        },
    )
