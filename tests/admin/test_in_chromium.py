"""The data pages in a browser: axe finds nothing, keys are enough, and script is not needed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.admin.conftest import Book, url_of
from tests.browser import axe

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


def nothing_is_wrong(page: Page, urls: list[str]) -> None:
    for url in urls:
        page.goto(url)
        assert not axe(page), url
        assert_it_fits(page)


def assert_it_fits(page: Page) -> None:
    beyond = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not beyond, f"{page.url} is wider than the screen"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_as_manager(scheme, book, new_page):
    page = new_page(book.cast.manager, color_scheme=scheme)
    nothing_is_wrong(page, pages_of_the_manager(book))


@pytest.mark.parametrize(
    ("part", "scheme", "width"), [("owner", "light", 820), ("auditor", "dark", 1440)]
)
def test_axe_finds_nothing_as_owner_and_auditor(part, scheme, width, book, new_page):
    page = new_page(getattr(book.cast, part), color_scheme=scheme, width=width)
    nothing_is_wrong(page, pages_of_an_owner(book))


def test_it_fits_a_phone_and_a_tablet(book, new_page):
    """The same markup at other widths; axe looks again where columns become rows."""
    page = new_page(book.cast.manager, width=390)
    nothing_is_wrong(page, pages_of_an_owner(book))
    for width in (390, 820):
        page.set_viewport_size({"width": width, "height": 900})
        for url in pages_of_the_manager(book):
            page.goto(url)
            assert_it_fits(page)


def test_a_refused_form_names_its_problems_first_and_leads_to_each(book, new_page):
    page = new_page(book.cast.manager)
    page.goto(url_of(book.draft()))
    page.get_by_label("Title", exact=True).fill("")
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
    expect(page.locator("#id_actions-3-text")).to_be_focused()
    page.keyboard.type("Retain")
    assert not axe(page)
    with page.expect_navigation():
        page.locator(".submit-row [name=_save]").click()
    assert book.draft().actions.filter(text="Retain").exists()


def test_all_of_it_works_without_script(book, new_page):
    page = new_page(book.cast.owner, java_script_enabled=False)
    page.goto(url_of(book.draft()))
    page.get_by_role("radio", name="6: impact 2 Minor, likelihood 3 Possible").first.check()
    page.locator("#id_actions-2-text").fill("Retain")
    page.get_by_role("button", name="Add another action").click()
    page.wait_for_url("**?add=actions*")
    page.locator("#id_actions-4-text").fill("Reward")
    with page.expect_navigation():
        page.locator(".submit-row [name=_save]").click()
    assert book.draft().score == 6
    texts = list(book.draft().actions.values_list("text", flat=True))
    assert texts == ["Recruit", "Train", "Retain", "Reward"]


def test_the_text_says_whether_it_differs_from_last_quarter_s(book, new_page):
    page = new_page(book.cast.owner)
    page.goto(url_of(book.draft()))
    controls = page.locator("[data-beside]", has=page.locator("#id_controls"))
    expect(controls.locator(".state")).to_have_text("same as now")
    page.locator("#id_controls").fill("Something else")
    expect(controls.locator(".state")).to_have_text("differs from now")
