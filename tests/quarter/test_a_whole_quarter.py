"""One quarter from beginning to end: four people, each in a browser of their own.

The manager opens it, two owners write, the manager reviews and publishes, a councillor reads; and
until it is published the councillor sees nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect

from registers.domain.quarters import Quarter
from registers.models import Action, Edition, Progress, Snapshot
from tests import factories
from tests.browser import axe
from tests.cycle.post_office import PostOffice, listening, use_smtp

BEFORE, NOW = Quarter(2026, 3), Quarter(2026, 4)
OLD, NEW = (f"/registers/corporate/{quarter.slug}/" for quarter in (BEFORE, NOW))
NEW_CONTROLS = "A weekly review by the board\nA dashboard that the cabinet reads"
COMMENTARY = "Recruitment is done; training follows in the summer."
ANSWER = "Recruitment is done. Training waits for the new supplier, who starts in May."


@dataclass(frozen=True, slots=True)
class Hall:
    """The browsers, the post, and the people who sit there."""

    cast: factories.Cast
    manager: Page
    owner: Page
    other_owner: Page
    councillor: Page
    office: PostOffice

    def draft(self, title: str) -> Snapshot:
        return Snapshot.objects.get(edition__quarter=NOW, title=title)

    def form(self, title: str) -> str:
        return f"/admin/registers/snapshot/{self.draft(title).pk}/change/"


@pytest.fixture
def office(settings) -> Iterator[PostOffice]:
    """A real listener for mail."""
    office = PostOffice()
    with listening(office) as port:
        use_smtp(settings, port)
        yield office


@pytest.fixture
def cast(transactional_db: None) -> factories.Cast:
    """The people alone: this council begins with nothing published."""
    return factories.cast()


@pytest.fixture
def hall(cast: factories.Cast, new_page: Callable[..., Page], office: PostOffice) -> Hall:
    """Q3 is published: 'Staff' and 'Grants' belong to the owner, 'Roads' to the other owner."""
    edition = factories.EditionFactory(quarter=BEFORE)
    staff = factories.snapshot(edition, "CR1", order=1, title="Staff", owner=cast.post)
    factories.ActionFactory(snapshot=staff, text="Recruit forty", lead="Head of HR", order=1)
    factories.ActionFactory(snapshot=staff, text="Train the trainers", order=2)
    factories.snapshot(edition, "CR2", order=2, title="Roads", owner=cast.other_post)
    better = {"impact": 3, "likelihood": 3, "residual_impact": 4, "residual_likelihood": 4}
    factories.opportunity(edition, "CO1", order=3, title="Grants", owner=cast.post, **better)
    factories.publish(edition, by=cast.manager)
    people = (cast.manager, cast.owner, cast.other_owner, cast.committee)
    return Hall(cast, *(new_page(person) for person in people), office)


# What anybody does with a page --------------------------------------------------------------------


def press(page: Page | Locator, name: str) -> None:
    browser = page if isinstance(page, Page) else page.page
    with browser.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page | Locator, name: str) -> None:
    browser = page if isinstance(page, Page) else page.page
    with browser.expect_navigation():
        page.get_by_role("link", name=name).click()


def is_told(page: Page, words: str) -> None:
    expect(page.locator("main").get_by_text(words)).to_be_visible()


def where_each_stands(page: Page) -> dict[str, list[int]]:
    """(impact, likelihood) of each reference on the heat map."""
    return page.evaluate(
        "() => Object.fromEntries([...document.querySelectorAll('td.cell')].flatMap((cell, n) =>"
        " [...cell.querySelectorAll('a.chip')].map((chip) =>"
        " [chip.textContent.match(/[A-Z]+[0-9]+/)[0], [5 - Math.floor(n / 5), n % 5 + 1]])))"
    )


# What each of them does ---------------------------------------------------------------------------


def manager_opens_the_quarter(hall: Hall) -> None:
    page = hall.manager
    page.goto("/cycle/corporate/")
    expect(page.get_by_role("heading", name="No quarter is open")).to_be_visible()
    expect(page.get_by_label("Quarter", exact=True)).to_have_value("Q4 2026/27")
    page.get_by_label("Owners' deadline").fill("2027-04-16T17:00")
    page.get_by_label("Committee meets on").fill("2027-05-11")
    assert not axe(page)
    press(page, "Open the quarter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Q4 2026/27: collecting updates")
    expect(page.get_by_role("heading", name="0 of 3 entries are in")).to_be_visible()


def owners_are_told_by_mail(hall: Hall) -> None:
    for person in (hall.cast.owner, hall.cast.other_owner):
        [mail] = hall.office.to(person)
        assert "Q4 2026/27" in mail["Subject"]
    assert not hall.office.to(hall.cast.committee)


def councillor_sees_nothing_of_it(hall: Hall) -> None:
    page = hall.councillor
    page.goto("/")
    expect(page).to_have_url(re.compile(f"{OLD}$"))
    assert where_each_stands(page) == {"CR1": [4, 5], "CR2": [4, 5]}
    assert "Q4 2026/27" not in page.content()
    for hidden in (NEW, f"{NEW}changes/", "/cycle/corporate/", hall.form("Staff")):
        assert page.goto(hidden).status == 404, hidden
    entry = f"/entries/{hall.draft('Staff').entry_id}/"
    for address in (entry, f"{OLD}changes/", f"{OLD}table/?q=dashboard"):
        page.goto(address)
        assert "dashboard that the cabinet" not in page.content(), address


def owner_finds_the_work(hall: Hall) -> None:
    page = hall.owner
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your updates for Q4 2026/27")
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "0")
    assert "Roads" not in page.locator("main").inner_text()
    follow(page, "Start CR1")


def owner_writes_the_update(hall: Hall) -> None:
    page = hall.owner
    now = page.get_by_role("group", name="Risk score now")
    now.get_by_role("radio", checked=True).focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(now.locator("output")).to_have_text("Major × Possible = 12, High")
    expect(page.locator("[data-movement]")).to_contain_text("from 20 to 12: Down 8")
    page.locator("summary", has_text="Current controls").click()
    page.get_by_label("Current controls").fill(NEW_CONTROLS)
    page.get_by_label("Status, action 1").select_option("Done")
    page.get_by_label("Due, action 2").fill("2027-06-30")
    page.get_by_label("Down: getting better").check()
    press(page, "Save draft")
    is_told(page, "CR1 is saved as a draft")
    marked = page.locator("[data-beside]", has=page.locator("#id_controls"))
    expect(marked.locator("ins").first).to_have_text("weekly")


def owner_is_refused_and_mends_it(hall: Hall) -> None:
    page = hall.owner
    press(page, "Submit for moderation")
    summary = page.locator("#error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Your draft is saved, but it can’t be submitted yet")
    assert hall.draft("Staff").progress == Progress.DRAFT
    assert not axe(page)
    summary.get_by_role("link", name=re.compile("Commentary")).click()
    expect(page.locator("#id_commentary")).to_be_focused()
    page.keyboard.type(COMMENTARY)
    summary.get_by_role("link", name=re.compile("due date moved from 31 December 2026")).click()
    expect(page.locator("#id_actions-1-reason")).to_be_focused()
    page.keyboard.type("The supplier left")
    press(page, "Submit for moderation")
    is_told(page, "CR1 is submitted. Thank you.")


def say_no_change(page: Page, reference: str) -> None:
    page.goto("/my-updates/")
    follow(page, f"No change this quarter to {reference}")
    page.get_by_label("Why has nothing changed?").fill("We looked, and all is as it was.")
    press(page, "Submit “no change”")
    expect(page).to_have_url(re.compile("/my-updates/$"))


def manager_sends_it_back(hall: Hall) -> None:
    page = hall.manager
    page.goto("/cycle/corporate/")
    expect(page.get_by_role("heading", name="3 of 3 entries are in")).to_be_visible()
    follow(page, "Send back CR1")
    page.get_by_label("What should the owner look at again?").fill("Who trains them, and when?")
    press(page, "Send it back")
    is_told(page, "CR1 is back with its owner.")


def owner_answers(hall: Hall) -> None:
    page = hall.owner
    page.goto("/my-updates/")
    expect(page.get_by_text("Who trains them, and when?")).to_be_visible()
    follow(page, "Answer and resubmit CR1")
    expect(page.get_by_role("heading", name=re.compile("^Sent back on"))).to_be_visible()
    page.get_by_label("Commentary").fill(ANSWER)
    press(page, "Submit for moderation")
    is_told(page, "CR1 is submitted. Thank you.")
    assert "Who trains them, and when?" in hall.office.to(hall.cast.owner)[-1].as_string()


def manager_accepts_one_and_then_the_rest(hall: Hall) -> None:
    page = hall.manager
    page.goto("/cycle/corporate/")
    expect(page.get_by_text(ANSWER)).to_be_visible()
    expect(page.get_by_text("Publish Q4 2026/27", exact=True)).to_be_disabled()
    press(page, "Accept CR1")
    is_told(page, "Accepted: CR1.")
    press(page, "Accept all 2")
    is_told(page, "Accepted: CR2, CO1.")
    is_told(page, "Nothing waits for you.")


def manager_renumbers(hall: Hall) -> None:
    page = hall.manager
    follow(page, "Numbers and order")
    page.get_by_label("Number of CR2").fill("CR5")
    press(page, "Show old → new")
    expect(page.get_by_role("status")).to_contain_text("CR2 → CR5")
    assert hall.draft("Roads").reference == "CR2", "looking keeps nothing"
    press(page, "Keep these numbers")
    assert hall.draft("Roads").reference == "CR5"


def manager_publishes(hall: Hall) -> None:
    page = hall.manager
    page.goto("/cycle/corporate/")
    follow(page, "Publish Q4 2026/27 …")
    expect(page.get_by_text("Every entry that is in has been accepted")).to_be_visible()
    assert not axe(page)
    press(page, "Publish Q4 2026/27")
    is_told(page, "Q4 2026/27 is published and frozen. The committee can read it now.")


def councillor_reads_it(hall: Hall) -> None:
    page = hall.councillor
    page.goto("/")
    expect(page).to_have_url(re.compile(f"{NEW}$"))
    assert where_each_stands(page) == {"CR1": [4, 3], "CR5": [4, 5]}
    page.goto(f"{NEW}changes/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("What changed between Q3")
    moved = page.locator("#entries").get_by_role("row", name=re.compile("Staff"))
    expect(moved).to_contain_text(re.compile("20.*12", re.DOTALL))
    expect(page.locator("main")).to_contain_text("CR5")
    moved.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Staff")
    text = page.locator("main")
    for words in ("A dashboard that the cabinet reads", ANSWER, "Recruit forty"):
        expect(text.get_by_text(words).first).to_be_visible()
    assert not axe(page)


def nobody_changes_it_any_more(hall: Hall, late: Page) -> None:
    """The manager has the form still open in a second tab, and asks for it anew."""
    late.get_by_label("Commentary").fill("An afterthought of the manager")
    press(late, "Save")
    expect(late.get_by_role("heading", name="CR1 could not be saved")).to_be_visible()
    expect(late.get_by_text("An afterthought of the manager")).to_be_visible()
    late.goto(hall.form("Staff"))
    expect(late.get_by_role("heading", level=1)).to_have_text("CR1 in Q4 2026/27")
    expect(late.locator("main").get_by_role("textbox")).to_have_count(0)
    expect(late.get_by_role("button", name=re.compile("Save|Delete"))).to_have_count(0)
    assert hall.draft("Staff").commentary == ANSWER


def the_record_is_whole(hall: Hall) -> None:
    said = StringIO()
    call_command("verify_publications", stdout=said)
    assert "2 publications verified" in said.getvalue()
    edition = Edition.objects.get(quarter=NOW)
    assert edition.is_published
    actions = {action.text: action for action in hall.draft("Staff").actions.all()}
    assert actions["Recruit forty"].status == Action.Status.DONE
    assert actions["Train the trainers"].reason == "The supplier left"
    assert actions["Train the trainers"].due.isoformat() == "2027-06-30"
    assert hall.draft("Roads").no_change_reason == "We looked, and all is as it was."


@pytest.mark.both
def test_a_quarter_turns_from_open_to_published_and_read_by_a_councillor(hall):
    manager_opens_the_quarter(hall)
    owners_are_told_by_mail(hall)
    councillor_sees_nothing_of_it(hall)

    owner_finds_the_work(hall)
    owner_writes_the_update(hall)
    owner_is_refused_and_mends_it(hall)
    councillor_sees_nothing_of_it(hall)
    say_no_change(hall.owner, "CO1")
    say_no_change(hall.other_owner, "CR2")

    manager_sends_it_back(hall)
    owner_answers(hall)
    manager_accepts_one_and_then_the_rest(hall)
    manager_renumbers(hall)
    councillor_sees_nothing_of_it(hall)

    late = hall.manager.context.new_page()
    late.goto(hall.form("Staff"))
    manager_publishes(hall)
    councillor_reads_it(hall)
    nobody_changes_it_any_more(hall, late)
    the_record_is_whole(hall)
