"""The whole database into one file."""

from __future__ import annotations

import hashlib
import re
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from registers.domain import english
from registers.management.safekeeping import NotKept, back_up
from registers.models import Upkeep

OF_A_MOMENT = re.compile(r"five-by-five-\d{8}-\d{6}\.backup")


class Command(BaseCommand):
    help = (
        "Write the whole database into one file, as it is at one moment, while people go on "
        "working. It holds everything: exempt entries and the digests of passwords too. Only its "
        "owner may read it; keep it where that stays so. manage.py restore brings it back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, help="a new file; or a folder, in which it is named by the moment"
        )
        parser.add_argument(
            "--keep",
            type=int,
            metavar="30",
            help="of the backups in the folder, keep the newest so many and delete those before",
        )

    def handle(self, *args: object, file: Path, keep: int | None, **options: object) -> None:
        if keep is not None and (keep < 1 or not file.is_dir()):
            raise CommandError("--keep goes with a folder, and keeps at least 1.")
        whole = file / f"five-by-five-{timezone.now():%Y%m%d-%H%M%S}.backup"
        made = whole if file.is_dir() else file
        try:
            back_up(made)
        except NotKept as problem:
            raise CommandError(str(problem)) from problem
        said = f"{made.name}, {filesizeformat(made.stat().st_size)}, SHA-256 {_digest(made)}"
        Upkeep.objects.note(Upkeep.Task.BACKUP, f"{said}.")
        self.stdout.write(f"{said}.")
        if keep:
            self._forget(file, keep)

    def _forget(self, folder: Path, keep: int) -> None:
        """Those before the newest: only files that bear such a name."""
        made = sorted(path for path in folder.iterdir() if OF_A_MOMENT.fullmatch(path.name))
        for path in made[:-keep]:
            path.unlink()
        if made[:-keep]:
            self.stdout.write(f"Deleted: {english.counted(len(made[:-keep]), 'older backup')}.")


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
