"""Every list of choices on every page, as each role: it names nothing that they can not read."""

from __future__ import annotations

import re
from html import unescape

import pytest

from registers import cycle
from tests import factories
from tests.admin.filled import client
from tests.support.walking import walk

pytestmark = [pytest.mark.django_db, pytest.mark.walks]

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
    opened = cycle.open_edition(edition.register, THEN, by=cast.manager, tell=False)
    drafts = [row.pk for row in opened.snapshots.all()]
    keeper = factories.OwnerFactory(name="Keeper of the hidden post")
    other = factories.edition(register=factories.register("secrets", name="Registry of secrets"))
    for where, number in ((other, "CR1"), (edition.register.editions.get(quarter=THEN), "CR9")):
        factories.snapshot(
            where, number, owner=keeper, title="Drafted title", types=["Hidden sort"]
        )
    return {**cast.people(), "entry": mine.entry_id, "drafts": drafts}


def choices_of(page: str) -> list[str]:
    """What can be chosen: from a list, with a tick, or of several; by its words and its value."""
    found = re.findall(r"<option\b([^>]*)>([^<]*)", page)
    ticks = re.findall(r"<input\b[^>]*type=\"(?:checkbox|radio)\"[^>]*>", page)
    labels = re.findall(r"<label\b([^>]*)>(.*?)</label>", page, re.DOTALL)
    return [unescape(" ".join(choice)) for choice in (*found, *labels)] + ticks


def forms_of(readers) -> list[str]:
    """Pages with a form that a link may not lead to."""
    own = [f"/admin/registers/snapshot/{pk}/change/" for pk in readers["drafts"]]
    own += [f"/my-updates/{pk}/no-change/" for pk in readers["drafts"]]
    return [*LISTS, f"/entries/{readers['entry']}/", *own]


@pytest.mark.parametrize(
    "part", ["committee", "cleared", "owner", "delegate", "former", "other_owner", "nobody"]
)
def test_no_choice_names_what_its_reader_has_no_part_in(part, readers):
    browser = client(readers[part])
    pages = walk(browser)
    for url in forms_of(readers):
        pages[url] = browser.get(url, follow=True).content.decode()
    for url, page in pages.items():
        # Who says of what sort their own entry is chooses from every sort that there is.
        hidden = HIDDEN[:2] + HIDDEN[3:] if "/snapshot/" in url and "/change/" in url else HIDDEN
        named = choices_of(page)
        for name in hidden:
            assert not any(name in choice for choice in named), (url, name)


def test_the_choices_of_a_form_are_found_whatever_they_look_like(readers):
    """Else the walk would prove nothing."""
    draft = f"/admin/registers/snapshot/{readers['drafts'][0]}/change/"
    form = " ".join(choices_of(client(readers["manager"]).get(draft).content.decode()))
    assert "Economic" in form, "a tick"
    assert "Down: getting better" in form, "one of several"
    named = " ".join(choices_of(client(readers["owner"]).get(LISTS[2]).content.decode()))
    assert "Director of Children" in named, "a list"


def test_who_reads_every_draft_is_offered_every_register(readers):
    for part in ("manager", "auditor"):
        page = client(readers[part]).get("/admin/registers/snapshot/").content.decode()
        named = " ".join(choices_of(page))
        assert "Registry of secrets" in named
