"""The quarter rail: quarters newest first, gaps shown, heights that can be compared."""

from __future__ import annotations

from registers.domain.quarters import Quarter
from registers.pages.heatmap.picker import FLOOR, TALLEST, Rail, rail


def drawn(*editions: tuple[str, int, int], current: str = "") -> Rail:
    """Editions newest first, as (slug, risks, above appetite)."""
    rows = [
        (Quarter.parse(slug), "published", number, risks, above)
        for number, (slug, risks, above) in enumerate(editions)
    ]
    quarter = Quarter.parse(current) if current else rows[0][0]
    return rail(rows, quarter, link=lambda quarter: f"/{quarter.slug}/")


def columns(made: Rail):
    return [column for year in made.years for column in year.columns]


def test_every_quarter_from_the_first_edition_to_the_last_has_a_column_newest_first():
    made = drawn(("2026-27-q2", 3, 1), ("2025-26-q4", 2, 1))
    assert [str(column.quarter) for column in columns(made)] == [
        "Q2 2026/27",
        "Q1 2026/27",
        "Q4 2025/26",
    ]
    assert [year.label for year in made.years] == ["2026/27", "2025/26"]
    assert made.span == 3


def test_a_quarter_without_an_edition_is_a_gap_that_leads_nowhere():
    gap = columns(drawn(("2026-27-q3", 3, 1), ("2026-27-q1", 2, 1)))[1]
    assert gap.words == "Q2 2026/27: no edition was published"
    assert (gap.state, gap.href) == (None, "")


def test_earlier_and_later_are_the_nearest_editions_not_the_nearest_quarters():
    made = drawn(
        ("2026-27-q4", 1, 0), ("2026-27-q2", 1, 0), ("2025-26-q1", 1, 0), current="2026-27-q2"
    )
    assert made.earlier.href == "/2025-26-q1/"
    assert made.later.href == "/2026-27-q4/"


def test_the_ends_of_the_rail_have_nothing_beyond_them():
    made = drawn(("2026-27-q4", 1, 0))
    assert (made.earlier, made.later, made.gaps) == (None, None, False)


def test_the_bars_share_one_scale_and_stand_on_the_floor():
    low, high = reversed(columns(drawn(("2026-27-q2", 40, 30), ("2026-27-q1", 20, 5))))
    assert high.within_height + high.above_height == TALLEST
    assert low.within_height + low.above_height == TALLEST / 2
    for column in (low, high):
        assert column.above_top + column.above_height == FLOOR
        assert column.within_top + column.within_height == column.above_top


def test_an_edition_without_risks_can_be_drawn():
    assert columns(drawn(("2026-27-q2", 0, 0)))[0].words == "Q2 2026/27: 0 risks, 0 above appetite"


def test_a_very_long_rail_leaves_out_the_years_without_any_edition():
    made = drawn(("2090-91-q2", 1, 0), ("2026-27-q2", 1, 0))
    assert [year.label for year in made.years] == ["2090/91", "2026/27"]
