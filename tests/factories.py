"""Rows to test with: factories for single rows, builders for what hangs together.

edition = factories.EditionFactory(quarter=Quarter(2026, 3))
risk = factories.snapshot(edition, "CR1", impact=4, likelihood=5)
factories.publish(edition)
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import factory
from django.contrib.auth.models import Group
from django.utils import timezone
from factory.django import DjangoModelFactory

from registers import access, cycle, models
from registers.cycle import rows
from registers.domain import scale
from registers.domain.content import Content
from registers.domain.quarters import Quarter
from registers.models import Direction, Kind, Progress
from registers.reading.contents import terms, whole

PASSWORD = "correct-horse-battery"
QUARTER = Quarter(2026, 1)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = models.User
        skip_postgeneration_save = True

    username = factory.Sequence("person{}".format)
    email = factory.LazyAttribute("{0.username}@ashmoor.example".format)
    first_name = factory.Faker("first_name")
    last_name = factory.Faker("last_name")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def roles(self, create: bool, names: tuple[str, ...] | None) -> None:
        """`UserFactory(roles=[access.MANAGER])`; the groups are the ones migrations made."""
        if create and names:
            self.groups.set(Group.objects.filter(name__in=names))


def give(
    person: models.User, role: str, register: models.Register, *, by: models.User | None = None
) -> models.User:
    """The person with a role on a register and those below it, as the next request finds them."""
    models.RegisterRole.objects.create(user=person, role=role, register=register, changed_by=by)
    return models.User.objects.get(pk=person.pk)


class RegisterFactory(DjangoModelFactory):
    class Meta:
        model = models.Register
        django_get_or_create = ("slug",)

    name = factory.LazyAttribute(lambda register: register.slug.replace("-", " ").capitalize())
    slug = "corporate"


class OwnerFactory(DjangoModelFactory):
    class Meta:
        model = models.Owner
        django_get_or_create = ("name",)

    name = factory.Sequence("Director {}".format)


class TenureFactory(DjangoModelFactory):
    class Meta:
        model = models.Tenure

    owner = factory.SubFactory(OwnerFactory)
    user = factory.SubFactory(UserFactory, roles=[access.OWNER])
    starts = date(2020, 1, 1)


class TypeFactory(DjangoModelFactory):
    class Meta:
        model = models.Type
        django_get_or_create = ("name",)

    name = "Economic"


class EntryFactory(DjangoModelFactory):
    class Meta:
        model = models.Entry

    register = factory.SubFactory(RegisterFactory)
    kind = Kind.RISK


class EditionFactory(DjangoModelFactory):
    class Meta:
        model = models.Edition

    register = factory.SubFactory(RegisterFactory)
    quarter = QUARTER


class SnapshotFactory(DjangoModelFactory):
    """A risk of its own at 4×5, brought to 3×3, complete enough to be submitted."""

    class Meta:
        model = models.Snapshot
        skip_postgeneration_save = True

    edition = factory.SubFactory(EditionFactory)
    entry = factory.SubFactory(EntryFactory, register=factory.SelfAttribute("..edition.register"))
    reference = factory.Sequence(lambda number: f"CR{number + 1}")
    order = factory.Sequence(lambda number: number + 1)
    title = factory.LazyAttribute("Title of {0.reference}".format)
    consequences = "Services stop\n  - in winter first\nCosts rise"
    controls = "A monthly review by the board"
    impact, likelihood = 4, 5
    score = factory.LazyAttribute(lambda row: row.impact * row.likelihood)
    residual_impact, residual_likelihood = 3, 3
    residual_score = factory.LazyAttribute(
        lambda row: row.residual_impact * row.residual_likelihood
    )
    residual_by = date(2027, 3, 31)
    owner = factory.SubFactory(OwnerFactory)
    direction = Direction.LEVEL
    commentary = "The programme is on time."

    @factory.post_generation
    def types(self, create: bool, names: tuple[str, ...] | None) -> None:
        """`SnapshotFactory(types=["Economic", "People"])`."""
        if create and names:
            self.types.set([TypeFactory(name=name) for name in names])


class StrandFactory(DjangoModelFactory):
    class Meta:
        model = models.Strand

    snapshot = factory.SubFactory(SnapshotFactory)
    number = factory.Sequence(lambda number: number + 1)
    title = "Funding"


class ActionFactory(DjangoModelFactory):
    class Meta:
        model = models.Action

    snapshot = factory.SubFactory(SnapshotFactory)
    text = factory.Sequence("Step {}".format)
    due = date(2026, 12, 31)


def register(slug: str = "corporate", **values: object) -> models.Register:
    return RegisterFactory(slug=slug, **values)


def edition(quarter: Quarter = QUARTER, *, snapshots: int = 0, **values: object) -> models.Edition:
    """An open edition of the corporate register with so many risks, all accepted."""
    row = EditionFactory(quarter=quarter, **values)
    for number in range(1, snapshots + 1):
        snapshot(row, f"CR{number}", order=number, progress=Progress.ACCEPTED)
    return row


def snapshot(
    edition: models.Edition, reference: str = "CR1", *, kind: str = scale.RISK, **values: object
) -> models.Snapshot:
    """What an edition says of an entry: of a new one, unless `entry` is given."""
    if "entry" not in values:
        values["entry"] = EntryFactory(
            register=edition.register,
            kind=kind,
            **{name: values.pop(name) for name in ("exempt", "exempt_reason") if name in values},
        )
    return SnapshotFactory(edition=edition, reference=reference, **values)


def many(
    edition: models.Edition,
    number: int,
    *,
    before: models.Edition | None = None,
    each: Callable[[int], dict[str, object]] = lambda place: {},
    **values: object,
) -> None:
    """So many entries at once, CR1 and on; the same ones as in an edition before, if one is given.

    `each` says what is different in each place, counted from 1. History is not written.
    """
    if before:
        entries = [row.entry for row in before.snapshots.select_related("entry").as_printed()]
    else:
        kinds = [each(place).get("kind", Kind.RISK) for place in range(1, number + 1)]
        entries = models.Entry.objects.bulk_create(
            models.Entry(register=edition.register, kind=kind) for kind in kinds
        )
    values.setdefault("owner", OwnerFactory(name="Director of Many Things"))
    pattern = SnapshotFactory.build(edition=edition, entry=None, **values)
    snapshots = []
    for place, entry in enumerate(entries, start=1):
        said = {"reference": f"CR{place}", "order": place, **each(place)}
        said.pop("kind", None)
        title = f"Title of {said['reference']}"
        snapshots.append(rows.copy(pattern, entry=entry, **{"title": title, **said}))
    models.Snapshot.objects.bulk_create(snapshots)


def on_the_grid(place: int) -> dict[str, object]:
    """Over all squares; each fifth an opportunity, each eleventh a score without a square."""
    impact, likelihood = 1 + (place - 1) % 5, 1 + (place - 1) // 5 % 5
    opportunity = place % 5 == 0
    said = {
        "kind": Kind.OPPORTUNITY if opportunity else Kind.RISK,
        "reference": f"{'CO' if opportunity else 'CR'}{place}",
        "impact": impact,
        "likelihood": likelihood,
        "score": impact * likelihood,
    }
    return {**said, "impact": None, "likelihood": None, "score": 20} if place % 11 == 1 else said


def score_only(score: int | None = 20) -> dict[str, int | None]:
    """A score without its square. (As a trait of the factory it would double the cost of a row.)"""
    squares = ("impact", "likelihood", "residual_impact", "residual_likelihood")
    return {**dict.fromkeys(squares), "score": score, "residual_score": 12}


def opportunity(edition: models.Edition, reference: str = "CO1", **values: object):
    return snapshot(edition, reference, kind=scale.OPPORTUNITY, **values)


def publication(edition: models.Edition, **values: object) -> models.Publication:
    """The record that an issue was published: what makes an edition publishable in the database."""
    document = f"{edition.register.slug} {edition.quarter.slug} issue {edition.issue}"
    return models.Publication.objects.create(
        **{
            "register": edition.register,
            "edition": edition,
            "issue": edition.issue,
            "sequence": edition.register.publications.count() + 1,
            "document": document,
            "digest": hashlib.sha256(document.encode()).hexdigest(),
            **values,
        }
    )


def publish(
    edition: models.Edition, *, by: models.User | None = None, now: datetime | None = None
) -> models.Edition:
    """Accept what the edition says, whatever it is, and publish it."""
    waiting = list(edition.snapshots.not_accepted())
    for row in waiting:
        row.progress = Progress.ACCEPTED
    rows.update(waiting, ["progress"], by=by, reason="Accepted")
    cycle.publish(edition, by=by, now=now)
    edition.refresh_from_db()
    return edition


def published(quarter: Quarter = QUARTER, *, snapshots: int = 1, **values: object):
    """A published edition with so many risks."""
    return publish(edition(quarter, snapshots=snapshots, **values))


@dataclass(frozen=True, slots=True)
class Cast:
    """One person of each role, and the posts of those who answer for entries.

    `owner` holds `post`, `delegate` deputises for it; `former` held it until yesterday;
    `other_owner` holds another. `nobody` may log in and has no role.
    """

    committee: models.User
    cleared: models.User
    owner: models.User
    delegate: models.User
    former: models.User
    other_owner: models.User
    manager: models.User
    auditor: models.User
    nobody: models.User
    post: models.Owner
    other_post: models.Owner

    def people(self) -> dict[str, models.User]:
        """Everybody by part, for a test that walks the roles."""
        people = {name: getattr(self, name) for name in self.__slots__}
        return {name: one for name, one in people.items() if isinstance(one, models.User)}


ROLES = {
    "committee": (access.COMMITTEE,),
    "cleared": (access.COMMITTEE, access.CLEARED),
    "owner": (access.OWNER,),
    "delegate": (access.OWNER,),
    "former": (access.OWNER,),
    "other_owner": (access.OWNER,),
    "manager": (access.MANAGER,),
    "auditor": (access.AUDITOR,),
    "nobody": (),
}


def cast() -> Cast:
    """In a handful of statements, since most tests begin with it."""
    users = models.User.objects.bulk_create(
        UserFactory.build(username=part, first_name=part.capitalize()) for part in ROLES
    )
    people = dict(zip(ROLES, users, strict=True))
    group = {row.name: row for row in Group.objects.all()}
    member = models.User.groups.through
    member.objects.bulk_create(
        member(user=people[part], group=group[role])
        for part, roles in ROLES.items()
        for role in roles
    )
    post = OwnerFactory(name="Director of Children's Services")
    other_post = OwnerFactory(name="Director of Finance")
    yesterday = timezone.localdate() - timedelta(days=1)
    tenures = [
        TenureFactory.build(owner=post, user=people["owner"]),
        TenureFactory.build(owner=post, user=people["delegate"], is_delegate=True),
        TenureFactory.build(owner=post, user=people["former"], ends=yesterday),
        TenureFactory.build(owner=other_post, user=people["other_owner"]),
    ]
    rows.create(tenures, by=None, reason="")
    return Cast(**people, post=post, other_post=other_post)


def content(snapshot: models.Snapshot) -> Content:
    """What a snapshot says, as pages read it."""
    edition = snapshot.edition
    [found] = whole(models.Snapshot.objects.filter(pk=snapshot.pk), {edition.pk: terms(edition)})
    return found
