"""python -m benchmarks: how fast the reading pages are, against what Django itself costs.

    python -m benchmarks                      SQLite, and PostgreSQL where DATABASE_URL names one
    python -m benchmarks --quick              council's scale only
    python -m benchmarks --database URL       this database only

Databases are built once and kept: benchmarks/work/ (SQLite), the database 'fivebyfive_bench'.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

WORK = Path(__file__).resolve().parent / "work"
POSTGRES = os.environ.get("BENCH_POSTGRES", "postgres://postgres@127.0.0.1:5432/fivebyfive_bench")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="council's scale only")
    parser.add_argument("--database", help="measure this database only (a DATABASE_URL)")
    parser.add_argument("--requests", type=int, default=60, help="requests a client and page")
    options = parser.parse_args()
    WORK.mkdir(exist_ok=True)
    urls = [options.database] if options.database else [f"sqlite:///{WORK / 'bench.sqlite3'}"]
    if not options.database and _create_postgres():
        urls.append(POSTGRES)
    for url in urls:
        # One process a database: Django's settings are read once.
        subprocess.run(
            [
                sys.executable,
                "-m",
                "benchmarks.pages",
                f"--requests={options.requests}",
                *(["--quick"] if options.quick else []),
            ],
            env={
                **os.environ,
                "DATABASE_URL": url,
                "DEBUG": "0",
                "HTTPS": "0",
                "SECRET_KEY": "benchmark-only-" * 4,
                "ALLOWED_HOSTS": "localhost,testserver",
                "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            },
            check=True,
        )


def _create_postgres() -> bool:
    """Make the database if a server is there. Without one, say so and go on with SQLite."""
    import psycopg

    server, _, name = POSTGRES.rpartition("/")
    try:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            there = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [name]
            ).fetchone()
            if not there:
                connection.execute(f'CREATE DATABASE "{name}"')
    except psycopg.OperationalError as error:
        print(f"No PostgreSQL measured: {error}", file=sys.stderr)
        return False
    return True


main()
