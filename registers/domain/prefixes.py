"""The letters before printed numbers, so that CR4 is said of one register alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import product
from string import ascii_uppercase

RISK, OPPORTUNITY = "R", "O"
# Corporate, directorate, service: the letters that councils print.
FIRST = "CDS"


def free(taken: Collection[str]) -> tuple[str, str]:
    """('CR', 'CO'): prefixes of risks and of opportunities that no register has yet."""
    used = {prefix.upper() for prefix in taken}
    pairs = ((letters + RISK, letters + OPPORTUNITY) for letters in _letters())
    return next(pair for pair in pairs if not used.intersection(pair))


def _letters() -> Iterator[str]:
    yield from FIRST
    for length in (1, 2, 3):
        yield from map("".join, product(ascii_uppercase, repeat=length))
