"""The whole database into one file, and back into an empty one.

PostgreSQL's own programs do it where it is PostgreSQL, and SQLite's own copying where it is
SQLite: both read one moment of it while others go on writing, and neither knows what a row means.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

POSTGRESQL, SQLITE = "PostgreSQL", "SQLite"
# What a file of each begins with.
BEGINNINGS = {b"PGDMP": POSTGRESQL, b"SQLite format 3\0": SQLITE}

NO_PROGRAM = (
    "There is no {program} on this machine. Install the client programs of PostgreSQL, of the "
    "version of the server or a later one: on Debian and Ubuntu, apt-get install postgresql-client."
)


class NotKept(Exception):
    """There is no backup, or it was not restored. The message says why and what to do."""


def back_up(file: Path) -> None:
    """Into a new file that only its owner may read, whole or not at all. Raises NotKept."""
    with _becoming(file) as unfinished:
        if connection.vendor == "postgresql":
            _run(
                "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file", unfinished
            )
        else:
            connection.ensure_connection()
            with closing(sqlite3.connect(unfinished)) as copy:
                connection.connection.backup(copy)


def restore(file: Path) -> None:
    """Into the database of the settings, which has to be empty. Raises NotKept."""
    _check(file)
    if tables := connection.introspection.table_names():
        raise NotKept(
            f"This database has {len(tables)} tables already, and nothing was changed. A backup is "
            "restored into an empty database: make one, and name it in DATABASE_URL."
        )
    if connection.vendor == "postgresql":
        whole = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
        _run("pg_restore", *whole, file)
    else:
        _restore_sqlite(file)


def _restore_sqlite(file: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as kept:
        try:
            if kept.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
                raise NotKept(f"{file} is damaged. Nothing was changed.")
            kept.backup(connection.connection)
        except sqlite3.DatabaseError as error:
            raise NotKept(f"{file} is damaged: {error}. Nothing was changed.") from error
    # What this process knew of the empty database is no longer so.
    connection.close()


def _check(file: Path) -> None:
    """That it is a backup, and one of this kind of database."""
    try:
        with file.open("rb") as opened:
            begins = opened.read(16)
    except OSError as error:
        raise NotKept(f"{file} can’t be read: {error.strerror}.") from error
    kind = next((kind for start, kind in BEGINNINGS.items() if begins.startswith(start)), None)
    if kind is None:
        raise NotKept(f"{file} is no backup that manage.py backup made.")
    ours = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    if kind != ours:
        raise NotKept(
            f"{file} is a backup of {kind}, and DATABASE_URL names {ours}. Name a database of "
            f"{kind} that is empty."
        )


@contextmanager
def _becoming(file: Path) -> Iterator[Path]:
    """A file beside it that takes its name once all of it is there."""
    if file.exists():
        raise NotKept(f"{file} is there already. Give it another name.")
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        unfinished.unlink(missing_ok=True)
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield unfinished
        unfinished.replace(file)
    except OSError as error:
        raise NotKept(f"{file} can’t be written: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _run(program: str, *arguments: object) -> None:
    """One of PostgreSQL's programs on the database of the settings. Raises NotKept."""
    found = shutil.which(program)
    if found is None:
        raise NotKept(NO_PROGRAM.format(program=program))
    # Where the server is and who asks: as Django has it for its own shell. The password is in the
    # environment, where no list of processes shows it.
    said, environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    *server, name = said[1:]
    command = [found, "--no-password", *server, "--dbname", name, *map(str, arguments)]
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, and the settings of the site
        command,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotKept(f"{program} did not end well. It says: {done.stderr.strip()}")
