"""python -m benchmarks.flags: what the flags of 2,000 entries after 40 quarters cost.

Measures, on the database at DATABASE_URL (built once, then kept): working out how an edition
stands, as publishing does and as the challenge page of a draft does; and the challenge page and the
heat map of a published edition, made with nothing kept but what was kept at publication.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import django


def main() -> None:
    django.setup()
    from django.core.cache import caches
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from benchmarks.scales import REFERENCE, build
    from registers import cycle
    from registers.models import Edition, User
    from registers.reading.standings import worked_out

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    edition = Edition.objects.filter(register=build(REFERENCE)).select_related("register")
    last = edition.published().newest_first().first()
    print(f"{connection.vendor}, {REFERENCE.slug}")
    told("worked out anew", lambda: worked_out(last))
    told("worked out and kept", lambda: cycle.keep_standings(last))
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.filter(is_superuser=True).first() or a_manager(User))
    for page in ("challenge", "heatmap"):
        client.get(last.url(page))
        taken, own = [], []
        for _ in range(7):
            caches["pages"].clear()
            began, spent = time.perf_counter(), time.process_time()
            assert client.get(last.url(page)).status_code == 200
            taken.append(time.perf_counter() - began)
            own.append(time.process_time() - spent)
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as asked:
            client.get(last.url(page))
        wall, python = (sorted(each)[3] * 1000 for each in (taken, own))
        print(f"{page}, unkept: {wall:.0f} ms, {python:.0f} in Python, {len(asked)} queries")


def a_manager(users):
    return users.objects.create_superuser("flags-benchmark", password=None)


def told(what: str, do: Callable[[], object]) -> None:
    began, own = time.perf_counter(), time.process_time()
    do()
    spent = time.process_time() - own
    print(f"{what}: {time.perf_counter() - began:.1f} s, of which {spent:.1f} s in Python")


if __name__ == "__main__":
    main()
