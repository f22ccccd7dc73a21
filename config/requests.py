"""Each request has an id: in its log lines, and in the answer, so that a person can quote it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from time import monotonic
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from config import logs

log = logging.getLogger(__name__)

HEADER = "X-Request-ID"
# What a proxy may give it: nothing that could end a line or fill one.
SANE = re.compile(r"[A-Za-z0-9_.-]{8,64}")


class Requests:
    """Names each request, and writes a line of it where LOG_REQUESTS asks for that."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = id_of(request.headers.get(HEADER, ""))
        began, token = monotonic(), logs.current.set(request)
        try:
            response = self.get_response(request)
            response[HEADER] = request.id
            _tell(request, response, round((monotonic() - began) * 1000))
        finally:
            logs.current.reset(token)
        return response


def id_of(given: str) -> str:
    return given if SANE.fullmatch(given) else uuid4().hex


def _tell(request: HttpRequest, response: HttpResponse, milliseconds: int) -> None:
    if not log.isEnabledFor(logging.INFO):
        return
    address = logs.address(request)
    fields = {
        "method": request.method,
        "address": address,
        "status": response.status_code,
        "milliseconds": milliseconds,
    }
    said = f"{request.method} {address} {response.status_code} {milliseconds} ms"
    log.info(said, extra={"fields": fields})
