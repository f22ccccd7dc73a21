"""Two editions compared as a person reads it: what is counted, what is said, to whom."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client

from registers.domain import scale
from registers.domain.quarters import Quarter
from registers.models import Edition, Lineage, Reissue, Snapshot, State
from registers.reading.comparisons import compared, in_full
from registers.reading.wording import differing
from tests import factories
from tests.browser import look_over
from tests.support.pages import markup

pytestmark = pytest.mark.django_db

Q1, Q2, Q3 = Quarter(2026, 1), Quarter(2026, 2), Quarter(2026, 3)


def get(user, edition: Edition, **query):
    client = Client()
    client.force_login(user)
    return client.get(edition.url("changes"), query)


def text(user, edition: Edition, **query) -> str:
    response = get(user, edition, **query)
    assert response.status_code == 200
    return markup(response)


def plain(html: str) -> str:
    html = re.sub(r'<span class="(?:vh|sub only-small)">.*?</span>', "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def figures(html: str) -> dict[str, int]:
    found = re.findall(r"<dt>(.*?)</dt><dd><a[^>]*>(\d+)</a>", html)
    return {label: int(count) for label, count in found}


def groups(html: str) -> dict[str, list[str]]:
    """The references of each group, those of which nothing changed under 'unchanged'."""
    found = {
        name: re.findall(r'<td class="tight"><a class="chip[^>]*>(\w+)', rows)
        for name, rows in re.findall(r'<tbody id="(\w+)">(.*?)</tbody>', html, re.DOTALL)
    }
    if folded := re.search(r"<details.*?</details>", html, re.DOTALL):
        found["unchanged"] = re.findall(r'<td class="tight"><a class="chip[^>]*>(\w+)', folded[0])
    return found


def row(html: str, reference: str) -> str:
    """One entry in words."""
    for found in re.findall(r'<tr><td class="tight">.*?</tr>', html, re.DOTALL):
        if re.search(rf">{reference}<", found):
            return plain(found)
    raise AssertionError(f"no row for {reference}")


def place(edition, reference, impact=4, likelihood=4, **values) -> Snapshot:
    kind = scale.OPPORTUNITY if reference.startswith("CO") else scale.RISK
    owner = values.pop("owner", None) or factories.OwnerFactory(name="Director of Place")
    return factories.snapshot(
        edition, reference, kind=kind, impact=impact, likelihood=likelihood, owner=owner, **values
    )


def again(edition: Edition, before: Snapshot, reference: str = "", **values) -> Snapshot:
    """The same entry in another edition, with nothing changed but what is given."""
    return place(
        edition,
        reference or before.reference,
        **{
            "entry": before.entry,
            "impact": before.impact,
            "likelihood": before.likelihood,
            "title": before.title,
            "owner": before.owner,
            **values,
        },
    )


@pytest.fixture
def two(cast):
    """Q1 and Q2, with one entry for each thing that can happen."""
    before = factories.edition(Q1)
    old = {
        name: place(before, name)
        for name in ("CR1", "CR2", "CR3", "CR4", "CR5", "CR6", "CR7", "CO1", "CO2")
    }
    old["CR8"] = place(before, "CR8", None, None, score=None)
    factories.publish(before)
    now = factories.edition(Q2)
    again(now, old["CR1"], likelihood=5, controls="A weekly review by the board")
    again(now, old["CR2"], impact=3)
    again(now, old["CR3"], "CR30")
    again(now, old["CR4"])
    again(now, old["CR7"], owner=cast.post, title="Renamed")
    again(now, old["CR8"], impact=2, likelihood=2)
    again(now, old["CO1"], likelihood=5)
    again(now, old["CO2"], likelihood=3)
    place(now, "CR9", 3, 3)
    Lineage.objects.create(
        entry=old["CR5"].entry,
        kind=Lineage.Statement.MERGED,
        other=old["CR4"].entry,
        edition=now,
        reason="One programme now.",
    )
    return before, factories.publish(now)


# What is counted ----------------------------------------------------------------------------------


def test_every_entry_is_counted_once_and_the_figures_add_up(cast, two):
    html = text(cast.committee, two[1])
    counts = figures(html)
    assert counts == {
        "risk rose": 1,
        "opportunity shrank": 1,
        "new": 1,
        "absent, no closure stated": 1,
        "score not known": 1,
        "risk fell": 1,
        "opportunity grew": 1,
        "closed": 1,
        "same score": 3,
    }
    assert sum(counts.values()) == 11
    assert "the 11 entries of either edition: 10 in Q1, 9 in Q2 2026/27" in plain(html)
    said = re.search(r"Whatever their score did, (.*?)\.", plain(html))[1]
    assert (
        said.strip()
        == "1 renumbered , 2 reworded , none with other actions, 1 passed to another owner"
    )


def test_the_groups_stand_in_order_of_concern_and_hold_what_the_figures_count(cast, two):
    assert groups(text(cast.committee, two[1])) == {
        "rose": ["CR1"],
        "shrank": ["CO2"],
        "new": ["CR9"],
        "absent": ["CR6"],
        "unknown": ["CR8"],
        "fell": ["CR2"],
        "grew": ["CO1"],
        "closed": ["CR5"],
        "same": ["CR30", "CR7"],
        "unchanged": ["CR4"],
    }


def test_a_figure_leads_to_the_entries_it_counts(cast, two):
    html = text(cast.committee, two[1])
    assert 'href="?show=rose#entries"' in html
    assert groups(text(cast.committee, two[1], show="rose")) == {"rose": ["CR1"]}
    assert groups(text(cast.committee, two[1], show="renumbered")) == {"same": ["CR30"]}
    assert groups(text(cast.committee, two[1], show="owner")) == {"same": ["CR7"]}
    assert figures(text(cast.committee, two[1], show="rose")) == figures(html)


# What is said -------------------------------------------------------------------------------------


def test_a_row_says_what_changed_and_by_how_many_words(cast, two):
    html = text(cast.committee, two[1])
    assert row(html, "CR1").endswith("Likelihood Likely → Certain. 1 word added, 1 removed")
    assert "Impact Major → Moderate." in row(html, "CR2")
    assert "Was CR3 in Q1." in row(html, "CR30")
    assert "Was called “Title of CR7”. Owner was Director of Place." in row(html, "CR7")
    assert row(html, "CR8").endswith("Position not recorded → Minor × Unlikely. Score none → 4.")
    assert row(html, "CR4").endswith("Nothing changed")
    assert row(html, "CR9").endswith("First published this quarter.")
    assert row(html, "CR5").endswith("Last published in Q1. Merged into CR4: One programme now.")
    assert row(html, "CR6").endswith("Last published in Q1. Nobody has stated why it is gone.")


def test_the_words_lead_to_the_difference_on_the_page_of_the_entry(cast, two):
    after = two[1]
    entry = after.snapshots.get(reference="CR1").entry_id
    address = f"/entries/{entry}/?edition={Q2.slug}&amp;from={Q1.slug}&amp;to={Q2.slug}#history"
    assert f'<a href="{address}">1 word added, 1 removed</a>' in text(cast.committee, after)


def test_what_is_gone_is_read_as_of_the_edition_that_still_had_it(cast, two):
    before, after = two
    entry = before.snapshots.get(reference="CR6").entry_id
    assert f'href="/entries/{entry}/?edition={Q1.slug}"' in text(cast.committee, after)


def test_an_entry_that_comes_back_is_not_called_first_published(cast):
    first = factories.edition(Q1)
    came_back = place(first, "CR1")
    factories.publish(first)
    factories.published(Q2)
    third = factories.edition(Q3)
    again(third, came_back)
    factories.publish(third)
    html = text(cast.committee, third)
    said = "In the register before, first in Q1 2026/27; not in Q2."
    assert row(html, "CR1").endswith(said)


def test_an_entry_that_came_in_between_says_when(cast):
    factories.published(Q1)
    second = factories.edition(Q2)
    fresh = place(second, "CR2")
    factories.publish(second)
    third = factories.edition(Q3)
    again(third, fresh)
    factories.publish(third)
    assert row(text(cast.committee, third, since=Q1.slug), "CR2").endswith("First in Q2 2026/27.")


# What counts as reworded --------------------------------------------------------------------------


HIRE = uuid4()


def action(snapshot, **values):
    said = {"key": HIRE, "text": "Hire", "due": None, **values}
    return factories.ActionFactory(snapshot=snapshot, **said)


def done(snapshot, **values):
    return action(snapshot, status="done", **values)


def strand(snapshot, types=(), **values):
    row = factories.StrandFactory(snapshot=snapshot, **{"number": 1, "title": "Funding", **values})
    row.types.set([factories.TypeFactory(name=name) for name in types])
    return row


def nothing(snapshot):
    """As it was made."""


def text_changed(snapshot):
    snapshot.controls = "New"
    snapshot.save()


def legal(snapshot):
    snapshot.types.add(factories.TypeFactory(name="Legal"))


# What was done to the earlier snapshot, and to the later.
CHANGES = {
    "a text": (nothing, text_changed),
    "an action added": (nothing, action),
    "an action gone": (action, nothing),
    "an action's text": (action, lambda row: action(row, text="Hire more")),
    "an action's date": (action, lambda row: action(row, due=date(2027, 1, 1))),
    "an action's status": (action, lambda row: action(row, status="done")),
    "an action's lead": (action, lambda row: action(row, lead="Head of HR")),
    "an action open again": (done, action),
    "a type added": (nothing, legal),
    "a type gone": (legal, nothing),
    "a strand added": (nothing, strand),
    "a strand's text": (strand, lambda row: strand(row, controls="New")),
    "a strand's type": (strand, lambda row: strand(row, types=["Legal"])),
    "a strand's type gone": (lambda row: strand(row, types=["Legal"]), strand),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_written_differently_counts_as_reworded_or_as_other_actions(change):
    then, now = CHANGES[change]
    before = factories.edition(Q1, state=State.IN_REVIEW)
    row = place(before, "CR1")
    then(row)
    after = factories.edition(Q2)
    now(again(after, row))
    of_actions = {row.entry_id} if "action" in change else set()
    assert differing(before, after) == ({row.entry_id} - of_actions, of_actions)
    # The database calls different what the one comparer does.
    (full,) = in_full([row.entry_id], before, after).values()
    assert (full.reworded, full.actions_changed) == (not of_actions, bool(of_actions))


@pytest.mark.parametrize(
    ("then", "now"),
    [(done, nothing), (done, lambda row: done(row, due=date(2027, 1, 1)))],
    ids=["gone", "at another date"],
)
def test_what_was_done_before_is_no_news(then, now):
    before = factories.edition(Q1, state=State.IN_REVIEW)
    row = place(before, "CR1")
    then(row)
    after = factories.edition(Q2)
    now(again(after, row))
    assert differing(before, after) == (set(), set())
    (full,) = in_full([row.entry_id], before, after).values()
    assert not full.actions_changed


def test_the_same_again_is_not_reworded():
    before = factories.edition(Q1, state=State.IN_REVIEW)
    after = factories.edition(Q2)
    row = place(before, "CR1", types=["Legal"])
    copy = again(after, row, types=["Legal"], reference="CR2", likelihood=1)
    hire, train = uuid4(), uuid4()
    for one in (row, copy):
        action(one, key=hire, text="Hire")
        action(one, key=train, text="Train", due=date(2027, 1, 1), status="done")
        strand(one, types=["People"], controls="Weekly")
    assert differing(before, after) == (set(), set())
    (full,) = in_full([row.entry_id], before, after).values()
    assert not full.reworded
    assert not full.actions_changed


# Which editions -----------------------------------------------------------------------------------


def test_the_edition_before_is_compared_unless_another_is_asked_for(cast, two):
    html = text(cast.committee, two[1])
    assert "What changed between Q1 and Q2 2026/27" in html
    assert re.search(rf'<option value="{Q1.slug}" selected>', html)


def test_years_are_named_where_the_editions_are_of_different_years(cast):
    factories.published(Quarter(2025, 4))
    later = factories.published(Q1)
    assert "What changed between Q4 2025/26 and Q1 2026/27" in text(cast.committee, later)


@pytest.mark.parametrize(
    ("query", "leads_to"),
    [
        ({"since": Q3.slug}, f"/registers/corporate/{Q3.slug}/changes/?since={Q2.slug}"),
        (
            {"since": Q1.slug, "to": Q3.slug, "kind": "opportunity"},
            f"/registers/corporate/{Q3.slug}/changes/?since={Q1.slug}&kind=opportunity",
        ),
        (
            {"since": Q3.slug, "to": Q1.slug},
            f"/registers/corporate/{Q3.slug}/changes/?since={Q1.slug}",
        ),
    ],
)
def test_choosing_two_editions_in_any_order_leads_to_the_later_one(cast, query, leads_to):
    editions = [factories.published(quarter) for quarter in (Q1, Q2, Q3)]
    answer = get(cast.committee, editions[1], **query)
    assert answer.status_code == 302
    assert answer["Location"] == leads_to


def test_the_same_edition_twice_is_compared_with_the_one_before(cast):
    editions = [factories.published(quarter) for quarter in (Q1, Q2)]
    assert "between Q1 and Q2" in text(cast.committee, editions[1], since=Q2.slug)
    assert "between Q1 and Q2" in text(cast.committee, editions[1], since=Q2.slug, to=Q2.slug)


def test_the_first_edition_says_that_there_is_nothing_to_compare(cast):
    first = factories.published(Q1)
    assert "is the first edition of the register" in text(cast.committee, first)


@pytest.mark.parametrize("since", ["2020-21-q1", "nonsense", "0"])
def test_an_edition_that_is_not_there_is_not_found(cast, two, since):
    assert get(cast.committee, two[1], since=since).status_code == 404


@pytest.mark.parametrize(
    ("since", "told"),
    [
        (Q2, "One quarter follows the other."),
        (Q1, "1 quarter lies between the two."),
        (Quarter(2025, 4), "2 quarters lie between the two."),
    ],
)
def test_it_says_how_many_quarters_lie_between(cast, since, told):
    factories.published(since)
    assert told in plain(text(cast.committee, factories.published(Q3)))


def test_a_draft_can_be_neither_chosen_nor_named_by_the_committee(cast, two):
    draft = factories.edition(Q3, snapshots=1)
    assert get(cast.committee, draft).status_code == 404
    assert get(cast.committee, two[1], to=Q3.slug).status_code == 404
    assert Q3.slug not in text(cast.committee, two[1])
    assert "Q3 2026/27, draft" in text(cast.manager, two[1])
    assert "A draft compared" in text(cast.manager, draft)


# Who sees what ------------------------------------------------------------------------------------


def secrets(cast) -> Edition:
    """An exempt entry rose, one came, one went; a public entry was merged into the first."""
    exempt = {"exempt": True, "exempt_reason": "Paragraph 3", "title": "Secret negotiation"}
    before = factories.edition(Q1)
    rose, went = place(before, "CR6", **exempt), place(before, "CR7", **exempt)
    merged = place(before, "CR1")
    factories.publish(before)
    now = factories.edition(Q2)
    again(now, rose, likelihood=5)
    place(now, "CR8", **exempt)
    place(now, "CR2")
    for entry, other in ((merged.entry, rose.entry), (went.entry, rose.entry)):
        Lineage.objects.create(
            entry=entry, other=other, kind="merged_into", edition=now, reason="Secret negotiation"
        )
    return factories.publish(now)


def test_a_merger_names_the_other_entry_though_that_has_ended_since(cast):
    first = factories.edition(Q1)
    merged, into, stays = (place(first, reference) for reference in ("CR1", "CR2", "CR3"))
    factories.publish(first)
    second = factories.edition(Q2)
    again(second, into)
    again(second, stays)
    Lineage.objects.create(
        entry=merged.entry, kind="merged_into", other=into.entry, edition=second, reason="As one."
    )
    factories.publish(second)
    third = factories.edition(Q2.next)
    again(third, stays)
    Lineage.objects.create(entry=into.entry, kind="closed", edition=third, reason="Built.")
    factories.publish(third)
    assert "Merged into CR2: As one" in plain(text(cast.committee, third, since=Q1.slug))


@pytest.mark.parametrize("part", ["committee", "owner"])
def test_exempt_entries_are_neither_shown_nor_counted_nor_hinted_at(cast, part):
    edition = secrets(cast)
    html = text(getattr(cast, part), edition)
    assert groups(html) == {"new": ["CR2"], "closed": ["CR1"]}
    assert sum(figures(html).values()) == 2
    assert "the 2 entries of either edition: 1 in Q1, 1 in Q2" in plain(html)
    assert "Secret" not in html
    assert not re.search(r"CR[678]", html)


def test_people_who_are_cleared_see_them(cast):
    html = text(cast.cleared, secrets(cast))
    assert groups(html) == {"rose": ["CR6"], "new": ["CR8", "CR2"], "closed": ["CR7", "CR1"]}
    assert row(html, "CR1").endswith("Merged into CR6: Secret negotiation.")


def test_an_entry_that_one_edition_hides_has_neither_come_nor_gone(cast):
    """Exempt entries are read by those who own them; ownership passes on."""
    exempt = {"exempt": True, "exempt_reason": "Paragraph 3"}
    before = factories.edition(Q1)
    passed_on = place(before, "CR1", owner=cast.post, **exempt)
    taken_over = place(before, "CR2", owner=cast.other_post, **exempt)
    factories.publish(before)
    now = factories.edition(Q2)
    again(now, passed_on, owner=cast.other_post)
    again(now, taken_over, owner=cast.post)
    factories.publish(now)
    for person in (cast.owner, cast.other_owner, cast.committee):
        assert compared(before, now, person).changes.total == 0
    assert compared(before, now, cast.cleared).changes.total == 2


def test_an_owner_compares_their_own_draft_and_learns_nothing_of_the_others(cast):
    before = factories.edition(Q1)
    mine = place(before, "CR1", owner=cast.post)
    gone = place(before, "CR2", owner=cast.post)
    theirs = place(before, "CR3", owner=cast.other_post)
    place(before, "CR4", owner=cast.other_post)
    factories.publish(before)
    draft = factories.edition(Q2)
    again(draft, mine, likelihood=5)
    again(draft, theirs, likelihood=5)
    place(draft, "CR5", owner=cast.other_post)
    Lineage.objects.create(entry=gone.entry, kind="closed", edition=draft, reason="Done")
    html = text(cast.owner, draft)
    assert groups(html) == {"rose": ["CR1"], "closed": ["CR2"]}
    assert compared(before, draft, cast.manager).changes.total == 5


def test_a_comparison_with_an_edition_that_is_corrected_is_not_kept(cast):
    before, after = factories.published(Q1), factories.published(Q2)
    Reissue.objects.create(edition=before, issue=1, reason="A wrong score")
    before.state = State.IN_REVIEW
    before.save()
    shown = text(cast.manager, after, since=Q1.slug)
    before.snapshots.update(title="Corrected title")
    assert "Corrected title" in text(cast.manager, after, since=Q1.slug)
    assert "Corrected title" not in shown


def test_nothing_is_shown_without_login(two):
    assert Client().get(two[1].url("changes")).status_code == 302


# The grids ----------------------------------------------------------------------------------------


def test_both_grids_outline_what_moved_came_or_went(cast, two):
    html = text(cast.committee, two[1])
    before, after = re.findall(r'<table class="matrix">.*?</table>', html, re.DOTALL)
    outlined = r'<a class="chip is-moved"[^>]*>(\w+)'
    assert sorted(re.findall(outlined, before)) == ["CR1", "CR2", "CR5", "CR6"]
    assert sorted(re.findall(outlined, after)) == ["CR1", "CR2", "CR9"]
    assert "Not drawn, because no position is recorded: CR8 (no score)." in plain(html)


def test_the_grids_can_show_opportunities(cast, two):
    html = text(cast.committee, two[1], kind="opportunity")
    assert "2 opportunities" in plain(html)
    grids = re.findall(r'<table class="matrix">.*?</table>', html, re.DOTALL)
    assert all(re.findall(r'<a class="chip chip-opp[^>]*>(\w+)', grid) for grid in grids)


# What it costs ------------------------------------------------------------------------------------


def test_two_thousand_entries_come_in_pages_and_still_add_up(cast):
    before = factories.edition(Q1)
    factories.many(before, 2_000, likelihood=5, controls="A review every month")
    factories.publish(before)
    edition = factories.edition(Q2)
    factories.many(edition, 2_000, before=before, likelihood=4, controls="A review every week")
    place(edition, "CR9999")
    factories.publish(edition)
    html = text(cast.committee, edition)
    assert figures(html)["risks fell"] == 2_000
    assert len(html) < 300_000
    listed = [reference for rows in groups(html).values() for reference in rows]
    assert len(listed) == 50
    assert listed[0] == "CR9999"
    last = groups(text(cast.committee, edition, page="41"))
    assert last == {"fell": ["CR2000"]}


def test_a_revisit_is_answered_with_not_modified(cast, two):
    client = Client()
    client.force_login(cast.committee)
    tag = client.get(two[1].url("changes"))["ETag"]
    again_ = client.get(two[1].url("changes"), headers={"if-none-match": tag})
    assert again_.status_code == 304


# In a browser -------------------------------------------------------------------------------------


def test_the_comparison_is_accessible_at_every_width(new_page, cast, two):
    page = new_page(cast.committee)
    for query in ("", "?show=renumbered&kind=opportunity"):
        page.goto(f"{two[1].url('changes')}{query}")
        assert look_over(page) == []


def test_two_editions_are_chosen_and_the_unchanged_opened_with_the_keyboard_alone(
    new_page, cast, two
):
    page = new_page(cast.committee)
    page.goto(two[1].url("changes"))

    def tab_to(selector: str) -> None:
        for _ in range(120):
            page.keyboard.press("Tab")
            if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
                return
        pytest.fail(f"the Tab key never reaches {selector}")

    tab_to("details.unchanged > summary")
    page.keyboard.press("Enter")
    assert page.locator("details.unchanged table").is_visible()
    page.reload()
    tab_to("#to")
    page.keyboard.press("ArrowDown")
    tab_to("form button")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{Q1.slug}/changes/**")
    assert "is the first edition of the register" in page.locator("main").inner_text()
