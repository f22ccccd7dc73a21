"""The file of a register that was cut off, changed, or is none: nothing of it is taken in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from registers.exporting.whole import lines
from registers.importing.whole import CannotRestore, restore
from registers.models import Register, Type
from registers.models.whole import MODELS
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def small(common_ground) -> Iterator[list[str]]:
    """A register of one published entry as a file."""
    with common_ground(lambda: list(lines(factories.published().register))) as small:
        pass
    yield small


def said(file: list[str]) -> list[dict]:
    return [json.loads(line) for line in file]


def test_a_register_goes_into_an_empty_database_only(small: list[str]) -> None:
    factories.RegisterFactory()
    with pytest.raises(CannotRestore, match="has a register already"):
        restore(small)


def test_a_file_that_was_cut_off_leaves_nothing(small: list[str]) -> None:
    types = set(Type.objects.values_list("name", flat=True))
    for cut in (small[:-1], small[: len(small) // 2], [*small[:9], small[-1]]):
        with pytest.raises(CannotRestore):
            restore(cut)
        assert not Register.objects.exists()
    assert set(Type.objects.values_list("name", flat=True)) == types


def test_a_file_that_was_changed_leaves_nothing(small: list[str]) -> None:
    changed = [line.replace("Costs rise", "Costs fall") for line in small]
    kept = [was if "publication" in was else now for was, now in zip(small, changed, strict=True)]
    with pytest.raises(CannotRestore, match="does not prove itself"):
        restore(kept)
    head = {**said(small)[0], "digests": ["0" * 64]}
    with pytest.raises(CannotRestore, match="other publications"):
        restore([json.dumps(head), *small[1:]])
    assert not Register.objects.exists()


@pytest.mark.parametrize("head", ["", "{}", "[]", "no json", '{"format": 99}'])
def test_what_is_no_such_file_is_told_so(head: str) -> None:
    with pytest.raises(CannotRestore, match=r"not the file of a register|of format 99"):
        restore([head])


def test_nothing_but_a_register_is_taken_from_a_file(small: list[str]) -> None:
    row = json.dumps({"model": "auth.group", "pk": 1, "fields": {"name": "Everything"}})
    with pytest.raises(CannotRestore, match="no part of a register"):
        restore([small[0], row, json.dumps({"rows": 1})])


def test_the_commands_say_what_they_did_and_what_they_can_not(
    small: list[str], tmp_path: Path, capsys
) -> None:
    path = tmp_path / "register.jsonl"
    path.write_text("\n".join(small), encoding="utf-8")
    call_command("import_register", path)
    assert "taken in, 1 publication proved" in capsys.readouterr().out
    call_command("export_register", register="corporate", output=tmp_path / "again.jsonl")
    assert "rows of Corporate" in capsys.readouterr().out
    for command, options, sentence in (
        ("import_register", {"file": path}, "Nothing was taken in. This database has"),
        ("import_register", {"file": tmp_path / "none"}, "can't be read"),
        ("export_register", {"register": "no", "output": path}, "There is no register “no”"),
        ("export_register", {"register": "corporate", "output": tmp_path}, "can't be written"),
    ):
        with pytest.raises(CommandError, match=sentence):
            file = [options.pop("file")] if "file" in options else []
            call_command(command, *file, **options)


# Derived, or of this machine alone.
NO_PART = (
    "columnmeaning feedtoken import importdoubt job keptstandings notice opportunity packfile risk "
    "sending sought storedfile upkeep historicalimport historicalimportdoubt user_groups "
    "user_user_permissions registerrole historicalregisterrole proposal historicalproposal"
).split()


def test_every_table_is_a_part_of_a_register_or_known_to_be_none() -> None:
    known = {one._meta.model_name for one in apps.get_app_config("registers").get_models(True)}
    left = known - set(MODELS) - set(NO_PART)
    assert not left, "say in models/whole.py how the rows of a register are found"
