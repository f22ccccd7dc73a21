"""Work outside a request: each job done once, whatever becomes of who does it."""

from __future__ import annotations

from datetime import timedelta
from threading import Event

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from registers import jobs
from registers.jobs import worker
from registers.jobs.running import ENDED_EVERY_WORKER
from registers.models import Job, StoredFile, User
from registers.models.job import GIVEN, MOST_ATTEMPTS, REMEMBERED
from tests import factories
from tests.jobs import doers

pytestmark = pytest.mark.django_db


@pytest.fixture
def asker():
    doers.register_all()
    return factories.cast().manager


def left_by_a_killed_worker(job: Job, *, attempts: int = 1, ago: timedelta = GIVEN * 2) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, attempts=attempts, heartbeat=timezone.now() - ago
    )


def test_a_job_is_done_and_says_what_came_of_it(asker):
    asked = jobs.ask("counts", {"to": 3}, by=asker)
    assert (asked.state, asked.has_ended) == ("waiting", False)
    job = jobs.run_next()
    assert (job.pk, job.state, job.outcome) == (asked.pk, "done", {"counted": 3})
    assert (job.done, job.total, job.told) == (1, 3, "1 counted"), "too soon after to be seen"
    assert jobs.run_next() is None


def test_the_first_that_was_asked_for_is_done_first(asker):
    first, second = (jobs.ask("counts", {"to": 1}, by=asker) for _ in range(2))
    assert [jobs.run_next().pk, jobs.run_next().pk] == [first.pk, second.pk]


def test_nobody_can_ask_for_what_nobody_does(asker):
    with pytest.raises(LookupError, match="Nobody does jobs of the kind “magic”"):
        jobs.ask("magic", {}, by=asker)


def test_what_a_doer_refuses_is_told_in_its_own_words(asker):
    jobs.ask("refuses", {}, by=asker)
    job = jobs.run_next()
    assert job.has_failed
    assert job.problem == "The file is empty. Choose another."


def test_a_job_that_breaks_is_logged_told_and_keeps_no_other_back(asker, caplog):
    jobs.ask("stumbles", {}, by=asker)
    jobs.ask("counts", {"to": 1}, by=asker)
    broken = jobs.run_next()
    assert "no fault of yours (ZeroDivisionError). Nothing was changed." in broken.problem
    assert f"in the log as job {broken.pk}" in broken.problem
    assert "nobody thought of this" in caplog.text
    assert jobs.run_next().state == "done"


def test_a_job_whose_worker_was_killed_is_taken_up_again(asker):
    job = jobs.ask("counts", {"to": 1}, by=asker)
    left_by_a_killed_worker(job, ago=GIVEN / 2)
    assert jobs.run_next() is None, "it may still be at it"
    left_by_a_killed_worker(job)
    again = jobs.run_next()
    assert (again.state, again.attempts) == ("done", 2)


def test_a_job_that_ends_every_worker_is_given_up(asker):
    job = jobs.ask("counts", {"to": 1}, by=asker)
    left_by_a_killed_worker(job, attempts=MOST_ATTEMPTS)
    assert jobs.run_next() is None
    job.refresh_from_db()
    assert (job.state, job.problem) == ("failed", ENDED_EVERY_WORKER)


def test_a_worker_that_was_given_up_changes_nothing_when_it_comes_back(asker):
    jobs.ask("comes_back_late", {}, by=asker)
    job = jobs.run_next()
    assert (job.state, job.outcome) == ("running", {})


def test_a_worker_that_is_stopped_gives_its_job_back_at_once(asker):
    job = jobs.ask("is_stopped", {}, by=asker)
    with pytest.raises(SystemExit):
        jobs.run_next()
    job.refresh_from_db()
    assert job.state == "waiting"


def test_a_worker_stops_when_it_is_told_to(asker):
    jobs.ask("counts", {"to": 1}, by=asker)
    stop = Event()
    stop.set()
    worker.work(stop)
    assert Job.objects.waiting().count() == 1


def test_the_command_does_what_waits_and_forgets_what_is_old(asker, capsys):
    old = jobs.ask("counts", {"to": 1}, by=asker)
    jobs.run_next()
    Job.objects.filter(pk=old.pk).update(ended_at=timezone.now() - REMEMBERED * 2)
    new = jobs.ask("refuses", {}, by=asker)
    call_command("work", once=True)
    assert f"refuses {new.pk}: not done (The file is empty." in capsys.readouterr().out
    assert list(Job.objects.values_list("pk", flat=True)) == [new.pk]


def test_a_job_is_seen_by_whoever_asked_for_it_alone(asker):
    job = jobs.ask("counts", {"to": 1}, by=asker)
    assert list(Job.objects.visible_to(asker)) == [job]
    asker.groups.clear()
    for stranger in (factories.UserFactory(), User.objects.get(pk=asker.pk)):
        assert not Job.objects.visible_to(stranger).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "done"},
        {"state": "running"},
        {"state": "failed", "ended_at": timezone.now()},
        {"total": 2, "done": 3},
    ],
)
def test_the_database_refuses_a_job_that_can_not_be(asker, wrong):
    job = jobs.ask("counts", {"to": 1}, by=asker)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**wrong)


def test_a_stored_file_knows_its_size_and_its_digest(asker):
    file = StoredFile.of("register.csv", b"abc", changed_by=asker)
    file.save()
    assert (file.size, file.digest[:12]) == (3, "ba7816bf8f01")
    assert bytes(StoredFile.objects.get().content) == b"abc"
