"""A process that is killed in the middle of an import leaves the database as it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from registers.models import Action, Edition, Entry, Owner, Snapshot
from tests import factories
from tests.importing.documents import WordRegister

# Runs the real command, and kills its own process just before the first write to a table.
KILLED = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection

def kill(execute, sql, *rest):
    if sql.startswith(("INSERT", "UPDATE")) and sys.argv[1] in sql:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, *rest)

with connection.execute_wrapper(kill):
    call_command(
        "import_edition", sys.argv[2], register="corporate", edition="2018-19-q3", publish=True
    )
"""


def run(database_url: str, table: str, path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", KILLED, table, str(path)],
        env={
            **os.environ,
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DEBUG": "1",
        },
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def rows() -> list[int]:
    return [model.objects.count() for model in (Edition, Entry, Snapshot, Action, Owner)]


@pytest.mark.parametrize("table", ["registers_strand", "registers_action", "registers_publication"])
def test_a_kill_in_the_middle_leaves_the_database_as_it_was(
    table: str, database_url: str, tmp_path: Path
) -> None:
    factories.register("corporate")
    before = rows()
    path = (
        WordRegister()
        .headings()
        .entry("CR1", ["Whole", "1. First", "2. Second"])
        .entry("CR2", "Another")
        .save(tmp_path / "register.docx")
    )
    killed = run(database_url, table, path)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    connection.close()
    assert rows() == before

    again = run(database_url, "no such table", path)
    assert again.returncode == 0, again.stderr
    connection.close()
    assert Edition.objects.get().is_published
    assert Snapshot.objects.count() == 2
