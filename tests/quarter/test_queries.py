"""What the pages of a quarter cost: the same number of queries for 20 entries and for 400."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registers.domain.quarters import Quarter
from registers.models import Action, Progress
from tests import factories
from tests.quarter.conftest import at

pytestmark = pytest.mark.django_db

Q1, Q2 = Quarter(2026, 1), Quarter(2026, 2)
STEPS = (Progress.TO_UPDATE, Progress.DRAFT, Progress.SUBMITTED, Progress.ACCEPTED)
MOST = 14


def queries(user, address: str) -> int:
    cache.clear()
    client = Client()
    client.force_login(user)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def quarter(cast, entries: int):
    """Two editions of so many entries, at every step, half of them the owner's."""
    register = factories.register(f"of-{entries}")
    posts = (cast.post, cast.other_post)
    before = factories.edition(Q1, register=register)
    factories.many(before, entries, each=lambda place: {"owner": posts[place % 2]})
    factories.publish(before)
    edition = factories.edition(Q2, register=register)

    def each(place: int) -> dict[str, object]:
        return {"owner": posts[place % 2], "progress": STEPS[place // 2 % 4]}

    factories.many(edition, entries, before=before, each=each, changed_by=cast.owner)
    for now in edition.snapshots.all()[::10]:
        factories.ActionFactory(snapshot=now, status=Action.Status.IN_PROGRESS)
    return edition


def test_the_managers_page_asks_at_most_14_queries_of_20_and_of_400_entries(cast):
    few, many = quarter(cast, 20), quarter(cast, 400)
    counts = [queries(cast.manager, at("cycle-edition", edition)) for edition in (few, many)]
    # Besides: what an import left open, and what is proposed from register to register.
    assert counts[0] == counts[1] <= MOST + 2


def test_my_updates_asks_at_most_14_queries_of_20_and_of_400_entries(cast):
    quarter(cast, 20)
    few = queries(cast.owner, "/my-updates/")
    quarter(cast, 400)
    assert queries(cast.owner, "/my-updates/") == few <= MOST


@pytest.mark.parametrize("name", ["cycle-publish", "cycle-numbers"])
def test_the_managers_other_pages_do_too(cast, name):
    few, many = quarter(cast, 20), quarter(cast, 60)
    counts = [queries(cast.manager, at(name, edition)) for edition in (few, many)]
    assert counts[0] == counts[1] <= MOST


def test_an_issue_asks_at_most_14_queries_however_many_entries_it_has(cast):
    few, many = (
        factories.published(Q1, snapshots=number, register=factories.register(f"of-{number}"))
        for number in (3, 40)
    )
    counts = [queries(cast.committee, at("issue", edition, 1)) for edition in (few, many)]
    assert counts[0] == counts[1] <= MOST
