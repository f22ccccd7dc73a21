"""What became of an entry is part of the edition that states it: published with it, and frozen."""

from __future__ import annotations

import pytest

from registers import cycle
from registers.cycle import errors
from registers.models import Lineage
from tests.cycle.conftest import accept_everything, find
from tests.quarter.conftest import as_, at, text

pytestmark = pytest.mark.django_db

SAID, CORRECTED = "The programme was built.", "The programme was handed over."


@pytest.fixture
def closing(council, edition):
    """Q2, published, which states that CR2 was closed."""
    cycle.close_entry(find(edition, "CR2"), by=council.manager, reason=SAID)
    accept_everything(edition, by=council.manager)
    cycle.publish(edition, by=council.manager)
    edition.refresh_from_db()
    return edition


@pytest.fixture
def member(council):
    return as_(council.cast.committee)


def change_of(statement: Lineage) -> str:
    return f"/admin/registers/lineage/{statement.pk}/change/"


def restate(edition, reason: str) -> None:
    statement = Lineage.objects.get(edition=edition)
    statement.reason = reason
    statement.save()


def test_the_manager_reads_a_published_statement_and_can_not_change_it(council, closing):
    statement, manager = Lineage.objects.get(), as_(council.manager)
    page = manager.get(change_of(statement)).content.decode()
    assert SAID in page
    assert 'name="reason"' not in page
    assert 'name="_save"' not in page
    sent = {"entry": "CR2", "kind": "closed", "edition": closing.pk, "reason": CORRECTED}
    assert manager.client.post(change_of(statement), sent).status_code == 403
    statement.refresh_from_db()
    assert statement.reason == SAID


def test_another_reason_is_given_by_a_verb_until_the_edition_is_published(council, closing):
    statement = Lineage.objects.get()
    with pytest.raises(errors.EditionAlreadyPublished):
        cycle.restate(statement, by=council.manager, reason=CORRECTED)
    cycle.reissue(closing, by=council.manager, reason="The wrong reason.")
    for by, reason, refusal in (
        (council.owner, CORRECTED, errors.NotAllowed),
        (council.manager, " ", errors.ReasonMissing),
    ):
        with pytest.raises(refusal):
            cycle.restate(statement, by=by, reason=reason)
    as_(council.manager).post(change_of(statement), reason=CORRECTED)
    statement.refresh_from_db()
    assert statement.reason == CORRECTED
    assert statement.history.first().history_user == council.manager


def test_no_statement_can_be_added_to_a_published_edition(council, closing):
    manager = as_(council.manager)
    sent = {"entry": "CR1", "kind": "closed", "edition": closing.pk, "reason": "Over."}
    assert manager.client.post("/admin/registers/lineage/add/", sent).status_code == 404
    absent = Lineage.objects.get().entry_id
    page = manager.post(at("cycle-absent", closing, absent), how="close", reason="Over.")
    assert "A correction is a reissue, with a reason." in text(page)
    assert Lineage.objects.count() == 1


def test_readers_read_what_was_published_while_a_statement_is_being_corrected(
    council, closing, member
):
    """On the pages of the edition after it too, which look back over it."""
    later = council.open(closing.quarter.next)
    accept_everything(later, by=council.manager)
    cycle.publish(later, by=council.manager)
    since = f"?since={council.published.quarter.slug}"
    assert SAID in text(member.get(later.url("changes") + since))
    correction = cycle.reissue(closing, by=council.manager, reason="The wrong reason.")
    restate(correction, CORRECTED)
    for reader in (member, as_(council.manager)):
        said = text(reader.get(later.url("changes") + since))
        assert SAID in said
        assert CORRECTED not in said
    cycle.publish(correction, by=council.manager)
    said = text(member.get(later.url("changes") + since))
    assert CORRECTED in said
    assert SAID not in said


def test_the_heat_map_shows_the_statement_as_published_and_the_next_issue_the_corrected_one(
    council, closing, member
):
    assert SAID in text(member.get(closing.url("heatmap")))
    correction = cycle.reissue(closing, by=council.manager, reason="The wrong reason.")
    restate(correction, CORRECTED)
    assert CORRECTED not in text(member.get(closing.url("heatmap")))
    assert CORRECTED in text(as_(council.manager).get(closing.url("heatmap")))
    cycle.publish(correction, by=council.manager)
    assert CORRECTED in text(member.get(closing.url("heatmap")))
    assert not any(fault for _, fault in cycle.verify(council.register))


def test_of_an_entry_that_came_back_and_ended_again_the_last_ending_is_told(
    council, closing, member
):
    """Whether a row says so, or the document of an edition that is being corrected."""
    entry = Lineage.objects.get().entry
    again = council.open(closing.quarter.next)
    Lineage.objects.create(entry=entry, kind="closed", edition=again, reason=CORRECTED)
    accept_everything(again, by=council.manager)
    cycle.publish(again, by=council.manager)
    since = f"?since={council.published.quarter.slug}"
    for _ in range(2):
        said = text(member.get(again.url("changes") + since))
        assert CORRECTED in said
        assert SAID not in said
        if closing.is_published:
            closing = cycle.reissue(closing, by=council.manager, reason="The wrong reason.")
