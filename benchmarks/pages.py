"""One database, all pages: builds the scales, serves them, prints the table."""

from __future__ import annotations

import argparse
import os
import time

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client as TestClient  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from benchmarks import load, scales  # noqa: E402
from registers.models import Register, Snapshot, User  # noqa: E402

HEAD = (
    "| scale | page | queries | KB gz | 1 client p50 / p95 ms | 8 clients p50 / p95 ms "
    "| × bare | × login floor | revisit × | unkept p50 ms |\n"
    "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|"
)


def pages_of(register: Register) -> dict[str, str]:
    edition = register.editions.newest_first().first()
    names = [register.slug, edition.quarter.slug]
    entry = Snapshot.objects.in_edition(edition).filter(entry__exempt=False).first().entry_id
    return {
        "heat map": reverse("heatmap", args=names),
        "table": reverse("table", args=names),
        "entry": reverse("entry", args=[entry]),
        "changes": reverse("changes", args=names),
    }


def count_queries(user: User, path: str) -> int:
    client = TestClient(headers={"host": "localhost"})
    client.force_login(user)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(path)
    if response.status_code != 200:
        raise RuntimeError(f"{path} answered {response.status_code}")
    return len(captured)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--requests", type=int, default=60)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    sizes = [scales.COUNCIL_YOUNG, scales.COUNCIL]
    if not options.quick:
        sizes.append(scales.REFERENCE)
    registers = {size: scales.build(size) for size in sizes}
    user = scales.reader()
    session = TestClient(headers={"host": "localhost"})
    session.force_login(user)
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in session.cookies.items())
    vendor = connection.vendor

    unkept = _unkept(registers, cookie, options.requests)
    with load.server({}) as (port, pid):
        floors = {}
        for name, path in (("bare", "/floor/bare/"), ("login", "/floor/login/")):
            load.measure(port, cookie, path, clients=2, requests=20)
            floors[name] = load.measure(
                port, cookie, path, clients=1, requests=options.requests * 2
            )
            busy = load.measure(port, cookie, path, clients=8, requests=options.requests)
            print(f"{vendor}: floor {name}: 1 client {_ms(floors[name])}, 8 clients {_ms(busy)} ms")
        print(f"\n### {vendor}\n\n{HEAD}")
        medians = {}
        for size, register in registers.items():
            for page, path in pages_of(register).items():
                queries = count_queries(user, path)
                load.measure(port, cookie, path, clients=2, requests=6)
                answer = load.Client(port, cookie).get(path)
                alone = load.measure(port, cookie, path, clients=1, requests=options.requests)
                busy = load.measure(port, cookie, path, clients=8, requests=options.requests // 2)
                revisit = load.measure(
                    port,
                    cookie,
                    path,
                    clients=1,
                    requests=options.requests,
                    tag=answer.headers["ETag"],
                )
                medians[size, page] = alone.p50
                print(
                    f"| {size.entries} × {size.quarters} | {page} | {queries} "
                    f"| {len(answer.body) / 1024:.1f} | {_ms(alone)} | {_ms(busy)} "
                    f"| {alone.p50 / floors['bare'].p50:.2f} "
                    f"| {alone.p50 / floors['login'].p50:.2f} "
                    f"| {revisit.p50 / floors['login'].p50:.2f} "
                    f"| {unkept[size, page].p50 * 1000:.1f} |"
                )
        print()
        for page in ("heat map", "table", "entry", "changes"):
            young, old = scales.COUNCIL_YOUNG, scales.COUNCIL
            print(
                f"4 → 40 quarters, {page}: × {medians[old, page] / medians[young, page]:.2f} kept, "
                f"× {unkept[old, page].p50 / unkept[young, page].p50:.2f} made anew"
            )
        print(f"first load of the heat map: {_first_load(port, cookie, registers) / 1024:.1f} KB")
        print(f"login: {_login(port, 12) * 1000:.0f} ms (password hashing included)")
        print(f"memory of the largest worker: {load.memory_of_workers(pid) / 2**20:.0f} MB")


def _unkept(registers, cookie: str, requests: int) -> dict:
    """Every page with nothing kept between requests: what the first reader waits for."""
    timings = {}
    with load.server({"CACHE_URL": "dummy://"}) as (port, _):
        for size, register in registers.items():
            for page, path in pages_of(register).items():
                load.measure(port, cookie, path, clients=1, requests=3)
                timings[size, page] = load.measure(
                    port, cookie, path, clients=1, requests=max(requests // 3, 8)
                )
    return timings


def _first_load(port: int, cookie: str, registers) -> int:
    """Bytes of the heat map and of every file of ours that it names, as sent."""
    import re

    client = load.Client(port, cookie)
    answer = client.get(pages_of(registers[scales.COUNCIL])["heat map"])
    total = len(answer.body)
    for path in sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+)"', answer.text))):
        total += len(client.get(path).body)
    return total


def _login(port: int, times: int) -> float:
    """Seconds of the median login, form posted to page answered."""
    import re

    seconds = []
    path = reverse("account_login")
    for _ in range(times):
        client = load.Client(port)
        form = client.get(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.text)[1]
        said = {"csrfmiddlewaretoken": token, "login": "reader", "password": scales.PASSWORD}
        started = time.perf_counter()
        answer = client.post(path, said)
        seconds.append(time.perf_counter() - started)
        if answer.status != 302:
            raise RuntimeError(f"login answered {answer.status}")
    return load.percentiles(seconds).p50


def _ms(timing: load.Timing) -> str:
    return f"{timing.p50 * 1000:.1f} / {timing.p95 * 1000:.1f}"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    main()
