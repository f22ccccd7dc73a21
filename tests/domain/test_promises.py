"""Actions as a committee reads them."""

from datetime import date

from registers.domain.promises import is_table, lines, summary
from tests.domain.paths import action, risk

DUES = [date(2024, 9, 30), date(2024, 11, 30), date(2025, 1, 31), date(2025, 3, 31)]


def told(path):
    return lines(path, path.latest.actions)


def slipping(*dues, **values):
    return risk(*["4x4"] * len(dues), actions=[(action(due=due, **values),) for due in dues])


def test_a_date_put_off_in_this_edition_says_by_how_much_and_how_often():
    line = told(slipping(*DUES))[0]
    assert line.word == "Slipped by 2 months, third time"
    assert line.notes == ("In progress", "First due 30 September 2024")
    assert line.css == "st-back"


def test_the_first_slip_is_not_counted():
    assert told(slipping(*DUES[:2]))[0].word == "Slipped by 2 months"


def test_an_earlier_slip_stands_below_the_status():
    line = told(slipping(DUES[0], DUES[3], DUES[3]))[0]
    assert line.word == "In progress"
    assert line.notes == ("Slipped once, first due 30 September 2024",)


def test_an_overdue_action_says_so_as_of_the_quarter():
    line = told(risk("4x4", actions=(action(due=date(2024, 5, 1)),)))[0]
    assert line.word == "Overdue"
    assert line.overdue


def test_a_done_action_tells_its_day():
    done = action(status="done", completed_on=date(2024, 5, 1), due=date(2024, 4, 1))
    line = told(risk("4x4", actions=(done,)))[0]
    assert line.word == "Done 1 May 2024"
    assert not line.overdue


def test_a_reason_is_told_below():
    line = told(risk("4x4", actions=(action(status="dropped", reason="No money."),)))[0]
    assert (line.word, line.notes) == ("Dropped", ("No money.",))


def test_points_of_an_old_document_are_no_table():
    assert not is_table((action(status=""), action(status="", level=1)))
    assert is_table((action(status="", lead="Head of Roads"),))


def test_the_summary_counts_what_a_committee_asks_about():
    path = risk(
        "4x4",
        "4x4",
        actions=[
            (action("A", due=DUES[0]),),
            (
                action("A", due=DUES[1]),
                action("B", status="done"),
                action("C"),
                action("D", due=date(2024, 1, 1)),
            ),
        ],
    )
    assert summary(told(path)) == "4 actions: 1 done, 1 overdue, 1 slipped, 1 with no date"
    assert summary(()) == ""
    assert summary(told(risk("4x4", actions=(action(due=date(2030, 1, 1)),)))) == "1 action"
