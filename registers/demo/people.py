"""The people of the demonstration council: accounts, posts, who held them when, and types."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.contrib.auth.models import Group

from registers import access
from registers.demo.content import Content
from registers.models import Owner, OwnerAlias, Tenure, Type, TypeAlias, User

DOMAIN = "ashmoor.example"


def create_users(content: Content) -> dict[str, User]:
    """Every person by user name. Nobody can log in yet: all passwords are unusable."""
    ends = _last_days(content)
    users = {}
    for account in content.accounts:
        roles = [account["role"]] + [access.CLEARED] * account.get("cleared", False)
        users[account["user"]] = _user(account["user"], account["name"], roles)
    for username, name in content.people.items():
        has_left = ends[username] is not None
        users[username] = _user(username, name, [access.OWNER], is_active=not has_left)
    return users


def _user(username: str, name: str, roles: list[str], *, is_active: bool = True) -> User:
    first, last = name.split(" ", 1)
    user = User(
        username=username,
        first_name=first,
        last_name=last,
        email=f"{name.lower().replace(' ', '.')}@{DOMAIN}",
        is_active=is_active,
    )
    user.set_unusable_password()
    user.save()
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def _last_days(content: Content) -> dict[str, date | None]:
    """The last day in office of each person who holds nothing any more, None for the others."""
    last: dict[str, date | None] = {}
    for owner in content.owners:
        for holder in owner["holders"]:
            user, to = holder["user"], holder.get("to")
            last[user] = None if to is None or (user in last and last[user] is None) else to
    return last


def create_types(content: Content) -> dict[str, Type]:
    """The controlled list by name, with the council's own words added to it."""
    for row in content.types:
        type_, _ = Type.objects.get_or_create(name=row["name"])
        if "from" in row or "to" in row:
            type_.valid_from, type_.valid_to = row.get("from"), row.get("to")
            type_.save()
        for text in row.get("aliases", []):
            TypeAlias.objects.get_or_create(text=text, defaults={"type": type_})
    return {type_.name: type_ for type_ in Type.objects.all()}


def create_owners(content: Content, users: dict[str, User]) -> dict[str, Owner]:
    """Posts and bodies by name, with the people who held them."""
    owners = {}
    for row in content.owners:
        owner, _ = Owner.objects.get_or_create(
            name=row["name"], defaults={"is_body": row.get("body", False)}
        )
        for text in row.get("aliases", []):
            OwnerAlias.objects.get_or_create(text=text, defaults={"owner": owner})
        for holder in row["holders"]:
            Tenure.objects.create(
                owner=owner,
                user=users[holder["user"]],
                is_delegate=holder.get("delegate", False),
                starts=holder["from"],
                ends=holder.get("to"),
            )
        owners[row["name"]] = owner
    return owners


def holders(owners: Mapping[str, Owner]) -> dict[str, list[Tenure]]:
    """The tenures of each post, delegates left out."""
    found: dict[str, list[Tenure]] = {name: [] for name in owners}
    for tenure in Tenure.objects.holders().select_related("owner", "user"):
        if tenure.owner.name in found:
            found[tenure.owner.name].append(tenure)
    return found
