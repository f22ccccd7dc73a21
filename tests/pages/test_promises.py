"""What was promised and not delivered, and what a register did over the years, on the pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registers.domain.quarters import Quarter
from tests import factories
from tests.support.pages import markup, words

pytestmark = pytest.mark.django_db

Q1 = Quarter(2025, 1)
SECRET = {"exempt": True, "exempt_reason": "Schedule 12A, paragraph 3"}


@pytest.fixture(scope="module")
def council(common_ground) -> Iterator[factories.Cast]:
    """CR1 promised 9 by May and stands at 16; CR2 is exempt, and promised a secret by May."""

    def build() -> factories.Cast:
        cast = factories.cast()
        register = factories.register()
        entries: dict[str, object] = {}
        for number in range(3):
            edition = factories.edition(Q1 + number, register=register)
            for reference, more in (("CR1", {}), ("CR2", SECRET)):
                if reference in entries:
                    more = {"entry": entries[reference]}
                made = factories.snapshot(edition, reference, owner=cast.post, **PROMISED, **more)
                entries[reference] = made.entry
                factories.ActionFactory(
                    snapshot=made,
                    key=KEYS[reference],
                    text=f"Act on {reference}",
                    due=date(2025, 5, 31),
                )
            factories.publish(edition, by=cast.manager)
        return cast

    with common_ground(build) as cast:
        yield cast


PROMISED = {
    "impact": 4,
    "likelihood": 4,
    "residual_impact": 3,
    "residual_likelihood": 3,
    "residual_by": date(2025, 5, 31),
}
KEYS = {
    "CR1": "11111111-1111-4111-8111-111111111111",
    "CR2": "22222222-2222-4222-8222-222222222222",
}


def get(user, address: str, **query: str):
    client = Client()
    client.force_login(user)
    response = client.get(f"/registers/corporate/{address}", query)
    assert response.status_code == 200
    return response


def test_what_was_promised_and_not_delivered_stands_first_with_its_days(council):
    page = words(markup(get(council.committee, "promises/")))
    assert "Residual scores 0 of 1" in page
    assert "Act on CR1" in page and "Not kept, still open, 214 days late" in page
    assert "All with fewer than 5 that can be judged" in page


def test_the_promises_of_an_exempt_entry_are_neither_shown_nor_counted(council):
    assert "CR2" not in markup(get(council.committee, "promises/"))
    assert "Residual scores 0 of 2" in words(markup(get(council.cleared, "promises/")))
    assert "CR2" not in get(council.committee, "promises.csv").content.decode()
    assert "CR2" in get(council.manager, "promises.csv").content.decode()


def test_the_list_behind_a_number_can_be_asked_for(council):
    only = words(markup(get(council.committee, "promises/", kind="residual", outcome="kept")))
    assert "The list behind the numbers: 0, only Residual scores; Kept" in only


def test_trends_count_only_what_one_may_read_in_every_edition(council):
    page = words(markup(get(council.committee, "trends/")))
    assert "3 published editions from Q1 2025/26 to Q3 2025/26" in page
    rows = get(council.committee, "trends/entries.csv").content.decode("utf-8-sig").splitlines()
    assert rows[0] == "Edition,Risks,Opportunities" and rows[1] == "Q1 2025/26,1,0"
    rows = get(council.manager, "trends/entries.csv").content.decode("utf-8-sig").splitlines()
    assert rows[1] == "Q1 2025/26,2,0"


@pytest.mark.parametrize("page", ["promises/", "trends/"])
def test_the_pages_cost_a_few_queries(council, page):
    client = Client()
    client.force_login(council.committee)
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/registers/corporate/{page}")
    assert len(captured) <= 9
