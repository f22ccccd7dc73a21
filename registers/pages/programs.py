"""What a program is told that gets no answer: the status, and why in words."""

from __future__ import annotations

import json

from django.http import HttpResponse


def refused(status: int, why: str, **headers: str) -> HttpResponse:
    """A refusal as JSON, with headers named as Python names: retry_after="60"."""
    content = json.dumps({"error": why}, ensure_ascii=False)
    response = HttpResponse(content, status=status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    for name, value in headers.items():
        response[name.replace("_", "-").title()] = value
    return response
