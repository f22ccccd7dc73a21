"""Workers as programs of their own: two at once, and one that is killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.utils import timezone

from registers import jobs
from registers.models import Job
from registers.models.job import GIVEN
from tests import factories
from tests.jobs import doers

WORKER = """
import django
django.setup()
from django.core.management import call_command
from tests.jobs import doers
doers.register_all()
call_command("work", once=True)
"""


@pytest.fixture
def asker(transactional_db):
    doers.register_all()
    return factories.cast().manager


@pytest.fixture
def door() -> Iterator[socket.socket]:
    """Where a job says that it has begun, and waits."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(60)
        yield listening


def start_worker(database_url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WORKER],
        env={
            **os.environ,
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "config.settings",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_two_workers_at_once_do_each_job_once(asker, database_url, door):
    port = door.getsockname()[1]
    held = [jobs.ask("holds", {"port": port}, by=asker) for _ in range(2)]
    for _ in range(6):
        jobs.ask("counts", {"to": 1}, by=asker)
    workers = [start_worker(database_url) for _ in range(2)]
    lines = [door.accept()[0] for _ in held]  # both have one in hand
    for line in lines:
        line.sendall(b".")
        line.close()
    said = [worker.communicate(timeout=60)[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], said
    pids = [job.outcome["pid"] for job in Job.objects.filter(kind="holds")]
    assert sorted(pids) == sorted(worker.pid for worker in workers)
    assert set(Job.objects.values_list("state", "attempts")) == {("done", 1)}


def test_what_a_killed_worker_left_is_done_by_the_next(asker, database_url, door):
    job = jobs.ask("holds", {"port": door.getsockname()[1]}, by=asker)
    worker = start_worker(database_url)
    line, _ = door.accept()
    worker.send_signal(signal.SIGKILL)
    worker.communicate(timeout=20)
    line.close()
    job.refresh_from_db()
    assert job.state == "running"

    Job.objects.update(kind="counts", asked={"to": 1})
    again = jobs.run_next(timezone.now() + GIVEN * 2)
    assert (again.state, again.attempts) == ("done", 2)
