"""The state of the system in the text format of Prometheus, for who has METRICS_TOKEN.

Nothing is counted in a process: every number is asked of the database, so it is the same whichever
process answers, and none is lost with one. What is not known is left out, never said to be 0.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from registers.pages.operations.state import Queue, State, database, state_of, version

PREFIX = "fivebyfive"
REFUSED = "Send the token as “Authorization: Bearer …”; it is METRICS_TOKEN of the site.\n"


def metrics(request: HttpRequest) -> HttpResponse:
    if not _may_read(request):
        headers = {"WWW-Authenticate": "Bearer"}
        return HttpResponse(REFUSED, status=HTTPStatus.UNAUTHORIZED, headers=headers)
    registry = CollectorRegistry()
    registry.register(_Asked(state_of()))
    return HttpResponse(
        generate_latest(registry),
        content_type=CONTENT_TYPE_LATEST,
        headers={"Cache-Control": "no-store"},
    )


def _may_read(request: HttpRequest) -> bool:
    said = request.headers.get("Authorization", "")
    return hmac.compare_digest(said.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())


class _Asked(Collector):
    """A state, as the families that prometheus_client writes."""

    def __init__(self, state: State) -> None:
        self.state = state

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering it would ask for them all a first time."""
        return []

    def collect(self) -> Iterator[Metric]:
        state = self.state
        about = {"version": version(), "database": database()}
        yield InfoMetricFamily(f"{PREFIX}_release", "The release and its database.", value=about)
        yield from self._queue("jobs", "Jobs for manage.py work", state.jobs)
        yield GaugeMetricFamily(
            f"{PREFIX}_jobs_running", "Jobs that a worker has begun.", value=state.running
        )
        yield from self._queue("mail", "E-mails that somebody is owed", state.mail)
        yield _by("editions", "Editions by state.", "state", state.editions)
        last = {task: run.last_at.timestamp() for task, run in state.runs.items()}
        yield _by("last_run_timestamp_seconds", "When a command last ran to its end.", "task", last)

    def _queue(self, name: str, what: str, queue: Queue) -> Iterator[Metric]:
        waiting, failed = "which are waiting.", "which were tried and failed."
        age = queue.age(self.state.now).total_seconds()
        yield GaugeMetricFamily(f"{PREFIX}_{name}_waiting", f"{what} {waiting}", queue.waiting)
        yield GaugeMetricFamily(f"{PREFIX}_{name}_failed", f"{what} {failed}", queue.failed)
        yield GaugeMetricFamily(
            f"{PREFIX}_{name}_oldest_waiting_seconds",
            "For how long the oldest of them has been waiting; 0 where none is.",
            age,
        )


def _by(name: str, about: str, label: str, values: dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"{PREFIX}_{name}", about, labels=[label])
    for each, value in values.items():
        family.add_metric([each], value)
    return family
