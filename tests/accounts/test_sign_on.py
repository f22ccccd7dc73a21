"""Signing in by the council's own service, in Chromium, against a provider that can be bent."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from types import SimpleNamespace

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse
from oidc_provider_mock import _app as bent
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import Page

from registers import access
from registers.models import Register, User
from registers.pages.accounts import sign_on
from tests import factories
from tests.browser import axe, look_over

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
BEGIN = "/accounts/oidc/council/login/"
ROLES = {"Register managers": [access.MANAGER], "Heads of service": [access.OWNER]}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


def by_service(issuer: str, **more: object) -> override_settings:
    providers = deepcopy(settings.SOCIALACCOUNT_PROVIDERS)
    [app] = providers["openid_connect"]["APPS"]
    app |= {"client_id": "register", "secret": "secret", "settings": {"server_url": issuer}}
    return override_settings(
        OIDC_ISSUER=issuer,
        OIDC_NAME="Ashmoor",
        OIDC_ROLES=ROLES,
        SOCIALACCOUNT_PROVIDERS=providers,
        **more,
    )


@pytest.fixture
def service(provider: str) -> Iterator[str]:
    with by_service(provider):
        yield provider


def knows(service: str, sub: str, *groups: str, **claims: object) -> None:
    """The service knows this person from now on."""
    said = {"email": f"{sub}@ashmoor.example", "name": "Ada Hill", "groups": groups, **claims}
    assert requests.put(f"{service}/users/{sub}", json=said, timeout=5).ok


def sign_in(page: Page, sub: str) -> None:
    page.goto("/help/scores/")
    page.get_by_role("link", name="Sign in with Ashmoor").click()
    authorize(page, sub)


def authorize(page: Page, sub: str) -> None:
    page.get_by_placeholder("sub").fill(sub)
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(lambda url: "/oauth2/" not in url)


def refusal(page: Page) -> str:
    return page.get_by_role("alert").inner_text().strip()


def test_the_first_time_makes_the_user_with_the_roles_of_their_groups(service, new_page):
    knows(service, "ada", "Heads of service", "Choir")
    page = new_page()
    page.goto(LOGIN)
    assert look_over(page, (320, 820, 1440)) == []
    sign_in(page, "ada")
    page.wait_for_url("**/help/scores/")
    user = User.objects.get(email="ada@ashmoor.example")
    assert str(user) == "Ada Hill"
    assert user.role_names() == [access.OWNER]
    assert not user.has_usable_password()
    page.goto("/accounts/")
    assert not page.get_by_role("heading", name="Password").count()
    assert axe(page) == []


def test_groups_are_asked_at_each_login_and_who_has_left_keeps_the_name_in_history(
    service, new_page
):
    knows(service, "ben", "Register managers")
    page = new_page()
    sign_in(page, "ben")
    user = User.objects.get(email="ben@ashmoor.example")
    assert user.role_names() == [access.MANAGER]
    edition = factories.edition(snapshots=1)
    factories.publish(edition, by=user)
    knows(service, "ben", "Heads of service")
    page.context.clear_cookies()
    sign_in(page, "ben")
    assert User.objects.get(pk=user.pk).role_names() == [access.OWNER]
    said = LogEntry.objects.filter(object_id=user.pk).values_list("change_message", flat=True)
    assert "given Risk owner; taken Risk manager" in said[0]
    knows(service, "ben")
    page.context.clear_cookies()
    sign_in(page, "ben")
    assert User.objects.get(pk=user.pk).role_names() == []
    assert edition.publications.get().published_by == user


def test_a_role_that_no_group_gives_is_left_to_the_risk_manager(cast, service):
    with override_settings(OIDC_ROLES=ROLES):
        sign_on.give_roles(cast.cleared, {(access.OWNER, "")})
    roles = User.objects.get(pk=cast.cleared.pk).role_names()
    assert roles == [access.COMMITTEE, access.OWNER, access.CLEARED]


def test_a_group_gives_a_role_on_one_register_and_who_leaves_it_loses_that(cast):
    children, highways = factories.register("children"), factories.register("highways")
    by_hand = factories.give(cast.nobody, access.COMMITTEE, highways)
    there = {"children": [access.MANAGER], "nowhere": [access.MANAGER]}
    with override_settings(OIDC_ROLES={"Children": there}):
        for groups, slugs in ((["Children"], {"children"}), ([], set())):
            sign_on.give_roles(by_hand, sign_on.roles_of({"groups": groups}))
            person = User.objects.get(pk=cast.nobody.pk)
            assert {one.slug for one in Register.objects.managed_by(person)} == slugs
            assert person.access.at(highways.pk).reads and not person.role_names()
    trail = children.roles.model.history.order_by("history_id").values_list(
        "history_type", "history_user"
    )
    assert list(trail.filter(register=children.pk)) == [("+", person.pk), ("-", person.pk)]


def test_who_is_in_no_group_with_a_role_gets_no_account(service, new_page):
    knows(service, "cy", "Choir")
    page = new_page()
    sign_in(page, "cy")
    assert refusal(page) == sign_on.NO_ROLE
    assert look_over(page, (320, 820, 1440)) == []
    assert not User.objects.exists()


def test_an_address_of_another_account_is_refused_in_a_sentence(cast, service, new_page):
    knows(service, "eve", "Register managers", email=cast.owner.email.upper())
    page = new_page()
    sign_in(page, "eve")
    assert "belongs to another account here, so none was made." in refusal(page)
    assert User.objects.count() == len(cast.people())
    assert User.objects.get(pk=cast.owner.pk).role_names() == [access.OWNER]


def test_the_wrong_audience_is_refused(service, new_page, monkeypatch):
    knows(service, "fay", "Heads of service")
    of = bent.OpenIDCode.get_jwt_config
    said = lambda *some: {**of(*some), "aud": ["another"]}  # noqa: E731
    monkeypatch.setattr(bent.OpenIDCode, "get_jwt_config", said)
    page = new_page()
    sign_in(page, "fay")
    assert refusal(page) == sign_on.NOT_OURS
    assert not User.objects.exists()


def test_what_has_run_out_is_refused(service, new_page, monkeypatch):
    knows(service, "gus", "Heads of service")
    of = bent.OpenIDCode.get_jwt_config
    monkeypatch.setattr(bent.OpenIDCode, "get_jwt_config", lambda *some: {**of(*some), "exp": -60})
    page = new_page()
    sign_in(page, "gus")
    assert refusal(page) == sign_on.TOO_OLD
    assert not User.objects.exists()


def test_a_way_in_that_was_used_is_not_taken_again(service, new_page):
    knows(service, "hal", "Heads of service")
    page = new_page()
    seen: list[str] = []
    page.on("request", lambda asked: seen.append(asked.url) if "/callback/" in asked.url else None)
    sign_in(page, "hal")
    page.wait_for_url("**/help/scores/")
    [used] = seen
    page.goto(used)
    assert refusal(page) == sign_on.USED
    elsewhere = new_page()
    elsewhere.goto(used)
    assert refusal(elsewhere) == sign_on.USED
    elsewhere.goto("/help/")
    assert LOGIN in elsewhere.url


def test_who_stops_on_the_way_is_told_so(service, new_page):
    page = new_page()
    page.goto(BEGIN)
    page.get_by_role("button", name="Deny").click()
    page.wait_for_url("**/callback/**")
    assert refusal(page) == sign_on.CANCELLED


def test_where_the_service_is_away_a_sentence_says_so_and_the_local_door_stays(cast, new_page):
    with by_service("http://localhost:9"):
        page = new_page()
        page.goto(LOGIN)
        page.get_by_role("link", name="Sign in with Ashmoor").click()
        assert refusal(page) == sign_on.AWAY
        page.get_by_role("link", name="Sign in with a password").click()
        page.get_by_label("E-mail address or user name").fill("owner")
        page.get_by_label("Password").fill(factories.PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="Sign out").wait_for()


def test_an_account_is_connected_by_who_can_open_both_and_then_opens_by_the_service_alone(
    cast, service, new_page
):
    knows(service, "ivy", "Heads of service", email=cast.owner.email)
    page = new_page(cast.owner)
    page.goto("/accounts/")
    page.get_by_role("link", name="Connect this account").click()
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("link", name="Go on").click()
    authorize(page, "ivy")
    page.wait_for_url("**/accounts/")
    page.context.clear_cookies()
    sign_in(page, "ivy")
    page.wait_for_url("**/help/scores/")
    answer = by_password(Client(), "owner")
    assert "This account signs in with Ashmoor, not with a password." in answer
    Client().post(reverse("account_reset_password"), {"email": cast.owner.email})
    assert mail.outbox == []


def test_a_form_does_not_lead_past_the_question_who_connects(cast, service):
    """Sent by a form, "connect" once went to the service without a word."""
    client = Client()
    client.force_login(cast.manager)
    assert client.post(BEGIN, {"process": "connect"}).status_code == 405
    asked = client.get(BEGIN, {"process": "connect"})
    assert asked["Location"] == reverse("account-connect")


# Without a browser --------------------------------------------------------------------------------


def come_in(client: Client, service: str, sub: str):
    """There and back again, as a browser would be led."""
    there = client.get(BEGIN)["Location"]
    answer = requests.post(there, data={"sub": sub}, allow_redirects=False, timeout=5)
    return client.get(answer.headers["Location"].removeprefix("http://testserver"))


def test_what_was_typed_as_the_session_ended_is_given_back_after_signing_on(cast, service):
    knows(service, "jan", "Register managers")
    SocialAccount.objects.create(user=cast.manager, provider=sign_on.PROVIDER, uid="jan")
    opened = factories.edition()
    snapshot = factories.snapshot(opened, "CR1", owner=cast.post)
    url = reverse("cycle-end", args=["corporate", opened.quarter.slug, snapshot.pk])
    client = Client()
    client.post(url, {"writer": cast.manager.pk, "kind": "closed", "reason": "It is over."})
    come_in(client, service, "jan")
    assert "It is over." in client.get(url).content.decode()
    assert client.session.get_expiry_age() <= settings.OIDC_SESSION_HOURS * 3600
    with override_settings(MFA_REQUIRED_FOR=[access.MANAGER]):
        assert client.get("/help/").status_code == 200, "the service has factors of its own"


def test_a_closed_account_does_not_open_by_the_service_either(cast, service):
    knows(service, "kim", "Register managers")
    SocialAccount.objects.create(user=cast.owner, provider=sign_on.PROVIDER, uid="kim")
    User.objects.filter(pk=cast.owner.pk).update(is_active=False)
    client = Client()
    assert come_in(client, service, "kim")["Location"] == reverse("account_inactive")
    assert client.get("/help/").status_code == 302
    assert User.objects.get(pk=cast.owner.pk).role_names() == [access.OWNER]


def by_password(client: Client, name: str) -> str:
    sent = {"login": name, "password": factories.PASSWORD}
    return client.post(LOGIN, sent, follow=True).content.decode()


def test_local_accounts_can_be_switched_off_but_for_one(cast):
    with by_service("http://localhost:9", LOCAL_ACCOUNTS=False, EMERGENCY_ACCOUNT="manager"):
        for part in ("owner", "auditor", "committee"):
            client = Client()
            assert "not with a password" in by_password(client, part)
            assert client.get("/help/").status_code == 302
        client = Client()
        by_password(client, "manager")
        assert client.get("/help/").status_code == 200
        page = Client().get(LOGIN).content.decode()
        assert "<details><summary>The emergency account</summary>" in page


@pytest.mark.parametrize(
    "told",
    [
        {"userinfo": {"sub": "1", "email": "a@b.example"}},
        {"id_token": {"sub": "1"}, "userinfo": {"sub": "2"}},
    ],
)
def test_what_is_said_of_two_people_or_without_proof_is_taken_for_nobody(told):
    assert sign_on._claims(told) == sign_on.NOT_VALID


def test_groups_that_are_too_many_to_be_told_take_nobody_s_role(service):
    person = SimpleNamespace(is_existing=True, state={})
    assert sign_on._against(person, {"_claim_names": {"groups": "src1"}}) == sign_on.TOO_MANY_GROUPS
