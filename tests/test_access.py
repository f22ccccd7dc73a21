"""Who may see and do what: every role against every sort of row."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from registers import access
from registers.access import Access
from registers.models import Edition, Entry, Snapshot
from tests import factories
from tests.factories import Cast

pytestmark = pytest.mark.django_db

SECRET = {"exempt": True, "exempt_reason": "Schedule 12A, paragraph 3"}

# Rows by name. 'own' ones are the post's that cast.owner holds; the others another post's.
PUBLISHED = {"published", "published own", "published exempt", "published exempt own"}
DRAFTS = {"draft", "draft own", "draft exempt", "draft exempt own"}
OPEN_TO_ALL = {"published", "published own"}
OF_THE_POST = {name for name in PUBLISHED | DRAFTS if name.endswith("own")}

SEES = {
    "committee": OPEN_TO_ALL,
    "cleared": PUBLISHED,
    "owner": OPEN_TO_ALL | OF_THE_POST,
    "delegate": OPEN_TO_ALL | OF_THE_POST,
    "former": OPEN_TO_ALL,
    "other_owner": OPEN_TO_ALL | (PUBLISHED | DRAFTS) - OF_THE_POST,
    "manager": PUBLISHED | DRAFTS,
    "auditor": PUBLISHED | DRAFTS,
    "nobody": set(),
}
CHANGES_WHILE_OPEN = {
    "owner": DRAFTS & OF_THE_POST,
    "delegate": DRAFTS & OF_THE_POST,
    "other_owner": DRAFTS - OF_THE_POST,
    "manager": DRAFTS,
}
PARTS = list(SEES)


@pytest.fixture(scope="module")
def ground(common_ground) -> Iterator[tuple[Cast, dict[str, Snapshot]]]:
    def build() -> tuple[Cast, dict[str, Snapshot]]:
        cast = factories.cast()
        return cast, rows_of(cast)

    with common_ground(build) as ground:
        yield ground


@pytest.fixture
def cast(ground, db: None) -> Cast:
    return deepcopy(ground[0])


@pytest.fixture
def rows(ground, db: None) -> dict[str, Snapshot]:
    return deepcopy(ground[1])


def rows_of(cast: Cast) -> dict[str, Snapshot]:
    """One snapshot of each sort, titled by its name; every entry is in one edition only."""
    made = {}
    for when, quarter in (("published", factories.QUARTER), ("draft", factories.QUARTER.next)):
        edition = factories.edition(quarter)
        for number, (words, secret) in enumerate(
            [("", {}), (" own", {}), (" exempt", SECRET), (" exempt own", SECRET)], start=1
        ):
            post = cast.post if words.endswith("own") else cast.other_post
            name = when + words
            made[name] = factories.snapshot(
                edition, f"CR{number}", title=name, owner=post, **secret
            )
        if when == "published":
            factories.publish(edition)
    return {name: Snapshot.objects.get(pk=row.pk) for name, row in made.items()}


@pytest.mark.parametrize("part", PARTS)
def test_a_person_sees_the_snapshots_of_their_role_and_no_others(part, cast, rows):
    user = getattr(cast, part)
    seen = Snapshot.objects.visible_to(user).values_list("title", flat=True)
    assert set(seen) == SEES[part]
    assert len(seen) == len(set(seen)), "each once"


@pytest.mark.parametrize("part", PARTS)
def test_a_person_sees_an_entry_where_they_see_a_snapshot_of_it(part, cast, rows):
    seen = Entry.objects.visible_to(getattr(cast, part))
    assert set(seen) == {rows[name].entry for name in SEES[part]}


@pytest.mark.parametrize("part", PARTS)
def test_a_person_sees_published_editions_and_the_open_one_if_something_there_is_theirs(
    part, cast, rows
):
    states = {edition.state for edition in Edition.objects.visible_to(getattr(cast, part))}
    drafts = {"open"} if SEES[part] & DRAFTS else set()
    assert states == (drafts | {"published"} if SEES[part] else set())


def test_a_committee_member_can_not_tell_that_there_is_an_open_edition_or_an_exempt_entry(
    cast, rows
):
    assert Edition.objects.visible_to(cast.committee).count() == 1
    assert Entry.objects.visible_to(cast.committee).count() == 2


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("state", ["open", "in_review"])
def test_owners_change_their_own_while_it_is_open_and_the_manager_until_it_is_published(
    part, state, cast, rows
):
    edition = Edition.objects.unpublished().get()
    edition.state = state
    edition.save()
    rows = {name: Snapshot.objects.get(pk=row.pk) for name, row in rows.items()}
    may = getattr(cast, part).access.may_change
    expected = CHANGES_WHILE_OPEN.get(part, set())
    if state == "in_review" and part != "manager":
        expected = set()
    assert {name for name, row in rows.items() if may(row)} == expected


@pytest.mark.parametrize("part", PARTS)
def test_the_trail_is_read_by_manager_and_auditor_and_by_owners_for_their_own(part, cast, rows):
    may = getattr(cast, part).access.may_audit
    own = {
        "owner": OF_THE_POST,
        "delegate": OF_THE_POST,
        "other_owner": set(rows) - OF_THE_POST,
        "manager": set(rows),
        "auditor": set(rows),
    }
    assert {name for name, row in rows.items() if may(row)} == own.get(part, set())


@pytest.mark.parametrize("part", PARTS)
def test_only_the_manager_publishes_and_manages(part, cast, rows):
    can = getattr(cast, part).access
    assert can.may_manage(rows["draft"].edition) is (part == "manager")
    assert can.everywhere.audits is (part in ("manager", "auditor"))


def test_nobody_reads_without_a_login():
    assert not Access.of(AnonymousUser()).anywhere.reads


def test_a_person_who_is_no_longer_active_sees_nothing(cast, rows):
    cast.manager.is_active = False
    assert not Snapshot.objects.visible_to(cast.manager)


def test_clearance_alone_is_no_role(rows):
    cleared = factories.UserFactory(roles=[access.CLEARED])
    assert not Snapshot.objects.visible_to(cleared)


def test_a_superuser_runs_a_new_installation_as_its_manager(rows):
    superuser = factories.UserFactory(is_superuser=True)
    assert set(Snapshot.objects.visible_to(superuser)) == set(rows.values())
    assert superuser.access.everywhere.manages


# Tenure ------------------------------------------------------------------------------------------


def day(offset: int) -> date:
    return timezone.localdate() + timedelta(days=offset)


@pytest.mark.parametrize(
    ("starts", "ends", "in_post"),
    [
        (-9, None, True),
        (0, None, True),
        (1, None, False),
        (-9, -1, False),
        (-9, 0, True),
        (-9, 9, True),
        (1, 9, False),
    ],
)
def test_a_post_is_held_from_the_first_day_to_the_last(starts, ends, in_post):
    tenure = factories.TenureFactory(starts=day(starts), ends=None if ends is None else day(ends))
    assert tenure.user.access.posts == ({tenure.owner_id} if in_post else set())


def test_a_post_gives_nothing_to_one_who_is_not_a_risk_owner():
    user = factories.UserFactory(roles=[access.COMMITTEE])
    factories.TenureFactory(user=user)
    assert user.access.posts == set()


def test_a_person_may_hold_several_posts(cast, rows):
    factories.TenureFactory(owner=cast.other_post, user=cast.owner)
    seen = Snapshot.objects.visible_to(cast.owner).values_list("title", flat=True)
    assert set(seen) == PUBLISHED | DRAFTS


# Reading class: what may be kept for whom --------------------------------------------------------


def test_people_of_one_reading_class_read_the_same_published_rows(cast, rows):
    by_class, register = {}, rows["published"].edition.register_id
    for user in cast.people().values():
        seen = frozenset(Snapshot.objects.published().visible_to(user))
        by_class.setdefault(user.access.reading_class(register), set()).add(seen)
    assert all(len(sets) == 1 for sets in by_class.values())
    assert len(by_class) > 4


def test_owners_of_different_posts_never_share_a_reading_class(cast):
    of = {part: one.access.reading_class(0) for part, one in cast.people().items()}
    assert of["owner"] == of["delegate"] != of["other_owner"]
    assert of["former"] == "public"


def test_who_may_ask_a_question_is_offered_to_on_a_page_of_their_own_class(cast):
    assert cast.committee.access.reading_class(0) == "public-asks"
    assert cast.manager.access.reading_class(0) != cast.auditor.access.reading_class(0)


# Roles -------------------------------------------------------------------------------------------


def test_the_roles_are_there_after_migrating_and_come_with_the_user_in_one_query(
    cast, django_assert_num_queries
):
    with django_assert_num_queries(1):
        found = type(cast.manager).objects.with_roles(cast.cleared.pk)
        assert set(found.role_names()) == {access.COMMITTEE, access.CLEARED}
    assert set(cast.cleared.role_names()) == set(found.role_names())


def test_only_active_people_are_counted_in_a_role(cast):
    factories.UserFactory(roles=[access.MANAGER], is_active=False)
    managers = type(cast.manager).objects.with_role(access.MANAGER)
    assert list(managers) == [cast.manager]
