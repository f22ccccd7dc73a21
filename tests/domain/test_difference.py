"""Two editions compared: every entry has its place, and the counts add up."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.domain import difference, scale
from registers.domain.content import Action, Content, Strand, Terms
from registers.domain.difference import ABSENT, CLOSED, GROUPS, SAME, Change, Ending, compare
from registers.domain.quarters import Quarter

NOW = Terms(Quarter(2026, 2))


def row(**values: object) -> Content:
    """What one of the editions says of an entry."""
    usual = {"entry": 1, "reference": "CR1", "title": "Roads", "residual_score": 9, "post": 7}
    return Content(NOW, **{**usual, "direction": "level", **AT_16, **values})


AT_16 = {"score": 16, "position": scale.Position(4, 4)}


def at(impact: int, likelihood: int, **values: object) -> Content:
    return row(position=scale.Position(impact, likelihood), score=impact * likelihood, **values)


def score_only(score: int | None, **values: object) -> Content:
    return row(position=None, score=score, **values)


def change(before: Content | None, after: Content | None, **values: object) -> difference.Change:
    return difference.Change(before, after, **values)


def steps(before: Content, after: Content) -> list[str]:
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
    found = change(before and before._replace(kind=kind), after and after._replace(kind=kind))
    assert found.group == group


def test_gone_with_a_statement_is_closed_and_without_one_is_absent():
    rows = [row(entry=1), row(entry=2, reference="CR2")]
    found = compare(rows, [], endings={1: Ending("Merged into CR4", "One programme now")})
    assert [one.entry for one in found.groups[CLOSED]] == [1]
    assert [one.entry for one in found.groups[ABSENT]] == [2]


def test_a_statement_on_an_entry_that_is_still_there_closes_nothing():
    found = compare([row()], [row()], endings={1: Ending("Closed", "Done")})
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
    before = row(residual_score=9, residual_by=date(2027, 3, 31))
    after = row(residual_score=12, residual_by=date(2027, 9, 30))
    assert steps(before, after) == [
        "Residual: 9 to 12",
        "Residual by: 31 March 2027 to 30 September 2027",
    ]
    before = row(residual_score=12, residual_position=scale.Position(4, 3))
    after = row(residual_score=12, residual_position=scale.Position(3, 4))
    assert steps(before, after) == [
        "Residual position: Major × Possible to Moderate × Likely",
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [("up", "down", True), ("up", "", True), ("new", "level", False), ("", "up", False)],
)
def test_that_a_new_entry_is_no_longer_new_is_no_change(before, after, said):
    found = change(row(direction=before), row(direction=after))
    assert bool(found.steps()) is said
    assert found.unchanged is not said


def test_nothing_changed_is_claimed_only_where_nothing_did():
    assert change(row(), row()).unchanged
    for after in (
        row(reference="CR2"),
        row(title="Highways"),
        row(post=8),
        row(residual_score=12),
    ):
        assert not change(row(), after).unchanged
    assert not change(row(), row(), reworded=True).unchanged


def test_an_owner_without_a_post_is_compared_as_printed():
    assert change(row(post=7), row(post=8)).owner_changed
    assert change(row(post=7), row(post=None, owner_text="A and B")).owner_changed
    assert not change(row(owner_text="DCS"), row(owner_text="The DCS")).owner_changed
    assert change(
        row(post=None, owner_text="A"), row(post=None, owner_text="A and B")
    ).owner_changed


def test_those_with_nothing_changed_are_listed_last():
    before = [row(entry=1), row(entry=2), row(entry=3)]
    after = [row(entry=1), row(entry=2, title="Highways"), at(5, 5, entry=3)]
    assert [one.entry for one in compare(before, after).listed()] == [3, 2, 1]


SCORED = st.one_of(
    st.builds(at, st.sampled_from(scale.LEVELS), st.sampled_from(scale.LEVELS)),
    st.builds(score_only, st.sampled_from([None, *scale.SCORES])),
)


@st.composite
def editions(draw) -> tuple[list[Content], list[Content], dict[int, Ending], set[int]]:
    """Two editions of one register, with closures and rewordings of some of its entries."""
    kinds = draw(st.lists(st.sampled_from([scale.RISK, scale.OPPORTUNITY]), max_size=12))
    sides: tuple[list[Content], list[Content]] = ([], [])
    for entry, kind in enumerate(kinds):
        for side in draw(st.sampled_from([(0,), (1,), (0, 1)])):
            said = draw(SCORED)._replace(
                entry=entry,
                kind=kind,
                reference=draw(st.sampled_from(["CR1", "CR2"])),
                post=draw(st.sampled_from([None, 1, 2])),
            )
            sides[side].append(said)
    some = st.sets(st.sampled_from(range(max(len(kinds), 1))))
    endings = {entry: Ending("Closed", "Done") for entry in draw(some)}
    return *sides, endings, draw(some)


@given(editions())
def test_every_entry_of_either_edition_is_in_exactly_one_group(made):
    before, after, endings, reworded = made
    found = compare(before, after, endings=endings, reworded=reworded)
    grouped = [row.entry for group in GROUPS for row in found.groups[group]]
    everyone = {row.entry for row in before} | {row.entry for row in after}
    assert sorted(grouped) == sorted(everyone)
    assert sorted(row.entry for row in found.listed()) == sorted(everyone)
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
    both = {row.entry for row in before} & {row.entry for row in after}
    for one in found.changes:
        if one.renumbered or one.reworded or one.retitled or one.owner_changed or one.steps():
            assert one.entry in both
        if one.unchanged:
            assert one.group in (SAME, difference.UNKNOWN)


def worded(controls: str = "", **values: object) -> Content:
    return row(texts={"controls": controls}, **values)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (
            worded("A monthly review"),
            worded("A weekly review by the board"),
            "4 words added, 1 removed",
        ),
        (worded("A monthly review"), worded("A review"), "1 word removed"),
        (
            worded(strands=(Strand(1, "Funding", controls="Rota"),)),
            worded(strands=(Strand(1, "Funding", controls="Weekly Rota"),)),
            "1 word added",
        ),
        (worded("One\nTwo"), worded("One\n  - Two"), "Text changed"),
    ],
)
def test_the_words_of_a_change_are_counted_over_all_its_texts(before, after, words):
    found = Change.of_texts(before, after)
    assert found.reworded
    assert str(found.words) == words


def test_an_action_that_changed_is_told_and_is_no_changed_text():
    june, september = date(2026, 6, 30), date(2026, 9, 30)
    before = worded(actions=(Action("a", "Recruit", due=june, status="in_progress"),))
    slipped = Action("a", "Recruit", due=september, status="in_progress", reason="No bids.")
    found = Change.of_texts(before, worded(actions=(slipped,)))
    assert not found.reworded
    assert not found.unchanged
    assert list(found.notes("Q1")) == [
        "Action “Recruit”: due date moved from 30 June to 30 September 2026, because: No bids"
    ]
