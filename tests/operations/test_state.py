"""How the system is doing: in numbers to a monitor, in words to the risk manager."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from registers.admin.state import told
from registers.models import Edition, Job, Notice, Upkeep
from registers.pages.operations.state import state_of
from tests import factories
from tests.test_settings import PRODUCTION, run

pytestmark = pytest.mark.django_db

TOKEN = "a-token-for-the-monitor"
NOW = timezone.now()
WITH_TOKEN = override_settings(METRICS_TOKEN=TOKEN)


def asked(token: str = TOKEN) -> object:
    return Client().get("/metrics", headers={"authorization": f"Bearer {token}"})


def numbers() -> dict[tuple[str, ...], float]:
    """What is measured: by its name, and the values of its labels."""
    answer = asked()
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=1.0.0")
    return {
        (sample.name.removeprefix("fivebyfive_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def wait(since: datetime) -> None:
    """A job and a mail that have been waiting, and one of each that went wrong."""
    edition = Edition.objects.first() or factories.edition()
    person = factories.UserFactory()
    jobs = {"kind": "read import", "asked_by": person, "asked_at": since}
    Job.objects.create(**jobs)
    Job.objects.create(**jobs, state="running", heartbeat=NOW)
    Job.objects.create(**jobs, state="failed", ended_at=NOW, problem="It can't be read.")
    mail = {"kind": "opened", "edition": edition}
    for error, sent_at in (("", None), ("Refused.", None), ("", NOW)):
        owed = {"recipient": factories.UserFactory(), "day": NOW.date()}
        row = Notice.objects.create(**mail, **owed, last_error=error, sent_at=sent_at)
        Notice.objects.filter(pk=row.pk).update(queued_at=since)


@pytest.fixture
def waiting() -> Iterator[datetime]:
    since = NOW - timedelta(hours=1)
    wait(since)
    yield since


# To a monitor -------------------------------------------------------------------------------------


@WITH_TOKEN
def test_a_monitor_reads_what_waits_what_failed_and_for_how_long(waiting):
    read = numbers()
    for queue in ("jobs", "mail"):
        assert read[f"{queue}_waiting",] == {"jobs": 1, "mail": 2}[queue]
        assert read[f"{queue}_failed",] == 1
        assert 3600 <= read[f"{queue}_oldest_waiting_seconds",] < 4200
    assert read["jobs_running",] == 1
    assert (read["editions", "open"], read["editions", "published"]) == (1, 0)


@WITH_TOKEN
def test_what_is_not_known_is_left_out_and_not_said_to_be_nothing():
    assert not [key for key in numbers() if key[0] == "last_run_timestamp_seconds"]
    call_command("remind", stdout=StringIO())
    assert numbers()["last_run_timestamp_seconds", "remind"] >= NOW.timestamp()


@WITH_TOKEN
@pytest.mark.parametrize("said", ["", "wrong", TOKEN[:-1], f"{TOKEN}é"])
def test_who_has_not_the_token_is_told_how_to_send_it_and_no_number(said):
    answer = asked(said)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert b"fivebyfive_" not in answer.content


def test_without_a_token_there_is_no_such_page():
    assert settings.METRICS_TOKEN == ""
    assert asked("").status_code == 404
    assert asked("").content == Client().get("/nothing").content


def test_a_token_that_is_easily_guessed_stops_the_program():
    done = run("manage.py", "check", **PRODUCTION, METRICS_TOKEN="secret")
    assert "METRICS_TOKEN" in done.stderr


@WITH_TOKEN
def test_the_numbers_cost_the_same_few_queries(waiting, django_assert_num_queries):
    numbers()
    with django_assert_num_queries(4):
        numbers()
    wait(waiting)
    with django_assert_num_queries(4):
        numbers()


# To the risk manager ------------------------------------------------------------------------------


def wrong() -> str:
    return " ".join(line.wrong for line in told(state_of()))


def test_the_manager_reads_the_same_in_words(cast):
    Upkeep.objects.note(Upkeep.Task.REMIND, "Mails sent: 3.")
    browser = Client()
    browser.force_login(cast.manager)
    page = browser.get("/admin/state/")
    for part in (
        "Five by Five 0.1.0",
        "up to date",
        "None is waiting.",
        "Mails sent: 3.",
        "0 open",
    ):
        assert part in page.content.decode()
    assert "To be looked at" not in page.content.decode()
    assert "/admin/state/" in browser.get("/admin/").content.decode()


def test_what_waits_too_long_is_said_with_what_to_do(cast, waiting):
    Upkeep.objects.create(task="remind", last_at=NOW - timedelta(hours=3))
    said = wrong()
    assert "is manage.py work running?" in said
    assert "1 e-mail could not be sent so far" in said
    assert "they should every hour" in said
    browser = Client()
    browser.force_login(cast.manager)
    assert "To be looked at" in browser.get("/admin/state/").content.decode()


def test_reminders_that_never_ran_are_no_good_sign():
    assert "let manage.py remind run every hour" in wrong()


def test_of_a_backup_that_is_not_known_nothing_is_claimed():
    (line,) = (line for line in told(state_of()) if line.what == "Backup")
    assert line.said == "None was made by manage.py backup; of others nothing is known here."
