"""The history of a row: who changed what from what to what, in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from registers import cycle, history
from registers.models import Entry
from tests import factories
from tests.admin.conftest import url_of
from tests.admin.filled import client, send

pytestmark = pytest.mark.django_db


def told(event) -> dict[str, tuple[str, str]]:
    return {field.label: (field.before, field.after) for row in event.rows for field in row.fields}


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
    event, *_ = history.of_row(book.draft())
    assert event.who == str(book.cast.manager)
    said = told(event)
    assert said["Title"][1] == "Another title"
    assert said["Score"] == ("20", "4")
    assert said["Owner"] == (book.cast.post.name, book.cast.other_post.name)
    assert said["Direction of travel"] == ("nothing", "Down")
    assert said["Types"] == ("Economic, People", "Climate")
    assert "Version" not in said


def test_saves_that_changed_nothing_are_left_out(book):
    before = len(history.of_row(book.draft()))
    send(client(book.cast.manager), url_of(book.draft()))
    draft = book.draft()
    draft.save()
    draft.save()
    assert len(history.of_row(draft)) == before + 1, "only that it became a draft"


def test_the_page_tells_of_actions_too_those_that_were_removed_included(book):
    factories.ActionFactory(snapshot=book.draft(), text="Retain", order=3)
    send(client(book.cast.owner), url_of(book.draft()), actions__2__DELETE="on")
    page = client(book.cast.owner).get(url_of(book.draft()).replace("change", "history"))
    text = page.content.decode()
    assert "<b>Action “Retain" in text
    assert "</b> removed" in text
    assert "<b>Action “Recruit" in text
    assert "</b> added" in text
    assert "Owner" in text


def test_yes_and_no_and_days_are_written_as_people_write_them(book):
    entry = book.draft().entry
    entry.exempt, entry.exempt_reason = True, "Schedule 12A, paragraph 3"
    entry.save()
    latest, *_ = history.of_row(Entry.objects.get(pk=entry.pk))
    assert told(latest)["Exempt"] == ("no", "yes")
    draft = book.draft()
    draft.residual_by = "2027-01-26"
    draft.save()
    latest, *_ = history.of_row(book.draft())
    assert ("31 March 2027", "26 January 2027") in told(latest).values()


def test_one_change_of_a_deadline_reads_the_same_on_the_history_page_and_in_the_audit_trail(book):
    edition = book.draft().edition
    cycle.set_dates(
        edition,
        by=book.cast.manager,
        deadline=datetime(2027, 7, 9, 16, 0, tzinfo=UTC),
        committee_on=edition.committee_on,
    )
    auditor = client(book.cast.auditor)
    pages = (
        auditor.get(f"/admin/registers/edition/{edition.pk}/history/"),
        auditor.get(f"/audit/{edition.register.slug}/"),
    )
    for page in pages:
        assert "9 July 2027, 17:00" in page.content.decode(), "the clock of London, in summer"


def test_of_users_the_admin_s_log_tells(book):
    user = book.cast.committee
    send(client(book.cast.manager), f"/admin/registers/user/{user.pk}/change/", first_name="Ada")
    page = client(book.cast.auditor).get(f"/admin/registers/user/{user.pk}/history/")
    assert "Changed First name." in page.content.decode()
