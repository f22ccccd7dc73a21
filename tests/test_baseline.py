"""The ground of the other tests: whatever a test commits is gone after it."""

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction

from registers import cycle
from registers.models import Edition, Publication, Snapshot, Type, User
from tests import factories
from tests.support.baseline import Baseline

pytestmark = pytest.mark.django_db(transaction=True)


def commit_everything() -> None:
    edition = factories.published(snapshots=2)
    cycle.reissue(edition, by=None, reason="A wrong score.")
    factories.publish(edition)
    Group.objects.all().delete()
    Type.objects.filter(name="Economic").update(name="Changed")


def test_what_is_published_is_gone_and_what_migrations_wrote_is_back():
    before = Baseline()
    commit_everything()
    assert Publication.objects.count() == 2
    before.restore()
    for model in (Edition, Snapshot, Publication, Snapshot.history.model, User):
        assert not model.objects.exists()
    assert Group.objects.count() == 5
    assert Type.objects.filter(name="Economic").exists()
    assert Baseline().rows == before.rows


def test_the_triggers_are_back_in_force_afterwards():
    before = Baseline()
    commit_everything()
    before.restore()
    edition = factories.published()
    with (
        pytest.raises(IntegrityError, match="published"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE registers_snapshot SET title = 'x'")
    assert edition.snapshots.exclude(title="x").exists()


def test_rows_of_common_ground_outlive_a_test_and_not_its_block(common_ground):
    with common_ground(factories.published) as edition:
        Snapshot.objects.filter(edition__state="open").delete()
        assert Edition.objects.get() == edition
    assert not Edition.objects.exists()


def test_rows_that_are_put_back_leave_their_numbers_to_nobody(common_ground):
    with common_ground(factories.published) as edition:
        number = edition.snapshots.first().pk
    if connection.vendor == "postgresql":
        # As loading a small register does; no rollback takes it back.
        with connection.cursor() as cursor:
            counter = "pg_get_serial_sequence('registers_snapshot', 'id')"
            cursor.execute(f"SELECT setval({counter}, %s, false)", [number])
    with common_ground(factories.published) as edition:
        assert edition.snapshots.first().pk == number
        assert factories.snapshot(factories.edition(edition.quarter.next)).pk != number


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_starts_from_the_same_rows(turn):
    assert (User.objects.count(), Group.objects.count()) == (0, 5)
    commit_everything()
