"""Whom readers can ask; and the word at the start of a site that does not know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register


def contact() -> str:
    """Whom to ask, for a sentence."""
    return settings.CONTACT or "the risk manager"


@register
def somebody_can_be_asked(**kwargs: Any) -> list[CheckMessage]:
    """Every page ends with whom to ask; a production site has to know."""
    if settings.DEBUG or settings.CONTACT:
        return []
    return [
        Warning(
            "CONTACT is not set, so no page says whom readers can ask.",
            hint='Set it to a name with an address or number: "Jo Field, register@example.gov.uk".',
            id="registers.W001",
        )
    ]
