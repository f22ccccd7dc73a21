"""Which entries an edition holds, and by which numbers: the manager's short forms."""

from __future__ import annotations

import pytest

from registers import cycle
from registers.models import Lineage
from tests.cycle.conftest import find
from tests.quarter.conftest import HUGE, at, text, told

pytestmark = pytest.mark.django_db


def test_an_entry_is_added(council, edition, manager):
    response = manager.post(
        at("cycle-add", edition),
        kind="opportunity",
        title="A mayoral deal",
        owner=council.cast.post.pk,
        reference="",
        exempt_reason="",
    )
    assert told(response) == ["CO2 is in Q2 2026/27. Its owner fills it in."]
    assert find(edition, "CO2").title == "A mayoral deal"


def test_a_number_that_is_taken_is_refused_and_nothing_typed_is_lost(council, edition, manager):
    response = manager.post(
        at("cycle-add", edition),
        kind="risk",
        title="A new risk",
        owner=council.cast.post.pk,
        reference="CR1",
    )
    assert response.status_code == 422
    assert "CR1 is taken" in text(response)
    assert "A new risk" in response.content.decode()


def test_an_entry_is_closed_with_a_reason(edition, manager):
    response = manager.post(
        at("cycle-end", edition, find(edition, "CR1").pk), how="close", reason="It is over."
    )
    assert told(response) == ["CR1: closed. It is no longer in Q2 2026/27; its history stays."]
    assert not edition.snapshots.filter(reference="CR1").exists()


@pytest.mark.parametrize(("how", "kind"), [("merge", "merged_into"), ("succeed", "succeeded_by")])
def test_an_entry_lives_on_in_another(edition, manager, how, kind):
    response = manager.post(
        at("cycle-end", edition, find(edition, "CR1").pk),
        how=how,
        other=find(edition, "CR2").pk,
        reason="One cause.",
    )
    assert response.status_code == 200
    statement = Lineage.objects.get()
    assert (statement.kind, statement.other) == (kind, find(edition, "CR2").entry)


@pytest.mark.parametrize("other", ["", HUGE, "x"])
def test_a_merger_names_an_entry_of_the_same_kind_in_the_edition(edition, manager, other):
    response = manager.post(
        at("cycle-end", edition, find(edition, "CR1").pk), how="merge", other=other, reason="So."
    )
    assert response.status_code == 422
    assert not Lineage.objects.exists()


def test_ending_an_entry_twice_ends_it_once_and_says_so(edition, manager):
    address = at("cycle-end", edition, find(edition, "CR1").pk)
    for _ in range(2):
        response = manager.post(address, how="close", reason="It is over.")
    assert told(response) == ["CR1 is no longer in Q2 2026/27."]
    assert Lineage.objects.count() == 1


def test_an_entry_is_split(edition, manager):
    response = manager.post(
        at("cycle-split", edition, find(edition, "CR1").pk),
        title="A part of it",
        owner="",
        reference="",
        reason="Two causes.",
    )
    assert told(response) == ["CR3 is split from CR1."]
    assert find(edition, "CR3").owner == find(edition, "CR1").owner


@pytest.mark.parametrize("name", ["send-back", "end", "split"])
@pytest.mark.parametrize("pk", [0, 987_654, 10**18 - 1])
def test_an_entry_that_there_never_was_is_not_found(edition, manager, name, pk):
    for response in (
        manager.get(at(f"cycle-{name}", edition, pk)),
        manager.post(at(f"cycle-{name}", edition, pk), reason="So.", how="close"),
    ):
        assert response.status_code == 404


def test_an_entry_of_another_edition_is_not_found(council, edition, manager):
    old = find(council.published, "CR1")
    assert manager.get(at("cycle-end", edition, old.pk)).status_code == 404


def numbers(edition, **wanted) -> dict[str, object]:
    """The form of numbers as the browser would send it; `CR1="CR2"` changes one."""
    values: dict[str, object] = {}
    for snapshot in edition.snapshots.all():
        values[f"number-{snapshot.pk}"] = wanted.get(snapshot.reference, snapshot.reference)
        values[f"place-{snapshot.pk}"] = snapshot.order
    return values


def test_old_and_new_numbers_are_shown_before_they_are_kept(edition, manager):
    values = numbers(edition, CR1="CR2", CR2="CR1")
    said = text(manager.post(at("cycle-numbers", edition), preview="1", **values))
    assert "2 numbers would change" in said
    assert "CR1 → CR2" in said
    title = find(edition, "CR1").title
    response = manager.post(at("cycle-numbers", edition), keep="1", **values)
    assert told(response) == ["The numbers and the order are as you gave them."]
    assert find(edition, "CR2").title == title


def test_numbers_without_gaps_are_proposed_and_not_kept(edition, manager):
    cycle.close_entry(find(edition, "CR1"), by=manager.user, reason="Over.")
    said = text(manager.post(at("cycle-numbers", edition), in_a_row="1"))
    assert "CR2 → CR1" in said
    assert find(edition, "CR2")


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"CR1": "CR2"}, "Two entries would be CR2"),
        ({"CR1": " "}, "An entry would have no number"),
        ({"CR1": "C" * 13}, "is too long for a number"),
    ],
)
def test_numbers_that_can_not_be_are_refused_and_shown_as_typed(edition, manager, wanted, sentence):
    values = numbers(edition, **wanted)
    response = manager.post(at("cycle-numbers", edition), keep="1", **values)
    assert response.status_code == 422
    assert sentence in text(response)
    assert find(edition, "CR1")


def test_places_are_changed_and_nonsense_places_are_left(edition, manager):
    first, second = find(edition, "CR1"), find(edition, "CR2")
    values = numbers(edition) | {
        f"place-{first.pk}": "7",
        f"place-{second.pk}": HUGE,
        f"number-{second.pk}": "CR2 ",
    }
    manager.post(at("cycle-numbers", edition), keep="1", **values)
    assert (find(edition, "CR1").order, find(edition, "CR2").order) == (7, 2)
