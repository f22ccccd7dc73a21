"""The six questions of a committee, each answered from the home page in at most three taps.

Run with `-s` to see the taps and the seconds. Where they end is looked over as well: by axe, by day
and by night, on the narrowest screen and on a wide one.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import pytest
from playwright.sync_api import Locator, Page, expect

from registers.models import Edition, User
from tests.browser import look_over

pytestmark = pytest.mark.usefixtures("demo")

MOST_TAPS = 3
WIDTHS = (320, 1440)


class Tablet:
    """A councillor's tablet, which counts what is tapped."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, what: Locator) -> None:
        self.taps += 1
        what.tap()

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("link", name=name)

    def navigation(self, name: str) -> Locator:
        return self.page.get_by_role("navigation", name="Main").get_by_role("link", name=name)


def what_changed(at: Tablet) -> None:
    at.tap(at.navigation("Compare"))
    expect(at.page.get_by_role("heading", level=1)).to_have_text(
        "What changed between Q1 and Q2 2026/27"
    )
    expect(at.page.get_by_role("link", name="2", exact=True).first).to_be_visible()


def what_stands_above_appetite_and_since_when(at: Tablet) -> None:
    at.tap(at.page.locator("dl.figs a").last)
    expect(at.page.get_by_role("columnheader", name="Above appetite since")).to_be_visible()
    rows = at.page.locator("tbody tr")
    expect(rows.first).to_contain_text("Q3 2024/25")
    expect(rows).to_have_count(9)


def what_was_promised_and_not_delivered(at: Tablet) -> None:
    at.tap(at.navigation("Challenge"))
    at.tap(at.link("Promised and not delivered"))
    expect(at.page.get_by_role("heading", level=1)).to_have_text("The record of promises")
    expect(at.page.locator("#list tbody tr").first).to_contain_text("Not kept, still open")


def what_stands_still(at: Tablet) -> None:
    at.tap(at.navigation("Challenge"))
    at.tap(at.link("Stuck above appetite"))
    expect(at.page.locator("main")).to_contain_text("At 16 for 8 quarters")


def what_to_call_in(at: Tablet) -> None:
    at.tap(at.navigation("Challenge"))
    dives = at.page.get_by_role("region", name="Suggested deep dives")
    expect(dives).to_contain_text("Above appetite in 8 editions, since Q3 2024/25")


def what_happened_to_cr4(at: Tablet) -> None:
    at.tap(at.page.get_by_role("banner").get_by_role("link", name="Search"))
    at.page.get_by_role("searchbox").fill("CR4")
    at.tap(at.page.get_by_role("button", name="Search"))
    at.tap(at.link("What CR4 has meant"))
    expect(at.page.get_by_role("heading", level=1)).to_have_text("What CR4 has meant")
    expect(at.page.locator("main")).to_contain_text("it stood for 3 entries")


QUESTIONS = (
    what_changed,
    what_stands_above_appetite_and_since_when,
    what_was_promised_and_not_delivered,
    what_stands_still,
    what_to_call_in,
    what_happened_to_cr4,
)


@pytest.mark.parametrize("ask", QUESTIONS, ids=[one.__name__ for one in QUESTIONS])
def test_a_councillor_finds_it_from_the_home_page(new_page, ask: Callable[[Tablet], None]) -> None:
    page = new_page(User.objects.get(username="councillor"), width=820, height=1180, has_touch=True)
    page.goto("/")
    tablet, began = Tablet(page), perf_counter()
    ask(tablet)
    print(f"\n{ask.__name__}: {tablet.taps} taps, {perf_counter() - began:.1f} s")
    assert tablet.taps <= MOST_TAPS


PAGES = (
    "{edition}challenge/",
    "{edition}table/?columns=flags,above_since,at_score,late",
    "/registers/corporate/promises/",
    "/registers/corporate/trends/",
    "/registers/corporate/numbers/CR4/",
    "/search/?q=placements",
    "/questions/ask/?on={pk}",
)


@pytest.mark.parametrize("address", PAGES)
def test_the_pages_where_they_end_can_be_read_by_everybody(new_page, address: str) -> None:
    page = new_page(User.objects.get(username="councillor"))
    latest = Edition.objects.published().newest_first().first()
    page.goto(address.format(edition=latest.get_absolute_url(), pk=latest.pk))
    assert look_over(page, WIDTHS) == []


def test_the_movement_is_replayed_by_the_keys_of_a_slider_and_said_aloud(new_page) -> None:
    page = new_page(User.objects.get(username="councillor"))
    page.emulate_media(reduced_motion="reduce")
    latest = Edition.objects.published().newest_first().first()
    page.goto(f"{latest.get_absolute_url()}?view=movement")
    slider = page.get_by_role("slider", name="Edition")
    expect(slider).to_have_attribute("aria-valuetext", "Q2 2026/27")
    expect(page.locator("[data-play]")).to_be_hidden()  # who asked for less motion steps by hand
    slider.press("ArrowLeft")
    expect(page.get_by_role("status").last).to_contain_text("Q1 2026/27, since Q4 2025/26: CR6 (16")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Q1 2026/27")
    expect(slider).to_be_focused()
    assert "2026-27-q1" in page.url
    assert look_over(page, WIDTHS) == []
