"""The form of an entry in an edition: what is sent is what is kept, and refusals are sentences."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registers.models import Action, Direction, Progress, Register, Snapshot
from tests import factories
from tests.admin.conftest import Book, url_of
from tests.admin.filled import client, problems, read, send
from tests.support.pages import markup

pytestmark = pytest.mark.django_db


def save(book: Book, part: str = "owner", **changes: object):
    """CR1 of the open edition, as this person saves it, with room for one more action."""
    url = f"{url_of(book.draft())}?add=actions"
    return send(client(getattr(book.cast, part)), url, **changes)


# Scores -------------------------------------------------------------------------------------------


def test_a_chosen_square_sets_impact_likelihood_and_score_together(book):
    assert save(book, current="2x3", residual="1x3").status_code == 302
    draft = book.draft()
    assert (draft.impact, draft.likelihood, draft.score) == (2, 3, 6)
    assert (draft.residual_impact, draft.residual_likelihood, draft.residual_score) == (1, 3, 3)


def test_a_score_whose_square_is_not_known_stands_alone(book):
    save(book, "manager", current="unknown", current_score="20")
    draft = book.draft()
    assert (draft.position, draft.score) == (None, 20)


def test_a_score_that_fits_one_square_only_is_placed_on_it(book):
    save(book, "manager", current="unknown", current_score="25")
    assert book.draft().position.words() == "Catastrophic × Certain"


def test_a_score_can_be_taken_away_altogether(book):
    save(book, "manager", residual="unknown", residual_score="")
    draft = book.draft()
    assert (draft.residual_position, draft.residual_score) == (None, None)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"current": "6x1"}, "Choose one of the 25 squares."),
        ({"current": "over there"}, "Choose one of the 25 squares."),
        ({"current": "unknown", "current_score": "7"}, "A score is two levels from 1 to 5"),
        ({"current": "unknown", "current_score": "lots"}, "A score is two levels from 1 to 5"),
    ],
)
def test_what_is_no_square_and_no_score_is_refused_at_the_grid(sent, sentence, book):
    page = save(book, "manager", **sent)
    assert sentence in problems(page)["id_current_0"]
    assert page.content.decode().count("<title>Error: ") == 1
    assert book.draft().score == 20


def test_an_owner_is_offered_not_known_only_where_the_square_is_not_known(book):
    def offered(reference: str) -> bool:
        page = client(book.cast.owner).get(url_of(book.draft(reference)))
        return 'name="current_score"' in page.content.decode()

    assert not offered("CR1")
    draft = book.draft("CO1")
    draft.impact = draft.likelihood = None
    draft.save()
    assert offered("CO1")
    assert read(client(book.cast.owner).get(url_of(draft)))["current"] == ["unknown"]


def test_the_grid_marks_where_the_entry_stood_and_the_appetite_that_holds_for_it(book):
    page = markup(client(book.cast.owner).get(url_of(book.draft())))
    assert page.count('<span class="was-mark">Q3</span>') == 2
    assert "impact 4 Major, likelihood 5 Certain, the Q3 position" in page
    assert "Major × Certain = 20, Very high, above appetite" in page
    assert "appetite, 12" in page


def test_an_opportunity_is_asked_for_in_its_own_words(book):
    page = client(book.cast.owner).get(url_of(book.draft("CO1"))).content.decode()
    for words in ("Possible benefits", "Progress to date", "Maximising actions", "Outstanding"):
        assert words in page
    assert "above appetite" not in page
    assert "Up: getting better" in page


def test_the_inherent_score_is_asked_for_where_the_register_records_it(book):
    def asked() -> bool:
        page = client(book.cast.owner).get(url_of(book.draft()))
        return 'name="inherent"' in page.content.decode()

    assert not asked()
    Register.objects.update(uses_inherent_score=True)
    assert asked()
    save(book, inherent="5x5")
    assert book.draft().inherent_score == 25


# Text ---------------------------------------------------------------------------------------------


def test_text_is_put_in_order_as_it_is_saved(book):
    save(book, consequences="• One\r\n\r\n\t- below\r\n¶ Plain", commentary="Said.\n- A point")
    draft = book.draft()
    assert draft.consequences == "One\n  - below\n¶ Plain"
    assert draft.commentary == "Said.\n• A point"


def test_a_box_that_never_arrived_was_not_emptied(book):
    save(book, consequences=None, actions__0__text=None, commentary="All the same.")
    draft = book.draft()
    assert draft.consequences == "Services stop\n  - in winter first\nCosts rise"
    assert sorted(action.text for action in draft.actions.all()) == ["Recruit", "Train"]
    assert draft.commentary == "All the same."


def test_saving_what_stands_there_changes_no_word(book):
    before = book.draft()
    save(book)
    after = book.draft()
    for column in ("title", "description", "consequences", "controls", "score", "owner"):
        assert getattr(after, column) == getattr(before, column)


def test_last_quarter_s_text_stands_beside_this_quarter_s(book):
    page = client(book.cast.owner).get(url_of(book.draft())).content.decode()
    assert "In Q3 2026/27: Level" in page
    assert page.count("same as now") == 3
    assert "<li>Services stop<ul><li>in winter first</li></ul></li>" in page


def test_a_first_edition_has_nothing_beside_it(book):
    fresh = factories.snapshot(book.open, "CR7", owner=book.cast.post)
    page = client(book.cast.owner).get(url_of(fresh)).content.decode()
    assert "data-beside" not in page
    assert "was-mark" not in page


# Actions and parts --------------------------------------------------------------------------------


def test_actions_are_changed_added_and_removed_with_the_entry(book):
    factories.ActionFactory(snapshot=book.draft(), text="A slip of the pen", order=3)
    save(
        book,
        actions__0__status="done",
        actions__0__completed_on="2027-01-26",
        actions__2__DELETE="on",
        actions__3__text="Retain",
        actions__3__due="2027-06-30",
    )
    kept, _, new = book.draft().actions.all()
    assert (kept.text, kept.status, str(kept.completed_on)) == ("Recruit", "done", "2027-01-26")
    assert kept.key == book.printed().actions.first().key
    assert (new.text, str(new.due)) == ("Retain", "2027-06-30")
    assert kept.changed_by == new.changed_by == book.cast.owner


def test_every_line_of_the_trail_names_who_did_it(book):
    factories.ActionFactory(snapshot=book.draft(), text="A slip of the pen", order=3)
    save(book, actions__0__text="Recruit well", actions__2__DELETE="on", title="Another title")
    draft = book.draft()
    assert draft.changed_by == book.cast.owner
    assert draft.history.first().history_user == book.cast.owner
    lines = Action.history.filter(snapshot=draft.pk, history_type__in="~-")
    assert {(line.history_type, line.history_user) for line in lines} == {
        ("~", book.cast.owner),
        ("-", book.cast.owner),
    }


def test_rows_that_nobody_touched_get_no_line_in_the_trail(book):
    save(book, title="Another title")
    assert not Action.history.filter(snapshot=book.draft().pk, history_type="~").exists()


def test_an_action_of_another_entry_is_not_reached_through_this_one(book):
    other = factories.ActionFactory(snapshot=book.draft("CR2"), text="Not yours")
    save(book, actions__0__id=str(other.pk), actions__0__text="Mine now")
    other.refresh_from_db()
    assert (other.text, other.snapshot) == ("Not yours", book.draft("CR2"))
    assert not Action.objects.filter(text="Mine now").exists()


def test_the_manager_adds_a_numbered_part_without_script(book):
    sent = save(book, "manager", _addrow="strands")
    assert sent["Location"] == "?add=strands#strands-group"
    browser, url = client(book.cast.manager), url_of(book.draft())
    saved = send(
        browser,
        f"{url}?add=strands",
        strands__0__number="1",
        strands__0__title="Funding",
        strands__0__consequences="a\n  - b",
        strands__0__types=[str(book.draft().types.first().pk)],
    )
    assert saved.status_code == 302
    part = book.draft().strands.get()
    assert (part.heading, part.consequences) == ("1. Funding", "a\n  - b")
    assert part.types.get() == book.draft().types.first()
    # An action can then belong to it.
    save(book, actions__0__strand=str(part.pk))
    assert book.draft().actions.first().strand == part


# Refusals -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"reference": "CR2"}, "id_reference", "Another entry of this edition has this reference."),
        ({"title": " "}, "id_title", "This can’t be left empty."),
        ({"owner": "Nobody at all"}, "id_owner", "No post or body is called “Nobody at all”."),
        ({"owner": "Director of"}, "id_owner", "can mean more than one"),
        ({"residual_by": "soon"}, "id_residual_by", "Write a day between 1990"),
        ({"direction": "sideways"}, "id_direction_0", "Select a valid choice."),
        (
            {"actions__0__completed_on": "2027-01-26"},
            "id_actions-0-completed_on",
            "An action completed on a day has the status Done.",
        ),
        ({"actions__1__text": ""}, "id_actions-1-text", "This can’t be left empty."),
        ({"actions__0__target_impact": "9"}, "id_actions-0-target_impact", "less than or equal"),
    ],
)
def test_what_is_refused_stands_at_its_field_and_in_the_summary(sent, field, sentence, book):
    page = save(book, "manager", **sent)
    assert page.status_code == 200
    assert sentence in problems(page)[field]
    text = page.content.decode()
    assert f'id="{field}"' in text
    assert "<title>Error: Update CR" in text
    assert book.draft().version == 0


def test_an_owner_is_found_by_name_part_of_it_or_alias(book):
    book.cast.other_post.aliases.create(text="S151 officer")
    for written in ("Director of Finance", "finance", "s151 OFFICER"):
        save(book, "manager", owner=book.cast.post.name)
        save(book, "manager", owner=written)
        assert book.draft().owner == book.cast.other_post
    save(book, "manager", owner="", owner_text="CMT and the Chief Executive")
    assert (book.draft().owner, book.draft().owner_text) == (None, "CMT and the Chief Executive")


def test_a_type_that_is_no_longer_in_use_stays_where_it_was_and_is_not_offered_elsewhere(book):
    old = book.draft().types.first()
    old.valid_to = "2020-01-01"
    old.save()
    assert old.name in client(book.cast.owner).get(url_of(book.draft())).content.decode()
    save(book)
    assert old in book.draft().types.all()
    assert old.name not in client(book.cast.owner).get(url_of(book.draft("CO1"))).content.decode()


def test_saving_is_a_draft_of_the_owner_and_leaves_the_managers_progress_alone(book):
    save(book)
    assert book.draft().progress == Progress.DRAFT
    row = book.draft()
    row.progress = Progress.SUBMITTED
    row.save()
    save(book, "manager", title="Moderated")
    assert book.draft().progress == Progress.SUBMITTED


# Adding -------------------------------------------------------------------------------------------


def test_the_manager_adds_a_risk_or_an_opportunity_in_two_steps(book):
    browser = client(book.cast.manager)
    page = send(
        browser,
        "/admin/registers/snapshot/add/?kind=opportunity",
        title="Sharing a depot",
        owner="finance",
    )
    added = book.open.snapshots.get(title="Sharing a depot")
    assert page["Location"] == url_of(added)
    assert (added.reference, added.entry.kind, added.owner) == (
        "CO2",
        "opportunity",
        book.cast.other_post,
    )
    assert (added.direction, added.order) == (Direction.NEW, 4)
    assert added.changed_by == added.entry.changed_by == book.cast.manager


# What it costs ------------------------------------------------------------------------------------


def test_the_list_and_the_form_cost_the_same_however_many_entries_and_editions_there_are(book):
    def cost(part: str, url: str) -> int:
        browser = client(getattr(book.cast, part))
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(url).status_code == 200
        return len(asked)

    urls = [
        ("manager", "/admin/registers/snapshot/"),
        ("owner", "/admin/registers/snapshot/"),
        ("manager", url_of(book.draft())),
        ("owner", url_of(book.draft())),
        ("manager", "/admin/registers/entry/"),
        ("manager", "/admin/registers/owner/"),
        ("manager", "/admin/registers/user/"),
        ("manager", f"/admin/registers/snapshot/{book.draft().pk}/history/"),
    ]
    # Read once a process, by whichever page comes first.
    ContentType.objects.get_for_model(Snapshot)
    few = [cost(*one) for one in urls]
    for number in range(20):
        factories.snapshot(book.open, f"CR{number + 20}", owner=book.cast.post)
        factories.ActionFactory(snapshot=book.draft(), text=f"Step {number}")
        factories.TenureFactory()
    for year in range(2010, 2016):
        factories.published(
            book.published.quarter - (2026 - year) * 4, snapshots=2, state="in_review"
        )
    many = [cost(*one) for one in urls]
    assert many == few
    assert max(few) <= 26


def test_saving_costs_few_queries_however_many_entries_there_are(book):
    def cost() -> int:
        browser, draft = client(book.cast.owner), book.draft()
        fields = read(browser.get(url_of(draft)))
        with CaptureQueriesContext(connection) as asked:
            assert browser.post(url_of(draft), {**fields, "title": "Other"}).status_code == 302
        return len(asked)

    few = cost()
    for number in range(20):
        factories.snapshot(book.open, f"CR{number + 20}", owner=book.cast.post)
    assert cost() == few <= 25


def test_a_save_bumps_no_published_page_because_it_changes_none(book):
    before = Register.objects.get().stamp
    save(book, title="Another title")
    assert Register.objects.get().stamp == before


def test_the_list_is_searched_and_filtered(book):
    browser = client(book.cast.manager)

    def listed(query: str) -> set[str]:
        rows = browser.get(f"/admin/registers/snapshot/?{query}").context["cl"].result_list
        return {f"{row.reference} {row.edition.quarter.short}" for row in rows}

    assert listed("state=drafts") == {"CR1 Q4", "CR2 Q4", "CO1 Q4"}
    assert listed("state=published&kind=opportunity") == {"CO1 Q3"}
    assert listed("q=CR2&progress=to_update&register=corporate") == {"CR2 Q4"}
    assert listed("q=nothing+like+it") == set()
    assert Snapshot.objects.count() == 6
