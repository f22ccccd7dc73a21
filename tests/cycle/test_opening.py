"""A quarter is opened: what comes along, what starts afresh, and who may."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from registers import cycle
from registers.cycle import errors
from registers.domain.quarters import Quarter
from registers.models import Action, Edition, Progress, Snapshot, State
from tests import factories
from tests.cycle.conftest import NOW, accept_everything, fill_in, find


def test_every_entry_comes_along_with_its_content(council, edition):
    before, now = find(council.published, "CR1"), find(edition, "CR1")
    assert list(edition.snapshots.as_printed().values_list("reference", flat=True)) == [
        "CR1",
        "CR2",
        "CO1",
    ]
    carried = ("entry_id", "title", "consequences", "controls", "score", "residual_score", "owner")
    for column in carried:
        assert getattr(now, column) == getattr(before, column)
    assert set(now.types.all()) == set(before.types.all())


def test_it_starts_to_update_without_direction_or_commentary(edition):
    for snapshot in edition.snapshots.all():
        assert snapshot.progress == Progress.TO_UPDATE
        assert (snapshot.direction, snapshot.commentary) == ("", "")
        assert snapshot.version == 0
        assert snapshot.submitted_at is None


def test_nothing_of_what_was_said_about_the_last_update_comes_along(council):
    published = find(council.published, "CR1")
    assert published.owner_text == "Director of Children's Services"
    edition = council.open()
    opened = find(edition, "CR1")
    for column in ("no_change_reason", "override_reason", "sent_back_because", "owner_text"):
        assert getattr(opened, column) == ""
    assert opened.own_appetite is None


def test_outstanding_actions_come_along_with_their_keys_and_without_the_old_reason(
    council, edition
):
    before = {action.key: action for action in find(council.published, "CR1").actions.all()}
    now = list(find(edition, "CR1").actions.all())
    assert [action.text for action in now] == ["Recruit", "Train"]
    for action in now:
        assert before[action.key].due == action.due
        assert action.reason == ""


def test_strands_come_along_with_their_actions_and_types_but_not_their_direction(council):
    correction = cycle.reissue(council.published, by=council.manager, reason="A part was missing.")
    whole = find(correction, "CR1")
    strand = factories.StrandFactory(
        snapshot=whole, number=1, direction="up", commentary="Worse.", controls="A board"
    )
    strand.types.add(factories.TypeFactory(name="Economic"))
    factories.ActionFactory(snapshot=whole, strand=strand, text="Of the part")
    cycle.publish(correction, by=council.manager)

    opened = find(council.open(), "CR1").strands.get()
    assert (opened.number, opened.title, opened.controls) == (1, strand.title, "A board")
    assert (opened.direction, opened.commentary) == ("", "")
    assert [type_.name for type_ in opened.types.all()] == ["Economic"]
    assert [action.text for action in opened.actions.all()] == ["Of the part"]


def test_an_entry_that_was_closed_stays_out(council, edition):
    cycle.close_entry(find(edition, "CR2"), by=council.manager, reason="Built.")
    accept_everything(edition, by=council.manager)
    cycle.publish(edition, by=council.manager)
    after = council.open(NOW.next)
    assert set(after.snapshots.values_list("reference", flat=True)) == {"CR1", "CO1"}


def test_bands_and_appetite_are_the_registers_as_they_are_today(council):
    council.register.appetite = 10
    council.register.very_high_from = 20
    council.register.save()
    edition = council.open()
    assert (edition.appetite, edition.very_high_from) == (10, 20)


def test_a_post_that_was_succeeded_hands_its_entries_on(council):
    last = factories.OwnerFactory(name="Director of People")
    between = factories.OwnerFactory(name="Director of Families", successor=last)
    council.cast.post.successor = between
    council.cast.post.save()
    assert find(council.open(), "CR1").owner == last


def test_posts_that_succeed_each_other_in_a_circle_end_somewhere(council):
    other = factories.OwnerFactory(name="Director of People", successor=council.cast.post)
    council.cast.post.successor = other
    council.cast.post.save()
    assert find(council.open(), "CR1").owner in (other, council.cast.post)


def test_the_first_edition_of_a_register_opens_empty(council):
    edition = cycle.open_edition(factories.register("schools"), NOW, by=council.manager)
    assert edition.is_open
    assert not edition.snapshots.exists()


def test_a_quarter_that_was_left_out_is_no_hindrance(council):
    assert council.open(Quarter(2027, 4), deadline=None).snapshots.count() == 3


@pytest.mark.parametrize("part", ["committee", "owner", "delegate", "auditor", "nobody"])
def test_nobody_but_the_manager_opens_a_quarter(council, part):
    with pytest.raises(errors.NotAllowed, match="Only the risk manager"):
        council.open(by=getattr(council.cast, part))
    assert not Edition.objects.open().exists()


def test_a_second_open_edition_is_refused_in_a_sentence(council, edition):
    with pytest.raises(errors.EditionIsOpen) as refusal:
        council.open(NOW.next)
    assert str(refusal.value) == ("Q2 2026/27 is still open. Publish it before opening Q3 2026/27.")


def test_the_same_quarter_is_not_opened_twice(council, edition):
    with pytest.raises(errors.EditionExists, match="already has an edition for Q2 2026/27"):
        council.open()


def test_a_quarter_in_review_is_not_passed_over(council, edition):
    cycle.start_review(edition, by=council.manager)
    with pytest.raises(errors.EditionUnfinished, match="still in review"):
        council.open(NOW.next)


def test_a_quarter_that_is_being_corrected_is_not_passed_over(council):
    cycle.reissue(council.published, by=council.manager, reason="A wrong score.")
    with pytest.raises(errors.EditionUnfinished, match="being corrected"):
        council.open()


def test_old_editions_in_review_do_not_hinder_the_quarter_under_way(council):
    factories.EditionFactory(quarter=Quarter(2018, 3), state=State.IN_REVIEW)
    assert council.open().is_open


def test_the_trail_says_who_opened_and_carries_the_types(council, edition):
    line = find(edition, "CR1").history.get()
    assert (line.history_user, line.history_change_reason) == (council.manager, "Quarter opened")
    assert {link.type.name for link in line.types.all()} == {"Economic", "People"}
    assert Action.history.filter(snapshot__edition=edition).count() == 2


def test_a_review_closes_the_quarter_to_its_owners_and_reopening_gives_it_back(council, edition):
    cycle.start_review(edition, by=council.manager)
    with pytest.raises(errors.EditionNotOpen, match="Q2 2026/27 is in review"):
        fill_in(find(edition, "CR1"), by=council.owner)
    cycle.reopen(edition, by=council.manager)
    fill_in(find(edition, "CR1"), by=council.owner)


def test_a_review_starts_once(council, edition):
    cycle.start_review(edition, by=council.manager)
    with pytest.raises(errors.WrongState, match="Q2 2026/27 is in review"):
        cycle.start_review(edition, by=council.manager)


def test_a_correction_is_not_given_back_to_the_owners(council):
    cycle.reissue(council.published, by=council.manager, reason="A wrong score.")
    with pytest.raises(errors.WrongState, match="its owners' part is over"):
        cycle.reopen(council.published, by=council.manager)


def test_an_edition_is_not_reopened_beside_an_open_one(council, edition):
    past = factories.EditionFactory(quarter=Quarter(2018, 3), state=State.IN_REVIEW)
    with pytest.raises(errors.EditionIsOpen, match="Publish it before reopening Q3 2018/19"):
        cycle.reopen(past, by=council.manager)


@pytest.mark.parametrize("verb", [cycle.start_review, cycle.reopen])
def test_only_the_manager_moves_an_edition_on(council, edition, verb):
    with pytest.raises(errors.NotAllowed):
        verb(edition, by=council.owner)


def test_the_manager_moves_the_dates_of_a_quarter_until_it_is_published(council, edition):
    later, meeting = datetime(2026, 11, 2, 17, 0, tzinfo=UTC), date(2026, 12, 1)
    dates = {"deadline": later, "committee_on": meeting}
    with pytest.raises(errors.NotAllowed):
        cycle.set_dates(edition, by=council.owner, **dates)
    cycle.set_dates(edition, by=council.manager, **dates)
    edition.refresh_from_db()
    assert (edition.deadline, edition.committee_on) == (later, meeting)
    assert edition.history.latest("history_id").history_change_reason == "Dates set"
    with pytest.raises(errors.WrongState, match="is published, with its dates"):
        cycle.set_dates(council.published, by=council.manager, **dates)


def test_bands_and_the_day_of_the_document_are_the_managers_until_it_is_published(council, edition):
    bands = {"appetite": 10, "medium_from": 4, "high_from": 9, "very_high_from": 16}
    verbs = (
        lambda edition, by: cycle.set_bands(edition, by=by, **bands),
        lambda edition, by: cycle.date_document(edition, by=by, prepared_on=date(2026, 10, 20)),
    )
    for verb in verbs:
        with pytest.raises(errors.NotAllowed):
            verb(edition, council.owner)
        with pytest.raises(errors.WrongState, match="is published, with its dates and its bands"):
            verb(council.published, council.manager)
        verb(edition, council.manager)
    edition.refresh_from_db()
    assert {name: getattr(edition, name) for name in bands} == bands
    assert edition.prepared_on == date(2026, 10, 20)
    assert council.register.appetite != 10


def test_a_refused_opening_leaves_nothing(council):
    cycle.reissue(council.published, by=council.manager, reason="A wrong score.")
    with pytest.raises(cycle.CycleError):
        council.open()
    assert Edition.objects.count() == 1
    assert Snapshot.objects.count() == 3
