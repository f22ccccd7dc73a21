"""Jobs of the tests."""

from __future__ import annotations

import os
import socket

from registers.jobs import doers


def counts(work):
    for number in range(1, work.asked["to"] + 1):
        work.tell(number, work.asked["to"], f"{number} counted")
    return {"counted": work.asked["to"]}


def refuses(work):
    raise doers.JobFailed("The file is empty. Choose another.")


def stumbles(work):
    raise ZeroDivisionError("nobody thought of this")


def is_stopped(work):
    raise SystemExit


def comes_back_late(work):
    """Another worker has taken the job by the time that this one writes."""
    type(work.job).objects.filter(pk=work.job.pk).update(attempts=work.job.attempts + 1)
    with work.mine():
        raise AssertionError("this is not its job any more")


def holds(work):
    """Says that it has begun, and goes on when it is told to."""
    with socket.create_connection(("127.0.0.1", work.asked["port"]), timeout=60) as line:
        line.sendall(b"%d\n" % os.getpid())
        line.recv(1)
    return {"pid": os.getpid()}


def register_all() -> None:
    for name in (counts, refuses, stumbles, is_stopped, comes_back_late, holds):
        doers.register(name.__name__, f"{__name__}.{name.__name__}")
