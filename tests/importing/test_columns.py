"""Which column is which: by its words, and by the arithmetic of what stands below."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.domain.scale import LEVELS, SCORES
from registers.importing.printed import UnreadableFile
from tests.importing.tables import messages, printed, read, scores, table, tables

BEFORE, AFTER = ["Ref", "Risk description"], ["Risk owner", "Direction of travel"]


def register(headings: list[str], *rows: list[str], **told: object):
    """A register whose columns of scores are these; every row is another risk."""
    full = [
        [f"CR{n}", f"Risk {n}", *row, "Head of Audit", "Level"] for n, row in enumerate(rows, 1)
    ]
    return read([*BEFORE, *headings, *AFTER], *full, **told)


@pytest.mark.parametrize(
    ("headings", "row", "expected"),
    [
        (["Impact", "Likelihood", "Risk Score"], ["4", "3", "12"], {"score": (12, 4, 3)}),
        (["Likelihood", "Impact", "Rating"], ["3", "4", "12"], {"score": (12, 4, 3)}),
        (["Impact score", "Likelihood score", "Score"], ["4", "3", "12"], {"score": (12, 4, 3)}),
        (["Score (L)", "Score (I)", "Score (LxI)"], ["3", "4", "12"], {"score": (12, 4, 3)}),
        (["I", "L", "I x L"], ["4", "3", "12"], {"score": (12, 4, 3)}),
        (["Gross score", "Net score"], ["25", "12"], {"inherent": (25, 5, 5), "score": 12}),
        (["Unmitigated", "Mitigated"], ["25", "12"], {"inherent": (25, 5, 5), "score": 12}),
        (
            ["Score before controls", "Score with controls", "Score after actions"],
            ["20", "12", "6"],
            {"inherent": 20, "score": 12, "residual": 6},
        ),
        (
            ["Target rating", "Rating now", "Previous rating"],
            ["6", "12", "20"],
            {"score": 12, "residual": 6},
        ),
        (
            ["Inherent score", "Current residual score", "Target residual score"],
            ["20", "12", "6"],
            {"inherent": 20, "score": 12, "residual": 6},
        ),
        (["Risk score", "Residual score", "Appetite"], ["12", "6", "8"],
         {"score": 12, "residual": 6}),
        (["Residual score"], ["6"], {"residual": 6}),
    ],
)  # fmt: skip
def test_the_words_over_a_score_say_whose_it_is(headings, row, expected) -> None:
    (entry,) = register(headings, row).entries
    assert scores(entry) == expected


def test_a_residual_score_beside_an_inherent_one_is_the_score_of_today_and_that_is_said() -> None:
    edition = register(["Inherent score", "Residual score"], ["20", "12"])
    assert scores(edition.entries[0]) == {"inherent": 20, "score": 12}
    assert "“Residual score”) was taken for the score of today" in messages(edition)


def test_headings_in_two_rows_are_read_as_a_path() -> None:
    edition = read(
        ["", "", "Inherent risk", "", "", "Current risk", "", "", ""],
        ["Ref", "Description", "Impact", "L", "Score", "Impact", "L", "Score", "Owner"],
        ["CR1", "A risk", "5", "4", "20", "4", "3", "12", "Head of Audit"],
    )
    (entry,) = edition.entries
    assert scores(entry) == {"inherent": (20, 5, 4), "score": (12, 4, 3)}


def test_parts_without_a_group_belong_to_the_score_that_their_product_proves() -> None:
    edition = register(
        ["Impact", "Likelihood", "Gross score", "Impact", "Likelihood", "Net score"],
        ["5", "4", "20", "4", "3", "12"],
        ["5", "5", "25", "3", "2", "6"],
    )
    assert scores(edition.entries[0]) == {"inherent": (20, 5, 4), "score": (12, 4, 3)}
    assert scores(edition.entries[1]) == {"inherent": (25, 5, 5), "score": (6, 3, 2)}


@given(st.lists(st.tuples(st.sampled_from(LEVELS), st.sampled_from(LEVELS)), min_size=1))
def test_a_position_is_read_only_where_the_product_holds(cells: list[tuple[int, int]]) -> None:
    others = {score: SCORES[place - 1] for place, score in enumerate(SCORES)}
    rows = [
        [str(one), str(two), str(others[one * two] if n % 2 else one * two)]
        for n, (one, two) in enumerate(cells)
    ]
    edition = register(["Impact", "Likelihood", "Score"], *rows)
    for n, (entry, (impact, likelihood)) in enumerate(zip(edition.entries, cells, strict=True)):
        right = {"score": (impact * likelihood, impact, likelihood)}
        assert scores(entry) == ({} if n % 2 else right)


def test_a_product_that_does_not_hold_is_said_and_no_score_is_taken() -> None:
    edition = register(["Impact", "Likelihood", "Score"], ["4", "3", "8"])
    assert scores(edition.entries[0]) == {}
    assert "impact 4 × likelihood 3 is 12, and the score says 8" in messages(edition)


def test_two_columns_of_the_same_words_are_asked_about_and_neither_is_taken() -> None:
    edition = register(["Risk score", "Risk score"], ["25", "12"])
    assert scores(edition.entries[0]) == {}
    (question,) = edition.questions
    assert "“Risk score” (column 3) and “Risk score” (column 4)" in question.message
    assert edition.entries[0].printed.cells["Risk score"] == "25"
    assert edition.entries[0].printed.cells["Risk score (2)"] == "12"


def test_two_columns_that_say_the_same_everywhere_are_one() -> None:
    edition = register(["Risk score", "Rating"], ["12", "12"], ["6", "6"])
    assert [scores(entry) for entry in edition.entries] == [{"score": 12}, {"score": 6}]
    assert edition.questions == ()


def test_a_person_says_which_column_it_is() -> None:
    told = {"columns": {"First score": "inherent", "Second score": "score"}}
    edition = register(["First score", "Second score"], ["20", "12"], **told)
    assert scores(edition.entries[0]) == {"inherent": 20, "score": 12}
    assert edition.questions == ()


@pytest.mark.parametrize(
    ("quarter", "headings"),
    [
        ("2023-24-q1", ["Score Q4 22/23", "Score Q1 23/24"]),
        ("2023-24-q2", ["Score Q1", "Score Q2"]),
        ("2023-24-q1", ["Risk score March 2023", "Risk score June 2023"]),
        ("2023-24-q1", ["Score Dec 22", "Score May-23"]),
    ],
)
def test_of_two_quarters_that_of_the_edition_is_todays(quarter: str, headings: list[str]) -> None:
    edition = register(headings, ["20", "12"], quarter=quarter)
    assert scores(edition.entries[0]) == {"score": 12}


def test_of_two_quarters_that_are_both_others_none_is_taken() -> None:
    edition = register(["Score Q1 21/22", "Score Q2 21/22"], ["20", "12"])
    assert scores(edition.entries[0]) == {}
    assert "which of them is the score of this edition" in edition.questions[0].message


@pytest.mark.parametrize(
    ("headings", "row", "named"),
    [
        (["Impact (1-4)", "Likelihood (1-4)", "Score (max 16)"], ["4", "4", "16"], "1-4"),
        (["Impact", "Likelihood", "Score"], ["8", "10", "80"], "has 8"),
        (["Impact", "Likelihood", "Score (out of 100)"], ["4", "4", "16"], "out of 100"),
        (["Score (4x4)"], ["16"], "4x4"),
    ],
)
def test_another_scale_is_named_and_nothing_is_loaded(headings, row, named: str) -> None:
    with pytest.raises(UnreadableFile, match="not on a 5×5") as refusal:
        register(headings, row)
    assert named in str(refusal.value)


def test_our_own_scale_may_be_named() -> None:
    edition = register(["Impact (1-5)", "Likelihood 1 to 5", "Score (max 25)"], ["4", "3", "12"])
    assert scores(edition.entries[0]) == {"score": (12, 4, 3)}


def test_an_impact_in_sentences_is_a_consequence() -> None:
    edition = register(["Impact", "Risk score"], ["Services stop for a week", "12"])
    (entry,) = edition.entries
    assert [p.text for p in entry.whole.consequences] == ["Services stop for a week"]
    assert scores(entry) == {"score": 12}
    assert "taken for the consequences" in messages(edition)


def test_the_owner_of_an_action_or_of_a_control_is_not_the_owner_of_the_risk() -> None:
    edition = read(
        ["Ref", "Risk", "Control owner", "Action", "Action owner", "Score", "Risk owner"],
        ["CR1", "A risk", "Head of Tax", "Act", "Head of Pay", "12", "Head of Audit"],
    )
    (entry,) = edition.entries
    assert entry.owner.name == "Head of Audit"
    assert entry.whole.actions[0].lead == "Head of Pay"


def test_the_risk_owner_goes_before_another_owner_and_that_is_said() -> None:
    edition = read(
        ["Ref", "Risk", "Owner", "Score", "Risk owner"],
        ["CR1", "A risk", "Head of Pay", "12", "Head of Audit"],
    )
    assert edition.entries[0].owner.name == "Head of Audit"
    assert edition.entries[0].printed.cells["Owner"] == "Head of Pay"
    assert "“Risk owner” was taken for the owner" in messages(edition)


def test_a_heading_that_is_called_like_a_field_keeps_its_own_text() -> None:
    edition = read(
        ["Ref", "Risk", "owner", "Score", "Risk owner"],
        ["CR1", "A risk", "Head of Pay", "12", "Head of Audit"],
    )
    cells = edition.entries[0].printed.cells
    assert (cells["owner"], cells["owner (2)"]) == ("Head of Audit", "Head of Pay")


def test_controls_and_actions_are_told_apart_whatever_they_are_called() -> None:
    edition = read(
        ["Ref", "Risk", "Mitigation in place", "Score", "Planned mitigation", "Due", "Owner"],
        ["CR1", "A risk", "A plan", "12", "A better plan", "30/06/2024", "CMT"],
    )
    (entry,) = edition.entries
    assert [p.text for p in entry.whole.controls] == ["A plan"]
    assert [(a.text, str(a.due)) for a in entry.whole.actions] == [("A better plan", "2024-06-30")]


def test_mitigation_beside_actions_is_what_is_in_place_and_that_is_said() -> None:
    edition = read(
        ["Ref", "Risk", "Mitigation", "Score", "Actions being taken", "Owner"],
        ["CR1", "A risk", "A plan", "12", "A better plan", "CMT"],
    )
    (entry,) = edition.entries
    assert [p.text for p in entry.whole.controls] == ["A plan"]
    assert [a.text for a in entry.whole.actions] == ["A better plan"]
    assert "“Mitigation” was taken for the controls" in messages(edition)


def test_a_title_stands_beside_its_description() -> None:
    edition = read(
        ["Ref", "Risk", "Risk description", "Score", "Owner"],
        ["CR1", "Flooding", "The town may be cut off.", "12", "CMT"],
    )
    (entry,) = edition.entries
    assert entry.title == "Flooding"
    assert [p.text for p in entry.description] == ["The town may be cut off."]


def test_columns_that_a_register_usually_has_are_missed_once() -> None:
    edition = read(
        ["Ref", "Risk", "Controls", "Actions"], ["CR1", "A", "B", "C"], ["CR2", "D", "E", "F"]
    )
    said = [p.message for p in edition.problems]
    assert len(said) == 3
    for words in ("score of today", "owner", "direction of travel"):
        assert sum(words in message for message in said) == 1


@pytest.mark.parametrize(
    ("heading", "value", "kind"),
    [
        ("Threat / Opportunity", "Threat", "risk"),
        ("Risk or opportunity", "Opportunity", "opportunity"),
        ("Link to opportunity", "CO3", "risk"),
    ],
)
def test_the_kind_is_told_by_a_column_of_kinds_and_not_by_a_word_in_a_heading(
    heading: str, value: str, kind: str
) -> None:
    edition = read(
        ["Ref", heading, "Description", "Score", "Owner"], ["SR1", value, "A", "12", "CMT"]
    )
    assert edition.entries[0].kind == kind


def test_where_the_headings_do_not_say_the_kind_the_prefix_does() -> None:
    edition = read(
        ["Ref", "Description", "Score", "Owner"],
        ["CR1", "A", "12", "CMT"],
        ["CO1", "B", "12", "CMT"],
    )
    assert [entry.kind for entry in edition.entries] == ["risk", "opportunity"]


def test_of_three_trends_that_of_the_edition_counts() -> None:
    edition = read(
        ["Ref", "Risk", "Owner", "Trend Dec 22", "Trend Mar 23", "Trend Jun 23", "Score"],
        ["CR1", "A", "CMT", "↑", "→", "↓", "12"],
    )
    assert edition.entries[0].whole.direction == "down"


def test_a_trend_of_last_quarter_is_not_todays() -> None:
    edition = read(
        ["Ref", "Risk", "Owner", "Trend last quarter", "Trend", "Score"],
        ["CR1", "A", "CMT", "Up", "Down", "12"],
    )
    assert edition.entries[0].whole.direction == "down"


def test_the_same_headings_on_every_page_share_their_evidence() -> None:
    headings = ["Ref", "Risk", "Impact", "Likelihood", "Score", "Owner"]
    edition = printed(
        headings, ["CR1", "A", "", "", "", "CMT"], headings, ["CR2", "B", "4", "3", "12", "CMT"]
    )
    assert edition.entries[1].levels == {"score impact": "4", "score likelihood": "3"}


def test_a_person_may_name_a_column_by_its_number() -> None:
    rows = (["Risk score", "Risk score"], ["25", "12"])
    (question,) = register(*rows).questions
    second = question.choices[1].value
    edition = register(*rows, columns={second: "score"})
    assert scores(edition.entries[0]) == {"score": 12}
    assert edition.questions == ()


def test_a_column_of_references_needs_no_heading() -> None:
    edition = read(
        ["", "Risk", "Score", "Owner", "Controls"], ["CR1", "Floods", "12", "CMT", "A plan"]
    )
    assert (edition.entries[0].reference, edition.entries[0].title) == ("CR1", "Floods")


def test_numbers_under_risk_are_references_where_nothing_else_is() -> None:
    edition = read(
        ["Risk", "Description", "Score", "Owner", "Controls"],
        ["1", "Floods", "12", "CMT", "A plan"],
        prefix="CR",
    )
    assert (edition.entries[0].reference, edition.entries[0].title) == ("CR1", "Floods")


def test_a_consequence_in_numbers_is_the_impact() -> None:
    edition = register(["Consequence", "Likelihood", "Rating"], ["4", "3", "12"])
    assert scores(edition.entries[0]) == {"score": (12, 4, 3)}


def test_numbers_are_no_controls() -> None:
    edition = register(["Controls", "Score"], ["3", "12"], ["2", "6"])
    assert edition.entries[0].whole.controls == ()
    assert "holds nothing but numbers" in messages(edition)


def test_a_heading_broken_by_a_hyphen_is_read() -> None:
    edition = register(["Impact", "Likeli-hood", "Total"], ["4", "3", "12"])
    assert scores(edition.entries[0]) == {"score": (12, 4, 3)}


def test_kinds_are_known_by_what_stands_in_a_column() -> None:
    edition = read(
        ["Ref", "Risk type", "Description", "Score", "Owner"],
        ["S1", "Threat", "A", "12", "CMT"],
        ["S2", "Opportunity", "B", "12", "CMT"],
    )
    assert [entry.kind for entry in edition.entries] == ["risk", "opportunity"]


def test_a_heading_that_a_person_names_makes_a_register_of_a_table() -> None:
    rows = (["Key", "Uncertainty", "Worth", "Whose"], ["CR1", "Floods", "12", "CMT"])
    assert read(*rows).entries == ()
    told = {"Key": "reference", "Uncertainty": "description", "Worth": "score", "Whose": "owner"}
    (entry,) = read(*rows, columns=told).entries
    assert (entry.title, scores(entry), entry.owner.name) == ("Floods", {"score": 12}, "CMT")


ACTIONS = ["Ref", "Risk", "Score", "Actions"]


def test_a_lead_beside_the_actions_leads_them_and_owns_nothing() -> None:
    edition = read([*ACTIONS, "Lead", "Due"], ["CR1", "A", "12", "Act", "Head of Tax", "1/5/24"])
    (entry,) = edition.entries
    assert (entry.owner.name, entry.whole.actions[0].lead) == (None, "Head of Tax")


def test_of_two_owners_the_one_beside_the_actions_leads_them() -> None:
    edition = read(
        ["Ref", "Risk", "Owner", "Score", "Actions", "Owner", "Due"],
        ["CR1", "A", "CMT", "12", "Act", "Head of Tax", "1/5/24"],
    )
    (entry,) = edition.entries
    assert (entry.owner.name, entry.whole.actions[0].lead) == ("CMT", "Head of Tax")
    assert "taken for their lead" in messages(edition)


def test_an_owner_between_actions_and_dates_is_asked_about() -> None:
    rows = ([*ACTIONS, "Owner", "Due"], ["CR1", "A", "12", "Act", "Head of Tax", "1/5/24"])
    edition = read(*rows)
    (entry,) = edition.entries
    assert (entry.owner.name, entry.whole.actions[0].lead) == (None, "")
    (question,) = edition.questions
    assert "own the risk, or does it lead the action" in question.message
    owned = read(*rows, columns={"Owner": question.choices[0].value})
    assert (owned.entries[0].owner.name, owned.questions) == ("Head of Tax", ())


def test_every_column_says_what_it_was_taken_for_and_what_proves_it() -> None:
    edition = printed(
        ["Ref", "Risk", "Impact", "Likelihood", "Score", "Owner", "Theme"],
        ["CR1", "A", "4", "3", "12", "CMT", "People"],
        ["CR2", "B", "4", "3", "8", "CMT", "People"],
    )
    taken = {column.heading: column for column in edition.columns}
    assert taken["Impact"].field == "score impact"
    assert taken["Score"].proof == "impact × likelihood is the score in 1 of 2 rows"
    assert taken["Theme"].field == ""


def test_parts_in_the_upper_row_and_groups_in_the_lower_one_are_read() -> None:
    edition = read(
        ["Ref", "Description", "Impact", "", "Likelihood", "", "Score", "", "Owner"],
        ["", "", "Inherent", "Current", "Inherent", "Current", "Inherent", "Current", ""],
        ["CR1", "A risk", "5", "4", "4", "3", "20", "12", "CMT"],
    )
    assert scores(edition.entries[0]) == {"inherent": (20, 5, 4), "score": (12, 4, 3)}


@pytest.mark.parametrize(
    ("headings", "rows", "named"),
    [
        (["Impact", "Likelihood", "Score"], [["8", "4", "32"], ["4", "2", "8"]], "8 × 4 is 32"),
        (["Risk score"], [["80"], ["45"], ["12"]], "has 80 and 45"),
        (["Risk score"], [["7"], ["13"], ["12"]], "has 7 and 13"),
        (["Impact", "Likelihood"], [["3.3", "1.7"], ["6.7", "5"]], "has 3.3 and 6.7"),
    ],
)
def test_numbers_that_can_not_be_ours_are_another_scale(headings, rows, named: str) -> None:
    with pytest.raises(UnreadableFile, match="not on a 5×5") as refusal:
        register(headings, *rows)
    assert named in str(refusal.value)


def test_one_slip_is_no_other_scale() -> None:
    edition = register(["Risk score"], ["12"], ["7"], ["16"])
    assert [scores(entry) for entry in edition.entries] == [
        {"score": 12},
        {},
        {"score": (16, 4, 4)},
    ]
    assert "7 is not a score of the 5×5" in messages(edition)


def test_a_line_above_the_table_may_name_another_scale() -> None:
    rows = (["Ref", "Risk", "Score", "Owner"], ["CR1", "A", "12", "CMT"])
    with pytest.raises(UnreadableFile, match="4x4"):
        tables(table(*rows, above=("Risks are scored on a 4x4 matrix",)))
    assert len(tables(table(*rows, above=("Risks are scored on a 5x5 matrix",))).entries) == 1


@pytest.mark.parametrize("count", [3, 8])
def test_a_register_in_which_nothing_is_a_5_is_worth_a_look(count: int) -> None:
    rows = [["4", "3", "12"], ["2", "4", "8"], *[["1", "3", "3"]] * (count - 2)]
    assert "if this register is on a 4×4" in messages(
        register(["Impact", "Likelihood", "Score"], *rows)
    )
    rows[0] = ["5", "3", "15"]
    edition = register(["Impact", "Likelihood", "Score"], *rows)
    assert "4×4" not in messages(edition)


def test_another_scale_is_read_once_a_person_says_what_its_levels_are() -> None:
    headings = ["Impact (1-4)", "Likelihood (1-4)", "Score (max 16)", "Target score"]
    edition = register(headings, ["4", "3", "12", "6"], levels={1: 1, 2: 2, 3: 4, 4: 5})
    assert scores(edition.entries[0]) == {"score": (20, 5, 4)}
    assert edition.entries[0].printed.score == "12"
    assert "a score of another scale without its impact and likelihood" in messages(edition)
