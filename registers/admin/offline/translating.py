"""The rows of a workbook → what a browser would have sent of each entry's form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from registers.admin.merging import ROWS, Seen
from registers.admin.merging.rows import Rows
from registers.admin.merging.sent import sent
from registers.domain import offline
from registers.domain.folding import fold
from registers.domain.offline import ACTIONS, ENTRIES, PARTS, Column
from registers.exporting.tabular import defused, held
from registers.importing.offline import Filled, Line
from registers.models import Snapshot, Type

SHEETS = {ACTIONS: "actions", PARTS: "strands"}
PLACE = "place"
SORTED_AWAY = (
    "It stands in a row of another entry, as if rows had been sorted without their hidden keys. "
    "Take a new workbook, and put into it what you wrote."
)


@dataclass(frozen=True, slots=True)
class Refused:
    """A cell that can't be taken: the place of its row, its heading, and what to do."""

    place: str
    heading: str
    sentence: str


@dataclass(slots=True)
class Sent:
    """What a workbook sends of one entry: its form, as of the version `seen`. What is refused of
    its cells stands beside it, and stays in the form as it was typed.
    """

    snapshot: Snapshot
    seen: int
    data: QueryDict
    refused: list[Refused] = field(default_factory=list)


class Translator:
    """Of one workbook. `types` are all that there are, with the names that they go by."""

    def __init__(self, filled: Filled) -> None:
        self.filled = filled
        self.types: dict[str, str] = {}
        for type_ in Type.objects.prefetch_related("aliases"):
            names = [type_.name, *(alias.text for alias in type_.aliases.all())]
            self.types |= {fold(name): str(type_.pk) for name in names}
        self.inherent = any("inherent impact" in line.cells for line in filled.on(ENTRIES))

    def strays(self) -> Iterator[str]:
        """Rows that belong to no entry of the workbook, as sentences."""
        keys = [line.key for line in self.filled.on(ENTRIES)]
        names = {line.reference for line in self.filled.on(ENTRIES) if self._is_known(line)}
        for line in self.filled.on(ENTRIES):
            if not self._is_known(line):
                yield f"{line.place}: it has lost its key, so nothing of it was taken."
        for key, count in Counter(keys).items():
            if key is not None and count > 1:
                yield f"{count} rows of {ENTRIES} have the same key, so none of them was taken."
        for line in self.filled.lines:
            if line.sheet != ENTRIES and line.reference not in names:
                text = next((text for text in line.cells.values() if text), "")
                yield (
                    f"{line.place}, “{text[:80]}”: it names no entry of this workbook. Choose its "
                    "reference in the second column. Nothing of it was taken."
                )

    def _is_known(self, line: Line) -> bool:
        return line.key is not None and line.key in self.filled.keys.versions

    def entry_lines(self) -> dict[int, Line]:
        """The one row of each entry, by its key."""
        lines = [line for line in self.filled.on(ENTRIES) if self._is_known(line)]
        counts = Counter(line.key for line in lines)
        return {line.key: line for line in lines if line.key and counts[line.key] == 1}

    def translate(self, line: Line, standing: Snapshot, seen: Seen) -> Sent:
        """One entry's row, with its rows on the other sheets."""
        version = self.filled.keys.versions[standing.pk]
        sending = Sent(standing, version, QueryDict(mutable=True))
        if line.reference != seen.entry.reference:
            sending.refused.append(Refused(line.place, "Reference", SORTED_AWAY))
        kind = standing.entry.kind
        values = dict(self._values(line, ENTRIES, seen.entry, kind, sending.refused))
        for name, value in _with_squares(values, seen.entry, line, sending.refused):
            sending.data.setlist(name, value)
        sending.data[PLACE] = line.place
        for rows in ROWS:
            self._put_rows(rows, line.reference, seen, kind, sending)
        return sending

    # Cells ------------------------------------------------------------------------------------

    def _values(
        self, line: Line, sheet: str, base: Any, kind: str, refused: list[Refused]
    ) -> Iterator[tuple[str, list[str]]]:
        for column in offline.columns_of(sheet, inherent=self.inherent):
            if column.kind == offline.FIXED or column.name not in line.cells:
                continue
            text = line.cells[column.name]
            problem = line.problems.get(column.name, "")
            try:
                yield column.name, self._meant(text, column, base, kind)
            except ValueError as error:
                problem = problem or f"It reads “{text[:80]}”. {error}"
                yield column.name, [text]
            if problem:
                refused.append(Refused(line.place, column.heading, problem))

    def _meant(self, text: str, column: Column, base: Any, kind: str) -> list[str]:
        if column.kind in (offline.TEXT, offline.PART):
            return [_as_typed(text, "" if base is None else sent(base, column.name)[0])]
        text = text.strip()
        if column.kind == offline.TYPES:
            return self._types(text)
        if text and column.kind == offline.LEVEL:
            return [offline.level_meant(text, column.name, kind)]
        if text and column.kind == offline.CHOICE:
            return [offline.choice_meant(text, column.name)]
        return [text]

    def _types(self, text: str) -> list[str]:
        names = [name for part in text.split(";") if (name := " ".join(part.split()))]
        if unknown := [name for name in names if fold(name) not in self.types]:
            raise ValueError(f"No type is called {', '.join(unknown)}. The first sheet lists them.")
        return sorted({self.types[fold(name)] for name in names})

    # Rows below an entry ----------------------------------------------------------------------

    def _put_rows(self, rows: Rows, reference: str, seen: Seen, kind: str, sending: Sent) -> None:
        """Those with a key first, in the order of the form; what the workbook lacks stays."""
        sheet = next(name for name, prefix in SHEETS.items() if prefix == rows.prefix)
        before = seen.rows[rows.prefix]
        known: dict[str, dict[str, list[str]]] = {}
        new: list[dict[str, list[str]]] = []
        for line in self.filled.on(sheet):
            base = before.get(str(line.key))
            if line.reference != reference:
                continue
            row = dict(self._values(line, sheet, base, kind, sending.refused))
            row = _as_of_the_form(row, seen, sending.refused, line) | {PLACE: [line.place]}
            if line.key is None and sheet == ACTIONS:
                new.append(
                    {**row, "status": row["status"] if row["status"][0] else ["not_started"]}
                )
            elif base is None or str(line.key) in known:
                sending.refused.append(Refused(line.place, "Reference", SORTED_AWAY))
            else:
                known[str(line.key)] = _with_number(row, base)
        stay = {pk: rows.as_sent(row) for pk, row in before.items()} | known
        kept = [{"id": [pk], **row} for pk, row in stay.items()]
        rows.put(sending.data, kept, new)


def _with_number(row: dict[str, list[str]], base: Any) -> dict[str, list[str]]:
    """Of a part its number too, which the workbook only shows."""
    number = getattr(base, "number", None)
    return row if number is None else {"number": [str(number)], **row}


def _as_typed(text: str, before: str) -> str:
    """A text as a person meant it: without the apostrophe that kept it from being a formula."""
    if text == held(before):
        return before
    return text[1:] if text.startswith("'") and defused(text[1:]) == text else text


def _with_squares(
    values: Mapping[str, list[str]], base: Any, line: Line, refused: list[Refused]
) -> Iterator[tuple[str, list[str]]]:
    """The fields of the entry's form: of two levels the square that they name."""
    for name, value in values.items():
        score, _, part = name.partition(" ")
        if not part:
            yield name, value
        elif part == "impact":
            levels = (value[0], values[f"{score} likelihood"][0])
            yield from _square(score, levels, sent(base, score)[0], line, refused)


def _square(
    score: str, levels: tuple[str, str], before: str, line: Line, refused: list[Refused]
) -> Iterator[tuple[str, list[str]]]:
    if all(levels):
        yield score, ["x".join(levels)]
        return
    if any(levels):
        heading = {"current": "Score now"}.get(score, f"{score.capitalize()} score")
        refused.append(Refused(line.place, heading, "Choose both levels of it, or neither."))
    if before.startswith("unknown "):
        # A score without a square has no levels to show; left empty, it stays what it was.
        yield score, ["unknown"]
        yield f"{score}_score", [before.split()[1]]
    else:
        yield score, [""]


def _as_of_the_form(
    row: Mapping[str, list[str]], seen: Seen, refused: list[Refused], line: Line
) -> dict[str, list[str]]:
    """A part by its number → by the key that the form's list has."""
    if not row.get("strand", [""])[0]:
        return dict(row)
    number = row["strand"][0].strip()
    parts = {str(part.number): pk for pk, part in seen.rows["strands"].items()}
    if number not in parts:
        sentence = f"The entry has no part {number[:20]}. Give the number of one, or none."
        refused.append(Refused(line.place, "Part", sentence))
    return {**row, "strand": [parts.get(number, "")]}


def packed(sending: Sent) -> dict[str, Any]:
    """What is sent of an entry, as plain data that a page can carry."""
    return {
        "entry": sending.snapshot.pk,
        "seen": sending.seen,
        "sent": dict(sending.data.lists()),
    }


def unpacked(said: Mapping[str, Any], standing: Snapshot) -> Sent:
    """Raises ValueError, KeyError or TypeError for what no page of ours has sent."""
    data = QueryDict(mutable=True)
    for name, values in said["sent"].items():
        data.setlist(str(name), _texts(values))
    return Sent(standing, int(said["seen"]), data)


def _texts(values: Iterable[Any]) -> list[str]:
    return [str(value) for value in values]
