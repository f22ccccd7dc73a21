"""What the database refuses: each rule by its name, with the sentence that a person is told.

Every constraint has a row here that breaks it and nothing else.
"""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from registers import access
from registers.models import (
    Action,
    ColumnMeaning,
    FeedToken,
    FlagAnswer,
    Import,
    Job,
    KeptStandings,
    Lineage,
    Notice,
    PackText,
    Proposal,
    Publication,
    Question,
    Register,
    RegisterRole,
    Reissue,
    Sending,
    StoredFile,
    Type,
    freeze,
)
from tests import factories

pytestmark = pytest.mark.django_db

NOW = timezone.now()
LATER = factories.QUARTER.next


def register(**values):
    return Register(**{"name": "Other", "slug": "other", **values})


def own_parent():
    row = factories.register()
    row.parent = row
    return row


def role(**values):
    person = factories.UserFactory(roles=())
    said = {"user": person, "register": factories.register(), "role": access.AUDITOR}
    return RegisterRole(**{**said, **values})


def second_role():
    first = role()
    first.save()
    return role(user=first.user)


def edition(**values):
    return factories.EditionFactory.build(register=factories.register(), **values)


def same_quarter():
    return edition(quarter=factories.edition(state="in_review").quarter)


def second_open_edition():
    factories.edition()
    return edition(quarter=LATER)


def first_snapshot():
    return factories.snapshot(factories.edition())


def snapshot(**values):
    """A second row of an edition that has CR1 already; correct but for the values."""
    edition = first_snapshot().edition
    entry = factories.EntryFactory(register=edition.register)
    defaults = {"edition": edition, "entry": entry, "reference": "CR2", "owner": None}
    return factories.SnapshotFactory.build(**{**defaults, **values})


def same_entry():
    row = snapshot()
    row.entry = row.edition.snapshots.get().entry
    return row


def action(**values):
    return factories.ActionFactory.build(snapshot=first_snapshot(), **values)


def same_action():
    first = factories.ActionFactory(snapshot=first_snapshot())
    return Action(snapshot=first.snapshot, key=first.key, text="Again")


def same_strand():
    first = factories.StrandFactory(snapshot=first_snapshot())
    return factories.StrandFactory.build(snapshot=first.snapshot, number=first.number)


def flag_answer(**values):
    said = {"code": "stuck", "reason": "So be it.", "until": NOW.date(), "asked": "At 16."}
    return FlagAnswer(**{"proof": "0" * 64, **said, **values})


def flag_answered_twice():
    first = flag_answer(snapshot=first_snapshot())
    first.save()
    return flag_answer(snapshot=first.snapshot)


def lineage(**values):
    opened = factories.edition()
    entry = factories.EntryFactory(register=opened.register)
    defaults = {"entry": entry, "kind": "closed", "edition": opened, "reason": "It is over."}
    return Lineage(**{**defaults, **values})


def merged_into_itself():
    row = lineage(kind="merged_into")
    row.other = row.entry
    return row


def form_sent_twice():
    first = Sending(person=factories.UserFactory(), token="a" * 32, at=timezone.now())
    first.save()
    return Sending(person=first.person, token=first.token, at=first.at)


def job(**values):
    person = factories.UserFactory()
    return Job(**{"kind": "count", "asked_by": person, "asked_at": NOW, **values})


def applied_to_no_quarter():
    file = StoredFile.of("register.csv", b"Ref")
    file.save()
    return Import(register=factories.register(), file=file, state=Import.State.APPLIED)


def second_meaning():
    meaning = {"register": factories.register(), "heading": "net score"}
    ColumnMeaning.objects.create(**meaning, field="score")
    return ColumnMeaning(**meaning, field="residual")


def paragraph_twice():
    first = PackText.objects.create(edition=factories.edition(), name="purpose", text="So.")
    return PackText(edition=first.edition, name=first.name, text="Again.")


def token_of_a_name_twice():
    first = FeedToken.objects.create(user=factories.UserFactory(), name="Dashboard", digest="1")
    return FeedToken(user=first.user, name=first.name, digest="2")


def second_end():
    row = lineage()
    row.save()
    other = factories.EntryFactory(register=row.edition.register)
    return Lineage(
        entry=row.entry, kind="merged_into", other=other, edition=row.edition, reason="Again."
    )


def own_successor():
    owner = factories.OwnerFactory()
    owner.successor = owner
    return owner


def tenure_backwards():
    owner, user = factories.OwnerFactory(), factories.UserFactory()
    return factories.TenureFactory.build(
        owner=owner, user=user, starts="2026-04-02", ends="2026-04-01"
    )


def type_appetite(**values):
    return apps.get_model("registers.TypeAppetite")(
        **{"register": factories.register(), "type": factories.TypeFactory(), **values}
    )


def second_appetite():
    type_appetite(appetite=8).save()
    return type_appetite(appetite=9)


def publication(**values):
    """Another publication beside the first, correct but for the values."""
    first = factories.published().publications.get()
    defaults = {
        "register": first.register,
        "edition": first.edition,
        "issue": 2,
        "sequence": 2,
        "document": "{}",
        "digest": "0" * 64,
        "reason": "A wrong score.",
        "published_by": factories.UserFactory(),
    }
    return Publication(**{**defaults, **values})


def reissue(**values):
    defaults = {"edition": factories.published(), "issue": 1, "reason": "A wrong score."}
    return Reissue(**{**defaults, **values}, decided_by=factories.UserFactory())


def second_correction():
    first = reissue()
    first.save()
    return Reissue(edition=first.edition, issue=1, reason="Again.", decided_by=first.decided_by)


def notice(**values):
    """A notice beside another of the same person and day, correct but for the values."""
    snapshot = first_snapshot()
    user = factories.UserFactory()
    defaults = {
        "recipient": user,
        "edition": snapshot.edition,
        "snapshot": snapshot,
        "day": "2026-04-01",
    }
    Notice.objects.create(kind="reminder", **defaults)
    Notice.objects.create(kind="sent_back", version=1, **defaults)
    return Notice(**{**defaults, "kind": "opened", **values})


BANDS = (
    "Bands rise from 1 to 25: medium starts above 1, high above medium and very high above high."
)
APPETITE = "Appetite is a number from 1 to 25."


def of_scores(prefix, words):
    """The three rules that hold of the score now, the residual and the inherent one alike."""
    impact, likelihood, score = (f"{prefix}{name}" for name in ("impact", "likelihood", "score"))
    name = f"snapshot_{prefix or 'current_'}"
    return {
        f"{name}position_is_known_whole_or_not_at_all": (
            lambda: snapshot(**{impact: 4, likelihood: None, score: 20}),
            f"{words}: give both impact and likelihood, each 1 to 5, or neither.",
        ),
        f"{name}score_is_impact_times_likelihood": (
            lambda: snapshot(**{impact: 4, likelihood: 5, score: 16}),
            f"{words}: the score is impact times likelihood.",
        ),
        f"{name}score_is_one_of_the_5x5": (
            lambda: snapshot(**{impact: None, likelihood: None, score: 7}),
            f"{words}: a score is two levels from 1 to 5 multiplied, such as 12 or 20.",
        ),
    }


# Name → what breaks it, and what a person is told. None: only the program writes such rows.
def question(**values):
    edition = factories.edition()
    given = {"edition": edition, "asked_by": factories.UserFactory(), "text": "Why?"}
    return Question(**{**given, **values})


def told_twice_of_a_question():
    asked = question()
    asked.save()
    values = {"kind": "asked", "recipient": asked.asked_by, "edition": asked.edition, "day": NOW}
    first = Notice(question=asked, **values)
    first.save()
    return Notice(question=asked, **values)


def proposal(**values):
    snapshot = first_snapshot()
    said = {"entry": snapshot.entry, "edition": snapshot.edition, "to": factories.register("top")}
    said |= {"called": "CR1 Roofs", "reason": "So.", "proposed_by": factories.UserFactory()}
    return Proposal(**{**said, **values})


def second_proposal():
    first = proposal()
    first.save()
    said = {"entry": first.entry, "edition": first.edition, "to": first.to}
    return Proposal(**said, called="CR1", reason="Again.", proposed_by=first.proposed_by)


def told_twice_of_a_proposal():
    asked = proposal()
    asked.save()
    values = {"kind": "proposed", "recipient": asked.proposed_by, "edition": asked.edition}
    Notice(proposal=asked, day=NOW, **values).save()
    return Notice(proposal=asked, day=NOW, **values)


def kept_twice():
    first = KeptStandings(edition=factories.edition(), issue=1, made_by="x")
    first.save()
    return KeptStandings(edition=first.edition, issue=1, made_by="y")


CASES = {
    "a_job_has_ended_if_it_is_done_or_failed": (lambda: job(state="done"), None),
    "a_failed_job_says_why": (lambda: job(state="failed", ended_at=NOW), None),
    "a_running_job_gives_signs_of_life": (lambda: job(state="running"), None),
    "a_job_does_no_more_than_all": (lambda: job(total=2, done=3), None),
    "a_stored_file_is_not_empty": (lambda: StoredFile.of("register.csv", b""), None),
    "an_import_is_applied_to_a_quarter": (applied_to_no_quarter, None),
    "a_heading_means_one_thing_in_a_register": (second_meaning, None),
    "a_pack_has_each_paragraph_once": (paragraph_twice, None),
    "a_person_has_each_name_of_a_token_once": (
        token_of_a_name_twice,
        "You have a token of this name. Choose another name.",
    ),
    "a_question_asks_something": (lambda: question(text=""), "Write your question."),
    "an_answer_has_a_text_and_a_day": (lambda: question(answer="So."), "Write your answer."),
    "a_question_is_answered_or_withdrawn_not_both": (
        lambda: question(answer="So.", answered_at=NOW, withdrawn_at=NOW),
        None,
    ),
    "a_person_is_told_once_of_a_question": (told_twice_of_a_question, None),
    "a_person_is_told_once_of_a_step_of_a_proposal": (told_twice_of_a_proposal, None),
    "a_proposal_gives_its_reason": (
        lambda: proposal(reason=""),
        "Say why it belongs in the other register.",
    ),
    "an_entry_is_proposed_to_one_register_at_a_time": (
        second_proposal,
        "This entry is proposed to another register already.",
    ),
    "a_decided_proposal_was_accepted_or_declined": (lambda: proposal(decided_at=NOW), None),
    "a_proposal_is_decided_or_withdrawn_not_both": (
        lambda: proposal(decided_at=NOW, refusal="No.", withdrawn_at=NOW),
        None,
    ),
    "a_move_between_registers_says_what_it_is_called_there": (
        lambda: lineage(kind="escalated_to"),
        "An entry of another register is named by its number there and by the register.",
    ),
    "the_standings_of_an_issue_are_kept_once": (kept_twice, None),
    "register_bands_rise_from_1_to_25": (lambda: register(medium_from=12), BANDS),
    "register_appetite_is_a_score_up_to_25": (lambda: register(appetite=26), APPETITE),
    "register_is_not_its_own_parent": (own_parent, "A register can't stand below itself."),
    "a_role_is_held_once_on_a_register": (
        second_role,
        "This person holds this role on this register already.",
    ),
    "a_role_on_a_register_is_one_of_ours": (
        lambda: role(role="Owl keeper"),
        "Choose a role from the list.",
    ),
    "type_is_in_use_from_before_it_ends": (
        lambda: Type(name="Brief", valid_from="2026-04-02", valid_to="2026-04-01"),
        "A type's first day of use comes before its last.",
    ),
    "a_type_has_one_appetite_in_a_register": (
        second_appetite,
        "This type already has an appetite in this register.",
    ),
    "appetite_of_a_type_is_a_score_up_to_25": (lambda: type_appetite(appetite=0), APPETITE),
    "edition_bands_rise_from_1_to_25": (lambda: edition(very_high_from=26), BANDS),
    "edition_appetite_is_a_score_up_to_25": (lambda: edition(appetite=0), APPETITE),
    "a_register_has_one_edition_a_quarter": (
        same_quarter,
        "This register already has an edition for this quarter.",
    ),
    "a_register_has_one_open_edition": (
        second_open_edition,
        "This register already has an open edition. Publish it before opening another.",
    ),
    "an_exempt_entry_gives_its_reason": (
        lambda: factories.EntryFactory.build(register=factories.register(), exempt=True),
        "An exempt entry names the paragraph of Schedule 12A that makes it so.",
    ),
    "only_a_closure_names_no_other_entry": (
        lambda: lineage(kind="merged_into"),
        "Name the other entry that this one was merged into, split from or succeeded by; "
        "a closure names none.",
    ),
    "an_entry_has_no_lineage_with_itself": (
        merged_into_itself,
        "An entry can't be merged with or split from itself.",
    ),
    "lineage_gives_its_reason": (lambda: lineage(reason=""), "Say why."),
    "a_form_is_sent_once": (form_sent_twice, "This form has been sent already."),
    "an_entry_ends_once_in_an_edition": (
        second_end,
        "This entry has already been closed, merged or succeeded.",
    ),
    "an_owner_does_not_succeed_itself": (own_successor, "A post can't be its own successor."),
    "a_tenure_starts_before_it_ends": (
        tenure_backwards,
        "A person's first day in a post comes before the last.",
    ),
    "an_edition_says_one_thing_of_an_entry": (
        same_entry,
        "This edition already has this entry.",
    ),
    "a_reference_is_used_once_in_an_edition": (
        lambda: snapshot(reference="CR1"),
        "Another entry of this edition has this reference.",
    ),
    "a_snapshot_has_a_reference_and_a_title": (
        lambda: snapshot(title=""),
        "An entry has a reference and a title.",
    ),
    **of_scores("", "Score"),
    **of_scores("residual_", "Residual score"),
    **of_scores("inherent_", "Inherent score"),
    "a_strand_has_a_number_of_its_own": (
        same_strand,
        "Another strand of this entry has this number.",
    ),
    "an_action_stands_once_in_a_snapshot": (
        same_action,
        "This action already stands in this entry.",
    ),
    "an_action_has_a_text": (lambda: action(text=""), "Say what is to be done."),
    "only_a_done_action_has_a_day_of_completion": (
        lambda: action(completed_on="2026-04-01"),
        "An action completed on a day has the status Done.",
    ),
    "an_action_moves_levels_from_1_to_5": (
        lambda: action(target_impact=6),
        "Impact and likelihood are levels from 1 to 5.",
    ),
    "a_flag_is_answered_once_in_an_edition": (
        flag_answered_twice,
        "This flag is answered already.",
    ),
    "an_answer_to_a_flag_has_a_reason": (
        lambda: flag_answer(snapshot=first_snapshot(), reason=""),
        "Say why it is tolerated.",
    ),
    "an_issue_is_published_once": (lambda: publication(issue=1), None),
    "a_chain_has_one_publication_at_each_place": (lambda: publication(sequence=1), None),
    "a_correction_gives_its_reason": (lambda: publication(reason=""), None),
    "an_issue_is_corrected_once": (second_correction, None),
    "a_decision_to_correct_gives_its_reason": (lambda: reissue(reason=""), None),
    "a_person_is_told_once_a_day_of_an_edition": (lambda: notice(kind="reminder"), None),
    "a_person_is_told_once_that_an_entry_was_sent_back": (
        lambda: notice(kind="sent_back", version=1),
        None,
    ),
    "a_notice_is_sent_or_withdrawn_not_both": (
        lambda: notice(sent_at=NOW, withdrawn_at=NOW),
        None,
    ),
}


def constraints():
    for model in apps.get_app_config("registers").get_models():
        for constraint in model._meta.constraints:
            yield model, constraint


def test_every_constraint_has_a_row_here_that_breaks_it():
    assert {constraint.name for _, constraint in constraints()} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_the_database_refuses_the_row(name):
    build, _ = CASES[name]
    row = build()
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        models.Model.save(row)
    assert proof(type(row), name) in str(refusal.value)


def proof(model, name):
    """What the database says: the rule's name, but SQLite names the columns of a unique one.

    Where a row that is kept for good would be in the way, SQLite's trigger speaks first.
    """
    constraint = next(c for c in model._meta.constraints if c.name == name)
    if connection.vendor == "sqlite" and isinstance(constraint, models.UniqueConstraint):
        if model._meta.db_table in freeze.APPEND_ONLY:
            return freeze.KEPT
        columns = [model._meta.get_field(field).column for field in constraint.fields]
        return ", ".join(f"{model._meta.db_table}.{column}" for column in columns)
    return name


@pytest.mark.parametrize("name", CASES)
def test_a_form_refuses_the_row_before_the_database_has_to(name):
    build, _ = CASES[name]
    with pytest.raises(ValidationError):
        build().full_clean()


@pytest.mark.parametrize("name", [name for name, (_, told) in CASES.items() if told])
def test_a_person_is_told_the_rule_in_a_sentence(name):
    build, told = CASES[name]
    with pytest.raises(ValidationError) as refusal:
        build().validate_constraints()
    assert refusal.value.messages == [told]


@pytest.mark.parametrize("prefix", ["", "residual_", "inherent_"])
@pytest.mark.parametrize(("impact", "likelihood"), [(0, 4), (6, 1), (4, 0), (2, 6)])
def test_a_level_outside_1_to_5_is_refused(prefix, impact, likelihood):
    values = {"impact": impact, "likelihood": likelihood, "score": impact * likelihood}
    row = snapshot(**{f"{prefix}{name}": value for name, value in values.items()})
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Model.save(row)
    with pytest.raises(ValidationError):
        row.full_clean()


@pytest.mark.parametrize("score", [1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16, 20, 25, None])
def test_a_score_may_stand_without_a_position(score):
    row = snapshot(impact=None, likelihood=None, score=score)
    row.full_clean()
    row.save()
    assert row.position is None


def test_an_older_edition_may_be_in_review_beside_an_open_one():
    for state, quarter in (("open", LATER), ("in_review", factories.QUARTER)):
        row = edition(quarter=quarter, state=state)
        row.full_clean()
        row.save()
