"""Does what was asked for outside a request: reading an import, making a pack."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from threading import Event

from django.core.management.base import BaseCommand
from django.utils import timezone

from registers import jobs
from registers.jobs.worker import work
from registers.models import Job


class Command(BaseCommand):
    help = (
        "Do the work that pages have asked for, such as reading an import, as it comes. Run one or "
        "more, on any machine that has the database: each job is done once, and what a killed "
        "worker left is taken up again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="do what is waiting, and stop when nothing is"
        )

    def handle(self, *args, once: bool, **options) -> None:
        Job.objects.outlived(timezone.now()).delete()
        if not once:
            work(_until_told())
            return
        while job := jobs.run_next():
            self.stdout.write(f"{job}{f' ({job.problem})' if job.problem else ''}")


def _until_told() -> Event:
    """Set by the signals that stop a service: what is under way is done to its end."""
    stop = Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stop.set())
    return stop
