"""A whole register from a file that export_register wrote, into a database that has none."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from registers.domain.english import counted
from registers.importing.whole import CannotRestore, restore
from registers.models import Publication


class Command(BaseCommand):
    help = (
        "Take in a register that export_register wrote, of SQLite or of PostgreSQL, and prove it: "
        "every digest and the chain. The database has to be empty: migrated, with accounts at "
        "most. People come without passwords and roles; give them theirs anew."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, **options: object) -> None:
        path = Path(str(options["file"]))
        try:
            with path.open(encoding="utf-8") as file:
                register = restore(file)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} can't be read: {error}.") from error
        except CannotRestore as refusal:
            raise CommandError(f"Nothing was taken in. {refusal}") from refusal
        proved = Publication.objects.filter(register=register).count()
        self.stdout.write(f"{register}: taken in, {counted(proved, 'publication')} proved.")
