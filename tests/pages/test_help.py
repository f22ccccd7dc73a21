"""The key to scores, and the statement on accessibility."""

from __future__ import annotations

import pytest
from django.test import Client

from registers.models import Register
from tests import factories
from tests.browser import look_over

pytestmark = pytest.mark.django_db


def read(user, url: str = "/help/scores/") -> str:
    client = Client()
    client.force_login(user)
    return client.get(url).content.decode()


def test_the_key_to_scores_shows_every_square_of_both_grids(cast):
    page = read(cast.committee)
    assert page.count('class="cell ') == 50
    for word in ("Catastrophic", "Outstanding", "Certain", "Very high", "Modest"):
        assert word in page


def test_it_tells_the_bands_and_the_appetite_that_are_set(cast):
    factories.register(medium_from=4, high_from=9, very_high_from=20, appetite=8)
    factories.register("highways", parent=Register.objects.get(), appetite=25)
    page = read(cast.committee)
    assert "The bands of the Corporate register" in page
    assert "4 to 8" in page
    assert "20 to 25" in page
    assert "appetite</b>: 8" in page


def test_each_register_has_a_key_of_its_own(cast):
    factories.published(register=factories.register(appetite=8))
    schools = factories.register(
        "schools", parent=Register.objects.get(), name="Schools", appetite=20
    )
    assert "?register=schools" not in read(cast.committee), "nothing of it can be read yet"
    factories.published(register=schools)
    assert "?register=schools" in read(cast.committee)
    assert "appetite</b>: 20" in read(cast.committee, "/help/scores/?register=schools")
    client = Client()
    client.force_login(cast.committee)
    assert client.get("/help/scores/?register=nothing").status_code == 404


def test_it_can_be_read_before_there_is_a_register(cast):
    assert "appetite</b>: 12" in read(cast.committee)


def test_the_statement_has_the_parts_that_the_regulations_ask_for():
    page = Client().get("/accessibility/").content.decode()
    for part in (
        "Accessibility statement for",
        "Feedback and contact",
        "Enforcement procedure",
        "Equality and Human Rights Commission",
        "Technical information",
        "Compliance status",
        "Non-accessible content",
        "Preparation of this accessibility statement",
    ):
        assert part in page


def test_axe_finds_nothing(cast, new_page):
    page = new_page(cast.committee)
    for url in ("/help/scores/", "/accessibility/"):
        page.goto(url)
        assert look_over(page) == []
