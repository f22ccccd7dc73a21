"""The committee's pack of an edition as a file."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from registers.domain.quarters import Quarter
from registers.exporting.pack.blocks import A4, PAPERS
from registers.exporting.pack.facts import PARTS, PUBLIC
from registers.exporting.pack.files import CONTENT_TYPES, CannotMake, make
from registers.exporting.pack.keeping import order
from registers.exporting.pack.sources import EVERYTHING
from registers.models import Edition, Publication
from registers.reading.documents import as_issued


class Command(BaseCommand):
    help = (
        "Make the committee's pack of an edition: of a draft (marked DRAFT on each page), of a "
        "published edition, or of an earlier issue."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--register", required=True, help="the short name of the register")
        parser.add_argument("--edition", required=True, help="the quarter, such as 2018-19-q3")
        parser.add_argument("--issue", type=int, help="an earlier issue of it")
        parser.add_argument("--format", required=True, choices=sorted(CONTENT_TYPES))
        parser.add_argument(
            "--part",
            choices=PARTS,
            default=PUBLIC,
            help="what every member may read (the default), what only the cleared may, or all",
        )
        parser.add_argument(
            "--since", help="the quarter to compare with; unless given, the edition before"
        )
        parser.add_argument("--paper", choices=PAPERS, default=A4)
        parser.add_argument(
            "--register-only",
            action="store_true",
            help="Appendix A alone, which import_edition reads back",
        )
        parser.add_argument("--output", required=True, type=Path, help="the file to write")

    def handle(self, *args: object, **options: object) -> None:
        edition = self._edition(str(options["register"]), str(options["edition"]))
        since = None
        if options["since"]:
            since = self._edition(str(options["register"]), str(options["since"]))
            if since.quarter >= edition.quarter:
                raise CommandError(f"{since} is not before {edition}: compare with an earlier one.")
        asked = order(
            self._issue(edition, options["issue"]),
            str(options["format"]),
            str(options["part"]),
            since=since,
            paper=str(options["paper"]),
            whole=not options["register_only"],
        )
        try:
            made = make(asked, timezone.now())
        except CannotMake as error:
            raise CommandError(str(error)) from error
        output = Path(str(options["output"]))
        try:
            output.write_bytes(made)
        except OSError as error:
            raise CommandError(f"{output} can't be written: {error.strerror}.") from error
        self.stdout.write(f"{output}: {len(made) // 1024 + 1:,} KB.")

    def _edition(self, register: str, quarter: str) -> Edition:
        try:
            asked = Quarter.parse(quarter)
        except ValueError as error:
            raise CommandError(str(error)) from error
        found = Edition.objects.select_related("register").filter(
            register__slug=register, quarter=asked
        )
        if edition := found.first():
            return edition
        raise CommandError(f"There is no edition {asked} of a register “{register}”.")

    def _issue(self, edition: Edition, issue: object) -> Edition:
        """The edition as an earlier issue published it; itself, where none is asked for."""
        if issue is None or (edition.is_published and edition.issue == issue):
            return edition
        published = Publication.objects.filter(edition=edition, issue=issue)
        found = published.select_related("edition__register").first()
        if found is None:
            raise CommandError(f"{edition} has no issue {issue}.")
        return as_issued(found, EVERYTHING)
