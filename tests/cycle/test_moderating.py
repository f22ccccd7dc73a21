"""The manager sends back and accepts."""

from __future__ import annotations

import pytest

from registers import cycle
from registers.cycle import errors
from registers.models import Progress
from tests.cycle.conftest import fill_in, find


@pytest.fixture
def submitted(council, edition):
    """CR1 and CO1, as their owner handed them in."""
    for reference in ("CR1", "CO1"):
        snapshot = fill_in(find(edition, reference), by=council.owner)
        cycle.submit(snapshot, by=council.owner)
    return find(edition, "CR1")


def test_what_is_sent_back_is_a_draft_with_the_managers_comment(council, edition, submitted):
    cycle.send_back(submitted, by=council.manager, comment=" Which is right? ", tell=False)
    saved = find(edition, "CR1")
    assert (saved.progress, saved.sent_back_because) == (Progress.DRAFT, "Which is right?")
    assert saved.sent_back_at is not None


def test_the_comment_stays_until_it_is_submitted_again(council, edition, submitted):
    cycle.send_back(submitted, by=council.manager, comment="Which is right?", tell=False)
    fill_in(find(edition, "CR1"), by=council.owner)
    assert find(edition, "CR1").sent_back_because
    cycle.submit(submitted, by=council.owner)
    saved = find(edition, "CR1")
    assert (saved.sent_back_because, saved.sent_back_at) == ("", None)


def test_an_accepted_entry_can_still_be_sent_back(council, edition, submitted):
    cycle.accept(submitted, by=council.manager)
    cycle.send_back(submitted, by=council.manager, comment="On reflection …", tell=False)
    assert find(edition, "CR1").progress == Progress.DRAFT


def test_sending_back_needs_a_comment(council, submitted):
    with pytest.raises(errors.ReasonMissing):
        cycle.send_back(submitted, by=council.manager, comment="  ")


def test_what_was_not_submitted_is_not_sent_back(council, edition):
    with pytest.raises(errors.WrongState, match="CR2 has not been submitted yet"):
        cycle.send_back(find(edition, "CR2"), by=council.manager, comment="Well?")


def test_nothing_is_sent_back_from_a_review_that_is_closed_to_owners(council, edition, submitted):
    cycle.start_review(edition, by=council.manager)
    with pytest.raises(errors.WrongState, match="Reopen it for its owners"):
        cycle.send_back(submitted, by=council.manager, comment="Well?")


@pytest.mark.parametrize("part", ["owner", "committee", "auditor", "nobody"])
def test_only_the_manager_moderates(council, submitted, part):
    person = getattr(council.cast, part)
    with pytest.raises(errors.NotAllowed):
        cycle.send_back(submitted, by=person, comment="Well?")
    with pytest.raises(errors.NotAllowed):
        cycle.accept(submitted, by=person)
    with pytest.raises(errors.NotAllowed):
        cycle.accept_all([submitted], by=person)


def test_a_submitted_entry_is_accepted_and_accepting_twice_changes_nothing(
    council, edition, submitted
):
    cycle.accept(submitted, by=council.manager)
    cycle.accept(submitted, by=council.manager)
    saved = find(edition, "CR1")
    assert saved.progress == Progress.ACCEPTED
    assert saved.history.filter(history_change_reason="Accepted").count() == 1


def test_a_draft_is_not_accepted(council, edition):
    fill_in(find(edition, "CR1"), by=council.owner)
    with pytest.raises(errors.WrongState, match="CR1 has not been submitted: it is draft"):
        cycle.accept(find(edition, "CR1"), by=council.manager)


def test_several_are_accepted_at_once(council, edition, submitted):
    chosen = edition.snapshots.filter(reference__in=["CR1", "CO1"])
    cycle.accept_all(chosen, by=council.manager)
    for reference in ("CR1", "CO1"):
        saved = find(edition, reference)
        assert saved.progress == Progress.ACCEPTED
        line = saved.history.latest("history_id")
        assert (line.history_change_reason, line.history_user) == ("Accepted", council.manager)
        assert line.progress == Progress.ACCEPTED


def test_if_one_of_several_can_not_be_accepted_none_is(council, edition, submitted):
    with pytest.raises(errors.WrongState, match="CR2"):
        cycle.accept_all(edition.snapshots.all(), by=council.manager)
    assert find(edition, "CR1").progress == Progress.SUBMITTED
