"""What is locked can be installed on a machine that has nothing yet.

`requirements/try.sh`, a step of `make check`, lets the oldest pip try. It needs the network; the
rule that the lock once broke is checked here without.
"""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCKS = Path(__file__).parents[1] / "requirements"
PINNED = re.compile(r"^([\w.-]+)(?:\[([\w,-]+)\])?==", re.MULTILINE)


def extras_locked(lock: str) -> dict[str, set[str]]:
    """By name of a package, the extras with which it is pinned."""
    return {
        canonicalize_name(name): set(filter(None, extras.split(",")))
        for name, extras in PINNED.findall(lock)
    }


def asked_for(name: str, extras: set[str]) -> list[Requirement]:
    """What an installed package needs on this machine; nothing if it is for another."""
    try:
        needs = map(Requirement, metadata.requires(name) or [])
    except metadata.PackageNotFoundError:
        return []
    each = [{"extra": extra} for extra in extras or {""}]
    return [need for need in needs if not need.marker or any(map(need.marker.evaluate, each))]


def extras_left_out(lock: str) -> list[str]:
    """Extras that a package asks for and the lock pins without: pip would look for them anew."""
    locked = extras_locked(lock)
    return [
        f"{name} asks for {need}"
        for name, extras in locked.items()
        for need in asked_for(name, extras)
        if not need.extras <= locked.get(canonicalize_name(need.name), set())
    ]


@pytest.mark.parametrize("lock", ["base.txt", "dev.txt"])
def test_every_extra_that_is_asked_for_is_locked(lock):
    assert extras_left_out((LOCKS / lock).read_text()) == []


def test_a_lock_without_an_extra_is_found_out():
    lock = (LOCKS / "dev.txt").read_text().replace("coverage[toml]==", "coverage==")
    assert extras_left_out(lock) == ["pytest-cov asks for coverage[toml]>=7.10.6"]
