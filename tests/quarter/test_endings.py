"""What ended and what was added this quarter, each to be undone by who turns the quarter."""

from __future__ import annotations

import pytest

from registers import cycle
from registers.models import Lineage, Progress
from tests.cycle.conftest import NOW, accept_everything, find
from tests.quarter.conftest import HUGE, at, submit, text, told

pytestmark = pytest.mark.django_db


def the_quarter(manager, edition) -> str:
    return text(manager.get(at("cycle-edition", edition)))


def end(manager, edition, reference: str = "CR1", how: str = "merge"):
    return manager.post(
        at("cycle-end", edition, find(edition, reference).pk),
        how=how,
        other=find(edition, "CR2").pk if how != "close" else "",
        reason="One cause.",
    )


def test_a_merger_names_the_other_entry_wherever_it_is_told(edition, manager):
    assert told(end(manager, edition)) == [
        "CR1: merged into CR2. It is no longer in Q2 2026/27; its history stays."
    ]
    assert "Merged into CR2: One cause." in the_quarter(manager, edition)
    assert str(Lineage.objects.get()).endswith("merged into CR2")
    listed = text(manager.get("/admin/registers/lineage/"))
    assert "CR1 Title of CR1 Merged into CR2" in listed


@pytest.mark.parametrize("how", ["close", "merge", "succeed"])
def test_an_ending_is_listed_and_undone_with_a_button(edition, manager, how):
    end(manager, edition, how=how)
    page = the_quarter(manager, edition)
    assert "Ended and added this quarter" in page
    assert "Undo this" in page
    (said,) = told(manager.post(at("cycle-undo", edition, Lineage.objects.get().pk)))
    assert said.startswith("CR1 stands in Q2 2026/27 again, as it stood before it was ")
    assert find(edition, "CR1")
    assert not Lineage.objects.exists()
    assert "Ended and added this quarter" not in the_quarter(manager, edition)


def test_undoing_twice_says_that_it_is_done(edition, manager):
    end(manager, edition)
    address = at("cycle-undo", edition, Lineage.objects.get().pk)
    manager.post(address)
    assert told(manager.post(address)) == ["This ending has been undone already."]
    assert manager.post(at("cycle-undo", edition, 987_654)).status_code == 200


def test_an_ending_whose_number_was_taken_comes_back_under_the_next_and_says_so(edition, manager):
    end(manager, edition, "CR2", how="close")
    cycle.add_entry(edition, by=manager.user, kind="risk", title="Demand")
    (said,) = told(manager.post(at("cycle-undo", edition, Lineage.objects.get().pk)))
    assert said.startswith("CR3 stands in Q2 2026/27 again")
    assert "Its number was CR2, which another entry has now." in said


def test_an_entry_that_was_added_is_listed_and_taken_out(edition, manager):
    part = cycle.split_entry(
        find(edition, "CR1"), by=manager.user, title="A part", reason="Two causes."
    )
    assert "Split from CR1" in the_quarter(manager, edition)
    assert told(manager.post(at("cycle-take-out", edition, part.pk))) == [
        "CR3 A part is no longer in Q2 2026/27."
    ]
    assert not Lineage.objects.exists()


def test_a_carried_entry_is_not_taken_out_by_a_forged_button(edition, manager):
    (said,) = told(manager.post(at("cycle-take-out", edition, find(edition, "CR1").pk)))
    assert "End it instead, and say why" in said
    assert find(edition, "CR1")


def test_adding_again_what_ended_this_quarter_brings_it_back_and_withdraws_the_ending(
    edition, manager
):
    entry = find(edition, "CR1").entry
    end(manager, edition)
    form = text(manager.get(at("cycle-bring-back", edition)))
    assert "CR1 Title of CR1 (merged into CR2 in Q2 2026/27)" in form
    assert "An ending that was published stays as it was published" in form
    (said,) = told(manager.post(at("cycle-bring-back", edition), entry=entry.pk, reference=""))
    assert said == (
        "CR1 stands in Q2 2026/27 again, as it stood before it was merged into CR2. That is no "
        "longer stated."
    )


def test_adding_again_what_was_published_as_ended_says_what_stays_and_what_follows(
    council, edition, manager
):
    entry = find(edition, "CR1").entry
    end(manager, edition, how="close")
    accept_everything(edition, by=manager.user)
    cycle.publish(edition, by=manager.user)
    later = council.open(NOW.next)
    (said,) = told(manager.post(at("cycle-bring-back", later), entry=entry.pk, reference=""))
    assert said == (
        "CR1 is back, with what it said last. That it was closed in Q2 2026/27 stays published; "
        "Q3 2026/27 and the next quarters carry it again."
    )
    back = find(later, "CR1")
    assert (back.entry, [row.text for row in back.actions.all()]) == (entry, ["Recruit", "Train"])
    manager.post(at("cycle-take-out", later, back.pk))
    assert not later.snapshots.filter(entry=entry).exists(), "coming back can be undone too"


@pytest.mark.parametrize("entry", ["", HUGE, "x"])
def test_only_what_once_stood_in_the_register_is_brought_back(edition, manager, entry):
    sent = manager.post(at("cycle-bring-back", edition), entry=entry, reference="")
    assert sent.status_code == 422


def test_what_the_edition_before_had_and_this_one_lacks_is_listed_until_somebody_says_why(
    edition, manager
):
    gone = find(edition, "CR1")
    for row in (*gone.actions.all(), gone):
        row.delete()
    page = the_quarter(manager, edition)
    assert "In Q1 2026/27, but not here, and nothing says why." in page
    address = at("cycle-absent", edition, gone.entry_id)
    assert "What became of CR1?" in text(manager.get(address))
    assert manager.post(address, how="merge", other="", reason="So.").status_code == 422
    stated = manager.post(address, how="merge", other=find(edition, "CR2").pk, reason="One cause.")
    assert told(stated) == ["Stated in Q2 2026/27: merged into CR2."]
    assert "nothing says why" not in text(stated)


def test_a_statement_is_not_made_of_an_entry_that_stands_in_the_edition(edition, manager):
    address = at("cycle-absent", edition, find(edition, "CR1").entry_id)
    sent = manager.post(address, how="close", reason="So.")
    assert "CR1 is in Q2 2026/27. End it there." in text(sent)
    assert not Lineage.objects.exists()


def test_an_accept_is_undone_with_a_button(council, edition, manager):
    submit(edition, "CR1", council.owner)
    cycle.accept(find(edition, "CR1"), by=manager.user)
    assert "Undo accept" in the_quarter(manager, edition)
    sent = manager.post(at("cycle-undo-accept", edition, find(edition, "CR1").pk))
    assert told(sent) == ["CR1 waits to be accepted again."]
    assert find(edition, "CR1").progress == Progress.SUBMITTED
