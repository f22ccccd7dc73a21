"""What is shipped is written down with its licence, and what declares none is found out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from requirements import licences

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^[\w.-]+(?:\[.+\])?==.*?(?= *\\?$)", re.MULTILINE)


def locked() -> set[str]:
    """The packages of production on this machine."""
    pins = map(Requirement, PIN.findall((ROOT / "requirements" / "base.txt").read_text()))
    return {canonicalize_name(pin.name) for pin in pins if not pin.marker or pin.marker.evaluate()}


def test_each_package_of_production_is_written_down_with_its_licence():
    """Where this fails after `make lock`: `make sbom`."""
    rows = re.findall(r"^\| (\S+) \| (.+) \|$", (ROOT / "docs" / "licences.md").read_text(), re.M)
    told = {canonicalize_name(name): licence for name, licence in rows if name != "Package"}
    assert set(told) == locked()


def test_a_licence_is_told_once_however_it_is_declared():
    component = {
        "name": "each",
        "licenses": [
            {"license": {"id": "MIT"}},
            {"license": {"name": "License :: OSI Approved :: BSD License"}},
            {"license": {"id": "MIT"}},
        ],
    }
    assert list(licences.lines({"components": [component]})) == ["| each | MIT; BSD License |"]


def test_a_package_that_declares_none_is_not_passed_over():
    with pytest.raises(LookupError, match="nameless declares no licence"):
        list(licences.lines({"components": [{"name": "nameless"}]}))
