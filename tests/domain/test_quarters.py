"""Quarters of financial years, April to March: every one the program knows."""

from datetime import date, timedelta

import pytest

from registers.domain.quarters import FIRST_MEANT, FIRST_YEAR, LAST_MEANT, LAST_YEAR, Quarter

EVERY_QUARTER = [
    Quarter(year, number) for year in range(FIRST_YEAR, LAST_YEAR + 1) for number in (1, 2, 3, 4)
]
INSIDE = EVERY_QUARTER[1:-1]


def test_a_quarter_ends_the_day_before_the_next_starts():
    for quarter in INSIDE:
        assert quarter.ends + timedelta(days=1) == quarter.next.starts
        assert Quarter.of(quarter.ends) == quarter


def test_a_quarter_is_written_as_people_write_it():
    quarter = Quarter(2018, 3)
    assert str(quarter) == quarter.label == "Q3 2018/19"
    assert quarter.slug == "2018-19-q3"
    assert quarter.short == "Q3"
    assert quarter.financial_year == "2018/19"


def test_the_turn_of_a_century_keeps_two_digits():
    assert Quarter(1999, 4).label == "Q4 1999/00"
    assert Quarter.parse("1999-00-q4") == Quarter(1999, 4)


def test_every_quarter_is_read_back_from_each_way_of_writing_it():
    for quarter in EVERY_QUARTER:
        long = f"Q{quarter.number} {quarter.year}/{quarter.year + 1}"
        if FIRST_MEANT <= quarter.year <= LAST_MEANT:
            for text in (quarter.label, quarter.slug, long, quarter.label.lower()):
                assert Quarter.parse(text) == quarter
        assert Quarter.from_ordinal(quarter.ordinal) == quarter


@pytest.mark.parametrize(
    "text",
    [
        "Q3 2018/19",
        " q3 2018/19 ",
        "Q3 2018-19",
        "Q3-2018/19",
        "Q32018/19",
        "Q3 2018 / 2019",
        "2018-19-q3",
        "2018/19 Q3",
        "2018/2019 - Q3",
    ],
)
def test_a_quarter_is_read_however_it_is_spaced(text):
    assert Quarter.parse(text) == Quarter(2018, 3)


@pytest.mark.parametrize("text", ["", "Q3", "2018", "Q5 2018/19", "Q0 2018/19", "Q3 18/19", "x"])
def test_what_is_no_quarter_is_refused_with_how_to_write_it(text):
    with pytest.raises(ValueError, match=r"is not a quarter\. Write it as Q3 2018/19"):
        Quarter.parse(text)


@pytest.mark.parametrize("text", ["Q3 2018/20", "2018-18-q1", "Q3 2018/2018", "Q1 1999/2001"])
def test_years_that_do_not_follow_each_other_are_refused(text):
    with pytest.raises(ValueError, match="is not a financial year"):
        Quarter.parse(text)


@pytest.mark.parametrize("number", [0, 5, -1, "3", None])
def test_there_are_four_quarters(number):
    with pytest.raises(ValueError, match="a quarter is 1 to 4"):
        Quarter(2018, number)


@pytest.mark.parametrize("year", [18, FIRST_YEAR - 1, LAST_YEAR + 1])
def test_a_year_has_four_digits_of_our_time(year):
    with pytest.raises(ValueError, match="a year is"):
        Quarter(year, 1)


@pytest.mark.parametrize(
    ("first_day", "label"),
    [
        (date(2018, 4, 1), "Q1 2018/19"),
        (date(2018, 7, 1), "Q2 2018/19"),
        (date(2018, 10, 1), "Q3 2018/19"),
        (date(2019, 1, 1), "Q4 2018/19"),
        (date(2019, 4, 1), "Q1 2019/20"),
        (date(2000, 1, 1), "Q4 1999/00"),
    ],
)
def test_the_year_runs_from_april_to_march(first_day, label):
    assert Quarter.of(first_day).label == label
    assert Quarter.of(first_day).starts == first_day


def test_every_day_of_a_quarter_is_in_it_and_the_day_before_in_the_one_before():
    for quarter in INSIDE:
        assert Quarter.of(quarter.starts) == quarter
        assert Quarter.of(quarter.next.starts - timedelta(days=1)) == quarter
        assert Quarter.of(quarter.starts - timedelta(days=1)) == quarter.previous


def test_next_and_previous_cross_the_years():
    assert Quarter(2018, 4).next == Quarter(2019, 1)
    assert Quarter(2019, 1).previous == Quarter(2018, 4)
    assert all(quarter.next.previous == quarter for quarter in INSIDE)


def test_there_is_nothing_before_the_first_or_after_the_last():
    with pytest.raises(ValueError, match="a year is"):
        _ = EVERY_QUARTER[0].previous
    with pytest.raises(ValueError, match="a year is"):
        _ = EVERY_QUARTER[-1].next


def test_a_distance_is_what_must_be_added():
    first = EVERY_QUARTER[0]
    for steps, quarter in enumerate(EVERY_QUARTER):
        assert first.distance(quarter) == steps
        assert quarter.distance(first) == -steps
        assert first + steps == quarter
        assert quarter - steps == first


def test_quarters_stand_in_order_of_time():
    mixed = [*EVERY_QUARTER[1::2], *EVERY_QUARTER[::2]]
    assert sorted(mixed) == EVERY_QUARTER
    assert Quarter(2018, 4) < Quarter(2019, 1)
    assert Quarter(2019, 1) >= Quarter(2018, 4)
    assert len({*EVERY_QUARTER, Quarter(2018, 3)}) == len(EVERY_QUARTER)


def test_a_quarter_is_not_compared_with_anything_else():
    with pytest.raises(TypeError):
        _ = Quarter(2018, 3) < 2018
    assert Quarter(2018, 3) != "2018-19-q3"


def test_until_counts_both_ends():
    labels = [quarter.label for quarter in Quarter(2018, 3).until(Quarter(2019, 2))]
    assert labels == ["Q3 2018/19", "Q4 2018/19", "Q1 2019/20", "Q2 2019/20"]
    assert list(Quarter(2018, 3).until(Quarter(2018, 3))) == [Quarter(2018, 3)]
    assert list(Quarter(2018, 3).until(Quarter(2018, 2))) == []
