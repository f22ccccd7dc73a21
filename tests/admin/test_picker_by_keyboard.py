"""The 5×5 picker by keyboard: left and right are likelihood, up and down impact, nothing wraps."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.admin.conftest import Book, url_of
from tests.browser import axe


def grid_of(page: Page, name: str = "Risk score now") -> Locator:
    return page.get_by_role("group", name=name)


def chosen(grid: Locator) -> str | None:
    return grid.get_by_role("radio", checked=True).get_attribute("value")


def press(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


@pytest.fixture
def form(book: Book, new_page) -> Page:
    """CR1 at 4×5, with the focus on its square."""
    page = new_page(book.cast.owner)
    page.goto(url_of(book.draft()))
    grid_of(page).get_by_role("radio", checked=True).focus()
    return page


def test_the_arrows_move_across_and_up_the_grid(form):
    """From 4×5, where the form has it; each step goes on from the one before."""
    for keys, square in (
        ("ArrowLeft", "4x4"),
        ("ArrowUp", "5x4"),
        ("ArrowDown", "4x4"),
        ("ArrowDown ArrowDown ArrowLeft", "2x3"),
        ("Home", "2x1"),
        ("ArrowRight", "2x2"),
        ("ArrowUp End", "3x5"),
    ):
        press(form, keys)
        assert chosen(grid_of(form)) == square
        expect(grid_of(form).locator(f"input[value='{square}']")).to_be_focused()


def test_at_the_edge_of_the_grid_nothing_wraps(form):
    for keys, square in (
        ("ArrowRight ArrowRight", "4x5"),
        ("ArrowUp ArrowUp ArrowUp", "5x5"),
        ("Home ArrowLeft", "5x1"),
        ("ArrowDown ArrowDown ArrowDown ArrowDown ArrowDown", "1x1"),
    ):
        press(form, keys)
        assert chosen(grid_of(form)) == square


def test_the_square_that_was_chosen_is_spoken(form):
    """By the name of the button that has the focus, and by the line below the grid."""
    press(form, "ArrowDown ArrowLeft")
    square = grid_of(form).get_by_role("radio", name="12: impact 3 Moderate, likelihood 4 Likely")
    expect(square).to_be_focused()
    expect(square).to_be_checked()
    expect(grid_of(form).get_by_role("status")).to_have_text("Moderate × Likely = 12, High")
    assert not axe(form)


def test_each_grid_of_a_form_moves_by_itself_and_is_saved(book, form):
    press(form, "ArrowDown")
    grid_of(form, "Residual score").get_by_role("radio", checked=True).focus()
    press(form, "ArrowLeft ArrowDown")
    with form.expect_navigation():
        press(form, "Enter")
    draft = book.draft()
    assert (draft.impact, draft.likelihood) == (3, 5)
    assert (draft.residual_impact, draft.residual_likelihood) == (2, 2)


def test_tab_leaves_the_grid_and_keys_with_a_modifier_are_the_browsers(form):
    press(form, "Alt+ArrowDown Control+Home")
    assert chosen(grid_of(form)) == "4x5"
    form.goto(form.url)
    grid_of(form).get_by_role("radio", checked=True).focus()
    press(form, "Tab")
    assert grid_of(form).locator(":focus").count() == 0


def test_a_square_that_is_not_known_is_chosen_with_the_delete_key(book, new_page):
    page = new_page(book.cast.manager)
    page.goto(url_of(book.draft()))
    grid = grid_of(page)
    expect(grid.get_by_text("(Delete key)")).to_be_visible()
    grid.get_by_role("radio", checked=True).focus()
    press(page, "Home ArrowDown Delete")
    assert chosen(grid) == "unknown"
    expect(grid.get_by_role("status")).to_have_text("Square not known")
    press(page, "ArrowUp")
    assert chosen(grid) == "3x1", "a key leads back to the square that was left"


def test_without_script_the_browser_chooses_in_its_own_way(book, new_page):
    page = new_page(book.cast.owner, java_script_enabled=False)
    page.goto(url_of(book.draft()))
    grid_of(page).get_by_role("radio", checked=True).focus()
    press(page, "ArrowLeft")
    assert chosen(grid_of(page)) == "4x4"
    assert page.get_by_text("(Delete key)").count() == 0 or not (
        page.get_by_text("(Delete key)").first.is_visible()
    )
