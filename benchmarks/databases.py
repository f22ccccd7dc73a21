"""New databases to measure on, made for one run and dropped after it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SERVER = os.environ.get("BENCH_SERVER", "postgres://postgres@127.0.0.1:5432")
NAME = f"fivebyfive_bench_{os.getpid()}"


def on_each(url: str | None, module: str, *arguments: str) -> None:
    """Run `module --here` on the empty database at `url`, or on a new one of each kind."""
    with tempfile.TemporaryDirectory() as folder, postgres() as server:
        urls = [url] if url else [server, f"sqlite:///{Path(folder, 'bench')}"]
        for one in filter(None, urls):
            # One process a database: Django's settings are read once.
            subprocess.run(
                [sys.executable, "-m", module, "--here", *arguments],
                env={
                    **os.environ,
                    "DATABASE_URL": one,
                    "DEBUG": "0",
                    "HTTPS": "0",
                    "ALLOWED_HOSTS": "localhost",
                    "SECRET_KEY": "benchmark-only-" * 4,
                    "EMAIL_URL": "dummy:",
                    "DJANGO_SETTINGS_MODULE": "config.settings",
                },
                check=True,
            )


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a new database, or nothing where there is no server."""
    import psycopg

    try:
        connection = psycopg.connect(f"{SERVER}/postgres", autocommit=True)
    except psycopg.OperationalError as error:
        print(f"No PostgreSQL measured: {error}", file=sys.stderr)
        yield ""
        return
    with connection:
        connection.execute(f'CREATE DATABASE "{NAME}"')
        try:
            yield f"{SERVER}/{NAME}"
        finally:
            connection.execute(f'DROP DATABASE "{NAME}" WITH (FORCE)')
