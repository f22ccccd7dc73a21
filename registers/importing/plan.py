"""The plan of an import: what would be created, what was matched, and what a person must see.

Pure. It is made from an edition as printed and what the register already holds; making it
changes nothing, and applying it does what it says and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from registers.domain.quarters import Quarter
from registers.domain.scale import OPPORTUNITY
from registers.importing.as_read import EditionAsRead, EntryAsRead
from registers.importing.corrections import CannotCorrect, corrected
from registers.importing.known import KnownEdition, KnownRegister, KnownRow
from registers.importing.matching import DOUBTFUL, SURE, Decisions, Match, RowToMatch, match_rows
from registers.importing.printed import (
    ColumnTaken,
    EditionAsPrinted,
    Instructions,
    Problem,
    Question,
)
from registers.importing.quarters_named import every_named_in
from registers.importing.reading import owners_to_make, read_edition

# What becomes of a row.
CREATE, ALREADY_THERE, DIFFERENT = "create", "already there", "different"


class CannotApply(Exception):
    """The plan can't be carried out. The message says why and what to do, in a sentence."""


@dataclass(frozen=True, slots=True)
class PlannedEntry:
    """One entry of the file: what it says, which entry of the register it is, what happens."""

    entry: EntryAsRead
    match: Match
    outcome: str

    @property
    def entry_id(self) -> int | None:
        return self.match.entry_id


@dataclass(frozen=True, slots=True)
class Absence:
    """An entry that one edition has and the next one has not, without a word on why."""

    reference: str
    title: str
    last_in: Quarter
    missing_in: Quarter
    entry_id: int | None = None

    def __str__(self) -> str:
        return (
            f"{self.reference} {self.title}: in {self.last_in}, absent from {self.missing_in} "
            "without a stated closure."
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """`timings` holds seconds by step. `refusal` says why it can't be applied, if it can't."""

    register: str
    quarter: Quarter
    title: str
    entries: tuple[PlannedEntry, ...]
    problems: tuple[Problem, ...]
    absences: tuple[Absence, ...]
    new_owners: tuple[str, ...]
    edition_state: str | None
    refusal: str = ""
    questions: tuple[Question, ...] = ()
    columns: tuple[ColumnTaken, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)

    def with_outcome(self, outcome: str) -> tuple[PlannedEntry, ...]:
        return tuple(planned for planned in self.entries if planned.outcome == outcome)

    @property
    def to_create(self) -> tuple[PlannedEntry, ...]:
        return self.with_outcome(CREATE)

    @property
    def doubtful(self) -> tuple[PlannedEntry, ...]:
        return tuple(planned for planned in self.to_create if planned.match.outcome == DOUBTFUL)

    @property
    def changes_nothing(self) -> bool:
        """Everything in the file is in the register already, as it stands in the file."""
        return not self.refusal and self.edition_state is not None and not self.to_create

    def counts(self) -> dict[str, int]:
        """How many rows matched for sure, by a person, doubtfully or not at all."""
        return dict(Counter(planned.match.outcome for planned in self.to_create))


def make_plan(
    printed: EditionAsPrinted,
    known: KnownRegister,
    quarter: Quarter,
    decisions: Decisions | None = None,
    told: Instructions | None = None,
) -> Plan:
    """Compare a file with the register.

    Raises CannotApply if a decision names a row or an entry that is not there.
    """
    decided = decisions or Decisions()
    read = _read(printed, known, told)
    _check_decisions(decided, read, known)
    there = _already_there(read, known.same)
    others = [entry for entry in read.entries if entry.reference not in there]
    used = {row.entry_id for row in known.same.rows} if known.same else set()
    matches = match_rows(
        [RowToMatch(entry.kind, entry.text) for entry in others],
        [entry for entry in known.entries if entry.id not in used],
        quarter,
        decided,
    )
    entries = []
    for entry in read.entries:
        if row := there.get(entry.reference):
            same = dict(row.printed) == dict(entry.printed.cells)
            entries.append(
                PlannedEntry(entry, Match(SURE, row.entry_id), ALREADY_THERE if same else DIFFERENT)
            )
        else:
            entries.append(PlannedEntry(entry, matches[entry.reference], CREATE))
    planned = tuple(entries)
    return Plan(
        register=known.slug,
        quarter=quarter,
        title=printed.title,
        entries=planned,
        problems=(*_about_the_quarter(printed, quarter), *read.problems),
        questions=read.questions,
        columns=printed.columns,
        absences=(*_vanished(planned, known, quarter), *_gone_by_the_next(planned, known, quarter)),
        new_owners=tuple(
            reading.name or ""
            for reading in owners_to_make([p.entry for p in planned if p.outcome == CREATE])
        ),
        edition_state=known.same.state if known.same else None,
        refusal=_refusal(planned, known, quarter),
    )


def _read(
    printed: EditionAsPrinted, known: KnownRegister, told: Instructions | None
) -> EditionAsRead:
    try:
        return corrected(read_edition(printed, known.vocabulary, told), known.vocabulary, told)
    except CannotCorrect as error:
        raise CannotApply(str(error)) from error


def _already_there(read: EditionAsRead, same: KnownEdition | None) -> dict[str, KnownRow]:
    """Rows that the edition holds: with these very cells, or at least under this reference."""
    if same is None:
        return {}
    there: dict[str, KnownRow] = {}
    by_reference = {row.reference: row for row in same.rows}
    left = list(same.rows)
    for entry in read.entries:
        cells = dict(entry.printed.cells)
        if row := next((row for row in left if dict(row.printed) == cells), None):
            there[entry.reference] = row
            left.remove(row)
        elif row := by_reference.get(entry.reference):
            there[entry.reference] = row
    return there


def _check_decisions(decided: Decisions, read: EditionAsRead, known: KnownRegister) -> None:
    references = {entry.reference: entry for entry in read.entries}
    kinds = {entry.id: entry.kind for entry in known.entries}
    for reference in (*decided.entries, *sorted(decided.new)):
        if reference not in references:
            raise CannotApply(f"The file has no entry {reference}, so it can't be decided on.")
    for reference, entry_id in decided.entries.items():
        if entry_id not in kinds:
            raise CannotApply(f"The register {known.name} has no entry {entry_id}.")
        if kinds[entry_id] != references[reference].kind:
            raise CannotApply(
                f"{reference} is {_a(references[reference].kind)}, and entry {entry_id} is "
                f"{_a(kinds[entry_id])}."
            )
    twice = [i for i, times in Counter(decided.entries.values()).items() if times > 1]
    if twice:
        raise CannotApply(f"Entry {twice[0]} can be only one row of an edition.")


def _a(kind: str) -> str:
    return "an opportunity" if kind == OPPORTUNITY else "a risk"


def _refusal(planned: tuple[PlannedEntry, ...], known: KnownRegister, quarter: Quarter) -> str:
    if not planned:
        return "The file has no entry that can be kept."
    different = [p.entry.reference for p in planned if p.outcome == DIFFERENT]
    new = [p.entry.reference for p in planned if p.outcome == CREATE]
    if known.same is None or not (different or new):
        return ""
    if known.same.state == "published":
        return (
            f"{quarter} is published, and the file says something else of "
            f"{_listed(different + new)}. A published edition is corrected by a reissue."
        )
    if different:
        return (
            f"{quarter} already holds {_listed(different)} with other words than the file. "
            "Delete those entries from it first, or leave it as it is."
        )
    return ""


def _listed(references: list[str], most: int = 6) -> str:
    shown = ", ".join(references[:most])
    return f"{shown} and {len(references) - most} more" if len(references) > most else shown


def _about_the_quarter(printed: EditionAsPrinted, quarter: Quarter) -> list[Problem]:
    """A document that calls itself another quarter is worth a second look."""
    for text in (printed.title, *printed.mentions):
        for named in every_named_in(text):
            if named.is_quarter and named.year is not None and not named.is_in(quarter):
                return [
                    Problem(
                        f"the document calls itself {Quarter(named.year, named.number)} but is "
                        f"imported as {quarter}.",
                        column="title",
                        read=text,
                    )
                ]
    return []


def _vanished(
    planned: tuple[PlannedEntry, ...], known: KnownRegister, quarter: Quarter
) -> list[Absence]:
    """In the edition before, but not in this file."""
    if known.before is None:
        return []
    here = {p.entry_id for p in planned}
    return [
        Absence(row.reference, row.title, known.before.quarter, quarter, row.entry_id)
        for row in known.before.rows
        if row.entry_id not in here and row.entry_id not in known.ended
    ]


def _gone_by_the_next(
    planned: tuple[PlannedEntry, ...], known: KnownRegister, quarter: Quarter
) -> list[Absence]:
    """In this file, but not in the edition after it, which the register has already."""
    if known.after is None:
        return []
    there = {row.entry_id for row in known.after.rows}
    return [
        Absence(p.entry.reference, p.entry.title, quarter, known.after.quarter, p.entry_id)
        for p in planned
        if p.entry_id not in there and p.entry_id not in known.ended
    ]
