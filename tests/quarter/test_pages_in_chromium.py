"""The pages of a quarter in a browser: readable by everybody, by keyboard, on every width."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from registers import cycle
from registers.models import Progress, Snapshot, State
from tests import factories
from tests.browser import axe, look_over
from tests.cycle.conftest import BEFORE, fill_in, find
from tests.quarter.conftest import at, submit


@pytest.fixture
def busy(transactional_db, council):
    """A quarter with an entry at every step, beside an edition that is being corrected."""
    edition = council.open()
    factories.snapshot(edition, "CR8", order=8, owner=council.cast.post)
    factories.snapshot(edition, "CR9", order=9, owner=None)
    submit(edition, "CR1", council.owner)
    submit(edition, "CR2", council.cast.other_owner)
    submit(edition, "CO1", council.owner)
    cycle.send_back(find(edition, "CR1"), by=council.manager, comment="Why 20?", tell=False)
    fill_in(find(edition, "CR8"), by=council.cast.delegate)
    cycle.reissue(council.published, by=council.manager, reason="A wrong score.")
    return edition


def pages(edition, council) -> dict[str, list[str]]:
    waiting = find(edition, "CO1")
    return {
        "manager": [
            at("cycle-edition", edition),
            at("cycle-edition", council.published),
            at("cycle-dates", edition),
            at("cycle-numbers", edition),
            at("cycle-publish", edition),
            at("cycle-add", edition),
            at("cycle-end", edition, waiting.pk),
            at("cycle-split", edition, waiting.pk),
            at("cycle-send-back", edition, waiting.pk),
            "/audit/corporate/",
        ],
        "owner": ["/my-updates/"],
        "committee": [at("issue", council.published, 1)],
    }


def test_axe_finds_nothing_and_nothing_runs_over_the_edge(busy, council, new_page):
    for part, addresses in pages(busy, council).items():
        page = new_page(getattr(council.cast, part))
        for address in addresses:
            page.goto(address)
            # What is folded away has to hold as well.
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            assert look_over(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_something_is_wrong(busy, council, new_page, scheme):
    entry = untouched(busy, council, residual_impact=5, residual_likelihood=5)
    page = new_page(council.owner, width=390, color_scheme=scheme)
    page.goto(reverse("no-change", args=[entry.pk]))
    assert not axe(page)
    page.get_by_label("Why has nothing changed?").fill("Nothing moved.")
    page.get_by_role("button", name="Submit “no change”").click()
    assert page.get_by_role("alert").is_visible()
    assert not axe(page)

    page = new_page(council.manager, width=390, color_scheme=scheme)
    page.goto(at("cycle-add", busy))
    page.evaluate("document.querySelectorAll('form').forEach(f => f.noValidate = true)")
    page.get_by_role("button", name="Add it").click()
    assert page.get_by_role("heading", name="There is a problem").is_visible()
    assert not axe(page)
    page.goto("/audit/corporate/?since=yesterday")
    assert not axe(page)


def untouched(edition, council, **values) -> Snapshot:
    """CR10 was published before the quarter, and its owner has not begun to update it."""
    earlier = factories.edition(BEFORE - 1, register=council.register, state=State.IN_REVIEW)
    entry = factories.snapshot(earlier, "CR10").entry
    factories.publish(earlier)
    return factories.snapshot(
        edition, "CR10", order=10, entry=entry, owner=council.cast.post, **values
    )


def test_the_manager_accepts_by_keyboard_alone(busy, council, new_page):
    page = new_page(council.manager)
    page.goto(at("cycle-edition", busy))
    tick = page.get_by_label("Tick CO1")
    page.keyboard.press("Tab")
    for _ in range(80):
        if tick.evaluate("field => field === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert tick.is_checked()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").split() == ["Accept", "CO1"]
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert page.get_by_role("status").inner_text() == "Accepted: CO1."
    assert find(busy, "CO1").progress == Progress.ACCEPTED


def test_more_about_an_entry_opens_by_keyboard_and_reminds_its_owner(busy, council, new_page):
    page = new_page(council.manager, width=390)
    page.goto(at("cycle-edition", busy))
    more = page.locator("summary", has_text="More about CR8")
    more.focus()
    page.keyboard.press("Enter")
    remind = page.get_by_role("button", name="Remind the owner of CR8")
    assert remind.is_visible()
    remind.press("Enter")
    page.wait_for_load_state()
    assert "being reminded by e-mail" in page.get_by_role("status").inner_text()


def test_an_owner_says_no_change_by_keyboard_alone(busy, council, new_page):
    untouched(busy, council)
    page = new_page(council.owner, width=390)
    page.goto("/my-updates/")
    page.get_by_role("link", name="No change this quarter to CR10").press("Enter")
    page.get_by_label("Why has nothing changed?").press("A")
    page.keyboard.type(" quiet quarter.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert "CR10: no change, submitted." in page.get_by_role("status").inner_text()


def test_the_way_to_an_error_is_a_link_to_its_field(busy, council, new_page):
    page = new_page(council.manager)
    page.goto(at("cycle-dates", busy))
    page.get_by_label("Committee meets on").fill("2020-01-01")
    page.get_by_role("button", name="Keep these dates").click()
    page.get_by_role("alert").get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.name") == "deadline"


def test_what_a_button_did_is_told_where_the_page_lands(busy, council, new_page):
    """After an accept the page stands at the next entry, far below its top."""
    for number in range(20, 26):
        factories.snapshot(busy, f"CR{number}", owner=council.cast.post, direction="new")
        submit(busy, f"CR{number}", council.owner)
    page = new_page(council.manager, height=500)
    page.goto(at("cycle-edition", busy))
    page.get_by_role("button", name="Accept CR24").click()
    page.wait_for_url("**#*")
    assert page.evaluate("scrollY") > 500
    expect(page.get_by_text("Accepted: CR24.")).to_be_in_viewport(ratio=1)
    place = page.locator(":target")
    told = page.locator(".said-here")
    assert told.bounding_box()["y"] + told.bounding_box()["height"] <= place.bounding_box()["y"]
