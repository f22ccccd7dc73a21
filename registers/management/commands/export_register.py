"""A whole register as a file, for another database or another program."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from registers.exporting.whole import lines
from registers.models import Register


class Command(BaseCommand):
    help = (
        "Write a whole register to a file: editions, issues, statements, owners, questions, the "
        "trail of changes and the publications. manage.py import_register takes it in elsewhere. "
        "No passwords and no roles are in it; exempt entries are: keep it as you keep the database."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--register", required=True, help="the short name of the register")
        parser.add_argument("--output", required=True, type=Path, help="the file to write")

    def handle(self, *args: object, **options: object) -> None:
        register = Register.objects.filter(slug=options["register"]).first()
        if register is None:
            raise CommandError(f"There is no register “{options['register']}”.")
        output = Path(str(options["output"]))
        count = 0
        try:
            # One moment of the register, whoever works on it meanwhile.
            with transaction.atomic(), output.open("w", encoding="utf-8") as file:
                for line in lines(register):
                    file.write(f"{line}\n")
                    count += 1
        except OSError as error:
            raise CommandError(f"{output} can't be written: {error.strerror}.") from error
        self.stdout.write(f"{output}: {count - 2:,} rows of {register}.")
