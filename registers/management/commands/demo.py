"""Loads the demonstration register and says who can sign in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.crypto import salted_hmac

from registers.demo import content, loading
from registers.models import Register, User

SALT = "registers.demo"


class Command(BaseCommand):
    help = (
        "Loads a demonstration register (a council that does not exist, eight published quarters "
        "and one open) with one account for each role. For development only: refuses without DEBUG."
    )

    def handle(self, *args, **options) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "The demonstration register comes with accounts whose passwords are printed, so it "
                "is for development only. Set DEBUG=1 to load it, never on a public server."
            )
        council = content.read()
        users = self._users(council)
        name = council.register["council"]
        if self._is_loaded(council):
            shown = [
                password if check_password(password, user.password) else "(changed since)"
                for user in users
                for password in [password_of(user)]
            ]
            self.stdout.write(f"{name} is already here. Nothing was changed.\n\n")
        else:
            self._refuse_if_in_the_way(council)
            users, shown = self._load(council)
            published = sum(edition.published is not None for edition in council.editions)
            self.stdout.write(
                f"Loaded {name}: {len(council.entries)} risks and opportunities in {published} "
                "published quarters and one that is open.\n\n"
            )
        self._print_accounts(council, users, shown)

    @transaction.atomic
    def _load(self, council: content.Content) -> tuple[list[User], list[str]]:
        loading.load(council)
        users = self._users(council)
        passwords = [password_of(user) for user in users]
        for user, password in zip(users, passwords, strict=True):
            user.set_password(password)
            user.save()
        return users, passwords

    def _users(self, council: content.Content) -> list[User]:
        names = [account["user"] for account in council.accounts]
        found = {user.username: user for user in User.objects.filter(username__in=names)}
        return [found[name] for name in names if name in found]

    def _is_loaded(self, council: content.Content) -> bool:
        register = Register.objects.filter(slug=council.register["slug"]).first()
        if register is None or register.name != council.register["name"]:
            return False
        quarters = set(register.editions.values_list("quarter", flat=True))
        return {edition.quarter for edition in council.editions} <= quarters

    def _refuse_if_in_the_way(self, council: content.Content) -> None:
        """A register or an account of somebody else's is never touched."""
        slug = council.register["slug"]
        if Register.objects.filter(slug=slug).exists():
            raise CommandError(
                f"This database already has a register “{slug}” that is not the demonstration's. "
                "Load the demonstration into a database of its own: set DATABASE_URL."
            )
        names = [account["user"] for account in council.accounts] + list(council.people)
        taken = sorted(User.objects.filter(username__in=names).values_list("username", flat=True))
        if taken:
            raise CommandError(
                f"This database already has the account {', '.join(taken)}. "
                "Load the demonstration into a database of its own: set DATABASE_URL."
            )

    def _print_accounts(
        self, council: content.Content, users: list[User], passwords: list[str]
    ) -> None:
        roles = {
            account["user"]: account["role"] + (", cleared" if account.get("cleared") else "")
            for account in council.accounts
        }
        lines = [("Sign in as", "Password", "Who", "Role")]
        for user, password in zip(users, passwords, strict=True):
            lines.append((user.username, password, str(user), roles[user.username]))
        widths = [max(len(line[column]) for line in lines) for column in range(4)]
        rule = "-" * (sum(widths) + 6)
        for number, line in enumerate(lines):
            cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            self.stdout.write("  " + "  ".join(cells).rstrip())
            if number == 0:
                self.stdout.write("  " + rule)


def password_of(user: User) -> str:
    """The same for an account each time, so that it can be printed again; of this secret only."""
    drawn = salted_hmac(SALT, user.username, algorithm="sha256").hexdigest()
    return f"ashmoor-{drawn[:4]}-{drawn[4:8]}"
