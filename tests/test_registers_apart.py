"""Several registers, one below another: a role on one holds there and below, and nowhere else."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from registers import access, cycle
from registers.cycle.errors import NotAllowed
from registers.domain import prefixes, tree
from registers.importing import review
from registers.models import Edition, Entry, Import, Owner, Question, Register, Snapshot, User
from tests import factories
from tests.admin.filled import client, send
from tests.factories import Cast
from tests.support.pages import words

pytestmark = pytest.mark.django_db

SLUGS = ("corporate", "children", "schools", "highways")


@dataclass
class Council:
    """Corporate; below it Children, with Schools below that, and Highways. In each an edition is
    published and the next one open, with CR1 of `post` and CR2 of `other_post`.
    """

    cast: Cast
    corporate: Register
    children: Register
    schools: Register
    highways: Register


def build() -> Council:
    cast = factories.cast()
    made: dict[str, Register] = {}
    for slug, above in zip(SLUGS, (None, "corporate", "children", "corporate"), strict=True):
        made[slug] = factories.register(slug, parent=made.get(above))
        edition = factories.edition(register=made[slug])
        factories.snapshot(edition, "CR1", owner=cast.post, title=slug)
        factories.snapshot(edition, "CR2", owner=cast.other_post, title=slug)
        factories.publish(edition)
        cycle.ask(edition, None, text=slug, by=cast.committee)
        cycle.open_edition(edition.register, factories.QUARTER.next, by=cast.manager)
        review.begin(edition.register, slug, b"Ref,Risk\nCR1,Roads", by=cast.manager)
    return Council(cast, **made)


@pytest.fixture(scope="module")
def built(common_ground) -> Iterator[Council]:
    with common_ground(build) as council:
        yield council


@pytest.fixture
def council(built, db: None) -> Council:
    return deepcopy(built)


def read(page) -> str:
    return words(page.content.decode())


def with_role(role: str, register: Register) -> User:
    return factories.give(factories.UserFactory(), role, register)


BELOW_CHILDREN = {"children", "schools"}


@pytest.mark.parametrize("role", [access.COMMITTEE, access.MANAGER, access.AUDITOR, access.OWNER])
def test_a_role_holds_on_its_register_and_those_below_it_and_nowhere_else(role, council):
    person = with_role(role, council.children)
    drafts = role in (access.MANAGER, access.AUDITOR)
    seen = Snapshot.objects.visible_to(person)
    assert set(seen.values_list("edition__register__slug", flat=True)) == BELOW_CHILDREN
    assert seen.exclude(edition__state="published").exists() is drafts
    for rows, way in (
        (Edition.objects.visible_to(person), "register__slug"),
        (Entry.objects.visible_to(person), "register__slug"),
        (Question.objects.visible_to(person), "edition__register__slug"),
        (Register.objects.visible_to(person), "slug"),
    ):
        assert set(rows.values_list(way, flat=True)) == BELOW_CHILDREN
    imports = set(Import.objects.visible_to(person).values_list("register__slug", flat=True))
    assert imports == (BELOW_CHILDREN if role == access.MANAGER else set())


def test_a_role_at_the_top_holds_everywhere_below_it(council):
    person = with_role(access.MANAGER, council.corporate)
    assert set(Register.objects.managed_by(person)) == set(Register.objects.all())


def test_roles_on_two_registers_are_not_mixed(council):
    """Who keeps one register and reads another keeps nothing of the other."""
    person = with_role(access.MANAGER, council.schools)
    person = factories.give(person, access.COMMITTEE, council.highways)
    assert set(Register.objects.managed_by(person)) == {council.schools}
    drafts = Snapshot.objects.visible_to(person).exclude(edition__state="published")
    assert set(drafts.values_list("edition__register__slug", flat=True)) == {"schools"}
    with pytest.raises(NotAllowed):
        cycle.set_dates(
            council.highways.editions.open().get(), by=person, deadline=None, committee_on=None
        )


def test_clearance_on_one_register_shows_nothing_exempt_of_another(council):
    Entry.objects.update(exempt=True, exempt_reason="Paragraph 3")
    person = with_role(access.COMMITTEE, council.corporate)
    person = factories.give(person, access.CLEARED, council.schools)
    seen = Snapshot.objects.visible_to(person)
    assert set(seen.values_list("edition__register__slug", flat=True)) == {"schools"}


def test_who_holds_a_post_is_an_owner_of_each_register_it_answers_in(council):
    """My updates shows all that is theirs, and the pages what the committee reads of it."""
    Snapshot.objects.filter(edition__register=council.highways, edition__state="open").update(
        owner=council.cast.other_post
    )
    person = with_role(access.OWNER, council.schools)
    factories.TenureFactory(user=person, owner=council.cast.post)
    person = User.objects.get(pk=person.pk)
    drafts = Snapshot.objects.visible_to(person).exclude(edition__state="published")
    assert set(drafts.values_list("edition__register__slug", flat=True)) == set(SLUGS) - {
        "highways"
    }
    published = Snapshot.objects.visible_to(person).published()
    assert published.filter(reference="CR2").count() == len(SLUGS)


def test_the_roles_of_a_person_come_in_one_query_and_the_tree_in_another(
    council, django_assert_num_queries
):
    person = with_role(access.MANAGER, council.children)
    with django_assert_num_queries(2):
        found = User.objects.with_roles(person.pk)
        assert found.access.at(council.schools.pk).manages
    with django_assert_num_queries(1):
        assert User.objects.with_roles(council.cast.manager.pk).access.everywhere.manages


def test_a_reader_of_another_register_is_of_another_class_there(council):
    """Nor is who reads one register alone of the class of who reads more: pages lead to them."""
    one, same, more = (with_role(access.COMMITTEE, council.schools) for _ in range(3))
    more = factories.give(more, access.COMMITTEE, council.highways)
    of = [person.access.reading_class(council.schools.pk) for person in (one, same, more)]
    assert of[0] == of[1] != of[2] != council.cast.committee.access.reading_class(0)
    assert one.access.reading_class(council.highways.pk) == "none"


def test_a_question_is_told_to_the_managers_that_are_nearest(council):
    of_children = with_role(access.MANAGER, council.children)
    managers = {slug: set(User.objects.who_manage(getattr(council, slug))) for slug in SLUGS}
    assert managers["schools"] == managers["children"] == {of_children}
    assert managers["corporate"] == managers["highways"] == {council.cast.manager}


# The tree -----------------------------------------------------------------------------------------


def test_registers_are_listed_in_the_order_of_the_tree(council):
    assert list(Register.objects.values_list("slug", flat=True)) == list(SLUGS)
    assert [getattr(council, slug).depth for slug in SLUGS] == [0, 1, 2, 1]


def test_a_register_that_moves_takes_those_below_it_along(council):
    person = with_role(access.COMMITTEE, council.highways)
    council.children.parent = council.highways
    council.children.save()
    slugs = list(Register.objects.values_list("slug", flat=True))
    assert slugs == ["corporate", "highways", "children", "schools"]
    person = User.objects.get(pk=person.pk)
    assert {one.slug for one in Register.objects.visible_to(person)} == {*slugs} - {"corporate"}


def test_no_register_stands_below_itself_by_way_of_another(council):
    council.corporate.parent = council.schools
    with pytest.raises(ValidationError, match="Schools stands below Corporate"):
        council.corporate.full_clean()
    moved = f"UPDATE registers_register SET parent_id = {council.schools.pk} WHERE id = "
    with pytest.raises(IntegrityError, match="below"), transaction.atomic():
        connection.cursor().execute(moved + str(council.corporate.pk))


def test_a_place_in_the_tree_says_what_is_above():
    places = tree.places({7: 2, 2: None, 10: 7, 3: None})
    assert sorted(places, key=places.get) == [2, 7, 10, 3]
    assert tree.line(places[10]) == [2, 7, 10]
    with pytest.raises(ValueError, match="below itself"):
        tree.places({1: 2, 2: 1})


def test_a_new_register_gets_prefixes_that_no_other_has():
    assert prefixes.free([]) == ("CR", "CO")
    assert prefixes.free(["CR", "CO", "DR"]) == ("SR", "SO")
    assert prefixes.free([f"{letter}R" for letter in "CDSABEFG"]) == ("HR", "HO")


# Who gives what -----------------------------------------------------------------------------------


def test_a_manager_gives_roles_on_the_own_register_and_the_trail_tells_it(council):
    browser = client(with_role(access.MANAGER, council.children))
    nobody = council.cast.nobody
    role = {"roles__0__user": nobody.pk, "roles__0__role": access.AUDITOR, "roles__0__id": ""}
    page = reverse("admin:registers_register_change", args=[council.schools.pk])
    assert send(browser, page, roles__TOTAL_FORMS=1, **role).status_code == 302
    nobody = User.objects.get(pk=nobody.pk)
    assert {one.slug for one in Register.objects.audited_by(nobody)} == {"schools"}
    trail = read(browser.get(reverse("audit", args=["schools"]), {"kind": "roles"}))
    assert "Auditor" in trail and str(nobody) in trail
    other = reverse("admin:registers_register_change", args=[council.highways.pk])
    assert browser.get(other).status_code == 404


def test_a_manager_does_not_give_out_posts_that_answer_in_another_register(council):
    manager = with_role(access.MANAGER, council.children)
    with pytest.raises(NotAllowed, match="other registers"):
        cycle.give_post(manager, council.cast.post, by=manager)
    own, coming = factories.OwnerFactory(), factories.OwnerFactory()
    council.cast.post.successor = coming
    council.cast.post.save()
    kept = Owner.objects.kept_by(manager)
    assert own in kept and coming not in kept


def test_the_trail_of_a_register_names_no_entry_of_another(council):
    browser = client(with_role(access.AUDITOR, council.children))
    entry = council.highways.entries.first()
    Snapshot.objects.filter(entry=entry, edition__state="open").update(title="Kestrel")
    trail = browser.get(reverse("audit", args=["children"]), {"entry": entry.pk})
    assert trail.status_code == 200 and "Kestrel" not in read(trail)
