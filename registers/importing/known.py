"""What a register already holds, as plain values, as far as an import needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from registers.domain.quarters import Quarter
from registers.importing.as_read import Vocabulary
from registers.importing.matching import KnownEntry


@dataclass(frozen=True, slots=True)
class KnownRow:
    """A snapshot: its entry, its reference and title, and the cells an import read for it."""

    entry_id: int
    reference: str
    title: str
    printed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class KnownEdition:
    quarter: Quarter
    state: str
    rows: tuple[KnownRow, ...]


@dataclass(frozen=True, slots=True)
class KnownRegister:
    """`before` and `after` are the editions nearest to the quarter, `same` is the quarter's own.

    `ended` holds the entries that a person has stated to be closed, merged or succeeded.
    """

    slug: str
    name: str
    vocabulary: Vocabulary
    entries: tuple[KnownEntry, ...]
    before: KnownEdition | None
    same: KnownEdition | None
    after: KnownEdition | None
    ended: frozenset[int]
