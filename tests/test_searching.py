"""Two people type the same word in different ways, and find the same entries."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.domain.folding import fold, pattern
from registers.domain.quarters import Quarter
from registers.models import Edition
from tests import factories
from tests.admin.filled import client

LETTERS = "aBé.+*[1 '’‘\"“-–—\u2011\u00a0\u202f\u00ad\u200b\t"

TYPED = [
    ("children's", "children’s"),
    ("Children‘s", "children's"),
    ("2026-27", "2026–27"),
    ("long‑term", "long-term"),
    ("“fit”", '"fit"'),
    ("infra\u00adstructure", "Infrastructure"),
    ("CAFÉ", "café"),
]


@pytest.mark.parametrize(("one", "other"), TYPED)
def test_quotes_dashes_and_capitals_tell_no_two_words_apart(one, other):
    assert fold(one) == fold(other)
    assert re.search(pattern(one), other, re.IGNORECASE)
    assert re.search(pattern(other), one, re.IGNORECASE)


def test_hard_spaces_and_line_ends_are_spaces():
    assert fold("Head\u00a0of\u202fHR") == fold("head of\n HR") == "head of hr"
    assert re.search(pattern("head of hr"), "The Head\u00a0of  HR", re.IGNORECASE)


@given(st.text(LETTERS, max_size=8), st.text(LETTERS, max_size=20))
def test_what_is_found_is_what_folds_to_it(word, text):
    found = re.search(pattern(word), text, re.IGNORECASE) is not None
    assert found == (fold(word) in fold(text))


# On the pages, on both databases ------------------------------------------------------------------

BEFORE, NOW = Quarter(2026, 1), Quarter(2026, 2)
WRITTEN = (
    "Children's homes, 2026-27: the 'fit' of our long-term infra\u00adstructure, a caf\u00e9 and "
    'the "big" Head\u00a0of 100% (a+b) [c]'
)


@pytest.fixture
def edition(cast: factories.Cast) -> Edition:
    """CR1 was CR7 an edition ago, and its action has a lead."""
    before = factories.EditionFactory(quarter=BEFORE)
    was = factories.snapshot(before, "CR7", owner=cast.other_post)
    factories.snapshot(before, "CR1", order=2, owner=cast.other_post)
    factories.publish(before, by=cast.manager)
    edition = factories.EditionFactory(quarter=NOW)
    entry = was.entry
    snapshot = factories.snapshot(
        edition, "CR1", entry=entry, owner=cast.other_post, controls=WRITTEN
    )
    factories.ActionFactory(snapshot=snapshot, text="Recruit", lead="Jo O'Neill", due=date.max)
    factories.snapshot(
        edition, "CR2", order=2, owner=cast.other_post, controls="Nothing of the kind"
    )
    factories.publish(edition, by=cast.manager)
    return edition


def found(user, edition: Edition, words: str) -> list[str]:
    page = client(user).get(edition.url("table"), {"q": words})
    assert page.status_code == 200
    return [snapshot.reference for snapshot in page.context["table"].data]


@pytest.mark.parametrize(
    "words",
    [
        "children’s",
        "CHILDREN‘S",
        "2026–27",
        "‘fit’",
        "“big”",
        "long—term",
        "infrastructure",
        "infra\u00adstruc\u00adture",
        "head\u00a0of",
        "CAFÉ",
        "100% (a+b) [c]",
    ],
)
def test_a_search_finds_a_word_however_it_was_typed(cast, edition, words):
    assert found(cast.committee, edition, words) == ["CR1"]


def test_a_sign_is_no_wildcard(cast, edition):
    for words in ("c.ildren", "100_", "child%", "^children", "a+c", "(", "[", "\\", "*"):
        expected = ["CR1"] if words in WRITTEN else []
        assert found(cast.committee, edition, words) == expected, words


def test_a_search_finds_the_lead_of_an_action(cast, edition):
    assert found(cast.committee, edition, "O’Neill") == ["CR1"]


def test_a_search_finds_a_number_that_the_entry_had_before(cast, edition):
    assert found(cast.committee, edition, "cr7") == ["CR1"]
    assert found(cast.committee, edition, "CR") == ["CR1", "CR2"]


def test_a_number_of_a_draft_is_nobodys_old_number(cast, edition):
    later = factories.EditionFactory(quarter=NOW.next)
    entry = edition.snapshots.get(reference="CR1").entry
    factories.snapshot(later, "CR9", entry=entry, owner=cast.post)
    assert found(cast.committee, edition, "CR9") == []


def test_the_longest_search_is_answered(cast, edition):
    assert found(cast.committee, edition, "x" * 200) == []


@pytest.mark.parametrize(
    ("address", "words", "row"),
    [
        ("snapshot", "children’s", "CR1"),
        ("owner", "children’s", "Director of Children"),
        ("entry", "Title\u00a0of cr1", "CR1"),
    ],
)
def test_the_data_pages_search_in_the_same_way(cast, edition, address, words, row):
    page = client(cast.manager).get(f"/admin/registers/{address}/", {"q": words})
    listed = [str(one) for one in page.context["cl"].result_list]
    assert len(listed) >= 1
    assert row in page.content.decode()
    nothing = client(cast.manager).get(f"/admin/registers/{address}/", {"q": "zebra’s"})
    assert list(nothing.context["cl"].result_list) == []


def test_an_owner_is_named_with_any_quote(cast):
    from registers.admin.snapshot_form import OwnerField

    for typed in ("Director of Children’s Services", "director of children's\u00a0services"):
        assert OwnerField().clean(typed) == cast.post


def test_an_import_matches_words_whatever_their_signs():
    from registers.importing import cells, matching, owners

    assert owners.owner_key("Director of Children\u2019s\u00a0Ser\u00advices") == owners.owner_key(
        "director of children's services"
    )
    assert matching.fold("Chil\u00addren") == matching.fold("children")
    assert cells.type_key("Ser\u00advice delivery") == cells.type_key("Service\u00a0delivery")
    assert cells.canonical_reference("CR\u20117") == "CR7"
