"""Load one edition of a register from a Word, Excel, PDF or CSV file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from registers.cycle import CycleError
from registers.domain.quarters import Quarter
from registers.importing.apply import Applied, apply_plan
from registers.importing.levels import read_levels
from registers.importing.matching import Decisions
from registers.importing.plan import CannotApply, Plan, make_plan
from registers.importing.printed import FIELDS, KEPT, AnotherScale, Instructions, UnreadableFile
from registers.importing.readers.files import read_register
from registers.importing.register_state import known_register
from registers.importing.report import as_json, as_lines, summary
from registers.models import Register, User

HOW_TO_SAY_LEVELS = "On the command line: --scale 4x4=1:1,2:2,3:4,4:5."
UNREADABLE = 2  # the exit code for a file that is no register


class Command(BaseCommand):
    requires_system_checks: list[
        str
    ] = []  # a quarter of a second per file, and no use to an import
    help = (
        "Load one edition of a register from a Word, Excel, PDF or CSV file. Shows what was "
        "matched, what is doubtful, every question and every problem. Loading the same file twice "
        "changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a .docx, .xlsx, .pdf or .csv file")
        parser.add_argument("--register", required=True, help="the short name of the register")
        parser.add_argument("--edition", required=True, help="the quarter, such as 2018-19-q3")
        parser.add_argument("--publish", action="store_true", help="accept and publish it")
        parser.add_argument("--dry-run", action="store_true", help="show the plan, change nothing")
        parser.add_argument("--json", action="store_true", help="print the plan as JSON")
        parser.add_argument(
            "--match",
            action="append",
            default=[],
            metavar="CR5=12",
            help="this row is that entry, whatever the likeness; may be repeated",
        )
        parser.add_argument(
            "--new",
            action="append",
            default=[],
            metavar="CR5",
            help="this row is an entry of its own; may be repeated",
        )
        parser.add_argument(
            "--doubtful",
            choices=["new", "stop"],
            default="new",
            help="what becomes of doubtful rows: new entries (the default), or load nothing",
        )
        parser.add_argument(
            "--create-register",
            metavar="NAME",
            help="create the register under this name if it is not there",
        )
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="HEADING=FIELD",
            help="this column is that field, such as “Net score=score”; may be repeated",
        )
        parser.add_argument("--prefix", metavar="CR", help="what stands before bare numbers")
        parser.add_argument(
            "--scale",
            metavar="4x4=1:1,2:2,3:4,4:5",
            help="what each level of another scale is on the 5×5; scores follow from their levels",
        )
        parser.add_argument(
            "--answer",
            action="append",
            default=[],
            metavar="QUESTION=CHOICE",
            help="the answer to a question, as the plan prints it; may be repeated",
        )
        parser.add_argument(
            "--correct",
            action="append",
            default=[],
            metavar="CR5.score=4x5",
            help="what a cell means that can't be read for certain: score, residual or inherent as "
            "impact × likelihood, owner, types, direction; may be repeated",
        )
        parser.add_argument("--by", metavar="E-MAIL", help="the person who imports, for the trail")

    def handle(self, *args: object, **options: object) -> None:
        started = perf_counter()
        quarter = self._quarter(str(options["edition"]))
        decisions = self._decisions(options["match"], options["new"])
        by = self._person(options["by"])
        try:
            told = self._told(quarter, options)
            printed = read_register(Path(str(options["file"])), told)
        except AnotherScale as error:
            raise CommandError(f"{error} {HOW_TO_SAY_LEVELS}", returncode=UNREADABLE) from error
        except UnreadableFile as error:
            raise CommandError(str(error), returncode=UNREADABLE) from error
        read_at = perf_counter()
        applied = None
        try:
            with transaction.atomic():
                register = self._register(str(options["register"]), options["create_register"], by)
                plan = make_plan(
                    printed, known_register(register, quarter), quarter, decisions, told
                )
                planned_at = perf_counter()
                stopped = options["doubtful"] == "stop" and plan.doubtful
                unanswered = options["publish"] and plan.questions
                if options["dry_run"] or stopped or unanswered or plan.refusal:
                    transaction.set_rollback(True)
                else:
                    applied = apply_plan(
                        plan, register, by=by, and_publish=bool(options["publish"])
                    )
        except (CannotApply, CycleError) as error:
            raise CommandError(str(error)) from error
        finished = perf_counter()
        timings = {
            "read": read_at - started,
            "match": planned_at - read_at,
            "apply": finished - planned_at,
            "total": finished - started,
        }
        self._report(replace(plan, timings=timings), applied, as_text=not options["json"])
        if plan.refusal:
            raise CommandError(plan.refusal)
        if unanswered:
            raise CommandError(
                "Nothing was loaded: an edition is not published while a question about it is "
                "open. Answer each, or load it without --publish."
            )
        if stopped:
            raise CommandError(
                "Nothing was loaded: decide on the doubtful rows with --match or --new."
            )

    def _report(self, plan: Plan, applied: Applied | None, *, as_text: bool) -> None:
        published = bool(applied and applied.publication)
        if not as_text:
            values = {**as_json(plan), "applied": applied is not None, "published": published}
            self.stdout.write(json.dumps(values, ensure_ascii=False, indent=2))
            return
        for line in as_lines(plan, applied=applied is not None):
            self.stdout.write(line)
        self.stdout.write("")
        seconds = f"({plan.timings['total']:.2f} s)"
        if applied is None:
            self.stdout.write(f"Nothing was changed {seconds}.")
        else:
            state = "published" if published else applied.edition.get_state_display().lower()
            self.stdout.write(f"{summary(plan)}; the edition is {state} {seconds}.")

    def _quarter(self, text: str) -> Quarter:
        try:
            return Quarter.parse(text)
        except ValueError as error:
            raise CommandError(str(error)) from error

    def _told(self, quarter: Quarter, options: dict[str, object]) -> Instructions:
        """What the person says of the file: columns, a prefix, answers."""
        columns = dict(self._pairs(options["column"], "--column “Net score=score”"))
        for heading, name in columns.items():
            if name not in (*FIELDS, KEPT):
                raise CommandError(
                    f"“{name}” is not a field, so “{heading}” can't be it. Fields are: "
                    f"{', '.join((*FIELDS, KEPT))}."
                )
        prefix = options["prefix"]
        return Instructions(
            quarter,
            columns,
            None if prefix is None else str(prefix).strip().upper(),
            dict(self._pairs(options["answer"], "--answer “question=choice”")),
            self._levels(options["scale"]),
            self._corrections(options["correct"]),
        )

    def _corrections(self, texts: object) -> dict[str, dict[str, str]]:
        """What is said of single cells: 'CR5.score=4x5'."""
        example = "--correct CR5.score=4x5"
        corrections: dict[str, dict[str, str]] = {}
        for text in texts:
            left, equals, value = str(text).partition("=")
            reference, dot, name = left.rpartition(".")
            if not (equals and dot and reference):
                raise CommandError(f"“{text}” is not a correction. Write {example}.")
            corrections.setdefault(reference.strip().upper(), {})[name.strip()] = value
        return corrections

    def _levels(self, scale: object) -> dict[int, int]:
        """What each level of another scale is on ours: '4x4=1:1,2:2,3:4,4:5'."""
        try:
            return read_levels(str(scale or ""))
        except ValueError as error:
            raise CommandError(f"{error} {HOW_TO_SAY_LEVELS}") from error

    def _pairs(self, texts: object, example: str) -> Iterator[tuple[str, str]]:
        for text in texts:
            left, equals, right = str(text).rpartition("=")
            if not equals:
                raise CommandError(f"“{text}” has no “=”. Write {example}.")
            yield left.strip(), right.strip()

    def _decisions(self, matches: object, new: object) -> Decisions:
        decisions = Decisions(new={str(reference).upper() for reference in new})
        for match in matches:
            reference, _, entry = str(match).partition("=")
            if not (reference and entry.isdecimal()):
                raise CommandError(f"“{match}” is not a decision. Write --match CR5=12.")
            decisions.entries[reference.upper()] = int(entry)
        if both := decisions.new & decisions.entries.keys():
            raise CommandError(f"{min(both)} can't be both matched and new.")
        return decisions

    def _person(self, name: object) -> User | None:
        if not name:
            return None
        person = User.objects.filter(Q(email__iexact=name) | Q(username=name)).first()
        if person is None:
            raise CommandError(f"There is no user {name}.")
        return person

    def _register(self, slug: str, name: object, by: User | None) -> Register:
        register = Register.objects.select_for_update().filter(slug=slug).first()
        if register is not None:
            return register
        if name:
            return Register.objects.create(
                name=str(name),
                slug=slugify(slug),
                changed_by=by,
                **Register.objects.free_prefixes(),
            )
        there = ", ".join(Register.objects.order_by("slug").values_list("slug", flat=True))
        hint = f"There are: {there}." if there else "There is none yet."
        raise CommandError(
            f"There is no register “{slug}”. {hint} "
            f"To create it, add --create-register “{slug.replace('-', ' ').capitalize()}”."
        )
