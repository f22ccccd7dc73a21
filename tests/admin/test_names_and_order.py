"""Entries and registers by the names that people know, and in the order that people expect."""

from __future__ import annotations

import re
import warnings
from html import unescape

import pytest
from django.core.paginator import UnorderedObjectListWarning

from registers import cycle
from registers.admin import site
from registers.admin.entry_names import named as with_names
from registers.domain.quarters import Quarter
from registers.models import Entry, Register
from tests import factories
from tests.admin.filled import client

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(cast):
    edition = factories.EditionFactory(quarter=Quarter(2026, 1))
    for reference in ("CR10", "CR2", "CR1", "CS1"):
        factories.snapshot(edition, reference, title=f"Title {reference}", owner=cast.post)
    return edition


@pytest.mark.parametrize(
    ("address", "order"),
    [
        ("snapshot/?o=0", ["CR1", "CR2", "CR10", "CS1"]),
        ("snapshot/?o=-0", ["CS1", "CR10", "CR2", "CR1"]),
        ("entry/", ["CR1", "CR2", "CR10", "CS1"]),
        ("entry/?o=0", ["CR1", "CR2", "CR10", "CS1"]),
        ("entry/?o=-0", ["CS1", "CR10", "CR2", "CR1"]),
    ],
)
def test_cr2_comes_before_cr10_on_the_data_pages(cast, edition, address, order):
    page = client(cast.manager).get(f"/admin/registers/{address}")
    assert page.status_code == 200
    listed = page.context["cl"].result_list
    names = [getattr(row, "reference", None) or row.latest_reference for row in listed]
    assert names == order


def test_every_list_has_an_order_of_its_own(cast, edition):
    """Else a second page may repeat what the first one showed."""
    browser = client(cast.manager)
    for model in site._registry:
        url = f"/admin/registers/{model._meta.model_name}/"
        with warnings.catch_warnings():
            warnings.simplefilter("error", UnorderedObjectListWarning)
            assert browser.get(url).status_code == 200, url


# No number of a row, anywhere ---------------------------------------------------------------------


def test_an_entry_is_called_by_its_latest_number_and_title(edition):
    entry = edition.snapshots.get(reference="CR2").entry
    assert str(entry) == "CR2 Title CR2"
    bare = factories.EntryFactory(register=edition.register)
    assert str(bare) == "Risk that no edition holds"
    assert str(with_names(Entry.objects.all()).get(pk=bare.pk)) == "Risk that no edition holds"


def test_a_statement_names_its_entries_and_no_number_of_a_row(cast, edition):
    factories.publish(edition, by=cast.manager)
    now = cycle.open_edition(edition.register, Quarter(2026, 2), by=cast.manager, tell=False)
    gone, into = (now.snapshots.get(reference=name) for name in ("CR2", "CR10"))
    one = gone.entry
    statement = cycle.merge_entry(gone, into=into, by=cast.manager, reason="As one.")
    browser = client(cast.manager)
    for address in ("lineage/", f"lineage/{statement.pk}/change/", f"entry/{one.pk}/change/"):
        html = browser.get(f"/admin/registers/{address}").content.decode()
        assert "CR2 Title CR2" in html, address
        assert not re.search(r"\bRisk \d", html), address
        assert not re.search(r"\bno\. \d", html), address


# Registers ----------------------------------------------------------------------------------------


def test_a_register_that_is_added_later_takes_nobody_s_first_page(cast):
    corporate = factories.RegisterFactory(slug="corporate")
    factories.published(Quarter(2026, 1), register=corporate)
    added = factories.RegisterFactory(slug="adult-services")
    factories.published(Quarter(2026, 2), register=added)
    assert list(Register.objects.all()) == [corporate, added]
    first = {
        "committee": ("/", "/registers/corporate/2026-27-q1/"),
        "manager": ("/cycle/", "/cycle/corporate/"),
        "auditor": ("/audit/", "/audit/corporate/"),
    }
    for part, (address, leads_to) in first.items():
        assert client(getattr(cast, part)).get(address)["Location"] == leads_to, part


# Titles -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "query", "title"),
    [
        ("heatmap", "?view=residual", "Heat map of risks, residual, Q1 2026/27, Corporate –"),
        ("heatmap", "?kind=opportunity", "Heat map of opportunities, score now, Q1 2026/27, Cor"),
        ("heatmap", "?q=roads", "Q1 2026/27, Corporate, only “roads” –"),
        ("table", "?kind=risk", "Register of risks, Q1 2026/27, Corporate –"),
        ("table", "?appetite=above", "Register, Q1 2026/27, Corporate, only Appetite: Above ap"),
    ],
)
def test_the_title_of_a_page_tells_its_view_its_kind_and_its_filter(
    cast, edition, page, query, title
):
    factories.publish(edition)
    for _ in range(2):  # made, and kept
        html = client(cast.committee).get(edition.url(page) + query).content.decode()
        assert title in unescape(html.split("<title>")[1].split("</title>")[0])
