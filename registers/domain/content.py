"""What one edition said of one entry, as plain values; `registers.reading` reads them."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from registers.domain import passages, scale
from registers.domain.english import written
from registers.domain.quarters import Quarter
from registers.domain.statements import Statement

DESCRIPTION, CONSEQUENCES, CONTROLS = "description", "consequences", "controls"
ACTIONS, COMMENTARY = "actions", "commentary"
TITLE, OWNER, TYPES = "title", "owner", "types"

# In the order in which they are read.
SECTIONS = (TITLE, OWNER, TYPES, DESCRIPTION, CONSEQUENCES, CONTROLS, ACTIONS, COMMENTARY)

NOT_STARTED, IN_PROGRESS, DONE, DROPPED = "not_started", "in_progress", "done", "dropped"


STANDARD = scale.Bands()


@dataclass(frozen=True, slots=True)
class Action:
    """One action as one edition states it. `key` stays the same from edition to edition.

    `status` is empty where a source did not give one. `strand` is the number of the strand that
    it belongs to.
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
class Strand:
    """A numbered part of an entry, with texts of its own, as one edition states it."""

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
class Answer:
    """What an edition says to a flag of an entry: tolerated because `reason`, until a day.

    `code` is the flag's, `asked` are its words when it was answered, and `proof` the digest of what
    it rested on.
    """

    code: str
    reason: str
    until: date
    asked: str
    proof: str


class Terms(NamedTuple):
    """What an edition settles for all of its entries. `day` is the edition's own date."""

    quarter: Quarter
    bands: scale.Bands = STANDARD
    appetite: int = 12
    published: bool = True
    day: date | None = None

    @property
    def as_at(self) -> date:
        """What is late is late as of this day: the edition's own, or else the quarter's last."""
        return self.day or self.quarter.ends


class Content(NamedTuple):
    """What one edition says of one entry: made of rows or of a published document alike.

    A tuple, since pages make thousands. `entry` is the id of the entry, `post` that of the owner.
    `texts` holds the written form of the description, consequences, controls and commentary;
    empty where they were not read (nor types, strands and actions), and then nothing can be said
    about their changes. `printed` holds the cells as an import read them.
    """

    terms: Terms
    entry: int = 0
    kind: str = scale.RISK
    reference: str = ""
    title: str = ""
    score: int | None = None
    position: scale.Position | None = None
    residual_score: int | None = None
    residual_position: scale.Position | None = None
    residual_by: date | None = None
    inherent_score: int | None = None
    inherent_position: scale.Position | None = None
    own_appetite: int | None = None
    direction: str = ""
    owner_text: str = ""
    post: int | None = None
    post_name: str = ""
    order: int = 0
    types: tuple[str, ...] = ()
    texts: Mapping[str, str] = MappingProxyType({})
    strands: tuple[Strand, ...] = ()
    actions: tuple[Action, ...] = ()
    printed: Mapping[str, str] = MappingProxyType({})
    exempt_because: str = ""
    no_change_reason: str = ""
    override_reason: str = ""
    answers: tuple[Answer, ...] = ()

    @property
    def quarter(self) -> Quarter:
        return self.terms.quarter

    @property
    def bands(self) -> scale.Bands:
        return self.terms.bands

    @property
    def published(self) -> bool:
        return self.terms.published

    @property
    def as_at(self) -> date:
        return self.terms.as_at

    @property
    def owner(self) -> str:
        """The name as it stood in this edition."""
        return self.owner_text or self.post_name

    @property
    def appetite(self) -> int:
        return self.own_appetite or self.terms.appetite

    @property
    def above_appetite(self) -> bool:
        """Only a risk can be above appetite, and only one with a score."""
        return self.kind == scale.RISK and self.score is not None and self.score > self.appetite

    def has_reached(self, residual: int | None) -> bool:
        """Whether the score is where a residual score promised it: down to it, or up to it for an
        opportunity. False where one of the two is not known.
        """
        if self.score is None or residual is None:
            return False
        return self.score <= residual if self.kind == scale.RISK else self.score >= residual

    def was_printed(self, column: str) -> bool:
        """Whether the source had this column at all; True for what was never imported."""
        return not self.printed or column in self.printed

    def printed_line(self, column: str) -> str:
        """What an import read in a cell, on one line."""
        return " ".join(self.printed.get(column, "").split())

    @property
    def all_types(self) -> tuple[str, ...]:
        """The types of the entry and those of its strands, each once."""
        of_strands = (name for strand in self.strands for name in strand.types)
        return tuple(dict.fromkeys((*self.types, *of_strands)))

    def passage(self, column: str) -> passages.Passage:
        """A column and its strands' share of it, each after a plain point that names the strand."""
        unmarked = passages.PLAIN if column == COMMENTARY else passages.BULLET
        points = list(passages.parse(self.texts.get(column, ""), unmarked))
        for strand in self.strands:
            if text := getattr(strand, column, ""):
                points.append(passages.Point(strand.heading, plain=True))
                points.extend(passages.parse(text, unmarked))
        return tuple(points)

    def printed_actions(self) -> passages.Passage:
        """The actions as the points they are printed as."""
        return tuple(
            passages.Point(action.text, action.level, action.plain) for action in self.actions
        )

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

    def same(self, section: str, other: Content) -> bool:
        """Whether a section reads the same in both, word for word."""
        if section in self.texts and self.texts[section] != other.texts.get(section, ""):
            return False  # most often it is this
        return self._raw(section) == other._raw(section)

    def _raw(self, section: str) -> Hashable:
        if section in (TITLE, OWNER, TYPES):
            known: Hashable = getattr(self, section)
            return known
        if section == ACTIONS:
            return tuple(_action_words(action) for action in self.actions)
        if not self.strands:
            stated = self.direction if section == COMMENTARY else ""
            return (self.texts.get(section, ""), (), stated)
        strands = tuple(
            (strand.number, strand.title, getattr(strand, section, "")) for strand in self.strands
        )
        said: tuple[str, ...] = ()
        if section == COMMENTARY:
            said = (self.direction, *(strand.direction for strand in self.strands))
        return (self.texts.get(section, ""), strands, said)


@dataclass(frozen=True, slots=True)
class Document:
    """All that one issue of an edition says: what was published, or would be today.

    `previous` is the digest of the publication before it, `published_at` a moment in writing.
    """

    register: str
    register_name: str
    terms: Terms
    issue: int
    reason: str
    previous: str
    published_at: str
    published_by: str
    prepared_on: date | None
    committee_on: date | None
    entries: tuple[Content, ...]
    statements: tuple[Statement, ...]
    # The ids of entries that it has and that are not for the reader it was made for.
    withheld: frozenset[int] = frozenset()

    def for_reader(self, *, cleared: bool, exempt: Collection[int]) -> Document:
        """What a reader may see of it: of those who are not cleared, no exempt entry.

        `exempt` holds the ids of entries that are exempt today; one that was exempt when this was
        published stays so.
        """
        if cleared:
            return self
        held = {one.entry for one in self.entries if one.exempt_because or one.entry in exempt}
        entries = tuple(one for one in self.entries if one.entry not in held)
        return replace(self, entries=entries, withheld=frozenset(held))

    @property
    def ids(self) -> set[int]:
        """The ids of all its entries, whoever may read them."""
        return {one.entry for one in self.entries} | self.withheld

    def of_kind(self, kind: str) -> list[Content]:
        return [one for one in self.entries if one.kind == kind]


def _action_words(action: Action) -> tuple[Hashable, ...]:
    return (action.text, action.lead, action.due, action.status, action.strand, action.level)


def _action_points(actions: Sequence[Action]) -> Iterator[passages.Point]:
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
