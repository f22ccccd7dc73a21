"""python -m benchmarks.cycle: how long it takes to turn a quarter of 2,000 entries.

    python -m benchmarks.cycle                    PostgreSQL if a server is there, and SQLite
    python -m benchmarks.cycle --entries 200      a smaller register
    python -m benchmarks.cycle --database URL     this database only; it must be empty

Each database is made for the run and dropped after it. The aims:
opening and publishing 2,000 entries in at most 10 s each on PostgreSQL, saving a draft
and submitting in at most 25 queries each.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable

from benchmarks import databases

SECONDS, QUERIES = 10, 25


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=2_000)
    parser.add_argument("--database", help="measure this empty database only (a DATABASE_URL)")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        measure(options.entries)
    else:
        databases.on_each(options.database, "benchmarks.cycle", f"--entries={options.entries}")


def measure(entries: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    from registers import cycle
    from registers.models import Snapshot, User

    manager, edition = first_edition(entries)
    print(
        f"\n{f'{connection.vendor}, {entries} entries':<28}{'s':>8}{'own CPU s':>11}{'queries':>9}"
    )

    def timed(words: str, verb: Callable[[], object], *, aim: str) -> object:
        queries = 0

        def counting(execute, sql, params, many, context):
            nonlocal queries
            queries += 1
            return execute(sql, params, many, context)

        with connection.execute_wrapper(counting):
            started, busy = time.perf_counter(), time.process_time()
            result = verb()
            seconds, busy = time.perf_counter() - started, time.process_time() - busy
        print(f"  {words:<26}{seconds:>8.2f}{busy:>11.2f}{queries:>9}   {aim}")
        return result

    whole = f"aim: {SECONDS} s"
    one = f"aim: {QUERIES} queries"
    timed("publish", lambda: cycle.publish(edition, by=manager), aim=whole)
    opened = timed(
        "open",
        lambda: cycle.open_edition(edition.register, edition.quarter.next, by=manager),
        aim=whole,
    )
    row = opened.snapshots.select_related("entry", "edition").as_printed()[entries // 2]
    owner = User.objects.get(tenures__owner=row.owner_id)
    written = cycle.Draft({"direction": "level", "commentary": "The programme is on course."})
    timed("save a draft", lambda: cycle.save_draft(row, written, by=owner), aim=one)
    timed("submit", lambda: cycle.submit(row, by=owner, override="As planned."), aim=one)
    timed("accept", lambda: cycle.accept(row, by=manager), aim="")
    Snapshot.objects.in_edition(opened).not_accepted().update(progress="submitted")
    rest = opened.snapshots.not_accepted()
    timed("accept all the others", lambda: cycle.accept_all(rest, by=manager), aim="")
    numbers = {
        pk: f"N{place}" for place, pk in enumerate(opened.snapshots.values_list("pk", flat=True))
    }
    timed("renumber all", lambda: cycle.renumber(opened, numbers, by=manager), aim="")
    timed("publish", lambda: cycle.publish(opened, by=manager), aim=whole)
    faults = timed(
        "verify", lambda: [fault for _, fault in cycle.verify(edition.register) if fault], aim=""
    )
    assert not faults, faults


def first_edition(entries: int):
    """A register whose first edition is accepted, with forty posts and three actions an entry."""
    from django.contrib.auth.models import Group

    from registers import access
    from registers.cycle import rows
    from registers.domain import scale
    from registers.domain.quarters import Quarter
    from registers.models import Action, Edition, Entry, Owner, Register, Snapshot, Tenure, User

    dice = random.Random(5)
    manager, *holders = User.objects.bulk_create(
        User(username=f"person{n}", email=f"person{n}@ashmoor.example") for n in range(41)
    )
    manager.groups.add(Group.objects.get(name=access.MANAGER))
    Group.objects.get(name=access.OWNER).user_set.add(*holders)
    posts = Owner.objects.bulk_create(Owner(name=f"Director {n}") for n in range(40))
    Tenure.objects.bulk_create(
        Tenure(owner=post, user=holder, starts="2020-01-01")
        for post, holder in zip(posts, holders, strict=True)
    )
    register = Register.objects.create(name="Large", slug="large")
    edition = Edition.objects.create(register=register, quarter=Quarter(2026, 1))

    def passage(lines: int) -> str:
        words = "budget service contract staff review plan savings demand board delivery".split()
        return "\n".join(" ".join(dice.choices(words, k=14)) for _ in range(lines))

    made = [Entry(register=register, kind=scale.RISK) for _ in range(entries)]
    rows.create(made, by=manager, reason="Made")
    snapshots = []
    for place, entry in enumerate(made, start=1):
        impact, likelihood = dice.randint(2, 5), dice.randint(2, 5)
        snapshots.append(
            Snapshot(
                edition=edition,
                entry=entry,
                reference=f"CR{place}",
                order=place,
                title=passage(1),
                consequences=passage(5),
                controls=passage(6),
                commentary=passage(2),
                impact=impact,
                likelihood=likelihood,
                score=impact * likelihood,
                residual_impact=1,
                residual_likelihood=2,
                residual_score=2,
                owner=posts[place % len(posts)],
                direction="level",
                progress="accepted",
            )
        )
    types = {place: [place % 13 + 1, (place + 5) % 13 + 1] for place in range(entries)}
    rows.create(snapshots, by=manager, reason="Made", types=types)
    actions = [
        Action(snapshot=row, text=passage(1), order=n) for row in snapshots for n in range(3)
    ]
    rows.create(actions, by=manager, reason="Made")
    return manager, edition


if __name__ == "__main__":
    main()
