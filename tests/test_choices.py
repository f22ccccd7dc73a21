"""Every list of choices on every page, as each role: it names nothing that they can not read."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from registers import cycle
from tests import factories
from tests.admin.filled import client

pytestmark = pytest.mark.django_db

FIRST, THEN = factories.QUARTER, factories.QUARTER.next
LISTS = (
    "/",
    f"/registers/corporate/{FIRST.slug}/",
    f"/registers/corporate/{FIRST.slug}/table/",
    f"/registers/corporate/{FIRST.slug}/changes/",
    f"/registers/corporate/{THEN.slug}/",
    f"/registers/corporate/{THEN.slug}/table/",
    "/my-updates/",
    "/admin/",
    "/admin/registers/snapshot/",
    "/admin/registers/snapshot/add/",
    "/admin/registers/entry/",
    "/admin/registers/lineage/add/",
    "/cycle/corporate/",
    "/audit/corporate/",
)
# What only those may read who read every draft.
HIDDEN = ("Registry of secrets", "Keeper of the hidden post", "Hidden sort", "Drafted title")


@pytest.fixture
def readers(cast):
    """A published edition that all may read, and beside it what no owner of ours has a part in."""
    edition = factories.edition()
    mine = factories.snapshot(edition, "CR1", owner=cast.post)
    factories.publish(edition, by=cast.manager)
    cycle.open_edition(edition.register, THEN, by=cast.manager, tell=False)
    keeper = factories.OwnerFactory(name="Keeper of the hidden post")
    other = factories.edition(register=factories.register("secrets", name="Registry of secrets"))
    for where, number in ((other, "CR1"), (edition.register.editions.get(quarter=THEN), "CR9")):
        factories.snapshot(
            where, number, owner=keeper, title="Drafted title", types=["Hidden sort"]
        )
    return {**cast.people(), "entry": mine.entry_id}


def choices_of(browser: Client, url: str) -> list[str]:
    page = browser.get(url, follow=True).content.decode()
    found = re.findall(r"<option\b([^>]*)>([^<]*)", page)
    return [unescape(f"{attributes} {words}") for attributes, words in found]


@pytest.mark.parametrize(
    "part", ["committee", "cleared", "owner", "delegate", "former", "other_owner", "nobody"]
)
def test_no_choice_names_what_its_reader_has_no_part_in(part, readers):
    browser = client(readers[part])
    for url in (*LISTS, f"/entries/{readers['entry']}/"):
        named = choices_of(browser, url)
        for name in HIDDEN:
            assert not any(name in choice for choice in named), (url, name)


def test_who_reads_every_draft_is_offered_every_register(readers):
    for part in ("manager", "auditor"):
        named = " ".join(choices_of(client(readers[part]), "/admin/registers/snapshot/"))
        assert "Registry of secrets" in named
