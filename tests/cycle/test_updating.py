"""Drafts, "no change", submission, and two people at one entry."""

from __future__ import annotations

from uuid import uuid4

import pytest

from registers import cycle
from registers.cycle import Draft, drafts, errors
from registers.models import Action, Progress
from tests import factories
from tests.cycle.conftest import BEFORE, fill_in, find


@pytest.fixture
def risk(edition):
    return find(edition, "CR1")


def submitted(snapshot, *, by):
    return cycle.submit(fill_in(snapshot, by=by), by=by)


# Drafts -------------------------------------------------------------------------------------------


def test_an_owner_saves_a_draft_however_incomplete(council, edition, risk):
    written = {"impact": None, "likelihood": None, "score": None, "controls": "Half a sent"}
    cycle.save_draft(risk, Draft(written), by=council.owner)
    saved = find(edition, "CR1")
    assert (saved.progress, saved.controls, saved.score) == (Progress.DRAFT, "Half a sent", None)
    assert saved.changed_by == council.owner
    assert saved.version == 1


def test_a_delegate_may_do_what_the_owner_may(council, edition, risk):
    submitted(risk, by=council.cast.delegate)
    assert find(edition, "CR1").progress == Progress.SUBMITTED


@pytest.mark.parametrize(
    "part", ["committee", "cleared", "other_owner", "former", "auditor", "nobody"]
)
def test_nobody_else_changes_an_entry(council, risk, part):
    person = getattr(council.cast, part)
    for verb in (
        lambda: cycle.save_draft(risk, Draft(), by=person),
        lambda: cycle.submit(risk, by=person),
        lambda: cycle.state_no_change(risk, by=person, reason="None."),
        lambda: cycle.take_back(risk, by=person),
    ):
        with pytest.raises(errors.NotAllowed, match="not yours to change"):
            verb()


def test_an_owners_change_takes_a_submitted_entry_back_to_draft(council, edition, risk):
    submitted(risk, by=council.owner)
    fill_in(find(edition, "CR1"), by=council.owner, commentary="Better said.")
    assert find(edition, "CR1").progress == Progress.DRAFT


def test_the_managers_change_leaves_it_where_it_is(council, edition, risk):
    submitted(risk, by=council.owner)
    fill_in(find(edition, "CR1"), by=council.manager, commentary="Better spelt.")
    assert find(edition, "CR1").progress == Progress.SUBMITTED


def test_a_form_that_was_opened_before_a_submission_does_not_undo_it(council, edition, risk):
    stale = find(edition, "CR1")
    submitted(risk, by=council.owner)
    fill_in(stale, by=council.manager)
    saved = find(edition, "CR1")
    assert saved.progress == Progress.SUBMITTED
    assert saved.submitted_at is not None


def test_a_form_that_was_opened_before_a_renumbering_does_not_undo_it(council, edition, risk):
    cycle.renumber(edition, {risk.pk: "CR9"}, by=council.manager)
    cycle.reorder(edition, {risk.pk: 40}, by=council.manager)
    fill_in(risk, by=council.owner)
    risk.refresh_from_db()
    assert (risk.reference, risk.order) == ("CR9", 40)


def test_an_owner_does_not_give_an_entry_away_but_the_manager_may(council, edition, risk):
    with pytest.raises(errors.NotAllowed, match="Only the risk manager says whose an entry is"):
        fill_in(risk, by=council.owner, owner=council.cast.other_post)
    assert find(edition, "CR1").owner == council.cast.post
    fill_in(risk, by=council.manager, owner=council.cast.other_post)
    assert find(edition, "CR1").owner == council.cast.other_post


def test_the_printed_name_of_the_owner_before_goes_with_another_post(council, edition, risk):
    fill_in(risk, by=council.manager, owner=None, owner_text="Dir. of something")
    assert find(edition, "CR1").owner_text == "Dir. of something"
    fill_in(risk, by=council.manager, owner=council.cast.post)
    assert find(edition, "CR1").owner_text == ""


def test_what_a_draft_does_not_name_stays(council, edition, risk):
    cycle.save_draft(risk, Draft({"controls": "A new board"}), by=council.owner)
    saved = find(edition, "CR1")
    assert (saved.controls, saved.title, saved.score) == ("A new board", risk.title, risk.score)


def test_a_published_entry_can_not_be_saved(council):
    with pytest.raises(errors.EditionNotOpen, match="Q1 2026/27 is published"):
        fill_in(find(council.published, "CR1"), by=council.owner)
    with pytest.raises(errors.EditionNotOpen):
        fill_in(find(council.published, "CR1"), by=council.manager)


def test_every_save_leaves_a_line_in_the_trail(council, edition, risk):
    fill_in(risk, by=council.owner)
    cycle.submit(risk, by=council.owner)
    lines = list(find(edition, "CR1").history.order_by("history_id"))
    assert [line.history_change_reason for line in lines] == ["Quarter opened", None, "Submitted"]
    assert [line.history_user for line in lines[1:]] == [council.owner, council.owner]


# Two people at once -------------------------------------------------------------------------------


def test_the_second_of_two_people_is_told_who_changed_what_and_overwrites_nothing(council, edition):
    mine, theirs = find(edition, "CR1"), find(edition, "CR1")
    fill_in(theirs, by=council.cast.delegate, controls="Theirs", impact=5, score=25)
    written = Draft({"controls": "Mine"})
    with pytest.raises(errors.ChangedMeanwhile) as refusal:
        cycle.save_draft(mine, written, by=council.owner, version=mine.version)

    told = refusal.value
    assert str(told).startswith(f"{council.cast.delegate} saved this entry")
    assert told.snapshot.controls == "Theirs"
    assert {"controls", "impact", "score"} <= {change.field for change in told.changes}
    assert {change.who for change in told.changes} == {council.cast.delegate}
    assert find(edition, "CR1").controls == "Theirs"


def test_types_and_actions_that_changed_meanwhile_are_named_too(council, edition):
    mine, theirs = find(edition, "CR1"), find(edition, "CR1")
    legal = [factories.TypeFactory(name="Legal")]
    added = Draft({"commentary": "Done.", "types": legal}, actions={uuid4(): {"text": "Retain"}})
    cycle.save_draft(theirs, added, by=council.cast.delegate)
    with pytest.raises(errors.ChangedMeanwhile) as refusal:
        cycle.save_draft(mine, Draft(), by=council.owner, version=mine.version)
    changes = {change.field: change for change in refusal.value.changes}
    assert {"types", "actions", "commentary"} <= set(changes)
    assert changes["actions"].label == "Actions"
    assert changes["commentary"].label == "Commentary"


def test_only_what_changed_since_the_version_that_was_seen_is_named(council, edition):
    fill_in(find(edition, "CR1"), by=council.cast.delegate, controls="First")
    mine = find(edition, "CR1")
    fill_in(find(edition, "CR1"), by=council.cast.delegate, consequences="Second")
    with pytest.raises(errors.ChangedMeanwhile) as refusal:
        cycle.save_draft(mine, Draft(), by=council.owner, version=mine.version)
    assert [change.field for change in refusal.value.changes] == ["consequences"]


def test_somebody_with_two_windows_is_told_that_it_was_themselves(council, edition):
    first, second = find(edition, "CR1"), find(edition, "CR1")
    fill_in(first, by=council.owner)
    with pytest.raises(errors.ChangedMeanwhile, match="You saved this entry in another window"):
        cycle.save_draft(second, Draft(), by=council.owner, version=second.version)


def test_a_renumbering_is_no_reason_to_refuse_a_save(council, edition, risk):
    cycle.renumber(edition, {risk.pk: "CR9"}, by=council.manager)
    cycle.save_draft(risk, Draft(), by=council.owner, version=risk.version)


def test_who_saves_what_was_closed_meanwhile_is_told_so(council, edition, risk):
    cycle.close_entry(find(edition, "CR1"), by=council.manager, reason="It is built.")
    with pytest.raises(errors.EntryGone) as refusal:
        fill_in(risk, by=council.owner)
    assert str(refusal.value) == (
        "CR1 is no longer in Q2 2026/27. It was closed, because: It is built."
    )


def test_to_whom_an_entry_does_not_belong_its_going_is_not_told(council, edition, risk):
    cycle.close_entry(find(edition, "CR1"), by=council.manager, reason="It is built.")
    with pytest.raises(errors.NotAllowed):
        fill_in(risk, by=council.cast.other_owner)


def as_carried(snapshot):
    """What was carried of last quarter, and what is said of this one."""
    columns = [*drafts.CARRIED, "direction", "commentary", "override_reason"]
    actions = snapshot.actions.values_list("key", "text", "lead", "due", "status", "order")
    strands = snapshot.strands.values_list("number", "title", "controls", "direction")
    types = set(snapshot.types.all())
    said = {name: getattr(snapshot, name) for name in columns}
    return said, types, sorted(actions), sorted(strands)


def rewritten(risk, *, by):
    """Much of it is written anew, one action is done, one is added, and a part."""
    return cycle.save_draft(
        risk,
        Draft(
            {"title": "Another", "controls": "", "types": [], "score": 6, "impact": 2}
            | {"likelihood": 3, "direction": "down", "commentary": "All new."},
            {"new": {"number": 1, "title": "Funding"}},
            {key_of(risk, "Train"): {"status": "done"}, uuid4(): {"text": "Retain"}},
        ),
        by=by,
    )


@pytest.mark.parametrize("state", ["saved", "taken back", "sent back"])
def test_whoever_has_begun_can_start_again_until_it_is_submitted(state, council, edition, risk):
    carried = as_carried(risk)
    rewritten(risk, by=council.owner)
    if state != "saved":
        cycle.submit(risk, by=council.owner, override="So it is.")
    if state == "taken back":
        cycle.take_back(risk, by=council.owner)
    if state == "sent back":
        cycle.send_back(risk, by=council.manager, comment="Are you sure?", tell=False)
    again = cycle.start_again(find(edition, "CR1"), by=council.owner)
    assert as_carried(find(edition, "CR1")) == carried
    assert again.progress == Progress.DRAFT
    line = again.history.latest("history_id")
    assert line.history_change_reason == "Started again from Q1 2026/27"


def test_starting_again_leaves_what_an_older_edition_promised(council):
    """It stands in the draft and not in the last edition: somebody brought it back."""
    older = factories.edition(BEFORE - 1)
    entry = council.published.snapshots.get(reference="CR1").entry
    stated = factories.snapshot(older, "CR1", entry=entry)
    promise = factories.ActionFactory(snapshot=stated, text="Promised long ago")
    factories.publish(older)
    edition = council.open()
    risk = find(edition, "CR1")
    factories.ActionFactory(snapshot=risk, text=promise.text, key=promise.key, order=9)
    cycle.save_draft(risk, Draft({"commentary": "Begun"}), by=council.owner)
    again = cycle.start_again(find(edition, "CR1"), by=council.owner)
    assert again.commentary == ""
    assert again.actions.filter(key=promise.key).exists()


def test_what_was_submitted_is_not_started_again(council, edition, risk):
    submitted(risk, by=council.owner)
    for verb in (
        lambda: cycle.start_again(risk, by=council.owner),
        lambda: cycle.state_no_change(risk, by=council.owner, reason="None."),
    ):
        with pytest.raises(errors.WrongState, match="has been submitted"):
            verb()


def test_no_change_is_said_of_what_was_published_not_of_a_draft(council, edition, risk):
    (said, *rest), written = as_carried(risk), {"direction": "level", "commentary": "As it was."}
    rewritten(risk, by=council.owner)
    cycle.state_no_change(find(edition, "CR1"), by=council.owner, reason="As it was.")
    assert as_carried(find(edition, "CR1")) == ({**said, **written}, *rest)


def test_who_starts_again_what_somebody_saved_meanwhile_is_told(council, edition, risk):
    fill_in(find(edition, "CR1"), by=council.cast.delegate, commentary="Much has changed.")
    with pytest.raises(errors.ChangedMeanwhile):
        cycle.start_again(risk, by=council.owner, version=risk.version)


# With its actions and parts -----------------------------------------------------------------------


def key_of(snapshot, text):
    return snapshot.actions.get(text=text).key


def test_one_verb_saves_an_entry_with_its_actions_and_parts(council, edition, risk):
    types = list(risk.types.all())
    kept = risk.actions.get(text="Train")
    slip = factories.ActionFactory(snapshot=risk, text="A slip of the pen", order=5)
    cycle.save_draft(
        risk,
        Draft(
            {"controls": "A new board", "types": types[:1]},
            strands={"new": {"number": 1, "title": "Funding", "types": types}},
            actions={
                kept.key: {"lead": "Head of HR", "strand": "new"},
                slip.key: None,
                uuid4(): {"text": "Retain"},
            },
        ),
        by=council.owner,
    )
    saved = find(edition, "CR1")
    part = saved.strands.get()
    assert (part.heading, set(part.types.all())) == ("1. Funding", set(types))
    assert list(saved.types.all()) == types[:1]
    assert [(one.text, one.lead, one.strand) for one in saved.actions.all()] == [
        ("Recruit", "", None),
        ("Train", "Head of HR", part),
        ("Retain", "", None),
    ]
    gone = Action.history.get(history_type="-")
    assert (gone.text, gone.history_user) == ("A slip of the pen", council.owner)


def test_one_save_is_one_line_in_the_trail_of_each_row_that_it_changes(council, edition, risk):
    led = {key_of(risk, "Recruit"): {"lead": "Head of HR"}}
    draft = Draft({"types": [factories.TypeFactory(name="Legal")]}, actions=led)
    cycle.save_draft(risk, draft, by=council.owner)
    line, before = risk.history.order_by("-history_id")[:2]
    assert [link.type.name for link in line.types.all()] == ["Legal"]
    assert before.history_change_reason == "Quarter opened"
    changed = Action.history.filter(snapshot_id=risk.pk, history_type="~")
    assert [(one.text, one.history_user) for one in changed] == [("Recruit", council.owner)]


def test_the_actions_of_a_part_that_is_taken_out_stay_without_it(council, edition, risk):
    part = risk.strands.create(number=1, title="Funding")
    factories.ActionFactory(snapshot=risk, text="Bid", strand=part)
    cycle.save_draft(risk, Draft(strands={1: None}), by=council.owner)
    assert not risk.strands.exists()
    assert risk.actions.get(text="Bid").strand is None


def test_two_parts_may_swap_their_numbers(council, edition, risk):
    for number, title in ((1, "Funding"), (2, "People")):
        risk.strands.create(number=number, title=title)
    swapped = Draft(strands={1: {"number": 2}, 2: {"number": 1}})
    cycle.save_draft(risk, swapped, by=council.manager)
    assert [part.heading for part in risk.strands.all()] == ["1. People", "2. Funding"]


def test_two_parts_of_one_number_are_refused(council, edition, risk):
    for number, title in ((1, "Funding"), (2, "People")):
        risk.strands.create(number=number, title=title)
    for draft in (Draft(strands={1: {"number": 2}}), Draft(strands={"new": {"number": 2}})):
        with pytest.raises(errors.DraftRefused, match="Two parts have the number 2"):
            cycle.save_draft(risk, draft, by=council.manager)


def test_an_action_of_a_part_that_is_not_there_is_refused(council, edition, risk):
    risk.strands.create(number=1, title="Funding")
    key = key_of(risk, "Train")
    with pytest.raises(errors.DraftRefused, match="has no such part"):
        cycle.save_draft(risk, Draft(actions={key: {"strand": 7}}), by=council.manager)
    going = Draft(strands={1: None}, actions={key: {"strand": 1, "lead": "Head of HR"}})
    cycle.save_draft(risk, going, by=council.manager)
    assert risk.actions.get(key=key).strand is None


def test_an_action_that_was_carried_is_never_taken_out(council, risk):
    with pytest.raises(errors.DraftRefused, match="so it can’t be removed"):
        cycle.save_draft(risk, Draft(actions={key_of(risk, "Recruit"): None}), by=council.manager)
    assert risk.actions.filter(text="Recruit").exists()


def test_what_was_submitted_keeps_its_reasons_when_the_manager_changes_it(council, risk):
    submitted(risk, by=council.owner)
    dropped = Draft(actions={key_of(risk, "Recruit"): {"status": "dropped"}})
    with pytest.raises(errors.DraftRefused, match="is dropped: say why"):
        cycle.save_draft(risk, dropped, by=council.manager)
    cycle.save_draft(risk, dropped, by=council.owner)
    assert risk.actions.get(text="Recruit").status == "dropped", "a draft may be incomplete"


# No change ----------------------------------------------------------------------------------------


def test_no_change_needs_a_reason(council, risk):
    with pytest.raises(errors.ReasonMissing):
        cycle.state_no_change(risk, by=council.owner, reason=" ")


def test_no_change_makes_an_entry_ready_to_be_submitted(council, edition, risk):
    stated = cycle.state_no_change(risk, by=council.owner, reason="The review is in May.")
    cycle.submit(stated, by=council.owner)
    saved = find(edition, "CR1")
    assert saved.progress == Progress.SUBMITTED
    assert saved.no_change_reason == saved.commentary == "The review is in May."
    assert saved.direction == "level"


def test_no_change_is_withdrawn_by_a_change(council, edition, risk):
    cycle.state_no_change(risk, by=council.owner, reason="The review is in May.")
    fill_in(find(edition, "CR1"), by=council.owner, controls="A new board")
    assert find(edition, "CR1").no_change_reason == ""


def test_no_change_stands_when_the_same_is_saved_again(council, edition, risk):
    cycle.state_no_change(risk, by=council.owner, reason="The review is in May.")
    cycle.save_draft(find(edition, "CR1"), Draft(), by=council.owner)
    assert find(edition, "CR1").no_change_reason == "The review is in May."


# Submission ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"owner": None}, "owner"),
        ({"impact": None, "likelihood": None}, "position"),
        ({"residual_impact": None, "residual_likelihood": None}, "residual_position"),
        ({"direction": ""}, "direction"),
        ({"commentary": "  "}, "commentary"),
    ],
)
def test_a_submission_needs_owner_positions_direction_and_commentary(
    council, edition, risk, missing, field
):
    fill_in(risk, by=council.manager, **missing)
    with pytest.raises(errors.NotReady) as refusal:
        cycle.submit(risk, by=council.manager, override="All the same.")
    assert [problem.field for problem in refusal.value.problems] == [field]
    assert find(edition, "CR1").progress == Progress.DRAFT


def test_an_entry_as_it_was_opened_lacks_direction_and_commentary(council, risk):
    with pytest.raises(errors.NotReady) as refusal:
        cycle.submit(risk, by=council.owner)
    assert [problem.field for problem in refusal.value.problems] == ["direction", "commentary"]


def test_strands_may_say_direction_and_commentary_instead(council, edition, risk):
    fill_in(risk, by=council.owner, direction="", commentary="")
    one = factories.StrandFactory(snapshot=risk, number=1, direction="up", commentary="Worse.")
    two = factories.StrandFactory(snapshot=risk, number=2, direction="level")
    with pytest.raises(errors.NotReady) as refusal:
        cycle.submit(risk, by=council.owner)
    assert [problem.field for problem in refusal.value.problems] == ["commentary"]
    two.commentary = one.commentary
    two.save()
    cycle.submit(risk, by=council.owner)


WORSE = {"residual_impact": 5, "residual_likelihood": 5, "residual_score": 25}
EQUAL = {"residual_impact": 5, "residual_likelihood": 4, "residual_score": 20}
LOWER = {"residual_impact": 2, "residual_likelihood": 2, "residual_score": 4}


@pytest.mark.parametrize(
    ("reference", "values", "field", "sentence"),
    [
        ("CR1", WORSE, "residual_position", "The residual score (25) is above the score now (20)"),
        ("CR1", EQUAL, "residual_position", "The residual score equals the score now (20)"),
        ("CO1", LOWER, "residual_position", "The residual score (4) is below the score now (9)"),
        ("CR1", {"direction": "down"}, "direction", "“Down”, but the score stays at 20"),
        (
            "CR1",
            {"impact": 5, "score": 25},
            "direction",
            "“Level”, but the score went from 20 to 25",
        ),
        ("CO1", {"direction": "up"}, "direction", "“Up”, but the score stays at 9"),
    ],
)
def test_what_looks_contradictory_wants_a_reason_and_passes_with_one(
    council, edition, reference, values, field, sentence
):
    snapshot = fill_in(find(edition, reference), by=council.owner, **values)
    with pytest.raises(errors.NeedsReason) as refusal:
        cycle.submit(snapshot, by=council.owner)
    (doubt,) = refusal.value.warnings
    assert doubt.field == field
    assert sentence in doubt.sentence

    cycle.submit(snapshot, by=council.owner, override="So decided in May.")
    saved = find(edition, reference)
    assert saved.progress == Progress.SUBMITTED
    assert saved.override_reason == "So decided in May."


@pytest.mark.parametrize(("reference", "values"), [("CR1", LOWER), ("CO1", WORSE)])
def test_for_an_opportunity_the_residual_score_is_the_higher_one(
    council, edition, reference, values
):
    cycle.submit(fill_in(find(edition, reference), by=council.owner, **values), by=council.owner)


def test_a_done_action_without_movement_wants_a_reason(council, edition, risk):
    fill_in(risk, by=council.owner)
    action = risk.actions.first()
    action.status = "done"
    action.save()
    with pytest.raises(errors.NeedsReason, match="An action is done this quarter, but the score"):
        cycle.submit(risk, by=council.owner)


def test_a_done_action_with_movement_does_not(council, edition, risk):
    values = {"likelihood": 4, "score": 16, "direction": "down"}
    fill_in(risk, by=council.owner, **values)
    risk.actions.update(status="done")
    cycle.submit(risk, by=council.owner)


def test_a_reason_that_is_not_needed_is_not_kept(council, edition, risk):
    fill_in(risk, by=council.owner)
    cycle.submit(risk, by=council.owner, override="Just in case.")
    assert find(edition, "CR1").override_reason == ""


def test_a_reason_does_not_outlive_the_scores_it_was_given_for(council, edition, risk):
    fill_in(risk, by=council.owner, **EQUAL)
    cycle.submit(risk, by=council.owner, override="The plan is being rewritten.")
    again = fill_in(find(edition, "CR1"), by=council.owner, **WORSE)
    with pytest.raises(errors.NeedsReason):
        cycle.submit(again, by=council.owner)


def test_what_was_submitted_is_not_submitted_twice(council, edition, risk):
    submitted(risk, by=council.owner)
    with pytest.raises(errors.WrongState, match="CR1 has been submitted already"):
        cycle.submit(find(edition, "CR1"), by=council.owner)


def test_a_new_entry_has_nothing_to_contradict(council, edition):
    new = cycle.add_entry(
        edition, by=council.manager, kind="risk", title="Demand", owner=council.cast.post
    )
    values = {"impact": 3, "likelihood": 4, "score": 12, "direction": "new", **LOWER}
    cycle.submit(fill_in(new, by=council.owner, **values), by=council.owner)


def test_a_submitted_entry_can_be_taken_back_an_accepted_one_can_not(council, edition, risk):
    submitted(risk, by=council.owner)
    cycle.take_back(risk, by=council.owner)
    assert find(edition, "CR1").progress == Progress.DRAFT
    cycle.submit(risk, by=council.owner)
    cycle.accept(risk, by=council.manager)
    with pytest.raises(errors.WrongState, match="only a submitted entry"):
        cycle.take_back(risk, by=council.owner)


def test_no_change_is_withdrawn_by_a_change_of_an_action(council, edition):
    risk = find(edition, "CR1")
    cycle.state_no_change(risk, by=council.owner, reason="Nothing has moved.")
    action = risk.actions.first()
    said = cycle.Draft(actions={action.key: {"text": "Something else"}})
    kept = cycle.save_draft(find(edition, "CR1"), said, by=council.owner)
    assert kept.no_change_reason == ""


def test_no_change_stands_while_the_same_is_saved_again(council, edition):
    risk = find(edition, "CR1")
    cycle.state_no_change(risk, by=council.owner, reason="Nothing has moved.")
    action = risk.actions.first()
    said = cycle.Draft(actions={action.key: {"text": action.text}})
    kept = cycle.save_draft(find(edition, "CR1"), said, by=council.owner)
    assert kept.no_change_reason == "Nothing has moved."
