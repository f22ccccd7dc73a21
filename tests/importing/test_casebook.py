"""A casebook of registers as other councils print them, beside the repository: what a careful
risk manager would read in each. Where the folder is missing this file is left out (conftest.py).

Each case is loaded by the command and judged by the casebook's own `check.py`.
"""

from __future__ import annotations

import importlib.util
import json
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.importing.editions import CASES

pytestmark = pytest.mark.django_db


def checker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("casebook_check", CASES / "check.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CHECK = checker()
EXPECTED = json.loads((CASES / "expected.json").read_text(encoding="utf-8"))


def load(file: str, edition: str, *options: str) -> tuple[int, str, str]:
    """(exit status, output, error) of the command."""
    out = StringIO()
    try:
        call_command(
            "import_edition",
            str(CASES / file),
            *options,
            register="cases",
            create_register="Cases",
            edition=edition,
            stdout=out,
        )
    except CommandError as error:
        return error.returncode, out.getvalue(), f"CommandError: {error}"
    return 0, out.getvalue(), ""


@pytest.mark.parametrize("case", EXPECTED, ids=lambda case: Path(case["file"]).name)
def test_a_case_comes_out_as_a_careful_reader_expects(case: dict[str, Any]) -> None:
    if before := case.get("before"):
        assert load(before["file"], before["edition"], "--publish")[0] == 0
    verdict = CHECK.judge(case, *load(case["file"], case["edition"], "--dry-run", "--json"))
    assert verdict.as_expected, f"{verdict.outcome}: {'; '.join(verdict.reasons)}"
