"""The manager's page of a quarter: what it says, and that each of its buttons does its verb."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from registers import cycle
from registers.domain.quarters import Quarter
from registers.models import Notice
from tests import factories
from tests.cycle.conftest import DEADLINE, NOW, accept_everything, fill_in, find
from tests.quarter.conftest import HUGE, as_, at, submit, text, told
from tests.support.pages import markup

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(edition) -> str:
    return at("cycle-edition", edition)


# What it says ------------------------------------------------------------------------------------


def test_it_says_how_many_entries_stand_where(council, edition, manager, page):
    submit(edition, "CR1", council.owner)
    fill_in(find(edition, "CR2"), by=council.cast.other_owner)
    said = text(manager.get(page))
    assert "Q2 2026/27: collecting updates" in said
    assert "1 of 3 entries are in" in said
    for figure in ("Submitted 1", "Draft 1", "To update 1"):
        assert figure in said


def test_a_figure_leads_to_only_the_entries_it_counts(council, edition, manager, page):
    fill_in(find(edition, "CR2"), by=council.cast.other_owner)
    html = markup(manager.get(page, standing="draft"))
    owners = html[html.index('id="owners"') : html.index('id="before"')]
    assert re.findall(r'class="chip[^"]*"[^>]*>(\w+)<', owners) == ["CR2"]


def test_a_standing_that_there_is_not_shows_every_entry(edition, manager, page):
    response = manager.get(page, standing="asleep")
    assert response.context["only"] is None
    assert len(response.context["groups"]) == 2


def test_who_is_not_in_after_the_deadline_is_late(council, manager):
    edition = council.open(deadline=timezone.now() - timedelta(days=2))
    submit(edition, "CR2", council.cast.other_owner)
    html = markup(manager.get(at("cycle-edition", edition)))
    rows = re.findall(r'<th role="rowheader".*?</th>', html, re.DOTALL)
    late = {row: "Late" in row for row in rows}
    assert sorted(late.values()) == [False, True]
    assert all(late[row] == ("Children" in row) for row in rows)


def test_it_names_who_touched_an_entry_last_and_when(council, edition, manager, page):
    fill_in(find(edition, "CR1"), by=council.owner)
    assert f"by {council.owner}" in text(manager.get(page))


def test_it_compares_with_nothing_where_last_quarter_had_no_deadline(council, manager):
    edition = council.open(deadline=timezone.now() + timedelta(days=10))
    assert manager.get(at("cycle-edition", edition)).context["then"] is None


def test_last_quarter_counts_what_was_in_as_long_before_its_deadline(council, manager):
    deadline = datetime(2026, 10, 16, 16, tzinfo=UTC)
    second = council.open(deadline=deadline)
    for reference, days in (("CR1", 12), ("CR2", 5)):
        fill_in(find(second, reference), by=council.manager)
        cycle.submit(
            find(second, reference),
            by=council.manager,
            override="As planned.",
            now=deadline - timedelta(days=days),
        )
    accept_remaining(second, by=council.manager, now=deadline)
    cycle.publish(second, by=council.manager)
    third = council.open(Quarter(2026, 3), deadline=timezone.now() + timedelta(days=10))
    assert manager.get(at("cycle-edition", third)).context["then"] == 1


def accept_remaining(edition, *, by, now) -> None:
    for snapshot in edition.snapshots.outstanding():
        fill_in(find(edition, snapshot.reference), by=by)
        cycle.submit(find(edition, snapshot.reference), by=by, override="As planned.", now=now)
    cycle.accept_all(edition.snapshots.all(), by=by)


def test_the_checks_link_to_the_entries_that_stand_in_the_way(council, edition, manager, page):
    submit(edition, "CR1", council.owner)
    html = markup(manager.get(page))
    assert "2 entries are not in" in html
    assert "1 entry is waiting for you" in html
    waiting = html[html.index("1 entry is waiting") :]
    assert f"/admin/registers/snapshot/{find(edition, 'CR1').pk}/change/" in waiting
    assert "2 checks stop publication" in html


def test_without_an_edition_it_offers_to_open_the_next_quarter(council, manager):
    said = text(manager.get("/cycle/corporate/"))
    assert "No quarter is open" in said
    assert manager.get("/cycle/corporate/").context["form"].initial["quarter"] == "Q2 2026/27"


def test_a_register_without_any_edition_is_told_how_to_begin(manager):
    factories.register("schools")
    assert "This register has no edition yet" in text(manager.get("/cycle/schools/"))


def test_it_leads_from_one_register_to_the_others(council, edition, manager, page):
    assert 'aria-label="Registers"' not in markup(manager.get(page))
    factories.register("schools")
    assert 'href="/cycle/schools/"' in markup(manager.get(page))


def test_the_way_in_is_the_register_at_the_top(council, manager):
    factories.register("a-service", parent=council.register)
    assert manager.client.get("/cycle/")["Location"] == "/cycle/corporate/"
    draft = manager.client.get("/cycle/?standing=draft")["Location"]
    assert draft == "/cycle/corporate/?standing=draft"


def test_a_published_edition_is_read_instead(council, manager):
    response = manager.client.get(at("cycle-edition", council.published))
    assert response["Location"] == council.published.get_absolute_url()


# Opening and dates -------------------------------------------------------------------------------


def test_open_opens_the_quarter_with_its_dates(council, manager):
    response = manager.post(
        "/cycle/corporate/open/",
        quarter="Q2 2026/27",
        deadline="2026-10-16T17:00",
        committee_on="2026-10-27",
    )
    assert told(response) == ["Q2 2026/27 is open, and its owners are being told."]
    edition = council.register.editions.open().get()
    assert (edition.deadline, str(edition.committee_on)) == (DEADLINE, "2026-10-27")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"quarter": "soon"}, "“soon” is not a quarter"),
        ({"quarter": ""}, "This field is required"),
        ({"quarter": "Q1 2026/27"}, "already has an edition for Q1 2026/27"),
        (
            {"quarter": "Q2 2026/27", "deadline": "2026-10-16T17:00", "committee_on": "2026-10-01"},
            "The owners’ deadline comes before the committee meets",
        ),
    ],
)
def test_a_quarter_that_can_not_be_opened_is_refused_in_words(council, manager, values, sentence):
    response = manager.post("/cycle/corporate/open/", **values)
    assert response.status_code == 422
    assert sentence.replace("’", "'") in text(response).replace("’", "'")
    assert not council.register.editions.open().exists()


def test_opening_twice_opens_one_quarter(council, manager):
    for _ in range(2):
        response = manager.post("/cycle/corporate/open/", quarter="Q2 2026/27")
    assert response.status_code == 422
    assert council.register.editions.count() == 2


def test_dates_are_changed(edition, manager):
    response = manager.post(
        at("cycle-dates", edition), deadline="2026-10-23T12:00", committee_on=""
    )
    assert told(response) == ["The dates of Q2 2026/27 are changed."]
    edition.refresh_from_db()
    assert edition.deadline == datetime(2026, 10, 23, 11, tzinfo=UTC)


# Reminding ---------------------------------------------------------------------------------------


def chased() -> set[str]:
    return set(
        Notice.objects.filter(kind=Notice.Kind.CHASED).values_list("recipient__username", flat=True)
    )


def test_everyone_who_is_not_in_is_reminded(council, edition, manager):
    submit(edition, "CR2", council.cast.other_owner)
    response = manager.post(at("cycle-chase", edition), everyone="1")
    assert told(response) == ["2 people are being reminded by e-mail."]
    assert chased() == {"owner", "delegate"}


def test_only_the_owners_that_are_ticked_are_reminded(council, edition, manager):
    response = manager.post(at("cycle-chase", edition), owner=[council.cast.other_post.pk])
    assert told(response) == ["1 person is being reminded by e-mail."]
    assert chased() == {"other_owner"}


def test_the_owner_of_one_entry_is_reminded_whatever_is_ticked(council, edition, manager):
    manager.post(
        at("cycle-chase", edition),
        only=find(edition, "CR2").pk,
        owner=[council.cast.post.pk],
    )
    assert chased() == {"other_owner"}


@pytest.mark.parametrize("values", [{}, {"owner": ["x", HUGE, "-1"]}, {"only": HUGE}, {"only": ""}])
def test_reminding_nobody_says_to_tick_somebody(edition, manager, values):
    response = manager.post(at("cycle-chase", edition), **values)
    assert told(response) == ["Tick the owners to remind, then send."]
    assert not chased()


def test_a_second_reminder_on_one_day_is_not_sent(edition, manager):
    manager.post(at("cycle-chase", edition), everyone="1")
    response = manager.post(at("cycle-chase", edition), everyone="1")
    assert told(response) == ["They have been reminded today already."]
    assert Notice.objects.filter(kind=Notice.Kind.CHASED).count() == 3


def test_an_owner_who_is_in_is_not_reminded(council, edition, manager):
    submit(edition, "CR2", council.cast.other_owner)
    response = manager.post(at("cycle-chase", edition), owner=[council.cast.other_post.pk])
    assert told(response) == ["These entries have all been submitted."]


# Review ------------------------------------------------------------------------------------------


def test_the_quarter_is_closed_to_its_owners_and_reopened(edition, manager):
    response = manager.post(at("cycle-review", edition))
    assert told(response) == ["Q2 2026/27 is closed to its owners and in review."]
    assert "Q2 2026/27: in review" in text(response)
    response = manager.post(at("cycle-reopen", edition))
    assert told(response) == ["Q2 2026/27 is open to its owners again."]


def test_closing_to_the_owners_asks_first_and_names_who_has_not_submitted(
    council, edition, manager
):
    submit(edition, "CR2", council.cast.other_owner)
    fill_in(find(edition, "CR1"), by=council.owner)
    said = text(manager.get(at("cycle-review", edition)))
    assert "2 entries have not been submitted" in said
    assert f"{council.cast.post} CR1 : Title of CR1 Draft CO1 : Title of CO1" in said
    assert "1 of these has been begun" in said
    assert council.cast.other_post.name not in said
    edition.refresh_from_db()
    assert edition.is_open


def test_closing_to_the_owners_says_so_where_every_entry_is_in(council, edition, manager):
    accept_everything(edition, by=council.manager)
    said = text(manager.get(at("cycle-review", edition)))
    assert "Every entry has been submitted" in said


def test_an_edition_that_is_closed_already_is_not_asked_about(council, edition, manager):
    manager.post(at("cycle-review", edition))
    response = manager.get(at("cycle-review", edition))
    assert told(response) == ["Q2 2026/27 is in review."]


def test_in_review_nobody_is_reminded_and_nothing_is_sent_back(council, edition, manager):
    submit(edition, "CR1", council.owner)
    manager.post(at("cycle-review", edition))
    html = markup(manager.get(at("cycle-edition", edition)))
    for words in ("Remind those ticked", "Send back", 'name="only" value="\\d+"'):
        assert not re.search(words, html)
    assert "or reopen the quarter" in html
    response = manager.post(at("cycle-chase", edition), everyone="1")
    assert told(response) == ["Q2 2026/27 is in review: there is nothing to chase."]


def test_a_button_pressed_twice_says_so(edition, manager):
    manager.post(at("cycle-review", edition))
    response = manager.post(at("cycle-review", edition))
    assert told(response) == ["Q2 2026/27 is in review."]


@pytest.mark.parametrize("name", ["reopen", "chase", "accept"])
def test_who_comes_to_a_button_by_its_address_changes_nothing(edition, manager, name):
    response = manager.get(at(f"cycle-{name}", edition))
    assert told(response) == ["Nothing was changed. Press the button again if you still want to."]
    edition.refresh_from_db()
    assert edition.is_open


# Two editions at once ----------------------------------------------------------------------------


def test_a_button_acts_on_the_edition_of_its_page(council, edition, manager):
    """A correction under way beside the open quarter: each has a page and buttons of its own."""
    cycle.reissue(council.published, by=manager.user, reason="A wrong score.")
    assert "Also under way: Q1 2026/27 (being corrected)" in text(
        manager.get(at("cycle-edition", edition))
    )
    said = text(manager.get(at("cycle-edition", council.published)))
    assert "Q1 2026/27: being corrected" in said
    assert "because: A wrong score." in said
    manager.post(at("cycle-publish", council.published))
    edition.refresh_from_db()
    assert edition.is_open


@pytest.mark.parametrize("name", ["dates", "add", "numbers"])
def test_a_published_edition_offers_no_form(council, edition, manager, name):
    response = manager.get(at(f"cycle-{name}", council.published))
    assert told(response) == ["Q1 2026/27 is published. A correction is a reissue, with a reason."]


@pytest.mark.parametrize("edition_slug", ["2030-31-q1", "nonsense", "2026-28-q1"])
def test_a_quarter_that_there_is_not_is_not_found(edition, manager, edition_slug):
    for name in ("", "publish/", "add/"):
        assert manager.get(f"/cycle/corporate/{edition_slug}/{name}").status_code == 404
    assert manager.get("/cycle/nothing/").status_code == 404


def test_nobody_but_the_manager_learns_that_the_pages_exist(cast, edition):
    pages = [
        "/cycle/",
        "/cycle/corporate/",
        at("cycle-edition", edition),
        at("cycle-publish", edition),
        at("cycle-end", edition, find(edition, "CR1").pk),
    ]
    for part, user in cast.people().items():
        if part != "manager":
            person = as_(user)
            for address in pages:
                assert person.get(address).status_code == 404, (part, address)
                assert person.post(address).status_code == 404, (part, address)


def test_accept_everything_then_publish_is_offered(council, edition, manager):
    accept_everything(edition, by=council.manager)
    html = markup(manager.get(at("cycle-edition", edition)))
    assert f'href="{at("cycle-publish", edition)}"' in html
    assert NOW.label in html
