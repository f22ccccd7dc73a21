"""A backup into an empty database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from registers.management.safekeeping import NotKept, restore
from registers.pages.operations.probes import problem


class Command(BaseCommand):
    requires_system_checks = []  # there may be no table yet
    help = (
        "Bring a backup back into the database of DATABASE_URL, which has to be empty, and verify "
        "every publication in it. Mail that was waiting when the backup was made goes out with the "
        "next manage.py remind: for a copy to try things on, set EMAIL_URL=console: first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="what manage.py backup made")

    def handle(self, *args: object, file: Path, **options: object) -> None:
        try:
            restore(file)
        except NotKept as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{file.name} is restored.")
        if problem():
            self.stdout.write(
                "It is of an earlier release, and not verified yet: run manage.py migrate, then "
                "manage.py verify_publications."
            )
            return
        call_command("verify_publications", stdout=self.stdout, stderr=self.stderr)
