"""Recompute every publication and say whether anything was touched since."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from registers import cycle
from registers.models import Register


class Command(BaseCommand):
    help = (
        "Recompute every publication: its digest, its link to the one before, and the published "
        "rows. Names the first that fails in each register and exits with 1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--register", metavar="SLUG", help="only this register")

    def handle(self, *args, register: str | None, **options) -> None:
        found = Register.objects.order_by("name")
        if register is not None:
            found = found.filter(slug=register)
            if not found:
                raise CommandError(f"There is no register “{register}”.", returncode=2)
        failed = [one for one in found if not self._verify(one)]
        if failed:
            raise CommandError(f"Not as published: {', '.join(map(str, failed))}.")

    def _verify(self, register: Register) -> bool:
        verified, latest = 0, None
        for publication, failure in cycle.verify(register):
            if failure:
                self.stderr.write(f"{register}: {failure}")
                self.stdout.write(f"{register}: {_count(verified)} verified before it.")
                return False
            verified, latest = verified + 1, publication
        said = f"{register}: {_count(verified)} verified."
        if latest is not None:
            said += f" The latest is {latest}, SHA-256 {latest.digest}"
        self.stdout.write(said)
        return True


def _count(number: int) -> str:
    return "1 publication" if number == 1 else f"{number} publications"
