"""Quarters and passages as columns."""

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError

from registers.domain.passages import Point
from registers.domain.quarters import Quarter
from registers.models import Edition
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("given", [Quarter(2018, 3), "2018-19-q3", "Q3 2018/19"])
def test_a_quarter_is_kept_and_found_however_it_is_given(given):
    edition = factories.edition(given)
    assert Edition.objects.get(quarter=given) == edition
    assert Edition.objects.get().quarter == Quarter(2018, 3)


def test_quarters_stand_in_order_of_time_in_the_database():
    for quarter in ("2018-19-q4", "2019-20-q1", "2017-18-q2"):
        factories.edition(quarter, state="in_review")
    quarters = Edition.objects.oldest_first().values_list("quarter", flat=True)
    assert [quarter.slug for quarter in quarters] == ["2017-18-q2", "2018-19-q4", "2019-20-q1"]
    assert Edition.objects.before("2019-20-q1").count() == 2
    assert Edition.objects.newest_first().first().quarter == Quarter(2019, 1)


def test_what_is_no_quarter_is_refused_in_words():
    edition = factories.EditionFactory.build(register=factories.register(), quarter="Q5 2018/19")
    with pytest.raises(ValidationError, match="Write it as Q3 2018/19"):
        edition.full_clean()


def test_a_form_takes_the_quarter_as_people_write_it():
    field = Edition._meta.get_field("quarter").formfield()
    assert Edition._meta.get_field("quarter").clean(field.clean("q3 2018/19"), None) == Quarter(
        2018, 3
    )


def test_an_edition_survives_being_written_out_and_read_in():
    edition = factories.edition(Quarter(2018, 3))
    [read] = serializers.deserialize("json", serializers.serialize("json", [edition]))
    assert read.object.quarter == Quarter(2018, 3)


def test_a_passage_takes_in_the_strands_each_after_its_heading():
    snapshot = factories.snapshot(factories.edition(), controls="A board meets")
    factories.StrandFactory(
        snapshot=snapshot, number=1, title="Funding", controls="A reserve\n  - of £2m"
    )
    factories.StrandFactory(snapshot=snapshot, number=2, title="People", controls="")
    assert factories.content(snapshot).passage("controls") == (
        Point("A board meets"),
        Point("1. Funding", plain=True),
        Point("A reserve"),
        Point("of £2m", 1),
    )


def test_lines_of_a_commentary_are_plain_unless_they_carry_a_bullet():
    snapshot = factories.snapshot(factories.edition(), commentary="Late.\n• by a month")
    assert factories.content(snapshot).passage("commentary") == (
        Point("Late.", plain=True),
        Point("by a month"),
    )


def test_actions_are_the_points_they_are_printed_as():
    snapshot = factories.snapshot(factories.edition())
    factories.ActionFactory(snapshot=snapshot, order=2, text="in winter", level=1)
    factories.ActionFactory(snapshot=snapshot, order=1, text="Hire", plain=True)
    assert factories.content(snapshot).printed_actions() == (
        Point("Hire", plain=True),
        Point("in winter", 1),
    )
