"""The second factor of a local account, and what a role that needs one can reach without."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registers import access
from registers.pages.accounts import factors
from tests import factories
from tests.admin.filled import client, send
from tests.browser import axe, look_over

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
SECRET = "JBSWY3DPEHPK3PXP"
PASSWORD = {"password": factories.PASSWORD}
needs_one = override_settings(MFA_REQUIRED_FOR=[access.MANAGER])


def code_of(secret: str) -> str:
    """What an app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def sign_in(name: str):
    client = Client()
    return client, client.post(LOGIN, {"login": name, **PASSWORD})


def confirmed(name: str) -> Client:
    """A person who has signed in and has just said the password once more."""
    client, _ = sign_in(name)
    client.post("/accounts/reauthenticate/", PASSWORD)
    return client


def set_up(client: Client) -> str:
    """The key of the app that is set up, as its page tells it."""
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r"<code class=.digest.>(\w+)<", page)[1]
    done = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    return secret


def test_an_app_is_set_up_by_its_code_and_gives_ten_recovery_codes(cast):
    client = confirmed("owner")
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "This code is not right." in wrong.content.decode()
    set_up(client)
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert len(re.findall(r"<li><code>\d{8}</code>", page)) == 10
    assert "10 left" in client.get(reverse("account")).content.decode()


def test_setting_one_up_asks_for_the_password_once_more(cast):
    client, _ = sign_in("owner")
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked["Location"].startswith("/accounts/reauthenticate/")


def test_after_the_password_the_code_is_asked_and_nothing_opens_before(cast):
    TOTP.activate(cast.owner, SECRET)
    client, answer = sign_in("owner")
    assert answer["Location"] == reverse("mfa_authenticate")
    assert client.get("/help/scores/").status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "This code is not right." in wrong.content.decode()
    client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET)})
    assert client.get("/help/scores/").status_code == 200


def test_a_code_that_was_used_opens_nothing_again(cast):
    TOTP.activate(cast.owner, SECRET)
    code = code_of(SECRET)
    for opens in (302, 200):
        client, _ = sign_in("owner")
        assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == opens


def test_a_recovery_code_opens_the_account_once(cast):
    client = confirmed("owner")
    set_up(client)
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    code = re.search(r"<code>(\d{8})<", page)[1]
    for opens in (302, 200):
        client, _ = sign_in("owner")
        assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == opens


def test_too_many_wrong_codes_lock_the_account_and_are_told_as_codes(cast):
    TOTP.activate(cast.owner, SECRET)
    client, _ = sign_in("owner")
    for _ in range(6):
        page = client.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
    assert "Too many wrong codes, one after the other. Wait five minutes." in page
    client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET)})
    assert client.get("/help/scores/").status_code == 302


def test_the_risk_manager_lets_in_who_has_lost_telephone_and_codes(cast):
    TOTP.activate(cast.owner, SECRET)
    manager = client(cast.manager)
    url = reverse("admin:registers_user_change", args=[cast.owner.pk])
    assert "Take the second factor away" in manager.get(url).content.decode()
    send(manager, url, forget_factor="on")
    assert not Authenticator.objects.filter(user=cast.owner).exists()
    assert sign_in("owner")[1]["Location"] == "/"
    history = manager.get(reverse("admin:registers_user_history", args=[cast.owner.pk]))
    assert "second factor" in history.content.decode()


# Who must have one --------------------------------------------------------------------------------


@needs_one
def test_who_must_have_a_factor_and_has_none_reaches_nothing_but_the_way_to_one(cast):
    client, _ = sign_in("manager")
    for url in ("/", "/cycle/", "/admin/", "/help/", "/admin/password_change/"):
        assert client.get(url)["Location"] == reverse("account"), url
    page = client.get(reverse("account")).content.decode()
    assert factors.SET_ONE_UP in page
    assert client.get("/accessibility/").status_code == 200, "what is public stays so"
    set_up(confirmed("manager"))
    assert client.get("/help/").status_code == 200


@needs_one
def test_it_is_demanded_of_that_role_alone(cast):
    for part in ("owner", "auditor", "nobody"):
        client, _ = sign_in(part)
        assert client.get("/help/").status_code == 200, part


@needs_one
def test_what_was_typed_before_the_factor_was_demanded_is_given_back_after_it(cast):
    opened = factories.edition()
    snapshot = factories.snapshot(opened, "CR1", owner=cast.post)
    url = reverse(
        "cycle-end",
        kwargs={"register": "corporate", "edition": opened.quarter.slug, "pk": snapshot.pk},
    )
    client = confirmed("manager")
    sent = {"writer": cast.manager.pk, "kind": "closed", "reason": "It is over for good."}
    assert client.post(url, sent)["Location"] == reverse("account")
    assert "What you wrote is kept." in client.get(reverse("account")).content.decode()
    set_up(client)
    page = client.get(url).content.decode()
    assert "It is over for good." in page
    assert factors.TEXT_IS_KEPT in page.replace("&#x27;", "'")


# Where a person is signed in ----------------------------------------------------------------------


def test_sessions_are_listed_and_another_one_can_be_ended(cast):
    here, _ = sign_in("owner")
    there = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Firefox/140.0"})
    there.post(LOGIN, {"login": "owner", **PASSWORD})
    page = here.get(reverse("account")).content.decode()
    assert "Firefox on Windows" in page
    assert page.count("(this one)") == 1
    row = re.search(r'name="session" value="(\d+)"', page)[1]
    here.post(reverse("account-end-sessions"), {"session": row})
    assert there.get("/help/").status_code == 302
    assert here.get("/help/").status_code == 200


def test_nobody_ends_the_session_of_another_person(cast):
    mine, _ = sign_in("owner")
    theirs, _ = sign_in("manager")
    page = theirs.get(reverse("account"))
    [sitting] = page.context["sittings"]
    for asked in (sitting.row.pk, "others", "x"):
        mine.post(reverse("account-end-sessions"), {"session": asked})
    assert theirs.get("/help/").status_code == 200


def queries_of(client: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse("account")).status_code == 200
    return len(asked)


def test_the_account_page_asks_as_many_queries_for_one_session_as_for_many(cast):
    client, _ = sign_in("owner")
    of_one = queries_of(client)
    for _ in range(4):
        sign_in("owner")
    assert queries_of(client) == of_one


def test_a_session_of_an_old_password_is_not_listed(cast):
    sign_in("owner")
    cast.owner.set_password("a-much-longer-one-7")
    cast.owner.save()
    client = Client()
    client.post(LOGIN, {"login": "owner", "password": "a-much-longer-one-7"})
    assert len(client.get(reverse("account")).context["sittings"]) == 1


# In a browser -------------------------------------------------------------------------------------

KEY_IN_SOFTWARE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_added_and_signs_in_under_the_strict_policy(cast, new_page):
    page = new_page()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY_IN_SOFTWARE})

    def sign_in_by_password() -> None:
        page.goto("/help/scores/")
        page.get_by_label("E-mail address or user name").fill("owner")
        page.get_by_label("Password").fill(factories.PASSWORD)
        page.get_by_role("button", name="Sign in").click()

    sign_in_by_password()
    page.goto("/accounts/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    assert not axe(page)
    page.get_by_label("A name to know it by").fill("The laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/recovery-codes/")
    assert not axe(page)
    page.goto("/accounts/")
    assert page.get_by_role("link", name="Remove The laptop").is_visible()
    assert look_over(page, (320, 820, 1440)) == []
    page.context.clear_cookies()
    sign_in_by_password()
    page.wait_for_url("**/authenticate/**")
    assert look_over(page, (320, 820, 1440)) == []
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/help/scores/")
    assert Authenticator.objects.filter(user=cast.owner).count() == 2


def test_axe_finds_nothing_where_an_app_is_set_up(cast, new_page):
    page = new_page(cast.owner)
    page.goto("/accounts/2fa/totp/activate/")
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Use this app").click()
    page.wait_for_function("document.title.startsWith('Error: ')")
    assert look_over(page, (320, 820, 1440)) == []
