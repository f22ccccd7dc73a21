"""A process that is killed in the middle of a verb leaves all of it or nothing.

A real process, a real SIGKILL, after each statement of the verb that writes something: from the
first one to the last one before the commit.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy

import pytest
from django.db import connection

from registers import cycle
from registers.models import Edition, Progress, Publication, Snapshot, State
from tests.cycle.conftest import accept_everything, fill_in, find
from tests.support.baseline import Baseline

MOST = 60


@pytest.fixture
def council(council_once, transactional_db):
    """Committed rows, the same for every test of the module."""
    return deepcopy(council_once)


class Victim:
    """The process of tests/cycle/killed.py."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def kill_after(self, writes: int) -> bool:
        """Kill the verb after so many writes. False if it came to its end before."""
        self.process.stdin.write(f"{writes}\n")
        self.process.stdin.flush()
        said = self.process.stdout.readline()
        assert said, "the process ended before its time"
        word, pid = said.split()
        if word == "stopped":
            os.kill(int(pid), signal.SIGKILL)
        assert self.process.stdout.readline().split() == ["gone", pid]
        return word == "stopped"


@contextmanager
def victim(verb: str, pk: int, by, database_url: str) -> Iterator[Victim]:
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "EMAIL_URL": "dummy:",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.cycle.killed", verb, str(pk), by.username],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield Victim(process)
        process.stdin.close()
        assert process.wait(timeout=20) == 0


def rows() -> dict[str, object]:
    """Every row of every table."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchone() == ("ok",)
    return Baseline().rows


def kill_everywhere(victim: Victim, is_whole: Callable[[], bool]) -> int:
    """Kill after the first write, the second, … until all of it is there.

    Says how many times there was nothing. The verb may be over by then, or be at what it does
    after its commit, such as sending mail.
    """
    before = rows()
    for writes in range(1, MOST):
        was_killed = victim.kill_after(writes)
        if not was_killed or rows() != before:
            assert is_whole(), f"killed after {writes} writes, it left a part"
            return writes - 1
        assert not is_whole()
    raise AssertionError("The verb never came to its end.")


def test_a_killed_opening_leaves_all_or_nothing(council, database_url):
    def is_whole() -> bool:
        edition = Edition.objects.filter(state=State.OPEN).first()
        return (
            edition is not None
            and edition.snapshots.count() == 3
            and find(edition, "CR1").actions.count() == 2
            and find(edition, "CR1").types.count() == 2
            and edition.notices.filter(sent_at=None).count() == 3
        )

    with victim("open", council.register.pk, council.manager, database_url) as process:
        assert kill_everywhere(process, is_whole) >= 8


def test_a_killed_submission_leaves_all_or_nothing(council, database_url):
    risk = fill_in(find(council.open(), "CR1"), by=council.owner)

    def is_whole() -> bool:
        row = Snapshot.objects.get(pk=risk.pk)
        last = row.history.latest("history_id")
        return row.progress == last.progress == Progress.SUBMITTED and last.types.count() == 2

    with victim("submit", risk.pk, council.owner, database_url) as process:
        assert kill_everywhere(process, is_whole) >= 3


def test_a_killed_publication_leaves_all_or_nothing(council, database_url):
    edition = council.open()
    accept_everything(edition, by=council.manager)

    def is_whole() -> bool:
        row = Edition.objects.get(pk=edition.pk)
        published = Publication.objects.filter(edition=edition).count()
        assert row.is_published == bool(published)
        return published == 1 and not any(fault for _, fault in cycle.verify(council.register))

    with victim("publish", edition.pk, council.manager, database_url) as process:
        assert kill_everywhere(process, is_whole) >= 5
