"""Dates as people tell them in prose, each with the last day that it can mean."""

from datetime import date

import pytest

from registers.domain.dates_told import dates_in
from registers.domain.flags.told_dates import to_come


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("by autumn 2019", date(2019, 11, 30)),
        ("due to go live in early October 2018", date(2018, 10, 10)),
        ("on 4 and 5 November 2019", date(2019, 11, 5)),
        ("on the 14/04/2018", date(2018, 4, 14)),
        ("launched 07.01.19", date(2019, 1, 7)),
        ("on 11th January 2017", date(2017, 1, 11)),
        ("in mid-March 2020", date(2020, 3, 20)),
        ("in February 2020", date(2020, 2, 29)),
        ("in winter 2019", date(2020, 2, 29)),
        ("by Q2 2018/19", date(2018, 9, 30)),
        ("in 2018/19", date(2019, 3, 31)),
        ("by 2021", date(2021, 12, 31)),
    ],
)
def test_a_date_told_loosely_has_the_last_day_it_can_mean(text: str, last: date) -> None:
    assert [one.last for one in dates_in(text)] == [last]


@pytest.mark.parametrize("text", ["in December 16", "Sept 15- Mar 19", "32/13/2019", "CR12 of 25"])
def test_what_can_be_read_in_two_ways_is_not_read(text: str) -> None:
    assert dates_in(text) == []


def test_a_date_without_a_year_is_the_next_one_after_it_was_told() -> None:
    [told] = dates_in("planned for the autumn")
    assert told.last is None
    assert told.after(date(2018, 7, 1)) == date(2018, 11, 30)
    assert told.after(date(2018, 12, 1)) == date(2019, 11, 30)


@pytest.mark.parametrize(
    "sentence",
    [
        "The programme is to be completed by autumn 2019",
        "A visit, focussing on permanence, will take place on 4 and 5 November 2019",
        "Completion due Oct 2018",
        "Funding is being restricted to spend prior to end 2018",
    ],
)
def test_what_is_told_as_to_come(sentence: str) -> None:
    assert len(to_come(sentence)) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "The review, published in July 2019 will present some challenges",
        "It was due to be done by March 2019",
        "Pressures due to the May 2017 election",
        "The plan was agreed in June 2018",
        "This will follow the review completed in May 2019",
        "The system is being improved since March 2018",
    ],
)
def test_what_was_is_not_told_as_to_come(sentence: str) -> None:
    assert to_come(sentence) == []
