"""How long packs take, and how much memory: python -m benchmarks.packs

Each file is made in a process of its own, so that its memory is its own. On a machine with other
work, compare the seconds of CPU.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

WORK = Path(__file__).resolve().parent / "work"
SIZES = ((20, 8), (200, 8), (2_000, 8))
FORMATS = ("docx", "pdf", "xlsx", "csv")


def main() -> None:
    WORK.mkdir(exist_ok=True)
    url = os.environ.get("DATABASE_URL", f"sqlite:///{WORK / 'packs.sqlite3'}")
    environment = {**os.environ, "DATABASE_URL": url, "DEBUG": "1"}
    _in_a_process(environment, "build", "0", "0")
    print("| entries × quarters | file | seconds | CPU seconds | MB of memory | MB of file |")
    print("|---|---|---:|---:|---:|---:|")
    for entries, quarters in SIZES:
        for format in FORMATS:
            if format == "pdf" and entries > 400:
                continue  # refused: see MOST_IN_A_PDF
            said = _in_a_process(environment, format, str(entries), str(quarters))
            print(
                f"| {entries} × {quarters} | {format} | {said['seconds']:.2f} | {said['cpu']:.2f} "
                f"| {said['memory']:.0f} | {said['size'] / 1e6:.1f} |"
            )


def _in_a_process(environment: dict[str, str], *asked: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.packs", *asked],
        env={**environment, "DJANGO_SETTINGS_MODULE": "config.settings"},
        check=True,
        stdout=subprocess.PIPE,
    )
    return json.loads(done.stdout.splitlines()[-1])


def measure(format: str, entries: int, quarters: int) -> dict[str, float]:
    import django

    django.setup()
    from benchmarks import scales
    from registers.exporting.pack.files import Order, make
    from registers.models import Edition

    if format == "build":
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        from registers.cycle.standings import keep

        for each in SIZES:
            register = scales.build(scales.Scale("packs", *each))
            # As publishing does.
            keep(Edition.objects.filter(register=register).newest_first().first())
        return {}
    slug = scales.Scale("packs", entries, quarters).slug
    editions = Edition.objects.select_related("register").filter(register__slug=slug)
    edition = editions.published().newest_first().first()
    started, worked = time.perf_counter(), time.process_time()
    made = make(Order(edition, format), datetime.now(UTC))
    return {
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - worked,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "size": len(made),
    }


if __name__ == "__main__":
    if len(sys.argv) == 4:
        print(json.dumps(measure(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
    else:
        main()
