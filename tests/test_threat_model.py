"""The threat model names a test in every row, and each of them is there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROWS = [
    row
    for row in (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8").splitlines()
    if row.startswith("| ") and not row.startswith("| What could happen")
]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@cache
def named_in(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_a_threat_is_held_off_by_tests_that_are_there(row: str) -> None:
    named = NAMED.findall(row)
    assert named
    for file, test in named:
        assert test in named_in(file), f"{file}::{test}"
