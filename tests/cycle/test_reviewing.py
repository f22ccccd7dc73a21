"""The manager's pen: new entries, endings, parts, numbers and places."""

from __future__ import annotations

import pytest
from django.urls import reverse

from registers import cycle
from registers.cycle import errors
from registers.models import Action, Direction, Entry, Lineage, Snapshot, Strand
from tests import factories
from tests.admin.filled import client, send
from tests.cycle.conftest import NOW, accept_everything, find


def references(edition) -> dict[str, str]:
    """Title → reference, in printed order."""
    return dict(edition.snapshots.as_printed().values_list("title", "reference"))


# New entries --------------------------------------------------------------------------------------


def test_a_new_entry_gets_the_next_number_and_the_last_place(council, edition):
    new = cycle.add_entry(edition, by=council.manager, kind="risk", title=" Demand ")
    assert (new.reference, new.title, new.direction) == ("CR3", "Demand", Direction.NEW)
    assert edition.snapshots.as_printed().last() == new
    assert new.entry.kind == "risk"
    assert not new.entry.exempt


def test_an_opportunity_is_numbered_among_opportunities(council, edition):
    new = cycle.add_entry(edition, by=council.manager, kind="opportunity", title="Solar")
    assert new.reference == "CO2"


def test_a_gap_in_the_numbers_is_not_filled(council, edition):
    cycle.renumber(edition, {find(edition, "CR1").pk: "CR13"}, by=council.manager)
    assert cycle.next_reference(edition, "risk") == "CR14"


def test_a_reference_that_is_taken_is_refused(council, edition):
    with pytest.raises(errors.ReferenceTaken, match="CR2 is taken in Q2 2026/27"):
        cycle.add_entry(edition, by=council.manager, kind="risk", title="Demand", reference="CR2")
    assert Entry.objects.count() == 3


def test_a_reference_that_can_not_be_printed_is_refused(council, edition):
    with pytest.raises(errors.ReferenceUnusable, match="12 characters at most"):
        cycle.add_entry(
            edition, by=council.manager, kind="risk", title="Demand", reference="CR1234567890123"
        )


def test_an_entry_needs_a_title(council, edition):
    with pytest.raises(errors.TitleMissing):
        cycle.add_entry(edition, by=council.manager, kind="risk", title="  ")


def test_an_exempt_entry_gives_its_reason(council, edition):
    new = cycle.add_entry(
        edition, by=council.manager, kind="risk", title="A claim", exempt_reason="Paragraph 3"
    )
    assert (new.entry.exempt, new.entry.exempt_reason) == (True, "Paragraph 3")


# Endings ------------------------------------------------------------------------------------------


def test_a_closed_entry_leaves_the_edition_and_its_reason_stays(council, edition):
    closed = find(edition, "CR1")
    ended = cycle.close_entry(closed, by=council.manager, reason=" Built. ")
    assert (ended.kind, ended.reason, ended.edition) == (
        Lineage.Statement.CLOSED,
        "Built.",
        edition,
    )
    assert not edition.snapshots.filter(entry=closed.entry_id).exists()
    assert closed.entry not in Entry.objects.live()
    assert find(council.published, "CR1"), "what was published stays"


def test_the_trail_of_a_closed_entry_names_who_closed_it_to_the_last_action(council, edition):
    closed = find(edition, "CR1")
    factories.StrandFactory(snapshot=closed, number=1)
    cycle.close_entry(closed, by=council.manager, reason="Built.")
    for history in (
        Snapshot.history.filter(id=closed.pk),
        Action.history.filter(snapshot_id=closed.pk),
        Strand.history.filter(snapshot_id=closed.pk),
    ):
        deleted = history.filter(history_type="-")
        assert deleted
        for line in deleted:
            assert line.history_user == council.manager
            assert line.history_change_reason == "Closed"


def test_an_entry_is_merged_into_another_of_the_same_edition(council, edition):
    one, other = find(edition, "CR1"), find(edition, "CR2")
    ended = cycle.merge_entry(one, into=other, by=council.manager, reason="The same cause.")
    assert (ended.entry, ended.kind, ended.other) == (one.entry, "merged_into", other.entry)
    assert list(references(edition).values()) == ["CR2", "CO1"]


def test_an_entry_is_succeeded_by_another(council, edition):
    new = cycle.add_entry(edition, by=council.manager, kind="risk", title="Demand")
    ended = cycle.succeed_entry(
        find(edition, "CR1"), successor=new, by=council.manager, reason="Seen more widely."
    )
    assert (ended.kind, ended.other) == ("succeeded_by", new.entry)


def test_an_entry_is_not_merged_into_itself(council, edition):
    one = find(edition, "CR1")
    with pytest.raises(errors.WrongState, match="into itself"):
        cycle.merge_entry(one, into=one, by=council.manager, reason="Why not.")


def test_an_entry_is_not_merged_into_one_of_another_edition_or_one_that_has_gone(council, edition):
    one = find(edition, "CR1")
    with pytest.raises(errors.EntryGone, match="CR2 is not in Q2 2026/27"):
        cycle.merge_entry(
            one, into=find(council.published, "CR2"), by=council.manager, reason="The same."
        )
    gone = find(edition, "CR2")
    cycle.close_entry(find(edition, "CR2"), by=council.manager, reason="Built.")
    with pytest.raises(errors.EntryGone):
        cycle.merge_entry(one, into=gone, by=council.manager, reason="The same.")


def test_an_entry_ends_once(council, edition):
    one = find(edition, "CR1")
    cycle.close_entry(find(edition, "CR1"), by=council.manager, reason="Built.")
    with pytest.raises(errors.EntryGone, match="It was closed, because: Built"):
        cycle.close_entry(one, by=council.manager, reason="Built.")


def test_an_entry_that_a_later_edition_has_is_ended_there(council, edition):
    correction = cycle.reissue(council.published, by=council.manager, reason="Too much in it.")
    with pytest.raises(errors.WrongState, match="Q2 2026/27 has CR1 too, so end it there"):
        cycle.close_entry(find(correction, "CR1"), by=council.manager, reason="Built.")


@pytest.mark.parametrize("verb", [cycle.close_entry, cycle.split_entry])
def test_an_ending_and_a_part_need_a_reason(council, edition, verb):
    more = {"title": "Part"} if verb is cycle.split_entry else {}
    with pytest.raises(errors.ReasonMissing):
        verb(find(edition, "CR1"), by=council.manager, reason=" ", **more)


# Parts --------------------------------------------------------------------------------------------


def test_a_part_is_split_off_and_the_whole_lives_on(council, edition):
    whole = find(edition, "CR1")
    part = cycle.split_entry(
        whole, by=council.manager, title="Recruitment", reason="It has its own plan."
    )
    assert (part.reference, part.owner, part.entry.kind) == ("CR3", whole.owner, "risk")
    split = Lineage.objects.get(entry=part.entry)
    assert (split.kind, split.other, split.reason) == (
        "split_from",
        whole.entry,
        "It has its own plan.",
    )
    assert find(edition, "CR1").entry in Entry.objects.live()


def test_a_part_of_an_exempt_entry_is_exempt(council, edition):
    whole = cycle.add_entry(
        edition, by=council.manager, kind="risk", title="A claim", exempt_reason="Paragraph 3"
    )
    part = cycle.split_entry(whole, by=council.manager, title="Costs", reason="Two claims.")
    assert (part.entry.exempt, part.entry.exempt_reason) == (True, "Paragraph 3")


# Numbers and places -------------------------------------------------------------------------------


def test_two_entries_swap_their_numbers_at_once(council, edition):
    one, two = find(edition, "CR1"), find(edition, "CR2")
    changed = cycle.renumber(edition, {one.pk: "CR2", two.pk: " CR1 "}, by=council.manager)
    assert {snapshot.pk for snapshot in changed} == {one.pk, two.pk}
    assert find(edition, "CR2").pk == one.pk
    assert find(edition, "CR1").pk == two.pk
    assert edition.snapshots.as_printed().first().pk == one.pk, "the places stay"


def test_the_trail_of_a_renumbering_shows_old_and_new_and_nothing_between(council, edition):
    one, two = find(edition, "CR1"), find(edition, "CR2")
    cycle.renumber(edition, {one.pk: "CR2", two.pk: "CR1"}, by=council.manager)
    lines = one.history.order_by("history_id").values_list("reference", "history_change_reason")
    assert list(lines) == [("CR1", "Quarter opened"), ("CR2", "Renumbered")]


@pytest.mark.parametrize(
    ("wanted", "error", "sentence"),
    [
        ({"CR1": "CR2"}, errors.ReferenceTaken, "Two entries would be CR2"),
        ({"CR1": "CR9", "CO1": "CR9"}, errors.ReferenceTaken, "Two entries would be CR9"),
        ({"CR1": " "}, errors.ReferenceUnusable, "would have no number"),
        ({"CR1": "A very long number"}, errors.ReferenceUnusable, "12 characters at most"),
    ],
)
def test_a_renumbering_that_can_not_be_printed_changes_nothing(
    council, edition, wanted, error, sentence
):
    before = references(edition)
    numbers = {find(edition, reference).pk: new for reference, new in wanted.items()}
    with pytest.raises(error, match=sentence):
        cycle.renumber(edition, numbers, by=council.manager)
    assert references(edition) == before


def test_a_whole_register_is_renumbered_for_a_new_year(council, edition):
    numbers = {row.pk: f"N{row.order}" for row in edition.snapshots.all()}
    cycle.renumber(edition, numbers, by=council.manager)
    assert list(references(edition).values()) == ["N1", "N2", "N3"]


def test_the_places_are_set_and_the_trail_names_only_what_moved(council, edition):
    one, two = find(edition, "CR1"), find(edition, "CR2")
    cycle.reorder(edition, {one.pk: 2, two.pk: 1}, by=council.manager)
    assert list(references(edition).values()) == ["CR2", "CR1", "CO1"]
    assert one.history.latest("history_id").history_change_reason == "Reordered"
    assert find(edition, "CO1").history.count() == 1


def test_numbers_of_the_last_quarter_stay_as_they_were_published(council, edition):
    cycle.renumber(edition, {find(edition, "CR1").pk: "CR7"}, by=council.manager)
    assert find(council.published, "CR1").entry == find(edition, "CR7").entry


# Who and when -------------------------------------------------------------------------------------


def every_verb(edition, by):
    one = edition.snapshots.select_related("edition", "entry").as_printed().first()
    other = edition.snapshots.select_related("edition", "entry").as_printed()[1]
    said = {"by": by, "reason": "So decided."}
    return [
        lambda: cycle.add_entry(edition, by=by, kind="risk", title="Demand"),
        lambda: cycle.close_entry(one, **said),
        lambda: cycle.merge_entry(one, into=other, **said),
        lambda: cycle.succeed_entry(one, successor=other, **said),
        lambda: cycle.split_entry(one, title="Part", **said),
        lambda: cycle.renumber(edition, {one.pk: "CR9"}, by=by),
        lambda: cycle.reorder(edition, {one.pk: 9}, by=by),
    ]


@pytest.mark.parametrize("part", ["owner", "committee", "auditor", "nobody"])
def test_only_the_manager_holds_the_pen(council, edition, part):
    for verb in every_verb(edition, getattr(council.cast, part)):
        with pytest.raises(errors.NotAllowed, match="Only the risk manager"):
            verb()


def test_a_published_edition_is_closed_to_the_manager_too(council):
    for verb in every_verb(council.published, council.manager):
        with pytest.raises(errors.EditionAlreadyPublished, match="A correction is a reissue"):
            verb()


def test_entries_may_be_settled_in_review_too(council, edition):
    cycle.start_review(edition, by=council.manager)
    cycle.close_entry(find(edition, "CR2"), by=council.manager, reason="Built.")
    accept_everything(edition, by=council.manager)
    assert cycle.publish(edition, by=council.manager).issue == 1
    assert council.open(NOW.next).snapshots.count() == 2


def test_the_manager_renumbers_and_moves_an_entry_from_its_form(council, edition):
    risk = find(edition, "CR1")
    page = send(
        client(council.manager),
        reverse("admin:registers_snapshot_change", args=[risk.pk]),
        reference="CR7",
        order="9",
    )
    assert page.status_code == 302
    risk.refresh_from_db()
    assert (risk.reference, risk.order) == ("CR7", 9)
    reasons = risk.history.values_list("history_change_reason", flat=True)
    assert {"Renumbered", "Reordered"} <= set(reasons)
