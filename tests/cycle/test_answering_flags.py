"""An owner answers a flag: in the draft, in what is published, and in the edition after it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registers import cycle
from registers.cycle import errors
from registers.cycle.answering import FlagGone, UntilRefused, flags_on
from registers.models import FlagAnswer, Progress
from registers.reading.standings import standings
from tests.cycle.conftest import NOW, accept_everything, find
from tests.support.pages import markup, words

UNTIL = timezone.localdate() + timedelta(days=500)
CODE = "residual-equals-score"
SAID = {"reason": "It can't be lower.", "until": UNTIL}


@pytest.fixture
def risk(council, edition):
    """CR1 of the quarter under way, whose residual score is its score."""
    risk = find(edition, "CR1")
    same = {f"residual_{name}": getattr(risk, name) for name in ("impact", "likelihood", "score")}
    cycle.save_draft(risk, cycle.Draft(same), by=council.owner)
    return find(edition, "CR1")


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(risk, code: str = CODE) -> str:
    return reverse("answer-flag", args=[risk.pk, code])


def test_an_owner_answers_a_flag_on_its_page_and_reads_it_on_the_form(council, risk):
    client = browser(council.owner)
    form = reverse("admin:registers_snapshot_change", args=[risk.pk])
    assert "answer it" in words(markup(client.get(form)))
    sent = client.post(f"{address(risk)}?from=form", SAID)
    assert sent.headers["Location"] == form
    for page in (form, f"{reverse('entry', args=[risk.entry_id])}?edition={NOW.slug}"):
        assert SAID["reason"] in words(markup(client.get(page)))
    history = reverse("entry-history", args=[risk.entry_id])
    assert "Answer to the flag “Residual and score are both" in words(markup(client.get(history)))


def test_saving_the_form_leads_to_the_answer_and_keeps_what_was_written(council, risk):
    client = browser(council.owner)
    form = reverse("admin:registers_snapshot_change", args=[risk.pk])
    fields = client.get(form).context["adminform"].form
    sent = {"version": risk.version, "_flag": CODE, "commentary": "Begun.", "title": risk.title}
    sent |= {"actions-TOTAL_FORMS": 0, "actions-INITIAL_FORMS": 0}
    sent |= {"strands-TOTAL_FORMS": 0, "strands-INITIAL_FORMS": 0}
    assert "commentary" in fields.fields
    response = client.post(form, sent)
    assert response.headers["Location"] == f"{address(risk)}?from=form"
    risk.refresh_from_db()
    assert risk.commentary == "Begun."


@pytest.mark.parametrize("part", ["committee", "other_owner", "auditor"])
def test_nobody_else_answers_a_flag(council, risk, part):
    person = getattr(council.cast, part)
    assert browser(person).post(address(risk), SAID).status_code == 404
    with pytest.raises(errors.NotAllowed):
        cycle.answer_flag(risk, CODE, **SAID, by=person)


def test_an_answer_has_a_reason_and_a_day_to_come_and_a_flag(council, risk):
    for change, error in (
        ({"reason": " "}, errors.ReasonMissing),
        ({"until": timezone.localdate()}, UntilRefused),
        ({"until": UNTIL.replace(year=UNTIL.year + 3)}, UntilRefused),
    ):
        with pytest.raises(error):
            cycle.answer_flag(risk, CODE, **{**SAID, **change}, by=council.owner)
    with pytest.raises(FlagGone):
        cycle.answer_flag(risk, "stuck", **SAID, by=council.owner)


def test_an_owners_answer_takes_a_submitted_entry_back_and_the_managers_does_not(council, risk):
    cycle.answer_flag(risk, CODE, **SAID, by=council.owner)
    accept_everything(risk.edition, by=council.manager)
    cycle.answer_flag(risk, CODE, **SAID, by=council.manager)
    assert find(risk.edition, "CR1").progress == Progress.ACCEPTED
    cycle.answer_flag(risk, CODE, **SAID, by=council.owner)
    assert find(risk.edition, "CR1").progress == Progress.DRAFT


def test_an_answer_can_be_taken_back_while_it_is_a_draft(council, risk):
    cycle.answer_flag(risk, CODE, **SAID, by=council.owner)
    browser(council.owner).post(address(risk), {"take_back": "1"})
    assert not FlagAnswer.objects.exists()
    assert all(flag.answer is None for flag in flags_on(risk, council.owner))


def test_no_page_shows_an_answer_before_it_is_published_and_it_holds_in_the_next_edition(
    council, risk
):
    edition = risk.edition
    cycle.answer_flag(risk, CODE, **SAID, by=council.owner)
    before = f"{reverse('entry', args=[risk.entry_id])}?edition={council.published.quarter.slug}"
    assert SAID["reason"] not in words(markup(browser(council.cast.committee).get(before)))
    accept_everything(edition, by=council.manager)
    published = cycle.publish(edition, by=council.manager)
    [said] = json.loads(published.document)["entries"][0]["answers"]
    assert (said["code"], said["until"]) == (CODE, UNTIL.isoformat())
    assert not [failure for _, failure in cycle.verify(edition.register) if failure]
    edition.refresh_from_db()
    told = words(markup(browser(council.cast.committee).get(edition.url("challenge"))))
    assert SAID["reason"] in told
    following = council.open(NOW.next)
    standing = standings(following, council.manager)[risk.entry_id]
    assert {flag.code: flag.answer.quarter for flag in standing.answered} == {CODE: NOW}
    with pytest.raises(errors.EditionNotOpen):
        cycle.answer_flag(find(edition, "CR1"), CODE, **SAID, by=council.manager)


def test_an_answer_goes_with_an_ending_and_comes_back_with_it(council, risk):
    cycle.answer_flag(risk, CODE, **SAID, by=council.owner)
    ended = cycle.close_entry(risk, by=council.manager, reason="It is over.")
    assert not FlagAnswer.objects.exists()
    cycle.undo_ending(ended, by=council.manager)
    assert FlagAnswer.objects.get().reason == SAID["reason"]
