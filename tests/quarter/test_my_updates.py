"""My updates: what is due, what was sent back, 'no change', and taking back."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from registers import cycle
from registers.models import Action, Progress
from tests import factories
from tests.cycle.conftest import accept_everything, fill_in, find
from tests.quarter.conftest import as_, submit, text, told

pytestmark = pytest.mark.django_db

HERE = "/my-updates/"


def listed(response) -> list[str]:
    """The references of the list of entries, from the top."""
    html = response.content.decode()
    return re.findall(r'<li>\s*<span><span class="chip[^"]*"[^>]*>(\w+)<', html)


def no_change(edition, reference: str) -> str:
    return reverse("no-change", args=[find(edition, reference).pk])


def take_back(edition, reference: str) -> str:
    return reverse("take-back", args=[find(edition, reference).pk])


def sent_back(edition, reference: str, *, by, manager) -> None:
    submit(edition, reference, by)
    cycle.send_back(find(edition, reference), by=manager, comment="Which action?", tell=False)


# The list -----------------------------------------------------------------------------------------


def test_only_own_entries_are_listed(council, edition, owner):
    assert sorted(listed(owner.get(HERE))) == ["CO1", "CR1"]
    assert listed(as_(council.cast.other_owner).get(HERE)) == ["CR2"]


def test_a_delegate_sees_what_the_holder_sees(council, edition, owner):
    assert listed(as_(council.cast.delegate).get(HERE)) == listed(owner.get(HERE))


def test_who_has_left_the_post_sees_nothing(council, edition):
    said = text(as_(council.cast.former).get(HERE))
    assert "You do not hold a post at the moment" in said
    assert "Title of" not in said


def test_what_was_sent_back_comes_first_with_the_comment(council, edition, owner):
    factories.snapshot(edition, "CR9", order=0, owner=council.cast.post)
    sent_back(edition, "CO1", by=council.owner, manager=council.manager)
    fill_in(find(edition, "CR1"), by=council.owner)
    response = owner.get(HERE)
    assert listed(response) == ["CO1", "CR1", "CR9"]
    assert "Which action?" in text(response)
    assert "Answer and resubmit" in text(response)


def test_what_is_done_comes_last(council, edition, owner):
    submit(edition, "CR1", council.owner)
    assert listed(owner.get(HERE)) == ["CO1", "CR1"]


def test_each_entry_leads_to_its_form(edition, owner):
    for reference in ("CR1", "CO1"):
        address = f"/admin/registers/snapshot/{find(edition, reference).pk}/change/"
        assert f'href="{address}"' in owner.get(HERE).content.decode()


def test_it_shows_what_was_published_last(council, edition, owner):
    said = text(owner.get(HERE))
    assert "Q1 2026/27: 20 residual 9" in said


def test_an_entry_that_is_being_corrected_was_published_all_the_same(council, edition, owner):
    cycle.reissue(council.published, by=council.manager, reason="A wrong score.")
    response = owner.get(HERE)
    assert "New this quarter" not in text(response)
    assert sorted(listed(response)) == ["CO1", "CR1"]


@pytest.mark.parametrize(
    ("days", "sent", "sentence"),
    [
        (9, [], "All two still to send by"),
        (9, ["CR1"], "One of two still to send by"),
        (-3, ["CR1"], "One of two is late: due on"),
        (9, ["CR1", "CO1"], "All two are sent. Thank you."),
        (None, [], "All two still to send"),
    ],
)
def test_it_says_how_many_are_still_to_send_and_by_when(council, owner, days, sent, sentence):
    deadline = None if days is None else timezone.now() + timedelta(days=days)
    edition = council.open(deadline=deadline)
    for reference in sent:
        submit(edition, reference, council.owner)
    assert sentence in text(owner.get(HERE))


def test_the_navigation_counts_what_is_to_do_in_open_quarters_only(council, edition, owner):
    assert "My updates 2 to do" in text(owner.get("/help/scores/"))
    cycle.start_review(edition, by=council.manager)
    assert "to do" not in text(owner.get("/help/scores/"))


def test_in_review_the_entries_are_read_and_not_changed(council, edition, owner):
    submit(edition, "CR1", council.owner)
    cycle.start_review(edition, by=council.manager)
    response = owner.get(HERE)
    assert "Q2 2026/27 is in review by the risk manager" in text(response)
    html = response.content.decode()
    assert "/admin/" not in html
    assert "Take it back" not in html


def test_between_quarters_nothing_is_due(council, owner):
    assert "Nothing is due" in text(owner.get(HERE))


def test_two_registers_each_have_their_part(council, edition, owner):
    schools = factories.edition(register=factories.register("schools"))
    factories.snapshot(schools, "SR1", owner=council.cast.post)
    response = owner.get(HERE)
    assert "Schools, Q1 2026/27: Your one entry still to send" in text(response)
    assert sorted(listed(response)) == ["CO1", "CR1", "SR1"]


def test_actions_due_soon_are_listed_late_ones_first(council, edition, owner):
    today = timezone.localdate()
    snapshot = find(edition, "CR1")
    snapshot.actions.all().delete()
    for text_, due in (
        ("Soon", today + timedelta(days=20)),
        ("Overdue", today - timedelta(days=1)),
        ("Far away", today + timedelta(days=200)),
    ):
        factories.ActionFactory(snapshot=snapshot, text=text_, due=due)
    factories.ActionFactory(snapshot=find(edition, "CR2"), text="Not mine", due=today)
    factories.ActionFactory(
        snapshot=snapshot, text="Done", due=today, status=Action.Status.DONE, completed_on=today
    )
    said = text(owner.get(HERE))
    assert said.index("Overdue") < said.index("Late") < said.index("Soon")
    for absent in ("Far away", "Not mine", "Done"):
        assert absent not in said


@pytest.mark.parametrize("part", ["committee", "cleared", "auditor", "manager", "nobody"])
def test_it_is_no_page_for_people_who_own_nothing(cast, part):
    assert as_(getattr(cast, part)).get(HERE).status_code == 404


# No change ----------------------------------------------------------------------------------------


def agreeing(edition, reference: str = "CR1") -> None:
    """Nothing about the entry looks contradictory: an action moves what the score did not."""
    find(edition, reference).actions.update(status=Action.Status.IN_PROGRESS)


def test_no_change_submits_the_entry_as_it_stood(council, edition, owner):
    before = find(edition, "CR1")
    assert "No change this quarter" in text(owner.get(no_change(edition, "CR1")))
    response = owner.post(no_change(edition, "CR1"), reason="The board met; nothing moved.")
    assert told(response) == ["CR1: no change, submitted. Thank you."]
    after = find(edition, "CR1")
    assert after.progress == Progress.SUBMITTED
    assert (after.direction, after.commentary) == ("level", "The board met; nothing moved.")
    assert (after.score, after.consequences) == (before.score, before.consequences)


def test_no_change_asks_for_its_reason(edition, owner):
    response = owner.post(no_change(edition, "CR1"), reason=" ")
    assert response.status_code == 422
    assert "Say why nothing has changed." in text(response)
    assert find(edition, "CR1").progress == Progress.TO_UPDATE


def equal_scores(council):
    """An edition in which CR1's residual score equals its score: a warning to overrule."""
    edition = council.open()
    snapshot = find(edition, "CR1")
    snapshot.residual_impact, snapshot.residual_likelihood = snapshot.impact, snapshot.likelihood
    snapshot.residual_score = snapshot.score
    snapshot.save()
    return edition


def test_what_looks_contradictory_is_overruled_with_a_reason(council, owner):
    edition = equal_scores(council)
    response = owner.post(no_change(edition, "CR1"), reason="Nothing moved.")
    assert response.status_code == 422
    assert "One thing looks contradictory" in text(response)
    assert "The residual score equals the score now (20)" in text(response)
    assert "Nothing moved." in response.content.decode()
    assert find(edition, "CR1").progress == Progress.TO_UPDATE

    response = owner.post(
        no_change(edition, "CR1"), reason="Nothing moved.", override="It can't be brought down."
    )
    assert told(response) == ["CR1: no change, submitted. Thank you."]
    assert find(edition, "CR1").override_reason == "It can't be brought down."


def test_what_is_missing_leads_to_the_form(council, edition, owner):
    snapshot = find(edition, "CR1")
    snapshot.impact = snapshot.likelihood = None
    snapshot.save()
    response = owner.post(no_change(edition, "CR1"), reason="Nothing moved.")
    assert response.status_code == 422
    assert "Choose a square for the score as it stands now." in text(response)
    assert f"/admin/registers/snapshot/{snapshot.pk}/change/" in response.content.decode()
    assert find(edition, "CR1").progress == Progress.TO_UPDATE


def test_submitting_no_change_twice_says_it_was_submitted(edition, owner):
    for _ in range(2):
        response = owner.post(no_change(edition, "CR1"), reason="Nothing moved.")
    assert told(response) == ["CR1 has been submitted already."]


def test_no_change_is_not_said_of_what_somebody_began_to_change_meanwhile(council, edition, owner):
    version = find(edition, "CR1").version
    fill_in(find(edition, "CR1"), by=council.cast.delegate, commentary="Much has changed.")
    response = owner.post(no_change(edition, "CR1"), reason="Nothing moved.", version=version)
    assert told(response) == [f"{council.cast.delegate} has begun to change CR1 meanwhile."]
    assert find(edition, "CR1").commentary == "Much has changed."


def test_no_change_and_starting_again_stay_on_offer_until_something_is_submitted(
    council, edition, owner
):
    assert no_change(edition, "CR1") in owner.get("/my-updates/").content.decode()
    fill_in(find(edition, "CR1"), by=council.owner, commentary="Much has changed.")
    page = owner.get("/my-updates/")
    assert "No change, or start again" in text(page)
    assert no_change(edition, "CR1") in page.content.decode()
    form = owner.get(f"/admin/registers/snapshot/{find(edition, 'CR1').pk}/change/")
    assert no_change(edition, "CR1") in form.content.decode()
    asked = owner.get(no_change(edition, "CR1"))
    assert "everything goes back to what it was in Q1 2026/27" in text(asked)
    assert "Start again from Q1" in text(asked)
    response = owner.post(no_change(edition, "CR1"), reason="Nothing moved.", version=1)
    assert told(response) == ["CR1: no change, submitted. Thank you."]
    assert find(edition, "CR1").commentary == "Nothing moved."
    assert no_change(edition, "CR1") not in owner.get("/my-updates/").content.decode()


def test_the_scores_that_no_change_sends_are_those_that_it_shows(council, edition, owner):
    """A draft may say another score; what is sent is what was published."""
    moved = {"impact": 1, "likelihood": 2, "score": 2}
    fill_in(find(edition, "CR1"), by=council.owner, direction="down", **moved)
    asked = text(owner.get(no_change(edition, "CR1")))
    assert "Risk score 20 Major × Certain" in asked.replace("  ", " ")
    owner.post(no_change(edition, "CR1"), reason="Nothing moved.", version=1)
    assert find(edition, "CR1").score == 20


def test_starting_again_leads_to_the_form_as_it_was(council, edition, owner):
    fill_in(find(edition, "CR1"), by=council.owner, controls="Much has changed.")
    response = owner.post(no_change(edition, "CR1"), again="", version=1)
    assert told(response) == ["CR1 is as it was. Change what is different."]
    assert "Update CR1" in text(response)
    saved = find(edition, "CR1")
    assert (saved.controls, saved.commentary) == ("A monthly review by the board", "")
    stale = owner.post(no_change(edition, "CR1"), again="", version=1)
    assert "in another tab meanwhile" in told(stale)[0]


def test_no_change_of_a_stale_page_does_not_overwrite(council, edition, owner):
    response = owner.post(no_change(edition, "CR1"), reason="Nothing moved.", version=99)
    assert "has begun to change CR1 meanwhile." in told(response)[0]
    assert find(edition, "CR1").progress == Progress.TO_UPDATE


def test_a_new_entry_has_nothing_to_stay_as(council, edition, owner):
    factories.snapshot(edition, "CR9", owner=council.cast.post)
    assert no_change(edition, "CR9") not in owner.get(HERE).content.decode()
    assert "is new this quarter" in told(owner.get(no_change(edition, "CR9")))[0]


def test_after_the_quarter_is_closed_a_stale_page_is_told_so(council, edition, owner):
    submit(edition, "CO1", council.owner)
    cycle.start_review(edition, by=council.manager)
    response = owner.post(no_change(edition, "CR1"), reason="Nothing moved.")
    assert told(response) == ["Q2 2026/27 is in review, so CR1 can't be updated any more."]
    response = owner.post(take_back(edition, "CO1"))
    assert told(response) == ["Q2 2026/27 is in review: it can't be changed any more."]


# Taking back --------------------------------------------------------------------------------------


def test_what_was_submitted_is_taken_back(council, edition, owner):
    submit(edition, "CR1", council.owner)
    response = owner.post(take_back(edition, "CR1"))
    assert told(response) == ["CR1 is a draft again. Submit it when ready."]
    assert find(edition, "CR1").progress == Progress.DRAFT


def test_what_was_accepted_stays(council, edition, owner):
    accept_everything(edition, by=council.manager)
    response = owner.post(take_back(edition, "CR1"))
    assert told(response) == ["CR1 is accepted: only a submitted entry can be taken back."]


def test_taking_back_twice_says_so(council, edition, owner):
    submit(edition, "CR1", council.owner)
    for _ in range(2):
        response = owner.post(take_back(edition, "CR1"))
    assert told(response) == ["CR1 is draft: only a submitted entry can be taken back."]


def test_who_comes_to_take_back_by_its_address_is_led_to_the_list(council, edition, owner):
    submit(edition, "CR1", council.owner)
    assert owner.client.get(take_back(edition, "CR1"))["Location"] == HERE
    assert find(edition, "CR1").progress == Progress.SUBMITTED


@pytest.mark.parametrize("name", ["no-change", "take-back"])
def test_another_owners_entry_is_no_such_page(council, edition, owner, name):
    for pk in (find(edition, "CR2").pk, 987_654, 10**18 - 1):
        address = reverse(name, args=[pk])
        assert owner.get(address).status_code == 404
        assert owner.post(address, reason="Nothing moved.").status_code == 404
    assert find(edition, "CR2").progress == Progress.TO_UPDATE


def test_a_day_of_the_deadline_is_written_as_people_say_it(council, owner):
    edition = council.open(deadline=datetime(2026, 11, 13, 16, tzinfo=UTC))
    assert edition.deadline.date() == date(2026, 11, 13)
    with time_machine.travel(datetime(2026, 11, 2, tzinfo=UTC)):
        assert "by Friday 13 November" in text(owner.get(HERE))


def test_no_change_is_said_of_an_entry_whose_last_edition_is_being_corrected(
    council, edition, owner
):
    cycle.reissue(council.published, by=council.manager, reason="A wrong score.")
    response = owner.post(no_change(edition, "CR1"), reason="Nothing moved.")
    assert told(response) == ["CR1: no change, submitted. Thank you."]


# From what is read to what is to be written ------------------------------------------------------


def entry_page(edition, reference: str = "CR1") -> str:
    return f"/entries/{find(edition, reference).entry_id}/"


def test_the_published_page_and_the_draft_lead_an_owner_to_the_update(council, edition, owner):
    form = f"/admin/registers/snapshot/{find(edition, 'CR1').pk}/change/"
    for query in ({}, {"edition": edition.quarter.slug}):
        page = owner.get(entry_page(edition), **query)
        assert "Update for Q2" in text(page)
        assert form in page.content.decode()
    assert "Update for Q2" not in text(owner.get(entry_page(edition, "CR2")))


@pytest.mark.parametrize("part", ["committee", "auditor", "other_owner", "former"])
def test_nobody_else_is_led_to_it(part, council, edition, owner):
    owner.get(entry_page(edition))
    assert "Update for" not in text(as_(getattr(council.cast, part)).get(entry_page(edition)))


def test_the_page_that_is_kept_says_at_once_how_the_update_stands(council, edition, owner):
    page = owner.get(entry_page(edition))
    submit(edition, "CR1", council.owner)
    again = owner.client.get(entry_page(edition), HTTP_IF_NONE_MATCH=page["ETag"])
    assert "You have submitted CR1 for Q2 2026/27." in text(again)
    cycle.accept(find(edition, "CR1"), by=council.manager)
    assert "Your update" not in text(owner.get(entry_page(edition)))
