"""Flags of the wording and of the promises: said where the path proves them, and nowhere else."""

from datetime import date

import pytest

from registers.domain.flags import KINDS, Thresholds, flags_of, flags_of_all, shared
from registers.domain.flags.shared import told_to
from registers.domain.flags.thresholds import STANDARD, of_register
from registers.domain.path import Path
from tests.domain.paths import action, opportunity, risk

LATER = date(2030, 1, 1)
LONG = "The partnership board has met and agreed how the work is to be shared between districts"
WEAK = "No governance procedures in place with responsibility for oversight"


def busy(*said: object, **values: object) -> Path:
    return risk(*said, **{"actions": (action(due=LATER),), **values})


def codes(path: Path, limits: Thresholds = STANDARD) -> set[str]:
    return {flag.code for flag in flags_of(path, limits)}


def flag(path: Path, code: str):
    return next(flag for flag in flags_of(path) if flag.code == code)


def controls(*texts: str) -> Path:
    return busy(*["3x3"] * len(texts), texts=[{"controls": text} for text in texts])


def test_every_flag_is_of_a_kind_that_a_filter_can_name() -> None:
    shown = codes(busy(*["4x5"] * 4, residual=12, direction="down", texts={"controls": WEAK}))
    assert shown <= set(KINDS)
    assert {"stuck", "weakness-as-control"} <= shown


def test_actions_that_nobody_touched_for_three_quarters() -> None:
    assert "actions-unchanged" in codes(busy(*["3x3"] * 3))
    assert "actions-unchanged" not in codes(busy(*["3x3"] * 2))
    moved = [(action(due=date(2025, 1, 1)),), (action(due=LATER),), (action(due=LATER),)]
    assert "actions-unchanged" not in codes(risk(*["3x3"] * 3, actions=moved))


def test_a_commentary_told_twice_is_asked_about_unless_its_owner_said_no_change() -> None:
    again = {"texts": {"commentary": LONG}}
    assert flag(busy("3x3", "3x3", **again), "commentary-unchanged").since.label == "Q1 2024/25"
    assert "commentary-unchanged" not in codes(
        busy("3x3", "3x3", no_change_reason="All stands", **again)
    )
    assert "commentary-unchanged" not in codes(busy("3x3", "3x3", texts={"commentary": "Level"}))


def test_words_set_out_in_another_order_are_nearly_unchanged() -> None:
    one, other = f"Rota\n{LONG}", f"{LONG}\nRota"
    found = flag(controls(one, one, one, other), "controls-nearly-unchanged")
    assert found.sentence == "The same words in another order since Q1 2024/25."
    changed = controls(LONG, LONG, LONG, LONG.replace("agreed", "settled"))
    assert "but for 1 word" in flag(changed, "controls-nearly-unchanged").sentence
    assert "controls-nearly-unchanged" not in codes(controls(one, one, one, one))
    assert "controls-nearly-unchanged" not in codes(controls("Rota", LONG, LONG, "Another rota"))


def test_a_weakness_under_controls_says_since_when_it_stands() -> None:
    found = flag(controls("Rota", WEAK, f"Rota\n{WEAK}"), "weakness-as-control")
    assert (found.since.label, found.section) == ("Q2 2024/25", "controls")
    assert "weakness-as-control" not in codes(controls("No major issues were identified"))
    assert "weakness-as-control" not in codes(controls("Robust tracking procedures in place"))
    assert "weakness-as-control" not in codes(opportunity("3x3", texts={"controls": WEAK}))


def test_one_sentence_twice_in_a_cell_or_as_control_and_action() -> None:
    assert "said-twice" in codes(controls(f"{LONG}\nRota\n{LONG}."))
    assert "said-twice" not in codes(controls(f"{LONG}\nRota"))
    both = risk("3x3", texts={"controls": LONG}, actions=(action(LONG, due=LATER),))
    assert flag(both, "said-twice").title == "A sentence stands under controls and under actions"


def test_two_opposite_directions_in_one_commentary() -> None:
    said = {"commentary": "Downwards. Costs fall\nUpward. Demand rises"}
    assert "two-directions" in codes(busy("3x3", texts=said))
    assert "two-directions" in codes(
        busy("3x3", direction="up", texts={"commentary": "Risk is reducing"})
    )
    assert "two-directions" not in codes(
        busy("3x3", direction="down", texts={"commentary": "Down"})
    )


def test_a_passed_date_still_told_as_to_come_says_since_when() -> None:
    said = {"controls": "A visit will take place on 3 May 2024"}
    found = flag(busy("3x3", "3x3", texts=said), "date-passed")
    assert found.since.label == "Q1 2024/25"
    assert "It passed on 3 May 2024 at the latest." in found.sentence
    done = (action("A visit will take place on 3 May 2024", status="done"),)
    assert "date-passed" not in codes(risk("3x3", actions=done))
    later = {"controls": "A visit will take place in summer 2024"}
    assert "date-passed" not in codes(busy("3x3", texts=later))


def test_a_date_without_a_year_has_passed_only_if_an_earlier_edition_told_it() -> None:
    said = {"texts": {"controls": "A programme is planned for the spring"}}
    assert "date-passed" not in codes(busy("3x3", **said))
    assert "date-passed" in codes(busy(*["3x3"] * 5, **said))


def test_a_residual_date_that_slipped_twice_tells_the_first() -> None:
    dates = [date(2025, 3, 31), date(2025, 9, 30), date(2026, 3, 31)]
    found = flag(busy(*["4x4"] * 3, residual=12, residual_by=dates), "residual-slipped")
    assert "The first date was 31 March 2025." in found.sentence
    assert "residual-slipped" not in codes(busy("4x4", "4x4", residual=12, residual_by=dates[:2]))
    assert "residual-slipped" not in codes(busy(*["4x3"] * 3, residual=12, residual_by=dates))


def test_above_appetite_for_long_at_changing_scores() -> None:
    found = flag(busy("3x3", "4x4", "5x4", "4x4", "5x4"), "above-appetite")
    assert found.title == "Above appetite for 4 quarters"
    assert found.since.label == "Q2 2024/25"
    assert "above-appetite" not in codes(busy(*["4x4"] * 5))
    assert "above-appetite" not in codes(busy("4x4", "3x3", "4x4", "5x4"))


DONE = (action(status="done", completed_on=date(2024, 8, 1)),)


def test_all_done_an_edition_ago_and_the_score_as_it_was() -> None:
    acted = [(action(),), DONE, DONE]
    assert "all-done-unmoved" in codes(risk(*["3x4"] * 3, residual=6, actions=acted))
    assert "all-done-unmoved" not in codes(risk(*["3x4"] * 2, residual=6, actions=acted[:2]))
    assert "all-done-unmoved" not in codes(risk("4x4", "3x4", "3x4", residual=6, actions=acted))


def test_a_better_score_with_nobody_to_bring_it() -> None:
    assert "residual-without-action" in codes(risk("3x4", residual=6))
    assert "residual-without-action" in codes(opportunity("3x3", residual=16, actions=DONE))
    assert "residual-without-action" not in codes(busy("3x4", residual=6))
    above = codes(risk("4x5", residual=6))
    assert "no-action" in above and "residual-without-action" not in above


def test_an_owner_who_left_with_the_promise() -> None:
    posts = {"owner": ["Director of Care", "Head of Care"], "post": [1, 2]}
    found = flag(busy("4x4", "4x4", residual=[9, 12], **posts), "owner-replaced")
    assert found.sentence == (
        "Director of Care until Q1 2024/25, Head of Care now. The residual score was 9 and is 12."
    )
    assert "owner-replaced" not in codes(busy("4x4", "4x4", residual=9, **posts))
    spelt = ["Director of Children's Services", "Director of Children Services"]
    assert "owner-replaced" not in codes(busy("4x4", "4x4", residual=[9, 12], owner=spelt))


def test_a_sentence_in_several_entries_names_only_those_that_a_reader_may_see() -> None:
    paths = {
        number: risk("3x3", entry=number, texts={"controls": LONG}, actions=(action(due=LATER),))
        for number in (1, 2, 3)
    }
    found = [one for one in flags_of_all(paths)[1] if one.code == "shared-sentence"]
    assert found[0].others == (2, 3)
    [told] = told_to(found, {1: "CR1", 3: "CR3"})
    assert told.title == "A sentence also stands in another entry"
    assert told.sentence.endswith("Also in CR3.")
    assert told_to(found, {1: "CR1"}) == []


def test_a_phrase_of_the_whole_register_is_nobodys_in_particular() -> None:
    paths = {
        number: risk("3x3", entry=number, texts={"controls": LONG}, actions=(action(due=LATER),))
        for number in range(shared.MOST + 1)
    }
    assert not any(
        one.code == shared.CODE for flags in flags_of_all(paths).values() for one in flags
    )


def test_thresholds_stand_in_one_table_for_all_registers_and_for_one() -> None:
    table = {"*": {"stuck": 6}, "health": {"stuck": 2}}
    assert of_register(table, "corporate").stuck == 6
    assert of_register(table, "health").stuck == 2
    assert "stuck" not in codes(busy(*["4x5"] * 4), of_register(table, "corporate"))
    with pytest.raises(ValueError, match="no threshold"):
        of_register({"*": {"stck": 6}}, "corporate")
    with pytest.raises(ValueError, match="whole number"):
        of_register({"*": {"stuck": 0}}, "corporate")
