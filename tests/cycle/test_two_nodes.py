"""`remind` on two machines at once, and one that dies: processes of their own, a real listener."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from registers import access
from registers.cycle import notices
from registers.models import Notice
from registers.models.notice import GIVEN
from tests import factories
from tests.cycle.conftest import DEADLINE, build_council
from tests.cycle.post_office import PostOffice, listening, use_smtp

MANY = 20
TEN_BEFORE = "2026-10-06"


@pytest.fixture
def people(transactional_db):
    """Twenty people who each have an entry to update."""
    council = build_council(factories.cast())
    edition = council.open(now=DEADLINE - timedelta(days=30))
    edition.snapshots.update(progress="submitted")
    found = []
    for number in range(1, MANY + 1):
        tenure = factories.TenureFactory(user=factories.UserFactory(roles=[access.OWNER]))
        factories.snapshot(edition, f"X{number}", owner=tenure.owner)
        found.append(tenure.user)
    return found


def start_remind(database_url: str, port: int) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", "remind", "--now", TEN_BEFORE],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_two_nodes_that_remind_at_once_send_each_mail_once(people, database_url):
    office = PostOffice(waits_for=2)
    with listening(office) as port:
        nodes = [start_remind(database_url, port) for _ in range(2)]
        said = [node.communicate(timeout=120)[0] for node in nodes]
        assert [node.returncode for node in nodes] == [0, 0], said
    sent = [int(re.search(r"Mails sent: (\d+)", text)[1]) for text in said]
    assert all(sent), "both were at it"
    assert sum(sent) == MANY
    assert Counter(office.recipients) == {person.email: 1 for person in people}


def test_a_node_that_dies_while_it_sends_loses_nothing(people, database_url, settings):
    """One mail is in the air when it dies: that one goes out again, and no other."""
    office = PostOffice(holds=True)
    with listening(office) as port:
        node = start_remind(database_url, port)
        came = office.holding.wait(60)
        node.send_signal(signal.SIGKILL)
        said, _ = node.communicate(timeout=20)
        assert came, said
        office.go_on.set()
        assert not Notice.objects.filter(sent_at__isnull=False).exists()

        other = start_remind(database_url, port)
        assert f"Mails sent: {MANY - 1}, failed: 0" in other.communicate(timeout=120)[0]
        in_the_air = Notice.objects.queued().get()
        assert in_the_air.attempts == 1

        use_smtp(settings, port)
        with time_machine.travel(timezone.now() + GIVEN + timedelta(minutes=1)):
            done = notices.deliver(now=DEADLINE - timedelta(days=10))
    assert (done.sent, done.problems) == (1, [])
    twice = office.to(in_the_air.recipient)
    assert len(twice) == 2
    assert twice[0]["Message-ID"] == twice[1]["Message-ID"]
    assert set(office.recipients) == {person.email for person in people}
    assert len(office.recipients) == MANY + 1
