"""The heat map and its filters in a browser: by keyboard, at every width, without script."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from registers.domain.quarters import Quarter
from registers.models import Edition
from tests import factories
from tests.browser import axe, look_over

Q1, Q2 = Quarter(2026, 1), Quarter(2026, 2)

FOCUSED = """() => {
    const at = document.activeElement;
    const mark = at.closest('svg') ? at.querySelector('rect') : at;
    const style = getComputedStyle(mark);
    const seen = at.closest('svg')
        ? parseFloat(style.strokeWidth) >= 3
        : style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    const box = at.getBoundingClientRect();
    return {
        name: (at.getAttribute('aria-label') || at.textContent).replace(/\\s+/g, ' ').trim(),
        css: at.getAttribute('class') || '', tag: at.tagName.toLowerCase(), field: at.name || '',
        href: at.getAttribute('href') || '', seen, inside: !!at.closest('main'),
        on_screen: box.bottom > 0 && box.top < innerHeight,
        cell: at.closest('td.cell')
            ? [5 - at.closest('tr').rowIndex + at.closest('table').tHead.rows.length,
               at.closest('td').cellIndex]
            : null,
    };
}"""


@dataclass
class Stop:
    """Where the focus is after a press of Tab. `cell` is (impact, likelihood)."""

    name: str
    css: str
    tag: str
    field: str
    href: str
    seen: bool
    inside: bool
    on_screen: bool
    cell: list[int] | None


def tab(page: Page) -> Stop:
    page.keyboard.press("Tab")
    return Stop(**page.evaluate(FOCUSED))


def walk(page: Page) -> list[Stop]:
    """Every stop of Tab in the main part of the page."""
    page.locator("main").focus()
    stops = []
    while (stop := tab(page)).inside:
        stops.append(stop)
        assert len(stops) < 300
    return stops


def tab_to(page: Page, name: str) -> Stop:
    """Press Tab until the focus is on something of this name."""
    for _ in range(200):
        stop = tab(page)
        if stop.name.startswith(name) or stop.field == name:
            return stop
    raise AssertionError(f"no stop is named {name}")


def query(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


@pytest.fixture
def edition(cast, site) -> Edition:
    """Two published quarters with every kind of thing that the page can show."""
    before = factories.edition(Q1)
    first = factories.snapshot(before, "CR1", order=1, impact=3, likelihood=4, owner=cast.post)
    factories.snapshot(before, "CR8", order=8, impact=2, likelihood=2)
    factories.publish(before)
    now = factories.edition(Q2)
    factories.snapshot(
        now, "CR1", order=1, impact=4, likelihood=4, owner=cast.post, entry=first.entry
    )
    factories.snapshot(now, "CR2", order=2, impact=5, likelihood=4, owner=cast.other_post)
    factories.snapshot(now, "CR3", order=3, impact=5, likelihood=4, owner=cast.other_post)
    factories.snapshot(now, "CR4", order=4, impact=1, likelihood=1, types=["People"])
    for number in range(10, 30):
        factories.snapshot(now, f"CR{number}", order=number, impact=2, likelihood=5)
    factories.snapshot(now, "CR9", order=9, **factories.score_only())
    factories.opportunity(now, "CO1", impact=5, likelihood=2)
    return factories.publish(now)


def test_the_tab_key_walks_the_page_in_reading_order_and_always_shows_where_it_is(
    cast, edition, new_page
):
    page = new_page(cast.committee)
    page.goto(edition.get_absolute_url())
    page.locator("main summary").press("Enter")
    stops = walk(page)
    assert all(stop.seen for stop in stops), [stop for stop in stops if not stop.seen]
    assert all(stop.on_screen for stop in stops)
    fields = [stop.field for stop in stops if stop.tag in ("input", "select")]
    assert fields == ["q", "owner", "type", "band", "appetite", "flag"]
    names = [stop.name for stop in stops]
    in_order = [
        "Filter",
        "Apply",
        "Excel",
        "CSV",
        "Risks",
        "Opportunities",
        "Score now",
        "Residual",
    ]
    places = [next(i for i, name in enumerate(names) if name.startswith(w)) for w in in_order]
    assert places == sorted(places)


def test_squares_and_chips_are_reached_row_by_row_from_the_highest_impact(cast, edition, new_page):
    page = new_page(cast.committee)
    page.goto(edition.get_absolute_url())
    stops = [stop for stop in walk(page) if stop.cell]
    cells = [tuple(stop.cell) for stop in stops]
    assert list(dict.fromkeys(cells)) == [(5, 4), (4, 4), (2, 5), (1, 1)]
    assert cells == sorted(cells, key=lambda cell: (-cell[0], cell[1]))
    first = [stop.name for stop in stops if tuple(stop.cell) == (5, 4)]
    assert first[0].startswith("20")
    assert [name.split(":")[0] for name in first[1:]] == ["CR2", "CR3"]
    crowded = [stop.name for stop in stops if tuple(stop.cell) == (2, 5)]
    assert crowded[-1].startswith("+13 more")


def test_enter_on_a_square_opens_the_list_behind_it_and_on_a_chip_the_entry(
    cast, edition, new_page
):
    page = new_page(cast.committee)
    page.goto(edition.get_absolute_url())
    page.locator("main").focus()
    tab_to(page, "20")
    page.keyboard.press("Enter")
    page.wait_for_url("**/table/**")
    assert query(page) == {"kind": "risk", "impact": "5", "likelihood": "4"}
    expect(page.locator("main")).to_contain_text("Title of CR2")
    page.go_back()
    page.locator("main").focus()
    tab_to(page, "CR2")
    page.keyboard.press("Enter")
    page.wait_for_url("**/entries/**")
    assert query(page) == {"edition": "2026-27-q2"}


def test_the_filters_are_set_and_left_by_keyboard_alone(cast, edition, new_page):
    page = new_page(cast.committee)
    page.goto(edition.get_absolute_url() + "?view=residual")
    page.locator("main").focus()
    tab_to(page, "Filter")
    page.keyboard.press("Enter")
    tab_to(page, "q")
    page.keyboard.type("title")
    tab_to(page, "owner")
    page.keyboard.type("Director of Children")
    tab_to(page, "Apply")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=title**")
    asked = query(page)
    assert asked["owner"] == str(cast.post.pk)
    assert asked["view"] == "residual"
    expect(page.locator("td.cell a.chip")).to_have_count(1)
    page.locator("main").focus()
    tab_to(page, "Show everything")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "q=" not in url)
    assert query(page) == {"view": "residual"}


def test_the_switch_changes_the_view_and_the_focus_goes_on_at_the_grid(cast, edition, new_page):
    page = new_page(cast.committee)
    page.goto(edition.get_absolute_url())
    page.locator("main").focus()
    tab_to(page, "Movement")
    page.keyboard.press("Enter")
    page.wait_for_url("**view=movement**")
    expect(page.locator(".seg a[aria-current]", has_text="Movement")).to_be_visible()
    assert tab(page).name.startswith("Risks")
    moved = tab_to(page, "CR1 Title of CR1, from 12 (Moderate × Likely) to 16 (Major × Likely)")
    assert moved.seen


def test_the_skip_link_leads_past_the_navigation(cast, edition, new_page):
    page = new_page(cast.committee)
    page.goto(edition.get_absolute_url())
    assert tab(page).name == "Skip to the main content"
    page.keyboard.press("Enter")
    assert tab(page).inside


def test_focus_on_an_entry_of_the_tray_lights_the_squares_it_could_be_in(cast, edition, new_page):
    page = new_page(cast.committee)
    page.goto(edition.get_absolute_url())
    page.locator("main").focus()
    tab_to(page, "CR9")
    lit = page.evaluate(
        "() => [...document.querySelectorAll('td.cell')]"
        ".filter(cell => getComputedStyle(cell).outlineStyle === 'dashed')"
        ".map(cell => cell.dataset.score)"
    )
    assert lit == ["20", "20"]


def test_everything_works_without_script(cast, edition, new_page):
    page = new_page(cast.committee, java_script_enabled=False)
    page.goto(edition.get_absolute_url())
    page.get_by_role("link", name="Residual").click()
    page.get_by_role("link", name="Show possible squares").click()
    assert page.locator(".ghost").count() > 0
    page.locator("summary", has_text="Filter").click()
    page.get_by_label("Type").select_option("People")
    page.get_by_role("button", name="Apply").click()
    assert page.locator("td.cell a.chip").count() == 1
    assert query(page)["ghosts"] == "1"


def test_axe_finds_nothing_and_nothing_runs_out_of_the_window(cast, edition, new_page):
    page = new_page(cast.committee)
    for asked in (
        "",
        "?ghosts=1&view=residual",
        "?view=movement",
        "?view=movement&to=residual&kind=opportunity",
        "?q=nothing-like-it&impact=4&likelihood=5",
    ):
        page.goto(edition.get_absolute_url() + asked)
        assert look_over(page) == []


@pytest.mark.parametrize("part", ["owner", "manager"])
def test_axe_finds_nothing_in_a_draft(cast, edition, new_page, part):
    factories.snapshot(
        factories.edition(Quarter(2026, 3)), "CR1", owner=cast.post, impact=4, likelihood=4
    )
    page = new_page(getattr(cast, part), width=390)
    for quarter in ("2026-27-q2", "2026-27-q3"):
        page.goto(f"/registers/corporate/{quarter}/")
        assert axe(page) == []


def test_axe_finds_nothing_where_there_is_nothing_to_read(cast, new_page):
    for person in (cast.committee, cast.nobody):
        page = new_page(person)
        page.goto("/")
        assert axe(page) == []
