"""The first day in one command: a register, who keeps it, and its first edition."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.http.request import validate_host
from django.urls import reverse
from django.utils.text import slugify

from registers import access
from registers.domain import english
from registers.domain.quarters import Quarter
from registers.management import first_day
from registers.management.first_day import CannotSetUp, Made
from registers.models import Edition, Register, User


class Command(BaseCommand):
    help = (
        "Set up a register on the first day: bring the database up to date, make the register and "
        "the account of its risk manager, and open its first edition. Asks for what it can't know "
        "and was not given; says what it made; leaves alone what is there, so that it may be run "
        "again, for a new link or for another register."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--register", metavar="NAME", help="such as “Corporate risk register”")
        parser.add_argument("--slug", help="its name in addresses; made of the name otherwise")
        parser.add_argument("--risk-prefix", metavar="CR", help="what numbers of risks begin with")
        parser.add_argument(
            "--opportunity-prefix", metavar="CO", help="what numbers of opportunities begin with"
        )
        parser.add_argument("--manager", metavar="E-MAIL", help="the risk manager’s address")
        parser.add_argument("--manager-name", metavar="NAME", help="such as “Jo Field”")
        parser.add_argument(
            "--mail",
            action="store_true",
            help="send the risk manager the link to choose a password, instead of printing it",
        )
        parser.add_argument(
            "--edition", metavar="QUARTER", help="the first quarter, such as 2026-27-q3, if not now"
        )
        parser.add_argument(
            "--no-edition",
            action="store_true",
            help="open none: the register begins with what is imported",
        )

    def handle(self, *args: object, **options: Any) -> None:
        self.asks = sys.stdin.isatty()
        quarter = self._quarter(options["edition"])
        call_command("migrate", interactive=False, verbosity=0)
        self.stdout.write("The database is up to date.")
        try:
            with transaction.atomic():
                manager = self._manager(options)
                register = self._register(options, manager.row)
                edition = None
                if not options["no_edition"]:
                    edition = first_day.open_first(register.row, quarter, by=manager.row)
        except CannotSetUp as refusal:
            raise CommandError(str(refusal)) from refusal
        self._tell(register, manager, edition)
        self._let_in(manager.row, by_mail=options["mail"])

    # What was given, what is there, what is asked for ------------------------------------------

    def _manager(self, options: dict[str, Any]) -> Made[User]:
        there = User.objects.with_role_everywhere(access.MANAGER).order_by("pk").first()
        if there and not options["manager"]:
            return Made(there, new=False)
        email = options["manager"] or self._ask("The risk manager’s e-mail address", "--manager")
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"“{email}” is not an e-mail address.") from error
        if User.objects.filter(email__iexact=email).exists():
            return first_day.make_manager(email, "")
        name = options["manager_name"] or self._ask("The risk manager’s name", "--manager-name")
        return first_day.make_manager(email, " ".join(name.split()))

    def _register(self, options: dict[str, Any], manager: User) -> Made[Register]:
        there = Register.objects.first()
        if there and not options["register"] and not options["slug"]:
            return Made(there, new=False)
        name = options["register"] or self._ask("The name of the register", "--register")
        slug = options["slug"] or slugify(name)[:60]
        given = {prefix: options[prefix] for prefix in ("risk_prefix", "opportunity_prefix")}
        prefixes = {prefix: text.strip().upper() for prefix, text in given.items() if text}
        return first_day.make_register(name, slug, by=manager, **prefixes)

    def _quarter(self, text: str | None) -> Quarter | None:
        try:
            return Quarter.parse(text) if text else None
        except ValueError as error:
            raise CommandError(str(error)) from error

    def _ask(self, what: str, option: str) -> str:
        """What a person types; without one, which option to give."""
        answer = input(f"{what}: ").strip() if self.asks else ""
        if not answer:
            raise CommandError(f"{what} is not known. Give it with {option}. Nothing was made.")
        return answer

    # What is said --------------------------------------------------------------------------------

    def _tell(
        self, register: Made[Register], manager: Made[User], edition: Made[Edition] | None
    ) -> None:
        book, person = register.row, manager.row
        numbers = f"Its numbers begin with {book.risk_prefix} and {book.opportunity_prefix}."
        self._say(register, f"The register {book}", numbers)
        self._say(manager, f"The risk manager {person}, {person.email}")
        if edition:
            self._say(edition, f"The edition {edition.row}", "Its dates are set under The quarter.")

    def _say(self, made: Made[Any], what: str, more: str = "") -> None:
        said = f"{what} is made. {more}" if made.new else f"{what} is there already."
        self.stdout.write(said.strip())

    def _let_in(self, manager: User, *, by_mail: bool) -> None:
        """A way in for who has no password yet."""
        site = settings.SITE_URL.rstrip("/")
        if manager.has_usable_password():
            self.stdout.write(f"Sign in at {site}{reverse('account_login')}.")
            return
        link = first_day.link_of(manager)
        if by_mail:
            self._invite(manager, link)
        else:
            days = english.counted(timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT).days, "day")
            self.stdout.write(
                f"{manager} chooses a password here, once, within {days}:\n\n{link}\n"
            )
        if not validate_host(urlsplit(site).hostname or "", settings.ALLOWED_HOSTS):
            self.stderr.write(
                f"The link begins with SITE_URL, {site}, which is none of ALLOWED_HOSTS. Set it to "
                "the address people use, and run this again for another link."
            )

    def _invite(self, manager: User, link: str) -> None:
        try:
            first_day.invite(manager, link)
        except OSError as error:
            raise CommandError(
                f"All is made, but the mail to {manager.email} was not sent ({error}). Look at "
                "EMAIL_URL and run this again, or without --mail for a link to pass on."
            ) from error
        self.stdout.write(f"A link to choose a password is on its way to {manager.email}.")
