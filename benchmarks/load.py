"""A production server of our own for the length of a run, and clients that ask it for pages."""

from __future__ import annotations

import gzip
import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def server(environment: dict[str, str], *, workers: int = 2) -> Iterator[tuple[int, int]]:
    """(port, pid) of gunicorn with so many workers, up and answering. Stopped on leaving."""
    port = free_port()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            "config/gunicorn.py",
            "--log-level=warning",
            "config.wsgi",
        ],
        cwd=ROOT,
        env={**os.environ, **environment, "BIND": f"127.0.0.1:{port}", "WORKERS": str(workers)},
    )
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("the server did not start") from None
                threading.Event().wait(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def memory_of_workers(pid: int) -> int:
    """The largest worker's resident memory, in bytes."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    sizes = [
        int(line.split()[1]) * 1024
        for child in children
        for line in Path(f"/proc/{child}/status").read_text().splitlines()
        if line.startswith("VmRSS:")
    ]
    return max(sizes, default=0)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        packed = self.headers.get("Content-Encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


class Client:
    """One browser: a connection that stays open where the server lets it, and its cookies."""

    def __init__(self, port: int, cookies: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.headers = {"Accept-Encoding": "gzip", "Host": "localhost"}
        self.cookies = SimpleCookie(cookies)

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, form: Mapping[str, object]) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(form, doseq=True), kind)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        cookies = "; ".join(f"{name}={one.value}" for name, one in self.cookies.items())
        said = {**self.headers, **({"Cookie": cookies} if cookies else {}), **headers}
        self.connection.request(method, path, body, said)
        response = self.connection.getresponse()
        for cookie in response.headers.get_all("Set-Cookie", []):
            self.cookies.load(cookie)
        return Answer(response.status, dict(response.getheaders()), response.read())


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds."""

    p50: float
    p95: float


def percentiles(seconds: list[float]) -> Timing:
    ordered = sorted(seconds)
    return Timing(ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)])


def measure(
    port: int, cookie: str, path: str, *, clients: int, requests: int, tag: str = ""
) -> Timing:
    """Each client asks `requests` times in turn; every answer is checked."""
    expected = 304 if tag else 200
    headers = {"If-None-Match": tag} if tag else {}
    seconds: list[float] = []
    wrong: list[int] = []

    def run() -> None:
        client = Client(port, cookie)
        for _ in range(requests):
            started = time.perf_counter()
            answer = client.get(path, **headers)
            seconds.append(time.perf_counter() - started)
            if answer.status != expected:
                wrong.append(answer.status)

    threads = [threading.Thread(target=run) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong or len(seconds) != clients * requests:
        raise RuntimeError(f"{path} answered {wrong[:3]}, not {expected}")
    return percentiles(seconds)
