"""The history of a row: who changed what from what to what, in words."""

from __future__ import annotations

import pytest

from registers.admin import audit
from registers.models import Entry, Snapshot
from tests import factories
from tests.admin.conftest import url_of
from tests.admin.filled import client, send

pytestmark = pytest.mark.django_db


def test_a_change_is_told_field_by_field_in_words(book):
    new_type = factories.TypeFactory(name="Climate")
    send(
        client(book.cast.manager),
        url_of(book.draft()),
        title="Another title",
        current="2x2",
        owner="finance",
        types=[str(new_type.pk)],
        direction="down",
    )
    event, *_ = audit.of_rows(Snapshot, id=book.draft().pk)
    assert event.who == book.cast.manager
    told = {change.label: (change.before, change.after) for change in event.changes}
    assert told["Title"][1] == "Another title"
    assert told["Score"] == ("20", "4")
    assert told["Owner"] == (book.cast.post.name, book.cast.other_post.name)
    assert told["Direction of travel"] == ("", "Down")
    assert told["Types"] == ("Economic, People", "Climate")
    assert "Version" not in told


def test_saves_that_changed_nothing_are_left_out(book):
    before = len(audit.of_rows(Snapshot, id=book.draft().pk))
    send(client(book.cast.manager), url_of(book.draft()))
    draft = book.draft()
    draft.save()
    draft.save()
    events = audit.of_rows(Snapshot, id=draft.pk)
    assert len(events) == before + 1, "only that it became a draft"


def test_the_page_tells_of_actions_too_those_that_were_removed_included(book):
    factories.ActionFactory(snapshot=book.draft(), text="Retain", order=3)
    send(client(book.cast.owner), url_of(book.draft()), actions__2__DELETE="on")
    page = client(book.cast.owner).get(url_of(book.draft()).replace("change", "history"))
    text = page.content.decode()
    assert "<b>Removed</b> Retain" in text
    assert "<b>Added</b> Recruit" in text
    assert "Owner" in text


def test_yes_and_no_and_days_are_written_as_people_write_them(book):
    entry = book.draft().entry
    entry.exempt, entry.exempt_reason = True, "Schedule 12A, paragraph 3"
    entry.save()
    (latest, *_) = audit.of_rows(Entry, id=entry.pk)
    told = {change.label: (change.before, change.after) for change in latest.changes}
    assert told["Exempt"] == ("No", "Yes")
    draft = book.draft()
    draft.residual_by = "2027-01-26"
    draft.save()
    (latest, *_) = audit.of_rows(Snapshot, id=draft.pk)
    assert ("31 March 2027", "26 January 2027") in [(c.before, c.after) for c in latest.changes]


def test_of_users_the_admin_s_log_tells(book):
    user = book.cast.committee
    send(client(book.cast.manager), f"/admin/registers/user/{user.pk}/change/", first_name="Ada")
    page = client(book.cast.auditor).get(f"/admin/registers/user/{user.pk}/history/")
    assert "Changed First name." in page.content.decode()
