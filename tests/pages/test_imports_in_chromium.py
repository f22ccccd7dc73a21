"""Bringing a register in, in a browser: with script, without it, and for everybody."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from registers import jobs
from registers.models import Import
from tests import factories
from tests.browser import look_over
from tests.pages.test_imports import HEADINGS, REGISTER, ROADS, TITLE

WIDTHS = (320, 820, 1440)
ODD = f"{HEADINGS.strip()},Score"


@pytest.fixture
def manager(transactional_db):
    cast = factories.cast()
    factories.register("corporate")
    return cast.manager


def test_a_file_is_brought_and_looked_through_at_every_width(manager, new_page):
    page = new_page(manager)
    page.goto(reverse("imports"))
    assert look_over(page, WIDTHS) == []
    text = (
        TITLE
        + ODD
        + "\n"
        + ROADS.strip()
        + ",16\nCR2,Staff,£16m,9,Anybody who can,Up and down,4,9\n"
    )
    file = {"name": "register.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("heading", name="Reading the file")).to_be_visible()
    jobs.run_next()
    # The page looks again by itself.
    expect(page.get_by_role("heading", name="What would come of it")).to_be_visible()
    assert look_over(page, WIDTHS) == []
    page.get_by_role("link", name="Columns", exact=True).click()
    expect(page.get_by_role("group", name="Question 1")).to_be_visible()
    assert look_over(page, WIDTHS) == []
    page.goto(reverse("import-rows", args=[Import.objects.get().pk]))
    assert look_over(page, WIDTHS) == []
    way = page.get_by_label("Direction of travel of CR2")
    way.focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Keep what you chose").press("Enter")
    expect(page.get_by_role("heading", name="Reading the file")).to_be_visible()
    assert Import.objects.get().said["rows"] == {"CR2": {"direction": "up"}}


def test_a_paste_is_read_without_script_and_the_page_asks_again_by_itself(manager, new_page):
    page = new_page(manager, java_script_enabled=False)
    page.goto(reverse("imports"))
    page.get_by_label("Or paste the table").fill(REGISTER.replace(",", "\t"))
    page.get_by_role("button", name="Read it").click()
    jobs.run_next()
    expect(page.get_by_role("heading", name="What would come of it")).to_be_visible()


def test_a_file_that_is_dropped_on_the_form_is_taken(manager, new_page):
    page = new_page(manager)
    page.goto(reverse("imports"))
    dropped = page.evaluate_handle(
        "() => { const all = new DataTransfer();"
        " all.items.add(new File(['Ref,Risk'], 'r.csv')); return all }"
    )
    page.get_by_role("button", name="Read it").dispatch_event("drop", {"dataTransfer": dropped})
    taken = "document.querySelector('input[type=file]').files[0].name"
    assert page.evaluate(taken) == "r.csv"
