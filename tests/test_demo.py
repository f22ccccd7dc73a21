"""The demonstration register has the life that real registers have; each promise is a test."""

from __future__ import annotations

import re
from datetime import date
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from registers import cycle
from registers.demo import content
from registers.demo.content import ContentError, Score
from registers.domain import passages, scale
from registers.domain.quarters import Quarter
from registers.models import (
    Action,
    Direction,
    Edition,
    Entry,
    Lineage,
    Progress,
    Register,
    Snapshot,
    State,
    Tenure,
    User,
)
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

FIRST, LAST = Quarter(2024, 3), Quarter(2026, 2)
UNDER_WAY = Quarter(2026, 3)
OLD_FORM = (Quarter(2024, 3), Quarter(2024, 4))


def at(quarter: Quarter, reference: str) -> Snapshot:
    return Snapshot.objects.get(edition__quarter=quarter, reference=reference)


def life(snapshot: Snapshot) -> list[Snapshot]:
    """What the published editions say of one entry, oldest first."""
    told = Snapshot.objects.published().filter(entry=snapshot.entry).with_content()
    return list(told.order_by("edition__quarter"))


def lives() -> list[list[Snapshot]]:
    return [life(entry.snapshots.first()) for entry in Entry.objects.all()]


def in_last(kind: str) -> list[Snapshot]:
    return list(Snapshot.objects.of_kind(kind).filter(edition__quarter=LAST))


def promises(*, slipped: int) -> list[list[Action]]:
    """The actions, each through its editions, whose date moved at least so many times."""
    by_key: dict[object, list[Action]] = {}
    for action in Action.objects.order_by("snapshot__edition__quarter"):
        by_key.setdefault(action.key, []).append(action)
    return [
        told
        for told in by_key.values()
        if sum(one.due < other.due for one, other in pairwise(told)) >= slipped
    ]


# The editions -----------------------------------------------------------------------------------


def test_eight_quarters_are_published_and_the_ninth_is_open():
    editions = list(Edition.objects.oldest_first())
    assert [edition.quarter for edition in editions] == list(FIRST.until(UNDER_WAY))
    assert [edition.state for edition in editions] == [State.PUBLISHED] * 8 + [State.OPEN]


def test_the_editions_carry_the_dates_of_their_time():
    for edition in Edition.objects.published():
        assert edition.opened_at < edition.deadline < edition.published_at
        assert timezone.localdate(edition.deadline) < edition.prepared_on < edition.committee_on
        assert edition.publications.get().published_at == edition.published_at
        assert Quarter.of(timezone.localdate(edition.deadline)) == edition.quarter


def test_the_open_edition_has_its_deadline_and_committee_day():
    edition = Edition.objects.get(quarter=UNDER_WAY)
    assert timezone.localdate(edition.deadline) == date(2026, 12, 11)
    assert edition.committee_on == date(2027, 1, 26)


def test_the_chain_of_publications_proves_untouched():
    checked = list(cycle.verify(Register.objects.get(slug="corporate")))
    assert len(checked) == 8
    assert [failure for _, failure in checked if failure] == []


def test_the_trail_of_changes_is_of_its_time_and_names_who_it_was():
    first = Snapshot.history.filter(history_change_reason="Updated").earliest("history_date")
    assert timezone.localdate(first.history_date) < date(2024, 12, 14)
    for quarter, holder in ((Quarter(2024, 3), "Peter Lindqvist"), (LAST, "Anjali Rao")):
        finance = at(quarter, "CR1")
        trail = finance.history.exclude(history_change_reason="Renumbered").order_by("history_date")
        told = [(line.history_change_reason, str(line.history_user)) for line in trail]
        assert told[-3:] == [
            ("Updated", holder),
            ("Accepted", "Tessa Marlow"),
            ("Edition published", "Tessa Marlow"),
        ]
        assert trail.last().history_date == finance.edition.published_at


# The entries ------------------------------------------------------------------------------------


def test_about_16_risks_and_5_opportunities_stand_at_the_end():
    assert 15 <= len(in_last("risk")) <= 18
    assert len(in_last("opportunity")) == 5


def test_every_entry_has_the_substance_of_a_real_one():
    for snapshot in Snapshot.objects.published().with_content():
        texts = [snapshot, *snapshot.strands.all()]
        for column in ("consequences", "controls"):
            points = [point for text in texts for point in passages.parse(getattr(text, column))]
            assert 3 <= len(points) <= 12, (snapshot, column)
        assert 2 <= snapshot.actions.count() <= 5, snapshot
        sentences = re.findall(r"[a-z0-9)%][.](?:\s|$)", snapshot.commentary)
        assert 1 <= len(sentences) <= 3, (snapshot, snapshot.commentary)
        assert snapshot.owner and snapshot.owner_text and snapshot.types.exists()


def test_new_entries_come_in_mid_year_and_say_so():
    new = Snapshot.objects.published().filter(direction=Direction.NEW)
    assert {snapshot.edition.quarter for snapshot in new} >= {LAST, Quarter(2024, 4)}
    for snapshot in new:
        assert life(snapshot)[0] == snapshot


def test_a_closed_entry_gives_its_reason_and_is_absent_from_then_on():
    closed = Lineage.objects.filter(kind=Lineage.Statement.CLOSED)
    assert closed.count() >= 3
    for statement in closed:
        assert len(statement.reason) > 40
        last = life(statement.entry.snapshots.first())[-1]
        assert last.edition.quarter.next == statement.edition.quarter


def test_two_entries_were_merged_into_one():
    merged = Lineage.objects.get(kind=Lineage.Statement.MERGED)
    assert merged.entry.snapshots.filter(edition__quarter__gte=merged.edition.quarter).count() == 0
    assert merged.other.snapshots.filter(edition=merged.edition).exists()


def test_one_entry_was_split():
    split = Lineage.objects.get(kind=Lineage.Statement.SPLIT)
    for entry in (split.entry, split.other):
        assert entry.snapshots.filter(edition=split.edition).exists()
    assert not split.entry.snapshots.filter(edition__quarter__lt=split.edition.quarter).exists()


def test_one_entry_was_succeeded_by_another():
    succeeded = Lineage.objects.get(kind=Lineage.Statement.SUCCEEDED)
    assert life(succeeded.entry.snapshots.first())[-1].edition.quarter.next == (
        succeeded.edition.quarter
    )
    assert life(succeeded.other.snapshots.first())[0].edition == succeeded.edition


def test_entries_are_renumbered_at_the_start_of_a_financial_year_and_only_then():
    renumbered = set()
    for told in lives():
        for one, other in pairwise(told):
            if one.reference != other.reference:
                renumbered.add(other.edition.quarter)
    assert renumbered == {Quarter(2025, 1), Quarter(2026, 1)}


def test_the_old_editions_know_scores_but_positions_only_where_the_score_makes_them_certain():
    old = Snapshot.objects.filter(edition__quarter__in=OLD_FORM)
    assert old.filter(impact__isnull=True).count() >= 30
    for snapshot in old:
        assert snapshot.score
        assert snapshot.position == scale.certain_position(snapshot.score)


def test_the_later_editions_know_every_position():
    assert (
        not Snapshot.objects.exclude(edition__quarter__in=OLD_FORM)
        .filter(impact__isnull=True)
        .exists()
    )


def test_a_risk_is_stuck_at_20_for_six_quarters():
    scores = [snapshot.score for snapshot in life(at(LAST, "CR2"))]
    assert scores == [16, 16, 20, 20, 20, 20, 20, 20]


def test_a_residual_score_is_promised_for_ever_and_never_reached():
    told = life(at(LAST, "CR12"))
    assert {snapshot.residual_score for snapshot in told} == {9}
    assert all(snapshot.score > snapshot.residual_score for snapshot in told)
    assert sum(one.residual_by < other.residual_by for one, other in pairwise(told)) >= 5


def test_controls_stand_word_for_word_for_five_quarters_and_more():
    controls = [snapshot.controls for snapshot in life(at(LAST, "CR15"))]
    assert len(set(controls[-5:])) == 1


def test_a_direction_contradicts_the_score():
    before, after = at(Quarter(2025, 2), "CR11"), at(Quarter(2025, 3), "CR11")
    assert (before.score, after.score) == (12, 16)
    assert after.direction == Direction.DOWN
    assert after.override_reason


def test_a_position_moves_while_the_score_stands():
    before, after = at(Quarter(2026, 1), "CR11"), at(LAST, "CR11")
    assert before.score == after.score == 12
    assert before.position != after.position


def test_opportunities_move_up():
    risen = 0
    for snapshot in in_last("opportunity"):
        told = life(snapshot)
        risen += told[-1].score > told[0].score
    assert risen == 5


def test_one_entry_is_exempt_by_paragraph_3_of_schedule_12a():
    exempt = Entry.objects.get(exempt=True)
    assert exempt.exempt_reason.startswith("Paragraph 3")
    assert "Schedule 12A" in exempt.exempt_reason
    assert exempt.snapshots.filter(edition__quarter=LAST).exists()


def test_one_entry_has_three_strands_with_actions_of_their_own():
    finance = at(LAST, "CR1")
    assert [strand.number for strand in finance.strands.all()] == [1, 2, 3]
    assert all(strand.lead and strand.types.exists() for strand in finance.strands.all())
    keys = {action.strand.number for action in Action.objects.filter(strand__isnull=False)}
    assert keys == {1, 2, 3}


def test_one_entry_has_bullets_on_two_levels_and_plain_paragraphs():
    points = passages.parse(at(LAST, "CR5").consequences)
    assert {point.level for point in points} == {0, 1}
    assert any(point.plain for point in points)


def test_the_vocabulary_of_types_changes_with_the_years():
    lgr = life(at(LAST, "CR3"))
    assert "Political" in {type_.name for type_ in lgr[0].types.all()}
    assert "Devolution and reorganisation" in {type_.name for type_ in lgr[-1].types.all()}
    for snapshot in Snapshot.objects.published().with_content():
        day = timezone.localdate(snapshot.edition.opened_at)
        for type_ in snapshot.types.all():
            assert type_.valid_from is None or type_.valid_from <= day, snapshot
            assert type_.valid_to is None or type_.valid_to >= day, snapshot


def test_the_text_evolves_by_words_between_quarters():
    told = life(at(LAST, "CR2"))
    said = [
        next(action.text for action in snapshot.actions.all() if "22 resource bases" in action.text)
        for snapshot in told
    ]
    assert "9 of 22" in said[1] and "14 of 22" in said[3]
    reworded = 0
    for one, other in pairwise(told):
        before, after = (factories.content(row).passage("consequences") for row in (one, other))
        difference = passages.compare(before, after)
        reworded += 0 < difference.added <= 12
    assert reworded >= 3


# The actions ------------------------------------------------------------------------------------


def test_actions_slip_with_their_key_and_give_the_reason():
    slipping = promises(slipped=1)
    assert len(slipping) >= 15
    for told in slipping:
        for one, other in pairwise(told):
            if one.due < other.due:
                assert other.reason, other


def test_an_action_slipped_three_times():
    (go_live,) = [told for told in promises(slipped=3) if "Go live" in told[0].text]
    assert [action.due for action in go_live] == [
        date(2025, 4, 1),
        date(2025, 7, 1),
        date(2025, 10, 1),
        date(2026, 1, 5),
        date(2026, 1, 5),
    ]


def test_a_done_action_moved_nothing():
    mfa = Action.objects.get(status=Action.Status.DONE, text__contains="multi-factor")
    told = life(mfa.snapshot)
    place = told.index(mfa.snapshot)
    assert mfa.target_likelihood < mfa.snapshot.likelihood
    assert told[place - 1].score == told[place].score == told[place + 1].score


def test_actions_are_dropped_with_a_reason():
    dropped = Action.objects.filter(status=Action.Status.DROPPED)
    assert dropped.count() >= 3
    assert all(action.reason for action in dropped)


def test_done_actions_were_completed_before_the_deadline_of_the_edition_that_says_so():
    done = Action.objects.filter(status=Action.Status.DONE)
    assert done.count() >= 50
    for action in done.select_related("snapshot__edition"):
        assert action.completed_on <= timezone.localdate(action.snapshot.edition.deadline), action


# The people -------------------------------------------------------------------------------------


def test_an_owner_changes_post_and_history_says_who_it_was_then():
    ruth = User.objects.get(username="ruth-calloway")
    posts = [tenure.owner.name for tenure in ruth.tenures.order_by("starts")]
    assert posts == [
        "Assistant Director, Adult Commissioning",
        "Executive Director of Adults and Health",
    ]
    adults = Tenure.objects.holders().filter(owner__name=posts[1]).order_by("starts")
    assert [(str(tenure.user), tenure.ends) for tenure in adults] == [
        ("Fiona Brackley", date(2025, 12, 31)),
        ("Ruth Calloway", None),
    ]


def test_an_entry_changes_its_owner():
    owners = {snapshot.owner_text for snapshot in life(at(LAST, "CO5"))}
    assert owners == {"Head of Waste and Energy", "Executive Director of Place"}


def test_at_least_six_more_people_hold_posts_and_cannot_log_in():
    others = User.objects.filter(tenures__isnull=False).exclude(username="owner").distinct()
    assert others.count() >= 6
    assert not any(user.has_usable_password() for user in others)


def test_the_owner_account_holds_a_post_with_entries_in_every_state():
    owner = User.objects.get(username="owner")
    own = Snapshot.objects.filter(
        edition__quarter=UNDER_WAY, owner__in=owner.tenures.current().values("owner")
    )
    assert own.count() >= 3
    assert {snapshot.progress for snapshot in own} == set(Progress.values)
    sent_back = own.exclude(sent_back_because="").get()
    assert sent_back.progress == Progress.DRAFT


def test_each_role_has_one_account_and_what_it_sees_differs():
    user = {name: User.objects.get(username=name) for name in ACCOUNTS}
    rights = {name: one.access.everywhere for name, one in user.items()}
    assert rights["manager"].manages
    assert rights["owner"].updates and not rights["owner"].manages
    assert rights["auditor"].audits and not rights["auditor"].manages
    last = Edition.objects.get(quarter=LAST)

    def seen(name: str) -> int:
        return Snapshot.objects.in_edition(last).visible_to(user[name]).count()

    assert seen("councillor") == seen("manager") - 1
    assert seen("councillor-cleared") == seen("auditor") == seen("manager")


# The command ------------------------------------------------------------------------------------

ACCOUNTS = ("manager", "owner", "councillor", "councillor-cleared", "auditor")


def run_demo() -> str:
    out = StringIO()
    with override_settings(DEBUG=True):
        call_command("demo", stdout=out)
    return out.getvalue()


def counts() -> dict[str, int]:
    models = (Register, Edition, Entry, Snapshot, Action, User, Tenure, Lineage)
    return {model.__name__: model.objects.count() for model in models} | {
        "history": Snapshot.history.count()
    }


def test_loading_it_twice_changes_nothing_and_says_so():
    before = counts()
    passwords = list(User.objects.order_by("pk").values_list("password", flat=True))
    assert "Nothing was changed" in run_demo()
    assert counts() == before
    assert list(User.objects.order_by("pk").values_list("password", flat=True)) == passwords


def test_the_printed_passwords_open_the_accounts(client):
    printed = dict(re.findall(r"^  (\S+)\s+(ashmoor-\S+)", run_demo(), re.MULTILINE))
    assert tuple(printed) == ACCOUNTS
    for username, password in printed.items():
        assert client.login(username=username, password=password), username


def test_a_password_changed_since_is_not_printed_as_if_it_still_held():
    auditor = User.objects.get(username="auditor")
    auditor.set_password("something else altogether")
    auditor.save()
    assert re.search(r"auditor\s+\(changed since\)", run_demo())


def test_it_refuses_without_debug():
    with pytest.raises(CommandError, match="for development only"):
        call_command("demo", stdout=StringIO())


def test_it_leaves_a_register_of_somebody_elses_alone():
    Register.objects.filter(slug="corporate").update(name="Our own register")
    with pytest.raises(CommandError, match="of its own"):
        run_demo()


# The files --------------------------------------------------------------------------------------


def test_a_score_is_a_position_or_a_number_alone():
    assert Score.read("5x4") == Score(20, scale.Position(5, 4))
    assert Score.read(20) == Score(20, None)
    assert Score.read(25) == Score(25, scale.Position(5, 5))


def test_a_mistake_in_a_file_is_named_with_its_quarter(tmp_path):
    (tmp_path / "entries").mkdir()
    for path in content.HERE.glob("*.toml"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    for path in content.HERE.glob("entries/*.toml"):
        text = path.read_text("utf-8").replace("9 of 22 open", "9 of 22 opened")
        text = text.replace('(now 8.3 mm)", "', '(now 8.4 mm)", "')
        (tmp_path / "entries" / path.name).write_text(text, "utf-8")
    with pytest.raises(ContentError, match=r"carrow-bridge\.toml, Q3 2026/27: .* 0 times"):
        content.read(tmp_path)
