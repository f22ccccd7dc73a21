"""The actions, or the parts, of an entry at which two people have written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict

from registers.admin.merging.clashes import Meeting, merge_field
from registers.admin.merging.sent import LABELS, WORDS_OF_ROWS, normal, sent
from registers.cycle.drafts import OF_A_STRAND, OF_AN_ACTION
from registers.models import Action, Snapshot, Strand


@dataclass(frozen=True, slots=True)
class Rows:
    """The actions, or the strands, as the form sends them: '<prefix>-<place>-<column>'."""

    prefix: str
    model: type[Action] | type[Strand]
    columns: tuple[str, ...]

    def merge(self, meeting: Meeting, standing: Snapshot, changed_at: datetime | None) -> None:
        """Rows of mine stay, rows that they added come in, each column is merged by itself."""
        if f"{self.prefix}-TOTAL_FORMS" not in meeting.data:
            return
        now = self.standing(standing)
        base = self.before(standing, changed_at)
        kept: list[dict[str, list[str]]] = []
        added: list[dict[str, list[str]]] = []
        seen: set[str] = set()
        for row in self.received(meeting.data):
            pk = (row.get("id") or [""])[0]
            if pk in now:
                seen.add(pk)
                kept.append(row)
            elif not pk:
                added.append(row)
            elif self._is_touched(row, base.get(pk)):
                # They removed what I was changing: it stays, as a row of its own.
                added.append({**row, "id": [""]})
                meeting.taken.append(
                    f"{self.label(row)}: they removed it, you changed it; it stays"
                )
            else:
                meeting.taken.append(f"{self.label(row)}: removed")
        for pk, row in now.items():
            if pk not in seen:
                kept.append({"id": [pk], **self.as_sent(row)})
                meeting.taken.append(f"{self.label(self.as_sent(row))}: added")
        added = [row for row in added if not self._stands_already(row, kept)]
        self.put(meeting.data, kept, added)
        for place, row in enumerate(kept):
            self._merge_row(meeting, place, row, base.get(row["id"][0]), now[row["id"][0]])

    def _merge_row(self, meeting: Meeting, place: int, row, before: Any, theirs: Any) -> None:
        for column in self.columns:
            name = f"{self.prefix}-{place}-{column}"
            if name not in meeting.data and column != "types":
                continue
            words = LABELS.get(column) or column.replace("_", " ")
            merge_field(
                meeting,
                name,
                f"{self.label(row)}, {words}",
                before=sent(before, column) if before is not None else None,
                theirs=sent(theirs, column),
            )

    def texts_that_differ(self, data: QueryDict, standing: Snapshot) -> Iterator[tuple[str, str]]:
        """(label, text) of what was sent in words and does not stand, to be given back."""
        now = self.standing(standing)
        for row in self.received(data):
            stands = now.get((row.get("id") or [""])[0])
            for column in self.columns:
                if column not in WORDS_OF_ROWS or not (said := row.get(column)):
                    continue
                text = normal(column)(tuple(said))
                if text != ("",) and (
                    stands is None or text != normal(column)(sent(stands, column))
                ):
                    yield f"{self.label(row)}, {column}", text[0]

    def standing(self, standing: Snapshot) -> dict[str, Any]:
        return {str(row.pk): row for row in getattr(standing, self.prefix).all()}

    def before(self, standing: Snapshot, changed_at: datetime | None) -> dict[str, Any]:
        """The rows as they were before the first change that this person has not seen."""
        lines = self.model.history.filter(snapshot_id=standing.pk).order_by("history_id")
        if changed_at is not None:
            lines = lines.filter(history_date__lt=changed_at)
        last = {str(line.id): line for line in lines}
        return {pk: line for pk, line in last.items() if line.history_type != "-"}

    def received(self, data: QueryDict) -> Iterator[dict[str, list[str]]]:
        total = data.get(f"{self.prefix}-TOTAL_FORMS", "")
        for place in range(min(int(total), 1_000) if total.isdecimal() else 0):
            start = f"{self.prefix}-{place}-"
            row = {
                name.removeprefix(start): values
                for name, values in data.lists()
                if name.startswith(start)
            }
            if row:
                yield row

    def _is_touched(self, row: Mapping[str, list[str]], before: Any) -> bool:
        if before is None:
            return True
        return any(
            normal(column)(tuple(row[column])) != normal(column)(sent(before, column))
            for column in self.columns
            if column in row
        )

    def _stands_already(self, row: Mapping[str, list[str]], kept: list[dict]) -> bool:
        """Whether what is to be added has been added: by a first press, or in another tab."""
        said = {column: tuple(row[column]) for column in self.columns if column in row}
        return any(
            all(
                normal(column)(values) == normal(column)(tuple(one.get(column, [""])))
                for column, values in said.items()
            )
            for one in kept
        )

    def as_sent(self, row: Any) -> dict[str, list[str]]:
        return {column: list(sent(row, column)) for column in self.columns}

    def label(self, row: Mapping[str, list[str]]) -> str:
        text = (row.get("text") or row.get("title") or [""])[0]
        words = " ".join(text.split()[:8])
        return f"{self.model._meta.verbose_name.capitalize()} “{words}”"

    def put(self, data: QueryDict, kept, added) -> None:
        for name in [name for name in data if name.startswith(f"{self.prefix}-")]:
            if not name.endswith(("-MIN_NUM_FORMS", "-MAX_NUM_FORMS")):
                del data[name]
        for place, row in enumerate([*kept, *added]):
            for column, values in row.items():
                data.setlist(f"{self.prefix}-{place}-{column}", values)
        data[f"{self.prefix}-INITIAL_FORMS"] = str(len(kept))
        data[f"{self.prefix}-TOTAL_FORMS"] = str(len(kept) + len(added))


ROWS = (Rows("actions", Action, OF_AN_ACTION), Rows("strands", Strand, OF_A_STRAND))
