"""The trail of changes: who changed what, and when."""

import pytest

from registers.models import Snapshot
from tests import factories

pytestmark = pytest.mark.django_db


def test_every_save_leaves_a_line_that_names_who_and_what():
    author, editor = factories.UserFactory.create_batch(2)
    snapshot = factories.snapshot(factories.edition(), changed_by=author, title="First")
    snapshot.title, snapshot.changed_by = "Second", editor
    snapshot.save()
    newest, oldest = snapshot.history.all()
    assert [(line.history_user, line.title) for line in (oldest, newest)] == [
        (author, "First"),
        (editor, "Second"),
    ]
    [change] = [c for c in newest.diff_against(oldest).changes if c.field == "title"]
    assert (change.old, change.new) == ("First", "Second")


def test_nobody_is_named_where_nobody_is_known():
    snapshot = factories.snapshot(factories.edition())
    assert snapshot.history.get().history_user is None


def test_the_types_of_an_entry_are_in_its_history():
    snapshot = factories.snapshot(factories.edition(), types=["Economic"])
    snapshot.types.add(factories.TypeFactory(name="People"))
    newest = snapshot.history.first()
    assert {link.type.name for link in newest.types.all()} == {"Economic", "People"}


def test_a_deleted_draft_stays_in_the_history():
    snapshot = factories.snapshot(factories.edition(), title="Gone")
    pk = snapshot.pk
    snapshot.delete()
    line = Snapshot.history.filter(id=pk).first()
    assert (line.history_type, line.title) == ("-", "Gone")


@pytest.mark.parametrize(
    "build",
    [
        lambda: factories.register("other"),
        lambda: factories.TypeFactory(name="Digital"),
        lambda: factories.OwnerFactory(),
        lambda: factories.TenureFactory(),
        lambda: factories.EntryFactory(),
        lambda: factories.edition(),
        lambda: factories.snapshot(factories.edition()),
        lambda: factories.StrandFactory(),
        lambda: factories.ActionFactory(),
    ],
    ids="register type owner tenure entry edition snapshot strand action".split(),
)
def test_everything_a_person_can_change_has_a_history(build):
    row = build()
    assert row.history.count() == 1
    row.save()
    assert row.history.count() == 2


def test_what_every_published_page_was_built_from_is_no_change_a_person_made():
    register = factories.register()
    type(register).objects.filter(pk=register.pk).bump()
    register.refresh_from_db()
    assert register.stamp == 1
    assert register.history.count() == 1
