"""Publishing freezes an edition and chains its publication; a correction is a reissue."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from registers import cycle
from registers.cycle import errors
from registers.models import Publication, Reissue, State, TypeAppetite
from tests import factories
from tests.cycle.conftest import NOW, accept_everything, fill_in, find

WHEN = datetime(2026, 10, 20, 8, 30, tzinfo=UTC)


@pytest.fixture
def accepted(council, edition):
    accept_everything(edition, by=council.manager)
    return edition


def entry_of(publication, reference):
    entries = json.loads(publication.document)["entries"]
    return next(entry for entry in entries if entry["reference"] == reference)


# Publishing ---------------------------------------------------------------------------------------


def test_an_accepted_edition_is_published_with_its_document_and_digest(council, accepted):
    publication = cycle.publish(accepted, by=council.manager, now=WHEN)
    accepted.refresh_from_db()
    assert (accepted.state, accepted.published_at) == (State.PUBLISHED, WHEN)
    assert accepted.prepared_on == date(2026, 10, 20)
    assert publication.published_by == council.manager
    assert publication.digest == hashlib.sha256(publication.document.encode()).hexdigest()
    said = json.loads(publication.document)
    assert (said["quarter"], said["issue"], said["register"]) == ("2026-27-q2", 1, "corporate")
    assert said["published_at"] == "2026-10-20T08:30:00.000000+00:00"
    assert [entry["reference"] for entry in said["entries"]] == ["CR1", "CR2", "CO1"]


def test_each_publication_names_the_one_before_it(council, accepted):
    first = Publication.objects.get()
    second = cycle.publish(accepted, by=council.manager)
    assert (first.sequence, first.previous_digest) == (1, "")
    assert (second.sequence, second.previous_digest) == (2, first.digest)
    assert json.loads(second.document)["previous"] == first.digest


def test_each_register_has_a_chain_of_its_own(council):
    other = factories.edition(register=factories.register("schools"), snapshots=1)
    publication = cycle.publish(other, by=council.manager)
    assert (publication.sequence, publication.previous_digest) == (1, "")


def test_nothing_is_published_while_anything_is_not_accepted_and_the_refusal_lists_it(
    council, edition
):
    cycle.submit(fill_in(find(edition, "CR1"), by=council.owner), by=council.owner)
    cycle.accept(find(edition, "CR1"), by=council.manager)
    cycle.submit(fill_in(find(edition, "CO1"), by=council.owner), by=council.owner)
    with pytest.raises(errors.NotAllAccepted) as refusal:
        cycle.publish(edition, by=council.manager)
    assert [snapshot.reference for snapshot in refusal.value.snapshots] == ["CR2", "CO1"]
    assert str(refusal.value) == "Not yet accepted: CR2, CO1. Accept them before publishing."
    edition.refresh_from_db()
    assert edition.is_open


def test_an_empty_edition_is_not_published(council):
    edition = factories.EditionFactory(register=factories.register("schools"))
    with pytest.raises(errors.NothingToPublish, match="has no entries"):
        cycle.publish(edition, by=council.manager)


def test_an_edition_is_published_once(council):
    with pytest.raises(errors.EditionAlreadyPublished, match="A correction is a reissue"):
        cycle.publish(council.published, by=council.manager)


@pytest.mark.parametrize("part", ["owner", "committee", "auditor", "nobody"])
def test_only_the_manager_publishes(council, accepted, part):
    with pytest.raises(errors.NotAllowed):
        cycle.publish(accepted, by=getattr(council.cast, part))


def test_what_is_published_is_frozen(council, accepted):
    cycle.publish(accepted, by=council.manager)
    with pytest.raises(IntegrityError, match="can"), transaction.atomic():
        accepted.snapshots.update(title="Something else")


def test_published_pages_are_told_that_something_changed(council, accepted):
    council.register.refresh_from_db()
    before = council.register.stamp
    cycle.publish(accepted, by=council.manager)
    council.register.refresh_from_db()
    assert council.register.stamp == before + 1


def test_the_next_quarter_starts_from_what_was_published(council, accepted):
    cycle.publish(accepted, by=council.manager)
    assert council.open(NOW.next).snapshots.count() == 3


# What is put on record ----------------------------------------------------------------------------


def test_the_owners_name_is_put_on_record_and_outlives_the_post(council, accepted):
    publication = cycle.publish(accepted, by=council.manager)
    council.cast.post.name = "Director of People"
    council.cast.post.save()
    assert find(accepted, "CR1").owner_name == "Director of Children's Services"
    assert entry_of(publication, "CR1")["owner"] == "Director of Children's Services"


def test_the_lowest_appetite_of_an_entrys_types_is_put_on_record(council, accepted):
    for name, appetite in (("Economic", 9), ("People", 6), ("Legal", 2)):
        TypeAppetite.objects.create(
            register=council.register, type=factories.TypeFactory(name=name), appetite=appetite
        )
    publication = cycle.publish(accepted, by=council.manager)
    TypeAppetite.objects.update(appetite=25)
    assert find(accepted, "CR1").appetite == 6
    assert entry_of(publication, "CR1")["appetite"] == 6
    assert find(accepted, "CR2").own_appetite is None


def test_two_documents_of_the_same_rows_are_the_same_bytes(council, accepted):
    publication = cycle.publish(accepted, by=council.manager)
    assert (
        json.dumps(
            json.loads(publication.document),
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
        )
        == publication.document
    )


# Corrections --------------------------------------------------------------------------------------


@pytest.fixture
def correction(council):
    return cycle.reissue(council.published, by=council.manager, reason=" CR1 was too low. ")


def test_a_correction_goes_back_to_review_and_its_reason_is_kept(council, correction):
    assert (correction.state, correction.issue) == (State.IN_REVIEW, 2)
    decision = Reissue.objects.get()
    assert (decision.issue, decision.reason) == (1, "CR1 was too low.")
    assert decision.decided_by == council.manager


def test_both_issues_stay_readable(council, correction):
    risk = find(correction, "CR1")
    fill_in(risk, by=council.manager, impact=5, score=25, direction="up")
    second = cycle.publish(correction, by=council.manager)
    first = Publication.objects.get(edition=correction, issue=1)
    assert (second.issue, second.sequence, second.reason) == (2, 2, "CR1 was too low.")
    assert second.previous_digest == first.digest
    assert entry_of(first, "CR1")["score"]["score"] == 20
    assert entry_of(second, "CR1")["score"]["score"] == 25


def test_a_corrected_edition_is_frozen_again(council, correction):
    cycle.publish(correction, by=council.manager)
    correction.refresh_from_db()
    assert correction.is_published
    with pytest.raises(IntegrityError), transaction.atomic():
        correction.snapshots.update(title="Something else")


def test_a_correction_can_itself_be_corrected(council, correction):
    cycle.publish(correction, by=council.manager)
    cycle.reissue(correction, by=council.manager, reason="And CR2.")
    third = cycle.publish(correction, by=council.manager)
    assert (third.issue, third.reason) == (3, "And CR2.")


def test_a_correction_does_not_reopen_an_edition_to_its_owners(council, correction):
    with pytest.raises(errors.EditionNotOpen):
        fill_in(find(correction, "CR1"), by=council.owner)


def test_a_correction_needs_a_reason_a_manager_and_something_published(council, edition):
    with pytest.raises(errors.ReasonMissing):
        cycle.reissue(council.published, by=council.manager, reason=" ")
    with pytest.raises(errors.NotAllowed):
        cycle.reissue(council.published, by=council.cast.auditor, reason="A wrong score.")
    with pytest.raises(errors.EditionNotPublished, match="can simply be changed"):
        cycle.reissue(edition, by=council.manager, reason="A wrong score.")


def test_a_correction_leaves_the_names_and_appetites_of_the_time_on_record(council, correction):
    council.cast.post.name = "Director of People"
    council.cast.post.save()
    TypeAppetite.objects.create(
        register=council.register, type=factories.TypeFactory(name="Economic"), appetite=5
    )
    second = cycle.publish(correction, by=council.manager)
    assert entry_of(second, "CR1")["owner"] == "Director of Children's Services"
    assert entry_of(second, "CR1")["appetite"] is None


def test_a_corrected_owner_or_type_is_put_on_record_as_it_is_now(council, correction):
    risk = find(correction, "CR1")
    fill_in(risk, by=council.manager, owner=council.cast.other_post)
    TypeAppetite.objects.create(
        register=council.register, type=factories.TypeFactory(name="Legal"), appetite=5
    )
    risk.types.set([factories.TypeFactory(name="Legal")])
    second = cycle.publish(correction, by=council.manager)
    assert entry_of(second, "CR1")["owner"] == "Director of Finance"
    assert entry_of(second, "CR1")["appetite"] == 5


def test_published_pages_are_told_of_a_correction(council):
    council.register.refresh_from_db()
    before = council.register.stamp
    cycle.reissue(council.published, by=council.manager, reason="A wrong score.")
    council.register.refresh_from_db()
    assert council.register.stamp == before + 1
