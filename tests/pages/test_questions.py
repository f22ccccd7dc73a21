"""A member asks, the owner answers: who reads it, who is told, and what stays on record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registers import cycle
from registers.cycle.errors import NotAllowed
from registers.cycle.questions import QuestionRefused
from registers.models import Edition, Question
from tests import factories
from tests.support.pages import markup, words

pytestmark = pytest.mark.django_db

SECRET = {"exempt": True, "exempt_reason": "Schedule 12A, paragraph 3"}
TEXT = "Why was the bridge not repaired?"


@dataclass(frozen=True, slots=True)
class Council:
    cast: factories.Cast
    edition: Edition


@pytest.fixture(scope="module")
def council(common_ground) -> Iterator[Council]:
    """CR1 is the post's, CR2 another's; CR3 is exempt and the post's."""

    def build() -> Council:
        cast = factories.cast()
        edition = factories.edition()
        factories.snapshot(edition, "CR1", title="Bridges", owner=cast.post)
        factories.snapshot(edition, "CR2", title="Roads", owner=cast.other_post)
        factories.snapshot(edition, "CR3", title="A claim", owner=cast.post, **SECRET)
        factories.publish(edition, by=cast.manager)
        return Council(cast, edition)

    with common_ground(build) as council:
        yield council


def ask(council: Council, reference: str = "CR1", text: str = TEXT, by=None) -> Question:
    entry = council.edition.snapshots.get(reference=reference).entry if reference else None
    return cycle.ask(council.edition, entry, text=text, by=by or council.cast.committee)


def test_who_answers_is_named_as_published_and_not_as_a_draft_has_it(council):
    ask(council)
    draft = cycle.open_edition(
        council.edition.register, council.edition.quarter.next, by=council.cast.manager, tell=False
    )
    draft.snapshots.filter(reference="CR1").update(owner=council.cast.other_post)
    said = words(page(council.cast.committee))
    assert f"For {council.cast.post} to answer" in said
    assert f"For {council.cast.other_post}" not in said


@pytest.mark.parametrize("lifted", [False, True])
def test_the_form_on_what_is_or_was_exempt_does_not_say_who_writes(council, lifted):
    question = ask(council, "CR3", by=council.cast.cleared)
    question.entry.exempt = not lifted
    question.entry.save()
    form = page(council.cast.owner, f"/questions/{question.pk}/answer/")
    assert 'name="writer" value=""' in form


def page(user, address: str = "/questions/", **query: str) -> str:
    client = Client()
    client.force_login(user)
    response = client.get(address, query)
    assert response.status_code == 200
    return markup(response)


def entry_page(council: Council, user, reference: str = "CR1") -> str:
    entry = council.edition.snapshots.get(reference=reference).entry_id
    return words(page(user, f"/entries/{entry}/"))


def test_a_question_says_who_waits_for_whom_since_when(council):
    question = ask(council)
    told = words(page(council.cast.committee))
    day = f"{question.asked_at:%-d %B %Y}"
    assert f"Waits since {day}" in told and TEXT in told
    assert "For Director of Children's Services to answer." in told


def test_it_stands_on_the_page_of_the_entry_until_it_is_answered_and_after(council):
    before = entry_page(council, council.cast.committee)
    assert TEXT not in before
    question = ask(council)
    assert TEXT in entry_page(council, council.cast.committee)
    cycle.answer(question, text="It is out for tender.", by=council.cast.owner)
    after = entry_page(council, council.cast.committee)
    assert TEXT in after and "It is out for tender." in after


def test_the_post_and_the_manager_are_told_by_mail_and_the_member_of_the_answer(
    council, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        question = ask(council)
    cast = council.cast
    told = {to for sent in mail.outbox for to in sent.to}
    assert told == {cast.owner.email, cast.delegate.email, cast.manager.email}
    assert (
        TEXT in mail.outbox[0].body and f"/questions/{question.pk}/answer/" in mail.outbox[0].body
    )
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        cycle.answer(question, text="It is out for tender.", by=cast.owner)
    assert [sent.to for sent in mail.outbox] == [[cast.committee.email]]
    assert "It is out for tender." in mail.outbox[0].body


def test_a_mail_on_an_exempt_entry_names_its_number_alone(
    council, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        ask(council, "CR3", "How much is the claim?", by=council.cast.manager)
    assert mail.outbox
    for sent in mail.outbox:
        assert "CR3" in sent.body and "claim" not in sent.body + sent.subject


def test_a_question_on_an_exempt_entry_is_as_exempt_as_the_entry(council):
    ask(council, "CR3", "How much is the claim?", by=council.cast.manager)
    hidden = words(page(council.cast.committee))
    assert "How much" not in hidden and "0 wait" in hidden and "0 were asked" in hidden
    assert "How much" in words(page(council.cast.cleared))
    assert "How much" in words(page(council.cast.owner))
    assert "How much" not in words(page(council.cast.other_owner))
    with pytest.raises(NotAllowed):
        ask(council, "CR3")


def test_only_its_owner_or_the_manager_answers_and_only_once(council):
    question = ask(council)
    with pytest.raises(NotAllowed):
        cycle.answer(question, text="I know.", by=council.cast.other_owner)
    cycle.answer(question, text="It is out for tender.", by=council.cast.delegate)
    with pytest.raises(QuestionRefused, match="answered meanwhile"):
        cycle.answer(question, text="No.", by=council.cast.manager)


def test_it_is_withdrawn_by_who_asked_it_and_stays_on_record(council):
    question = ask(council)
    with pytest.raises(NotAllowed):
        cycle.withdraw(question, by=council.cast.manager)
    client = Client()
    client.force_login(council.cast.committee)
    client.post(f"/questions/{question.pk}/withdraw/")
    told = words(page(council.cast.manager))
    assert "Withdrawn" in told and TEXT in told and "0 wait for an answer, 1 was asked" in told


def test_members_ask_on_the_page_and_nothing_typed_is_lost(council):
    client = Client()
    client.force_login(council.cast.committee)
    entry = council.edition.snapshots.get(reference="CR1").entry_id
    address = f"/questions/ask/?on={council.edition.pk}&entry={entry}"
    assert address.replace("&", "&amp;") in page(council.cast.committee, f"/entries/{entry}/")
    assert address.replace("&", "&amp;") not in page(council.cast.owner, f"/entries/{entry}/")
    empty = client.post(address, {"text": " "})
    assert empty.status_code == 422 and "Write your question." in markup(empty)
    long = client.post(address, {"text": "x" * 4_001})
    assert long.status_code == 422 and "x" * 4_001 in markup(long)
    assert client.post(address, {"text": TEXT}).status_code == 302
    assert Question.objects.get().text == TEXT
    whole = client.post(f"/questions/ask/?on={council.edition.pk}", {"text": "And the rest?"})
    assert whole.status_code == 302
    assert "For the risk manager to answer." in words(page(council.cast.committee))


def test_the_owner_finds_it_counted_in_the_navigation_and_on_the_update_form(council):
    ask(council)
    assert "Questions 1 to do" in words(page(council.cast.owner))
    assert "Questions 1 to do" not in words(page(council.cast.other_owner))
    draft = cycle.open_edition(
        council.edition.register, council.edition.quarter.next, by=council.cast.manager
    )
    form = draft.snapshots.get(reference="CR1").pk
    told = words(page(council.cast.owner, f"/admin/registers/snapshot/{form}/change/"))
    assert "A member waits for an answer" in told and TEXT in told


def test_the_page_costs_the_same_few_queries(council):
    client = Client()
    client.force_login(council.cast.owner)
    counts = []
    for number in range(2):
        for _ in range(1 + 6 * number):
            ask(council)
        with CaptureQueriesContext(connection) as captured:
            client.get("/questions/")
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12
