"""One entry's path: steps that stays are merged into, what changed, what was put off."""

from datetime import date

import pytest

from registers.domain import movement
from registers.domain.content import Strand
from registers.domain.english import later_by, ordinal, times
from registers.domain.quarters import Quarter
from tests.domain.paths import GAP, action, opportunity, risk


def test_editions_in_a_row_on_one_square_are_one_step_with_its_span():
    stays = risk("4x4", "4x4", "5x4", "4x4").stays
    assert [stay.number for stay in stays] == [1, 2, 3]
    assert stays[0].span == "Q1 to Q2 2024/25"
    assert stays[0].lasting == "2 quarters"
    assert stays[2].span == "Q4 2024/25"
    assert stays[2].lasting == "1 quarter"


def test_a_span_over_two_years_names_both():
    assert risk(*["4x4"] * 6).stays[0].span == "Q1 2024/25 to Q2 2025/26"


def test_a_missing_edition_does_not_end_a_stay_but_is_not_counted():
    stay = risk("4x4", GAP, "4x4").stays[0]
    assert stay.span == "Q1 to Q3 2024/25"
    assert stay.lasting == "2 editions"


def test_a_score_without_a_position_is_a_step_without_a_number():
    stays = risk("4x4", 20, 20, "5x4").stays
    assert [(stay.number, stay.score) for stay in stays] == [(1, 16), (None, 20), (2, 20)]


def test_the_same_score_on_another_square_is_another_step():
    assert [stay.number for stay in risk("4x5", "5x4").stays] == [1, 2]


def test_another_score_without_a_position_is_another_step():
    assert len(risk(20, 16, None, None).stays) == 3


def test_an_old_edition_shows_the_path_as_it_was_then():
    path = risk("4x4", "5x4", "5x5")
    assert path.until(Quarter(2024, 2)).latest.score == 20
    assert len(path.until(Quarter(2024, 2)).stops) == 2


def test_the_movement_is_against_the_edition_before():
    assert risk("4x4", "4x5").movement.words == "Up 4"
    assert risk("4x4", "4x5").movement.meaning == movement.WORSE
    assert opportunity("4x4", "4x5").movement.meaning == movement.BETTER
    assert risk("4x4").movement.kind == movement.NEW


def test_sections_that_changed_are_named_for_each_edition():
    path = risk(
        "4x4",
        "4x4",
        "4x4",
        texts=[
            {"controls": "Rota", "commentary": "On time"},
            {"controls": "Rota", "commentary": "Late"},
            {"controls": "Rota\nInspection", "commentary": "Late"},
        ],
        owner=["CMT", "CMT", "Director of Roads"],
    )
    assert path.changes() == [(), ("commentary",), ("owner", "controls")]


def test_another_word_in_a_strand_is_a_change_of_the_section():
    path = risk(
        "4x4",
        "4x4",
        strands=[
            (Strand(1, "Funding", controls="Rota"),),
            (Strand(1, "Funding", controls="List"),),
        ],
    )
    assert path.changes()[1] == ("controls",)


def test_a_section_says_since_when_it_reads_as_it_does():
    path = risk(
        *["4x4"] * 4, texts=[{"controls": words} for words in ("Rota", "List", "List", "List")]
    )
    assert path.lately("controls")[0].quarter == Quarter(2024, 2)


def test_every_later_date_of_an_action_is_a_slip_and_an_earlier_one_is_not():
    dues = [date(2024, 9, 30), date(2024, 8, 31), date(2024, 12, 31), date(2025, 3, 31)]
    path = risk(*["4x4"] * 4, actions=[(action(due=due),) for due in dues])
    slips = path.slips["Repair the bridge"]
    assert [(slip.was, slip.now) for slip in slips] == [
        (date(2024, 8, 31), date(2024, 12, 31)),
        (date(2024, 12, 31), date(2025, 3, 31)),
    ]
    assert slips[-1].quarter == Quarter(2024, 4)


def test_a_date_that_is_left_out_for_an_edition_still_slips_when_it_comes_back():
    dues = [date(2024, 9, 30), None, date(2024, 12, 31)]
    path = risk(*["4x4"] * 3, actions=[(action(due=due),) for due in dues])
    assert len(path.slips["Repair the bridge"]) == 1


def test_an_action_is_overdue_as_of_the_day_of_the_edition():
    due, later = action(due=date(2024, 6, 14)), action("Other", due=date(2024, 6, 15))
    path = risk("4x4", actions=(due, later), day=date(2024, 6, 15))
    assert path.is_overdue(due)
    assert not path.is_overdue(later)


def test_where_an_edition_has_no_day_an_action_is_overdue_as_of_the_end_of_the_quarter():
    late, in_time = action(due=date(2024, 6, 29)), action("Other", due=date(2024, 6, 30))
    path = risk("4x4", actions=(late, in_time))
    assert path.latest.as_at == date(2024, 6, 30)
    assert path.is_overdue(late)
    assert not path.is_overdue(in_time)


def test_a_done_action_is_never_overdue():
    path = risk("4x4", actions=(done := action(due=date(2020, 1, 1), status="done"),))
    assert not path.is_overdue(done)


def test_each_earlier_number_is_told_with_its_last_quarter():
    path = risk(*["4x4"] * 3, reference=["CR18", "CR18", "CR7"])
    assert path.renumberings == (("CR18", Quarter(2024, 2)),)


def test_only_a_risk_is_above_appetite():
    assert len(risk("4x4", "3x4", "5x5").above_appetite) == 2
    assert opportunity("5x5").above_appetite == ()


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        (date(2027, 1, 31), date(2027, 3, 31), "2 months"),
        (date(2026, 11, 30), date(2027, 1, 31), "2 months"),
        (date(2026, 1, 31), date(2026, 2, 28), "1 month"),
        (date(2026, 3, 21), date(2026, 6, 13), "2 months"),
        (date(2026, 3, 21), date(2026, 4, 3), "13 days"),
        (date(2026, 3, 21), date(2026, 3, 22), "1 day"),
        (date(2025, 12, 31), date(2026, 12, 31), "12 months"),
    ],
)
def test_how_much_later_is_told_in_whole_months_or_in_days(was, now, words):
    assert later_by(was, now) == words


def test_counts_are_told_in_words_as_far_as_words_are_short():
    assert [times(count) for count in (1, 2, 3, 9)] == ["once", "twice", "three times", "9 times"]
    assert [ordinal(count) for count in (1, 3, 11)] == ["first", "third", "11th"]


def test_an_action_is_compared_with_its_lead_and_date():
    stop = risk("4x4", actions=(action(lead="Head of Roads", due=date(2024, 9, 30)),)).latest
    assert [point.text for point in stop.points("actions")] == [
        "Repair the bridge. Lead: Head of Roads. Due 30 September 2024."
    ]
