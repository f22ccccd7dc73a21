"""The heat map as a person reads it: what stands where, what is counted, where it leads."""

from __future__ import annotations

import gzip
import re
from datetime import date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from registers.domain import scale
from registers.domain.quarters import Quarter
from registers.domain.scale import Position
from registers.models import Lineage
from tests import factories
from tests.support import pages
from tests.support.pages import markup

pytestmark = pytest.mark.django_db

Q1, Q2, Q3 = Quarter(2026, 1), Quarter(2026, 2), Quarter(2026, 3)


def get(user, edition, **query):
    client = Client()
    client.force_login(user)
    return client.get(edition.get_absolute_url(), query)


def text(user, edition, **query) -> str:
    response = get(user, edition, **query)
    assert response.status_code == 200
    return markup(response)


def cells(html: str) -> dict[tuple[int, int], str]:
    """The markup of each square, by impact and likelihood."""
    squares = re.findall(r'<td class="cell.*?</td>', html, re.DOTALL)
    assert len(squares) == 25
    places = [(impact, likelihood) for impact in (5, 4, 3, 2, 1) for likelihood in scale.LEVELS]
    return dict(zip(places, squares, strict=True))


def on_grid(html: str) -> dict[str, tuple[int, int]]:
    """Where each reference stands."""
    return {
        reference: place
        for place, square in cells(html).items()
        for reference in re.findall(r'<a class="chip[^>]*>(\w+)', square)
    }


def tray(html: str) -> str:
    found = re.search(r'<section class="tray".*?</section>', html, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[0]) if found else ""


def listed(html: str) -> list[str]:
    """The references of the table twin, in its order."""
    twin = html[html.index('id="tw"') : html.index("</table>", html.index('id="tw"'))]
    return re.findall(r'<span class="chip[^>]*>(\w+)', twin)


def panel(html: str) -> str:
    """The panel of what changed, as words."""
    return " ".join(re.sub(r"<[^>]+>", " ", html[html.index('id="wc"') :]).split())


def place(edition, reference, impact, likelihood, **values):
    return factories.snapshot(
        edition, reference, impact=impact, likelihood=likelihood, **{"order": 0, **values}
    )


# The grid -----------------------------------------------------------------------------------------


def test_every_entry_stands_in_its_square_with_its_number_and_title(cast):
    edition = factories.edition(Q2)
    place(edition, "CR1", 5, 4, title="Balancing the budget")
    place(edition, "CR2", 4, 5)
    place(edition, "CR3", 1, 1)
    html = text(cast.manager, edition)
    assert on_grid(html) == {"CR1": (5, 4), "CR2": (4, 5), "CR3": (1, 1)}
    assert "Balancing the budget" in cells(html)[5, 4]


def test_the_grid_is_a_table_with_words_for_both_axes(cast):
    html = text(cast.manager, factories.edition(Q2, snapshots=1))
    for word in ("Catastrophic", "Insignificant", "Rare", "Certain"):
        assert re.search(rf'<th scope="(row|col)">[^/]*</b>(<span class="w">)?{word}', html)


def test_residual_scores_have_a_grid_of_their_own(cast):
    edition = factories.edition(Q2)
    place(edition, "CR1", 5, 4, residual_impact=2, residual_likelihood=3)
    assert on_grid(text(cast.manager, edition, view="residual")) == {"CR1": (2, 3)}


def test_risks_and_opportunities_are_shown_apart_and_both_counted(cast):
    edition = factories.edition(Q2, snapshots=2)
    factories.opportunity(edition, "CO1", impact=5, likelihood=5)
    html = text(cast.manager, edition, kind="opportunity")
    assert on_grid(html) == {"CO1": (5, 5)}
    assert "Outstanding" in html
    assert "Catastrophic" not in html
    assert re.search(r'Risks <span class="n">2</span>', html)
    assert re.search(r'Opportunities <span class="n">1</span>', html)


@pytest.mark.parametrize("score", scale.SCORES)
def test_a_score_without_a_position_is_never_placed_and_its_squares_are_named(cast, score):
    edition = factories.edition(Q2)
    factories.snapshot(edition, "CR9", **factories.score_only(score))
    html = text(cast.manager, edition)
    assert on_grid(html) == {}
    for position in scale.possible_positions(score):
        assert f"{position.words()} ({position.impact}×{position.likelihood})" in tray(html)
    assert f'data-lights="{score}"' in html


def test_the_stylesheet_lights_the_squares_of_every_score():
    css = Path(settings.BASE_DIR, "static/registers/grid.css").read_text()
    for score in scale.SCORES:
        assert (
            f'[data-lights="{score}"]:is(:hover, :focus-within)) .cell[data-score="{score}"]' in css
        )


def test_an_entry_without_a_score_is_in_the_tray_and_says_so(cast):
    edition = factories.edition(Q2)
    factories.snapshot(edition, "CR9", **factories.score_only(None))
    html = text(cast.manager, edition)
    assert on_grid(html) == {}
    assert "CR9" in tray(html)
    assert "No score recorded" in tray(html)


def test_the_possible_squares_are_marked_only_when_asked_for(cast):
    edition = factories.edition(Q2)
    factories.snapshot(edition, "CR9", **factories.score_only(20))
    assert "may be here" not in text(cast.manager, edition)
    marked = cells(text(cast.manager, edition, ghosts=1))
    assert {at for at, square in marked.items() if "CR9?" in square} == {(4, 5), (5, 4)}


def test_a_chip_says_what_its_score_did_since_the_edition_before(cast):
    before = factories.edition(Q1)
    rose = place(before, "CR1", 3, 4)
    fell = place(before, "CR2", 4, 4)
    factories.publish(before)
    now = factories.edition(Q2)
    place(now, "CR1", 4, 4, entry=rose.entry, title="Rose")
    place(now, "CR2", 3, 4, entry=fell.entry, title="Fell")
    place(now, "CR3", 1, 1, title="Came")
    html = text(cast.manager, now)
    for words in ("Rose, up 4", "Fell, down 4", "Came, new"):
        assert f": {words}</span>" in html


@pytest.mark.parametrize("appetite", [1, 4, 12, 15, 24, 25])
def test_the_appetite_line_separates_what_is_above_it_from_its_neighbours(cast, appetite):
    edition = factories.edition(Q2, snapshots=1, appetite=appetite)
    for (impact, likelihood), square in cells(text(cast.manager, edition)).items():
        above = impact * likelihood > appetite
        left = above and likelihood > 1 and impact * (likelihood - 1) <= appetite
        below = above and impact > 1 and (impact - 1) * likelihood <= appetite
        css = re.search(r'class="(cell[^"]*)"', square)[1].split()
        assert ("ap-l" in css, "ap-b" in css) == (left, below)


def test_opportunities_have_no_appetite_line(cast):
    edition = factories.edition(Q2)
    factories.opportunity(edition)
    html = text(cast.manager, edition, kind="opportunity")
    assert "ap-l" not in html
    assert "Appetite line" not in html


def test_a_crowded_square_shows_the_first_few_and_leads_to_the_rest(cast):
    edition = factories.edition(Q2)
    for number in range(1, 45):
        place(edition, f"CR{number}", 4, 5, order=number)
    square = cells(text(cast.manager, edition))[4, 5]
    assert re.findall(r">(CR\d+)<", square) == [f"CR{number}" for number in range(1, 8)]
    assert "+37 more" in re.sub(r"<[^>]+>", "", square)
    assert square.count("impact=4&amp;likelihood=5") == 2


# Where it leads -----------------------------------------------------------------------------------


def test_a_square_opens_the_list_behind_it_with_the_same_filter(cast):
    edition = factories.edition(Q2)
    place(edition, "CR1", 4, 5, owner=cast.post)
    place(edition, "CR2", 4, 5, owner=cast.other_post)
    place(edition, "CR3", 5, 4, owner=cast.post)
    html = text(cast.manager, edition, owner=cast.post.pk, ghosts=1)
    href = re.search(r'<a class="cs" href="([^"]+)"', cells(html)[4, 5])[1].replace("&amp;", "&")
    assert "ghosts" not in href
    client = Client()
    client.force_login(cast.manager)
    answer = client.get(href)
    assert {row.reference for row in answer.context["filter"].qs} == {"CR1"}


def test_a_square_of_residual_scores_opens_those_with_that_residual_score(cast):
    edition = factories.edition(Q2)
    place(edition, "CR1", 4, 5, residual_impact=2, residual_likelihood=2)
    square = cells(text(cast.manager, edition, view="residual"))[2, 2]
    assert "residual_impact=2&amp;residual_likelihood=2" in square


def test_a_chip_that_changed_its_square_at_the_same_score_shows_it(cast):
    before = factories.edition(Q1)
    first = factories.snapshot(before, "CR1", impact=4, likelihood=3)
    factories.publish(before)
    now = factories.edition(Q2)
    factories.snapshot(now, "CR1", entry=first.entry, impact=3, likelihood=4)
    factories.publish(now)
    html = text(cast.committee, now)
    assert "level, another square" in cells(html)[3, 4]
    assert "Level, another square" in html
    client = Client()
    client.force_login(cast.committee)
    table = markup(client.get(f"{now.get_absolute_url()}table/"))
    assert "Level, another square" in table, "the register says the same"
    assert "The same score, in another square" in html, "the key explains the mark"


def test_an_old_heat_map_says_that_there_are_later_editions_and_leads_to_the_newest(cast):
    editions = [factories.published(Quarter(2024, number)) for number in (1, 2, 3)]
    factories.edition(Quarter(2024, 4), snapshots=1)
    html = text(cast.manager, editions[0], view="residual")
    assert "as it stood in Q1 2024/25. There are 2 later editions" in html
    newest = "/registers/corporate/2024-25-q3/?view=residual"
    assert f'latest is <a href="{newest}">Q3 2024/25' in html
    assert "later edition" not in text(cast.manager, editions[2])


def test_a_chip_leads_to_its_entry_as_of_this_edition(cast):
    edition = factories.edition(Q2)
    entry = place(edition, "CR1", 4, 5).entry
    assert (
        f'href="/entries/{entry.pk}/?edition=2026-27-q2"'
        in cells(text(cast.manager, edition))[4, 5]
    )


def test_the_files_repeat_the_filter_of_the_screen(cast):
    edition = factories.edition(Q2, snapshots=1)
    html = text(cast.manager, edition, q="title", view="residual", kind="risk")
    assert '/registers/corporate/2026-27-q2/table.xlsx?q=title&amp;kind=risk"' in html
    assert '/registers/corporate/2026-27-q2/table.csv?q=title&amp;kind=risk"' in html


# Filters ------------------------------------------------------------------------------------------


@pytest.fixture
def filtered(cast):
    """CR1 matches every filter below, CR2 none of them."""
    edition = factories.edition(Q2)
    place(edition, "CR1", 4, 5, owner=cast.post, types=["People"], controls="Weekly zebra counts")
    place(edition, "CR2", 2, 3, owner=cast.other_post, types=["Economic"])
    return edition


@pytest.mark.parametrize(
    "query",
    [
        {"q": "ZEBRA weekly"},
        {"band": "4"},
        {"appetite": "above"},
        {"impact": "4", "likelihood": "5"},
        {"type": "People"},
        {"owner": "Director of Children's Services"},
    ],
    ids=lambda query: next(iter(query)),
)
def test_a_filter_narrows_grid_table_and_counts_alike(cast, filtered, query):
    query = dict(query)
    if "type" in query:
        query["type"] = factories.TypeFactory(name=query["type"]).pk
    if "owner" in query:
        query["owner"] = cast.post.pk
    html = text(cast.manager, filtered, **query)
    assert set(on_grid(html)) == {"CR1"}
    assert listed(html) == ["CR1"]
    assert "entry: 1 risk, 0 opportunities 1" in panel(html)
    assert re.search(r'Risks <span class="n">1</span>', html)


def test_a_filter_finds_words_in_actions_and_strands(cast):
    edition = factories.edition(Q2)
    factories.ActionFactory(snapshot=place(edition, "CR1", 4, 5), text="Hire a beekeeper")
    factories.StrandFactory(snapshot=place(edition, "CR2", 4, 5), commentary="A beekeeper left")
    place(edition, "CR3", 4, 5)
    assert set(on_grid(text(cast.manager, edition, q="beekeeper"))) == {"CR1", "CR2"}


def test_a_filter_that_finds_nothing_says_so_and_offers_everything(cast, filtered):
    html = text(cast.manager, filtered, q="unicorn")
    assert "No risks match this filter" in html
    assert "Show everything" in html


def test_a_filter_that_means_nothing_is_left_out_and_named(cast, filtered):
    html = text(cast.manager, filtered, band="9", impact="77")
    assert set(on_grid(html)) == {"CR1", "CR2"}
    assert "could not be understood" in html


def test_an_owner_who_is_not_in_this_edition_finds_nothing_and_stays_chosen(cast, filtered):
    nobody_here = factories.OwnerFactory(name="Director of Elsewhere")
    html = text(cast.manager, filtered, owner=nobody_here.pk)
    assert on_grid(html) == {}
    assert "Director of Elsewhere" not in html
    assert "No longer in this edition" in html


def test_the_choices_of_a_filter_name_no_owner_and_no_type_that_the_reader_may_not_see(cast):
    edition = factories.edition(Q2, snapshots=1)
    factories.snapshot(
        edition,
        "CR9",
        owner=factories.OwnerFactory(name="Director of Secrets"),
        types=["Reputational secret"],
        exempt=True,
        exempt_reason="Paragraph 3",
    )
    factories.publish(edition)
    assert "Director of Secrets" in text(cast.cleared, edition)
    for words in ("Director of Secrets", "Reputational secret"):
        assert words not in text(cast.committee, edition)


# What changed -------------------------------------------------------------------------------------


@pytest.fixture
def two_quarters(cast):
    """Between Q1 and Q2: CR1 rose, CR2 fell, CR3 closed, CR4 gone, CR5 renumbered, CR6 new."""
    before = factories.edition(Q1)
    first = {
        reference: place(before, reference, 3, 4, order=order, title=f"Entry {reference}")
        for order, reference in enumerate(("CR1", "CR2", "CR3", "CR4", "CR5"))
    }
    factories.publish(before)
    now = factories.edition(Q2)
    place(now, "CR1", 4, 4, entry=first["CR1"].entry, direction="level", commentary="Costs rose.")
    place(now, "CR2", 2, 4, entry=first["CR2"].entry, direction="down")
    place(now, "CR7", 3, 4, entry=first["CR5"].entry)
    place(now, "CR6", 5, 5)
    Lineage.objects.create(
        entry=first["CR3"].entry, kind="closed", edition=now, reason="The grant ended."
    )
    return factories.publish(now)


def test_the_panel_counts_what_rose_fell_came_and_went(cast, two_quarters):
    words = panel(text(cast.committee, two_quarters))
    for figure in (
        "risk rose: worse 1",
        "risk fell: better 1",
        "new entry 1",
        "closed or absent 2",
    ):
        assert figure in words
    assert "risks above appetite 2 of 4" in words


def test_the_panel_gives_reasons_and_what_the_owner_says_against_the_scores(cast, two_quarters):
    words = panel(text(cast.committee, two_quarters))
    assert "Costs rose. The owner reports “Level”." in words
    assert "The owner reports “Down”" not in words
    assert "Closed. The grant ended." in words
    assert "Absent without a stated closure" in words
    assert "was CR5" in words


def test_the_panel_follows_the_filter_for_what_is_gone_too(cast, two_quarters):
    words = panel(text(cast.committee, two_quarters, q="CR4"))
    assert "Entry CR4" in words
    assert "Entry CR3" not in words


def test_the_first_edition_has_nothing_to_compare_with(cast):
    edition = factories.published(Q1, snapshots=2)
    html = text(cast.committee, edition)
    assert "nothing to compare it with" in panel(html)
    assert "Since Q" not in html


def test_the_edition_before_may_be_quarters_ago_and_is_named(cast):
    factories.published(Quarter(2024, 3), snapshots=1)
    assert "Changed since Q3 2024/25" in panel(text(cast.committee, factories.published(Q2)))


# Movement -----------------------------------------------------------------------------------------


def test_movement_draws_an_arrow_for_each_entry_that_changed_squares(cast, two_quarters):
    html = text(cast.committee, two_quarters, view="movement")
    assert html.count('class="arr ') == 2
    assert "from 12 (Moderate × Likely) to 16 (Major × Likely)" in html
    assert "new at 25 (Catastrophic × Certain)" in html
    assert "CR7" in html


def test_movement_is_drawn_from_any_edition_and_can_be_gone_through_step_by_step(cast):
    entry = None
    for quarter, likelihood in ((Quarter(2026, 1), 2), (Quarter(2026, 2), 3), (Q3, 4)):
        edition = factories.edition(quarter)
        more = {"entry": entry} if entry else {}
        entry = place(edition, "CR1", 4, likelihood, **more).entry
        factories.publish(edition)
    assert "from 12 (Major × Possible) to 16" in text(cast.committee, edition, view="movement")
    html = text(cast.committee, edition, view="movement", since="2026-27-q1")
    assert "from 8 (Major × Unlikely) to 16 (Major × Likely)" in html
    assert '<option value="2026-27-q1" selected>Q1 2026/27</option>' in html
    steps = re.search(r'aria-label="Movement edition by edition".*?</nav>', html).group()
    assert pages.words(steps).endswith("Step by step: Q2 2026/27 Q3 2026/27")
    assert "since=" not in steps
    # What is no edition before this one is left out, as any choice that can't be.
    assert "from 12 (" in text(cast.committee, edition, view="movement", since="2031-32-q1")


def test_movement_can_lead_to_the_residual_score(cast, two_quarters):
    html = text(cast.committee, two_quarters, view="movement", to="residual")
    assert html.count('class="arr ') == 4
    assert "from 25 (Catastrophic × Certain) to 9 (Moderate × Possible)" in html


def test_an_entry_without_a_position_is_named_and_not_drawn(cast):
    edition = factories.edition(Q2, snapshots=1)
    factories.snapshot(edition, "CR9", **factories.score_only())
    html = text(cast.manager, edition, view="movement", to="residual")
    assert "Not drawn, because a position is missing: CR9." in html


# The quarters -------------------------------------------------------------------------------------


def test_the_rail_shows_every_quarter_with_its_numbers_and_marks_the_gaps(cast):
    first = factories.edition(Quarter(2025, 4), snapshots=1)
    place(first, "CR9", 1, 2)
    factories.publish(first)
    last = factories.published(Q2, snapshots=3)
    html = text(cast.committee, last, view="residual")
    assert "Q4 2025/26: 2 risks, 1 above appetite" in html
    assert "Q1 2026/27: no edition was published" in html
    assert "Q2 2026/27: 3 risks, 3 above appetite" in html
    assert 'href="/registers/corporate/2025-26-q4/?view=residual"' in html
    assert "Dashed: no edition that quarter." in html


def test_the_rail_names_no_draft_to_people_who_may_not_read_it(cast):
    published = factories.published(Q1)
    factories.edition(Q2, snapshots=1)
    assert "2026-27-q2" not in text(cast.committee, published)
    assert "Q2 2026/27 (draft): 1 risk" in text(cast.auditor, published)


# Who sees what ------------------------------------------------------------------------------------


def test_an_exempt_entry_is_neither_shown_nor_counted_for_people_who_are_not_cleared(cast):
    edition = factories.edition(Q2, snapshots=1)
    place(edition, "CR9", 5, 5, title="A secret", exempt=True, exempt_reason="Paragraph 3")
    factories.publish(edition)
    cleared, public = text(cast.cleared, edition), text(cast.committee, edition)
    assert "A secret" in cleared
    assert "Q2 2026/27: 2 risks, 2 above appetite" in cleared
    assert "A secret" not in public
    assert "CR9" not in public
    assert "Q2 2026/27: 1 risk, 1 above appetite" in public
    assert "entries: 1 risk" not in public


def test_an_entry_whose_exemption_was_lifted_is_not_called_new(cast):
    """What it was a quarter ago stays hidden; that it was there is no secret any more."""
    before = factories.edition(Quarter(2026, 1), snapshots=1)
    secret = place(before, "CR9", 5, 5, exempt=True, exempt_reason="Paragraph 3")
    factories.publish(before)
    secret.entry.exempt, secret.entry.exempt_reason = False, ""
    secret.entry.save()
    now = factories.edition(Q2, snapshots=0)
    for one in before.snapshots.all():
        place(now, one.reference, 3, 3, entry=one.entry, title=one.title)
    factories.publish(now)
    for view in ("score", "movement"):
        page = text(cast.committee, now, view=view)
        assert "CR9" in page
        assert re.search(r"new entries</dt><dd><a[^>]*>0</a>", page)
        assert "new at" not in page
        assert not re.search(r">\s*New\s*<", page)
    assert "Score not known" in get_table(cast.committee, now)
    assert "Down 16" in text(cast.cleared, now)


def get_table(user, edition) -> str:
    client = Client()
    client.force_login(user)
    return client.get(edition.url("table")).content.decode()


def test_a_draft_says_so_and_is_not_kept(cast):
    edition = factories.edition(
        Q2, snapshots=1, deadline=datetime(2026, 11, 6, 17, tzinfo=timezone.get_current_timezone())
    )
    response = get(cast.manager, edition)
    assert "Draft, open edition" in markup(response)
    assert "their deadline is 6 November 2026" in markup(response)
    assert "ETag" not in response


def test_an_owner_sees_of_a_draft_their_own_entries_only(cast):
    published = factories.edition(Q1)
    others = place(published, "CR3", 4, 4, owner=cast.other_post, title="Ended by another")
    factories.publish(published)
    edition = factories.edition(Q2)
    place(edition, "CR1", 4, 5, owner=cast.post)
    place(edition, "CR2", 5, 5, owner=cast.other_post, title="Somebody else's draft")
    Lineage.objects.create(entry=others.entry, kind="closed", edition=edition, reason="Secret yet.")
    html = text(cast.owner, edition)
    assert set(on_grid(html)) == {"CR1"}
    assert "You see your own entries only" in html
    for words in ("Somebody else's draft", "Ended by another", "Secret yet"):
        assert words not in html


@pytest.mark.parametrize("part", ["committee", "cleared", "former", "nobody"])
def test_a_draft_is_no_such_page_to_people_without_entries_in_it(cast, part):
    edition = factories.edition(Q2)
    place(edition, "CR1", 4, 5, owner=cast.post)
    assert get(getattr(cast, part), edition).status_code == 404


# The page -----------------------------------------------------------------------------------------


def test_the_head_names_the_committee_and_its_day_as_they_are_written_here(cast):
    register = factories.register(committee="Audit, Risk and Governance Committee")
    edition = factories.edition(Q3, snapshots=1, register=register, committee_on=date(2027, 1, 26))
    html = text(cast.committee, factories.publish(edition))
    assert "<h1>Risks and opportunities, Q3 2026/27</h1>" in html
    over = re.search(r'<p class="over">(.*?)</p>', html, re.DOTALL)[1].strip()
    assert over == "Published edition · Audit, Risk and Governance Committee, 26 January 2027"


def test_the_registers_are_offered_where_there_are_several(cast):
    edition = factories.published(Q2)
    assert 'aria-label="Registers"' not in text(cast.committee, edition)
    schools = factories.register("schools")
    factories.published(Q1, register=schools)
    factories.edition(Q2, register=factories.register("secret-drafts"))
    cache.clear()
    html = text(cast.committee, edition)
    assert 'href="/registers/schools/"' in html
    assert "secret-drafts" not in html


def test_the_navigation_stays_in_the_register_and_the_edition(cast):
    factories.published(Q3)
    schools = factories.published(Q1, register=factories.register("schools"))
    html = text(cast.committee, schools)
    for page in ("table/", "changes/"):
        assert f'href="/registers/schools/2026-27-q1/{page}"' in html


def test_the_table_twin_has_the_same_entries_highest_score_first(cast):
    edition = factories.edition(Q2)
    place(edition, "CR1", 2, 2, order=1)
    place(edition, "CR2", 5, 5, order=2)
    factories.snapshot(edition, "CR3", **factories.score_only(12), order=3)
    factories.snapshot(edition, "CR4", **factories.score_only(None), order=4)
    assert listed(text(cast.manager, edition)) == ["CR2", "CR3", "CR1", "CR4"]


def test_a_revisit_of_a_published_edition_is_answered_with_not_modified(cast):
    edition = factories.published(Q2)
    client = Client()
    client.force_login(cast.committee)
    tag = client.get(edition.get_absolute_url())["ETag"]
    again = client.get(edition.get_absolute_url(), headers={"if-none-match": tag})
    assert again.status_code == 304


# What it costs ------------------------------------------------------------------------------------


def test_two_thousand_entries_still_make_a_light_page(cast):
    edition = factories.edition(Q2)
    factories.many(edition, 2_000, each=factories.on_the_grid)
    for query in ({}, {"ghosts": "1"}, {"view": "movement", "to": "residual"}):
        page = get(cast.manager, edition, **query).content
        assert len(page) < 300_000
        assert len(gzip.compress(page)) < 30_000


def test_the_first_load_of_everything_is_under_100_kilobytes_compressed(cast):
    edition = factories.edition(Q2)
    factories.many(edition, 400, each=factories.on_the_grid)
    page = get(cast.committee, factories.publish(edition)).content
    parts = set(re.findall(rb'(?:href|src)="/static/([^"]+)"', page))
    assert len(parts) >= 4
    files = [Path(settings.BASE_DIR, "static", part.decode()).read_bytes() for part in parts]
    assert sum(len(gzip.compress(content)) for content in [page, *files]) <= 100_000


def test_an_entry_may_stand_in_any_square(cast):
    edition = factories.edition(Q2)
    for number, position in enumerate(scale.CELLS, start=1):
        place(edition, f"CR{number}", position.impact, position.likelihood)
    html = text(cast.manager, edition)
    assert {Position(*at) for at in on_grid(html).values()} == set(scale.CELLS)
