"""A published edition is corrected: issue 2 beside issue 1, both readable, and nothing leaks."""

from __future__ import annotations

import re

import pytest
from django.http import QueryDict

from registers import cycle
from registers.models import Publication
from registers.pages.filters import filter_of
from registers.reading.documents import as_issued as as_issued_edition
from tests import factories
from tests.cycle.conftest import BEFORE, accept_everything, fill_in, find
from tests.quarter.conftest import as_, at, text, told
from tests.support.pages import markup

pytestmark = pytest.mark.django_db

WHY = "CR1 was printed with the score of the quarter before."


@pytest.fixture
def published(council):
    return council.published


@pytest.fixture
def member(cast):
    return as_(cast.committee)


def correct(edition, manager, **values) -> None:
    """Issue 2, in which CR1 says something else."""
    edition = cycle.reissue(edition, by=manager, reason=WHY)
    said = cycle.Draft(values or {"commentary": "The score is corrected."})
    cycle.save_draft(find(edition, "CR1"), said, by=manager)
    cycle.publish(edition, by=manager)


def issue(edition, number: int) -> str:
    return at("issue", edition, number)


def as_issued(edition, number: int, page: str = "heatmap") -> str:
    return f"{edition.url(page)}?issue={number}"


# By the buttons ----------------------------------------------------------------------------------


def test_the_manager_takes_an_edition_back_and_publishes_the_next_issue(manager, published):
    assert "it is issue 2" in text(manager.get(at("cycle-reissue", published)))
    response = manager.post(at("cycle-reissue", published), reason=WHY)
    assert told(response) == [
        "Q1 2026/27 is in review again. Issue 1 stays readable; publish to make issue 2."
    ]
    assert f"because: {WHY}" in text(response)
    assert f"“{WHY}”" in text(manager.get(at("cycle-publish", published)))
    response = manager.post(at("cycle-publish", published))
    assert told(response) == [
        "Q1 2026/27, issue 2, is published and frozen. The committee can read it now."
    ]
    assert Publication.objects.get(edition=published, issue=2).reason == WHY


def test_a_correction_without_a_reason_is_refused(manager, published):
    response = manager.post(at("cycle-reissue", published), reason=" ")
    assert response.status_code == 422
    published.refresh_from_db()
    assert published.is_published


def test_correcting_twice_says_that_it_is_not_published(manager, published):
    for _ in range(2):
        response = manager.post(at("cycle-reissue", published), reason=WHY)
    assert told(response) == ["Q1 2026/27 is not published, so it can simply be changed."]
    assert published.reissues.count() == 1


def test_publishing_is_refused_with_the_entries_that_stand_in_the_way(council, edition, manager):
    assert "Put these right first." in text(manager.get(at("cycle-publish", edition)))
    response = manager.post(at("cycle-publish", edition))
    assert told(response) == ["Not yet accepted: CR1, CR2, CO1. Accept them before publishing."]
    edition.refresh_from_db()
    assert not edition.is_published


def test_publishing_twice_publishes_once(council, edition, manager):
    accept_everything(edition, by=council.manager)
    assert "Publish Q2 2026/27" in text(manager.get(at("cycle-publish", edition)))
    manager.post(at("cycle-publish", edition))
    response = manager.post(at("cycle-publish", edition))
    assert told(response) == [
        "Q2 2026/27 is published already. A correction is a reissue, with a reason."
    ]
    assert Publication.objects.filter(edition=edition).count() == 1


# What the committee reads ------------------------------------------------------------------------


def test_every_page_of_a_corrected_edition_says_when_and_why(council, published, member):
    correct(published, council.manager)
    entry = find(published, "CR1").entry_id
    for address in (
        published.url("heatmap"),
        published.url("table"),
        published.url("changes"),
        f"/entries/{entry}/?edition={BEFORE.slug}",
    ):
        page = member.get(address)
        assert re.search(r"issue 2, corrected on \d+ \w+ \d{4}", text(page)), address
        assert f"Because: {WHY}" in text(page), address
        assert f'href="{issue(published, 1)}"' in markup(page), address


def test_an_edition_that_was_never_corrected_says_nothing_of_it(published, member):
    assert "orrected" not in text(member.get(published.url("heatmap")))


def test_both_issues_are_readable_and_the_second_shows_the_difference(council, published, member):
    correct(published, council.manager)
    first, second = member.get(issue(published, 1)), member.get(issue(published, 2))
    assert "The programme is on time." in text(first)
    assert "As it was first published." in text(first)
    assert "This issue has been corrected since" in text(first)
    assert f"Corrected because: {WHY}" in text(second)
    corrected = text(second).split("What this issue corrected")[1].split("as published")[0]
    assert "CR1" in corrected
    assert "CR2" not in corrected
    assert re.search(r"<ins>[^<]*corrected\.</ins>", markup(second))


def test_an_issue_that_there_is_not_is_not_found(published, member):
    for number in (0, 2, 99):
        assert member.get(issue(published, number)).status_code == 404


def test_only_readers_read_an_issue(cast, published):
    assert as_(cast.nobody).get(issue(published, 1)).status_code == 404


# While the correction is under way ---------------------------------------------------------------


def test_a_reader_is_led_to_the_issue_that_was_published(council, published, member):
    entry = find(published, "CR1").entry_id
    second = factories.published(BEFORE.next, register=published.register)
    cycle.reissue(published, by=council.manager, reason=WHY)
    for page in ("heatmap", "table", "changes"):
        leads = member.client.get(published.url(page))["Location"]
        assert leads == as_issued(published, 1, page)
        said = text(member.get(leads))
        assert "Q1 2026/27 is being corrected" in said
        assert WHY not in said
    assert "The programme is on time." in text(member.get(issue(published, 1)))
    assert member.get(f"/entries/{entry}/?edition={BEFORE.slug}").status_code == 404
    assert member.get(second.url("heatmap")).status_code == 200


def test_an_entry_known_from_another_edition_leads_to_the_issue_too(council, published, member):
    entry = find(published, "CR1").entry
    later = factories.edition(BEFORE.next, register=published.register)
    factories.snapshot(later, "CR1", entry=entry)
    factories.publish(later)
    cycle.reissue(published, by=council.manager, reason=WHY)
    response = member.client.get(f"/entries/{entry.pk}/?edition={BEFORE.slug}")
    assert response["Location"] == issue(published, 1)


def test_an_entry_that_a_published_edition_has_not_is_not_found_all_the_same(
    council, published, member
):
    later = factories.published(BEFORE.next, register=published.register)
    entry = find(published, "CR1").entry_id
    assert member.get(f"/entries/{entry}/?edition={later.quarter.slug}").status_code == 404


def test_the_rail_says_that_a_quarter_is_being_corrected_and_shows_no_gap(
    council, published, member
):
    later = factories.published(BEFORE.next, register=published.register)
    assert "being corrected" not in text(member.get(later.url("heatmap")))
    cycle.reissue(published, by=council.manager, reason=WHY)
    for _ in range(2):  # afresh, and from what is kept
        said = text(member.get(later.url("heatmap")))
        assert "Q1 2026/27: being corrected, as it was published" in said
        assert "no edition was published" not in said
    assert "Q1 2026/27 (draft): 2 risks" in text(as_(council.manager).get(later.url("heatmap")))


def test_the_draft_of_a_correction_is_the_managers_and_says_what_it_is(council, published, manager):
    cycle.reissue(published, by=council.manager, reason=WHY)
    assert "Draft of issue 2" in text(manager.get(published.url("heatmap")))


@pytest.mark.parametrize("part", ["committee", "cleared", "other_owner"])
def test_nobody_else_reads_a_word_of_a_correction_that_is_under_way(council, published, part):
    published = cycle.reissue(published, by=council.manager, reason=WHY)
    said = cycle.Draft({"commentary": "A word of the draft", "title": "A title of the draft"})
    snapshot = cycle.save_draft(find(published, "CR1"), said, by=council.manager)
    person = as_(getattr(council.cast, part))
    for address in (
        "/",
        published.url("heatmap"),
        published.url("table"),
        published.url("table") + "?q=draft",
        published.url("changes"),
        issue(published, 1),
        issue(published, 2),
        f"/entries/{snapshot.entry_id}/",
    ):
        assert "of the draft" not in markup(person.get(address)), address
    export = person.client.get(published.url("table")[:-1] + ".csv")
    assert b"of the draft" not in export.content


def test_a_first_correction_is_no_reason_to_say_that_nothing_was_published(
    council, published, member
):
    cycle.reissue(published, by=council.manager, reason=WHY)
    assert member.client.get("/latest/heatmap/")["Location"] == as_issued(published, 1)
    assert member.client.get("/registers/corporate/")["Location"] == as_issued(published, 1)


@pytest.fixture
def newest(council):
    """Q2, published after Q1: what everybody reads first."""
    edition = factories.edition(BEFORE.next, register=council.register)
    factories.snapshot(edition, "CR1", order=1, impact=3, likelihood=4, owner=council.cast.post)
    factories.snapshot(edition, "CR2", order=2, impact=None, likelihood=None, score=20)
    return factories.publish(edition, by=council.manager)


@pytest.mark.parametrize("part", ["committee", "cleared", "auditor"])
def test_while_the_newest_edition_is_corrected_home_and_latest_are_what_was_published_of_it(
    council, newest, part
):
    cycle.reissue(newest, by=council.manager, reason=WHY)
    person = as_(getattr(council.cast, part))
    for address in ("/", "/latest/heatmap/", "/registers/corporate/"):
        assert person.client.get(address)["Location"] == as_issued(newest, 1), address
    assert person.client.get("/latest/table/")["Location"] == as_issued(newest, 1, "table")
    said = text(person.get("/"))
    assert "Q2 2026/27 is being corrected" in said
    assert "This is the last issue, issue 1, as it was published" in said


def test_the_owner_who_may_read_a_part_of_the_draft_has_the_published_issue_as_the_latest(
    council, newest, owner
):
    cycle.reissue(newest, by=council.manager, reason=WHY)
    assert owner.client.get("/latest/heatmap/")["Location"] == as_issued(newest, 1)


def test_an_old_edition_that_is_corrected_leaves_the_latest_as_it_is(
    council, published, newest, member
):
    cycle.reissue(published, by=council.manager, reason=WHY)
    assert member.client.get("/")["Location"] == newest.url("heatmap")


@pytest.fixture
def corrected(council, newest):
    """Q2 as it is in issue 2, in which CR1 scores 25, has other words and CR3 has come in."""
    edition = cycle.reissue(newest, by=council.manager, reason=WHY)
    said = {"impact": 5, "likelihood": 5, "score": 25, "commentary": "The score is corrected."}
    cycle.save_draft(find(edition, "CR1"), cycle.Draft(said), by=council.manager)
    post, by = council.cast.post, council.manager
    new = cycle.add_entry(edition, kind="risk", title="A new risk", owner=post, by=by)
    square = {"impact": 2, "likelihood": 2, "score": 4}
    residual = {"residual_impact": 1, "residual_likelihood": 1, "residual_score": 1}
    fill_in(new, by=by, **square, **residual)
    cycle.submit(new, by=by, override="As planned.")
    cycle.accept(new, by=by)
    cycle.publish(edition, by=by)
    edition.refresh_from_db()
    return edition


def squares_of(page: str, reference: str) -> list[str]:
    squares = re.findall(r'<td class="cell.*?</td>', page, re.DOTALL)
    return [square for square in squares if f">{reference}" in square]


def test_the_heat_map_of_an_earlier_issue_is_the_live_page_of_its_document(corrected, member):
    entry = find(corrected, "CR1").entry_id
    now = markup(member.get(corrected.url("heatmap")))
    [square] = squares_of(now, "CR1")
    assert 'data-score="25"' in square
    page = markup(member.get(as_issued(corrected, 1)))
    [square] = squares_of(page, "CR1")
    assert 'data-score="12"' in square
    assert f'href="{issue(corrected, 1)}#entry-{entry}"' in square
    assert not squares_of(page, "CR2"), "its square is not known"
    assert "A new risk" in now
    assert "A new risk" not in page
    assert "Published edition, issue 1 " in text(member.get(as_issued(corrected, 1)))
    assert "Issue 1, corrected since" in text(member.get(as_issued(corrected, 1)))


def test_the_table_and_the_files_of_an_earlier_issue_are_those_of_its_document(corrected, member):
    def table(**asked: str) -> str:
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        return text(member.get(f"{corrected.url('table')}?{query}"))

    assert "Showing 2 of 2 entries" in table(issue="1")
    assert "Showing 1 of 2 entries" in table(issue="1", band="3")
    assert "The programme is on time" not in table(issue="1", columns="commentary", q="corrected")
    file = member.client.get(f"{corrected.url('table')[:-1]}.csv?issue=1&columns=score")
    assert "issue-1" in file["Content-Disposition"]
    assert b",12" in file.content
    assert b",25" not in file.content


def test_an_earlier_issue_is_compared_as_it_was_published(council, corrected, member):
    def scores(address: str) -> list[str]:
        squares = squares_of(markup(member.get(address)), "CR1")
        return [re.search(r'data-score="(\d+)"', square)[1] for square in squares]

    assert scores(as_issued(corrected, 1, "changes")) == ["20", "12"]
    assert scores(corrected.url("changes")) == ["20", "25"]
    assert "A new risk" not in text(member.get(as_issued(corrected, 1, "changes")))


def test_the_current_issue_by_its_number_is_the_edition_as_it_is(corrected, member):
    page = markup(member.get(as_issued(corrected, 2)))
    [square] = squares_of(page, "CR1")
    assert 'data-score="25"' in square


@pytest.mark.parametrize("asked", ["0", "3", "x", "99999999999999999999"])
@pytest.mark.parametrize("page", ["heatmap", "table", "changes"])
def test_an_issue_that_there_is_not_has_no_pages(corrected, member, page, asked):
    assert member.get(f"{corrected.url(page)}?issue={asked}").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["", "kind=risk", "band=4", "band=3", "appetite=above", "appetite=within", "q=title", "q=CR2",
     "impact=3&likelihood=4", "placed=no", "residual_placed=no", "q=nothing+like+it"],
)  # fmt: skip
def test_a_filter_leaves_the_same_of_a_document_as_of_its_rows(council, newest, query):
    asked = QueryDict(query)
    publication = newest.publications.get()
    user = council.cast.committee
    live = filter_of(asked, newest, user).contents()
    issued = filter_of(asked, as_issued_edition(publication, user), user).contents()
    assert [one.reference for one in issued] == [one.reference for one in live]


def test_what_is_exempt_shows_in_no_page_of_an_earlier_issue(council, secret, member, cast):
    edition = cycle.reissue(secret, by=council.manager, reason="A correction.")
    cycle.publish(edition, by=council.manager)
    for page in ("heatmap", "table", "changes"):
        said = markup(member.get(as_issued(edition, 1, page)))
        assert "nobody may know" not in said
    cleared = markup(as_(cast.cleared).get(as_issued(edition, 1)))
    assert squares_of(cleared, "CR2")


def test_an_issue_names_who_published_it_as_its_document_does(council, published, member):
    then = str(council.manager)
    council.manager.last_name = "Newname"
    council.manager.save()
    assert f"by {then}" in text(member.get(issue(published, 1)))


def test_correcting_an_old_edition_is_a_quiet_link_that_names_what_it_does_to_readers(
    council, published, newest, manager
):
    council.open(newest.quarter.next)
    page = markup(manager.get("/cycle/corporate/"))
    assert f'<a class="btn btn-s" href="{at("cycle-reissue", newest)}">' in page
    assert f'<a class="fine" href="{at("cycle-reissue", published)}">' in page
    asked = text(manager.get(at("cycle-reissue", published)))
    assert "This is not the newest: 1 edition has been published after it." in asked
    assert "it can’t be compared with" in asked
    published.refresh_from_db()
    assert published.is_published, "it only asks"
    asked = text(manager.get(at("cycle-reissue", newest)))
    assert "Until then issue 1 stays everybody’s latest, as it was published." in asked


# What is exempt ----------------------------------------------------------------------------------


@pytest.fixture
def secret(council):
    """A published edition with CR1 and CR2, of which CR2 is exempt."""
    edition = factories.edition(BEFORE.next, register=council.register)
    factories.snapshot(edition, "CR1", order=1)
    factories.snapshot(
        edition,
        "CR2",
        order=2,
        title="A dispute nobody may know of",
        exempt=True,
        exempt_reason="Schedule 12A, paragraph 3",
    )
    return factories.publish(edition, by=council.manager)


def test_an_issue_leaves_out_what_is_exempt_counts_included(secret, member, cast):
    public = text(member.get(issue(secret, 1)))
    assert "1 risk as published" in public
    assert "nobody may know" not in public
    assert "2 risks as published" in text(as_(cast.cleared).get(issue(secret, 1)))


def test_what_became_exempt_since_is_left_out_of_the_issues_before(council, published, member):
    entry = find(published, "CR2").entry
    entry.exempt, entry.exempt_reason = True, "Schedule 12A, paragraph 3"
    entry.save()
    assert "1 risk as published" in text(member.get(issue(published, 1)))


def test_a_correction_of_what_is_exempt_reads_like_a_correction_of_nothing(
    council, secret, member, cast
):
    secret = cycle.reissue(secret, by=council.manager, reason="A correction.")
    said = cycle.Draft({"commentary": "The dispute is settled."})
    cycle.save_draft(find(secret, "CR2"), said, by=council.manager)
    cycle.publish(secret, by=council.manager)
    said = text(member.get(issue(secret, 2)))
    assert "The entries are stated as before." in said
    assert "settled" not in said
    assert "The dispute is settled." in text(as_(cast.cleared).get(issue(secret, 2)))


# What a hostile reader tried ----------------------------------------------------------------------


@pytest.fixture
def merged(council):
    """Issue 2 of Q2, in which CR1 is merged into the exempt CR2 and CR2 is public since."""
    edition = factories.edition(BEFORE.next, register=council.register)
    factories.snapshot(edition, "CR1", entry=find(council.published, "CR1").entry)
    exempt = {"exempt": True, "exempt_reason": "Schedule 12A, paragraph 3"}
    factories.snapshot(edition, "CR2", title="A dispute nobody may know of", **exempt)
    factories.publish(edition, by=council.manager)
    edition = cycle.reissue(edition, by=council.manager, reason="A merger.")
    one, other = find(edition, "CR1"), find(edition, "CR2")
    cycle.merge_entry(one, into=other, by=council.manager, reason="The dispute covers it.")
    cycle.publish(edition, by=council.manager)
    other.entry.exempt, other.entry.exempt_reason = False, ""
    other.entry.save()
    return edition


def test_what_was_held_back_when_it_was_stated_stays_so_when_the_flag_is_lifted(
    council, merged, member, cast
):
    for address in (merged.url("heatmap"), merged.url("changes")):
        said = text(member.get(address))
        assert "Merged" in said, address
        assert "The dispute covers it" not in said, address
    cycle.reissue(merged, by=council.manager, reason="Again.")
    for page in ("heatmap", "changes"):
        said = text(member.get(as_issued(merged, 2, page)))
        assert "Merged" in said, page
        assert "The dispute covers it" not in said, page


def test_a_post_that_is_not_in_an_issue_leaves_nothing_of_it(council, corrected, member, cast):
    address = f"{corrected.url('table')}?issue=1&owner={cast.other_post.pk}"
    assert "Showing 0 of 2 entries" in text(member.get(address))


def test_a_number_of_a_draft_is_not_found(council, published, newest, member):
    entry = find(newest, "CR1").entry
    edition = cycle.reissue(published, by=council.manager, reason=WHY)
    edition.snapshots.filter(reference="CR1").update(reference="CR99", entry=entry)
    assert "Showing 0 of" in text(member.get(f"{newest.url('table')}?q=CR99"))


def test_a_correction_of_a_detail_is_not_called_the_same(council, published, member):
    edition = cycle.reissue(published, by=council.manager, reason=WHY)
    action = find(edition, "CR1").actions.first()
    action.target_impact, action.target_likelihood = 1, 1
    action.save()
    cycle.publish(edition, by=council.manager)
    said = text(member.get(issue(published, 2)))
    assert "A detail differs" in said
    assert "stated as before" not in said
