"""Saving a draft and submitting cost the same few queries in a register of any size and age."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registers import cycle
from registers.domain.quarters import Quarter
from registers.models import User
from tests import factories
from tests.cycle.conftest import accept_everything, fill_in, find

MOST = 25


def cost(verb) -> int:
    with CaptureQueriesContext(connection) as queries:
        verb()
    return len(queries)


def costs(edition, owner: User) -> tuple[int, int, int, int]:
    """Of a draft, a submission, taking it back, and "no change"."""
    owner = User.objects.get(pk=owner.pk)
    risk = find(edition, "CR1")
    for number in range(1, 4) if not risk.strands.exists() else ():
        factories.StrandFactory(snapshot=risk, number=number)
        factories.ActionFactory(snapshot=risk)
    written = cycle.Draft({"direction": "level", "commentary": "On course."})
    return (
        cost(lambda: cycle.save_draft(risk, written, by=owner, version=risk.version)),
        cost(lambda: cycle.submit(find(edition, "CR1"), by=owner)),
        cost(lambda: cycle.take_back(find(edition, "CR1"), by=owner)),
        cost(lambda: cycle.state_no_change(find(edition, "CO1"), by=owner, reason="None.")),
    )


def test_a_draft_and_a_submission_cost_at_most_25_queries(council, edition):
    assert max(costs(edition, council.owner)) <= MOST


def test_they_cost_the_same_in_a_large_register_with_a_long_past(council):
    found = []
    for quarter in Quarter(2026, 2).until(Quarter(2027, 1)):
        edition = council.open(quarter, deadline=None)
        found.append(costs(edition, council.owner))
        accept_everything(edition, by=council.manager)
        cycle.publish(edition, by=council.manager)
    edition = council.open(Quarter(2027, 2), deadline=None)
    for number in range(10, 210):
        factories.snapshot(edition, f"CR{number}", owner=council.cast.post)
    found.append(costs(edition, council.owner))
    # The first has no strands behind it, which the others have.
    assert set(found[1:]) == {found[-1]}
    assert max(found[-1]) <= MOST


@pytest.mark.parametrize("reference", ["CR1", "CR2"])
def test_accepting_is_cheap(council, edition, reference):
    snapshot = fill_in(find(edition, reference), by=council.manager)
    cycle.submit(snapshot, by=council.manager)
    assert cost(lambda: cycle.accept(snapshot, by=council.manager)) <= MOST
