"""The first day: one command that a person can follow, and run again."""

from __future__ import annotations

import re
from io import StringIO

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from registers.domain.quarters import Quarter
from registers.models import Edition, Register, User
from tests import factories

pytestmark = pytest.mark.django_db

NAMES = {
    "register": "Corporate risk register",
    "manager": "Jo.Field@ashmoor.example",
    "manager_name": "Jo Field",
}
A_LINK = re.compile(r"http://testserver(/accounts/password/reset/key/\S+)")


def setup(**options: object) -> str:
    out = StringIO()
    call_command("setup", stdout=out, stderr=out, **options)
    return out.getvalue()


@time_machine.travel("2026-11-30 12:00 +0000", tick=False)
def test_one_command_makes_the_register_its_manager_and_its_first_edition():
    said = setup(**NAMES)
    register, manager, edition = Register.objects.get(), User.objects.get(), Edition.objects.get()
    assert (register.slug, register.changed_by) == ("corporate-risk-register", manager)
    assert (str(manager), manager.email) == ("Jo Field", "jo.field@ashmoor.example")
    assert manager.access.everywhere.manages
    assert not manager.is_superuser
    assert (edition.quarter, edition.state) == (Quarter(2026, 3), "open")
    assert "The register Corporate risk register is made. Its numbers begin with CR and CO." in said
    assert "chooses a password here, once, within 3 days" in said


def test_the_link_that_is_printed_lets_the_manager_in():
    link = A_LINK.search(setup(**NAMES))[1]
    browser = Client()
    form = browser.get(link, follow=True).redirect_chain[-1][0]
    password = {"password1": factories.PASSWORD, "password2": factories.PASSWORD}
    browser.post(form, password, follow=True)
    login = {"login": "jo.field", "password": factories.PASSWORD}
    signed_in = Client()
    signed_in.post("/accounts/login/", login)
    assert signed_in.get("/cycle/", follow=True).status_code == 200
    assert Client().get(link, follow=True).context.get("token_fail"), "it works once"
    assert "Sign in at http://testserver/accounts/login/." in setup()


def test_a_second_run_makes_nothing_and_gives_another_link():
    setup(**NAMES)
    said = setup()
    assert said.count("is there already.") == 3
    assert A_LINK.search(said)
    assert (Register.objects.count(), User.objects.count(), Edition.objects.count()) == (1, 1, 1)


def test_another_register_is_added_beside_the_first():
    setup(**NAMES)
    setup(register="Health", risk_prefix="hr", opportunity_prefix="HO", no_edition=True)
    health = Register.objects.get(slug="health")
    assert (health.risk_prefix, health.opportunity_prefix) == ("HR", "HO")
    assert not health.editions.exists()
    assert User.objects.count() == 1


def test_the_manager_may_be_sent_the_link():
    said = setup(**NAMES, mail=True, edition="2018-19-q3")
    (letter,) = mail.outbox
    assert letter.to == ["jo.field@ashmoor.example"]
    assert A_LINK.search(letter.body)
    assert not A_LINK.search(said)
    assert "is on its way to jo.field@ashmoor.example" in said
    assert Edition.objects.get().quarter == Quarter(2018, 3)


@override_settings(
    EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
    EMAIL_HOST="127.0.0.1",
    EMAIL_PORT=9,
)
def test_where_no_mail_can_be_sent_all_is_made_and_it_says_what_to_do():
    with pytest.raises(CommandError, match=r"All is made, but the mail to .* without --mail"):
        setup(**NAMES, mail=True)
    assert A_LINK.search(setup())


@pytest.mark.parametrize("missing", NAMES)
def test_what_is_not_known_is_named_with_its_option_where_nobody_can_be_asked(missing):
    given = {name: value for name, value in NAMES.items() if name != missing}
    with pytest.raises(CommandError, match=f"--{missing.replace('_', '-')}. Nothing was made"):
        setup(**given)
    assert not Register.objects.exists()
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"manager": "jo"}, "“jo” is not an e-mail address"),
        ({"edition": "Q5"}, "“Q5” is not a quarter"),
        ({"risk_prefix": "CORPORATE"}, "risk_prefix: .*8 characters"),
        ({"slug": "Not a slug"}, "slug: "),
        ({"manager": "member@ashmoor.example"}, "is not a risk manager"),
        ({"manager": "left@ashmoor.example"}, "is closed"),
    ],
)
def test_what_can_not_be_is_refused_in_words_and_nothing_is_made(options, told):
    factories.UserFactory(email="member@ashmoor.example")
    factories.UserFactory(email="left@ashmoor.example", is_active=False)
    with pytest.raises(CommandError, match=told):
        setup(**{**NAMES, **options})
    assert not Register.objects.exists()
    assert User.objects.count() == 2


@override_settings(SITE_URL="http://127.0.0.1:8000", ALLOWED_HOSTS=["register.example.gov.uk"])
def test_a_link_that_leads_nowhere_is_pointed_out():
    assert "SITE_URL, http://127.0.0.1:8000, which is none of ALLOWED_HOSTS" in setup(**NAMES)
