"""What the pages of an edition cost: the same few queries in a register of any size and age."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registers.domain.quarters import Quarter
from registers.models import Edition, User
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.walks]

Q1, Q2 = Quarter(2026, 1), Quarter(2026, 2)
# Two more where entries came: whether their past may be read, and what the headlines quote of them.
MOST = {"heatmap": 16, "table": 15, "changes": 15, "challenge": 13}
VIEWS = {
    "score": ("heatmap", {}),
    "residual": ("heatmap", {"view": "residual", "ghosts": "1"}),
    "movement": ("heatmap", {"view": "movement"}),
    "filtered map": ("heatmap", {"q": "title", "band": "4"}),
    "table": ("table", {}),
    "sorted": ("table", {"sort": "-since"}),
    "filtered table": ("table", {"q": "title", "band": "4"}),
    "all rows": ("table", {"per_page": "all"}),
    "changes": ("changes", {}),
    "challenge": ("challenge", {}),
    "flagged table": ("table", {"flag": "any", "columns": "flags,late"}),
}


@dataclass(frozen=True, slots=True)
class Editions:
    """The newest of a register: of 20 entries, of 400; after 4 quarters, after 40."""

    cast: factories.Cast
    few: Edition
    many: Edition
    young: Edition
    old: Edition


def of_entries(number: int) -> Edition:
    """Published after another one, from which a text of each differs."""
    register = factories.register(f"of-{number}")
    before = factories.edition(Q1, register=register)
    factories.many(before, number, each=factories.on_the_grid)
    factories.publish(before)
    now = factories.edition(Q2, register=register)
    reworded = "A review every week\nAnother line"
    factories.many(now, number, before=before, each=factories.on_the_grid, controls=reworded)
    factories.snapshot(now, "CR9999", owner=factories.OwnerFactory(name="Director of Many Things"))
    return factories.publish(now)


def of_quarters(number: int) -> Edition:
    register = factories.register(f"for-{number}-quarters")
    newest, *_ = [factories.published(Q2 - back, register=register) for back in range(number)]
    return newest


@pytest.fixture(scope="module")
def editions(common_ground) -> Iterator[Editions]:
    def build() -> Editions:
        cast = factories.cast()
        return Editions(cast, of_entries(20), of_entries(400), of_quarters(4), of_quarters(40))

    with common_ground(build) as editions:
        yield editions


def queries(user: User, edition: Edition, page: str, query: dict[str, str]) -> int:
    cache.clear()
    client = Client()
    client.force_login(user)
    url = edition.url(page)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url, query).status_code == 200
    return len(captured)


@pytest.mark.parametrize("view", VIEWS)
def test_a_page_costs_the_same_few_queries_for_20_and_for_400_entries(view, editions):
    page, query = VIEWS[view]
    for person in (editions.cast.owner, editions.cast.manager, editions.cast.cleared):
        few, many = (queries(person, e, page, query) for e in (editions.few, editions.many))
        assert few == many <= MOST[page], person


@pytest.mark.parametrize("page", MOST)
def test_a_page_costs_the_same_few_queries_after_4_and_after_40_quarters(page, editions):
    for person in (editions.cast.owner, editions.cast.committee):
        young, old = (queries(person, e, page, {}) for e in (editions.young, editions.old))
        assert young == old <= MOST[page], person
