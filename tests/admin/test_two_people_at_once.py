"""Two people at the same entry: the second is told, sees both texts, and loses nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from registers import cycle
from registers.models import Progress, Snapshot
from tests import factories
from tests.admin.conftest import Book, url_of
from tests.admin.filled import read
from tests.factories import PASSWORD

THEIRS, MINE = "A weekly review by the board", "A monthly review by the board\nA new dashboard"


def at(book: Book, person: str) -> Client:
    client = Client()
    client.force_login(getattr(book.cast, person))
    return client


def filled(source, draft: Snapshot | None = None) -> dict[str, object]:
    """What a browser would send: of an answer, or of the form as a person opens it now."""
    return dict(read(source if draft is None else source.get(url_of(draft))))


def saved_by_the_delegate(book: Book, **changes: str) -> None:
    """What the delegate saves after the owner has opened the form."""
    client = at(book, "delegate")
    form = read(client.get(f"{url_of(book.draft())}?add=actions"))
    answer = client.post(url_of(book.draft()), {**form, **changes})
    assert answer.status_code == 302


def page(answer) -> str:
    return answer.content.decode()


def test_the_second_save_is_refused_and_says_who_saved_and_what_both_wrote(book):
    owner = at(book, "owner")
    form = filled(owner, book.draft())
    saved_by_the_delegate(book, controls=THEIRS)

    answer = owner.post(url_of(book.draft()), {**form, "controls": MINE})

    assert answer.status_code == 200
    assert book.draft().controls == THEIRS
    assert "Someone else changed this entry while you were writing" in page(answer)
    assert str(book.cast.delegate) in page(answer)
    assert [clash.name for clash in answer.context["meeting"].clashes] == ["controls"]
    assert answer.context["adminform"].form["controls"].value() == MINE


def test_saving_once_more_keeps_what_the_boxes_hold(book):
    owner = at(book, "owner")
    form = filled(owner, book.draft())
    saved_by_the_delegate(book, controls=THEIRS)
    refused = owner.post(url_of(book.draft()), {**form, "controls": MINE})

    answer = owner.post(url_of(book.draft()), filled(refused))

    assert answer.status_code == 302
    assert book.draft().controls == MINE
    assert THEIRS in book.draft().history.values_list("controls", flat=True)


def test_a_field_that_only_the_other_person_changed_comes_into_the_form(book):
    owner = at(book, "owner")
    form = filled(owner, book.draft())
    saved_by_the_delegate(book, consequences="Costs double", current="5x5")

    refused = owner.post(url_of(book.draft()), {**form, "commentary": "On track."})
    answer = owner.post(url_of(book.draft()), filled(refused))

    assert answer.status_code == 302
    kept = book.draft()
    assert (kept.consequences, kept.score, kept.commentary) == ("Costs double", 25, "On track.")


@pytest.mark.parametrize(
    ("how", "held"), [("theirs", THEIRS), ("mine", MINE), ("both", f"{MINE}\n{THEIRS}")]
)
def test_one_field_can_be_taken_from_either_or_from_both(book, how, held):
    owner = at(book, "owner")
    form = filled(owner, book.draft())
    saved_by_the_delegate(book, controls=THEIRS, direction="up")
    refused = owner.post(url_of(book.draft()), {**form, "controls": MINE, "direction": "down"})

    chosen = owner.post(url_of(book.draft()), {**filled(refused), "_merge": f"controls:{how}"})

    assert chosen.context["adminform"].form["controls"].value() == held
    assert [clash.name for clash in chosen.context["meeting"].clashes] == ["direction"]
    assert book.draft().controls == THEIRS, "choosing saves nothing"
    assert owner.post(url_of(book.draft()), filled(chosen)).status_code == 302
    assert (book.draft().controls, book.draft().direction) == (held, "down")


def test_actions_are_put_together_row_by_row_and_column_by_column(book):
    owner = at(book, "owner")
    form = filled(owner, book.draft())
    saved_by_the_delegate(
        book,
        **{
            "actions-0-lead": "Head of Recruitment",
            "actions-1-due": "2027-06-30",
            "actions-2-text": "Pay a retention allowance",
        },
    )

    refused = owner.post(
        url_of(book.draft()),
        {**form, "actions-0-text": "Recruit forty", "actions-1-due": "2027-09-30"},
    )

    assert [clash.name for clash in refused.context["meeting"].clashes] == ["actions-1-due"]
    assert owner.post(url_of(book.draft()), filled(refused)).status_code == 302
    kept = {action.text: action for action in book.draft().actions.all()}
    assert set(kept) == {"Recruit forty", "Train", "Pay a retention allowance"}
    assert kept["Recruit forty"].lead == "Head of Recruitment"
    assert kept["Train"].due.isoformat() == "2027-09-30"


def test_an_action_that_one_removes_and_the_other_changes_stays(book):
    factories.ActionFactory(snapshot=book.draft(), text="Retain", order=3)
    owner = at(book, "owner")
    form = filled(owner, book.draft())
    saved_by_the_delegate(book, **{"actions-2-DELETE": "on"})

    refused = owner.post(url_of(book.draft()), {**form, "actions-2-text": "Retain forty"})

    assert refused.status_code == 200
    assert owner.post(url_of(book.draft()), filled(refused)).status_code == 302
    assert set(book.draft().actions.values_list("text", flat=True)) == {
        "Recruit",
        "Train",
        "Retain forty",
    }


def test_nobody_is_asked_when_nobody_else_has_saved(book):
    owner = at(book, "owner")
    answer = owner.post(url_of(book.draft()), {**filled(owner, book.draft()), "controls": MINE})
    assert answer.status_code == 302
    assert book.draft().controls == MINE


def test_a_form_that_comes_too_late_gives_the_text_back_to_be_copied(book):
    owner = at(book, "owner")
    form = filled(owner, book.draft())
    cycle.start_review(book.open, by=book.cast.manager)

    answer = owner.post(url_of(book.draft()), {**form, "controls": MINE})

    assert answer.status_code == 409
    assert "A new dashboard" in page(answer)
    assert "in review" in page(answer)
    assert book.draft().controls != MINE


# A session that ends ------------------------------------------------------------------------


def log_in(client: Client, person) -> None:
    answer = client.post("/accounts/login/", {"login": person.username, "password": PASSWORD})
    assert answer.status_code == 302


def test_a_session_that_expires_in_mid_edit_gives_the_text_back_after_login(book):
    owner = at(book, "owner")
    form = filled(owner, book.draft())
    owner.session.delete()
    refused = owner.post(url_of(book.draft()), {**form, "controls": MINE})
    assert refused.status_code == 302
    assert refused.url.startswith("/accounts/login/")
    assert book.draft().controls != MINE

    log_in(owner, book.cast.owner)
    back = owner.get(url_of(book.draft()))

    assert back.context["adminform"].form["controls"].value() == MINE
    assert "Your text is back in the form" in page(back)
    assert book.draft().controls != MINE, "given back is not saved"
    assert owner.post(url_of(book.draft()), filled(back)).status_code == 302
    assert book.draft().controls == MINE


def test_held_text_is_given_to_nobody_but_the_person_who_wrote_it(book):
    shared = at(book, "owner")
    form = filled(shared, book.draft())
    shared.session.delete()
    shared.post(url_of(book.draft()), {**form, "controls": MINE})

    log_in(shared, book.cast.delegate)

    assert "A new dashboard" not in page(shared.get(url_of(book.draft())))


def test_text_from_another_site_is_not_held(book):
    stranger = Client(enforce_csrf_checks=True)
    answer = stranger.post(
        url_of(book.draft()), {"controls": MINE, "writer": str(book.cast.owner.pk)}
    )
    assert answer.status_code == 403
    assert "held_text" not in stranger.session


def test_the_session_gets_a_new_key_at_login(book):
    client = Client()
    client.get("/accounts/login/")
    form = {"controls": MINE, "writer": "1"}
    client.post(url_of(book.draft()), form)
    before = client.cookies["fivebyfive"].value
    log_in(client, book.cast.owner)
    assert client.cookies["fivebyfive"].value != before


# Submitting from the form -------------------------------------------------------------------


OPP = {"current": "2x2", "residual": "3x3", "direction": "down", "_submit": "1"}


def complete(form: dict) -> dict:
    return {
        **form,
        "current": "4x5",
        "residual": "3x3",
        "direction": "level",
        "commentary": "The programme is on time.",
    }


def test_a_submission_with_gaps_keeps_the_draft_and_names_each_gap_at_its_field(book):
    owner = at(book, "owner")
    form = {**filled(owner, book.draft()), "controls": MINE, "direction": "", "_submit": "1"}

    answer = owner.post(url_of(book.draft()), form, follow=True)

    assert book.draft().controls == MINE
    assert book.draft().progress == Progress.DRAFT
    errors = answer.context["adminform"].form.errors
    assert set(errors) == {"direction", "commentary"}
    assert "it can’t be submitted yet" in page(answer)
    assert page(answer).count("<title>Error:") == 1


def test_a_complete_entry_is_submitted_and_leads_back_to_the_list(book):
    owner = at(book, "owner")
    form = {**complete(filled(owner, book.draft())), "_submit": "1"}
    answer = owner.post(url_of(book.draft()), form)
    assert answer.url == "/my-updates/"
    assert book.draft().progress == Progress.SUBMITTED


def test_what_looks_contradictory_can_be_overruled_with_a_reason(book):
    owner = at(book, "owner")
    form = {**complete(filled(owner, book.draft())), "residual": "5x5", "_submit": "1"}
    refused = owner.post(url_of(book.draft()), form, follow=True)
    assert "above the score now" in page(refused)
    assert book.draft().progress == Progress.DRAFT

    reason = "A closure is planned for the spring"
    answer = owner.post(
        url_of(book.draft()), {**filled(refused), "override_reason": reason, "_submit": "1"}
    )

    assert answer.url == "/my-updates/"
    assert book.draft().override_reason == reason


def test_an_action_whose_date_slips_needs_a_word_on_why(book):
    owner = at(book, "owner")
    form = {
        **complete(filled(owner, book.draft())),
        "actions-0-due": "2028-01-31",
        "_submit": "1",
    }
    refused = owner.post(url_of(book.draft()), form, follow=True)
    assert "due date moved from 31 December 2026 to 31 January 2028" in page(refused)

    again = {**filled(refused), "actions-0-reason": "The supplier is late", "_submit": "1"}
    assert owner.post(url_of(book.draft()), again).url == "/my-updates/"


def test_what_the_manager_fills_in_is_saved_submitted_and_accepted_at_once(book):
    manager = at(book, "manager")
    form = {**complete(filled(manager, book.draft())), "_accept": "1"}
    manager.post(url_of(book.draft()), form)
    assert book.draft().progress == Progress.ACCEPTED


def test_what_the_manager_accepts_unfinished_is_kept_and_says_what_is_missing(book):
    manager = at(book, "manager")
    form = {**filled(manager, book.draft()), "direction": "", "_accept": "1"}
    answer = manager.post(url_of(book.draft()), form)
    assert answer["Location"].endswith("?check=1")
    assert book.draft().progress == Progress.DRAFT


def test_a_submitted_entry_is_accepted_on_the_form_by_the_manager(book):
    owner, manager = at(book, "owner"), at(book, "manager")
    owner.post(url_of(book.draft()), {**complete(filled(owner, book.draft())), "_submit": "1"})
    owner.post(url_of(book.draft("CO1")), {**complete(filled(owner, book.draft("CO1"))), **OPP})
    answer = manager.post(url_of(book.draft()), {**filled(manager, book.draft()), "_accept": "1"})
    assert answer.url == f"/cycle/corporate/2026-27-q4/#waits-{book.draft('CO1').pk}"
    page = manager.get(answer.url).content.decode()
    assert f'id="waits-{book.draft("CO1").pk}"' in page
    assert book.draft().progress == Progress.ACCEPTED


@pytest.mark.parametrize("entries", [0, 40])
def test_saving_and_submitting_take_no_more_queries_in_a_larger_register(
    book, entries, django_assert_max_num_queries
):
    for number in range(entries):
        factories.snapshot(book.open, f"CR{number + 50}", order=number + 50)
    owner, url = at(book, "owner"), url_of(book.draft())
    form = complete(filled(owner, book.draft()))
    with django_assert_max_num_queries(25):
        assert owner.post(url, {**form, "controls": MINE}).status_code == 302
    form = filled(owner, book.draft())
    # Two verbs in one request, each with its locks: saved first, so that a refusal loses nothing.
    with django_assert_max_num_queries(39):
        answer = owner.post(url, {**form, "_submit": "1"})
    assert answer.url == "/my-updates/"


def test_the_flags_of_an_entry_are_shown_to_its_owner_before_submitting(book):
    draft = book.draft()
    with time_machine.travel(draft.actions.first().due + timedelta(days=1)):
        answer = at(book, "owner").get(url_of(draft))
    assert "What the committee might ask about this entry" in page(answer)
