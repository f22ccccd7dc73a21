from __future__ import annotations

from django.contrib.auth.models import AbstractUser, Group, UserManager
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.functional import cached_property

from registers import access


def _flag(role: str) -> str:
    return "has_role_" + role.lower().replace(" ", "_")


class UserQuerySet(models.QuerySet):
    def with_roles(self) -> UserQuerySet:
        """Each user with their roles, in the same query."""
        membership = Group.objects.filter(user=OuterRef("pk"))
        return self.annotate(
            **{_flag(role): Exists(membership.filter(name=role)) for role in access.ROLES}
        )

    def with_role(self, role: str) -> UserQuerySet:
        return self.filter(groups__name=role, is_active=True)


class Users(UserManager.from_queryset(UserQuerySet)):
    pass


class User(AbstractUser):
    """A person who logs in. What they may do follows from their roles (groups) and posts."""

    email = models.EmailField("e-mail address", unique=True)

    objects = Users()

    class Meta:
        verbose_name = "user"
        ordering = ["last_name", "first_name", "username"]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def role_names(self) -> list[str]:
        if hasattr(self, _flag(access.MANAGER)):
            return [role for role in access.ROLES if getattr(self, _flag(role))]
        return list(self.groups.filter(name__in=access.ROLES).values_list("name", flat=True))

    @cached_property
    def access(self) -> access.Access:
        """What this person may see and do, as of this request."""
        return access.Access.of(self)
