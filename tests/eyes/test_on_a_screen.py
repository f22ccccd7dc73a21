"""What a reader sees without scrolling, and that nothing runs over the edge of a small screen."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from registers.models import Snapshot, State, User
from tests.browser import look_over

pytestmark = pytest.mark.usefixtures("demo")

Q2 = "/registers/corporate/2026-27-q2/"
OPEN = "/cycle/corporate/2026-27-q3/"

# Of each reader, the pages they read: every kind of page that has a layout of its own.
PAGES = {
    "councillor": [
        "/",
        f"{Q2}?ghosts=1&view=residual",
        f"{Q2}?view=movement",
        f"{Q2}?band=4",
        f"{Q2}table/",
        f"{Q2}changes/",
        f"{Q2}issues/1/",
        f"{Q2}pack/",
        "/questions/",
        "/registers/corporate/promises/",
        "/registers/corporate/trends/",
        "entry CR1",
        "entry CO1",
        "/help/",
        "/help/scores/",
        "/accessibility/",
    ],
    "owner": ["/my-updates/", "form CR12", "no-change CR12"],
    "manager": [
        "/cycle/corporate/",
        f"{OPEN}dates/",
        f"{OPEN}numbers/",
        f"{OPEN}publish/",
        f"{OPEN}add/",
        "/audit/corporate/",
        f"{Q2}pack/report/",
        "/import/",
        "history CR1",
        "form CR2",
        "send-back CR2",
        "end CR2",
        "split CR2",
        "/cycle/corporate/2026-27-q2/reissue/",
        f"{OPEN}carry/",
        "/admin/",
        "/admin/state/",
        "/admin/registers/snapshot/",
        "/admin/registers/user/",
    ],
}

FORMS = {"form": "admin:registers_snapshot_change", "no-change": "no-change"}

TOP_OF_THE_GRID = "document.querySelector('.matrix').getBoundingClientRect().top"

OVERLAPS = """() => {
    const boxes = [...document.querySelectorAll('.filter .field > :is(input, select)')]
        .map(field => [field.name, field.getBoundingClientRect()]);
    return boxes.flatMap(([one, a], i) => boxes.slice(i + 1)
        .filter(([, b]) => a.left < b.right && b.left < a.right && a.top < b.bottom
            && b.top < a.bottom)
        .map(([other]) => `${one} over ${other}`));
}"""

OUT_OF_THEIR_SQUARE = """() => [...document.querySelectorAll('td.cell .chip')].filter(chip => {
    const own = chip.getBoundingClientRect();
    const square = chip.closest('td').getBoundingClientRect();
    return own.left < square.left || own.right > square.right + .5;
}).map(chip => chip.textContent)"""


def reader(name: str) -> User:
    return User.objects.get(username=name)


def address_of(place: str) -> str:
    """An address as it stands, or that of the page of an entry: 'entry CR1', 'history CR1'."""
    if place.startswith("/"):
        return place
    page, reference = place.split()
    snapshots = Snapshot.objects.filter(reference=reference)
    draft = snapshots.filter(edition__state=State.OPEN).last()
    if page in ("form", "no-change"):
        return reverse(FORMS[page], args=[draft.pk])
    if page in ("send-back", "end", "split"):
        return reverse(f"cycle-{page}", args=["corporate", draft.edition.quarter.slug, draft.pk])
    entry = snapshots.filter(edition__state=State.PUBLISHED).last().entry
    return reverse({"entry": "entry", "history": "entry-history"}[page], args=[entry.pk])


@pytest.mark.parametrize("width", [820, 1200, 1440])
def test_a_reason_has_the_room_of_a_paragraph(new_page, width):
    page = new_page(reader("councillor"), width=width)
    page.goto(Q2)
    widths = page.evaluate(
        "[...document.querySelectorAll('.changes li > p')]"
        ".map(p => p.getBoundingClientRect().width)"
    )
    assert widths
    assert min(widths) >= 320


def test_no_mark_of_the_key_is_larger_than_its_words(new_page):
    page = new_page(reader("councillor"), width=820)
    page.goto(Q2)
    expect(page.get_by_text("The same score, in another square")).to_be_visible()
    heights = page.evaluate(
        "[...document.querySelectorAll('.key svg')]"
        ".map(mark => mark.getBoundingClientRect().height)"
    )
    assert max(heights) <= 20


def test_who_is_not_signed_in_scrolls_nowhere_either(new_page):
    page = new_page(None, width=320, height=700)
    for address in ("/accounts/login/", "/accounts/password/reset/"):
        page.goto(address)
        assert over_the_edge(page) <= 0, address


def over_the_edge(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


@pytest.mark.parametrize(
    ("width", "height", "at_most"), [(1440, 900, 420), (820, 1180, 460), (390, 844, 590)]
)
def test_the_grid_begins_well_above_the_fold(new_page, width, height, at_most):
    page = new_page(reader("councillor"), width=width, height=height)
    page.goto(Q2)
    assert page.evaluate(TOP_OF_THE_GRID) <= at_most


@pytest.mark.parametrize(
    ("who", "addresses"),
    [
        ("councillor", ["/questions/", f"{Q2}pack/", "/accounts/"]),
        ("manager", [f"{Q2}pack/report/", "/import/"]),
    ],
)
def test_axe_finds_nothing_in_questions_packs_and_imports(new_page, who, addresses):
    page = new_page(reader(who))
    for address in addresses:
        page.goto(address)
        assert look_over(page, (320, 1440)) == []


@pytest.mark.parametrize("width", [900, 1440])
def test_the_buttons_of_a_page_leave_its_heading_room(new_page, width):
    page = new_page(reader("manager"), width=width)
    for address in (OPEN, f"{Q2}challenge/", "/cycle/corporate/", f"{Q2}changes/"):
        page.goto(address)
        heading = page.get_by_role("heading", level=1)
        assert heading.bounding_box()["width"] >= 340, address


def test_the_words_of_impact_take_no_more_room_than_they_need(new_page):
    page = new_page(reader("councillor"), width=390)
    for address in (Q2, f"{Q2}changes/", "/help/scores/"):
        page.goto(address)
        words = page.locator(".matrix th[scope=row]").first.bounding_box()
        square = page.locator(".matrix .cell").first.bounding_box()
        assert words["width"] < square["width"] * 0.6, address


def test_the_filter_is_one_line_until_something_is_filtered(new_page):
    page = new_page(reader("councillor"), java_script_enabled=False)
    page.goto(Q2)
    expect(page.get_by_label("Band")).to_be_hidden()
    page.locator("summary", has_text="Filter").click()
    page.get_by_label("Band").select_option("4")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_label("Band")).to_be_visible()


@pytest.mark.parametrize("width", [390, 820, 1100])
def test_up_to_72rem_the_grid_comes_first_then_what_changed_then_the_table(new_page, width):
    page = new_page(reader("councillor"), width=width)
    page.goto(Q2)
    tops, lefts = zip(
        *(
            page.locator(f".split-map > {part}").evaluate(
                "part => [part.getBoundingClientRect().top, part.getBoundingClientRect().left]"
            )
            for part in ("#map", "aside", ".twin")
        ),
        strict=True,
    )
    assert list(tops) == sorted(tops)
    assert len(set(lefts)) == 1


@pytest.mark.parametrize("who", PAGES)
def test_no_page_is_wider_than_a_window_of_320_pixels(new_page, who):
    page = new_page(reader(who), width=320, height=700)
    over = {}
    for place in PAGES[who]:
        address = address_of(place)
        assert page.goto(address).ok, address
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        over[address] = over_the_edge(page)
    assert not {address: by for address, by in over.items() if by > 0}


@pytest.mark.parametrize("width", [320, 820, 1024, 1440])
def test_no_field_of_a_filter_lies_over_another(new_page, width):
    page = new_page(reader("manager"), width=width)
    for address in ("/audit/corporate/", f"{Q2}table/"):
        page.goto(address)
        assert page.evaluate(OVERLAPS) == []


@pytest.mark.parametrize("width", [320, 390, 820])
def test_a_chip_stays_in_its_square(new_page, width):
    page = new_page(reader("councillor"), width=width)
    for address in (Q2, f"{Q2}?kind=opportunity", f"{Q2}changes/"):
        page.goto(address)
        assert page.evaluate(OUT_OF_THEIR_SQUARE) == []


def test_the_rows_of_a_score_picker_are_equally_high_on_a_phone(new_page):
    page = new_page(reader("manager"), width=390)
    page.goto(f"{OPEN}add/")
    for picker in page.locator(".picker").all():
        heights = picker.evaluate(
            "p => [...p.querySelectorAll('tbody tr')].map(r => Math.round(r.offsetHeight))"
        )
        assert len(heights) == 5
        assert len(set(heights)) == 1


@pytest.mark.parametrize("width", [390, 820])
def test_the_chart_of_an_entry_opens_with_its_axis_in_sight(new_page, width):
    page = new_page(reader("councillor"), width=width)
    page.goto(address_of("entry CR1"))
    axis, frame = (
        page.locator(part).evaluate("part => part.getBoundingClientRect().toJSON()")
        for part in (".chart-axis", ".move-wrap:has(.chart)")
    )
    assert frame["left"] - 1 <= axis["left"]
    assert axis["right"] <= frame["right"]
    assert axis["width"] >= 20
