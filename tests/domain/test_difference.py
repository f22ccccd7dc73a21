"""Two editions compared: every entry has its place, and the counts add up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.domain import difference, passages, scale
from registers.domain.difference import ABSENT, CLOSED, GROUPS, SAME, Ending, compare, words_between


@dataclass(frozen=True)
class Row:
    """A snapshot as a comparison sees it."""

    entry_id: int = 1
    kind: str = scale.RISK
    reference: str = "CR1"
    title: str = "Roads"
    impact: int | None = 4
    likelihood: int | None = 4
    score: int | None = 16
    residual_impact: int | None = None
    residual_likelihood: int | None = None
    residual_score: int | None = 9
    residual_by: date | None = None
    owner_id: int | None = 7
    owner_text: str = ""
    direction: str = "level"

    @property
    def position(self) -> scale.Position | None:
        return scale.Position(self.impact, self.likelihood) if self.impact else None

    @property
    def residual_position(self) -> scale.Position | None:
        if not self.residual_impact:
            return None
        return scale.Position(self.residual_impact, self.residual_likelihood)


def at(impact: int, likelihood: int, **values: object) -> Row:
    return Row(impact=impact, likelihood=likelihood, score=impact * likelihood, **values)


def score_only(score: int | None, **values: object) -> Row:
    return Row(impact=None, likelihood=None, score=score, **values)


def change(before: Row | None, after: Row | None, **values: object) -> difference.Change:
    return difference.Change(before, after, **values)


def steps(before: Row, after: Row) -> list[str]:
    return [f"{step.what}: {step.before} to {step.after}" for step in change(before, after).steps()]


@pytest.mark.parametrize(
    ("kind", "before", "after", "group"),
    [
        (scale.RISK, at(4, 4), at(4, 5), difference.ROSE),
        (scale.RISK, at(4, 4), at(3, 4), difference.FELL),
        (scale.OPPORTUNITY, at(3, 3), at(4, 3), difference.GREW),
        (scale.OPPORTUNITY, at(4, 3), at(3, 3), difference.SHRANK),
        (scale.RISK, at(4, 5), at(5, 4), SAME),
        (scale.RISK, score_only(20), at(5, 4), SAME),
        (scale.RISK, score_only(None), at(5, 4), difference.UNKNOWN),
        (scale.RISK, at(5, 4), score_only(None), difference.UNKNOWN),
        (scale.RISK, score_only(None), score_only(None), difference.UNKNOWN),
        (scale.RISK, None, at(4, 4), difference.NEW),
        (scale.RISK, at(4, 4), None, ABSENT),
    ],
)
def test_an_entry_belongs_to_the_group_of_what_its_score_did(kind, before, after, group):
    found = change(before and replace(before, kind=kind), after and replace(after, kind=kind))
    assert found.group == group


def test_gone_with_a_statement_is_closed_and_without_one_is_absent():
    rows = [Row(entry_id=1), Row(entry_id=2, reference="CR2")]
    found = compare(rows, [], endings={1: Ending("Merged into CR4", "One programme now")})
    assert [row.entry_id for row in found.groups[CLOSED]] == [1]
    assert [row.entry_id for row in found.groups[ABSENT]] == [2]


def test_a_statement_on_an_entry_that_is_still_there_closes_nothing():
    found = compare([Row()], [Row()], endings={1: Ending("Closed", "Done")})
    assert found.counts[SAME] == 1
    assert found.counts[CLOSED] == 0


def test_what_changed_is_said_level_by_level():
    assert steps(at(4, 4), at(4, 5)) == ["Likelihood: Likely to Certain"]
    assert steps(at(4, 5), at(5, 4)) == [
        "Impact: Major to Catastrophic",
        "Likelihood: Certain to Likely",
    ]
    assert steps(score_only(20), at(5, 4)) == [
        "Position: not recorded to Catastrophic × Likely",
    ]
    assert steps(score_only(None), at(2, 2)) == [
        "Position: not recorded to Minor × Unlikely",
        "Score: none to 4",
    ]


def test_what_became_of_the_promise_is_said_too():
    before = Row(residual_score=9, residual_by=date(2027, 3, 31))
    after = Row(residual_score=12, residual_by=date(2027, 9, 30))
    assert steps(before, after) == [
        "Residual: 9 to 12",
        "Residual by: 31 March 2027 to 30 September 2027",
    ]
    before = Row(residual_score=12, residual_impact=4, residual_likelihood=3)
    after = Row(residual_score=12, residual_impact=3, residual_likelihood=4)
    assert steps(before, after) == [
        "Residual position: Major × Possible to Moderate × Likely",
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [("up", "down", True), ("up", "", True), ("new", "level", False), ("", "up", False)],
)
def test_that_a_new_entry_is_no_longer_new_is_no_change(before, after, said):
    found = change(Row(direction=before), Row(direction=after))
    assert bool(found.steps()) is said
    assert found.unchanged is not said


def test_nothing_changed_is_claimed_only_where_nothing_did():
    assert change(Row(), Row()).unchanged
    for after in (
        Row(reference="CR2"),
        Row(title="Highways"),
        Row(owner_id=8),
        Row(residual_score=12),
    ):
        assert not change(Row(), after).unchanged
    assert not change(Row(), Row(), reworded=True).unchanged


def test_an_owner_without_a_post_is_compared_as_printed():
    assert change(Row(owner_id=7), Row(owner_id=8)).owner_changed
    assert change(Row(owner_id=7), Row(owner_id=None, owner_text="A and B")).owner_changed
    assert not change(Row(owner_text="DCS"), Row(owner_text="The DCS")).owner_changed
    assert change(
        Row(owner_id=None, owner_text="A"), Row(owner_id=None, owner_text="A and B")
    ).owner_changed


def test_those_with_nothing_changed_are_listed_last():
    before = [Row(entry_id=1), Row(entry_id=2), Row(entry_id=3)]
    after = [Row(entry_id=1), Row(entry_id=2, title="Highways"), at(5, 5, entry_id=3)]
    assert [row.entry_id for row in compare(before, after).listed()] == [3, 2, 1]


SCORED = st.one_of(
    st.builds(at, st.sampled_from(scale.LEVELS), st.sampled_from(scale.LEVELS)),
    st.builds(score_only, st.sampled_from([None, *scale.SCORES])),
)


@st.composite
def editions(draw) -> tuple[list[Row], list[Row], dict[int, Ending], set[int]]:
    """Two editions of one register, with closures and rewordings of some of its entries."""
    kinds = draw(st.lists(st.sampled_from([scale.RISK, scale.OPPORTUNITY]), max_size=12))
    sides: tuple[list[Row], list[Row]] = ([], [])
    for entry, kind in enumerate(kinds):
        for side in draw(st.sampled_from([(0,), (1,), (0, 1)])):
            row = replace(
                draw(SCORED),
                entry_id=entry,
                kind=kind,
                reference=draw(st.sampled_from(["CR1", "CR2"])),
                owner_id=draw(st.sampled_from([None, 1, 2])),
            )
            sides[side].append(row)
    some = st.sets(st.sampled_from(range(max(len(kinds), 1))))
    endings = {entry: Ending("Closed", "Done") for entry in draw(some)}
    return *sides, endings, draw(some)


@given(editions())
def test_every_entry_of_either_edition_is_in_exactly_one_group(made):
    before, after, endings, reworded = made
    found = compare(before, after, endings=endings, reworded=reworded)
    grouped = [row.entry_id for group in GROUPS for row in found.groups[group]]
    everyone = {row.entry_id for row in before} | {row.entry_id for row in after}
    assert sorted(grouped) == sorted(everyone)
    assert sorted(row.entry_id for row in found.listed()) == sorted(everyone)
    assert sum(found.counts.values()) == found.total == len(everyone)


@given(editions())
def test_the_counts_lead_from_one_edition_to_the_other(made):
    before, after, endings, reworded = made
    counts = compare(before, after, endings=endings, reworded=reworded).counts
    both = sum(counts[group] for group in GROUPS if group not in (difference.NEW, ABSENT, CLOSED))
    assert len(before) == both + counts[ABSENT] + counts[CLOSED]
    assert len(after) == both + counts[difference.NEW]


@given(editions())
def test_only_an_entry_of_both_editions_is_renumbered_reworded_or_passed_on(made):
    before, after, endings, reworded = made
    found = compare(before, after, endings=endings, reworded=reworded)
    both = {row.entry_id for row in before} & {row.entry_id for row in after}
    for one in found.changes:
        if one.renumbered or one.reworded or one.retitled or one.owner_changed or one.steps():
            assert one.entry_id in both
        if one.unchanged:
            assert one.group in (SAME, difference.UNKNOWN)


@dataclass(frozen=True)
class Text:
    controls: str = ""
    actions: str = ""

    def passage(self, column: str) -> passages.Passage:
        return passages.parse(self.controls) if column == "controls" else ()

    def actions_passage(self) -> passages.Passage:
        return passages.parse(self.actions)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (
            Text("A monthly review"),
            Text("A weekly review by the board"),
            "4 words added, 1 removed",
        ),
        (Text("A monthly review"), Text("A review"), "1 word removed"),
        (Text(actions="Hire staff"), Text(actions="Hire staff now"), "1 word added"),
        (Text("One\nTwo"), Text("One\n  - Two"), "Text changed"),
    ],
)
def test_the_words_of_a_change_are_counted_over_all_its_texts(before, after, words):
    assert str(words_between(before, after)) == words
