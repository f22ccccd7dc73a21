"""An entry as printed → an entry as read: every cell with its meaning, and every doubt in words.

Nothing is thrown away: where a cell can't be read for certain the value stays empty, the printed
cell is kept, and a problem names the row, the column and what stands there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from registers.domain import scale
from registers.domain.passages import Passage, Point
from registers.importing.as_read import (
    ActionAsRead,
    EditionAsRead,
    EntryAsRead,
    PartAsRead,
    StrandAsRead,
    Vocabulary,
)
from registers.importing.cells import (
    bare_number,
    canonical_reference,
    names_several,
    read_types,
)
from registers.importing.dates import read_date
from registers.importing.directions import read_direction
from registers.importing.owners import OwnerReading, owner_text, read_owners
from registers.importing.printed import (
    ACTION_DUE,
    ACTION_LEAD,
    ACTION_STATUS,
    DESCRIPTION,
    DIRECTION,
    IMPACT,
    INHERENT,
    LIKELIHOOD,
    OWNER,
    REFERENCE,
    RESIDUAL,
    SCORE,
    TYPES,
    ActionPoint,
    Choice,
    EditionAsPrinted,
    EntryAsPrinted,
    Instructions,
    PartAsPrinted,
    Place,
    Problem,
    Question,
    level_field,
)
from registers.importing.scores import (
    ScoreReading,
    read_score_columns,
    read_score_of_another_scale,
)
from registers.importing.statuses import read_status
from registers.importing.strands import strand_title

LONGEST_REFERENCE = 12
LONGEST_TITLE = 500
LONGEST_LEAD = 160


def read_edition(
    printed: EditionAsPrinted, vocabulary: Vocabulary, told: Instructions | None = None
) -> EditionAsRead:
    """Read every entry. One without a usable reference or title is left out, with a problem.

    `told` says what stands before bare numbers ('' keeps them as they are), and what the levels
    of another scale are on ours.
    """
    return _Reading(printed, vocabulary, told or Instructions()).read()


class _Reading:
    """One pass over the entries of an edition."""

    def __init__(
        self, printed: EditionAsPrinted, vocabulary: Vocabulary, told: Instructions
    ) -> None:
        self.printed, self.vocabulary, self.told = printed, vocabulary, told
        self.problems: list[Problem] = list(printed.problems)
        self.questions: list[Question] = list(printed.questions)
        self.bare: list[str] = []
        self.owners = read_owners((owner_text(e.owner) for e in printed.entries), vocabulary.owners)

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
        self._ask_for_a_prefix()
        self.problems.sort(key=_in_printed_order)
        return EditionAsRead(
            self.printed.title, tuple(entries), tuple(self.problems), tuple(self.questions)
        )

    def _ask_for_a_prefix(self) -> None:
        if not self.bare or self.told.prefix is not None:
            return
        prefixes = [prefix for prefix in self.vocabulary.prefixes.values() if prefix]
        self.questions.append(
            Question(
                "prefix",
                f"the references are numbers without letters ({', '.join(self.bare[:4])}): which "
                "prefix stands before them? Until it is said, they are kept as they stand.",
                (
                    *(Choice(p, f"{p}{self.bare[0]}, and so on") for p in prefixes),
                    Choice("", "none: the numbers are the references"),
                ),
                columns=(self.printed.entries[0].columns.get(REFERENCE, REFERENCE),),
            )
        )

    def _entry(self, printed: EntryAsPrinted) -> EntryAsRead | None:
        reference, kind = self._reference(printed)
        title, description = self._title(printed)
        if reference is None or not title:
            return None
        score = self._score(printed, SCORE, printed.score, kind)
        whole = self._part(printed, printed.whole, printed.place, kind)
        return EntryAsRead(
            printed=printed,
            kind=kind,
            reference=reference,
            title=title,
            description=description,
            score=score,
            residual=self._score(printed, RESIDUAL, printed.residual, kind),
            inherent=self._score(printed, INHERENT, printed.inherent, kind),
            owner=self._owner(printed),
            whole=replace(
                whole,
                direction=self._direction(printed, whole, score),
                commentary=(*whole.commentary, *printed.commentary.points),
            ),
            strands=tuple(
                StrandAsRead(
                    strand.number,
                    strand_title(strand.line)[:LONGEST_TITLE],
                    self._part(printed, strand.part, strand.place, kind),
                )
                for strand in printed.strands
            ),
        )

    def _direction(self, printed: EntryAsPrinted, whole: PartAsRead, score: ScoreReading) -> str:
        """An arrow beside the score states the direction where no column does."""
        if not score.direction or whole.direction == score.direction:
            return whole.direction
        if not whole.direction and DIRECTION not in printed.columns:
            return score.direction
        self._problem(
            printed,
            SCORE,
            printed.score,
            f"the arrow beside the score says {score.direction}, and the column of directions "
            "does not, so the arrow was left aside.",
        )
        return whole.direction

    def _reference(self, printed: EntryAsPrinted) -> tuple[str | None, str]:
        """The reference and the kind. Where the table does not say the kind, the prefix does."""
        prefixes = self.vocabulary.prefixes
        own = prefixes.get(printed.kind, "")
        reference = canonical_reference(printed.reference, [own] if own else [])
        if reference is None and (number := bare_number(printed.reference)):
            self.bare.append(number)
            reference = f"{self.told.prefix or ''}{number}".upper()
        if reference is None or len(reference) > LONGEST_REFERENCE:
            several = names_several(printed.reference)
            self._problem(
                printed,
                REFERENCE,
                printed.reference,
                "this names several references, so the entry was left out: give it one of its own."
                if several
                else "this is not a reference, so the entry was left out.",
            )
            return None, printed.kind or scale.RISK
        others = [
            (kind, prefix)
            for kind, prefix in prefixes.items()
            if kind != printed.kind and prefix and _has_prefix(reference, prefix)
        ]
        if not printed.kind:
            return reference, others[0][0] if others else self._kind_above(printed)
        if others and not (own and _has_prefix(reference, own)):
            self._problem(
                printed,
                REFERENCE,
                printed.reference,
                f"this stands among the {_plural(printed.kind)} and was read as one of them.",
            )
        return reference, printed.kind

    def _kind_above(self, printed: EntryAsPrinted) -> str:
        """The kind that the lines above the table name; a risk, if nothing speaks of others."""
        if not printed.kind_above and "opportunit" in self.printed.title.casefold():
            self._problem(
                printed,
                REFERENCE,
                printed.reference,
                "nothing says whether this is a risk or an opportunity; it was read as a risk.",
            )
        return printed.kind_above or scale.RISK

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
        if labelled := self._labelled_title(printed):
            return labelled
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

    def _labelled_title(self, printed: EntryAsPrinted) -> tuple[str, Passage] | None:
        """'Cause: … / Risk: … / Effect: …': the line of the risk is the title, not the cause."""
        if not _A_CAUSE.match(printed.title):
            return None
        line = next((line for line in printed.lines if _THE_RISK.match(line)), None)
        if line is None:
            self._problem(
                printed,
                DESCRIPTION,
                printed.title,
                "the description begins with a cause and no line says what the risk is; the first "
                "line became the title.",
            )
            return None
        title = _THE_RISK.sub("", line).strip()
        self._problem(
            printed,
            DESCRIPTION,
            line,
            "the description begins with a cause; this became the title.",
        )
        return title[:LONGEST_TITLE], tuple(Point(one, plain=True) for one in printed.lines)

    def _score(self, printed: EntryAsPrinted, column: str, text: str, kind: str) -> ScoreReading:
        impact, likelihood = (
            printed.levels.get(level_field(column, part), "") for part in (IMPACT, LIKELIHOOD)
        )
        order = printed.orders.get(column, "")
        if self.told.levels:
            reading = read_score_of_another_scale(text, impact, likelihood, self.told.levels)
        else:
            reading = read_score_columns(text, impact, likelihood, kind, order)
        shown = " | ".join(part for part in (impact, likelihood, text) if part)
        for message in (reading.problem, reading.remark):
            if message:
                self._problem(printed, column, shown, message)
        return reading

    def _owner(self, printed: EntryAsPrinted) -> OwnerReading:
        reading = self.owners[owner_text(printed.owner)]
        if reading.problem:
            self._problem(printed, OWNER, printed.owner.line, reading.problem)
        return reading

    def _part(
        self, printed: EntryAsPrinted, part: PartAsPrinted, place: Place, kind: str
    ) -> PartAsRead:
        types = read_types("\n".join(part.types.texts), self.vocabulary.types)
        for unknown in types.unknown:
            self._problem(
                printed,
                TYPES,
                unknown,
                "this is not in the list of types and was left out; add it or an alias.",
                place,
            )
        direction = read_direction(part.direction.points, kind)
        if direction.problem:
            self._problem(printed, DIRECTION, part.direction.line, direction.problem, place)
        return PartAsRead(
            types=types.names,
            consequences=part.consequences.points,
            controls=part.controls.points,
            actions=tuple(self._action(printed, point, place) for point in part.actions.points),
            direction=direction.direction,
            commentary=direction.commentary,
        )

    def _action(self, printed: EntryAsPrinted, point: Point, place: Place) -> ActionAsRead:
        if not isinstance(point, ActionPoint):
            return ActionAsRead(point.text, point.level, point.plain)
        due, status = read_date(point.due), read_status(point.status)
        if point.due and due is None:
            self._problem(
                printed, ACTION_DUE, point.due, "this is not a day, so no due date was set.", place
            )
        if point.status and not status:
            self._problem(
                printed,
                ACTION_STATUS,
                point.status,
                "this is not a status that is known here, so none was set.",
                place,
            )
        lead = point.lead
        if len(lead) > LONGEST_LEAD:
            self._problem(
                printed, ACTION_LEAD, lead, "this is too long for the lead of an action, so none "
                "was set.", place
            )  # fmt: skip
            lead = ""
        return ActionAsRead(
            point.text, point.level, point.plain, lead, due, point.due, status, point.status
        )

    def _problem(
        self,
        printed: EntryAsPrinted,
        column: str,
        read: str,
        message: str,
        place: Place | None = None,
    ) -> None:
        heading = printed.columns.get(column, column)
        shown = read if len(read) <= 160 else read[:159].rstrip() + "…"
        self.problems.append(
            Problem(message, place or printed.place, printed.reference, heading, shown)
        )


_A_CAUSE = re.compile(r"^\s*(causes?|caused by|due to|because of|trigger)\s*:", re.IGNORECASE)
_THE_RISK = re.compile(
    r"^\s*(the )?(risks?|risk event|event|opportunity|uncertainty)\s*:\s*(?=\S)", re.IGNORECASE
)


def _has_prefix(reference: str, prefix: str) -> bool:
    """`CO3` has the prefix CO; `COM3` has another one."""
    return bool(re.match(rf"{re.escape(prefix.upper())}\d", reference))


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
