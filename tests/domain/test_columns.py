"""The columns of a register: what they say of an entry, and how a list is put in their order."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.domain import scale
from registers.domain.columns import BY_NAME, COLUMNS, Beside, Earlier, in_order
from registers.domain.content import Action, Content, Strand, Terms
from registers.domain.flags.flag import Flag
from registers.domain.flags.standing import Standing
from registers.domain.quarters import Quarter
from registers.domain.scale import Position

NOW = Terms(Quarter(2026, 2))
ENTRY = Content(
    NOW,
    entry=1,
    reference="CR1",
    title="Roads",
    score=20,
    position=Position(4, 5),
    residual_score=9,
    residual_by=date(2027, 3, 31),
    inherent_score=25,
    inherent_position=Position(5, 5),
    direction="up",
    owner_text="CMT",
    types=("People",),
    texts={"description": "", "consequences": "", "controls": "A\n  - B", "commentary": "On."},
    strands=(Strand(1, "Funding", types=("Legal",), controls="Rota"),),
    actions=(Action("a", "Recruit"),),
)
STANDING = Standing(
    (Flag("stuck", "Stuck", "", 75), Flag("no-owner", "No owner is named", "", 55)),
    above_since=Quarter(2025, 1),
    above_for=5,
    at_for=3,
    overdue=2,
)
BESIDE = Beside(
    {1: {7: Earlier(12, None), 8: Earlier(16, Position(4, 4))}},
    editions=[6, 7, 8],
    before=8,
    standings={1: STANDING},
)


def said(name: str, one: Content = ENTRY, beside: Beside = BESIDE) -> object:
    return BY_NAME[name].value(one, beside)


def test_each_column_says_its_part_of_an_entry():
    assert {column.name: column.value(ENTRY, BESIDE) for column in COLUMNS} == {
        "reference": "CR1",
        "title": "Roads",
        "type": "Legal; People",
        "owner": "CMT",
        "inherent": 25,
        "inherent_position": "Catastrophic × Certain",
        "score": 20,
        "position": "Major × Certain",
        "band": "Very high",
        "residual": 9,
        "residual_position": "Not recorded",
        "residual_by": date(2027, 3, 31),
        "since": "Up 4",
        "says": "Up",
        "trend": "12, 16, 20",
        "flags": "Stuck; No owner is named",
        "above_since": "Q1 2025/26",
        "at_score": 3,
        "late": "2 overdue",
        "description": "",
        "consequences": "",
        "controls": "• A\n  • B\n1. Funding\n• Rota",
        "actions": "• Recruit",
        "commentary": "On.",
    }


def test_a_trend_begins_with_the_first_edition_that_has_the_entry_and_shows_its_gaps():
    gap = Beside({1: {6: Earlier(9, None), 8: Earlier(None, None)}}, editions=[6, 7, 8])
    assert said("trend", beside=gap) == "9, –, –, 20"
    assert said("trend", beside=Beside()) == "20"


def test_that_an_owner_sent_no_update_stands_where_the_statement_would():
    silent = ENTRY._replace(direction="")
    assert said("says", silent) == "Not stated"
    assert said("says", silent, Beside(carried=frozenset({1}))) == "Carried forward, no update"


def entry(reference: str, score: int | None, kind: str = scale.RISK) -> Content:
    return Content(NOW, entry=1, kind=kind, reference=reference, score=score)


LIST = st.lists(
    st.builds(
        entry,
        st.sampled_from(["CR1", "CR2", "CR10", "CS1"]),
        st.none() | st.sampled_from(scale.SCORES),
        st.sampled_from([scale.RISK, scale.OPPORTUNITY]),
    ),
    max_size=8,
)


@given(LIST, st.booleans())
def test_risks_come_first_and_what_has_no_value_comes_last_either_way(contents, descending):
    found = in_order(contents, BY_NAME["score"], Beside(), descending=descending)
    assert sorted(map(repr, found)) == sorted(map(repr, contents))
    kinds = [one.kind for one in found]
    assert kinds == sorted(kinds, reverse=True), "'risk' comes after 'opportunity' in the alphabet"
    for kind in (scale.RISK, scale.OPPORTUNITY):
        scores = [one.score for one in found if one.kind == kind]
        known = [score for score in scores if score is not None]
        assert scores == [*sorted(known, reverse=descending), *[None] * (len(scores) - len(known))]


@pytest.mark.parametrize("descending", [False, True])
def test_equals_stand_in_the_order_of_their_numbers(descending):
    contents = [entry(reference, 9) for reference in ("CS1", "CR10", "CR2")]
    found = in_order(contents, BY_NAME["score"], Beside(), descending=descending)
    assert [one.reference for one in found] == ["CR2", "CR10", "CS1"]
