"""The tokens of the feed: whose place each stands in, and when it opens nothing."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.test import Client, override_settings
from django.utils import timezone

from registers import access, cycle
from registers.models import Edition, Entry, FeedToken, User
from registers.models.feed_token import digest_of
from registers.pages.accounts import feed_door
from registers.pages.accounts.feed_door import said_in
from tests import factories
from tests.admin.filled import send
from tests.support.feed import (
    EDITIONS,
    ENTRIES,
    REGISTERS,
    refusal,
    rows,
    token_of,
    tool_of,
    with_token,
)
from tests.support.pages import markup, words

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def ground(common_ground) -> Iterator[tuple[factories.Cast, Edition]]:
    """Two published editions, with an exempt entry in each, and a draft."""

    def build() -> tuple[factories.Cast, Edition]:
        cast = factories.cast()
        secret = {"exempt": True, "exempt_reason": "Schedule 12A, paragraph 3"}
        first = factories.edition()
        factories.snapshot(first, "CR1", owner=cast.post)
        factories.snapshot(first, "CR2", owner=cast.other_post, **secret)
        factories.publish(first, by=cast.manager)
        second = cycle.open_edition(first.register, first.quarter.next, by=cast.manager)
        factories.publish(second, by=cast.manager)
        cycle.open_edition(first.register, second.quarter.next, by=cast.manager)
        return cast, second

    with common_ground(build) as made:
        yield made


@pytest.fixture
def cast(ground) -> factories.Cast:
    return ground[0]


@pytest.fixture
def published(ground) -> Edition:
    return ground[1]


def test_no_answer_has_a_number_of_the_database(published: Edition) -> None:
    """The rows of this test are numbered far beyond anything else that is said."""
    entry = Entry.objects.order_by("pk").last()
    client = tool_of("manager")
    said = {name: value for row in rows(client, ENTRIES) for name, value in row.items()}
    assert not {"id", "pk", "entry", "post", "owner_id"} & set(said)
    assert str(entry.key) in {row["key"] for row in rows(client, ENTRIES)}


def test_an_entry_keeps_its_key_from_edition_to_edition(published: Edition) -> None:
    keys = {row["key"] for row in rows(tool_of("committee"), ENTRIES)}
    assert len(rows(tool_of("auditor"), ENTRIES)) == 4 and len(keys) == 1


# Who may read what --------------------------------------------------------------------------------


def test_no_such_register_and_one_without_an_edition_for_this_person_are_one_answer(cast) -> None:
    factories.edition(register=factories.register("hidden"), snapshots=1)
    client = with_token(token_of(cast.committee))
    for address in ("/api/registers/hidden/entries.json", "/api/registers/none/entries.json"):
        assert "There is nothing at this address" in refusal(client, address, 404)
    assert refusal(client, "/api/registers/corporate/editions.exe", 404)
    assert [row["register"] for row in rows(client, REGISTERS)] == ["corporate"]


def test_while_an_edition_is_being_corrected_everybody_reads_its_last_issue(
    published: Edition,
) -> None:
    before = {name: rows(tool_of(name), ENTRIES) for name in ("committee", "cleared", "manager")}
    cycle.reissue(published, by=User.objects.get(username="manager"), reason="A wrong title.")
    row = published.snapshots.get(reference="CR1")
    row.title = "Put right, and not out yet"
    row.save()
    FeedToken.objects.all().delete()
    for name, was in before.items():
        assert rows(tool_of(name), ENTRIES) == was


def test_roles_are_those_of_now_and_a_closed_account_opens_nothing(cast) -> None:
    client = with_token(token_of(cast.committee))
    assert len(rows(client, REGISTERS)) == 1
    cast.committee.groups.clear()
    assert rows(client, REGISTERS) == []
    User.objects.filter(pk=cast.committee.pk).update(is_active=False)
    assert "This token opens nothing" in refusal(client)


# The token ----------------------------------------------------------------------------------------


def test_a_token_comes_as_bearer_or_in_basic_and_never_in_an_address(cast) -> None:
    said = token_of(cast.committee)
    for pair in (f"anything:{said}", f"{said}:", f":{said}"):
        basic = base64.b64encode(pair.encode()).decode()
        client = Client(headers={"Authorization": f"Basic {basic}"})
        assert client.get(REGISTERS).status_code == 200
    answer = Client().get(f"{REGISTERS}?token={said}&access_token={said}")
    assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Basic ")
    for broken in ("", "Basic", "Basic %%%", "Basic /w==", "Digest x", "Bearer"):
        assert said_in(broken) == ""


def test_a_session_opens_no_feed_and_nothing_can_be_sent_to_it(cast) -> None:
    client = Client()
    client.force_login(cast.manager)
    assert "Send a token" in refusal(client)
    answer = with_token(token_of(cast.manager)).post(REGISTERS)
    assert answer.status_code == 405 and "read only" in answer.json()["error"]
    assert not with_token(token_of(cast.manager, "Again")).get(REGISTERS).cookies


def test_a_token_is_shown_once_and_kept_as_a_digest(cast) -> None:
    client = signed_in(cast.committee)
    assert client.get("/accounts/tokens/make/").status_code == 200
    answer = client.post("/accounts/tokens/make/", {"name": "Dashboard"})
    [said] = re.findall(r"fbf_[\w-]{43}", markup(answer))
    assert "no-store" in answer["Cache-Control"]
    assert "/api/registers/corporate/entries.csv" in words(markup(answer))
    token = cast.committee.feed_tokens.get()
    assert said not in str(vars(token)) and token.digest == digest_of(said)
    assert with_token(said).get(REGISTERS).status_code == 200
    page = words(markup(client.get("/accounts/")))
    assert "Dashboard" in page and said not in page and "last used" in page
    assert LogEntry.objects.get().change_message == "Token for the feed made: Dashboard."
    twice = client.post("/accounts/tokens/make/", {"name": "Dashboard"})
    assert twice.status_code == 422 and "You have a token of this name." in words(markup(twice))


def signed_in(person: User) -> Client:
    """Who has just said the password."""
    client = Client()
    client.post("/accounts/login/", {"login": person.username, "password": factories.PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})
    return client


def test_making_a_token_asks_for_the_password_once_more(cast) -> None:
    client = Client()
    client.force_login(cast.committee)
    assert client.get("/accounts/tokens/make/")["Location"].startswith("/accounts/reauth")


def test_a_token_is_ended_by_its_person_and_by_nobody_else(cast) -> None:
    said = token_of(cast.committee)
    ask = {"token": cast.committee.feed_tokens.get().pk}
    other, own = Client(), Client()
    other.force_login(cast.manager)
    assert other.post("/accounts/tokens/end/", ask).status_code == 404
    own.force_login(cast.committee)
    assert own.post("/accounts/tokens/end/", ask).status_code == 302
    assert "This token opens nothing" in refusal(with_token(said))


def test_closing_an_account_ends_its_tokens_for_good(cast) -> None:
    token_of(cast.committee)
    manager = Client()
    manager.force_login(cast.manager)
    send(manager, f"/admin/registers/user/{cast.committee.pk}/change/", is_active=None)
    assert not FeedToken.objects.exists()
    said = "Tokens for the feed ended: Dashboard."
    assert said in LogEntry.objects.values_list("change_message", flat=True)


def test_a_token_has_an_end(cast, settings, time_machine) -> None:
    settings.FEED_TOKEN_DAYS = 30
    time_machine.move_to("2026-11-30 09:00:00")
    said = token_of(cast.committee)
    time_machine.shift(timedelta(days=29))
    assert with_token(said).get(REGISTERS).status_code == 200
    time_machine.shift(timedelta(days=2))
    assert "is too old" in refusal(with_token(said))


def test_where_a_service_gives_roles_a_token_does_not_outlive_the_sign_on(cast) -> None:
    said = token_of(cast.committee)
    with override_settings(OIDC_ISSUER="https://login.example", OIDC_NAME="Ashmoor"):
        SocialAccount.objects.create(user=cast.committee, provider="council", uid="1")
        sign_on(cast.committee, days_ago=31)
        assert "signed in to this account by Ashmoor for 30 days" in refusal(with_token(said))
        sign_on(cast.committee, days_ago=29)
        assert with_token(said).get(REGISTERS).status_code == 200
        with override_settings(LOCAL_ACCOUNTS=False):
            local = token_of(cast.auditor)
            assert "This token opens nothing" in refusal(with_token(local))


def sign_on(person: User, *, days_ago: int) -> None:
    when = timezone.now() - timedelta(days=days_ago)
    User.objects.filter(pk=person.pk).update(last_login=when)


def test_a_role_that_needs_a_second_factor_reads_no_feed_without_one(cast) -> None:
    said = token_of(cast.manager)
    with override_settings(MFA_REQUIRED_FOR=[access.MANAGER]):
        assert "needs a second factor" in refusal(with_token(said))


def test_who_asks_too_often_is_told_to_wait(cast, settings, monkeypatch, time_machine) -> None:
    time_machine.move_to("2026-11-30 09:00:00", tick=False)
    settings.FEED_PER_MINUTE = 2
    monkeypatch.setattr(feed_door, "MOST_REFUSED", 2)
    client = with_token(token_of(cast.committee))
    assert [client.get(REGISTERS).status_code for _ in range(3)] == [200, 200, 429]
    assert "Too many requests" in refusal(client, status=429)
    assert client.get(REGISTERS)["Retry-After"] == "60"
    assert [Client().get(REGISTERS).status_code for _ in range(3)] == [401, 401, 429]
    time_machine.shift(60)
    assert client.get(REGISTERS).status_code == 200


# Asked again --------------------------------------------------------------------------------------


def test_what_is_unchanged_is_not_sent_again_and_what_is_changed_is(published: Edition) -> None:
    client, other = tool_of("committee"), tool_of("cleared")
    for address in (REGISTERS, EDITIONS, ENTRIES):
        tag = client.get(address)["ETag"]
        again = client.get(address, headers={"If-None-Match": tag})
        assert again.status_code == 304 and not again.content
    assert other.get(ENTRIES, headers={"If-None-Match": tag}).status_code == 200
    entry = published.snapshots.get(reference="CR1").entry
    manager = Client()
    manager.force_login(User.objects.get(username="manager"))
    address = f"/admin/registers/entry/{entry.pk}/change/"
    send(manager, address, exempt="on", exempt_reason="Schedule 12A, paragraph 1")
    assert client.get(ENTRIES, headers={"If-None-Match": tag}).json()["entries"] == []
