"""Every page of the admin, as each role: nobody sees or does what the roles forbid."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from registers.admin import site
from registers.models import Snapshot, State
from tests.admin.conftest import Book, url_of
from tests.admin.filled import client, send

pytestmark = [pytest.mark.django_db, pytest.mark.walks]

EVERYTHING = {model._meta.model_name for model in site._registry}
RECORDS = {"publication", "reissue"}
# An entry begins in an edition, and nobody writes a record by hand.
# Entries come and go, and are stated to have ended, on the page of the quarter.
ADDED_BY_MANAGER = EVERYTHING - RECORDS - {"entry", "lineage"}
READS = {
    "committee": set(),
    "cleared": set(),
    "owner": {"snapshot"},
    "delegate": {"snapshot"},
    "former": {"snapshot"},
    "other_owner": {"snapshot"},
    "manager": EVERYTHING,
    "auditor": EVERYTHING,
    "nobody": set(),
}
PARTS = list(READS)


def answer(book: Book, part: str, url: str) -> int:
    return client(getattr(book.cast, part)).get(url).status_code


@pytest.mark.parametrize("part", PARTS)
def test_each_role_finds_the_lists_that_are_its_business_and_no_others(part, book):
    found = {
        model
        for model in EVERYTHING
        if answer(book, part, reverse(f"admin:registers_{model}_changelist")) == 200
    }
    assert found == READS[part]


@pytest.mark.parametrize("part", PARTS)
def test_only_the_manager_adds(part, book):
    found = {
        model
        for model in EVERYTHING
        if answer(book, part, reverse(f"admin:registers_{model}_add")) == 200
    }
    assert found == (ADDED_BY_MANAGER if part == "manager" else set())


@pytest.mark.parametrize("part", PARTS)
def test_the_index_names_what_can_be_read_and_is_no_page_for_those_who_keep_nothing(part, book):
    page = client(getattr(book.cast, part)).get("/admin/")
    assert page.status_code == (200 if READS[part] else 404)
    for model in EVERYTHING:
        url = reverse(f"admin:registers_{model}_changelist")
        assert (f'href="{url}"' in page.content.decode()) is (model in READS[part])


def test_nobody_gets_in_without_a_login(book):
    for url in ("/admin/", url_of(book.draft()), "/admin/registers/user/", "/admin/jsi18n/"):
        page = Client().get(url, follow=True)
        assert page.redirect_chain[-1][0].startswith(reverse("account_login"))
        assert url in page.content.decode(), "and the way back"


@pytest.mark.parametrize(
    ("part", "references"),
    [
        ("owner", {"CR1", "CO1"}),
        ("delegate", {"CR1", "CO1"}),
        ("former", set()),
        ("other_owner", {"CR2"}),
        ("manager", {"CR1", "CR2", "CO1"}),
        ("auditor", {"CR1", "CR2", "CO1"}),
    ],
)
def test_an_owner_meets_own_entries_only(part, references, book):
    browser = client(getattr(book.cast, part))
    listed = browser.get("/admin/registers/snapshot/").context["cl"].result_list
    assert {row.reference for row in listed} == references
    for reference in ("CR1", "CR2", "CO1"):
        for row in (book.draft(reference), book.printed(reference)):
            for page in ("change", "history"):
                status = browser.get(
                    reverse(f"admin:registers_snapshot_{page}", args=[row.pk])
                ).status_code
                assert status == (200 if reference in references else 404)


def test_not_yours_and_no_such_are_the_same_page(book):
    browser = client(book.cast.owner)
    not_yours = browser.get(url_of(book.draft("CR2")))
    no_such = browser.get("/admin/registers/snapshot/999999/change/")
    assert not_yours.status_code == no_such.status_code == 404
    assert not_yours.content == no_such.content


@pytest.mark.parametrize("part", PARTS)
def test_only_owners_and_the_manager_change_a_draft(part, book):
    draft = book.draft()
    client(getattr(book.cast, part)).post(url_of(draft), {"title": "Another"})
    sent = client(getattr(book.cast, part)).post(url_of(draft), {"_save": ""})
    may = part in ("owner", "delegate", "manager")
    assert sent.status_code == (200 if may else 409 if part == "auditor" else 404)
    assert Snapshot.objects.get(pk=draft.pk).version == draft.version


def test_a_published_edition_is_read_only_even_to_the_manager(book):
    printed = book.printed()
    browser = client(book.cast.manager)
    page = browser.get(url_of(printed))
    assert "Catastrophic" not in page.content.decode(), "no grid to choose from"
    assert 'name="_save"' not in page.content.decode()
    assert browser.post(url_of(printed), {"title": "Another"}).status_code == 409
    assert book.printed().title != "Another"
    delete = reverse("admin:registers_snapshot_delete", args=[printed.pk])
    assert browser.post(delete, {"post": "yes"}).status_code == 404
    edition = reverse("admin:registers_edition_change", args=[book.published.pk])
    assert browser.post(edition, {"appetite": 25}).status_code == 403


def test_owners_are_done_when_the_edition_goes_to_review_and_the_manager_is_not(book):
    book.open.state = State.IN_REVIEW
    book.open.save()
    sent = client(book.cast.owner).post(url_of(book.draft()), {"title": "Too late"})
    assert sent.status_code == 409
    assert book.draft().title != "Too late"
    saved = send(client(book.cast.manager), url_of(book.draft()), title="Moderated")
    assert saved.status_code == 302
    assert book.draft().title == "Moderated"


def test_an_owner_is_not_asked_for_what_only_the_manager_changes(book):
    draft = book.draft()
    page = client(book.cast.owner).get(url_of(draft)).content.decode()
    for name in ("reference", "order", "owner", "owner_text"):
        assert f'name="{name}"' not in page
    send(
        client(book.cast.owner),
        url_of(draft),
        reference="CR9",
        owner=book.cast.other_post.name,
        order="9",
    )
    draft.refresh_from_db()
    assert (draft.reference, draft.owner, draft.order) == ("CR1", book.cast.post, 1)


def test_nobody_deletes_users_owners_entries_or_editions(book):
    rows = {
        "user": book.cast.owner,
        "owner": book.cast.post,
        "entry": book.draft().entry,
        "edition": book.open,
        "register": book.open.register,
    }
    for model, row in rows.items():
        url = reverse(f"admin:registers_{model}_delete", args=[row.pk])
        for part in ("manager", "owner", "auditor"):
            assert client(getattr(book.cast, part)).post(url, {"post": "yes"}).status_code == 404


def test_the_library_s_own_doors_lead_to_ours(book):
    browser = client(book.cast.manager)
    assert browser.get("/admin/login/")["Location"] == reverse("account_login")
    assert browser.get("/admin/logout/")["Location"] == reverse("account_logout")
    assert browser.get("/admin/password_change/")["Location"] == reverse("account_change_password")
    assert browser.get("/admin/registers/")["Location"] == reverse("admin:index")
