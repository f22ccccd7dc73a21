"""The data pages in a browser: axe finds nothing, keys are enough, and script is not needed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.admin.conftest import Book, url_of
from tests.browser import axe, look_over

LISTS = (
    "snapshot",
    "entry",
    "lineage",
    "edition",
    "publication",
    "reissue",
    "register",
    "type",
    "owner",
    "user",
)
ADDED = ("snapshot", "edition", "register", "type", "owner", "user")


def pages_of_the_manager(book: Book) -> list[str]:
    rows = {
        "entry": book.draft().entry_id,
        "edition": book.open.pk,
        "publication": book.published.publications.get().pk,
        "register": book.open.register_id,
        "type": book.draft().types.first().pk,
        "owner": book.cast.post.pk,
        "user": book.cast.owner.pk,
    }
    return [
        "/admin/",
        *(f"/admin/registers/{model}/" for model in LISTS),
        *(f"/admin/registers/{model}/add/" for model in ADDED),
        *(f"/admin/registers/{model}/{pk}/change/" for model, pk in rows.items()),
        *pages_of_an_entry(book),
        f"{url_of(book.draft())}?add=strands",
    ]


def pages_of_an_entry(book: Book) -> list[str]:
    draft = url_of(book.draft())
    return [
        draft,
        url_of(book.draft("CO1")),
        url_of(book.printed()),
        draft.replace("change", "history"),
    ]


def pages_of_an_owner(book: Book) -> list[str]:
    return ["/admin/", "/admin/registers/snapshot/", *pages_of_an_entry(book)]


@pytest.mark.parametrize(
    ("part", "pages"),
    [
        ("manager", pages_of_the_manager),
        ("owner", pages_of_an_owner),
        ("auditor", pages_of_an_owner),
    ],
)
def test_nothing_is_wrong_on_any_screen_by_day_and_by_night(part, pages, book, new_page):
    page = new_page(getattr(book.cast, part))
    found = []
    for url in pages(book):
        page.goto(url)
        found += look_over(page)
    assert not found


def unfold(page: Page, label: str) -> None:
    page.locator("details.as-it-was > summary", has_text=label).click()


def tab_stops_to(page: Page, button: str) -> int:
    """How often the Tab key is pressed from the heading until a button has the focus."""
    page.locator("main").focus()
    for stop in range(1, 60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == button:
            return stop
    raise AssertionError(f"no way to {button} with the keys")


def test_the_way_through_the_form_is_short(book, new_page):
    """Of an entry with two actions; a date has four stops of its own in Chromium."""
    page = new_page(book.cast.owner)
    page.goto(url_of(book.draft()))
    assert tab_stops_to(page, "_submit") <= 36


def test_an_entry_without_a_problem_is_submitted_with_one_press(book, new_page):
    page = new_page(book.cast.owner)
    page.goto(url_of(book.draft()))
    bar = page.locator("[data-needs]")
    expect(bar).to_have_text(
        re.compile(r"^\s*Still needed:\s*the direction\s*the commentary\s*$"), use_inner_text=True
    )
    page.get_by_label("Level", exact=True).check()
    page.fill("#id_commentary", "The programme is on course.")
    expect(bar).to_contain_text("Nothing is missing.", use_inner_text=True)
    expect(bar).not_to_contain_text("Still needed", use_inner_text=True)
    with page.expect_navigation():
        page.get_by_role("button", name="Submit for moderation").click()
    expect(page.get_by_text("CR1 is submitted. Thank you.")).to_be_visible()


def test_the_bar_asks_at_once_why_a_date_slips(book, new_page):
    page = new_page(book.cast.owner)
    page.goto(url_of(book.draft()))
    why = page.locator("[data-needs]").get_by_text("why action 1 slips or is dropped")
    expect(why).to_be_hidden()
    page.fill("#id_actions-0-due", "2027-12-31")
    expect(why).to_be_visible()
    page.fill("#id_actions-0-reason", "The supplier is late")
    expect(why).to_be_hidden()


def test_a_refused_form_names_its_problems_first_and_leads_to_each(book, new_page):
    page = new_page(book.cast.manager)
    page.goto(url_of(book.draft()))
    unfold(page, "Title")
    page.locator("#id_title").fill("")
    page.get_by_label("Lead, action 1").fill("x" * 200)
    page.locator(".submit-row [name=_save]").click()
    summary = page.locator("#error-summary")
    expect(summary).to_be_focused()
    assert page.title().startswith("Error: ")
    assert not axe(page)
    summary.get_by_role("link", name="Title").click()
    expect(page.locator("#id_title")).to_be_focused()


def test_a_square_is_chosen_with_the_keys_and_said_in_words(book, new_page):
    page = new_page(book.cast.owner)
    page.goto(url_of(book.draft()))
    grid = page.get_by_role("group", name="Risk score now")
    expect(grid.get_by_role("status").or_(grid.locator("output"))).to_have_text(
        "Major × Certain = 20, Very high, above appetite"
    )
    grid.get_by_role("radio", checked=True).focus()
    page.keyboard.press("ArrowLeft")
    expect(grid.locator("output")).to_have_text("Major × Likely = 16, Very high, above appetite")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert (book.draft().impact, book.draft().likelihood) == (4, 4)


def test_a_square_is_chosen_with_a_finger(book, new_page):
    page = new_page(book.cast.owner, width=390, has_touch=True)
    page.goto(url_of(book.draft()))
    square = page.locator("label:has(#id_residual_2x3)")
    size = square.bounding_box()
    assert min(size["width"], size["height"]) >= 24
    square.tap()
    with page.expect_navigation():
        page.locator(".submit-row [name=_save]").tap()
    assert book.draft().residual_score == 6


def test_an_action_is_added_where_it_stands(book, new_page):
    page = new_page(book.cast.owner)
    page.goto(url_of(book.draft()))
    page.get_by_role("button", name="Add another action").click()
    expect(page.locator("#id_actions-2-text")).to_be_focused()
    page.keyboard.type("Retain")
    assert not axe(page)
    with page.expect_navigation():
        page.locator(".submit-row [name=_save]").click()
    assert book.draft().actions.filter(text="Retain").exists()


def test_all_of_it_works_without_script(book, new_page):
    page = new_page(book.cast.owner, java_script_enabled=False)
    page.goto(url_of(book.draft()))
    page.get_by_role("radio", name="6: impact 2 Minor, likelihood 3 Possible").first.check()
    for number, text in ((2, "Retain"), (3, "Reward")):
        with page.expect_navigation(url="**?add=actions*"):
            page.get_by_role("button", name="Add another action").click()
        page.locator(f"#id_actions-{number}-text").fill(text)
    with page.expect_navigation():
        page.locator(".submit-row [name=_save]").click()
    assert book.draft().score == 6
    texts = list(book.draft().actions.values_list("text", flat=True))
    assert texts == ["Recruit", "Train", "Retain", "Reward"]


def test_the_text_says_whether_it_differs_from_last_quarter_s(book, new_page):
    page = new_page(book.cast.owner)
    page.goto(url_of(book.draft()))
    unfold(page, "Current controls")
    controls = page.locator("[data-beside]", has=page.locator("#id_controls"))
    expect(controls.locator(".state")).to_have_text("same as now")
    page.locator("#id_controls").fill("Something else")
    expect(controls.locator(".state")).to_have_text("differs from now")
