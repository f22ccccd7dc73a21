"""The form of an entry in a browser: nothing typed is ever lost, and every way of working works."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from registers import cycle
from tests.admin.conftest import Book, url_of
from tests.browser import look_over
from tests.factories import PASSWORD

CONTROLS, ACTION = "#id_controls", "#id_actions-2-text"
THEIRS, MINE = "A weekly review by the board", "A monthly review by the board and a dashboard"


def opened(new_page, book: Book, part: str = "owner", **options: object) -> Page:
    page = new_page(getattr(book.cast, part), **options)
    page.goto(url_of(book.draft()))
    unfold(page)
    return page


def unfold(page: Page) -> None:
    """The text that these tests write in stands folded, as it was a quarter ago."""
    page.locator("details.as-it-was > summary", has_text="Current controls").press("Enter")


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def save(page: Page) -> None:
    press(page, "Save draft")
    expect(page.get_by_text("is saved as a draft")).to_be_visible()


def offer(page: Page):
    """The box that offers what was typed here and never arrived."""
    return page.locator("[data-unsaved]")


def wait_until_kept(page: Page, words: str) -> None:
    page.wait_for_function("words => JSON.stringify(localStorage).includes(words)", arg=words)


def square(page: Page, grid: str, name: str):
    return page.get_by_role("group", name=grid).get_by_role("radio", name=re.compile(f"^{name}"))


# Two people at once -------------------------------------------------------------------------------


@pytest.fixture
def refused(book, new_page) -> Page:
    """The owner's browser, after the delegate saved other controls and another commentary."""
    mine, theirs = opened(new_page, book), opened(new_page, book, "delegate")
    theirs.fill(CONTROLS, THEIRS)
    theirs.fill("#id_commentary", "They wrote this.")
    save(theirs)
    mine.fill(CONTROLS, MINE)
    press(mine, "Save draft")
    return mine


def test_the_second_of_two_is_refused_and_reads_both_texts(book, refused):
    box = refused.locator("#error-summary")
    expect(box).to_be_focused()
    expect(box).to_contain_text("Someone else changed this entry while you were writing")
    expect(box).to_contain_text("Delegate")
    expect(box.locator("ins", has_text="weekly")).to_be_visible()
    expect(box.locator("ins", has_text="and a dashboard")).to_be_visible()
    expect(refused.locator(CONTROLS)).to_have_value(MINE)
    expect(refused.locator("#id_commentary")).to_have_value("They wrote this.")
    assert book.draft().controls == THEIRS
    assert refused.locator(".msg-error").count() == 0, "it is said once"


@pytest.mark.parametrize(
    ("button", "holds"),
    [("Take theirs", THEIRS), ("Keep yours", MINE), ("Put both in the box", f"{MINE}\n{THEIRS}")],
)
def test_either_text_or_both_are_taken_with_the_keys_and_saved(button, holds, book, refused):
    refused.get_by_role("button", name=re.compile(f"^{button} ?: Current controls$")).focus()
    with refused.expect_navigation():
        refused.keyboard.press("Enter")
    expect(refused.locator(CONTROLS)).to_have_value(holds)
    assert book.draft().controls == THEIRS, "choosing saves nothing"
    save(refused)
    kept = book.draft()
    assert (kept.controls, kept.commentary) == (holds, "They wrote this.")
    expect(offer(refused)).to_be_hidden()


# What was typed and not saved ---------------------------------------------------------------------


def typed(page: Page) -> None:
    """Words, a square and a row of its own."""
    page.fill(CONTROLS, MINE)
    square(page, "Risk score now", "12: impact 3").check()
    page.get_by_role("button", name="Add another action").click()
    page.fill(ACTION, "Retain the people we have")
    wait_until_kept(page, "Retain the people")


def is_back(page: Page) -> None:
    expect(offer(page)).to_contain_text("There is text here that was not saved")
    page.get_by_role("button", name="Put it back in the form").click()
    expect(offer(page)).to_be_hidden()
    expect(page.locator(CONTROLS)).to_have_value(MINE)
    expect(square(page, "Risk score now", "12: impact 3")).to_be_checked()
    expect(page.get_by_role("group", name="Risk score now").locator("output")).to_contain_text(
        "Moderate × Likely = 12"
    )
    expect(page.locator(ACTION)).to_have_value("Retain the people we have")


def is_saved(page: Page, book: Book) -> None:
    save(page)
    kept = book.draft()
    assert (kept.controls, kept.score) == (MINE, 12)
    assert kept.actions.filter(text="Retain the people we have").count() == 1
    expect(offer(page)).to_be_hidden()
    page.goto(url_of(kept))
    expect(offer(page)).to_be_hidden()


def test_a_fresh_form_offers_nothing(book, new_page):
    page = opened(new_page, book)
    expect(offer(page)).to_be_hidden()


def test_a_closed_page_gives_back_what_was_typed(book, new_page):
    page = opened(new_page, book)
    typed(page)
    page.close()

    again = page.context.new_page()
    again.goto(url_of(book.draft()))

    is_back(again)
    is_saved(again, book)


def test_words_that_were_thrown_away_are_not_offered_again(book, new_page):
    page = opened(new_page, book)
    typed(page)
    page.reload()
    page.get_by_role("button", name="Throw it away").click()
    page.reload()
    expect(offer(page)).to_be_hidden()
    assert book.draft().controls != MINE


def test_another_person_on_the_same_device_is_offered_nothing(book, new_page, site):
    page = opened(new_page, book)
    typed(page)
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    sign_in(page, "delegate")
    page.goto(url_of(book.draft()))
    expect(page.locator("#id_commentary")).to_be_visible()
    expect(offer(page)).to_be_hidden()


def test_a_lost_network_at_the_save_costs_nothing(book, new_page):
    page = opened(new_page, book)
    typed(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)

    page.goto(url_of(book.draft()))

    is_back(page)
    is_saved(page, book)


def test_words_that_never_arrived_are_offered_although_somebody_else_saved_since(book, new_page):
    page, theirs = opened(new_page, book), opened(new_page, book, "delegate")
    typed(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)
    theirs.fill("#id_commentary", "They wrote this.")
    theirs.select_option("#id_actions-0-status", "dropped")
    theirs.get_by_role("button", name="Add another action").click()
    theirs.fill(ACTION, "Reward")
    save(theirs)

    page.goto(url_of(book.draft()))
    is_back(page)
    press(page, "Save draft")
    expect(page.locator("#error-summary")).to_contain_text("What only they changed is in the form")

    is_saved(page, book)
    assert book.draft().commentary == "They wrote this."
    assert book.draft().actions.get(text="Recruit").status == "dropped"
    assert set(book.draft().actions.values_list("text", flat=True)) == {
        "Recruit",
        "Train",
        "Reward",
        "Retain the people we have",
    }


def sign_in(page: Page, login: str) -> None:
    page.get_by_label("E-mail address or user name").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()


def test_a_session_that_ends_in_mid_edit_costs_nothing(book, new_page):
    page = opened(new_page, book)
    typed(page)
    Session.objects.all().delete()
    press(page, "Save draft")

    sign_in(page, "owner")

    expect(page.locator("#error-summary")).to_contain_text("Your text is back in the form")
    expect(page.locator(CONTROLS)).to_have_value(MINE)
    expect(square(page, "Risk score now", "12: impact 3")).to_be_checked()
    expect(page.locator(ACTION)).to_have_value("Retain the people we have")
    assert book.draft().controls != MINE
    is_saved(page, book)


def test_after_a_deliberate_logout_nothing_that_was_typed_stays_in_the_browser(book, new_page):
    page = opened(new_page, book)
    typed(page)
    page.goto("/accounts/logout/")
    press(page, "Sign out")
    assert page.evaluate("JSON.stringify(localStorage)") == "{}"
    assert page.evaluate("sessionStorage.length") == 0


def test_what_was_typed_is_kept_on_the_device_for_14_days(book, new_page):
    page = opened(new_page, book)
    typed(page)
    page.goto("/my-updates/")
    page.evaluate(
        """() => Object.keys(localStorage).forEach((key) => {
            const kept = JSON.parse(localStorage.getItem(key));
            kept.when -= 15 * 24 * 60 * 60 * 1000;
            localStorage.setItem(key, JSON.stringify(kept));
        })"""
    )
    page.goto(url_of(book.draft()))
    expect(offer(page)).to_be_hidden()
    assert page.evaluate("JSON.stringify(localStorage)") == "{}"


# Without script -----------------------------------------------------------------------------------


def test_without_script_an_entry_is_updated_and_submitted(book, new_page):
    page = opened(new_page, book, java_script_enabled=False)
    expect(offer(page)).to_be_hidden()
    square(page, "Risk score now", "12: impact 3").check()
    square(page, "Residual score", "6: impact 3").check()
    page.fill(CONTROLS, MINE)
    save(page)
    for number, words in ((2, "Retain"), (3, "Reward")):
        press(page, "Add another action")
        page.fill(f"#id_actions-{number}-text", words)
    page.get_by_label("Down: getting better").check()
    page.fill("#id_commentary", "Better than it was.")
    press(page, "Submit for moderation")
    expect(page.get_by_text("CR1 is submitted. Thank you.")).to_be_visible()
    kept = book.draft()
    assert (kept.score, kept.residual_score, kept.controls) == (12, 6, MINE)
    assert set(kept.actions.values_list("text", flat=True)) >= {"Retain", "Reward"}


# Keys and fingers ---------------------------------------------------------------------------------


def test_squares_are_chosen_with_the_arrow_keys_and_the_one_in_focus_is_seen(book, new_page):
    page = opened(new_page, book)
    chosen = page.get_by_role("group", name="Risk score now").get_by_role("radio", checked=True)
    chosen.focus()
    before = outline(page)
    page.keyboard.press("ArrowLeft")
    expect(square(page, "Risk score now", "16: impact 4")).to_be_focused()
    expect(square(page, "Risk score now", "16: impact 4")).to_be_checked()
    assert before == outline(page), "the frame goes with the focus"
    assert before.startswith("3px solid")
    page.keyboard.press("Tab")
    expect(
        page.get_by_role("group", name="Residual score").get_by_role("radio", checked=True)
    ).to_be_focused()


def outline(page: Page) -> str:
    """The frame around the square that has the focus."""
    return page.evaluate(
        "() => { const s = getComputedStyle(document.activeElement.closest('.cell'));"
        " return `${s.outlineWidth} ${s.outlineStyle} ${s.outlineColor}`; }"
    )


def test_every_square_is_large_enough_for_a_finger(book, new_page):
    page = opened(new_page, book, width=390, has_touch=True)
    boxes = [label.bounding_box() for label in page.locator(".picker .cell label").all()]
    assert len(boxes) == 50
    assert min(min(box["width"], box["height"]) for box in boxes) >= 24
    page.locator("#id_residual label:has([value='3x2'])").tap()
    expect(page.locator("#id_residual output")).to_contain_text("= 6")


def test_enter_in_a_line_of_text_saves_the_draft_and_nothing_else(book, new_page):
    page = opened(new_page, book)
    page.fill("#id_actions-0-lead", "Head of People")
    with page.expect_navigation():
        page.locator("#id_actions-0-lead").press("Enter")
    assert book.draft().actions.filter(lead="Head of People").exists()
    assert book.draft().progress == "draft"


# What the form says while one writes --------------------------------------------------------------


def test_the_movement_follows_the_square_that_is_chosen(book, new_page):
    page = opened(new_page, book)
    line = page.locator("[data-movement]")
    expect(line).to_contain_text("the score stays at 20")
    square(page, "Risk score now", "25").check()
    expect(line).to_contain_text("from 20 to 25: Up 5")
    square(page, "Risk score now", "12: impact 3").check()
    expect(line).to_contain_text("from 20 to 12: Down 8")


def test_the_box_beside_says_at_once_whether_it_differs_and_marks_the_words_once_saved(
    book, new_page
):
    page = opened(new_page, book)
    beside = page.locator("[data-beside]", has=page.locator(CONTROLS))
    expect(beside.locator(".state")).to_have_text("same as now")
    page.locator(CONTROLS).press_sequentially(" and")
    expect(beside.locator(".state")).to_have_text("differs from now")
    page.fill(CONTROLS, THEIRS)
    save(page)
    expect(beside.locator("del")).to_have_text("monthly")
    expect(beside.locator("ins")).to_have_text("weekly")
    beside.get_by_text("As it was").click()
    expect(beside.locator(".prose")).to_have_text("A monthly review by the board")


def test_a_slipped_date_asks_for_its_reason_where_it_stands(book, new_page):
    page = opened(new_page, book)
    reason = page.locator("#id_actions-0-reason")
    expect(reason).to_be_hidden()
    page.fill("#id_actions-0-due", "2027-12-31")
    page.locator("#id_actions-0-due").blur()
    expect(reason).to_be_visible()
    press(page, "Submit for moderation")
    summary = page.locator("#error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name=re.compile("due date moved from 31 December 2026")).click()
    expect(reason).to_be_focused()


# Accessible in every state ------------------------------------------------------------------------


def test_nothing_is_wrong_whatever_the_form_has_to_say(book, new_page):
    page, theirs = opened(new_page, book), opened(new_page, book, "delegate")
    found = look_over(page)
    typed(page)
    page.reload()
    expect(offer(page)).to_be_visible()
    found += look_over(page)

    theirs.fill(CONTROLS, THEIRS)
    save(theirs)
    unfold(page)
    page.fill(CONTROLS, MINE)
    press(page, "Save draft")
    expect(page.get_by_role("button", name="Take theirs")).to_be_visible()
    found += look_over(page)

    page.fill("#id_actions-0-due", "2027-12-31")
    square(page, "Residual score", "25").check()
    press(page, "Submit for moderation")
    page.wait_for_url("**?check=1")
    expect(page.locator(".doubts")).to_be_visible()
    found += look_over(page)

    cycle.start_review(book.open, by=book.cast.manager)
    page.fill(CONTROLS, "Written too late")
    page.fill("#id_actions-0-reason", "The supplier went under")
    press(page, "Save draft")
    expect(page.get_by_role("heading", name="CR1 could not be saved")).to_be_visible()
    expect(page.get_by_text("Written too late")).to_be_visible()
    expect(page.get_by_text("The supplier went under")).to_be_visible()
    found += look_over(page)
    assert not found
