"""The address of an entry's page."""

from __future__ import annotations

from django.urls import reverse

from registers.domain.quarters import Quarter


def entry_page(entry: int, quarter: Quarter | None = None) -> str:
    """As of its latest published edition, or as of a quarter."""
    url = reverse("entry", args=[entry])
    return f"{url}?edition={quarter.slug}" if quarter else url
