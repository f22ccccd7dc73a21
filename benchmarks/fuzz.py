"""python -m benchmarks.fuzz: hostile requests as each role; no 500, no wait, and what memory does.

    DATABASE_URL=sqlite:////tmp/fuzz.sqlite3 python -m benchmarks.fuzz --requests 5000 --seed 1
    … python -m benchmarks.fuzz --served    of one worker of the production server, over HTTP

The database is migrated, and filled with the demo register where it is empty. It is written to:
give it one of its own.
"""

from __future__ import annotations

import argparse
import http.client
import logging
import os
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from http.cookies import SimpleCookie
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

from benchmarks import load

os.environ |= {
    "DEBUG": "1",
    "HTTPS": "0",
    "ALLOWED_HOSTS": "testserver",
    "SECRET_KEY": "benchmark-only-" * 4,
    "EMAIL_URL": "dummy://",
    "DJANGO_SETTINGS_MODULE": "config.settings",
}
SLOW = 2.0
# Proves, with the cookie of the same name, that a form was sent from here.
TOKEN = "x" * 32


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--served", action="store_true", help="ask a server of its own over HTTP")
    options = parser.parse_args()
    _prepare()
    from django.conf import settings
    from django.db import connection

    settings.DEBUG = False
    logging.disable(logging.CRITICAL)
    with ExitStack() as stack:
        served = None
        if options.served:
            quiet = {"DEBUG": "0", "LOG_LEVEL": "CRITICAL"}
            served = Served(*stack.enter_context(load.server(quiet, workers=1)))
        statuses, slow, broken = run(options.seed, options.requests, served)
    print(f"{connection.vendor}: {options.requests} requests, seed {options.seed}: {statuses}")
    for seconds, sent in sorted(slow, key=lambda one: -one[0])[:20]:
        print(f"  slow: {seconds:.1f} s {sent.method} {sent.path[:150]} {len(sent.body)} bytes")
    for said, count in broken.most_common(40):
        print(f"  broken {count} times: {said}")


def _prepare() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    from registers.models import Register

    call_command("migrate", verbosity=0)
    if not Register.objects.exists():
        call_command("demo", verbosity=0)


class Served:
    """One worker of the production server, and browsers of the people that are given."""

    def __init__(self, port: int, pid: int) -> None:
        self.port, self.pid = port, pid

    def memory(self) -> int:
        return load.memory_of_workers(self.pid) >> 20

    def browser(self, client) -> Browser:
        return Browser(self.port, client.cookies)


class Browser:
    """Sends what a test's client would, over HTTP."""

    def __init__(self, port: int, cookies: SimpleCookie) -> None:
        self.port, self.cookies = port, cookies
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def generic(self, method: str, path: str, body: bytes, kind: str, QUERY_STRING: str):
        self.cookies["csrftoken"] = TOKEN
        said = "; ".join(f"{name}={one.coded_value}" for name, one in self.cookies.items())
        headers = {"Host": "testserver", "Cookie": said, "X-CSRFToken": TOKEN, "Content-Type": kind}
        url = quote(path, safe="/%:@!$&'()*+,;=-._~") + (f"?{QUERY_STRING}" if QUERY_STRING else "")
        try:
            self.connection.request(method, url, body or None, headers)
            response = self.connection.getresponse()
            response.read()
        except (http.client.HTTPException, OSError):
            # A server may hang up on what it has refused before reading it all.
            self.connection.close()
            return SimpleNamespace(status_code=0)
        for cookie in response.headers.get_all("Set-Cookie", []):
            self.cookies.load(cookie)
        return SimpleNamespace(status_code=response.status)


def run(seed: int, number: int, served: Served | None = None):
    from tests.support import hostile

    def people():
        return [served.browser(one) for one in _clients()] if served else _clients()

    memory: Callable[[], int] = served.memory if served else _memory
    clients, known = people(), _known()
    statuses: Counter[int] = Counter()
    broken: Counter[str] = Counter()
    slow = []
    for count, sent in enumerate(hostile.requests(seed, number, known)):
        client = clients[count % len(clients)]
        before = time.perf_counter()
        answer = sent.to(client)
        took = time.perf_counter() - before
        statuses[answer.status_code] += 1
        if took > SLOW:
            slow.append((took, sent))
        if answer.status_code >= 500:
            broken[_said(answer, sent)] += 1
        if count % 500 == 499:
            print(f"  {count + 1}: {memory()} MB", flush=True)
            clients, known = people(), _known()
    return statuses, slow, broken


def _said(answer, sent) -> str:
    """The error, where it was raised, and an address that raised it."""
    info = getattr(answer, "exc_info", None)
    if not info:
        return f"{answer.status_code} {sent.path[:100]}"
    ours = [at for at in traceback.extract_tb(info[2]) if "/registers/" in at.filename]
    where = f"{ours[-1].filename}:{ours[-1].lineno}" if ours else "elsewhere"
    return f"{info[0].__name__}: {str(info[1])[:160]} at {where}"


def _clients():
    """One of each role: their first by name, and one who is not signed in."""
    from django.test import Client

    from registers.models import User

    people = {tuple(sorted(user.access.anywhere.roles)): user for user in User.objects.all()}
    clients = [Client(raise_request_exception=False) for _ in range(len(people) + 1)]
    for client, user in zip(clients, people.values(), strict=False):
        client.force_login(user)
    return clients


def _known() -> dict[str, list[object]]:
    from registers.models import Edition, Entry, Register, Snapshot

    ids = list(Snapshot.objects.order_by("-pk").values_list("pk", flat=True)[:20])
    return {
        "register": list(Register.objects.values_list("slug", flat=True)),
        "edition": [edition.quarter.slug for edition in Edition.objects.all()],
        "entry": list(Entry.objects.values_list("pk", flat=True)[:20]),
        "pk": ids,
        "object_id": [*ids, 1, 2],
        "issue": [1],
        "format": ["csv", "xlsx"],
        "page": ["heatmap", "table", "changes"],
    }


def _memory() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024


if __name__ == "__main__":
    main()
