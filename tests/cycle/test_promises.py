"""What was promised last quarter leaves as done, or as dropped because: never without a word."""

from __future__ import annotations

import pytest

from registers import cycle
from registers.models import Action, Progress
from tests import factories
from tests.admin.filled import client, problems, send
from tests.cycle.conftest import fill_in, find

TRAIN = "Action “Train”"


def url_of(snapshot) -> str:
    return f"/admin/registers/snapshot/{snapshot.pk}/change/"


def erase(snapshot, text: str = "Train") -> None:
    """As an owner could before, or somebody with the database in hand."""
    snapshot.actions.get(text=text).delete()


@pytest.fixture
def risk(edition, council):
    """CR1, which carries Recruit and Train; everything a submission needs is said."""
    return fill_in(find(edition, "CR1"), by=council.owner)


def submitted(risk, by):
    return cycle.submit(find(risk.edition, "CR1"), by=by, override="As planned.")


def test_a_submission_that_lacks_a_carried_action_is_refused_and_names_it(risk, council):
    erase(risk)
    with pytest.raises(cycle.NotReady, match=f"{TRAIN}, promised in Q1 2026/27, is missing"):
        submitted(risk, council.owner)
    assert find(risk.edition, "CR1").progress == Progress.DRAFT


def test_no_change_lets_a_lost_action_stand_again(risk, council):
    key = risk.actions.get(text="Train").key
    erase(risk)
    cycle.state_no_change(find(risk.edition, "CR1"), by=council.owner, reason="Nothing new.")
    assert risk.actions.get(text="Train").key == key
    assert submitted(risk, council.owner).progress == Progress.SUBMITTED


def test_the_form_puts_a_lost_action_back_and_says_so(risk, council):
    key = risk.actions.get(text="Train").key
    erase(risk)
    browser = client(council.owner)
    answer = send(browser, url_of(risk), _submit="")
    page = browser.get(answer["Location"]).content.decode()
    assert "“Train” was promised in an earlier quarter and had been taken out" in page
    assert risk.actions.get(text="Train").key == key
    assert find(risk.edition, "CR1").progress == Progress.DRAFT


def test_only_what_was_added_this_quarter_can_be_removed_in_the_form(risk, council):
    factories.ActionFactory(snapshot=risk, text="Retain", order=9)
    page = client(council.owner).get(url_of(risk)).content.decode()
    assert 'name="actions-2-DELETE"' in page
    assert 'name="actions-0-DELETE"' not in page
    assert 'name="actions-1-DELETE"' not in page
    send(client(council.owner), url_of(risk), actions__2__DELETE="on")
    assert [action.text for action in risk.actions.all()] == ["Recruit", "Train"]


@pytest.mark.parametrize("part", ["owner", "manager"])
def test_a_forged_removal_of_a_carried_action_is_refused_and_nothing_typed_is_lost(
    risk, council, part
):
    answer = send(
        client(getattr(council.cast, part)),
        url_of(risk),
        actions__1__DELETE="on",
        commentary="What I typed.",
    )
    assert "can’t be removed" in problems(answer)["id_actions-1-status"]
    assert "What I typed." in answer.content.decode()
    assert risk.actions.filter(text="Train").exists()


def test_a_dropped_action_says_why_before_it_is_submitted(risk, council):
    send(client(council.owner), url_of(risk), actions__1__status="dropped")
    with pytest.raises(cycle.NotReady, match=f"{TRAIN} is dropped: say why"):
        submitted(risk, council.owner)
    send(client(council.owner), url_of(risk), actions__1__reason="No money.")
    assert submitted(risk, council.owner).progress == Progress.SUBMITTED


def test_a_date_that_is_taken_away_is_a_slip_and_says_why(risk, council):
    send(client(council.owner), url_of(risk), actions__1__due="")
    with pytest.raises(cycle.NotReady, match="due date taken away, was 31 December 2026"):
        submitted(risk, council.owner)


@pytest.mark.parametrize("accepted", [False, True])
def test_the_manager_can_not_drop_an_action_without_a_word_after_it_was_submitted(
    risk, council, accepted
):
    submitted(risk, council.owner)
    if accepted:
        cycle.accept(find(risk.edition, "CR1"), by=council.manager)
    answer = send(client(council.manager), url_of(risk), actions__1__status="dropped")
    assert "is dropped: say why" in problems(answer)["id_actions-1-reason"]
    assert not risk.actions.filter(status=Action.Status.DROPPED).exists()


def test_an_entry_that_lost_a_carried_action_after_it_was_submitted_is_not_accepted(risk, council):
    submitted(risk, council.owner)
    erase(risk)
    for accept in (
        lambda: cycle.accept(find(risk.edition, "CR1"), by=council.manager),
        lambda: cycle.accept_all([find(risk.edition, "CR1")], by=council.manager),
    ):
        with pytest.raises(cycle.NotReady, match=f"CR1: {TRAIN}"):
            accept()
    assert find(risk.edition, "CR1").progress == Progress.SUBMITTED


def test_a_part_that_is_removed_leaves_its_actions_with_the_whole_entry(risk, council):
    part = factories.StrandFactory(snapshot=risk, number=1)
    train = risk.actions.get(text="Train")
    train.strand = part
    train.save()
    send(client(council.owner), url_of(risk), strands__0__DELETE="on")
    assert not risk.strands.exists()
    assert risk.actions.get(text="Train").strand is None
    assert train.history.first().history_user == council.owner


def test_what_was_read_from_a_document_says_what_the_document_says(risk, council):
    erase(risk)
    risk.printed = {"title": "As printed"}
    risk.save()
    assert submitted(risk, council.owner).progress == Progress.SUBMITTED
