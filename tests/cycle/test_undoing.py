"""What was not published can be undone, and an entry that ended can come back with what it said."""

from __future__ import annotations

import pytest

from registers import cycle
from registers.cycle import errors
from registers.models import Action, Lineage, Progress, Snapshot
from tests import factories
from tests.cycle.conftest import NOW, accept_everything, fill_in, find

COLUMNS = [field.attname for field in Snapshot._meta.concrete_fields if "changed" not in field.name]


def said(snapshot) -> dict[str, object]:
    """Everything an edition says of an entry, ids and keys included."""
    return {
        **{column: getattr(snapshot, column) for column in COLUMNS},
        "types": sorted(type_.name for type_ in snapshot.types.all()),
        "strands": [
            (row.pk, row.number, row.title, [type_.name for type_ in row.types.all()])
            for row in snapshot.strands.all()
        ],
        "actions": list(
            snapshot.actions.values_list("pk", "key", "text", "due", "status", "strand", "order")
        ),
    }


def end(edition, reference: str, how: str, by, other: str = "CR2") -> Lineage:
    one, told = find(edition, reference), {"by": by, "reason": "So decided."}
    if how == "close":
        return cycle.close_entry(one, **told)
    if how == "merge":
        return cycle.merge_entry(one, into=find(edition, other), **told)
    return cycle.succeed_entry(one, successor=find(edition, other), **told)


# An ending ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["close", "merge", "succeed"])
def test_an_ending_is_undone_and_the_entry_stands_as_it_stood_to_the_last_action(
    council, edition, how
):
    risk = fill_in(find(edition, "CR1"), by=council.owner)
    part = factories.StrandFactory(snapshot=risk, number=1)
    part.types.add(factories.TypeFactory(name="People"))
    factories.ActionFactory(snapshot=risk, text="Retain", strand=part)
    cycle.submit(find(edition, "CR1"), by=council.owner, override="As planned.")
    before = said(find(edition, "CR1"))
    ended = end(edition, "CR1", how, council.manager)
    assert not edition.snapshots.filter(reference="CR1").exists()

    cycle.undo_ending(ended, by=council.manager)

    assert said(find(edition, "CR1")) == before
    assert not Lineage.objects.exists()


def test_the_trail_keeps_the_ending_and_the_undoing_with_who_did_them(council, edition):
    ended = end(edition, "CR1", "close", council.manager)
    restored = cycle.undo_ending(ended, by=council.manager)
    lines = restored.history.order_by("history_id")
    assert [(line.history_type, line.history_change_reason) for line in lines] == [
        ("+", "Quarter opened"),
        ("-", "Closed"),
        ("+", "Ending undone"),
    ]
    assert {line.history_user for line in lines} == {council.manager}
    assert [line.history_type for line in Lineage.history.order_by("history_id")] == ["+", "-"]


def test_an_entry_is_ended_undone_and_ended_and_undone_again(council, edition):
    before = said(find(edition, "CR1"))
    for how in ("close", "merge"):
        cycle.undo_ending(end(edition, "CR1", how, council.manager), by=council.manager)
    assert said(find(edition, "CR1")) == before


def test_what_was_removed_before_the_ending_stays_removed(council, edition):
    find(edition, "CR1").actions.get(text="Train").delete()
    cycle.undo_ending(end(edition, "CR1", "close", council.manager), by=council.manager)
    assert [action.text for action in find(edition, "CR1").actions.all()] == ["Recruit"]


def test_a_number_that_was_taken_meanwhile_is_left_to_who_has_it(council, edition):
    ended = end(edition, "CR2", "close", council.manager)
    new = cycle.add_entry(edition, by=council.manager, kind="risk", title="Demand")
    assert new.reference == "CR2"
    assert cycle.undo_ending(ended, by=council.manager).reference == "CR3"


def test_an_ending_is_undone_once(council, edition):
    ended = end(edition, "CR1", "close", council.manager)
    cycle.undo_ending(ended, by=council.manager)
    with pytest.raises(errors.WrongState, match="undone already"):
        cycle.undo_ending(ended, by=council.manager)


def test_a_published_ending_is_not_undone(council, edition):
    ended = end(edition, "CR1", "close", council.manager)
    accept_everything(edition, by=council.manager)
    cycle.publish(edition, by=council.manager)
    with pytest.raises(errors.EditionAlreadyPublished):
        cycle.undo_ending(ended, by=council.manager)


def test_an_entry_that_another_was_merged_into_stays_until_that_is_undone(council, edition):
    end(edition, "CR1", "merge", council.manager)
    with pytest.raises(errors.WrongState, match="CR1 is merged into CR2 in Q2 2026/27"):
        end(edition, "CR2", "close", council.manager)


def test_who_still_has_an_ended_entry_open_is_told_into_which_other_it_went(council, edition):
    open_form = find(edition, "CR1")
    end(edition, "CR1", "merge", council.manager)
    with pytest.raises(errors.EntryGone, match="It was merged into CR2, because: So decided"):
        cycle.save_draft(open_form, cycle.Draft(), by=council.owner)


# An addition --------------------------------------------------------------------------------------


def test_an_entry_that_was_added_by_mistake_is_taken_out(council, edition):
    part = cycle.split_entry(
        find(edition, "CR1"), by=council.manager, title="Part", reason="Two causes."
    )
    cycle.take_out(part, by=council.manager)
    assert not edition.snapshots.filter(pk=part.pk).exists()
    assert not Lineage.objects.exists(), "the statement that it was split goes with it"


def test_an_entry_that_was_carried_is_not_taken_out(council, edition):
    with pytest.raises(errors.WrongState, match="End it instead, and say why"):
        cycle.take_out(find(edition, "CR1"), by=council.manager)


def test_an_entry_that_an_issue_of_this_edition_published_is_not_taken_out(council):
    correction = cycle.reissue(council.published, by=council.manager, reason="A mistake.")
    with pytest.raises(errors.WrongState, match="End it instead"):
        cycle.take_out(find(correction, "CR1"), by=council.manager)
    added = cycle.add_entry(correction, by=council.manager, kind="risk", title="Demand")
    cycle.take_out(added, by=council.manager)


def test_an_entry_that_a_statement_names_is_not_taken_out(council, edition):
    new = cycle.add_entry(edition, by=council.manager, kind="risk", title="Demand")
    end(edition, "CR1", "succeed", council.manager, other=new.reference)
    with pytest.raises(errors.WrongState, match="CR1 is succeeded by CR3"):
        cycle.take_out(new, by=council.manager)


# Coming back --------------------------------------------------------------------------------------


def test_adding_again_what_this_edition_has_ended_undoes_the_ending(council, edition):
    before = said(find(edition, "CR1"))
    ended = end(edition, "CR1", "close", council.manager)
    cycle.bring_back(edition, ended.entry, by=council.manager)
    assert said(find(edition, "CR1")) == before
    assert not Lineage.objects.exists()


def turn(council, edition, quarter):
    accept_everything(edition, by=council.manager)
    cycle.publish(edition, by=council.manager)
    return council.open(quarter)


def test_what_a_published_edition_has_ended_comes_back_with_what_it_said_last(council, edition):
    was = find(council.published, "CR1")
    ended = end(edition, "CR1", "close", council.manager)
    later = turn(council, edition, NOW.next)
    back = cycle.bring_back(later, ended.entry, by=council.manager)
    assert (back.reference, back.title, back.consequences, back.score) == (
        "CR1",
        was.title,
        was.consequences,
        was.score,
    )
    assert {action.key for action in back.actions.all()} == {
        was.actions.get(text=text).key for text in ("Recruit", "Train")
    }
    assert back.progress == Progress.TO_UPDATE
    assert Lineage.objects.get().edition == edition, "what was published stays"

    after = turn(council, later, NOW.next.next)
    assert find(after, "CR1").entry == ended.entry, "the next opening carries it"


def test_what_came_back_may_end_again(council, edition):
    ended = end(edition, "CR1", "close", council.manager)
    later = turn(council, edition, NOW.next)
    cycle.bring_back(later, ended.entry, by=council.manager)
    again = end(later, "CR1", "close", council.manager)
    assert (again.entry, Lineage.objects.count()) == (ended.entry, 2)
    cycle.undo_ending(again, by=council.manager)
    assert find(later, "CR1").entry == ended.entry


def test_what_stands_there_is_not_brought_back_a_second_time(council, edition):
    with pytest.raises(errors.WrongState, match="stands in Q2 2026/27 already, as CR1"):
        cycle.bring_back(edition, find(edition, "CR1").entry, by=council.manager)


def test_what_became_of_an_absent_entry_is_said_without_touching_the_edition(council, edition):
    gone = find(edition, "CR1")
    for part in (*gone.actions.all(), gone):
        part.delete()
    cycle.explain_absence(
        edition, gone.entry, statement="closed", by=council.manager, reason="Built."
    )
    with pytest.raises(errors.EntryAlreadyEnded):
        cycle.explain_absence(
            edition, gone.entry, statement="closed", by=council.manager, reason="Built."
        )
    with pytest.raises(errors.WrongState, match=r"CR2 is in Q2 2026/27\. End it there"):
        cycle.explain_absence(
            edition,
            find(edition, "CR2").entry,
            statement="closed",
            by=council.manager,
            reason="Built.",
        )


# An accept ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("in_review", [False, True])
def test_an_accept_is_undone_and_the_entry_waits_again(council, edition, in_review):
    accept_everything(edition, by=council.manager)
    if in_review:
        cycle.start_review(edition, by=council.manager)
    assert cycle.unaccept(find(edition, "CR1"), by=council.manager).progress == Progress.SUBMITTED
    with pytest.raises(errors.WrongState, match="CR1 is submitted: only an accept can be undone"):
        cycle.unaccept(find(edition, "CR1"), by=council.manager)


# Who ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["owner", "committee", "auditor", "nobody"])
def test_only_the_manager_undoes(council, edition, part):
    by = getattr(council.cast, part)
    ended = end(edition, "CR1", "close", council.manager)
    for verb in (
        lambda: cycle.undo_ending(ended, by=by),
        lambda: cycle.take_out(find(edition, "CR2"), by=by),
        lambda: cycle.bring_back(edition, ended.entry, by=by),
        lambda: cycle.unaccept(find(edition, "CR2"), by=by),
    ):
        with pytest.raises(errors.NotAllowed, match="Only the risk manager"):
            verb()
    assert Action.objects.filter(snapshot__edition=edition).count() == 0
