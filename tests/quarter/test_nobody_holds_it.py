"""A post whose only holder has left: everywhere where it matters it says that nobody holds it."""

from __future__ import annotations

import pytest
from django.core import mail
from django.utils import timezone

from registers import access
from registers.models import Tenure, User
from tests.quarter.conftest import at, text, told

pytestmark = pytest.mark.django_db

NOBODY = "Nobody holds this post"


@pytest.fixture
def left(council) -> User:
    """The only holder of the post of CR2, whose account is closed."""
    User.objects.filter(pk=council.cast.other_owner.pk).update(is_active=False)
    return council.cast.other_owner


def test_the_quarter_says_that_nobody_holds_a_post(council, edition, manager, left):
    page = text(manager.get(at("cycle-edition", edition)))
    assert page.count(NOBODY) == 1
    assert f"{council.cast.other_post} 0 of 1 in {NOBODY}" in page


def test_a_tenure_that_has_ended_leaves_a_post_to_nobody_too(council, edition, manager):
    yesterday = timezone.localdate() - timezone.timedelta(days=1)
    Tenure.objects.filter(user=council.cast.other_owner).update(ends=yesterday)
    assert NOBODY in text(manager.get(at("cycle-edition", edition)))


def test_reminding_everyone_names_the_posts_that_nobody_holds(council, edition, manager, left):
    response = manager.post(at("cycle-chase", edition), everyone="1")
    assert told(response) == [
        f"Nobody holds this post, so nobody is told: {council.cast.other_post}.",
        "2 people are being reminded by e-mail.",
    ]


def test_the_owners_say_that_nobody_holds_a_post(council, manager, left):
    page = text(manager.get("/admin/registers/owner/"))
    assert f"{council.cast.other_post} {NOBODY}" in page
    assert page.count(NOBODY) == 1


def test_closing_an_account_warns_of_the_post_that_nobody_holds_then(council, manager):
    person = council.cast.other_owner
    response = manager.post(
        f"/admin/registers/user/{person.pk}/change/",
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        username=person.username,
        groups=[person.groups.get(name=access.OWNER).pk],
        _save="1",
    )
    assert f"{NOBODY}: {council.cast.other_post}." in " ".join(told(response))


def test_a_new_person_is_invited_by_name_and_told_what_to_do(council, manager):
    manager.post(
        "/admin/registers/user/add/",
        first_name="Ada",
        last_name="Byron",
        email="ada@ashmoor.example",
        username="ada",
        send_link="on",
        _save="1",
    )
    (letter,) = mail.outbox
    assert letter.subject == f"{manager.user} invites you to the risk and opportunity register"
    assert f"{manager.user} has made an account for you" in letter.body
    assert "choose a password first" in letter.body
    assert "/accounts/password/reset/key/" in letter.body
