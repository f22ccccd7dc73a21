"""Questions that read as a sentence."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from registers.domain.quarters import Quarter
from registers.models import (
    Action,
    Edition,
    Entry,
    Lineage,
    Opportunity,
    Risk,
    Snapshot,
    State,
    Type,
)
from tests import factories

pytestmark = pytest.mark.django_db


def test_risks_and_opportunities_are_one_table_and_two_names():
    edition = factories.edition()
    risk, chance = factories.snapshot(edition, "CR1"), factories.opportunity(edition, "CO1")
    assert [entry.pk for entry in Risk.objects.all()] == [risk.entry_id]
    assert [entry.pk for entry in Opportunity.objects.all()] == [chance.entry_id]
    assert list(Snapshot.objects.risks()) == [risk]
    assert list(Snapshot.objects.opportunities()) == [chance]
    assert list(Snapshot.objects.of_kind("risk")) == [risk]
    made = Opportunity.objects.create(register=edition.register)
    assert Entry.objects.get(pk=made.pk).kind == "opportunity"


def test_each_kind_has_the_words_it_is_printed_with():
    edition = factories.edition()
    risk, chance = factories.snapshot(edition, "CR1"), factories.opportunity(edition, "CO1")
    assert risk.words.consequences == "Possible consequences"
    assert chance.words.consequences == "Possible benefits"
    assert chance.words.controls == "Progress to date"
    assert (risk.words.actions, chance.words.actions) == (
        "Mitigating actions",
        "Maximising actions",
    )


@pytest.mark.parametrize(
    ("statement", "lives"),
    [("closed", False), ("merged_into", False), ("succeeded_by", False), ("split_from", True)],
)
def test_an_entry_lives_until_a_statement_ends_it(statement, lives):
    edition = factories.edition()
    entry, other = factories.EntryFactory.create_batch(2, register=edition.register)
    Lineage.objects.create(
        entry=entry,
        kind=statement,
        other=None if statement == "closed" else other,
        edition=edition,
        reason="So decided.",
    )
    assert (entry in Entry.objects.live()) is lives
    assert other in Entry.objects.live()


def test_only_what_has_a_position_is_placed():
    edition = factories.edition()
    placed = factories.snapshot(edition, "CR1")
    unplaced = factories.snapshot(edition, "CR2", **factories.score_only())
    assert list(Snapshot.objects.in_edition(edition).placed()) == [placed]
    assert (placed.position.impact, placed.position.likelihood) == (4, 5)
    assert unplaced.position is unplaced.residual_position is unplaced.inherent_position is None


TODAY = date(2026, 11, 25)


@time_machine.travel(datetime(2026, 11, 25, 12, tzinfo=UTC))
@pytest.mark.parametrize(
    ("state", "issue", "prepared_on", "day"),
    [
        (State.OPEN, 1, None, TODAY),
        (State.IN_REVIEW, 1, date(2026, 12, 18), TODAY),
        (State.PUBLISHED, 1, date(2026, 12, 18), date(2026, 12, 18)),
        (State.PUBLISHED, 1, date(2027, 1, 18), date(2027, 1, 18)),
        (State.IN_REVIEW, 2, date(2026, 12, 18), date(2026, 12, 18)),
        (State.PUBLISHED, 1, date(2031, 5, 2), date(2026, 12, 31)),
        (State.PUBLISHED, 1, None, date(2026, 12, 31)),
    ],
)
def test_what_is_late_is_late_today_while_open_and_on_its_day_once_published(
    state, issue, prepared_on, day
):
    edition = Edition(quarter=Quarter(2026, 3), state=state, issue=issue, prepared_on=prepared_on)
    assert edition.as_at == day


def test_actions_are_outstanding_until_done_or_dropped_and_overdue_after_their_day():
    snapshot = factories.snapshot(factories.edition())
    for status in Action.Status.values:
        for due in (date(2026, 4, 1), date(2026, 4, 2), None):
            factories.ActionFactory(snapshot=snapshot, status=status, due=due)
    overdue = Action.objects.overdue(date(2026, 4, 2))
    assert {(action.status, action.due.day) for action in overdue} == {
        ("not_started", 1),
        ("in_progress", 1),
    }
    assert Action.objects.outstanding().count() == 6
    assert all(action.is_outstanding for action in Action.objects.outstanding())


@pytest.mark.parametrize(
    ("day", "in_force"),
    [(date(2026, 3, 31), False), (date(2026, 4, 1), True), (date(2027, 4, 1), False)],
)
def test_a_type_can_be_chosen_while_it_is_in_use(day, in_force):
    brief = factories.TypeFactory(
        name="Brief", valid_from=date(2026, 4, 1), valid_to=date(2027, 3, 31)
    )
    assert (brief in Type.objects.in_force(day)) is in_force
    assert Type.objects.get(name="Economic") in Type.objects.in_force(day)


def test_above_appetite_is_a_risk_whose_score_is_higher():
    edition = factories.edition(appetite=12)
    at = factories.snapshot(edition, "CR1", impact=4, likelihood=3)
    above = factories.snapshot(edition, "CR2", impact=5, likelihood=3)
    stricter = factories.snapshot(edition, "CR3", impact=4, likelihood=3, own_appetite=9)
    unscored = factories.snapshot(edition, "CR4", impact=None, likelihood=None, score=None)
    chance = factories.opportunity(edition, "CO1", impact=5, likelihood=5)
    found = [row.reference for row in (at, above, stricter, unscored, chance) if row.above_appetite]
    assert found == ["CR2", "CR3"]


def test_the_content_of_an_edition_is_read_in_a_number_of_queries_that_does_not_grow(
    django_assert_num_queries,
):
    edition = factories.edition()
    for number in range(1, 8):
        snapshot = factories.snapshot(edition, f"CR{number}", order=8 - number, types=["People"])
        strand = factories.StrandFactory(snapshot=snapshot)
        strand.types.set(snapshot.types.all())
        factories.ActionFactory(snapshot=snapshot)
    with django_assert_num_queries(5):
        rows = list(Snapshot.objects.in_edition(edition).with_content().as_printed())
        for row in rows:
            assert (row.entry.kind, row.edition.register.slug) == ("risk", "corporate")
            assert [str(one) for one in row.types.all()] == ["People"]
            assert [list(strand.types.all()) for strand in row.strands.all()]
    assert [row.reference for row in rows] == [f"CR{number}" for number in range(7, 0, -1)]


def test_published_and_unpublished_editions_are_told_apart():
    published, opened = factories.published(), factories.edition(factories.QUARTER.next)
    assert list(Edition.objects.published()) == [published]
    assert list(Edition.objects.unpublished()) == list(Edition.objects.open()) == [opened]
    assert published.is_published
    assert opened.is_open


def test_what_the_source_did_not_have_differs_from_what_was_blank():
    row = factories.snapshot(factories.edition(), printed={"controls": ""})
    assert row.was_printed("controls")
    assert not row.was_printed("residual")
    assert factories.snapshot(row.edition, "CR2").was_printed("residual")
