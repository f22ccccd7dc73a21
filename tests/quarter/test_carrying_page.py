"""Deadline day: entries that nobody has begun are ticked and carried forward with one reason."""

from __future__ import annotations

import pytest

from registers import cycle
from registers.models import Progress
from tests.cycle.conftest import fill_in, find
from tests.quarter.conftest import HUGE, as_, at, text, told

pytestmark = pytest.mark.django_db


def test_ticked_entries_are_carried_forward_with_one_reason(council, edition, manager):
    page = at("cycle-carry", edition)
    fill_in(find(edition, "CR2"), by=council.cast.other_owner)
    offered = text(manager.get(page))
    assert f"CR1 Title of CR1 ({council.cast.post})" in offered
    assert "Title of CR2" not in offered
    ticked = [find(edition, reference).pk for reference in ("CR1", "CO1")]
    response = manager.post(page, entries=ticked, reason="no update received")
    assert told(response) == ["Carried forward and accepted: CR1, CO1."]
    assert find(edition, "CR2").progress == Progress.DRAFT


@pytest.mark.parametrize("ticked", [[], ["x"], [HUGE], ["-1"]])
def test_carrying_nothing_forward_says_to_tick_something(edition, manager, ticked):
    response = manager.post(at("cycle-carry", edition), entries=ticked, reason="Late again.")
    assert response.status_code == 422
    assert "Late again." in response.content.decode()


def test_the_committee_reads_that_an_entry_was_carried_forward(council, edition, manager):
    ticked = list(edition.snapshots.values_list("pk", flat=True))
    manager.post(at("cycle-carry", edition), entries=ticked, reason="no update received")
    cycle.publish(edition, by=manager.user)
    edition.refresh_from_db()
    member = as_(council.cast.committee)
    assert "Carried forward, no update" in text(member.get(edition.url("table")))
    entry = text(member.get(f"/entries/{find(edition, 'CR1').entry_id}/"))
    assert "carried forward without an update" in entry
    assert "Carried forward without an update from its owner: no update received." in entry


def test_the_quarter_leads_to_carrying_only_while_something_is_untouched(council, edition, manager):
    address = at("cycle-carry", edition)
    assert address in manager.get(at("cycle-edition", edition)).content.decode()
    cycle.carry_forward(edition.snapshots.all(), by=manager.user, reason="no update received")
    assert address not in manager.get(at("cycle-edition", edition)).content.decode()
    assert told(manager.get(address)) == ["Every entry that was published before has been begun."]
