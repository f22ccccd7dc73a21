"""What the printer gives: A4, nothing cut, nothing too small to read, and which sheet it is."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from registers.models import User
from registers.pages.register.tables import RegisterTable
from tests.eyes.test_on_a_screen import Q2, address_of

pytestmark = pytest.mark.usefixtures("demo")

# An A4 sheet on its side, less its margins, in CSS pixels.
SHEET = 1031
SMALLEST = 12

ALL_COLUMNS = f"{Q2}table/?" + "&".join(f"columns={name}" for name in RegisterTable.base_columns)
PAGES = [
    Q2,
    f"{Q2}?paper=1",
    f"{Q2}?view=movement",
    f"{Q2}table/",
    ALL_COLUMNS,
    f"{Q2}changes/",
    "entry CR1",
]

TOO_SMALL = """smallest => {
    const found = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const said = texts.currentNode.textContent.trim(), at = texts.currentNode.parentElement;
        if (!said || at.closest('.vh, script, title') || !at.getClientRects().length) continue;
        const scale = at.ownerSVGElement ? at.getScreenCTM().a : 1;
        const size = parseFloat(getComputedStyle(at).fontSize) * scale;
        if (size < smallest - .05) found.push(`${said}: ${size.toFixed(1)}`);
    }
    return found;
}"""


def on_paper(new_page, address: str) -> Page:
    page = new_page(User.objects.get(username="councillor"), width=SHEET, height=700)
    page.goto(address_of(address))
    page.emulate_media(media="print")
    return page


@pytest.mark.parametrize("address", PAGES)
def test_on_a4_nothing_is_cut_and_nothing_is_under_9_points(new_page, address):
    page = on_paper(new_page, address)
    assert page.evaluate("document.documentElement.scrollWidth") <= SHEET
    assert page.evaluate(TOO_SMALL, SMALLEST) == []


def test_every_sheet_is_headed_with_council_register_edition_and_issue(new_page):
    page = on_paper(new_page, f"{Q2}table/")
    head = page.locator(".paper-head")
    assert head.evaluate("head => getComputedStyle(head).display") == "table-header-group"
    expect(head).to_contain_text("Corporate")
    expect(head).to_contain_text("Q2 2026/27, issue 1")
    # Chromium prints a head again on each sheet only if it may not be broken.
    assert head.evaluate("head => getComputedStyle(head).breakInside") == "avoid"


def test_it_is_printed_on_a4_sideways(new_page):
    page = on_paper(new_page, f"{Q2}table/")
    page.emulate_media(media=None)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True))
    assert boxes
    assert {(round(float(wide)), round(float(high))) for wide, high in boxes} == {(842, 595)}


def test_risks_residuals_and_opportunities_are_printed_each_on_a_sheet(new_page):
    page = on_paper(new_page, f"{Q2}?paper=1")
    titles = page.locator("#map h2, .map-sheet h2").all_inner_texts()
    assert len(titles) == len(set(titles)) == 3
    assert page.locator(".matrix").count() == 3
    for title, word in zip(titles, ("Risks", "Risks: residual", "Opportunities"), strict=True):
        assert title.startswith(word)
