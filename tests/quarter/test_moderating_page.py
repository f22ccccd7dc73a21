"""Accepting what owners sent, and sending it back: by the buttons of the quarter's page."""

from __future__ import annotations

import pytest

from registers import cycle
from registers.models import Progress, Snapshot
from tests.cycle.conftest import fill_in, find
from tests.quarter.conftest import HUGE, at, submit, text, told

pytestmark = pytest.mark.django_db


def seen(snapshot: Snapshot) -> str:
    return f"{snapshot.pk}.{find(snapshot.edition, snapshot.reference).version}"


def test_one_entry_is_accepted_by_its_button(council, edition, manager):
    for reference in ("CR1", "CO1"):
        submit(edition, reference, council.owner)
    snapshot = find(edition, "CR1")
    response = manager.post(at("cycle-accept", edition), only=seen(snapshot))
    assert told(response) == ["Accepted: CR1."]
    assert find(edition, "CO1").progress == Progress.SUBMITTED


def test_those_that_are_ticked_are_accepted(council, edition, manager):
    for reference in ("CR1", "CO1"):
        submit(edition, reference, council.owner)
    ticked = [seen(find(edition, reference)) for reference in ("CO1", "CR1")]
    response = manager.post(at("cycle-accept", edition), snapshot=ticked)
    assert told(response) == ["Accepted: CR1, CO1."]


def test_all_that_were_shown_are_accepted_and_none_that_came_in_since(council, edition, manager):
    submit(edition, "CR1", council.owner)
    shown = [seen(find(edition, "CR1"))]
    submit(edition, "CR2", council.cast.other_owner)
    response = manager.post(at("cycle-accept", edition), everything="1", shown=shown)
    assert told(response) == ["Accepted: CR1."]
    assert find(edition, "CR2").progress == Progress.SUBMITTED


def test_what_was_changed_since_it_was_shown_is_not_accepted_unread(council, edition, manager):
    shown = seen(submit(edition, "CR1", council.owner))
    cycle.take_back(find(edition, "CR1"), by=council.owner)
    fill_in(find(edition, "CR1"), by=council.owner, commentary="Everything is different.")
    cycle.submit(find(edition, "CR1"), by=council.owner, override="As planned.")
    response = manager.post(at("cycle-accept", edition), only=shown)
    assert told(response) == [
        "Changed since you saw it: CR1. Nothing was accepted; look again first."
    ]
    assert find(edition, "CR1").progress == Progress.SUBMITTED


@pytest.mark.parametrize("values", [{}, {"snapshot": ["x", HUGE, f"{HUGE}.1", "."]}, {"only": "0"}])
def test_accepting_nothing_says_to_tick_something(edition, manager, values):
    response = manager.post(at("cycle-accept", edition), **values)
    assert told(response) == ["Tick the entries to accept first."]


def test_accepting_what_was_not_submitted_is_refused_in_words(edition, manager):
    response = manager.post(at("cycle-accept", edition), only=seen(find(edition, "CR1")))
    assert told(response) == ["CR1 has not been submitted: it is to update."]


def test_an_entry_is_sent_back_with_a_comment(council, edition, manager):
    snapshot = submit(edition, "CR1", council.owner)
    assert council.cast.post.name in text(manager.get(at("cycle-send-back", edition, snapshot.pk)))
    response = manager.post(
        at("cycle-send-back", edition, snapshot.pk), reason="Which action brings it to 9?"
    )
    assert told(response) == ["CR1 is back with its owner."]
    assert find(edition, "CR1").sent_back_because == "Which action brings it to 9?"
    assert "Sent back" in text(manager.get(at("cycle-edition", edition)))


def test_sending_back_without_a_comment_asks_for_it(council, edition, manager):
    snapshot = submit(edition, "CR1", council.owner)
    response = manager.post(at("cycle-send-back", edition, snapshot.pk), reason="  ")
    assert response.status_code == 422
    assert find(edition, "CR1").progress == Progress.SUBMITTED


def test_a_comment_that_is_refused_is_not_lost(edition, manager):
    snapshot = find(edition, "CR1")
    response = manager.post(at("cycle-send-back", edition, snapshot.pk), reason="Too early.")
    assert response.status_code == 422
    assert "CR1 has not been submitted yet." in text(response)
    assert "Too early." in response.content.decode()
