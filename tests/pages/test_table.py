"""The register as a table: what it shows, in which order, to whom, and the files made of it."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from registers.domain import scale
from registers.domain.quarters import Quarter
from registers.models import Direction, Edition, Snapshot
from tests import factories
from tests.browser import look_over
from tests.support.pages import markup

pytestmark = pytest.mark.django_db

Q1, Q2, Q3 = Quarter(2026, 1), Quarter(2026, 2), Quarter(2026, 3)


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(user, edition: Edition, **query) -> str:
    response = client_of(user).get(edition.url("table"), query)
    assert response.status_code == 200
    return markup(response)


def file(user, edition: Edition, format: str, **query):
    address = f"{edition.url('table').rstrip('/')}.{format}"
    return client_of(user).get(address, query)


def csv_rows(user, edition: Edition, **query) -> list[list[str]]:
    content = file(user, edition, "csv", **query).content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))


def body(html: str) -> list[list[str]]:
    """The cells of the table in words, row by row."""
    table = re.search(r"<tbody>(.*?)</tbody>", html, re.DOTALL)[1]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return [
        [plain(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in rows
    ]


def plain(html: str) -> str:
    html = re.sub(r'<span class="vh">.*?</span>', "", html)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def references(html: str) -> list[str]:
    return [row[0] for row in body(html)]


def heading(html: str, name: str) -> str:
    """The markup of a column's heading."""
    found = re.search(rf"<th scope=\"col\"[^>]*>(?:(?!</th>).)*?{name}.*?</th>", html, re.DOTALL)
    assert found, f"no column {name}"
    return found[0]


def links(html: str) -> list[str]:
    return [unescape(href) for href in re.findall(r'href="([^"]+)"', html)]


def place(edition, reference, impact, likelihood, **values) -> Snapshot:
    kind = scale.OPPORTUNITY if reference.startswith("CO") else scale.RISK
    return factories.snapshot(
        edition, reference, kind=kind, impact=impact, likelihood=likelihood, **values
    )


@pytest.fixture
def edition(cast):
    """Q2, published after Q1: three risks and an opportunity, one of each movement."""
    before = factories.edition(Q1)
    rose = place(before, "CR2", 4, 4).entry
    grew = place(before, "CO1", 3, 3).entry
    level = place(before, "CR10", 2, 2).entry
    factories.publish(before)
    now = factories.edition(Q2)
    place(
        now, "CR2", 4, 5, entry=rose, title="Roads", types=["Economic", "People"],
        owner=cast.post, order=1, controls="Weekly inspection\n  - of bridges",
        direction=Direction.UP,
    )  # fmt: skip
    place(now, "CR10", 2, 2, entry=level, title="Archives", owner=cast.other_post, order=2)
    place(now, "CR3", 3, 3, title="Cyber attack", owner=cast.other_post, order=3)
    place(now, "CO1", 4, 3, entry=grew, title="Solar", types=["Economic"], order=4)
    return factories.publish(now)


# What a row says ----------------------------------------------------------------------------------


def test_a_row_says_what_the_printed_table_and_the_scores_say(cast, edition):
    rows = {row[0]: row[1:] for row in body(text(cast.committee, edition))}
    title, types, owner, score, band, residual, since, says, _trend = rows["CR2"]
    assert title.startswith("Roads")
    assert types == "Economic; People"
    assert owner == "Director of Children's Services"
    assert (score, band, residual, since, says) == ("20", "Very high", "9", "Up 4", "Up")
    assert rows["CR3"][-3] == "New"
    assert rows["CR10"][-3] == "Level"
    assert rows["CO1"][-3] == "Up 3"


def test_the_title_leads_to_the_entry_as_of_this_edition(cast, edition):
    html = text(cast.committee, edition)
    entry = edition.snapshots.get(reference="CR2").entry_id
    assert f'<a class="ttl" href="/entries/{entry}/?edition={Q2.slug}">Roads</a>' in html


def test_types_of_strands_count_as_types_of_the_entry(cast):
    draft = factories.edition(Q2)
    snapshot = factories.snapshot(draft, types=["People"])
    strand = factories.StrandFactory(snapshot=snapshot)
    strand.types.add(factories.TypeFactory(name="Legal"), factories.TypeFactory(name="People"))
    [row] = body(text(cast.manager, draft))
    assert row[2] == "Legal; People"


def test_the_sparkline_has_the_last_eight_editions_and_says_them_in_words(cast):
    entry = None
    for number in range(10):
        draft = factories.edition(Q1 + number)
        row = place(draft, "CR1", 1, 1 + number % 5, **({"entry": entry} if entry else {}))
        entry = row.entry
        factories.publish(draft)
    html = text(cast.committee, draft)
    label = "Score over 8 editions: 3, 4, 5, 1, 2, 3, 4, 5. Residual 9"
    assert f'role="img" aria-label="{label}"' in html


def test_an_entry_of_one_edition_has_no_line(cast, edition):
    rows = {row[0]: row for row in body(text(cast.committee, edition))}
    assert rows["CR3"][-1] == "First edition"


def test_the_first_edition_of_a_register_has_no_column_for_what_happened_since(cast):
    first = factories.published(Q1)
    html = text(cast.committee, first)
    assert "Since" not in html


def test_the_counts_are_of_what_is_shown_and_of_all(cast, edition):
    html = text(cast.committee, edition)
    assert "3 risks and 1 opportunity" in html
    assert "Showing <b>4</b> of 4 entries" in html
    assert "Showing <b>3</b> of 4 entries" in text(cast.committee, edition, kind="risk")
    assert "Above appetite only (1)" in html


# Order --------------------------------------------------------------------------------------------


def test_risks_come_first_and_the_highest_score_before_the_others(cast, edition):
    assert references(text(cast.committee, edition)) == ["CR2", "CR3", "CR10", "CO1"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("reference", ["CR2", "CR3", "CR10", "CO1"]),
        ("-reference", ["CR10", "CR3", "CR2", "CO1"]),
        ("title", ["CR10", "CR3", "CR2", "CO1"]),
        ("-title", ["CR2", "CR3", "CR10", "CO1"]),
        ("score", ["CR10", "CR3", "CR2", "CO1"]),
        ("owner", ["CR2", "CR3", "CR10", "CO1"]),
        ("type", ["CR2", "CR3", "CR10", "CO1"]),
        ("-since", ["CR2", "CR10", "CR3", "CO1"]),
        ("says", ["CR3", "CR10", "CR2", "CO1"]),
        ("nonsense", ["CR2", "CR3", "CR10", "CO1"]),
        ("-trend", ["CR2", "CR3", "CR10", "CO1"]),
    ],
)
def test_whatever_it_is_sorted_by_risks_come_first(cast, edition, sort, order):
    assert references(text(cast.committee, edition, sort=sort)) == order


@pytest.mark.parametrize("sort", ["score", "-score", "since", "-since", "residual", "position"])
def test_what_has_no_value_comes_last_either_way(cast, sort):
    before = factories.edition(Q1)
    known = place(before, "CR2", 2, 2).entry
    factories.publish(before)
    draft = factories.edition(Q2)
    factories.snapshot(
        draft, "CR1", impact=None, likelihood=None, score=None, residual_impact=None,
        residual_likelihood=None, residual_score=None,
    )  # fmt: skip
    place(draft, "CR2", 1, 1, entry=known)
    assert references(text(cast.manager, draft, sort=sort))[-1] == "CR1"


def test_a_heading_says_how_it_is_sorted_and_what_choosing_it_does(cast, edition):
    html = text(cast.committee, edition)
    score, title = heading(html, "Score"), heading(html, "Title")
    assert 'aria-sort="descending"' in score
    assert "sort lowest first" in score
    assert links(score) == ["?sort=score"]
    assert "aria-sort" not in title
    assert "sort A to Z" in title
    html = text(cast.committee, edition, sort="title", q="r", page="2")
    assert 'aria-sort="ascending"' in heading(html, "Title")
    assert links(heading(html, "Title")) == ["?sort=-title&q=r"]
    assert links(heading(html, "Score")) == ["?sort=-score&q=r"]


def test_the_table_is_announced_and_its_rows_are_headed_by_their_title(cast, edition):
    html = text(cast.committee, edition)
    assert f'<caption class="vh">Corporate: risks and opportunities, {Q2.label}</caption>' in html
    assert html.count('<th scope="row"') == 4


# Columns ------------------------------------------------------------------------------------------


def test_the_columns_can_be_chosen_and_reference_and_title_stay(cast, edition):
    html = text(cast.committee, edition, columns=["score", "controls"])
    assert re.findall(r'<th scope="col"[^>]*>(?:<a[^>]*>)?(\w+)', html) == [
        "Ref", "Title", "Score", "Controls",
    ]  # fmt: skip
    row = body(html)[0]
    assert row[-1] == "Weekly inspection of bridges"


def test_a_choice_of_no_known_column_shows_the_usual_ones(cast, edition):
    usual = body(text(cast.committee, edition))
    assert body(text(cast.committee, edition, columns="nothing")) == usual


def test_texts_are_read_only_where_they_are_shown(cast, edition):
    client = client_of(cast.committee)
    with CaptureQueriesContext(connection) as captured:
        client.get(edition.url("table"))
    assert not any('"consequences"' in query["sql"] for query in captured)


# Later editions -----------------------------------------------------------------------------------


def test_an_old_table_says_that_there_are_later_editions_and_asks_the_newest_the_same(cast):
    editions = [factories.published(Quarter(2024, number)) for number in (1, 2, 3)]
    factories.edition(Quarter(2024, 4), snapshots=1)
    html = text(cast.manager, editions[0], kind="risk", page="1")
    assert "This is the register as it stood in Q1 2024/25. There are 2 later editions" in html
    assert 'latest is <a href="/registers/corporate/2024-25-q3/table/?kind=risk">Q3 2024/25' in html
    assert "There is a later edition: " in text(cast.committee, editions[1])
    newest = text(cast.manager, editions[2])
    assert "later edition" not in newest, "a draft is no edition that a reader has missed"


# Filters ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "bridges"}, ["CR2"]),
        ({"kind": "opportunity"}, ["CO1"]),
        ({"band": "4"}, ["CR2"]),
        ({"appetite": "above"}, ["CR2"]),
        ({"impact": "3", "likelihood": "3"}, ["CR3"]),
        ({"q": "nothing like it"}, ["No entry fits this filter."]),
    ],
)
def test_the_filter_narrows_the_table(cast, edition, query, found):
    assert references(text(cast.committee, edition, **query)) == found


def test_a_filter_that_means_nothing_says_so_beside_its_field(cast, edition):
    html = text(cast.committee, edition, band="9")
    assert "Showing <b>4</b> of 4 entries" in html
    field = re.search(r'<select name="band".*?</div>', html, re.DOTALL)[0]
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="id_band_error"' in field
    assert '<p class="wrong" id="id_band_error">That is none of the choices.</p>' in field


def test_what_was_typed_is_shown_and_never_run(cast, edition):
    html = text(cast.committee, edition, q='"><script>alert(1)</script>', sort="<b>", columns="<i>")
    assert "<script>alert" not in html
    assert "<b>&quot;" not in html


def test_the_same_question_can_be_put_to_the_edition_before(cast, edition):
    html = text(cast.committee, edition, kind="risk")
    assert f"/registers/corporate/{Q1.slug}/table/?kind=risk" in links(html)


# Pages --------------------------------------------------------------------------------------------


def test_long_registers_have_pages_of_fifty_unless_told(cast):
    draft = factories.edition(Q2)
    factories.many(draft, 120)
    html = text(cast.manager, draft, sort="reference")
    assert "Showing <b>1</b> to <b>50</b> of 120 entries" in html
    assert references(html)[-1] == "CR50"
    assert references(text(cast.manager, draft, sort="reference", page="3"))[0] == "CR101"
    assert len(references(text(cast.manager, draft, per_page="25"))) == 25
    assert len(references(text(cast.manager, draft, per_page="all"))) == 120


@pytest.mark.parametrize(("page", "first"), [("0", "CR101"), ("99", "CR101"), ("x", "CR1")])
def test_a_page_that_is_not_there_is_the_nearest_one(cast, page, first):
    draft = factories.edition(Q2)
    factories.many(draft, 120)
    assert references(text(cast.manager, draft, sort="reference", page=page))[0] == first


def test_the_current_page_is_marked_and_the_others_keep_the_question(cast):
    draft = factories.edition(Q2)
    factories.many(draft, 120)
    html = text(cast.manager, draft, sort="reference", page="2")
    pages = re.search(r'<nav class="pages.*?</nav>', html, re.DOTALL)[0]
    assert 'aria-current="page" href="?sort=reference&amp;page=2"' in pages
    assert links(pages)[0] == "?sort=reference&page=1"


def test_all_is_never_more_than_a_page_can_carry(cast):
    draft = factories.edition(Q2)
    factories.many(draft, 520)
    html = text(cast.manager, draft, per_page="all")
    assert "Showing <b>1</b> to <b>500</b> of 520 entries" in html
    assert len(text(cast.manager, draft)) < 250_000


# Files --------------------------------------------------------------------------------------------


def test_the_file_has_the_rows_the_order_and_the_columns_of_the_screen(cast, edition):
    rows = csv_rows(cast.committee, edition, kind="risk", sort="title", columns=["owner", "score"])
    assert rows == [
        ["Ref", "Title", "Owner", "Score"],
        ["CR10", "Archives", "Director of Finance", "4"],
        ["CR3", "Cyber attack", "Director of Finance", "9"],
        ["CR2", "Roads", "Director of Children's Services", "20"],
    ]


def test_the_file_has_every_page(cast):
    draft = factories.edition(Q2)
    factories.many(draft, 120)
    assert len(csv_rows(cast.manager, draft, per_page="25", page="2")) == 121


def test_the_workbook_has_the_same_rows_with_numbers_and_bands(cast, edition):
    query = {"sort": "reference", "columns": ["score", "since", "controls", "trend", "position"]}
    content = file(cast.committee, edition, "xlsx", **query).content
    book = load_workbook(io.BytesIO(content))
    page = book.worksheets[0]
    headings = ["Ref", "Title", "Score", "Position", "Since Q1", "Last 8 editions", "Controls"]
    assert [cell.value for cell in page[1]] == headings
    controls = "• Weekly inspection\n  • of bridges"
    expected = ["CR2", "Roads", 20, "Major × Certain", "Up 4", "16, 20", controls]
    assert [cell.value for cell in page[2]] == expected
    assert page["C2"].fill.start_color.rgb.endswith("A5352B")
    about = {row[0].value: row[1].value for row in book.worksheets[1].iter_rows()}
    assert about["Edition"] == Q2.label
    assert about["Entries"] == "4 of 4"


def test_a_formula_in_a_title_does_not_run_in_either_file(cast):
    draft = factories.edition(Q2)
    factories.snapshot(draft, title="=HYPERLINK(1)")
    assert csv_rows(cast.manager, draft)[1][1] == "'=HYPERLINK(1)"
    book = load_workbook(io.BytesIO(file(cast.manager, draft, "xlsx").content))
    assert book.worksheets[0]["B2"].value == "'=HYPERLINK(1)"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({}, "corporate-2026-27-q2.csv"),
        ({"sort": "title"}, "corporate-2026-27-q2.csv"),
        ({"band": "4"}, "corporate-2026-27-q2-filtered.csv"),
        ({"band": "9"}, "corporate-2026-27-q2.csv"),
        ({"impact": "4"}, "corporate-2026-27-q2-filtered.csv"),
    ],
)
def test_the_file_is_named_after_what_is_in_it(cast, edition, query, name):
    answer = file(cast.committee, edition, "csv", **query)
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'


def test_a_draft_is_named_a_draft(cast):
    draft = factories.edition(Q2, snapshots=1)
    answer = file(cast.manager, draft, "xlsx")
    assert "corporate-2026-27-q2-draft.xlsx" in answer["Content-Disposition"]
    assert "no-cache" in answer["Cache-Control"]


def test_the_links_to_the_files_repeat_the_question_but_not_the_page(cast, edition):
    html = text(cast.committee, edition, band="4", page="1", per_page="25", columns=["score"])
    assert f"/registers/corporate/{Q2.slug}/table.xlsx?band=4&columns=score" in links(html)


def test_there_is_no_other_kind_of_file(cast, edition):
    assert file(cast.committee, edition, "exe").status_code == 404


# Who sees what ------------------------------------------------------------------------------------


@pytest.fixture
def secret(cast):
    """An edition with an exempt entry, of another post than the one the cast's owner holds."""
    before = factories.edition(Q1)
    entry = place(before, "CR9", 1, 1, exempt=True, exempt_reason="Paragraph 3").entry
    factories.publish(before)
    now = factories.edition(Q2)
    place(now, "CR1", 4, 4, owner=cast.other_post)
    place(
        now, "CR9", 5, 5, entry=entry, title="Secret negotiation", types=["Hidden type"],
        owner=factories.OwnerFactory(name="Hidden owner"),
    )  # fmt: skip
    return factories.publish(now)


@pytest.mark.parametrize("part", ["committee", "owner"])
def test_an_exempt_entry_shows_nowhere_to_people_who_are_not_cleared(cast, secret, part):
    person = getattr(cast, part)
    for query in ({}, {"q": "negotiation"}, {"sort": "since"}, {"columns": "actions"}):
        html = text(person, secret, **query)
        assert "CR9" not in html
        assert "Secret" not in html
        assert "Hidden" not in html
    assert "Showing <b>1</b> of 1 entry" in text(person, secret)
    assert "Above appetite only (1)" in text(person, secret)
    assert len(csv_rows(person, secret)) == 2
    assert b"Secret" not in file(person, secret, "xlsx").content


@pytest.mark.parametrize("part", ["cleared", "manager", "auditor"])
def test_people_who_are_cleared_see_exempt_entries(cast, secret, part):
    person = getattr(cast, part)
    assert references(text(person, secret)) == ["CR9", "CR1"]
    assert len(csv_rows(person, secret)) == 3


def test_a_draft_is_no_such_page_and_no_such_file_to_the_committee(cast):
    draft = factories.edition(Q2, snapshots=1)
    for person in (cast.committee, cast.cleared, cast.owner, cast.nobody):
        assert client_of(person).get(draft.url("table")).status_code == 404
        assert file(person, draft, "csv").status_code == 404
    for person in (cast.manager, cast.auditor):
        assert client_of(person).get(draft.url("table")).status_code == 200


def test_an_owner_sees_and_takes_away_their_own_drafts_only(cast):
    draft = factories.edition(Q2)
    factories.snapshot(draft, "CR1", owner=cast.post)
    factories.snapshot(draft, "CR2", owner=cast.other_post)
    assert references(text(cast.owner, draft)) == ["CR1"]
    assert [row[0] for row in csv_rows(cast.owner, draft)] == ["Ref", "CR1"]


def test_nothing_is_shown_without_login(edition):
    for address in (edition.url("table"), f"{edition.url('table').rstrip('/')}.csv"):
        assert Client().get(address).status_code == 302


# What it costs ------------------------------------------------------------------------------------


def test_a_revisit_is_answered_with_not_modified(cast, edition):
    client = client_of(cast.committee)
    tag = client.get(edition.url("table"), {"sort": "title"})["ETag"]
    again = client.get(edition.url("table"), {"sort": "title"}, headers={"if-none-match": tag})
    assert again.status_code == 304


# In a browser -------------------------------------------------------------------------------------


def test_the_table_is_accessible_at_every_width(new_page, cast, edition):
    page = new_page(cast.committee)
    for query in ("", "?band=9", "?q=nothing", "?columns=controls&columns=position&per_page=25"):
        page.goto(f"{edition.url('table')}{query}")
        page.locator("details.drop > summary").click()
        assert look_over(page) == []


def test_the_filters_can_be_used_with_the_keyboard_alone(new_page, cast, edition):
    page = new_page(cast.committee)
    page.goto(edition.url("table"))

    def tab_to(selector: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
                return
        pytest.fail(f"the Tab key never reaches {selector}")

    tab_to("#id_q")
    page.keyboard.type("roads")
    tab_to("#id_band")
    page.keyboard.press("V")
    tab_to(".filter button")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=roads**")
    assert "band=4" in page.url
    assert page.locator("tbody tr").count() == 1

    tab_to("th .sort")
    page.keyboard.press("Enter")
    page.wait_for_url("**sort=reference**")
    assert "q=roads" in page.url

    tab_to("details.drop > summary")
    page.keyboard.press("Enter")
    tab_to('input[value="band"]')
    page.keyboard.press("Space")
    tab_to("details.drop button")
    page.keyboard.press("Enter")
    page.wait_for_url("**columns=**")
    assert "q=roads" in page.url
    assert "sort=reference" in page.url
    assert page.get_by_role("columnheader", name="Band").count() == 0


def test_focus_is_always_visible_on_the_way_through_the_page(new_page, cast, edition):
    page = new_page(cast.committee)
    page.goto(edition.url("table"))
    for _ in range(30):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            "() => { const s = getComputedStyle(document.activeElement);"
            " return [s.outlineStyle, s.outlineWidth, s.boxShadow]; }"
        )
        assert outline[0] != "none" or outline[2] != "none"
