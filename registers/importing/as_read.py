"""An entry and an edition as read, and the words of the register that they are read with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from registers.domain import scale
from registers.domain.passages import Passage, Point
from registers.importing.matching import Text
from registers.importing.owners import OwnerReading
from registers.importing.printed import EntryAsPrinted, Problem, Question
from registers.importing.scores import ScoreReading


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words a register knows: its prefixes by kind, types and owners by their keys."""

    prefixes: Mapping[str, str] = field(
        default_factory=lambda: {scale.RISK: "CR", scale.OPPORTUNITY: "CO"}
    )
    types: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ActionAsRead(Point):
    """One action. `due_printed` and `status_printed` are what stands beside it."""

    lead: str = ""
    due: date | None = None
    due_printed: str = ""
    status: str = ""
    status_printed: str = ""


@dataclass(frozen=True, slots=True)
class PartAsRead:
    types: tuple[str, ...]
    consequences: Passage
    controls: Passage
    actions: tuple[ActionAsRead, ...]
    direction: str
    commentary: Passage


@dataclass(frozen=True, slots=True)
class StrandAsRead:
    number: int
    title: str
    part: PartAsRead


@dataclass(frozen=True, slots=True)
class EntryAsRead:
    """What will be kept of one entry. `printed` is where it comes from."""

    printed: EntryAsPrinted
    kind: str
    reference: str
    title: str
    description: Passage
    score: ScoreReading
    residual: ScoreReading
    inherent: ScoreReading
    owner: OwnerReading
    whole: PartAsRead
    strands: tuple[StrandAsRead, ...]

    @property
    def types(self) -> tuple[str, ...]:
        """The types of the entry: its own, and those that only a strand of it has."""
        every = [*self.whole.types, *(t for strand in self.strands for t in strand.part.types)]
        return tuple(dict.fromkeys(every))

    @property
    def text(self) -> Text:
        """What it is compared by."""
        return Text(
            reference=self.reference,
            lines=self.printed.lines,
            consequences=tuple(p.text for p in self.printed.points("consequences")),
            actions=tuple(p.text for p in self.printed.points("actions")),
        )


@dataclass(frozen=True, slots=True)
class EditionAsRead:
    """All entries that can be kept, and all problems, those of the document included."""

    title: str
    entries: tuple[EntryAsRead, ...]
    problems: tuple[Problem, ...]
    questions: tuple[Question, ...] = ()
