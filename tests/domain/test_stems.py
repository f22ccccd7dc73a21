"""Words as a search compares them."""

import pytest

from registers.domain.stems import asked, stands_in, stem, stems


@pytest.mark.parametrize(
    "alike",
    [
        ("organise", "organised", "organising", "organises", "organisation", "organizations"),
        ("plan", "plans", "planned", "planning"),
        ("policy", "policies"),
        ("implement", "implemented", "implementation"),
        ("service", "services"),
        ("home", "homes"),
        ("child's", "child"),
        ("placement", "placements"),
    ],
)
def test_endings_tell_no_two_words_apart(alike: tuple[str, ...]) -> None:
    assert len({tuple(stems(word)) for word in alike}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("nation", "nature"), ("care", "car park"), ("busy", "bus"), ("CR1", "CR11")]
)
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert stems(one) != stems(other)


def test_numbers_stay_as_they_are() -> None:
    assert stem("2026s") == "2026s"
    assert stems("2026–27") == ["2026", "27"]


def test_a_query_is_words_and_words_in_quotes() -> None:
    assert asked("budgets “social care”") == [["budget"], ["social", "care"]]
    assert asked("… !") == []


def test_words_in_quotes_stand_together() -> None:
    text = stems("The social worker may care")
    assert not stands_in(["social", "care"], text)
    assert stands_in(["social", "worker"], text)
