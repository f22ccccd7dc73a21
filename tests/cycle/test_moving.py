"""An entry moves to the register above or below: proposed, accepted or declined, stated in both."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

import pytest
from django.core import mail
from django.urls import reverse

from registers import access, cycle
from registers.cycle.errors import NotAllowed, ReasonMissing, WrongState
from registers.models import Entry, Lineage, Proposal, Register, Snapshot, User
from registers.reading.endings import endings
from tests import factories
from tests.admin.filled import client
from tests.factories import Cast
from tests.support.pages import words

pytestmark = pytest.mark.django_db


@dataclass
class Council:
    """Schools below Corporate: in each CR1 is published, and stands in the quarter under way."""

    cast: Cast
    corporate: Register
    schools: Register
    headteacher: User

    @property
    def risk(self) -> Snapshot:
        return self.schools.editions.open().get().snapshots.get()

    def accepted(self, **values: object) -> Snapshot:
        proposal = cycle.propose(
            self.risk, self.corporate, by=self.headteacher, reason="It is the council's.", **values
        )
        return cycle.take_over(proposal, by=self.cast.manager)


def build() -> Council:
    cast = factories.cast()
    corporate = factories.register()
    schools = factories.register("schools", parent=corporate)
    for register in (corporate, schools):
        edition = factories.edition(register=register)
        snapshot = factories.snapshot(edition, title=f"Roofs, {register}", types=["People"])
        factories.ActionFactory(snapshot=snapshot, text="Mend them")
        factories.publish(edition)
        cycle.open_edition(register, factories.QUARTER.next, by=cast.manager)
    headteacher = factories.give(factories.UserFactory(first_name="Hetty"), access.MANAGER, schools)
    return Council(cast, corporate, schools, headteacher)


@pytest.fixture(scope="module")
def built(common_ground) -> Iterator[Council]:
    with common_ground(build) as council:
        yield council


@pytest.fixture
def council(built, db: None) -> Council:
    return deepcopy(built)


def test_an_entry_that_is_taken_over_ends_below_and_stands_above_with_what_it_says(council):
    was = council.risk
    taken = council.accepted()
    assert taken.edition.register == council.corporate
    assert (taken.reference, taken.title, taken.score) == ("CR2", was.title, was.score)
    assert [one.text for one in taken.actions.all()] == ["Mend them"]
    assert [one.name for one in taken.types.all()] == ["People"]
    assert not council.schools.editions.open().get().snapshots.exists()
    assert not Entry.objects.live().filter(pk=was.entry_id).exists()
    said = {one.entry_id: one.in_words() for one in Lineage.objects.all()}
    assert said == {
        was.entry_id: "escalated to CR2 of Corporate",
        taken.entry_id: "escalated from CR1 of Schools",
    }


def test_both_editions_state_it_as_published_and_each_still_proves_itself(council):
    taken = council.accepted()
    below = council.schools.editions.open().get()
    cycle.add_entry(below, by=council.headteacher, kind="risk", title="Boilers")
    cycle.renumber(taken.edition, {taken.pk: "CR12"}, by=council.cast.manager)
    for edition in (below, taken.edition):
        factories.publish(edition, by=council.cast.manager)
    published = {
        one.register.slug: json.loads(one.document)["lineage"]
        for one in (below.publications.get(), taken.edition.publications.get())
    }
    [went], [came] = published["schools"], published["corporate"]
    # The number is the one that stands above on the day it is published.
    assert (went["statement"], went["called"], went["other"]) == (
        "escalated_to",
        "CR12 of Corporate",
        None,
    )
    assert (came["statement"], came["called"]) == ("escalated_from", "CR1 of Schools")
    found = [*cycle.verify(council.schools), *cycle.verify(council.corporate)]
    assert len(found) == 4 and all(failure is None for _, failure in found)
    earlier = council.schools.editions.get(quarter=factories.QUARTER).publications.get()
    assert '"called"' not in earlier.document


def test_a_reader_of_one_register_reads_where_it_went_and_no_more(council):
    was = council.risk
    taken = council.accepted()
    below = council.schools.editions.open().get()
    cycle.add_entry(below, by=council.headteacher, kind="risk", title="Boilers")
    for edition in (below, taken.edition):
        factories.publish(edition, by=council.cast.manager)
    below.refresh_from_db()
    reader = factories.give(factories.UserFactory(), access.COMMITTEE, council.schools)
    said = endings(below, since=factories.QUARTER, user=reader)[was.entry_id]
    assert said.words == "Escalated to CR2 of Corporate"
    page = reverse("entry", args=[was.entry_id])
    link = reverse("entry", args=[taken.entry_id])
    for person, reads in ((reader, False), (council.cast.committee, True)):
        html = client(person).get(page).content.decode()
        assert "Escalated to CR2 of Corporate" in words(html)
        assert (f'href="{link}"' in html) is reads
    back = client(council.cast.committee).get(link).content.decode()
    assert "Escalated from CR1 of Schools" in words(back) and f'href="{page}"' in back


def test_it_is_proposed_by_its_own_manager_and_decided_by_the_other(council):
    other = factories.give(factories.UserFactory(), access.MANAGER, factories.register("roads"))
    with pytest.raises(NotAllowed):
        cycle.propose(council.risk, council.corporate, by=other, reason="Mine.")
    with pytest.raises(ReasonMissing):
        cycle.propose(council.risk, council.corporate, by=council.headteacher, reason=" ")
    far = Register.objects.get(slug="roads")
    with pytest.raises(WrongState, match="neither right above"):
        cycle.propose(council.risk, far, by=council.headteacher, reason="Near enough.")
    proposal = cycle.propose(
        council.risk, council.corporate, by=council.headteacher, reason="Too big."
    )
    with pytest.raises(WrongState, match="already"):
        cycle.propose(council.risk, council.corporate, by=council.headteacher, reason="Again.")
    for verb in (cycle.take_over, cycle.decline):
        said = {"reason": "No."} if verb is cycle.decline else {}
        with pytest.raises(NotAllowed):
            verb(proposal, by=council.headteacher, **said)


def test_an_entry_that_is_declined_stays_and_who_proposed_it_is_told_why(
    council, django_capture_on_commit_callbacks
):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        proposal = cycle.propose(
            council.risk, council.corporate, by=council.headteacher, reason="Too big."
        )
    assert [(one.to, "Too big." in one.body) for one in mail.outbox] == [
        ([council.cast.manager.email], True)
    ]
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        cycle.decline(proposal, by=council.cast.manager, reason="It is yours.")
    assert [(one.to, "It is yours." in one.body) for one in mail.outbox] == [
        ([council.headteacher.email], True)
    ]
    assert council.risk.reference == "CR1" and not Lineage.objects.exists()
    with pytest.raises(WrongState, match="decided"):
        cycle.take_over(proposal, by=council.cast.manager)


def test_an_entry_is_handed_down_the_same_way(council):
    above = council.corporate.editions.open().get().snapshots.get()
    proposal = cycle.propose(above, council.schools, by=council.cast.manager, reason="Local.")
    taken = cycle.take_over(proposal, by=council.headteacher)
    assert taken.edition.register == council.schools
    said = [one.in_words() for one in Lineage.objects.order_by("pk")]
    assert said == ["de-escalated to CR2 of Schools", "de-escalated from CR1 of Corporate"]


def test_what_is_not_published_is_undone_from_either_side_and_proposed_again(council):
    was = council.risk
    for undo in (
        lambda taken: cycle.take_out(taken, by=council.cast.manager),
        lambda taken: cycle.undo_ending(
            Lineage.objects.ending().get(entry=was.entry_id), by=council.cast.manager
        ),
    ):
        Proposal.objects.update(withdrawn_at="2026-04-01T00:00Z")
        taken = council.accepted()
        with pytest.raises(NotAllowed, match="Corporate has taken it over"):
            cycle.undo_ending(
                Lineage.objects.ending().get(entry=was.entry_id), by=council.headteacher
            )
        undo(taken)
        assert council.risk.entry_id == was.entry_id and council.risk.actions.count() == 1
        assert not Snapshot.objects.filter(entry=taken.entry_id).exists()
        assert not Lineage.objects.exists()
        assert Proposal.objects.waiting().get().entry_id == was.entry_id


def test_what_one_register_has_published_is_not_undone_but_proposed_back(council):
    was = council.risk
    taken = council.accepted()
    factories.publish(taken.edition, by=council.cast.manager)
    with pytest.raises(WrongState, match="Propose it back"):
        cycle.undo_ending(Lineage.objects.ending().get(entry=was.entry_id), by=council.cast.manager)
    below = council.schools.editions.open().get()
    cycle.add_entry(below, by=council.headteacher, kind="risk", title="Boilers")
    factories.publish(below, by=council.cast.manager)
    following = cycle.open_edition(
        council.schools, factories.QUARTER.next.next, by=council.headteacher
    )
    assert following.snapshots.get().title == "Boilers"
    with pytest.raises(WrongState, match="It is CR2 of Corporate now"):
        cycle.bring_back(following, was.entry, by=council.headteacher)


def test_an_exempt_entry_stays_exempt_and_its_mail_says_nothing_of_it(
    council, django_capture_on_commit_callbacks
):
    Entry.objects.filter(pk=council.risk.entry_id).update(
        exempt=True, exempt_reason="Schedule 12A, paragraph 3"
    )
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        taken = council.accepted()
    assert taken.entry.exempt
    assert mail.outbox and all("Roofs" not in one.body + one.subject for one in mail.outbox)


def test_the_pages_lead_from_the_proposal_to_the_decision(council):
    below, above = client(council.headteacher), client(council.cast.manager)
    quarter = reverse("cycle", args=["schools"])
    move = reverse("cycle-move", args=["schools", factories.QUARTER.next.slug, council.risk.pk])
    assert move in below.get(quarter).content.decode()
    said = {"to": council.corporate.pk, "reason": "Too big."}
    assert below.post(move, said).status_code == 302
    proposal = Proposal.objects.get()
    page = reverse("proposal", args=[proposal.pk])
    told = above.get(reverse("cycle", args=["corporate"])).content.decode()
    assert page in told and "Roofs, Schools" in words(told)
    assert below.post(page, {"how": "accept"}).status_code == 422
    refused = above.post(page, {"how": "decline", "reason": ""})
    assert refused.status_code == 422 and "Say why not" in words(refused.content.decode())
    assert above.post(page, {"how": "accept"}, follow=True).status_code == 200
    assert Proposal.objects.get().became.snapshots.get().reference == "CR2"
    assert above.get(page).status_code == 200


def test_where_no_register_is_near_there_is_no_page_to_propose_on(council):
    council.schools.parent = None
    council.schools.save()
    move = reverse("cycle-move", args=["schools", factories.QUARTER.next.slug, council.risk.pk])
    assert client(council.cast.manager).get(move).status_code == 404
