"""Django's own server for a laptop, with a worker inside: a demonstration is one program."""

from __future__ import annotations

from threading import Event

from django.conf import settings
from whitenoise.runserver_nostatic.management.commands.runserver import Command as RunServer

from registers.jobs.worker import in_a_thread


class Command(RunServer):
    def inner_run(self, *args, **options) -> None:
        if settings.DEBUG:
            in_a_thread(Event())
        super().inner_run(*args, **options)
