"""Reminders that are due, and every e-mail that is still owed. Safe to run hourly and twice."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from registers.cycle import notices
from registers.domain import days
from registers.models import PackFile, Sending, Upkeep

NOON = time(12)


def moment(text: str) -> datetime:
    """A day ('2026-10-05', taken at noon) or a moment ('2026-10-05T08:30')."""
    try:
        day = parse_date(text)
        found = datetime.combine(day, NOON) if day else parse_datetime(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}” is not a day: {error}.") from error
    if found is None:
        raise ArgumentTypeError(f"“{text}” is not a day. Write it as 2026-10-05.")
    if not days.can_be_meant(found.date()):
        raise ArgumentTypeError(f"“{text}” is not a day between 1990 and 2100.")
    return timezone.make_aware(found) if timezone.is_naive(found) else found


class Command(BaseCommand):
    help = (
        "Queue the reminders that are due and send every notice that is queued. Run it every hour, "
        "on as many machines as you like: each notice goes out once. What can't be sent is kept "
        "for the next run. The exit code is 1 if nothing could be sent, or if the reminders of a "
        "register could not be queued: the others' go out all the same."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--now", type=moment, metavar="DATE", help="as if it were this day, such as 2026-10-05"
        )

    def handle(self, *args, now: datetime | None, **options) -> None:
        queued = notices.queue_reminders(now=now)
        done = notices.deliver(now=now)
        Sending.objects.outlived(now or timezone.now()).delete()
        PackFile.objects.clear(timezone.now() - timedelta(days=settings.PACK_FILES_DAYS))
        said = (
            f"Reminders queued: {queued.reminders}. Mails sent: {done.sent}, "
            f"failed: {len(done.problems)}, no longer needed: {done.withdrawn}."
        )
        Upkeep.objects.note(Upkeep.Task.REMIND, said)
        self.stdout.write(said)
        for problem in (*queued.problems, *done.problems):
            self.stderr.write(problem)
        if done.nothing_went_out:
            raise CommandError("Nothing could be sent. Everything is kept for the next run.")
        if queued.problems or done.unreadable:
            raise CommandError("Not every register could be reminded: see above.")
