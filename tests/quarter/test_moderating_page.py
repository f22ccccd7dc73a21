"""Accepting what owners sent, and sending it back: by the buttons of the quarter's page."""

from __future__ import annotations

import pytest

from registers import cycle
from registers.models import Action, Progress, Snapshot
from registers.pages.quarter.views.quarter import READ_AT_ONCE
from tests import factories
from tests.cycle.conftest import fill_in, find
from tests.quarter.conftest import HUGE, at, submit, text, told

pytestmark = pytest.mark.django_db


def seen(snapshot: Snapshot) -> str:
    return f"{snapshot.pk}.{find(snapshot.edition, snapshot.reference).version}"


def test_one_entry_is_accepted_by_its_button(council, edition, manager):
    for reference in ("CR1", "CO1"):
        submit(edition, reference, council.owner)
    snapshot = find(edition, "CR1")
    response = manager.post(at("cycle-accept", edition), only=seen(snapshot))
    assert told(response) == ["Accepted: CR1."]
    assert find(edition, "CO1").progress == Progress.SUBMITTED


def test_those_that_are_ticked_are_accepted(council, edition, manager):
    for reference in ("CR1", "CO1"):
        submit(edition, reference, council.owner)
    ticked = [seen(find(edition, reference)) for reference in ("CO1", "CR1")]
    response = manager.post(at("cycle-accept", edition), snapshot=ticked)
    assert told(response) == ["Accepted: CR1, CO1."]


def test_all_that_were_shown_are_accepted_and_none_that_came_in_since(council, edition, manager):
    submit(edition, "CR1", council.owner)
    shown = [seen(find(edition, "CR1"))]
    submit(edition, "CR2", council.cast.other_owner)
    response = manager.post(at("cycle-accept", edition), everything="1", shown=shown)
    assert told(response) == ["Accepted: CR1."]
    assert find(edition, "CR2").progress == Progress.SUBMITTED


def test_what_was_changed_since_it_was_shown_is_not_accepted_unread(council, edition, manager):
    shown = seen(submit(edition, "CR1", council.owner))
    cycle.take_back(find(edition, "CR1"), by=council.owner)
    fill_in(find(edition, "CR1"), by=council.owner, commentary="Everything is different.")
    cycle.submit(find(edition, "CR1"), by=council.owner, override="As planned.")
    response = manager.post(at("cycle-accept", edition), only=shown)
    assert told(response) == [
        "Changed since you saw it: CR1. Nothing was accepted; look again first."
    ]
    assert find(edition, "CR1").progress == Progress.SUBMITTED


@pytest.mark.parametrize("values", [{}, {"snapshot": ["x", HUGE, f"{HUGE}.1", "."]}, {"only": "0"}])
def test_accepting_nothing_says_to_tick_something(edition, manager, values):
    response = manager.post(at("cycle-accept", edition), **values)
    assert told(response) == ["Tick the entries to accept first."]


def test_accepting_what_was_not_submitted_is_refused_in_words(edition, manager):
    response = manager.post(at("cycle-accept", edition), only=seen(find(edition, "CR1")))
    assert told(response) == ["CR1 has not been submitted: it is to update."]


def test_an_entry_is_sent_back_with_a_comment(council, edition, manager):
    snapshot = submit(edition, "CR1", council.owner)
    assert council.cast.post.name in text(manager.get(at("cycle-send-back", edition, snapshot.pk)))
    response = manager.post(
        at("cycle-send-back", edition, snapshot.pk), reason="Which action brings it to 9?"
    )
    assert told(response) == ["CR1 is back with its owner."]
    assert find(edition, "CR1").sent_back_because == "Which action brings it to 9?"
    assert "Sent back" in text(manager.get(at("cycle-edition", edition)))


def test_sending_back_without_a_comment_asks_for_it(council, edition, manager):
    snapshot = submit(edition, "CR1", council.owner)
    response = manager.post(at("cycle-send-back", edition, snapshot.pk), reason="  ")
    assert response.status_code == 422
    assert find(edition, "CR1").progress == Progress.SUBMITTED


def test_a_comment_that_is_refused_is_not_lost(edition, manager):
    snapshot = find(edition, "CR1")
    response = manager.post(at("cycle-send-back", edition, snapshot.pk), reason="Too early.")
    assert response.status_code == 422
    assert "CR1 has not been submitted yet." in text(response)
    assert "Too early." in response.content.decode()


# What a submission changes -----------------------------------------------------------------------


def moderated(manager, edition) -> str:
    """What the page says under 'To moderate'."""
    said = text(manager.get(at("cycle-edition", edition)))
    return said[said.index("To moderate") : said.index("Before you publish")]


def sent(edition, reference: str, by, **values) -> Snapshot:
    fill_in(find(edition, reference), by=by, **values)
    return cycle.submit(find(edition, reference), by=by, override="As planned.")


def test_moderation_shows_what_became_of_the_residual_score(council, edition, manager):
    sent(edition, "CR1", council.owner, residual_impact=4, residual_likelihood=3, residual_score=12)
    assert "Residual 9 → 12" in moderated(manager, edition)


def test_moderation_shows_a_reworded_section_word_by_word(council, edition, manager):
    sent(edition, "CR1", council.owner, controls="A weekly review by the board")
    assert "Current controls : 1 word added, 1 removed" in moderated(manager, edition)
    page = manager.get(at("cycle-edition", edition)).content.decode()
    assert "<p>A <del>monthly</del> <ins>weekly</ins> review by the board</p>" in page


def test_moderation_shows_the_whole_commentary(council, edition, manager):
    words = " ".join(f"word{number}" for number in range(60))
    sent(edition, "CR1", council.owner, commentary=words)
    assert words in moderated(manager, edition)


def test_moderation_shows_actions_that_were_added_slipped_and_dropped(council, edition, manager):
    snapshot = find(edition, "CR1")
    actions = {action.text: action for action in snapshot.actions.all()}
    Action.objects.filter(pk=actions["Recruit"].pk).update(due="2027-03-31", reason="No takers.")
    Action.objects.filter(pk=actions["Train"].pk).update(status="dropped", reason="Too dear.")
    factories.ActionFactory(snapshot=snapshot, text="Borrow staff")
    sent(edition, "CR1", council.owner)
    said = moderated(manager, edition)
    assert (
        "“Recruit”: due date moved from 31 December 2026 to 31 March 2027, because: No takers"
        in said
    )
    assert "“Train”: dropped, because: Too dear" in said
    assert "“Borrow staff”: added, due 31 December 2026" in said


def test_moderation_shows_the_flags_of_an_entry(council, edition, manager):
    factories.ActionFactory(snapshot=find(edition, "CR1"), text="Borrow staff", due=None)
    sent(edition, "CR1", council.owner)
    flags = manager.get(at("cycle-edition", edition)).context["waiting"][0].flags
    assert flags
    assert all(flag.sentence in moderated(manager, edition) for flag in flags)


def test_moderation_shows_which_warnings_were_overruled_and_why(council, edition, manager):
    fill_in(find(edition, "CR1"), by=council.owner, direction="down")
    Snapshot.objects.filter(pk=find(edition, "CR1").pk).update(impact=5, likelihood=5, score=25)
    cycle.submit(find(edition, "CR1"), by=council.owner, override="It peaked in August.")
    said = moderated(manager, edition)
    assert "Submitted all the same, because It peaked in August." in said
    assert "The direction is “Down”, but the score went from 20 to 25." in said


def test_moderation_shows_what_the_manager_sent_it_back_for(council, edition, manager):
    snapshot = submit(edition, "CR1", council.owner)
    cycle.send_back(snapshot, by=manager.user, comment="Which board is meant?")
    sent(edition, "CR1", council.owner, controls="A monthly review by the safety board")
    assert "You sent it back: Which board is meant?" in moderated(manager, edition)


def test_moderation_says_so_where_nothing_but_the_commentary_is_different(
    council, edition, manager
):
    sent(edition, "CR2", council.cast.other_owner)
    assert "Nothing but the commentary is different." in moderated(manager, edition)


def test_a_new_entry_is_called_new_and_compared_with_nothing(council, edition, manager):
    added = cycle.add_entry(edition, by=manager.user, kind="risk", title="Floods")
    scored = {"impact": 4, "likelihood": 4, "score": 16}
    residual = {"residual_impact": 2, "residual_likelihood": 2, "residual_score": 4}
    said = {**scored, **residual, "owner": council.cast.post, "direction": "new"}
    fill_in(added, by=manager.user, **said)
    cycle.submit(find(edition, added.reference), by=manager.user)
    said = moderated(manager, edition)
    assert "New" in said
    assert "since" not in said


def test_after_accepting_one_the_page_stays_at_the_next(council, edition, manager):
    for reference, who in (("CR1", "owner"), ("CR2", "other_owner"), ("CO1", "owner")):
        submit(edition, reference, getattr(council.cast, who))

    def accepted(reference: str) -> str:
        answer = manager.client.post(
            at("cycle-accept", edition), {"only": seen(find(edition, reference))}
        )
        return answer["Location"]

    page = at("cycle-edition", edition)
    assert accepted("CR1") == f"{page}#waits-{find(edition, 'CR2').pk}"
    assert accepted("CO1") == f"{page}#waits-{find(edition, 'CR2').pk}"
    assert (
        f'id="waits-{find(edition, "CR2").pk}" tabindex="-1"' in manager.get(page).content.decode()
    )
    assert accepted("CR2") == f"{page}#moderate"


def test_after_sending_one_back_the_page_stays_at_the_next(council, edition, manager):
    for reference in ("CR1", "CO1"):
        submit(edition, reference, council.owner)
    answer = manager.client.post(
        at("cycle-send-back", edition, find(edition, "CR1").pk), {"reason": "Too short."}
    )
    assert answer["Location"].endswith(f"#waits-{find(edition, 'CO1').pk}")


def test_what_narrows_the_page_still_does_after_accepting(council, edition, manager):
    submit(edition, "CR1", council.owner)
    answer = manager.client.post(
        f"{at('cycle-accept', edition)}?standing=draft", {"only": seen(find(edition, "CR1"))}
    )
    assert answer["Location"] == f"{at('cycle-edition', edition)}?standing=draft#moderate"


def test_many_submissions_are_read_some_at_a_time(edition, manager):
    for number in range(READ_AT_ONCE + 2):
        factories.snapshot(edition, f"CR{number + 50}", progress=Progress.SUBMITTED)
    said = moderated(manager, edition)
    assert f"Accept these {READ_AT_ONCE}" in said
    assert "2 more wait; they follow when you have decided on some of these." in said
