"""An entry as printed → an entry as read: every cell with its meaning, and every doubt in words.

Nothing is thrown away: where a cell can't be read for certain the value stays empty, the printed
cell is kept, and a problem names the row, the column and what stands there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from registers.domain import scale
from registers.domain.passages import Passage, Point
from registers.importing.cells import (
    ScoreReading,
    canonical_reference,
    read_direction,
    read_score,
    read_types,
)
from registers.importing.matching import Text
from registers.importing.owners import OwnerReading, read_owners
from registers.importing.printed import (
    DESCRIPTION,
    DIRECTION,
    OWNER,
    REFERENCE,
    RESIDUAL,
    SCORE,
    TYPES,
    EditionAsPrinted,
    EntryAsPrinted,
    PartAsPrinted,
    Place,
    Problem,
)
from registers.importing.strands import strand_title

LONGEST_REFERENCE = 12
LONGEST_TITLE = 500


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words a register knows: its prefixes by kind, types and owners by their keys."""

    prefixes: Mapping[str, str] = field(
        default_factory=lambda: {scale.RISK: "CR", scale.OPPORTUNITY: "CO"}
    )
    types: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PartAsRead:
    types: tuple[str, ...]
    consequences: Passage
    controls: Passage
    actions: Passage
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
    reference: str
    title: str
    description: Passage
    score: ScoreReading
    residual: ScoreReading
    owner: OwnerReading
    whole: PartAsRead
    strands: tuple[StrandAsRead, ...]

    @property
    def kind(self) -> str:
        return self.printed.kind

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


def read_edition(printed: EditionAsPrinted, vocabulary: Vocabulary) -> EditionAsRead:
    """Read every entry. One without a usable reference or title is left out, with a problem."""
    return _Reading(printed, vocabulary).read()


class _Reading:
    """One pass over the entries of an edition."""

    def __init__(self, printed: EditionAsPrinted, vocabulary: Vocabulary) -> None:
        self.printed = printed
        self.vocabulary = vocabulary
        self.problems: list[Problem] = list(printed.problems)
        self.owners = read_owners((e.owner.line for e in printed.entries), vocabulary.owners)

    def read(self) -> EditionAsRead:
        entries: list[EntryAsRead] = []
        references: Counter[str] = Counter()
        for printed in self.printed.entries:
            entry = self._entry(printed)
            if entry is None:
                continue
            references[entry.reference] += 1
            if references[entry.reference] > 1:
                self._problem(
                    printed,
                    REFERENCE,
                    printed.reference,
                    "this reference stands further up already, so this entry was left out.",
                )
                continue
            entries.append(entry)
        self.problems.sort(key=_in_printed_order)
        return EditionAsRead(self.printed.title, tuple(entries), tuple(self.problems))

    def _entry(self, printed: EntryAsPrinted) -> EntryAsRead | None:
        reference = self._reference(printed)
        title, description = self._title(printed)
        if reference is None or not title:
            return None
        return EntryAsRead(
            printed=printed,
            reference=reference,
            title=title,
            description=description,
            score=self._score(printed, SCORE, printed.score),
            residual=self._score(printed, RESIDUAL, printed.residual),
            owner=self._owner(printed),
            whole=self._part(printed, printed.whole, printed.place),
            strands=tuple(
                StrandAsRead(
                    strand.number,
                    strand_title(strand.line)[:LONGEST_TITLE],
                    self._part(printed, strand.part, strand.place),
                )
                for strand in printed.strands
            ),
        )

    def _reference(self, printed: EntryAsPrinted) -> str | None:
        own = self.vocabulary.prefixes.get(printed.kind, "")
        others = [p for kind, p in self.vocabulary.prefixes.items() if kind != printed.kind]
        reference = canonical_reference(printed.reference, [own, *others])
        if reference is None or len(reference) > LONGEST_REFERENCE:
            self._problem(
                printed,
                REFERENCE,
                printed.reference,
                "this is not a reference, so the entry was left out.",
            )
            return None
        if any(reference.startswith(other) for other in others if not own.startswith(other)):
            self._problem(
                printed,
                REFERENCE,
                printed.reference,
                f"this stands among the {_plural(printed.kind)} and was read as one of them.",
            )
        return reference

    def _title(self, printed: EntryAsPrinted) -> tuple[str, Passage]:
        """The first line, and what the description says besides. A very long line is cut."""
        if not printed.title:
            self._problem(
                printed,
                DESCRIPTION,
                "",
                f"{printed.reference} has no description, so the entry was left out.",
            )
            return "", ()
        lines = list(printed.lines)
        title = lines.pop(0)
        if len(title) > LONGEST_TITLE:
            lines.insert(0, title)
            title = title[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"
            self._problem(
                printed,
                DESCRIPTION,
                title[:80],
                "the first line is too long for a title; its beginning became the title and "
                "the whole line stands in the description.",
            )
        return title, tuple(Point(line, plain=True) for line in lines)

    def _score(self, printed: EntryAsPrinted, column: str, text: str) -> ScoreReading:
        reading = read_score(text, printed.kind)
        if reading.problem:
            self._problem(printed, column, text, reading.problem)
        return reading

    def _owner(self, printed: EntryAsPrinted) -> OwnerReading:
        reading = self.owners[printed.owner.line]
        if reading.problem:
            self._problem(printed, OWNER, printed.owner.line, reading.problem)
        return reading

    def _part(self, printed: EntryAsPrinted, part: PartAsPrinted, place: Place) -> PartAsRead:
        types = read_types("\n".join(part.types.texts), self.vocabulary.types)
        for unknown in types.unknown:
            self._problem(
                printed,
                TYPES,
                unknown,
                "this is not in the list of types and was left out; add it or an alias.",
                place,
            )
        direction = read_direction(part.direction.points)
        if direction.problem:
            self._problem(printed, DIRECTION, part.direction.line, direction.problem, place)
        return PartAsRead(
            types=types.names,
            consequences=part.consequences.points,
            controls=part.controls.points,
            actions=part.actions.points,
            direction=direction.direction,
            commentary=direction.commentary,
        )

    def _problem(
        self,
        printed: EntryAsPrinted,
        column: str,
        read: str,
        message: str,
        place: Place | None = None,
    ) -> None:
        heading = self.printed.headings.get(printed.kind, {}).get(column, column)
        shown = read if len(read) <= 160 else read[:159].rstrip() + "…"
        self.problems.append(
            Problem(message, place or printed.place, printed.reference, heading, shown)
        )


def _in_printed_order(problem: Problem) -> tuple[int, int]:
    return (problem.place.table, problem.place.row) if problem.place else (0, 0)


def _plural(kind: str) -> str:
    return "risks" if kind == scale.RISK else "opportunities"


def owners_to_make(entries: Sequence[EntryAsRead]) -> Iterator[OwnerReading]:
    """The owners that an edition names for the first time, each once."""
    seen = set()
    for entry in entries:
        if entry.owner.is_new and entry.owner.name not in seen:
            seen.add(entry.owner.name)
            yield entry.owner
