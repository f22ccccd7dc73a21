"""What an orchestrator, a balancer and a monitor ask: is it there, can it work, how is it doing?

    /healthz    the process answers; it asks nothing of the database
    /readyz     the database answers and has every migration; 503 and a sentence if not
    /metrics    how much waits and what last ran, where METRICS_TOKEN is set, for who has it

They are answered before a session or a host's name is looked at: who asks comes by http, under the
number of a machine, many times a minute. A process that is not ready is not to be ended: it is
ready again as soon as its database is.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from http import HTTPStatus

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse

from registers.pages.operations.metrics import metrics

log = logging.getLogger(__name__)

AWAY = "The database does not answer."
BEHIND = "The database is not up to date: manage.py migrate is still to be run."
READY = "Ready."


class Probes:
    """Answers these addresses, and leaves every other to the site."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.answers = {"/healthz": _healthy, "/readyz": _ready}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.METRICS_TOKEN and request.path == "/metrics":
            return metrics(request)
        answer = self.answers.get(request.path)
        return answer() if answer else self.get_response(request)


def problem() -> str:
    """Why this process can't do its work, as a sentence; empty if it can."""
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except (DatabaseError, InterfaceError):
        log.exception(AWAY)
        return AWAY
    return "" if _last_migrations() <= applied.keys() else BEHIND


@cache
def _last_migrations() -> frozenset[tuple[str, str]]:
    """The last of each application, by what this release brings."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _healthy() -> HttpResponse:
    return _said("Healthy.")


def _ready() -> HttpResponse:
    wrong = problem()
    return _said(wrong, HTTPStatus.SERVICE_UNAVAILABLE) if wrong else _said(READY)


def _said(sentence: str, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    return HttpResponse(
        f"{sentence}\n",
        status=status,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )
