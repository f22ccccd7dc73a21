"""A button that is pressed twice does once what it says, and answers twice the same."""

from __future__ import annotations

import pytest
from django.test import Client

from registers import access, cycle
from registers.models import Progress, Sending, Snapshot
from tests import factories
from tests.admin.conftest import url_of
from tests.admin.filled import client, read
from tests.quarter.conftest import at, submit, text, told

FULL = {
    "current": "4x4",
    "residual": "2x2",
    "direction": "down",
    "commentary": "Better than it was.",
    "actions-2-text": "Reward those who stay",
}


def form_of(browser, url: str, **changes: str) -> dict[str, object]:
    return {**read(browser.get(url)), **changes}


@pytest.mark.parametrize("button", ["_save", "_submit"])
def test_the_second_press_on_an_entry_gets_the_first_answer_again(button, book):
    owner, url = client(book.cast.owner), url_of(book.draft())
    form = {**form_of(owner, f"{url}?add=actions"), **FULL, button: ""}

    first, second = owner.post(url, form), owner.post(url, form)

    assert (second.status_code, second["Location"]) == (302, first["Location"])
    after = book.draft()
    assert after.progress == (Progress.SUBMITTED if button == "_submit" else Progress.DRAFT)
    assert after.actions.filter(text="Reward those who stay").count() == 1
    assert len(told(owner.get(second["Location"]))) == 1


def test_the_first_answer_is_not_given_again_once_the_entry_has_changed_since(book):
    owner, url = client(book.cast.owner), url_of(book.draft())
    form = {**form_of(owner, url), "commentary": "First.", "_save": ""}
    owner.post(url, form)
    owner.post(url, {**form_of(owner, url), "commentary": "Second.", "_save": ""})

    again = owner.post(url, form)

    assert again.status_code == 200, "it is not saved"
    assert "You saved this entry in another tab while you were writing here" in text(again)
    assert book.draft().commentary == "Second."


def test_another_tab_of_ones_own_is_not_called_someone_else(book):
    owner, url = client(book.cast.owner), url_of(book.draft())
    here, there = form_of(owner, url), form_of(owner, url)
    owner.post(url, {**there, "controls": "Written there", "_save": ""})

    page = owner.post(url, {**here, "controls": "Written here", "_save": ""})

    assert "Someone else" not in text(page)
    assert str(book.cast.owner) + " saved" not in text(page)
    assert "You saved it" in text(page)
    assert "Take the other tab’s" in text(page)


def test_an_action_that_both_tabs_added_alike_stands_once(book):
    owner, url = client(book.cast.owner), url_of(book.draft())
    here, there = (form_of(owner, f"{url}?add=actions") for _ in range(2))
    owner.post(url, {**there, "actions-2-text": "Reward", "_save": ""})
    met = owner.post(
        url, {**here, "actions-2-text": "Reward", "commentary": "And so.", "_save": ""}
    )
    owner.post(url, {**read(met), "_save": ""})
    assert book.draft().actions.filter(text="Reward").count() == 1


def test_no_button_offered_to_an_owner_turns_submitted_back_to_draft(book):
    owner, url = client(book.cast.owner), url_of(book.draft())
    form = {**form_of(owner, url), **FULL, "_submit": ""}
    owner.post(url, form)

    met = owner.post(url, {**form, "controls": "Written after the first press"})
    for page in (met, owner.get(url)):
        assert 'name="_save"' not in page.content.decode()
        assert 'name="_submit"' in page.content.decode()

    answer = owner.post(url, {**read(met), "_submit": ""})
    assert answer.status_code == 302
    assert book.draft().progress == Progress.SUBMITTED
    assert book.draft().controls == "Written after the first press"


NEW = {"kind": "risk", "title": "Cyber attack", "reference": ""}


def adding(book, **more: object) -> tuple[Client, str, dict[str, object]]:
    manager, url = client(book.cast.manager), at("cycle-add", book.open)
    return manager, url, form_of(manager, url, **{**NEW, "owner": book.cast.post.pk, **more})


def test_an_entry_is_added_once_however_often_its_form_is_sent(book):
    manager, url, form = adding(book)
    first, second = manager.post(url, form), manager.post(url, form)
    assert first["Location"] == second["Location"]
    assert Snapshot.objects.filter(title="Cyber attack").count() == 1


def test_the_form_sent_again_with_other_words_adds_nothing_and_gives_them_back(book):
    manager, url, form = adding(book)
    manager.post(url, form)
    page = manager.post(url, {**form, "title": "Cyber attack on suppliers"})
    assert page.status_code == 422
    assert "This form was sent already" in text(page)
    again = read(page)
    assert again["title"] == ["Cyber attack on suppliers"]
    assert not Snapshot.objects.filter(title="Cyber attack on suppliers").exists()
    assert manager.post(url, again).status_code == 302, "sent once more, it is wanted"
    assert Snapshot.objects.filter(title="Cyber attack on suppliers").count() == 1


def test_an_entry_added_in_data_is_added_once_too(book):
    manager, url = client(book.cast.manager), "/admin/registers/snapshot/add/?kind=risk"
    form = {**form_of(manager, url), "title": "Cyber attack", "_save": ""}
    first, second = manager.post(url, form), manager.post(url, form)
    assert first["Location"] == second["Location"]
    other = manager.post(url, {**form, "title": "Cyber attack on suppliers"})
    assert "This form was sent already" in text(other)
    assert Snapshot.objects.filter(title__startswith="Cyber attack").count() == 1


def test_a_form_that_was_refused_can_be_sent_again_as_it_is(book):
    manager, url, form = adding(book, title="")
    assert manager.post(url, form).status_code == 422
    assert not Sending.objects.exists()
    assert manager.post(url, {**form, "title": "Cyber attack"}).status_code == 302


def test_sending_back_twice_says_so_twice_and_tells_the_owner_once(book):
    submit(book.open, "CR1", book.cast.owner)
    manager, url = client(book.cast.manager), at("cycle-send-back", book.open, book.draft().pk)
    form = form_of(manager, url, reason="Say by when.")
    first, second = manager.post(url, form), manager.post(url, form)
    assert first["Location"] == second["Location"]
    assert told(manager.get(second["Location"])) == ["CR1 is back with its owner."]
    assert book.cast.owner.notices.filter(kind="sent_back").count() == 1


def test_an_answer_is_not_repeated_where_the_owner_has_taken_it_back_since(book):
    owner, url = client(book.cast.owner), f"/my-updates/{book.draft().pk}/no-change/"
    form = form_of(owner, url, reason="Nothing moved.", override="It is right.")
    owner.post(url, form, follow=True)
    assert book.draft().progress == Progress.SUBMITTED
    cycle.take_back(book.draft(), by=book.cast.owner)
    again = owner.post(url, form, follow=True)
    assert "submitted. Thank you" not in text(again)
    assert book.draft().progress == Progress.DRAFT


def test_one_persons_token_answers_nobody_else(book):
    manager, url, form = adding(book)
    manager.post(url, form)
    second = factories.UserFactory(roles=[access.MANAGER])
    assert client(second).post(url, {**form, "title": "Flood"}).status_code == 302
    assert Snapshot.objects.filter(title="Flood").exists()
