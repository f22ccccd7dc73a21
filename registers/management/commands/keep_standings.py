"""Work out the flags of published editions where they are missing, or were made by other rules, and
the words that the search looks through.

After a new version, or after FLAG_THRESHOLDS changed: until then the pages work out the flags each
time, and the search says that it does not know every edition.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from registers import cycle


class Command(BaseCommand):
    help = "Work out the flags of published editions where they are missing or out of date."

    def handle(self, *args: Any, **options: Any) -> None:
        count = cycle.keep_missing_standings()
        self.stdout.write(f"Worked out for {count} edition{'' if count == 1 else 's'}.")
