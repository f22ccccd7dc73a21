"""A form whose session had ended gives the text back after login; what is exempt is never kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from registers import cycle
from registers.models import Lineage, Snapshot, State
from tests.admin.conftest import url_of
from tests.admin.filled import client, read
from tests.factories import PASSWORD
from tests.quarter.conftest import at, submit, text

SAID = "What I had been writing for a quarter of an hour."


def no_change(book) -> str:
    return f"/my-updates/{book.draft().pk}/no-change/"


def send_back(book) -> str:
    submit(book.open, "CR1", book.cast.owner)
    return at("cycle-send-back", book.open, book.draft().pk)


def add(book) -> str:
    return at("cycle-add", book.open)


def end(book) -> str:
    return at("cycle-end", book.open, book.draft().pk)


def reissue(book) -> str:
    return at("cycle-reissue", book.published)


def add_in_data(book) -> str:
    return "/admin/registers/snapshot/add/"


def sign_in(browser: Client, person) -> None:
    browser.post("/accounts/login/", {"login": person.username, "password": PASSWORD})


def sent_without_a_session(browser: Client, url: str, **said: str):
    form = {**read(browser.get(url)), **said}
    browser.session.delete()
    return browser.post(url, form)


@pytest.mark.parametrize(
    ("page", "person", "box"),
    [
        (no_change, "owner", "reason"),
        (send_back, "manager", "reason"),
        (end, "manager", "reason"),
        (reissue, "manager", "reason"),
        (add, "manager", "title"),
        (add_in_data, "manager", "title"),
    ],
)
def test_every_form_gives_the_text_back_and_has_done_nothing(page, person, box, book):
    url, who = page(book), getattr(book.cast, person)
    browser = client(who)
    to_door = sent_without_a_session(browser, url, **{box: SAID})
    assert "Your text is kept" in text(browser.get(to_door["Location"]))

    sign_in(browser, who)
    back = browser.get(url)

    assert read(back)[box] == [SAID]
    assert "Your text is back in the form" in text(back)
    assert not Snapshot.objects.filter(title=SAID).exists()
    assert not Lineage.objects.exists()
    book.published.refresh_from_db()
    assert book.published.state == State.PUBLISHED
    assert read(browser.get(url))[box] != [SAID], "it is given back once"


def test_the_door_speaks_of_kept_text_only_where_there_is_some(book):
    assert "Your text is kept" not in text(Client().get("/accounts/login/"))


def test_kept_text_expires_after_14_days(book):
    browser, url = client(book.cast.owner), url_of(book.draft())
    now = datetime.now(UTC)
    with time_machine.travel(now, tick=False):
        sent_without_a_session(browser, url, commentary=SAID)
    session = browser.session
    session["held_text"] |= {"when": (now - timedelta(days=15)).timestamp()}
    session.save()
    sign_in(browser, book.cast.owner)
    assert SAID not in text(browser.get(url))


def test_what_is_said_of_an_exempt_entry_is_never_kept(book):
    entry = book.draft().entry
    entry.exempt, entry.exempt_reason = True, "Paragraph 3 of Schedule 12A"
    entry.save()
    for person, url in (("owner", url_of(book.draft())), ("manager", end(book))):
        browser = client(getattr(book.cast, person))
        sent_without_a_session(browser, url, commentary=SAID, reason=SAID)
        assert "held_text" not in browser.session


def test_an_entry_that_is_being_added_as_exempt_is_never_kept(book):
    browser = client(book.cast.manager)
    sent_without_a_session(browser, add(book), title=SAID, exempt_reason="Paragraph 3")
    assert "held_text" not in browser.session


def test_text_is_not_spent_on_a_page_that_leads_elsewhere(book):
    """Somebody else has submitted the entry meanwhile, so that no change can be said of it."""
    owner, url = client(book.cast.owner), no_change(book)
    sent_without_a_session(owner, url, reason=SAID)
    submit(book.open, "CR1", book.cast.delegate)
    sign_in(owner, book.cast.owner)
    page = owner.get(url, follow=True)
    assert SAID in text(page)
    assert "Press the button again" not in text(page)
    cycle.take_back(book.draft(), by=book.cast.delegate)
    assert read(owner.get(url))["reason"] == [SAID]
