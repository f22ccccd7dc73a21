"""An answer to a flag holds until its day, and as long as the flag rests on what it rested on."""

from __future__ import annotations

from datetime import date

import pytest

from registers.domain.content import Answer, Content
from registers.domain.flags import flags_of, heaviest_first
from registers.domain.flags.flag import Flag
from registers.domain.flags.standing import Standing, read, written
from registers.domain.path import Path
from tests.domain.paths import action, risk

FOREVER = date(2100, 1, 1)


def flag(path: Path, code: str) -> Flag:
    return next(one for one in flags_of(path) if one.code == code)


def answering(path: Path, code: str, until: date = FOREVER, reason: str = "So be it.") -> Path:
    """The same path, whose last edition says this to a flag."""
    said = Answer(code, reason, until, "", flag(path, code).proof)
    return Path(path.kind, (*path.stops[:-1], path.latest._replace(answers=(said,))))


def going_on(path: Path, **changes: object) -> Path:
    """The path with one more edition, which says the same but for these."""
    last = path.latest
    terms = last.terms._replace(quarter=last.quarter.next)
    after: Content = last._replace(terms=terms, answers=(), **changes)
    return Path(path.kind, (*path.stops, after))


TEXT = "• The board meets every month and reads the accounts of all the homes"
LASTING = {
    "stuck": risk("4x4", "4x4", "4x4", "4x4"),
    "above-appetite": risk("4x4", "4x5", "4x4", "4x5"),
    "residual-never-reached": risk("4x4", "4x4", "4x4", "4x4", residual=8),
    "residual-overdue": risk("4x4", residual=8, residual_by=date(2020, 1, 1)),
    "residual-equals-score": risk("4x4", residual=16),
    "direction-without-movement": risk("3x3", "3x3", "3x3", direction="up"),
    "controls-unchanged": risk(*["3x3"] * 4, texts={"controls": TEXT}),
    "no-action": risk("4x4"),
    "no-owner": risk("3x3", owner=""),
    "no-score": risk(None),
    "action-without-date": risk("3x3", actions=(action(due=None),)),
    "action-overdue": risk("3x3", actions=(action(due=date(2020, 1, 1)),)),
}


@pytest.mark.parametrize("code", LASTING)
def test_that_something_lasted_for_one_edition_more_is_no_new_evidence(code):
    path = going_on(answering(LASTING[code], code))
    assert flag(path, code).answer.reason == "So be it."
    assert flag(path, code).answer.quarter == path.before.quarter


def test_an_answer_lapses_when_its_day_has_passed_by_the_day_of_the_edition():
    path = answering(LASTING["stuck"], "stuck", until=LASTING["stuck"].latest.as_at)
    assert flag(path, "stuck").answer
    assert flag(going_on(path), "stuck").answer is None


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("action-overdue", {"actions": (action("Paint", due=date(2020, 1, 1)),)}),
        ("residual-never-reached", {"residual_score": 8, "score": 20, "position": None}),
        ("residual-equals-score", {"residual_score": 20, "score": 20, "position": None}),
        ("above-appetite", {"score": 16}),
    ],
)
def test_an_answer_lapses_when_the_flag_rests_on_something_else(code, changes):
    path = answering(LASTING[code], code)
    assert flag(path, code).answer
    assert flag(going_on(path, **changes), code).answer is None


def test_of_several_overdue_actions_each_is_part_of_the_evidence():
    def late(*texts: str) -> tuple[object, ...]:
        return tuple(action(text, due=date(2020, 1, 1)) for text in texts)

    path = answering(risk("3x3", actions=late("A", "B", "C")), "action-overdue")
    after = going_on(path, actions=late("A", "B", "D"))
    assert flag(after, "action-overdue").sentence == flag(path, "action-overdue").sentence
    assert flag(after, "action-overdue").answer is None


def test_the_last_answer_counts():
    path = going_on(answering(LASTING["stuck"], "stuck", reason="Old."))
    assert flag(answering(path, "stuck", reason="New."), "stuck").answer.reason == "New."


def test_an_answered_flag_leads_nothing_and_is_kept_with_its_answer():
    answered = flag(answering(LASTING["stuck"], "stuck"), "stuck")
    light = Flag("no-position", "No position", "None.", 20)
    assert heaviest_first([answered, light]) == [light, answered]
    standing = Standing((light, answered))
    assert standing.weight == Standing((light,)).weight
    assert Standing((answered,)).heavy == 0
    assert read(written(standing)) == standing
