"""Many people at once, each with a connection of their own: nobody is lost, everybody is answered.

On PostgreSQL the manager's verbs have an edition to themselves and owners share it; on SQLite every
transaction has the database to itself. The rules are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from copy import deepcopy
from threading import Barrier, Event
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from registers import access, cycle
from registers.cycle import Draft, errors
from registers.models import Notice, Progress, Publication, Snapshot, User
from tests import factories
from tests.admin.filled import client, read
from tests.cycle.conftest import NOW, accept_everything, fill_in, find

MANY = 20


@pytest.fixture
def council(council_once, transactional_db):
    """Committed rows, the same for every test of the module."""
    return deepcopy(council_once)


def at_once(*tasks: Callable[[], object]) -> list[object]:
    """What each returns or raises, all let go at the same moment."""
    start = Barrier(len(tasks))

    def run(task: Callable[[], object]) -> object:
        try:
            start.wait(timeout=30)
            return task()
        except cycle.CycleError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return [done.result(timeout=60) for done in [pool.submit(run, task) for task in tasks]]


@pytest.fixture
def owners(council) -> list[tuple[User, Snapshot]]:
    """An open edition with an entry for each of many owners, filled in by its owner."""
    edition = council.open()
    people = []
    for number in range(1, MANY + 1):
        person = factories.UserFactory(roles=[access.OWNER])
        post = factories.OwnerFactory()
        factories.TenureFactory(owner=post, user=person)
        snapshot = factories.snapshot(
            edition, f"X{number}", owner=post, direction="new", residual_score=9
        )
        people.append((person, snapshot))
    return people


def test_twenty_owners_submit_at_once_and_every_submission_stands(owners):
    def submission(person: User, snapshot: Snapshot) -> Callable[[], object]:
        def submit() -> object:
            row = Snapshot.objects.select_related("edition").get(pk=snapshot.pk)
            written = Draft({"controls": f"By {person.username}"})
            saved = cycle.save_draft(row, written, by=person, version=row.version)
            return cycle.submit(saved, by=person, version=saved.version)

        return submit

    answers = at_once(*[submission(person, snapshot) for person, snapshot in owners])
    assert [type(answer) for answer in answers] == [Snapshot] * MANY
    for person, snapshot in owners:
        row = Snapshot.objects.get(pk=snapshot.pk)
        assert (row.progress, row.controls) == (Progress.SUBMITTED, f"By {person.username}")
        assert row.version == 2
        assert row.history.filter(history_user=person).count() == 2


def test_of_twenty_who_save_the_same_entry_one_is_saved_and_nineteen_are_told(council):
    edition = council.open()
    people = []
    for _ in range(MANY):
        person = factories.UserFactory(roles=[access.OWNER])
        factories.TenureFactory(owner=council.cast.post, user=person, is_delegate=True)
        people.append(person)

    def save(person: User) -> Callable[[], object]:
        row = find(edition, "CR1")
        written = Draft({"controls": f"By {person.username}"})
        return lambda: cycle.save_draft(row, written, by=person, version=0)

    answers = at_once(*map(save, people))
    saved = [answer for answer in answers if isinstance(answer, Snapshot)]
    told = [answer for answer in answers if isinstance(answer, errors.ChangedMeanwhile)]
    assert (len(saved), len(told)) == (1, MANY - 1)
    assert find(edition, "CR1").controls == saved[0].controls
    assert {refusal.snapshot.controls for refusal in told} == {saved[0].controls}


def test_one_entry_submitted_by_owner_and_delegate_at_once_is_submitted_once(council):
    risk = fill_in(find(council.open(), "CR1"), by=council.owner)
    answers = at_once(
        *[
            lambda person=person: cycle.submit(risk, by=person)
            for person in (council.owner, council.cast.delegate) * 5
        ]
    )
    assert sum(isinstance(answer, Snapshot) for answer in answers) == 1
    assert sum(isinstance(answer, errors.WrongState) for answer in answers) == 9


def test_a_submission_and_a_change_of_every_entry_do_not_wait_for_each_other(council, owners):
    """Renumbering, reordering and accepting write many rows; submissions write one each."""
    edition = owners[0][1].edition
    order = {snapshot.pk: number for number, (_, snapshot) in enumerate(owners, start=10)}
    backwards = {snapshot.pk: f"Y{number}" for number, (_, snapshot) in enumerate(owners[::-1])}
    answers = at_once(
        lambda: cycle.reorder(edition, order, by=council.manager),
        lambda: cycle.renumber(edition, backwards, by=council.manager),
        lambda: cycle.add_entry(edition, by=council.manager, kind="risk", title="Demand"),
        *[
            lambda person=person, snapshot=snapshot: cycle.submit(snapshot, by=person)
            for person, snapshot in owners
        ],
    )
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    for _, snapshot in owners:
        row = Snapshot.objects.get(pk=snapshot.pk)
        assert row.progress == Progress.SUBMITTED
        assert (row.reference, row.order) == (backwards[row.pk], order[row.pk])


def test_a_draft_saved_while_the_edition_is_published_is_in_it_or_is_refused(council):
    edition = council.open()
    accept_everything(edition, by=council.manager)
    risk = find(edition, "CR1")
    written = Draft({"controls": "At the last moment"})
    saved, published = at_once(
        lambda: cycle.save_draft(risk, written, by=council.owner),
        lambda: cycle.publish(edition, by=council.manager),
    )
    if isinstance(published, Publication):
        assert isinstance(saved, errors.EditionNotOpen)
    else:
        assert isinstance(published, errors.NotAllAccepted)
        assert isinstance(saved, Snapshot)
    assert not any(fault for _, fault in cycle.verify(council.register))


# Who waits for whom -------------------------------------------------------------------------------


@contextmanager
def in_the_middle_of(verb: Callable[[], object]) -> Iterator[Future]:
    """What a verb did is done and not committed until the block ends."""
    done, let_go = Event(), Event()

    def hold() -> object:
        try:
            with transaction.atomic():
                result = verb()
                done.set()
                assert let_go.wait(timeout=30)
                return result
        finally:
            done.set()
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(hold)
        try:
            assert done.wait(timeout=30)
            yield held
        finally:
            let_go.set()
        held.result(timeout=30)


def started(pool: ThreadPoolExecutor, verb: Callable[[], object]) -> Future:
    return pool.submit(lambda: at_once(verb)[0])


def save_of(person: User, snapshot: Snapshot, text: str) -> Callable[[], object]:
    def save() -> object:
        row = Snapshot.objects.get(pk=snapshot.pk)
        return cycle.save_draft(row, Draft({"controls": text}), by=person)

    return save


def waits(future: Future) -> bool:
    try:
        future.result(timeout=0.5)
    except TimeoutError:
        return True
    return False


def test_two_owners_who_save_do_not_wait_for_one_another(owners):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time: the second waits for some milliseconds.")
    (first, mine), (second, theirs) = owners[:2]
    with ThreadPoolExecutor(1) as pool, in_the_middle_of(save_of(first, mine, "Mine")):
        saved = started(pool, save_of(second, theirs, "Theirs")).result(timeout=30)
        assert Snapshot.objects.get(pk=theirs.pk).controls == "Theirs" == saved.controls
        assert Snapshot.objects.get(pk=mine.pk).controls != "Mine"
    assert Snapshot.objects.get(pk=mine.pk).controls == "Mine"


def test_who_saves_an_entry_waits_for_whoever_is_saving_it_and_is_told(council, owners):
    person, entry = owners[0]
    other = factories.UserFactory(roles=[access.OWNER])
    factories.TenureFactory(owner=entry.owner, user=other, is_delegate=True)
    row = Snapshot.objects.get(pk=entry.pk)
    seen, mine = row.version, Draft({"controls": "Second"})
    with ThreadPoolExecutor(1) as pool:
        with in_the_middle_of(save_of(person, entry, "First")):
            second = started(pool, lambda: cycle.save_draft(row, mine, by=other, version=seen))
            assert waits(second)
        assert isinstance(second.result(timeout=30), errors.ChangedMeanwhile)
    assert Snapshot.objects.get(pk=entry.pk).controls == "First"


def test_a_form_that_waits_for_a_save_on_its_way_tells_who_it_was_and_loses_nothing(owners):
    person, entry = owners[0]
    other = factories.UserFactory(roles=[access.OWNER])
    factories.TenureFactory(owner=entry.owner, user=other, is_delegate=True)
    url = f"/admin/registers/snapshot/{entry.pk}/change/"
    browser = client(other)
    form = {**read(browser.get(url)), "controls": "Mine", "_save": ""}
    with ThreadPoolExecutor(1) as pool:
        with in_the_middle_of(save_of(person, entry, "Theirs")):
            sent = started(pool, lambda: browser.post(url, form))
            assert waits(sent)
        answer = sent.result(timeout=30)
    assert answer.status_code == 200
    assert [clash.name for clash in answer.context["meeting"].clashes] == ["controls"]
    assert "Mine" in answer.content.decode()
    assert Snapshot.objects.get(pk=entry.pk).controls == "Theirs"


@pytest.mark.parametrize("verb", ["start_review", "renumber", "accept"])
def test_what_the_manager_does_to_an_edition_waits_for_a_save_that_is_on_its_way(
    verb, council, owners
):
    (person, entry), (_, other) = owners[:2]
    submitted = cycle.submit(other, by=owners[1][0])
    does = {
        "start_review": lambda: cycle.start_review(entry.edition, by=council.manager),
        "renumber": lambda: cycle.renumber(entry.edition, {entry.pk: "X99"}, by=council.manager),
        "accept": lambda: cycle.accept(submitted, by=council.manager),
    }[verb]
    with ThreadPoolExecutor(1) as pool:
        with in_the_middle_of(save_of(person, entry, "Just in time")):
            closing = started(pool, does)
            assert waits(closing)
        assert not isinstance(closing.result(timeout=30), Exception)
    assert Snapshot.objects.get(pk=entry.pk).controls == "Just in time"


def test_a_save_waits_for_a_close_that_is_on_its_way_and_is_then_refused(council, owners):
    person, entry = owners[0]
    with ThreadPoolExecutor(1) as pool:
        close = lambda: cycle.start_review(entry.edition, by=council.manager)  # noqa: E731
        with in_the_middle_of(close):
            saving = started(pool, save_of(person, entry, "Too late"))
            assert waits(saving)
        assert isinstance(saving.result(timeout=30), errors.EditionNotOpen)
    assert Snapshot.objects.get(pk=entry.pk).controls != "Too late"


def test_a_quarter_opened_twice_at_once_is_opened_once(council):
    answers = at_once(*[council.open] * 4)
    refused = [answer for answer in answers if isinstance(answer, errors.EditionExists)]
    assert len(refused) == 3
    assert council.register.editions.get(quarter=NOW).snapshots.count() == 3


def test_an_edition_published_twice_at_once_is_published_once(council):
    edition = council.open()
    accept_everything(edition, by=council.manager)
    answers = at_once(*[lambda: cycle.publish(edition, by=council.manager)] * 4)
    refused = [answer for answer in answers if isinstance(answer, errors.EditionAlreadyPublished)]
    assert len(refused) == 3
    assert edition.publications.count() == 1


def test_corrections_and_publications_at_once_make_one_chain(council):
    edition = council.open()
    accept_everything(edition, by=council.manager)

    def correct() -> object:
        cycle.reissue(council.published, by=council.manager, reason="A wrong score.")
        return cycle.publish(council.published, by=council.manager)

    answers = at_once(correct, lambda: cycle.publish(edition, by=council.manager))
    assert all(isinstance(answer, Publication) for answer in answers)
    assert [fault for _, fault in cycle.verify(council.register)] == [None, None, None]


def test_everybody_is_owed_one_notice_of_an_opening_that_many_tried(council):
    at_once(*[lambda: council.open(tell=True)] * 3)
    assert Notice.objects.filter(kind=Notice.Kind.OPENED).count() == 3


def test_a_form_that_is_sent_five_times_at_once_adds_one_entry(council):
    edition, person = council.open(), council.cast.manager
    url = reverse("cycle-add", args=[edition.register.slug, edition.quarter.slug])
    post = council.cast.post.pk
    form = {"kind": "risk", "title": "Cyber attack", "owner": post, "sending": uuid4().hex}

    def press() -> str:
        client = Client()
        client.force_login(person)
        return client.post(url, form)["Location"]

    answers = at_once(*[press] * 5)

    assert set(answers) == {
        reverse("cycle-edition", args=[edition.register.slug, edition.quarter.slug])
    }
    assert edition.snapshots.filter(title="Cyber attack").count() == 1
