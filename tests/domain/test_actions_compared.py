"""What became of the actions of an entry between two editions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from registers.domain.content import Action
from registers.domain.difference import actions as promised

JUNE, SEPTEMBER = date(2026, 6, 30), date(2026, 9, 30)
RECRUIT = Action("a", "Recruit ten carers", due=JUNE, status="in_progress")


def said(before: list[Action], after: list[Action]) -> list[str]:
    return [str(change) for change in promised.changes(before, after)]


def test_nothing_became_of_an_action_that_stands_as_it_did():
    assert said([RECRUIT], [replace(RECRUIT)]) == []


def test_an_action_with_a_new_key_was_added():
    assert said([], [RECRUIT]) == ["“Recruit ten carers”: added, due 30 June 2026"]
    assert said([], [replace(RECRUIT, due=None)]) == ["“Recruit ten carers”: added, with no date"]


@pytest.mark.parametrize(
    ("was", "now", "sentence", "slipped"),
    [
        (JUNE, SEPTEMBER, "due date moved from 30 June to 30 September 2026", True),
        (SEPTEMBER, JUNE, "due date moved from 30 September to 30 June 2026", False),
        (JUNE, None, "due date taken away, was 30 June 2026", True),
        (None, JUNE, "due date set to 30 June 2026", False),
    ],
)
def test_a_due_date_that_moved_says_from_when_to_when(was, now, sentence, slipped):
    (change,) = promised.changes([replace(RECRUIT, due=was)], [replace(RECRUIT, due=now)])
    assert str(change) == f"“Recruit ten carers”: {sentence}"
    assert change.slipped == slipped


def test_a_slip_a_done_and_a_dropped_action_give_the_reason():
    because = {"reason": "No bids came in. "}
    assert said([RECRUIT], [replace(RECRUIT, due=SEPTEMBER, **because)]) == [
        "“Recruit ten carers”: due date moved from 30 June to 30 September 2026, "
        "because: No bids came in"
    ]
    assert said([RECRUIT], [replace(RECRUIT, status="dropped", **because)]) == [
        "“Recruit ten carers”: dropped, because: No bids came in"
    ]
    assert said([RECRUIT], [replace(RECRUIT, status="done")]) == ["“Recruit ten carers”: done"]


def test_an_action_that_is_gone_is_missing_unless_it_was_over():
    assert said([RECRUIT], []) == ["“Recruit ten carers”: missing, and nobody says why"]
    for over in ("done", "dropped"):
        assert said([replace(RECRUIT, status=over)], []) == []


def test_a_reworded_action_may_have_slipped_too():
    after = replace(RECRUIT, text="Look for ten carers", due=SEPTEMBER)
    kinds = [change.kind for change in promised.changes([RECRUIT], [after])]
    assert kinds == [promised.REWORDED, promised.REDATED]


def test_an_action_is_named_by_its_first_words():
    long = replace(RECRUIT, text="one two three four five six seven eight nine ten")
    assert said([], [long])[0].startswith("“one two three four five six seven eight …”: added")


def test_who_leads_it_and_that_it_is_under_way_are_told():
    assert said([replace(RECRUIT, lead="HR")], [replace(RECRUIT, lead="Finance")]) == [
        "“Recruit ten carers”: led by Finance, was HR"
    ]
    waiting = replace(RECRUIT, status="not_started")
    assert said([waiting], [RECRUIT]) == ["“Recruit ten carers”: under way now"]
    assert said([RECRUIT], [waiting]) == ["“Recruit ten carers”: not under way"]


def test_a_reworded_action_shows_its_words():
    (change,) = promised.changes([RECRUIT], [replace(RECRUIT, text="Recruit twelve carers")])
    assert (change.difference.added, change.difference.removed) == (1, 1)


def test_what_was_done_and_is_not_is_open_again():
    done = replace(RECRUIT, status="done")
    assert said([done], [RECRUIT]) == ["“Recruit ten carers”: open again"]


def test_the_date_of_what_is_done_is_no_news():
    done = replace(RECRUIT, status="done")
    assert said([done], [replace(done, due=SEPTEMBER)]) == []
