"""Following the links, nobody meets a word of a draft or an exempt entry that is not theirs."""

from __future__ import annotations

import re

import pytest

from registers import cycle
from registers.models import Lineage
from tests import factories
from tests.cycle.conftest import BEFORE, fill_in, find
from tests.quarter.conftest import as_
from tests.support.walking import walk

pytestmark = [pytest.mark.django_db, pytest.mark.walks]

DRAFTED, NEW, SECRET, ENDED = "Xylophone", "Quagga", "Zeppelin", "Wombat"
CORRECTED = "Yarrow"


@pytest.fixture
def under_way(council):
    """A published edition with an exempt entry, one being corrected, and an open quarter.

    In the drafts every sort of thing has happened: a text changed, an entry came, one was ended.
    """
    published = factories.edition(BEFORE.next, register=council.register)
    for reference, owner in (("CR1", council.cast.other_post), ("CR2", council.cast.other_post)):
        factories.snapshot(
            published,
            reference,
            owner=owner,
            entry=find(council.published, reference).entry,
            commentary="As it was published.",
        )
    factories.snapshot(
        published,
        "CR7",
        title=f"{SECRET} dispute",
        owner=council.cast.other_post,
        exempt=True,
        exempt_reason="Schedule 12A, paragraph 3",
    )
    factories.publish(published, by=council.manager)
    edition = council.open(BEFORE + 2)
    fill_in(find(edition, "CR1"), by=council.manager, commentary=f"{DRAFTED} found.")
    cycle.add_entry(
        edition,
        by=council.manager,
        kind="risk",
        title=f"{NEW} escaped",
        owner=council.cast.other_post,
    )
    cycle.close_entry(find(edition, "CR2"), by=council.manager, reason=f"{ENDED} retired.")
    corrected = cycle.reissue(council.published, by=council.manager, reason="A wrong score.")
    fill_in(find(corrected, "CR2"), by=council.manager, commentary=f"{CORRECTED} corrected.")
    assert Lineage.objects.count() == 1
    return edition


@pytest.mark.parametrize(
    ("part", "unknown"),
    [
        ("committee", (DRAFTED, NEW, SECRET, ENDED, CORRECTED)),
        ("cleared", (DRAFTED, NEW, ENDED, CORRECTED)),
        ("owner", (NEW, SECRET, ENDED, CORRECTED)),
        ("former", (DRAFTED, NEW, SECRET, ENDED, CORRECTED)),
        ("nobody", (DRAFTED, NEW, SECRET, ENDED, CORRECTED)),
    ],
)
def test_no_link_leads_to_a_word_that_is_not_theirs_to_read(council, under_way, part, unknown):
    pages = walk(as_(getattr(council.cast, part)).client)
    assert len(pages) > (3 if part == "nobody" else 15)
    met = [(address, word) for address, text in pages.items() for word in unknown if word in text]
    assert not met


def test_the_manager_meets_them_all(council, under_way):
    pages = " ".join(walk(as_(council.manager).client).values())
    for word in (DRAFTED, NEW, SECRET, ENDED, CORRECTED):
        assert word in pages


def test_an_open_quarter_makes_no_difference_to_what_the_committee_reads(council):
    """Whether a draft exists can't be told from any page: byte by byte they stay the same."""
    member = as_(council.cast.committee)
    before = walk(member.client)
    edition = council.open()
    cycle.add_entry(edition, by=council.manager, kind="risk", title=f"{NEW} escaped")
    fill_in(find(edition, "CR1"), by=council.manager, commentary=f"{DRAFTED} found.")
    after = walk(member.client)
    assert sorted(before) == sorted(after)
    different = [address for address in before if stable(before[address]) != stable(after[address])]
    assert not different


def stable(page: str) -> str:
    """Without the tokens against forgery and against sending twice: others each time."""
    return re.sub(r'name="(csrfmiddlewaretoken|sending)" value="[^"]*"', "", page)
