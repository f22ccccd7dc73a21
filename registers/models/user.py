from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.functional import cached_property
from simple_history.models import HistoricalRecords

from registers import access
from registers.models.constraints import CheckAtField, UniqueAtField
from registers.models.fields import Stamped
from registers.models.register import Register

# A role, and the place in the tree of the register on which it is held.
Given = tuple[str, str]


class UserQuerySet(models.QuerySet):
    def with_roles(self, pk: object) -> User | None:
        """The user with their roles, in one query: a row for each group they are in, and of each
        for each role they hold on a register.
        """
        found = self.filter(pk=pk).annotate(
            group_name=F("groups__name"),
            role=F("register_roles__role"),
            place=F("register_roles__register__place"),
        )
        rows = list(found.order_by())
        if not rows:
            return None
        user = rows[0]
        user.groups_read = {row.group_name for row in rows}
        user.given_read = {(row.role, row.place) for row in rows if row.role}
        return user

    def with_role(self, role: str) -> UserQuerySet:
        """Who holds it, on every register or on one at least, and may sign in."""
        on_one = RegisterRole.objects.filter(user=OuterRef("pk"), role=role)
        return self.filter(_holds_everywhere(role) | Q(Exists(on_one)), is_active=True)

    def with_role_everywhere(self, role: str) -> UserQuerySet:
        return self.filter(_holds_everywhere(role), is_active=True)

    def who_manage(self, register: Register) -> UserQuerySet:
        """The managers that are nearest: of the register itself, else of the one above it that has
        any, else of every register.
        """
        given = RegisterRole.objects.filter(role=access.MANAGER, user__is_active=True)
        above = given.filter(register__in=register.and_above()).order_by("-register__place")
        nearest = above.values_list("register", flat=True).first()
        if nearest is None:
            return self.with_role_everywhere(access.MANAGER)
        return self.filter(pk__in=given.filter(register=nearest).values("user"))


def _holds_everywhere(role: str) -> Q:
    member = User.groups.through.objects.filter(user=OuterRef("pk"), group__name=role)
    return Q(Exists(member))


class Users(UserManager.from_queryset(UserQuerySet)):
    pass


class User(AbstractUser):
    """A person who logs in. What they may do follows from their roles and posts: groups are roles
    on every register, a RegisterRole is one on a register and those below it.
    """

    email = models.EmailField("e-mail address", unique=True)

    objects = Users()

    # The names of their groups, and their roles on registers, where they were read with the user.
    groups_read: set[str | None] | None = None
    given_read: set[Given] | None = None

    class Meta:
        verbose_name = "user"
        ordering = ["last_name", "first_name", "username"]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def role_names(self) -> list[str]:
        """The roles that are held on every register."""
        names = self.groups_read
        if names is None:
            names = set(self.groups.values_list("name", flat=True))
        return [role for role in access.ROLES if role in names]

    def roles_by_register(self) -> Mapping[int, set[str]]:
        """The roles on registers, by id: what was given on each and on those above it.

        One query, and none for who holds no role on a register alone.
        """
        given = self.given_read
        if given is None:
            given = set(self.register_roles.values_list("role", "register__place"))
        found: dict[int, set[str]] = defaultdict(set)
        for pk, place in Register.objects.values_list("pk", "place") if given else ():
            for role, of in given:
                if place.startswith(of):
                    found[pk].add(role)
        return found

    def registers_answered_in(self, posts: Collection[int]) -> Collection[int]:
        """The ids of the registers that have entries of these posts."""
        owned = Register.objects.filter(editions__snapshots__owner__in=posts).order_by()
        return set(owned.values_list("pk", flat=True))

    @cached_property
    def access(self) -> access.Access:
        """What this person may see and do, as of this request."""
        return access.Access.of(self)


class RegisterRole(Stamped):
    """A role that a person holds on one register, and so on those below it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="register_roles"
    )
    register = models.ForeignKey(Register, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=40, choices=[(role, role) for role in access.ROLES])

    history = HistoricalRecords()

    class Meta:
        verbose_name = "role on a register"
        verbose_name_plural = "roles on a register"
        ordering = ["register", "role"]
        constraints = [
            UniqueAtField(
                fields=["user", "register", "role"],
                field="role",
                name="a_role_is_held_once_on_a_register",
                violation_error_message="This person holds this role on this register already.",
            ),
            CheckAtField(
                field="role",
                name="a_role_on_a_register_is_one_of_ours",
                condition=Q(role__in=access.ROLES),
                violation_error_message="Choose a role from the list.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}, {self.register}"
