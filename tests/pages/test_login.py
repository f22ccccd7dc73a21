"""The door: who comes in, how a password is found again, and what stands open to nobody."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.views import defaults

from config import settings as delivered
from registers.models import User
from tests import factories
from tests.browser import axe, look_over

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
OPEN_TO_ALL = (LOGIN, "/accounts/password/reset/", "/accessibility/")


def sign_in(login: str, password: str = factories.PASSWORD, **more: str):
    client = Client()
    return client, client.post(LOGIN, {"login": login, "password": password, **more})


def test_a_person_signs_in_with_address_or_user_name_whatever_their_letters(cast):
    for login in (cast.owner.email, cast.owner.email.upper(), cast.owner.username):
        client, answer = sign_in(login)
        assert answer.status_code == 302, login
        assert client.get("/help/scores/").status_code == 200


def test_after_signing_in_a_person_is_where_they_wanted_to_be_and_nowhere_else(cast):
    assert sign_in("owner", next="/help/scores/")[1]["Location"] == "/help/scores/"
    assert sign_in("owner", next="https://elsewhere.example/")[1]["Location"] == reverse("home")


@pytest.mark.parametrize("login", ["owner", "owner@ashmoor.example", "no.such@ashmoor.example"])
def test_a_wrong_password_and_a_wrong_name_are_refused_alike(login, cast):
    _, page = sign_in(login, "wrong")
    text = page.content.decode()
    assert page.status_code == 200
    assert "<title>Error: Sign in" in text
    assert "There is a problem" in text
    assert not re.search("no such user|unknown", text, re.IGNORECASE)


def test_a_closed_account_does_not_open(cast):
    User.objects.filter(pk=cast.owner.pk).update(is_active=False)
    client, _ = sign_in("owner")
    assert client.get("/help/scores/").status_code == 302


def test_the_session_that_was_open_before_signing_in_is_not_the_one_after(cast):
    client = Client()
    client.get(LOGIN)
    client.session.save()
    before = client.session.session_key
    client.post(LOGIN, {"login": "owner", "password": factories.PASSWORD})
    assert client.session.session_key != before


def test_logging_out_asks_first_and_then_does_it(cast):
    client, _ = sign_in("owner")
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/help/scores/").status_code == 200
    assert client.post("/accounts/logout/")["Location"] == LOGIN
    assert client.get("/help/scores/").status_code == 302


def test_a_password_is_found_again_by_e_mail(cast):
    client = Client()
    asked = client.post("/accounts/password/reset/", {"email": cast.owner.email})
    assert asked["Location"] == "/accounts/password/reset/done/"
    (letter,) = mail.outbox
    assert letter.subject == "Choose a password for the risk and opportunity register"
    link = re.search(r"http://testserver(/\S+)", letter.body)[1]
    form = client.get(link, follow=True)
    url = form.redirect_chain[-1][0]
    short = client.post(url, {"password1": "short", "password2": "short"})
    assert "<title>Error: Choose a new password" in short.content.decode()
    new = "a-much-longer-one-7"
    assert client.post(url, {"password1": new, "password2": new}).status_code == 302
    assert sign_in("owner", new)[1].status_code == 302
    assert sign_in("owner")[1].status_code == 200
    assert "This link no longer works" in Client().get(link, follow=True).content.decode()


def test_whoever_asks_for_an_address_without_an_account_learns_nothing(cast):
    known = Client().post("/accounts/password/reset/", {"email": cast.owner.email})
    unknown = Client().post("/accounts/password/reset/", {"email": "no.such@ashmoor.example"})
    assert known["Location"] == unknown["Location"]
    assert [letter.to for letter in mail.outbox] == [[cast.owner.email]]


def test_a_person_changes_their_own_password(cast):
    client, _ = sign_in("owner")
    new = "a-much-longer-one-7"
    sent = {"oldpassword": factories.PASSWORD, "password1": new, "password2": new}
    assert client.post("/accounts/password/change/", sent).status_code == 302
    assert sign_in("owner", new)[1].status_code == 302


@pytest.mark.parametrize("page", ["signup/", "email/", "confirm-email/", "confirm-email/abc/"])
def test_nobody_makes_an_account_or_moves_one_to_another_address(page, cast):
    for client in (Client(), sign_in("owner")[0]):
        for answer in (
            client.get(f"/accounts/{page}"),
            client.post(f"/accounts/{page}", {"email": "x@example.org", "action_add": ""}),
        ):
            assert answer.status_code == 403
            assert "Accounts are kept by the risk manager" in answer.content.decode()
    assert User.objects.count() == len(cast.people())


def test_what_a_person_needs_to_get_in_is_open_and_so_are_styles():
    for url in (*OPEN_TO_ALL, "/static/registers/base.css", "/static/registers/theme.js"):
        assert Client().get(url).status_code == 200, url


def test_the_key_to_scores_needs_a_login_because_it_tells_the_register_s_bands():
    assert Client().get("/help/scores/")["Location"] == f"{LOGIN}?next=/help/scores/"


# Passwords ----------------------------------------------------------------------------------------


def wrong_passwords(number: int, login: str, address: str):
    """The last answer to so many mistyped passwords that reach us through one proxy."""
    for _ in range(number):
        answer = Client().post(
            LOGIN, {"login": login, "password": "wrong"}, headers={"x-forwarded-for": address}
        )
    return answer


def right_password(login: str, address: str):
    sent = {"login": login, "password": factories.PASSWORD}
    return Client().post(LOGIN, sent, headers={"x-forwarded-for": address})


@override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1)
def test_mistyped_passwords_lock_the_account_they_were_typed_for_and_nobody_else(cast):
    refused = wrong_passwords(6, "owner", "203.0.113.7")
    assert (
        "Too many wrong passwords, one after the other. Wait five minutes"
        in refused.content.decode()
    )
    assert right_password("owner", "203.0.113.8").status_code == 200, "wherever they are"
    for person in ("manager", "auditor", "committee"):
        assert right_password(person, "203.0.113.7").status_code == 302, person


@override_settings(
    ALLAUTH_TRUSTED_PROXY_COUNT=1, ACCOUNT_RATE_LIMITS={"login_failed": "10/m/ip,5/5m/key"}
)
def test_who_tries_many_accounts_is_stopped_at_their_own_address(cast):
    for number in range(10):
        wrong_passwords(1, f"nobody-{number}", "198.51.100.1, 203.0.113.7")
    assert right_password("manager", "203.0.113.7").status_code == 200
    assert right_password("manager", "203.0.113.8").status_code == 302
    assert right_password("auditor", "203.0.113.7, 203.0.113.9").status_code == 302, "as we saw it"


@override_settings(CACHES=delivered.CACHES)
def test_wrong_passwords_are_counted_in_the_database_for_all_processes_together(cast):
    wrong_passwords(5, "owner", "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM registers_limit")
        assert cursor.fetchone() != (0,)
        cursor.execute("DELETE FROM registers_limit")
    assert right_password("owner", "").status_code == 302, "nowhere else"
    wrong_passwords(6, "owner", "")
    assert right_password("owner", "").status_code == 200


@override_settings(ACCOUNT_RATE_LIMITS={"login": "2/m/ip"})
def test_what_is_asked_too_often_is_answered_in_the_look_of_the_register(cast):
    answer = wrong_passwords(3, "owner", "")
    assert answer.status_code == 429
    assert "Too many tries" in answer.content.decode()
    assert "Wait a minute, then try again." in answer.content.decode()
    assert 'class="brand"' in answer.content.decode()


# Pages of things gone wrong -----------------------------------------------------------------------


def test_an_address_that_leads_nowhere_says_so_in_the_look_of_the_register(cast):
    for client in (Client(), sign_in("owner")[0]):
        page = client.get("/no/such/page/")
        assert page.status_code == 404
        assert "There is nothing at this address" in page.content.decode()


def test_a_form_without_its_key_is_sent_back_in_words(cast):
    page = Client(enforce_csrf_checks=True).post(LOGIN, {"login": "owner"})
    assert page.status_code == 403
    assert "Please send that again" in page.content.decode()


def test_the_pages_of_a_broken_server_need_no_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        page = defaults.server_error(RequestFactory().get("/"))
        assert page.status_code == 500
        assert "Something went wrong" in page.content.decode()
        page = defaults.bad_request(RequestFactory().get("/"), ValueError())
        assert page.status_code == 400
        assert "can’t be read" in page.content.decode()


def test_what_may_be_read_but_not_changed_says_so(rf, cast):
    text = render_to_string("403.html", {}, rf.get("/"))
    assert "This can’t be changed by you now" in text


# In a browser -------------------------------------------------------------------------------------


def test_axe_finds_nothing_at_the_door(cast, new_page):
    page = new_page()
    for url in (*OPEN_TO_ALL, "/accounts/signup/", "/accounts/password/reset/done/", "/nope/"):
        page.goto(url)
        assert look_over(page) == []


def answered_with(html: str):
    return lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8")


def test_nothing_is_wrong_with_the_pages_of_things_gone_wrong(new_page):
    asked = RequestFactory().get(LOGIN)
    asked.user = AnonymousUser()
    typed = {"typed": [("commentary", "What was typed.")], "address": "/my-updates/"}
    pages = {
        "400": render_to_string("400.html", {"why": "The form can’t be read."}),
        "429": render_to_string("429.html", {}, asked),
        "500": render_to_string("500.html"),
        "503": render_to_string("503.html", {"typed": [], "address": "/"}),
        "503-typed": render_to_string("503.html", typed),
    }
    page = new_page(height=700)
    for name, html in pages.items():
        page.route(f"**/{name}/", answered_with(html))
        page.goto(f"/{name}/")
        assert look_over(page) == [], name


def test_a_person_signs_in_and_out_with_the_keys_alone(cast, new_page):
    page = new_page()
    page.goto("/help/scores/")
    page.get_by_label("E-mail address or user name").focus()
    page.keyboard.type("owner")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    page.wait_for_function("document.title.startsWith('Error: ')")
    assert not axe(page)
    page.get_by_label("Password").focus()
    page.keyboard.type(factories.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/help/scores/")
    assert not axe(page)
    for url in ("/accounts/logout/", "/accounts/password/change/"):
        page.goto(url)
        assert not axe(page), url
