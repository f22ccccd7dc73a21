"""Search over every edition one may read: the same hits on both databases, and nothing hidden."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registers import cycle
from registers.domain.quarters import Quarter
from registers.models import Edition, Sought
from tests import factories
from tests.support.pages import markup, words

pytestmark = pytest.mark.django_db

Q1 = Quarter(2025, 1)
SECRET = {"exempt": True, "exempt_reason": "Schedule 12A, paragraph 3"}


@pytest.fixture(scope="module")
def council(common_ground) -> Iterator[factories.Cast]:
    """CR4 was social care in Q1 and is roads since Q2, when social care became CR1."""

    def build() -> factories.Cast:
        cast = factories.cast()
        register = factories.register()
        first = factories.edition(Q1, register=register)
        care = factories.snapshot(first, "CR4", title="Social care", owner=cast.post, **CARE).entry
        hidden = factories.snapshot(
            first, "CR7", title="A settlement", owner=cast.other_post, controls=HIDDEN, **SECRET
        ).entry
        factories.publish(first, by=cast.manager)
        second = factories.edition(Q1.next, register=register)
        factories.snapshot(
            second, "CR1", entry=care, title="Care of adults", owner=cast.post, **CARE
        )
        roads = factories.snapshot(second, "CR4", title="Roads", owner=cast.post, controls=ROADS)
        factories.ActionFactory(snapshot=roads, text="Resurface the A6", lead="Jo O'Neill")
        factories.snapshot(second, "CR7", entry=hidden, owner=cast.other_post, controls=HIDDEN)
        factories.publish(second, by=cast.manager)
        draft = factories.edition(Q1 + 2, register=register)
        factories.snapshot(draft, "CR4", title="Zebra crossings", owner=cast.post)
        return cast

    with common_ground(build) as cast:
        yield cast


CARE = {"controls": "Children’s homes are inspected. Organising the social market for 2026–27."}
HIDDEN = "A claim for damages is being settled out of court."
ROADS = "Bridges are inspected twice a year\nThe budget for organisations"

# What is asked, and the entries found, by their last number: the same on both databases.
HITS = [
    ("inspected", ["CR4", "CR1"]),
    ("inspect", ["CR4", "CR1"]),
    ("INSPECTS bridges", ["CR4"]),
    ("bridge", ["CR4"]),
    ("children's", ["CR4", "CR1"]),
    ("children’s home", ["CR1"]),
    ("organised", ["CR4", "CR1"]),
    ("organization", ["CR4", "CR1"]),
    ("2026-27", ["CR1"]),
    ("social care", ["CR1"]),
    ('"social market"', ["CR1"]),
    ('"market social"', []),
    ('"court claim"', []),
    ("o’neill", ["CR4"]),
    ("resurfacing", ["CR4"]),
    ("a6", ["CR4"]),
    ("insp", []),
    ("spect", []),
    ("cr4", ["CR4", "CR4"]),
    ("claim", []),
    ("zebra", []),
    ("%", []),
    ("_", []),
    ("a & b | !c <-> 'd", []),
]


def get(user, query: str, **more: str):
    client = Client()
    client.force_login(user)
    return client.get("/search/", {"q": query, **more})


@pytest.mark.parametrize(("query", "expected"), HITS)
def test_whole_words_are_found_however_they_end_or_were_typed(council, query, expected):
    response = get(council.committee, query)
    assert sorted(hit.content.reference for hit in response.context["hits"]) == sorted(expected)


# What a draft says is found by those who may read that draft, and by nobody else.
IN_DRAFTS = [
    ("manager", "zebra", 1),
    ("manager", "ZEBRAS", 1),
    ("auditor", "zebra crossing", 1),
    ("owner", "zebra", 1),
    ("delegate", "zebra", 1),
    ("manager", "giraffe", 0),
    ("manager", "inspected", 2),
    ("owner", "inspected", 2),
    ("other_owner", "zebra", 0),
    ("former", "zebra", 0),
    ("committee", "zebra", 0),
    ("cleared", "zebra", 0),
]


@pytest.mark.parametrize(("part", "query", "count"), IN_DRAFTS)
def test_a_draft_is_found_by_who_may_read_it_and_counted_for_nobody_else(
    council, part, query, count
):
    call_index = get(council.manager, "zebra")
    assert call_index.status_code == 200, "the words are kept by now, whoever asks next"
    response = get(getattr(council, part), query)
    assert (len(response.context["hits"]), response.context["count"]) == (count, count)


def test_a_draft_is_found_by_the_words_it_has_now_and_marked_as_one(council):
    draft = Edition.objects.unpublished().get().snapshots.get()
    page = words(markup(get(council.owner, "zebra")))
    assert "Draft" in page and "1 entry says this." in page
    said = {"controls": "Giraffes look over the wall"}
    cycle.save_draft(draft, cycle.Draft(said), by=council.owner)
    assert "In the draft of Q3 2025/26" in words(markup(get(council.owner, "giraffe")))
    cycle.save_draft(draft, cycle.Draft({"controls": "Hyenas"}), by=council.owner)
    assert not get(council.owner, "giraffe").context["hits"]


def test_an_entry_says_in_how_many_editions_and_which_sentence(council):
    page = words(markup(get(council.committee, "inspected")))
    assert "2 entries say this." in page
    assert "Corporate, in 2 editions since Q1 2025/26" in page
    assert "Controls: Children’s homes are inspected." in page
    assert "Organising the social market" not in page


def test_what_one_may_not_see_is_neither_shown_nor_counted(council):
    assert "No entry you may read says this." in words(markup(get(council.committee, "damages")))
    assert "1 entry says this." in words(markup(get(council.cleared, "damages")))
    client = Client()
    client.force_login(council.nobody)
    assert client.get("/search/", {"q": "claim"}).status_code == 404


def test_what_can_not_be_looked_for_is_said_beside_the_box(council):
    assert "There is no word in this to look for." in markup(get(council.committee, "…"))
    page = markup(get(council.committee, "x" * 201))
    assert "at most 200 characters" in page and "x" * 201 in page


def test_where_an_edition_is_not_looked_through_yet_the_page_says_so(council):
    assert "not looked through yet" not in markup(get(council.committee, "inspected"))
    Sought.objects.filter(snapshot__reference="CR4").first().delete()
    assert "Some editions are not looked through yet" in markup(get(council.committee, "inspected"))
    call_command("keep_standings", stdout=StringIO())
    assert "not looked through yet" not in markup(get(council.committee, "inspected"))


def test_a_search_costs_the_same_few_queries(council):
    client = Client()
    client.force_login(council.committee)
    for query in ("inspected", "cr4"):
        with CaptureQueriesContext(connection) as captured:
            client.get("/search/", {"q": query})
        assert len(captured) <= 14


def test_a_number_with_a_stroke_in_it_leads_there_too(council):
    draft = Edition.objects.unpublished().get()
    factories.snapshot(draft, "A/1", owner=council.post)
    page = get(council.manager, "a/1")
    assert "What A/1 has meant in Corporate, edition by edition" in words(markup(page))
    client = Client()
    client.force_login(council.manager)
    assert client.get("/registers/corporate/numbers/A/1/").status_code == 200


def test_a_number_leads_to_what_it_has_meant(council):
    page = get(council.committee, "cr4")
    assert "What CR4 has meant in Corporate, edition by edition" in words(markup(page))
    client = Client()
    client.force_login(council.committee)
    history = words(markup(client.get("/registers/corporate/numbers/CR4/")))
    assert "In 2 editions it stood for 2 entries" in history
    assert history.index("Roads Now CR4: Roads Q2") < history.index("Social care Now CR1: Care of")
    assert "Zebra" not in history
    client.force_login(council.manager)
    assert "Q3 2025/26 , draft: Zebra" in words(
        markup(client.get("/registers/corporate/numbers/cr4/"))
    )


def test_nothing_at_an_address_leads_to_the_search(council):
    client = Client()
    client.force_login(council.committee)
    page = client.get("/registers/corporate/numbers/CR99/")
    assert page.status_code == 404
    assert 'action="/search/"' in markup(page)


def test_a_correction_is_found_by_its_new_words_alone(council):
    edition = Sought.objects.filter(words__contains=" bridg ").get().snapshot.edition
    cycle.reissue(edition, by=council.manager, reason="A wrong word.")
    row = edition.snapshots.get(reference="CR4")
    row.refresh_from_db()
    row.controls = "Viaducts are inspected"
    row.save()
    edition.refresh_from_db()
    factories.publish(edition, by=council.manager)
    assert len(get(council.committee, "viaduct").context["hits"]) == 1
    assert len(get(council.committee, "bridges").context["hits"]) == 0
