"""What README says to type works, as it is printed there."""

from __future__ import annotations

import ast
import re
import shlex
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands

from registers.models import Edition, Register
from tests.importing.documents import WordRegister

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MANAGE = re.compile(r"manage\.py (\w+)")


def printed(command: str) -> list[str]:
    """The words after `manage.py` of the command that README shows over one line or more."""
    shown = re.search(rf"^    .*manage\.py ({command} (?:.*\\\n)*.*)$", README, re.MULTILINE)
    assert shown, f"README shows no {command}"
    return shlex.split(shown[1].replace("\\\n", " "))


@pytest.fixture
def typed(tmp_path: Path) -> list[str]:
    """The example of an import, with a document in the place of REGISTER.docx."""
    document = (
        WordRegister()
        .headings()
        .entry("CR1", "Keep the roads safe")
        .save(tmp_path / "register.docx")
    )
    return [
        str(document) if word == "REGISTER.docx" else word for word in printed("import_edition")
    ]


@pytest.mark.django_db
def test_the_import_that_readme_shows_works_on_an_empty_database(typed):
    call_command(*typed, stdout=StringIO())
    assert not Register.objects.exists(), "--dry-run changes nothing"
    typed.remove("--dry-run")
    call_command(*typed, stdout=StringIO())
    assert Edition.objects.get().snapshots.get().reference == "CR1"
    assert Register.objects.get().name == "Corporate risk register"


@pytest.mark.django_db
def test_the_import_that_readme_shows_works_where_the_register_is_there(typed):
    Register.objects.create(slug="corporate", name="Of another name")
    typed.remove("--dry-run")
    call_command(*typed, stdout=StringIO())
    assert Register.objects.get().name == "Of another name"
    assert Edition.objects.get().snapshots.count() == 1


def test_every_command_that_readme_names_is_there():
    assert set(MANAGE.findall(README)) <= set(get_commands())


def test_readme_and_make_name_the_same_targets():
    told = set(re.findall(r"`?\bmake (\w+)`", README)) | set(
        re.findall(r"^    make (\w+)", README, re.MULTILINE)
    )
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    in_help = set(re.findall(r"^#   make (\w+)", makefile, re.MULTILINE))
    assert told == in_help


def read_from_the_environment(file: Path) -> set[str]:
    """The names that are asked of `env` or of `os.environ` in a file."""
    calls = (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call))
    asked = [call.args[0] for call in calls if ENVIRONMENT.match(ast.unparse(call.func))]
    return {name.value for name in asked if isinstance(name, ast.Constant)}


ENVIRONMENT = re.compile(r"env\.\w+$|os\.environ\.get$")


def told_settings() -> list[str]:
    """The settings that README's table names."""
    _, table = README.split("| Setting | |\n", 1)
    rows = table.split("\n\n", 1)[0].splitlines()[1:]
    return [name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])]


def test_the_table_of_settings_names_every_setting_and_no_other():
    read = {
        name
        for file in ("settings", "gunicorn")
        for name in read_from_the_environment(ROOT / "config" / f"{file}.py")
    }
    assert sorted(told_settings()) == sorted(read)
