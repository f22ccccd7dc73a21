"""What a published edition shows but does not itself hold stays as it was published."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from registers import cycle
from registers.models import Snapshot, Type
from tests import factories
from tests.cycle.conftest import accept_everything, find


def sql(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_type_that_was_published_keeps_its_name(council):
    with pytest.raises(IntegrityError, match="A correction is a reissue"):
        sql("UPDATE registers_type SET name = 'Money' WHERE name = 'Economic'")
    type_ = Type.objects.get(name="Economic")
    type_.name = "Money"
    with pytest.raises(ValidationError, match="add the new name as another type"):
        type_.full_clean()


def test_a_type_that_only_a_strand_shows_keeps_its_name(council):
    correction = cycle.reissue(council.published, by=council.manager, reason="A part.")
    strand = factories.StrandFactory(snapshot=find(correction, "CR2"))
    strand.types.add(factories.TypeFactory(name="Legal"))
    cycle.publish(correction, by=council.manager)
    with pytest.raises(IntegrityError):
        sql("UPDATE registers_type SET name = 'Law' WHERE name = 'Legal'")
    type_ = Type.objects.get(name="Legal")
    type_.name = "Law"
    with pytest.raises(ValidationError):
        type_.full_clean()


def test_a_type_that_was_never_published_may_be_renamed(council, edition):
    find(edition, "CR1").types.add(factories.TypeFactory(name="Legal"))
    type_ = Type.objects.get(name="Legal")
    type_.name = "Law"
    type_.full_clean()
    type_.save()


def test_the_use_of_a_type_that_was_published_may_end(council):
    type_ = Type.objects.get(name="Economic")
    type_.valid_to = "2027-03-31"
    type_.full_clean()
    type_.save()


def test_an_entry_that_was_published_keeps_its_kind(council):
    entry = find(council.published, "CR1").entry
    with pytest.raises(IntegrityError, match="A correction is a reissue"):
        sql(f"UPDATE registers_entry SET kind = 'opportunity' WHERE id = {entry.pk}")
    entry.kind = "opportunity"
    with pytest.raises(ValidationError, match="a new entry that succeeds it"):
        entry.full_clean()


def test_an_entry_that_was_never_published_may_change_its_kind(council, edition):
    entry = cycle.add_entry(edition, by=council.manager, kind="risk", title="Demand").entry
    entry.kind = "opportunity"
    entry.full_clean()
    entry.save()


def test_an_entry_may_become_exempt_after_it_was_published(council):
    entry = find(council.published, "CR1").entry
    entry.exempt, entry.exempt_reason = True, "Paragraph 3"
    entry.full_clean()
    entry.save()
    assert not any(fault for _, fault in cycle.verify(council.register))


def test_what_was_exempt_when_it_was_published_stays_so_there_when_that_is_lifted(council):
    correction = cycle.reissue(council.published, by=council.manager, reason="A dispute.")
    entry = find(correction, "CR1").entry
    entry.exempt, entry.exempt_reason = True, "Paragraph 3"
    entry.save()
    cycle.publish(correction, by=council.manager)
    entry.exempt = False
    entry.save()
    for reader, seen in ((council.cast.committee, False), (council.cast.cleared, True)):
        published = Snapshot.objects.visible_to(reader).in_edition(council.published)
        assert published.filter(reference="CR1").exists() is seen
    later = council.open()
    accept_everything(later, by=council.manager)
    cycle.publish(later, by=council.manager)
    assert Snapshot.objects.visible_to(council.cast.committee).filter(edition=later, entry=entry)
    assert not any(fault for _, fault in cycle.verify(council.register))
