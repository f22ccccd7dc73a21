"""The page of one entry, as of any edition; and what it never tells whom."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registers.domain.quarters import Quarter
from registers.models import Edition, Lineage, Snapshot, State, User
from registers.reading import entries as dossier
from tests import factories
from tests.browser import look_over
from tests.support.pages import markup

pytestmark = pytest.mark.django_db

START = Quarter(2024, 1)


def history_of(entry=None, *, editions: int, start: Quarter = START, **values):
    """Published editions in a row, each with the entry; the entry, and the editions."""
    made = []
    for place in range(editions):
        edition = factories.EditionFactory(quarter=start + place, state=State.IN_REVIEW)
        row = factories.snapshot(
            edition, "CR1", order=1, **({"entry": entry} if entry else {}), **values
        )
        entry = row.entry
        made.append(edition)
    return entry, [factories.publish(edition) for edition in made]


def get(client, user, entry, status: int = 200, page: str = "entry", **query) -> str:
    client.force_login(user)
    pk = entry if isinstance(entry, int) else entry.pk
    response = client.get(reverse(page, args=[pk]), query)
    assert response.status_code == status
    return text_of(markup(response))


def text_of(html: str) -> str:
    """What a reader reads, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("&nbsp;", " ").split())


# As of an edition ---------------------------------------------------------------------------------


def test_the_latest_published_edition_is_shown_unless_another_is_asked_for(client, cast):
    entry, _ = history_of(editions=3)
    assert "Full entry, Q3 2024/25" in get(client, cast.committee, entry)
    old = get(client, cast.committee, entry, edition="2024-25-q1")
    assert "Full entry, Q1 2024/25" in old
    assert "There are 2 later editions" in old


def test_an_old_edition_tells_only_what_was_known_then(client, cast):
    entry, editions = history_of(editions=1, controls="A first control")
    later = factories.EditionFactory(quarter=START + 1)
    factories.snapshot(later, "CR9", entry=entry, controls="A later control", impact=5)
    factories.publish(later)
    page = get(client, cast.committee, entry, edition=editions[0].quarter.slug)
    assert "A first control" in page
    assert "Score and residual over 1 quarter" in page
    assert "no edition" not in page


def test_the_four_figures_and_the_flags_stand_at_the_top(client, cast):
    first = factories.EditionFactory(quarter=START, state=State.IN_REVIEW)
    row = factories.snapshot(first, "CR1", impact=4, likelihood=4)
    second = factories.EditionFactory(quarter=START + 1)
    factories.snapshot(second, "CR1", entry=row.entry, impact=4, likelihood=5, direction="level")
    factories.publish(first)
    factories.publish(second)
    page = get(client, cast.committee, row.entry)
    assert "Up 4 from 16 in Q1 2024/25" in page
    assert "Expected by 31 March 2027" in page
    assert "+8 Above appetite in every edition 2 of 2 editions" in page
    assert "Says Level, but the score rose" in page
    assert "The score rose by 4" in page


def test_an_opportunity_speaks_in_its_own_words(client, cast):
    edition = factories.EditionFactory()
    row = factories.opportunity(edition)
    factories.publish(edition)
    page = get(client, cast.committee, row.entry)
    for words in ("Opportunity score", "Possible benefits", "Maximising actions"):
        assert words in page
    assert "appetite" not in page


def test_the_neighbours_in_the_table_and_in_time_are_a_link_away(client, cast):
    edition = factories.published(START, snapshots=3)
    middle = Snapshot.objects.get(edition=edition, reference="CR2")
    client.force_login(cast.committee)
    html = markup(client.get(reverse("entry", args=[middle.entry_id])))
    for reference in ("CR1", "CR3"):
        other = Snapshot.objects.get(edition=edition, reference=reference)
        assert f'href="/entries/{other.entry_id}/?edition=2024-25-q1"' in html


def test_an_earlier_number_is_told(client, cast):
    entry, _ = history_of(editions=1)
    later = factories.EditionFactory(quarter=START + 1)
    factories.snapshot(later, "CR7", entry=entry)
    factories.publish(later)
    assert "CR1 until Q1 2024/25" in get(client, cast.committee, entry)


def test_strands_have_their_own_lead_types_texts_and_actions(client, cast):
    edition = factories.EditionFactory()
    row = factories.snapshot(edition, "CR1", controls="", consequences="")
    strand = factories.StrandFactory(
        snapshot=row, number=1, title="Funding", lead="Head of Finance", controls="Monthly rota"
    )
    strand.types.set([factories.TypeFactory(name="Financial")])
    factories.ActionFactory(snapshot=row, strand=strand, text="Close the gap", lead="Treasurer")
    factories.publish(edition)
    page = get(client, cast.committee, row.entry)
    assert "1. Funding Head of Finance Financial" in page
    assert "Monthly rota" in page
    assert "Close the gap" in page


def test_what_the_source_did_not_have_is_not_called_blank(client, cast):
    edition = factories.EditionFactory()
    row = factories.snapshot(
        edition,
        "CR1",
        **factories.score_only(16),
        controls="",
        consequences="",
        printed={"score": "16 (Major/possible)", "controls": ""},
    )
    factories.publish(edition)
    page = get(client, cast.committee, row.entry)
    assert "Current controls Left blank" in page
    assert "Possible consequences Not in the source document" in page
    assert "Printed as “16 (Major/possible)”" in page


def test_nothing_an_owner_writes_becomes_part_of_the_page(client, cast):
    edition = factories.EditionFactory()
    nasty = "<script>alert(1)</script>"
    row = factories.snapshot(
        edition, "CR1", title=nasty, controls=nasty, commentary=nasty, owner_text=nasty
    )
    factories.ActionFactory(snapshot=row, text=nasty, lead=nasty)
    factories.publish(edition)
    client.force_login(cast.committee)
    html = markup(client.get(reverse("entry", args=[row.entry_id])))
    assert nasty not in html
    assert "style=" not in html


# Word by word -------------------------------------------------------------------------------------


def two_editions():
    entry, _ = history_of(editions=1, controls="A monthly review by the board")
    later = factories.EditionFactory(quarter=START + 1)
    factories.snapshot(later, "CR1", entry=entry, controls="A weekly review by the board")
    factories.publish(later)
    return entry


def test_what_changed_since_the_edition_before_is_shown_word_by_word(client, cast):
    entry = two_editions()
    client.force_login(cast.committee)
    html = markup(client.get(reverse("entry", args=[entry.pk])))
    assert "A <del>monthly</del> <ins>weekly</ins> review by the board" in html
    assert "Current controls 1 word added, 1 removed" in text_of(html)
    assert "No change The same in both, word for word" in text_of(html)


def test_any_two_editions_can_be_compared_in_either_order(client, cast):
    entry, _ = history_of(editions=4)
    page = get(client, cast.committee, entry, **{"from": "2024-25-q4", "to": "2024-25-q2"})
    assert "Q2 2024/25 (CR1) compared with Q4 2024/25 (CR1)" in page
    one = get(client, cast.committee, entry, section="controls")
    assert "Current controls No change" in one


@pytest.mark.parametrize(
    "query",
    [
        {"edition": "2024-25-q9"},
        {"edition": "2031-32-q1"},
        {"from": "x"},
        {"to": "2031-32-q1"},
        {"section": "no-such"},
    ],
)
def test_what_does_not_exist_is_not_found(client, cast, query):
    entry, _ = history_of(editions=2)
    get(client, cast.committee, entry, status=404, **query)


# What became of it --------------------------------------------------------------------------------


def merged(other_exempt: bool = False):
    entry, _ = history_of(editions=1)
    later = factories.EditionFactory(quarter=START + 1)
    values = {"exempt": True, "exempt_reason": "Paragraph 3"} if other_exempt else {}
    other = factories.snapshot(later, "CR2", title="The whole of it", **values)
    Lineage.objects.create(
        entry=entry, kind="merged_into", other=other.entry, edition=later, reason="One team."
    )
    factories.publish(later)
    return entry, other.entry


def test_lineage_is_told_from_both_sides(client, cast):
    entry, other = merged()
    page = get(client, cast.committee, entry)
    assert "Merged into CR2 The whole of it , from Q2 2024/25. One team." in page
    assert "last in Q1 2024/25, absent since Q2 2024/25" in page
    assert "Joined by CR1" in get(client, cast.committee, other)


def test_lineage_with_an_entry_that_the_reader_may_not_see_is_not_told(client, cast):
    entry, _ = merged(other_exempt=True)
    page = get(client, cast.committee, entry)
    assert "Merged" not in page
    assert "One team" not in page
    assert "Merged into CR2" in get(client, cast.cleared, entry)


# Who may see it -----------------------------------------------------------------------------------


def test_an_exempt_entry_does_not_exist_for_who_is_not_cleared(client, cast):
    edition = factories.EditionFactory()
    row = factories.snapshot(edition, "CR1", exempt=True, exempt_reason="Paragraph 3")
    factories.publish(edition)
    hidden = get(client, cast.committee, row.entry, status=404)
    assert hidden == get(client, cast.committee, 999_999, status=404)
    for person in (cast.cleared, cast.manager, cast.auditor):
        assert "Exempt: Paragraph 3" in get(client, person, row.entry)


def draft_after_a_published_edition(cast):
    """Two published editions of an entry, and a draft of the third quarter."""
    entry, _ = history_of(editions=2, owner=cast.post)
    draft = factories.EditionFactory(quarter=START + 2)
    factories.snapshot(draft, "CR1", entry=entry, owner=cast.post, title="Not yet public")
    return entry


def test_a_draft_is_read_by_its_owner_the_manager_and_the_auditor_only(client, cast):
    entry = draft_after_a_published_edition(cast)
    asked = {"edition": (START + 2).slug}
    for person in (cast.owner, cast.delegate, cast.manager, cast.auditor):
        assert "Not yet public" in get(client, person, entry, **asked)
    for person in (cast.committee, cast.cleared, cast.other_owner, cast.former, cast.nobody):
        get(client, person, entry, status=404, **asked)


def test_a_page_of_a_published_edition_says_nothing_of_a_draft_to_anybody(client, cast):
    entry = draft_after_a_published_edition(cast)
    for person in (cast.committee, cast.owner, cast.manager):
        page = get(client, person, entry)
        assert "Q3 2024/25" not in page
        assert "Not yet public" not in page
        get(client, person, entry, status=404, to=(START + 2).slug)


def test_what_is_kept_for_the_manager_is_not_shown_to_a_member(client, cast):
    entry = draft_after_a_published_edition(cast)
    assert "Who changed what" in get(client, cast.manager, entry)
    assert "Who changed what" not in get(client, cast.committee, entry)
    assert "Who changed what" in get(client, cast.owner, entry)
    assert "Who changed what" not in get(client, cast.other_owner, entry)


def test_nobody_reads_it_without_logging_in(client):
    entry, _ = history_of(editions=1)
    for page in ("entry", "entry-history"):
        assert client.get(reverse(page, args=[entry.pk])).status_code == 302


def test_who_sees_an_exempt_entry_only_where_it_was_theirs_is_not_told_that_it_has_gone(
    client, cast
):
    secret = {"exempt": True, "exempt_reason": "Paragraph 3"}
    entry, _ = history_of(editions=1, owner=cast.post, **secret)
    later = factories.EditionFactory(quarter=START + 1)
    factories.snapshot(later, "CR1", entry=entry, owner=cast.other_post)
    factories.publish(later)
    page = get(client, cast.owner, entry)
    assert "no longer in the register" not in page
    assert "later edition" not in page
    get(client, cast.owner, entry, status=404, edition=later.quarter.slug)


# Who changed what ---------------------------------------------------------------------------------


def test_the_history_tells_who_changed_what_from_what_to_what(client, cast):
    draft = factories.EditionFactory()
    row = factories.snapshot(draft, "CR1", owner=cast.post, types=["Economic"])
    action = factories.ActionFactory(snapshot=row, text="Fit sensors", due=date(2026, 12, 31))
    row.controls = "A weekly review by the board"
    row.likelihood, row.score = 3, 12
    row.changed_by = cast.owner
    row.save()
    action.due = date(2027, 3, 31)
    action.changed_by = cast.owner
    action.save()
    page = get(client, cast.auditor, row.entry, page="entry-history")
    assert f"{cast.owner}" in page
    assert "Controls A monthly weekly review by the board" in page
    assert "Likelihood 5 3" in page
    assert "Action “Fit sensors” changed Due 31 December 2026 31 March 2027" in page


def test_the_history_is_for_managers_auditors_and_the_entry_s_owner(client, cast):
    entry = draft_after_a_published_edition(cast)
    for person in (cast.manager, cast.auditor, cast.owner, cast.delegate):
        get(client, person, entry, page="entry-history")
    for person in (cast.committee, cast.cleared, cast.other_owner, cast.nobody):
        get(client, person, entry, status=404, page="entry-history")


def test_the_history_costs_the_same_however_much_was_done(
    client, cast, django_assert_max_num_queries
):
    draft = factories.EditionFactory()
    row = factories.snapshot(draft, "CR1")
    client.force_login(cast.manager)
    for number in range(5):
        row.title = f"Title {number}"
        row.save()
        factories.ActionFactory(snapshot=row)
    with django_assert_max_num_queries(13):
        client.get(reverse("entry-history", args=[row.entry_id]))


# What it costs ------------------------------------------------------------------------------------


def queries(client, user, entry) -> int:
    """How many queries it takes to make the page, once the process is warm."""
    client.force_login(user)
    client.get(reverse("entry", args=[entry.pk]))
    cache.clear()
    with CaptureQueriesContext(connection) as taken:
        client.get(reverse("entry", args=[entry.pk]))
    return len(taken)


def test_the_page_takes_at_most_16_queries_however_many_editions_there_are(client, cast):
    people = (cast.committee, cast.manager, cast.owner)
    entry, _ = history_of(editions=4, owner=cast.post, types=["Economic"])
    with_few = [queries(client, person, entry) for person in people]
    history_of(entry, editions=36, start=START + 4, owner=cast.post, types=["Economic"])
    assert [queries(client, person, entry) for person in people] == with_few
    assert max(with_few) <= 16


def test_the_paths_of_many_entries_are_read_for_one_price(cast, django_assert_num_queries):
    for place in range(2):
        factories.edition(START + place, state=State.IN_REVIEW)
    first, second = Edition.objects.oldest_first()
    entries = [factories.snapshot(first, f"CR{number}").entry for number in range(1, 6)]
    for number, entry in enumerate(entries, start=1):
        row = factories.snapshot(second, f"CR{number}", entry=entry)
        factories.ActionFactory(snapshot=row, text=f"Action {number}")
    for edition in (first, second):
        factories.publish(edition)
    user = User.objects.with_roles(cast.committee.pk)
    assert user.access.everywhere.reads
    with django_assert_num_queries(6):
        found = dossier.paths(user, second, [entry.pk for entry in entries])
    assert [len(path.stops) for path in found.values()] == [2] * 5
    assert found[entries[2].pk].latest.actions[0].text == "Action 3"
    assert len(dossier.paths(user, first, [entries[0].pk])[entries[0].pk].stops) == 1


def test_a_page_that_is_already_made_reads_only_what_says_who_may_see_it(
    client, cast, django_assert_max_num_queries
):
    entry, _ = history_of(editions=3)
    client.force_login(cast.committee)
    first = client.get(reverse("entry", args=[entry.pk]))
    with django_assert_max_num_queries(3):
        again = client.get(reverse("entry", args=[entry.pk]))
    assert again.content == first.content
    unchanged = client.get(
        reverse("entry", args=[entry.pk]), headers={"if-none-match": first["ETag"]}
    )
    assert unchanged.status_code == 304


# In the browser -----------------------------------------------------------------------------------


@pytest.fixture
def full(transactional_db) -> int:
    """An entry with everything that a page can show."""
    cells = [(5, 3), (4, 4), (5, 4), (4, 4), (3, 5), (4, 4), (4, 5)]
    entry, made = None, []
    for place, (impact, likelihood) in enumerate(cells):
        edition = factories.EditionFactory(quarter=START + place + (place > 3), state="in_review")
        only = {"impact": None, "likelihood": None, "score": 20} if place == 2 else {}
        row = factories.snapshot(
            edition,
            "CR7",
            **({"entry": entry} if entry else {}),
            **{"impact": impact, "likelihood": likelihood, **only},
            direction="level",
            types=["Infrastructure"],
        )
        entry = row.entry
        factories.ActionFactory(snapshot=row, text="Fit sensors", lead="Head of Structures")
        strand = factories.StrandFactory(snapshot=row, number=1, controls="Rota", lead="Treasurer")
        factories.ActionFactory(snapshot=row, strand=strand, text="Close the gap")
        made.append(edition)
    for edition in made:
        factories.publish(edition)
    return entry.pk


def test_axe_finds_nothing_and_nothing_overflows(full, new_page, cast):
    page = new_page(cast.manager)
    for address in (f"/entries/{full}/", f"/entries/{full}/history/"):
        page.goto(address)
        assert look_over(page) == []


def test_two_editions_are_chosen_and_compared_with_the_keyboard(full, new_page, cast):
    page = new_page(cast.committee)
    page.goto(f"/entries/{full}/")
    page.get_by_label("From").focus()
    page.keyboard.press("End")
    page.get_by_role("button", name="Compare").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**from=2024-25-q1**")
    assert "Q1 2024/25 (CR7) compared with Q4 2025/26 (CR7)" in page.inner_text("#history")


def test_it_prints_without_what_only_a_screen_needs(full, new_page, cast):
    page = new_page(cast.committee)
    page.goto(f"/entries/{full}/")
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="Compare").is_visible()
    assert not page.locator(".ways").is_visible()
    assert page.locator("svg.trail").is_visible()


# What is late -------------------------------------------------------------------------------------


@time_machine.travel(datetime(2026, 11, 25, 12, tzinfo=UTC), tick=False)
def test_an_action_is_overdue_from_the_day_after_it_was_due_while_a_quarter_is_open(client, cast):
    edition = factories.EditionFactory(quarter=Quarter(2026, 3))
    row = factories.snapshot(edition, "CR1", residual_by=date(2026, 12, 1))
    factories.ActionFactory(snapshot=row, text="Recruit", due=date(2026, 11, 27))
    assert "Overdue" not in get(client, cast.manager, row.entry)
    assert "(passed)" not in get(client, cast.manager, row.entry)
    with time_machine.travel(datetime(2026, 11, 28, 12, tzinfo=UTC), tick=False):
        assert "Overdue" in get(client, cast.manager, row.entry)


def test_an_action_of_a_published_edition_is_overdue_as_of_the_day_of_the_edition(client, cast):
    edition = factories.EditionFactory(quarter=Quarter(2026, 3), prepared_on=date(2026, 12, 18))
    row = factories.snapshot(edition, "CR1")
    factories.ActionFactory(snapshot=row, text="Recruit", due=date(2026, 12, 18))
    factories.publish(edition)
    assert "Overdue" not in get(client, cast.committee, row.entry), "though years have passed"
