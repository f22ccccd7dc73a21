"""A row of an import as a page shows it: its lines, its controls, the entries that it may be.

Controls are named by reference and field ("CR1.score"), as `importing.corrections` takes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

AS_READ = "as read"  # what a control says before a person chooses


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    words: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """What a person may say of one cell: by a menu, by ticks, by typing (`typed`), or by saying
    where each of its points begins (`points`, their number).
    """

    name: str
    label: str
    options: tuple[Option, ...] = ()
    several: bool = False
    typed: bool = False
    points: int = 0
    value: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One field of an entry. `doubt` are the problems of its cell."""

    label: str
    printed: str
    understood: str
    doubts: tuple[str, ...] = ()
    control: Control | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that a row may be, as its nearest edition has it."""

    value: str
    reference: str
    edition: str
    title: str
    likeness: str
    chosen: bool
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Succession:
    """The absent entries whose place a new row may take; `none` where it takes nobody's."""

    candidates: tuple[Candidate, ...]
    none: bool
    because: str


@dataclass(frozen=True, slots=True)
class Card:
    """One row of the file. `opens` where something about it is to be looked at."""

    reference: str
    kind: str
    title: str
    place: str
    outcome: str
    lines: tuple[Line, ...]
    doubts: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    is_doubtful: bool
    can_match: bool
    is_new: bool
    score: int | None
    residual: int | None
    may_be_new: bool = False
    succession: Succession | None = None

    @property
    def opens(self) -> bool:
        return self.is_doubtful or bool(self.doubts) or any(line.doubts for line in self.lines)


def wanted(cards: Iterable[Card]) -> set[int]:
    """The entries that these rows may be."""
    return {int(one.value) for card in cards for one in _offered(card)}


def _offered(card: Card) -> tuple[Candidate, ...]:
    return (*card.candidates, *(card.succession.candidates if card.succession else ()))


def with_texts(card: Card, texts: Mapping[tuple[str, str], tuple[tuple[str, str], ...]]) -> Card:
    """The card with what each candidate says besides its title, by (entry, edition)."""

    def told(candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        return tuple(
            replace(one, more=texts.get((one.value, one.edition), ())) for one in candidates
        )

    succession = card.succession and replace(
        card.succession, candidates=told(card.succession.candidates)
    )
    return replace(card, candidates=told(card.candidates), succession=succession)
