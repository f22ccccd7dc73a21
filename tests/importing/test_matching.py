"""Which entry is this row? Never by the reference alone, in any order, and never silently."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.domain.quarters import Quarter
from registers.domain.scale import OPPORTUNITY, RISK
from registers.importing.matching import (
    DECIDED,
    DOUBTFUL,
    NEW,
    SURE,
    Appearance,
    Decisions,
    KnownEntry,
    RowToMatch,
    Text,
    compare,
    match_rows,
)

Q1, Q2, Q3, Q4 = (Quarter(2026, number) for number in (1, 2, 3, 4))

ROADS = Text(
    "CR1",
    ("Keeping the roads safe and open in winter",),
    ("Serious injury on untreated roads", "Schools and businesses close for days"),
    ("Renew the gritting contract", "Train forty reserve drivers"),
)
STAFF = Text(
    "CR2",
    ("Recruit and retain experienced social workers",),
    ("High caseloads", "Reliance on agency staff and its cost"),
    ("Launch the academy", "Review pay against neighbouring councils"),
)
DEMAND = Text(
    "CR3",
    ("Rising demand for home to school transport",),
    ("The budget is overspent every year",),
    ("Route planning software",),
)


def renumbered(text: Text, reference: str, **changes: tuple[str, ...]) -> Text:
    return Text(
        reference,
        changes.get("lines", text.lines),
        changes.get("consequences", text.consequences),
        changes.get("actions", text.actions),
    )


def known(entry_id: int, *appearances: tuple[Quarter, Text], kind: str = RISK) -> KnownEntry:
    return KnownEntry(entry_id, kind, tuple(Appearance(q, text) for q, text in appearances))


def match(*texts: Text, entries, quarter: Quarter = Q2, kind: str = RISK, decisions=None):
    return match_rows([RowToMatch(kind, text) for text in texts], entries, quarter, decisions)


REGISTER = [known(1, (Q1, ROADS)), known(2, (Q1, STAFF)), known(3, (Q1, DEMAND))]


def test_an_entry_is_found_again_under_another_number() -> None:
    found = match(
        renumbered(STAFF, "CR1"),
        renumbered(DEMAND, "CR2"),
        renumbered(ROADS, "CR3"),
        entries=REGISTER,
    )
    assert {reference: m.entry_id for reference, m in found.items()} == {
        "CR1": 2,
        "CR2": 3,
        "CR3": 1,
    }
    assert all(m.outcome == SURE for m in found.values())


def test_the_same_number_alone_makes_no_match() -> None:
    other = Text("CR1", ("Failure of the pension fund to meet its duties",), ("Deficit grows",))
    assert match(other, entries=REGISTER)["CR1"].outcome == NEW


def test_a_reworded_title_is_sure_where_the_consequences_say_the_same() -> None:
    reworded = renumbered(
        STAFF, "CR9", lines=("Recruit and retain experienced staff across social care",)
    )
    assert match(reworded, entries=REGISTER)["CR9"].entry_id == 2


def test_another_title_over_the_same_consequences_is_doubtful_and_not_matched() -> None:
    retitled = renumbered(STAFF, "CR2", lines=("A workforce for the future",))
    found = match(retitled, entries=REGISTER)["CR2"]
    assert (found.outcome, found.entry_id) == (DOUBTFUL, None)
    (candidate,) = found.candidates
    assert candidate.entry_id == 2
    assert candidate.likeness.consequences == 100
    assert candidate.likeness.total < 100


def test_a_like_title_alone_is_doubtful() -> None:
    like = Text(
        "CR7",
        ("Keeping the roads safe and open in summer",),
        ("Tar melts",),
        ("Buy parasols",),
    )
    assert match(like, entries=[known(1, (Q1, ROADS))], quarter=Q2)["CR7"].outcome in (
        SURE,
        DOUBTFUL,
    )
    less = renumbered(like, "CR7", lines=("Keeping the bridges safe and open",))
    assert match(less, entries=REGISTER)["CR7"].outcome != SURE


def test_two_entries_that_are_equally_good_leave_the_row_to_a_person() -> None:
    twins = [known(1, (Q1, ROADS)), known(2, (Q1, renumbered(ROADS, "CR8")))]
    found = match(renumbered(ROADS, "CR5"), entries=twins)["CR5"]
    assert found.outcome == DOUBTFUL
    assert {c.entry_id for c in found.candidates} == {1, 2}


def test_two_rows_that_are_equally_good_for_one_entry_are_both_left_to_a_person() -> None:
    found = match(
        renumbered(ROADS, "CR5"), renumbered(ROADS, "CR6"), entries=[known(1, (Q1, ROADS))]
    )
    assert {m.outcome for m in found.values()} == {DOUBTFUL}


def test_an_entry_is_given_to_one_row_only() -> None:
    like = renumbered(ROADS, "CR9", lines=("Keeping the roads safe and open",), actions=("Grit",))
    found = match(ROADS, like, entries=[known(1, (Q1, ROADS))])
    assert found["CR1"].entry_id == 1
    assert found["CR9"].entry_id is None


def test_a_risk_is_never_an_opportunity() -> None:
    chance = [known(1, (Q1, renumbered(ROADS, "CO1")), kind=OPPORTUNITY)]
    assert match(ROADS, entries=chance)["CR1"].outcome == NEW


def test_an_edition_older_than_all_others_is_matched_with_what_came_after() -> None:
    later = [known(1, (Q3, renumbered(ROADS, "CR4"))), known(2, (Q3, renumbered(STAFF, "CR1")))]
    found = match(ROADS, STAFF, entries=later, quarter=Q1)
    assert (found["CR1"].entry_id, found["CR2"].entry_id) == (1, 2)


def test_the_best_of_the_editions_around_it_counts() -> None:
    damaged = Text("CR1", ("Keeping",), (), ())
    drifting = [known(1, (Q1, ROADS), (Q2, damaged), (Q4, damaged))]
    assert match(ROADS, entries=drifting, quarter=Q3)["CR1"].entry_id == 1


def test_the_title_may_stand_in_another_line_of_the_description() -> None:
    both = renumbered(ROADS, "CO1", lines=("Delivering the plan", *ROADS.lines))
    assert match(both, entries=[known(1, (Q1, ROADS))])["CO1"].entry_id == 1


def test_openings_like_failure_to_do_not_count() -> None:
    negative = renumbered(
        STAFF, "CR5", lines=("Failure to recruit and retain experienced social workers",)
    )
    assert compare(negative, STAFF).title == 100


def test_points_cut_and_joined_anew_are_the_same_points() -> None:
    joined = renumbered(STAFF, "CR2", consequences=(". ".join(STAFF.consequences) + ".",))
    assert compare(joined, STAFF).consequences == 100


def test_a_blank_column_says_nothing_for_or_against() -> None:
    likeness = compare(Text("CR3", DEMAND.lines), DEMAND)
    assert (likeness.consequences, likeness.actions, likeness.total) == (None, None, 100)


def test_a_person_decides_over_every_likeness() -> None:
    found = match(
        ROADS,
        STAFF,
        entries=REGISTER,
        decisions=Decisions(entries={"CR1": 3}, new={"CR2"}),
    )
    assert (found["CR1"].outcome, found["CR1"].entry_id) == (DECIDED, 3)
    assert (found["CR2"].outcome, found["CR2"].entry_id) == (NEW, None)


def test_an_entry_a_person_gave_away_is_not_matched_again() -> None:
    found = match(ROADS, STAFF, entries=REGISTER, decisions=Decisions(entries={"CR2": 1}))
    assert found["CR1"].entry_id is None


def in_a_large_register(place: int) -> Text:
    """One of many entries, with words of its own."""
    chance = random.Random(place)

    def sentence() -> str:
        return " ".join(
            "".join(chance.choices("abcdefghiklmnoprstuvw", k=chance.randint(4, 9)))
            for _ in range(6)
        )

    return Text(f"CR{place}", (sentence(),), (sentence(), "Costs rise"), (sentence(),))


def test_a_large_register_is_matched_row_by_row_and_in_seconds() -> None:
    many = [known(place, (Q1, in_a_large_register(place))) for place in range(1, 1001)]
    rows = [renumbered(in_a_large_register(place), f"CR{1001 - place}") for place in range(1, 1001)]
    started = time.process_time()
    found = match(*rows, entries=many)
    assert time.process_time() - started < 20
    assert all(found[f"CR{1001 - place}"].entry_id == place for place in range(1, 1001))


words = st.text("abcdefgh .", min_size=1, max_size=40).filter(lambda text: text.strip(" ."))
texts = st.builds(
    Text,
    st.sampled_from(["CR1", "CR2"]),
    st.tuples(words),
    st.lists(words, max_size=3).map(tuple),
    st.lists(words, max_size=3).map(tuple),
)


@given(texts, texts)
def test_likeness_does_not_depend_on_which_comes_first(one: Text, other: Text) -> None:
    assert compare(one, other) == compare(other, one)


@given(texts)
def test_everything_is_like_itself(text: Text) -> None:
    assert compare(text, text).total == pytest.approx(100)


@given(st.lists(texts, max_size=5), st.lists(texts, max_size=5))
def test_no_entry_is_ever_given_to_two_rows(rows: list[Text], entries: list[Text]) -> None:
    numbered = [renumbered(text, f"CR{place}") for place, text in enumerate(rows)]
    found = match(*numbered, entries=[known(i, (Q1, text)) for i, text in enumerate(entries)])
    given_away = [m.entry_id for m in found.values() if m.entry_id is not None]
    assert len(given_away) == len(set(given_away))
    assert len(found) == len(rows)


def test_the_same_reference_and_title_word_for_word_beat_every_rival() -> None:
    phases = [
        Text(
            f"CR{n}",
            (f"Delivery of the housing programme, phase {n}",),
            ROADS.consequences,
            ROADS.actions,
        )
        for n in (1, 2, 3)
    ]
    entries = [known(n, (Q1, text)) for n, text in enumerate(phases, 1)]
    matches = match_rows([RowToMatch(RISK, text) for text in phases], entries, Q2)
    assert {r: (m.outcome, m.entry_id) for r, m in matches.items()} == {
        "CR1": (SURE, 1),
        "CR2": (SURE, 2),
        "CR3": (SURE, 3),
    }
