"""The inherent score, where a register uses it: on every page that shows a score."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from registers.domain.quarters import Quarter
from tests import factories

pytestmark = pytest.mark.django_db

Q1, Q2 = Quarter(2026, 1), Quarter(2026, 2)


@pytest.fixture
def member(cast) -> Client:
    client = Client()
    client.force_login(cast.committee)
    return client


def editions(*, uses: bool):
    """Two editions with one entry, whose inherent score went from 20 to 25."""
    register = factories.register(uses_inherent_score=uses)
    entry, found = None, []
    for quarter, impact in ((Q1, 4), (Q2, 5)):
        edition = factories.edition(quarter, register=register)
        more = {"entry": entry} if entry else {}
        inherent = {
            "inherent_impact": impact,
            "inherent_likelihood": 5,
            "inherent_score": impact * 5,
        }
        entry = factories.snapshot(edition, "CR1", **inherent, **more).entry
        found.append(factories.publish(edition))
    return *found, entry


def text(member: Client, address: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", member.get(address).content.decode()).split())


def test_the_page_of_an_entry_shows_it(member):
    *_, now, entry = editions(uses=True)
    assert "Inherent risk score 25 Very high Catastrophic × Certain" in text(
        member, f"/entries/{entry.pk}/?edition={now.quarter.slug}"
    )


def test_the_table_and_its_files_have_its_columns(member):
    *_, now, _ = editions(uses=True)
    assert "Inherent" in text(member, now.url("table"))
    file = member.get(f"{now.url('table')[:-1]}.csv?columns=inherent,inherent_position")
    assert "CR1,Title of CR1,25,Catastrophic × Certain" in file.content.decode()


def test_the_heat_map_has_a_view_of_it_that_leads_to_the_table(member):
    *_, now, _ = editions(uses=True)
    page = member.get(f"{now.url('heatmap')}?view=inherent").content.decode()
    squares = re.findall(r'<td class="cell.*?</td>', page, re.DOTALL)
    [square] = [square for square in squares if ">CR1" in square]
    assert 'data-score="25"' in square
    assert "inherent_impact=5&amp;inherent_likelihood=5" in square
    listed = f"{now.url('table')}?inherent_impact=5&inherent_likelihood=5"
    assert "Showing 1 of 1 entry" in text(member, listed)
    assert "Showing 0 of 1 entry" in text(member, f"{now.url('table')}?inherent_impact=4")


def test_a_comparison_says_what_became_of_it(member):
    *_, now, _ = editions(uses=True)
    assert "Inherent 20 → 25" in text(member, now.url("changes"))


def test_a_register_that_does_not_use_it_shows_it_nowhere(member):
    *_, now, entry = editions(uses=False)
    page = f"/entries/{entry.pk}/?edition={now.quarter.slug}"
    for address in (page, f"{now.url('heatmap')}?view=inherent", now.url("table")):
        assert "nherent" not in text(member, address), address
