"""The audit trail of a register: who changed what, from what to what, when and why."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registers import cycle, history
from registers.models import Owner, Tenure, Type
from tests import factories
from tests.cycle.conftest import BEFORE, fill_in, find
from tests.quarter.conftest import HUGE, as_, submit, text
from tests.support.pages import markup

pytestmark = pytest.mark.django_db

TRAIL, FILE = "/audit/corporate/", "/audit/corporate.csv"


def rows(reader, /, **query) -> list[dict[str, str]]:
    """The file, as a spreadsheet reads it."""
    response = reader.client.get(FILE, query)
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def shown(reader, /, **query) -> list[tuple[str, str, str]]:
    """(who, where, what) of every row on a page of the trail."""
    page = reader.client.get(TRAIL, query)
    return [
        (event.who, row.where, row.what) for event in page.context["events"] for row in event.rows
    ]


@pytest.fixture
def auditor(cast):
    return as_(cast.auditor)


@pytest.fixture
def updated(council, edition):
    """CR1 was updated and submitted by its owner, with an action of it, and accepted."""
    fill_in(find(edition, "CR1"), by=council.owner, commentary="On course.")
    action = find(edition, "CR1").actions.get(text="Recruit")
    action.status, action.changed_by = "in_progress", council.owner
    action.save()
    cycle.submit(find(edition, "CR1"), by=council.owner, override="As planned.")
    cycle.accept(find(edition, "CR1"), by=council.manager)
    return edition


def test_it_tells_who_changed_what_from_what_to_what_and_why(council, updated, auditor):
    said = text(auditor.get(TRAIL, edition=updated.quarter.slug))
    where = "Q2 2026/27, CR1 Title of CR1"
    assert re.search(
        rf"{council.manager} [^A-Z]*\d:\d\d Accepted {where} Entry changed "
        "Progress Submitted Accepted",
        re.sub(r"\d+ \w+ \d{4}, ", "", said),
    )
    assert f"{council.owner}" in said
    assert "Action “Recruit” changed Status Not started In progress" in said
    assert "Direction of travel nothing Level" in said


def test_the_latest_comes_first(updated, auditor):
    steps = [
        row["To"]
        for row in rows(auditor, edition=updated.quarter.slug)
        if row["Column"] == "Progress" and "CR1" in row["Where"]
    ]
    assert steps == ["Accepted", "Submitted", "Draft"]


def test_what_was_closed_and_deleted_is_still_told(council, edition, auditor):
    cycle.close_entry(find(edition, "CR1"), by=council.manager, reason="It is over.")
    told = shown(auditor, edition=edition.quarter.slug)
    manager = str(council.manager)
    assert (manager, "Q2 2026/27, CR1 Title of CR1", "Closed") in told
    removed = [
        row for row in rows(auditor, edition=edition.quarter.slug) if row["Was"] == "removed"
    ]
    assert {row["What"] for row in removed} == {"Entry", "Action “Recruit”", "Action “Train”"}
    assert {row["Who"] for row in removed} == {manager}


def test_settings_are_in_it(council, auditor):
    register = council.register
    register.appetite, register.changed_by = 10, council.manager
    register.save()
    post = council.cast.post
    post.name, post.changed_by = "Director of People", council.manager
    post.save()
    changes = {
        (row["What"], row["Where"], row["Column"], row["From"], row["To"]) for row in rows(auditor)
    }
    assert ("Register", "Corporate", "Appetite", "12", "10") in changes
    assert (
        "Owner",
        "Director of People",
        "Name",
        "Director of Children's Services",
        "Director of People",
    ) in changes


def test_a_post_that_passes_to_somebody_is_told_by_their_names(council, auditor):
    tenure = Tenure.objects.get(user=council.cast.delegate)
    tenure.ends, tenure.changed_by = datetime(2026, 12, 31, tzinfo=UTC).date(), council.manager
    tenure.save()
    row = rows(auditor, kind="tenures")[0]
    assert (row["What"], row["Column"]) == ("Delegate", "Until")
    assert row["Where"] == f"{council.cast.delegate}, {council.cast.post}"
    assert (row["From"], row["To"]) == ("nothing", "31 December 2026")


def test_types_of_an_entry_are_told(council, edition, auditor):
    snapshot = find(edition, "CR1")
    snapshot.types.set([Type.objects.get(name="People"), factories.TypeFactory(name="Legal")])
    told = rows(auditor, kind="entries", edition=edition.quarter.slug)
    types = [row for row in told if row["Column"] == "Types"]
    assert types[-1]["From"] == "Economic, People"
    assert types[0]["To"] == "Legal, People"


# Narrowed -----------------------------------------------------------------------------------------


def test_by_edition_the_settings_are_left_out(updated, auditor):
    Owner.objects.first().save()
    of_edition = rows(auditor, edition=updated.quarter.slug)
    assert of_edition
    assert {row["Where"].split(",")[0] for row in of_edition} == {"Q2 2026/27"}
    assert "Q1 2026/27" in {row["Where"].split(",")[0] for row in rows(auditor)}


def test_by_entry_through_all_its_editions(council, updated, auditor):
    entry = find(updated, "CR1").entry
    told = rows(auditor, entry=entry.pk)
    assert {row["Where"] for row in told} == {
        "Q1 2026/27, CR1 Title of CR1",
        "Q2 2026/27, CR1 Title of CR1",
        "CR1 Title of CR1",
    }
    assert "Only CR1 Title of CR1" in text(auditor.get(TRAIL, entry=entry.pk))


def test_by_person(council, updated, auditor):
    assert {row["Who"] for row in rows(auditor, person=council.owner.pk)} == {str(council.owner)}
    assert {row["Who"] for row in rows(auditor, person="nobody")} == {"Imported or automatic"}


@pytest.mark.parametrize("kind", [kind.code for kind in history.KINDS])
def test_by_kind_of_row(council, updated, auditor, kind):
    told = rows(auditor, kind=kind)
    everything = rows(auditor)
    assert all(row in everything for row in told)
    assert len(told) < len(everything)


def test_by_day(council, edition, auditor):
    fill_in(find(edition, "CR2"), by=council.cast.other_owner)
    cycle.submit(
        find(edition, "CR2"),
        by=council.cast.other_owner,
        override="As planned.",
        now=datetime(2026, 3, 31, 23, 30, tzinfo=UTC),  # past midnight in London
    )
    first_of_april = {"since": "2026-04-01", "until": "2026-04-01"}
    assert {row["Why"] for row in rows(auditor, **first_of_april)} == {"Submitted"}
    assert rows(auditor, until="2026-03-31") == []
    assert all(row["When"] > "2026-04-02" for row in rows(auditor, since="2026-04-02"))


def test_by_words_of_a_title_a_reference_or_a_reason(council, updated, auditor):
    assert {row["What"] for row in rows(auditor, q="recruit")} == {"Action “Recruit”"}
    assert {row["Why"] for row in rows(auditor, q="accepted")} == {"Accepted"}
    assert all("CR2" in row["Where"] for row in rows(auditor, q="CR2 title"))


def test_another_registers_trail_is_not_in_it(council, updated, auditor):
    schools = factories.published(register=factories.register("schools"))
    factories.ActionFactory(
        snapshot=factories.snapshot(factories.edition(BEFORE + 4, register=schools.register)),
        text="Paint the school",
    )
    ours, theirs = (
        rows(auditor),
        list(
            csv.DictReader(
                io.StringIO(
                    b"".join(auditor.client.get("/audit/schools.csv").streaming_content).decode(
                        "utf-8-sig"
                    )
                )
            )
        ),
    )
    assert "Action “Paint the school”" in {row["What"] for row in theirs}
    assert "Action “Paint the school”" not in {row["What"] for row in ours}
    assert "Action “Recruit”" not in {row["What"] for row in theirs}
    assert "Schools" in {row["Where"] for row in theirs}


@pytest.mark.parametrize(
    "query",
    [
        {"edition": "1999-00-q1"},
        {"person": HUGE},
        {"kind": "secrets"},
        {"since": "yesterday"},
        {"entry": "x"},
    ],
)
def test_what_can_not_be_meant_is_said_and_left_out(updated, auditor, query):
    response = auditor.get(TRAIL, **query)
    assert response.status_code == 422
    assert "There is a problem" in text(response)


@pytest.mark.parametrize("after", ["x", "1-2", f"{HUGE}-0-1", "1-99-1", f"1-0-{HUGE}", "-1-0-1"])
def test_what_is_no_place_in_the_trail_is_not_found(updated, auditor, after):
    assert auditor.get(TRAIL, after=after).status_code == 404


def test_a_word_in_the_address_is_shown_and_never_run(updated, auditor):
    html = markup(auditor.get(TRAIL, q="<script>alert(1)</script>"))
    assert "<script>alert" not in html


# Pages and the file -------------------------------------------------------------------------------


def test_pages_follow_each_other_without_a_gap_or_a_repetition(council, auditor):
    edition = council.open()
    for number in range(70):
        factories.snapshot(edition, f"CR{number + 10}", order=number + 10)
    seen, query, pages = [], {}, 0
    while True:
        page = auditor.get(TRAIL, **query)
        found = [row for event in page.context["events"] for row in event.rows]
        assert len(found) <= history.PAGE
        seen += [(row.where, row.what, row.verb) for row in found]
        pages += 1
        following = re.search(r'href="\?after=([^"#&]+)', markup(page))
        if not following:
            break
        query = {"after": following[1]}
    assert pages > 2
    assert "This is where the trail begins." in text(page)
    everything = list(history.everything(audit_of(council)))
    assert seen == [(row.where, row.what, row.verb) for *_, row in everything]


def audit_of(council) -> history.Asked:
    editions = tuple(council.register.editions.values_list("pk", flat=True))
    return history.Asked(council.register, alone=True, editions=editions)


def test_whether_a_register_is_alone_changes_nothing_of_its_trail(council, updated):
    asked = audit_of(council)
    beside = history.Asked(council.register, alone=False, editions=asked.editions)
    assert list(history.everything(asked)) == list(history.everything(beside))


def test_the_file_says_what_the_filter_shows(council, updated, auditor):
    query = {"kind": "entries", "person": council.owner.pk}
    on_screen = [(where, what) for _, where, what in shown(auditor, **query)]
    in_file = [(row["Where"], row["What"]) for row in rows(auditor, **query)]
    assert list(dict.fromkeys(in_file)) == list(dict.fromkeys(on_screen))
    page = markup(auditor.get(TRAIL, **query))
    assert re.search(r'href="/audit/corporate\.csv\?[^"]*kind=entries', page)


def test_a_formula_that_somebody_typed_is_defused_in_the_file(council, edition, auditor):
    fill_in(find(edition, "CR1"), by=council.owner, commentary='=HYPERLINK("http://x","y")')
    said = [row["To"] for row in rows(auditor, kind="entries") if row["Column"] == "Commentary"]
    assert said == ['\'=HYPERLINK("http://x","y")']


# Whose it is --------------------------------------------------------------------------------------


def test_only_the_manager_and_the_auditor_know_of_it(cast, updated):
    for part, user in cast.people().items():
        for address in ("/audit/", TRAIL, FILE, "/audit/nothing/"):
            status = as_(user).get(address).status_code
            allowed = part in ("manager", "auditor") and "nothing" not in address
            assert status == (200 if allowed else 404), (part, address)


def test_the_auditor_reads_it_and_the_drafts_and_changes_nothing(cast, updated, auditor):
    html = markup(auditor.get("/registers/corporate/2026-27-q1/"))
    assert 'href="/audit/"' in html
    assert auditor.get(updated.get_absolute_url()).status_code == 200
    for name in ("accept", "publish", "review", "chase", "add"):
        address = f"/cycle/corporate/{updated.quarter.slug}/{name}/"
        assert auditor.post(address, everything="1").status_code == 404
    assert auditor.post(TRAIL).status_code in (200, 405)


def test_the_quarters_page_leads_to_the_trail_of_its_edition(updated, manager):
    html = markup(manager.get(f"/cycle/corporate/{updated.quarter.slug}/"))
    assert f'href="/audit/corporate/?edition={updated.quarter.slug}"' in html


# What it costs ------------------------------------------------------------------------------------


def queries(reader, /, **query) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert reader.client.get(TRAIL, query).status_code == 200
    return len(captured)


def test_the_number_of_queries_has_a_bound_however_long_the_trail_is(council, edition, auditor):
    submit(edition, "CR1", council.owner)
    few = queries(auditor)
    for number in range(120):
        factories.snapshot(edition, f"CR{number + 10}", order=number + 10)
        Owner.objects.create(name=f"Head of service {number}")
    assert queries(auditor) <= max(few, 30)
    assert queries(auditor, edition=edition.quarter.slug) <= 30


def test_data_and_settings_lead_to_the_trail_those_who_may_read_it(cast, updated):
    link = 'href="/audit/"'
    for part, leads in (("manager", True), ("auditor", True), ("owner", False)):
        assert (link in markup(as_(getattr(cast, part)).get("/admin/"))) is leads


def test_on_paper_it_says_what_narrows_it(cast, updated, auditor):
    query = {"person": cast.owner.pk, "since": "2026-04-01", "kind": "entries"}
    html = markup(auditor.client.get(TRAIL, query))
    assert f"Only: Person: {cast.owner}; What: Entries; From: 1 April 2026" in html
