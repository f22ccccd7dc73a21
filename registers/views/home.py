"""Home by role, and the way to the latest published edition."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from registers.models import Edition

PAGES = ("heatmap", "table", "changes")


def home(request: HttpRequest) -> HttpResponse:
    return latest(request, "heatmap")


def latest(request: HttpRequest, page: str) -> HttpResponse:
    """The same page of the latest edition that the reader may see published."""
    if page not in PAGES:
        raise Http404
    edition = (
        Edition.objects.published()
        .visible_to(request.user)
        .select_related("register")
        .newest_first()
        .first()
    )
    if edition is None:
        return render(request, "registers/empty.html", {"section": page})
    return redirect(edition.url(page))
