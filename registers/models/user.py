from __future__ import annotations

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import F
from django.utils.functional import cached_property

from registers import access


class UserQuerySet(models.QuerySet):
    def with_roles(self, pk: object) -> User | None:
        """The user with their roles, in one query: a row comes for each group they are in."""
        rows = list(self.filter(pk=pk).annotate(group_name=F("groups__name")).order_by())
        if not rows:
            return None
        user = rows[0]
        user.groups_read = {row.group_name for row in rows}
        return user

    def with_role(self, role: str) -> UserQuerySet:
        return self.filter(groups__name=role, is_active=True)


class Users(UserManager.from_queryset(UserQuerySet)):
    pass


class User(AbstractUser):
    """A person who logs in. What they may do follows from their roles (groups) and posts."""

    email = models.EmailField("e-mail address", unique=True)

    objects = Users()

    # The names of their groups, where they were read with the user.
    groups_read: set[str | None] | None = None

    class Meta:
        verbose_name = "user"
        ordering = ["last_name", "first_name", "username"]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def role_names(self) -> list[str]:
        names = self.groups_read
        if names is None:
            names = set(self.groups.values_list("name", flat=True))
        return [role for role in access.ROLES if role in names]

    @cached_property
    def access(self) -> access.Access:
        """What this person may see and do, as of this request."""
        return access.Access.of(self)
