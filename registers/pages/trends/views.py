"""A register over its editions: drawings, each with its table and its file."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control

from registers.domain import trends
from registers.domain.drawing import series
from registers.domain.trends import Trend
from registers.exporting import tabular
from registers.models import Edition, User
from registers.pages.editions import respond
from registers.pages.latest import latest_published
from registers.reading import over_time


def page(request: HttpRequest, register: str) -> HttpResponse:
    edition = latest_published(request.user, register)
    return respond(
        request,
        edition,
        "registers/trends.html",
        title=f"Trends, {edition.register.name}",
        section="challenge",
        build=lambda: _context(request.user, edition),
    )


def _context(user: User, edition: Edition) -> dict[str, Any]:
    found = _trends(user, edition)
    return {
        "trends": [
            (one, series.draw(one), reverse("trend-export", args=[edition.register.slug, one.slug]))
            for one in found
        ],
        "editions": len(found[0].quarters),
        "first": found[0].quarters[0],
    }


def _trends(user: User, edition: Edition) -> list[Trend]:
    found = over_time.contents(edition.register, user, upto=edition)
    return trends.trends([(one.quarter, rows) for one, rows in found])


def export(request: HttpRequest, register: str, trend: str) -> HttpResponse:
    """One of the tables, the oldest edition first."""
    edition = latest_published(request.user, register)
    found = next((one for one in _trends(request.user, edition) if one.slug == trend), None)
    if found is None:
        raise Http404
    sheet = tabular.Sheet(
        found.title,
        [tabular.Heading("Edition"), *(tabular.Heading(one.name) for one in found.series)],
        (
            [tabular.Cell(quarter.label), *(tabular.Cell(value) for value in values)]
            for quarter, values in found.rows[::-1]
        ),
    )
    response = HttpResponse(tabular.as_csv(sheet), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{register}-{trend}.csv"'
    patch_cache_control(response, private=True, no_cache=True)
    return response
