"""A worker: takes one job after another until it is told to stop."""

from __future__ import annotations

import logging
from threading import Event, Thread

from django.db import InterfaceError, OperationalError, close_old_connections

from registers.jobs.running import run_next

log = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 1.0


def work(stop: Event, *, pause: float = SECONDS_BETWEEN_LOOKS) -> None:
    """Do jobs as they come. What is under way when `stop` is set is done to its end."""
    while not stop.is_set():
        if not _one():
            stop.wait(pause)


def _one() -> bool:
    """Whether there was a job. A database that is away is asked again after the pause."""
    close_old_connections()
    try:
        return run_next() is not None
    except (OperationalError, InterfaceError):
        log.exception("The database does not answer.")
        return False


def in_a_thread(stop: Event) -> Thread:
    """A worker inside another program, for a demonstration: it ends with the program."""
    thread = Thread(target=work, args=(stop,), kwargs={"pause": 0.3}, name="worker", daemon=True)
    thread.start()
    return thread
