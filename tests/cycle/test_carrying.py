"""Entries that are carried forward without an owner's update, and are marked so for good."""

from __future__ import annotations

import json

import pytest

from registers import cycle
from registers.cycle import errors
from registers.models import Progress
from tests.cycle.conftest import fill_in, find

pytestmark = pytest.mark.django_db

CARRIED = "Carried forward without an update from its owner: no update received."


def carry(edition, *references: str, by, reason: str = "no update received"):
    return cycle.carry_forward([find(edition, one) for one in references], by=by, reason=reason)


def test_an_entry_carried_forward_stands_as_it_was_and_says_that_no_update_came(council, edition):
    was = find(council.published, "CR1")
    carry(edition, "CR1", "CR2", by=council.manager)
    now = find(edition, "CR1")
    assert (now.score, now.residual_score, now.controls) == (
        was.score,
        was.residual_score,
        was.controls,
    )
    assert (now.progress, now.direction, now.commentary) == (Progress.ACCEPTED, "", CARRIED)
    assert now.no_change_reason == ""
    line = now.history.latest("history_id")
    assert (line.history_change_reason, line.history_user) == ("Carried forward", council.manager)


def test_a_published_document_says_that_an_entry_was_carried_forward(council, edition):
    carry(edition, "CR1", "CR2", "CO1", by=council.manager)
    document = json.loads(cycle.publish(edition, by=council.manager).document)
    assert {entry["commentary"] for entry in document["entries"]} == {CARRIED}
    assert {entry["direction"] for entry in document["entries"]} == {""}


def test_what_somebody_has_begun_is_not_carried_and_then_nothing_is(council, edition):
    fill_in(find(edition, "CR2"), by=council.cast.other_owner)
    with pytest.raises(errors.WrongState, match=r"Begun since you opened this page.*CR2"):
        carry(edition, "CR1", "CR2", by=council.manager)
    assert find(edition, "CR1").progress == Progress.TO_UPDATE


def test_a_new_entry_has_nothing_to_be_carried(council, edition):
    added = cycle.add_entry(edition, by=council.manager, kind="risk", title="Floods")
    with pytest.raises(errors.WrongState, match=f"new this quarter: {added.reference}"):
        carry(edition, added.reference, by=council.manager)


def test_carrying_forward_asks_for_a_reason(council, edition):
    with pytest.raises(errors.ReasonMissing):
        carry(edition, "CR1", by=council.manager, reason=" ")


def test_only_the_manager_carries_forward(council, edition):
    with pytest.raises(errors.NotAllowed):
        carry(edition, "CR1", by=council.owner)


def test_an_owner_can_not_submit_under_the_words_that_no_update_came(council, edition):
    carry(edition, "CR1", by=council.manager)
    cycle.send_back(find(edition, "CR1"), by=council.manager, comment="There is time yet.")
    snapshot = find(edition, "CR1")
    cycle.save_draft(snapshot, cycle.Draft({"direction": "level"}), by=council.owner)
    with pytest.raises(errors.NotReady, match="The commentary says that no update came"):
        cycle.submit(find(edition, "CR1"), by=council.owner)
    cycle.state_no_change(find(edition, "CR1"), by=council.owner, reason="Nothing new.")
    cycle.submit(find(edition, "CR1"), by=council.owner)
    assert find(edition, "CR1").commentary == "Nothing new."
