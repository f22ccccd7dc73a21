"""python -m benchmarks.at_once: many owners who save at the same moment, against two workers.

    python -m benchmarks.at_once                    PostgreSQL if a server is there, and SQLite
    python -m benchmarks.at_once --people 20        how many owners, each with an entry of their own
    python -m benchmarks.at_once --database URL     this database only; it must be empty

Each owner has opened the form of their entry, has changed a sentence and presses Save, all let go
at once. Then ten people who hold one post do the same with the form of one entry: one is saved and
nine are shown what changed meanwhile. The aim: 20 on different entries within 1 s (p95), and ten
on one entry all answered.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections import Counter

from benchmarks import databases, load
from tests.admin.filled import fields_of

ON_ONE = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--database", help="measure this empty database only (a DATABASE_URL)")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        measure(options.people, options.rounds)
        return
    said = [f"--people={options.people}", f"--rounds={options.rounds}"]
    databases.on_each(options.database, "benchmarks.at_once", *said)


def measure(people: int, rounds: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    different, one = _drafts(people)
    vendor = connection.vendor
    connection.close()
    with load.server({}) as (port, pid):
        for words, drafts in (("each on their own", different), ("all on one", one)):
            writers = [Writer(port, *draft) for draft in drafts]
            answers = [answer for number in range(rounds) for answer in _round(writers, number)]
            timing = load.percentiles([seconds for _, seconds in answers])
            print(
                f"{vendor}: {len(writers)} people, {words}: p50 {timing.p50:.2f} s, "
                f"p95 {timing.p95:.2f} s; answers {dict(Counter(status for status, _ in answers))}"
            )
        print(f"{vendor}: memory of the largest worker: {load.memory_of_workers(pid) >> 20} MB")


def _round(writers: list[Writer], number: int) -> list[tuple[int, float]]:
    for writer in writers:
        writer.open(number)
    return press_together(writers)


def _drafts(people: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(cookies, address of a form) of each person: on entries of their own, and all on one."""
    from django.contrib.auth.models import Group

    from benchmarks.cycle import first_edition
    from registers import access, cycle
    from registers.models import Tenure, User

    manager, edition = first_edition(people + 1)
    cycle.publish(edition, by=manager)
    opened = cycle.open_edition(edition.register, edition.quarter.next, by=manager, tell=False)
    *different, shared = opened.snapshots.as_printed()
    different = [
        (_cookies(User.objects.get(tenures__owner=row.owner_id)), _form(row)) for row in different
    ]
    together = User.objects.bulk_create(
        User(username=name, email=f"{name}@ashmoor.example")
        for name in (f"delegate{n}" for n in range(ON_ONE))
    )
    Group.objects.get(name=access.OWNER).user_set.add(*together)
    Tenure.objects.bulk_create(
        Tenure(owner=shared.owner, user=one, starts="2020-01-01", is_delegate=True)
        for one in together
    )
    return different, [(_cookies(user), _form(shared)) for user in together]


def _cookies(user: object) -> str:
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client.cookies.output(attrs=[], header="", sep=";").strip()


def _form(snapshot: object) -> str:
    from django.urls import reverse

    return reverse("admin:registers_snapshot_change", args=[snapshot.pk])


class Writer:
    """A person with the form of an entry open."""

    def __init__(self, port: int, cookies: str, path: str) -> None:
        self.path = path
        self.client = load.Client(port, cookies)

    def open(self, number: int) -> None:
        page = self.client.get(self.path)
        if page.status != 200:
            raise RuntimeError(f"{self.path} answered {page.status}")
        said = {"commentary": f"Round {number}, written by {id(self)}.", "_save": ""}
        self.form = {**fields_of(page.text), **said}

    def press(self) -> int:
        return self.client.post(self.path, self.form).status


def press_together(writers: list[Writer]) -> list[tuple[int, float]]:
    """The status of each one's answer, and how long they waited for it."""
    start = threading.Barrier(len(writers))
    answers = []

    def press(writer: Writer) -> None:
        start.wait()
        started = time.perf_counter()
        status = writer.press()
        answers.append((status, time.perf_counter() - started))

    threads = [threading.Thread(target=press, args=[writer]) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


if __name__ == "__main__":
    main()
