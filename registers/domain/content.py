"""What one edition said of one entry, as plain values; `registers.reading` reads them."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from registers.domain import passages, scale
from registers.domain.english import written
from registers.domain.quarters import Quarter

DESCRIPTION, CONSEQUENCES, CONTROLS = "description", "consequences", "controls"
ACTIONS, COMMENTARY = "actions", "commentary"
TITLE, OWNER, TYPES = "title", "owner", "types"

# In the order in which they are read.
SECTIONS = (TITLE, OWNER, TYPES, DESCRIPTION, CONSEQUENCES, CONTROLS, ACTIONS, COMMENTARY)

NOT_STARTED, IN_PROGRESS, DONE, DROPPED = "not_started", "in_progress", "done", "dropped"


STANDARD = scale.Bands()


@dataclass(frozen=True, slots=True)
class Promise:
    """One action as one edition states it. `key` stays the same from edition to edition.

    `status` is empty where a source did not give one. `strand` is the number of the part of the
    entry that it belongs to.
    """

    key: Hashable
    text: str
    lead: str = ""
    due: date | None = None
    status: str = ""
    completed_on: date | None = None
    reason: str = ""
    target_impact: int | None = None
    target_likelihood: int | None = None
    strand: int | None = None
    level: int = 0
    plain: bool = False

    @property
    def is_outstanding(self) -> bool:
        return self.status in (NOT_STARTED, IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Part:
    """A strand as one edition states it: a numbered part with texts of its own."""

    number: int
    title: str
    lead: str = ""
    types: tuple[str, ...] = ()
    consequences: str = ""
    controls: str = ""
    direction: str = ""
    commentary: str = ""

    @property
    def heading(self) -> str:
        return f"{self.number}. {self.title}"


@dataclass(frozen=True, slots=True)
class Stop:
    """What one edition said of the entry.

    `texts` holds the written form of the description, consequences, controls and commentary;
    empty where the texts were not read, and then nothing can be said about their changes.
    `printed` holds the cells as an import read them.
    """

    quarter: Quarter
    reference: str
    title: str
    score: int | None = None
    position: scale.Position | None = None
    residual: int | None = None
    residual_position: scale.Position | None = None
    residual_by: date | None = None
    appetite: int = 12
    bands: scale.Bands = STANDARD
    direction: str = ""
    owner: str = ""
    types: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    actions: tuple[Promise, ...] = ()
    printed: Mapping[str, str] = field(default_factory=dict)
    published: bool = True
    day: date | None = None

    @property
    def as_at(self) -> date:
        """What is late is late as of this day: the edition's own, or else the quarter's last."""
        return self.day or self.quarter.ends

    def was_printed(self, column: str) -> bool:
        """Whether the source had this column at all; True for what was never imported."""
        return not self.printed or column in self.printed

    def printed_line(self, column: str) -> str:
        """What an import read in a cell, on one line."""
        return " ".join(self.printed.get(column, "").split())

    @property
    def all_types(self) -> tuple[str, ...]:
        """The types of the entry, or of its strands where it has none of its own."""
        if self.types:
            return self.types
        return tuple(dict.fromkeys(name for part in self.parts for name in part.types))

    def passage(self, column: str) -> passages.Passage:
        """A column and its strands' share of it, each after a plain point that names the strand."""
        unmarked = passages.PLAIN if column == COMMENTARY else passages.BULLET
        points = list(passages.parse(self.texts.get(column, ""), unmarked))
        for part in self.parts:
            if text := getattr(part, column, ""):
                points.append(passages.Point(part.heading, plain=True))
                points.extend(passages.parse(text, unmarked))
        return tuple(points)

    def points(self, section: str) -> passages.Passage:
        """Any section as points, for a comparison word by word."""
        if section in (TITLE, OWNER):
            text = getattr(self, section)
            return (passages.Point(text, plain=True),) if text.strip() else ()
        if section == TYPES:
            return tuple(passages.Point(name) for name in self.types)
        if section == ACTIONS:
            return tuple(_action_points(self.actions))
        points = self.passage(section)
        if section == COMMENTARY and self.direction:
            return (passages.Point(self.direction.capitalize(), plain=True), *points)
        return points

    def same(self, section: str, other: Stop) -> bool:
        """Whether a section reads the same in both, word for word."""
        return self._raw(section) == other._raw(section)

    def _raw(self, section: str) -> Hashable:
        if section in (TITLE, OWNER, TYPES):
            known: Hashable = getattr(self, section)
            return known
        if section == ACTIONS:
            return tuple(_action_words(action) for action in self.actions)
        parts = tuple((part.number, part.title, getattr(part, section, "")) for part in self.parts)
        said: tuple[str, ...] = ()
        if section == COMMENTARY:
            said = (self.direction, *(part.direction for part in self.parts))
        return (self.texts.get(section, ""), parts, said)


def _action_words(action: Promise) -> tuple[Hashable, ...]:
    return (action.text, action.lead, action.due, action.status, action.strand, action.level)


def _action_points(actions: Sequence[Promise]) -> Iterator[passages.Point]:
    for action in actions:
        ends = action.text.endswith((".", "!", "?", ":", ";"))
        more = action.lead or action.due or action.status in (DONE, DROPPED)
        words = [action.text if ends or not more else f"{action.text}."]
        if action.lead:
            words.append(f"Lead: {action.lead}.")
        if action.due:
            words.append(f"Due {written(action.due)}.")
        if action.status == DONE:
            words.append("Done.")
        elif action.status == DROPPED:
            words.append("Dropped.")
        yield passages.Point(" ".join(words), action.level, action.plain)
