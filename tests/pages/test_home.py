"""Where a person lands, by role, and what stands there when there is nothing to read."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from registers import access
from registers.domain.quarters import Quarter
from tests import factories

pytestmark = pytest.mark.django_db

Q1, Q2, Q3 = Quarter(2026, 1), Quarter(2026, 2), Quarter(2026, 3)


def get(user, path: str = "/"):
    client = Client()
    client.force_login(user)
    return client.get(path)


def test_nobody_reads_anything_without_logging_in():
    factories.published(Q1)
    for path in (
        "/",
        "/latest/table/",
        "/registers/corporate/",
        "/registers/corporate/2026-27-q1/",
    ):
        response = Client().get(path)
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("part", ["committee", "cleared", "auditor"])
def test_a_reader_lands_on_the_heat_map_of_the_latest_published_edition(cast, part):
    factories.published(Q2)
    factories.published(Q1)
    factories.edition(Q3, snapshots=1)
    assert get(getattr(cast, part))["Location"] == "/registers/corporate/2026-27-q2/"


def test_an_owner_lands_on_my_updates(cast):
    assert get(cast.owner)["Location"] == reverse("my-updates")


def test_the_risk_manager_lands_on_the_quarter(cast):
    assert get(cast.manager)["Location"] == reverse("cycle-home")


@pytest.mark.parametrize("page", ["heatmap", "table", "changes"])
def test_the_navigation_leads_to_the_latest_edition(cast, page):
    edition = factories.published(Q2)
    assert get(cast.committee, f"/latest/{page}/")["Location"] == edition.url(page)


def test_the_navigation_knows_no_other_page(cast):
    assert get(cast.committee, "/latest/secrets/").status_code == 404


def test_among_several_registers_the_one_at_the_top_comes_first(cast):
    corporate = factories.register("corporate")
    schools = factories.register("a-service", parent=corporate)
    factories.published(Q3, register=schools)
    factories.published(Q1, register=corporate)
    assert get(cast.committee)["Location"] == "/registers/corporate/2026-27-q1/"


def test_a_register_leads_to_its_own_latest_edition(cast):
    factories.published(Q3)
    factories.published(Q1, register=factories.register("schools"))
    assert (
        get(cast.committee, "/registers/schools/")["Location"] == "/registers/schools/2026-27-q1/"
    )


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/latest/heatmap/", "/registers/corporate/2026-27-q1/"),
        ("/latest/table/", "/registers/corporate/2026-27-q1/table/"),
        ("/latest/changes/", "/registers/corporate/2026-27-q1/changes/"),
        ("/registers/corporate/", "/registers/corporate/2026-27-q1/"),
    ],
)
def test_the_way_to_the_latest_edition_keeps_what_was_asked(cast, address, leads_to):
    factories.published(Q1)
    query = "?kind=opportunity&q=caf%C3%A9&sort=-score&sort=title"
    assert get(cast.committee, address + query)["Location"] == leads_to + query


def test_the_way_to_the_audit_trail_keeps_what_was_asked(cast):
    factories.published(Q1)
    location = get(cast.auditor, "/audit/?q=Roads&since=2026-04-01")["Location"]
    assert location == "/audit/corporate/?q=Roads&since=2026-04-01"


def test_a_register_with_nothing_to_read_is_no_such_page(cast):
    factories.edition(Q1, snapshots=1, register=factories.register("drafts"))
    for path in ("/registers/drafts/", "/registers/nothing/"):
        assert get(cast.committee, path).status_code == 404


def test_who_may_read_drafts_is_led_to_one_where_nothing_is_published(cast):
    factories.edition(Q1, snapshots=1)
    assert get(cast.auditor)["Location"] == "/registers/corporate/2026-27-q1/"


def test_before_the_first_edition_the_page_says_so_and_tells_of_no_draft(cast):
    factories.edition(Q1, snapshots=1)
    html = get(cast.committee).content.decode()
    assert "No edition has been published yet" in html
    assert "2026/27" not in html


def test_a_person_without_a_role_is_told_whom_to_ask(cast):
    factories.published(Q1)
    for path in ("/", "/latest/heatmap/"):
        response = get(cast.nobody, path)
        assert response.status_code == 200
        assert "Your account has no role yet" in response.content.decode()
        assert "the risk manager" in response.content.decode()


def test_clearance_alone_is_not_a_role():
    factories.published(Q1)
    html = get(factories.UserFactory(roles=[access.CLEARED])).content.decode()
    assert "Your account has no role yet" in html
