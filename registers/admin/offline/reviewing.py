"""What a workbook would change of an entry, beside what stands; and what stands in its way."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.forms.utils import ErrorDict
from django.http import HttpRequest, QueryDict

from registers.admin import merging
from registers.admin.merging import PLACINGS, ROWS, Clash, Meeting
from registers.admin.merging.clashes import BOTH, MINE
from registers.admin.merging.rows import Rows
from registers.admin.merging.sent import (
    COMMENTARY,
    LABELS,
    PASSAGES,
    TEXTS,
    WORDS_OF_ROWS,
    normal,
    put,
    received,
    sent,
    was_sent,
)
from registers.admin.merging.sent import (
    Sent as Values,
)
from registers.admin.offline.translating import PLACE, Refused, Sent, packed
from registers.admin.site import site
from registers.cycle import Draft
from registers.domain import offline, passages, scale
from registers.domain.english import written
from registers.models import Progress, Snapshot, Type, User

THEIRS = "theirs"
# What the workbook can say of an entry itself, in the order of the form.
FIELDS = (
    "current",
    "residual",
    "residual_by",
    "inherent",
    "direction",
    COMMENTARY,
    "override_reason",
    *PASSAGES[1:],
    "title",
    PASSAGES[0],
    "types",
)
_TEXTS = (*TEXTS, *PASSAGES, *WORDS_OF_ROWS)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would change: in words what stands and what the workbook says; of a text
    the difference.
    """

    label: str
    stands: str
    becomes: str
    difference: passages.Difference | None = None


@dataclass(slots=True)
class Reviewed:
    """What a workbook says of one entry, as the page shows it: beside what stands.

    `wrong` are sentences that stand in the way besides those of its cells; `chosen` is what was
    said where two have written, by the name of the clash.
    """

    sending: Sent
    changes: list[Change]
    meeting: Meeting
    chosen: Mapping[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    is_ticked: bool = True
    is_to_submit: bool = False

    @property
    def snapshot(self) -> Snapshot:
        return self.sending.snapshot

    @property
    def key(self) -> str:
        return str(self.snapshot.pk)

    @property
    def refused(self) -> list[Refused]:
        return self.sending.refused

    @property
    def was_saved_since(self) -> bool:
        return self.sending.seen != self.snapshot.version

    @property
    def is_sent_in(self) -> bool:
        return self.snapshot.progress in (Progress.SUBMITTED, Progress.ACCEPTED)

    @property
    def may_be_submitted(self) -> bool:
        return self.snapshot.edition.is_open

    @property
    def clashes(self) -> list[tuple[Clash, str]]:
        """Each with what was chosen of it."""
        return [(clash, self.chosen.get(clash.name, "")) for clash in self.meeting.clashes]

    @property
    def packed(self) -> str:
        return json.dumps(packed(self.sending))


class Reviewer:
    """Puts together what one person's workbook says and what stands."""

    def __init__(self, by: User) -> None:
        self.by = by
        self.types = {str(pk): name for pk, name in Type.objects.values_list("pk", "name")}

    def review(self, sending: Sent, **said: Any) -> Reviewed:
        meeting = self.meeting(sending)
        return Reviewed(sending, self.changes(sending.snapshot, meeting), meeting, **said)

    def meeting(self, sending: Sent) -> Meeting:
        """Both since the version that the workbook was made of. `data` is what a form would hold:
        what only they changed is in it, and where both did, what the workbook says.
        """
        standing = sending.snapshot
        if sending.seen == standing.version:
            return Meeting(sending.data.copy(), version=standing.version, seen=sending.seen)
        return merging.meet(sending.data, standing, seen=sending.seen, by=self.by)

    def changes(self, standing: Snapshot, meeting: Meeting) -> list[Change]:
        return [*self._of_entry(standing, meeting), *self._of_rows(standing, meeting)]

    def _of_entry(self, standing: Snapshot, meeting: Meeting) -> Iterator[Change]:
        for name in FIELDS:
            if not was_sent(meeting.data, name):
                continue
            if name in PLACINGS and name not in meeting.data:
                continue
            label = _label(name, standing)
            yield from self._change(name, label, sent(standing, name), meeting.data, standing)

    def _change(
        self, name: str, label: str, stands: Values, data: QueryDict, standing: Snapshot
    ) -> Iterator[Change]:
        column = name.rpartition("-")[2]
        in_order = normal(column)
        was, now = in_order(stands), in_order(received(data, name))
        if was == now:
            return
        if column in _TEXTS:
            marked = passages.compare(_points(was), _points(now))
            yield Change(label, "\n".join(was), "\n".join(now), marked)
        else:
            yield Change(
                label, self._words(column, was, standing), self._words(column, now, standing)
            )

    def _of_rows(self, standing: Snapshot, meeting: Meeting) -> Iterator[Change]:
        for rows in ROWS:
            now = rows.standing(standing)
            for number, row in enumerate(rows.received(meeting.data)):
                start = f"{rows.prefix}-{number}-"
                stands = now.get((row.get("id") or [""])[0])
                if stands is None:
                    yield self._new(rows, row, standing)
                    continue
                for column in (one for one in rows.columns if one in row or one == "types"):
                    label = f"{rows.label(row)}: {_label(column, standing).lower()}"
                    value = sent(stands, column)
                    yield from self._change(
                        f"{start}{column}", label, value, meeting.data, standing
                    )

    def _new(self, rows: Rows, row: Mapping[str, list[str]], standing: Snapshot) -> Change:
        said = [
            f"{_label(name, standing)}: {self._words(name, tuple(row[name]), standing)}"
            for name in rows.columns
            if name != "text" and row.get(name, [""])[0]
        ]
        return Change(
            f"New {rows.model._meta.verbose_name}", "", "\n".join([row["text"][0], *said])
        )

    def _words(self, column: str, values: Values, standing: Snapshot) -> str:
        """A value as a page says it."""
        value = values[0] if values else ""
        if column == "types":
            return ", ".join(self.types.get(pk, pk) for pk in values) or "none"
        if not value:
            return "nothing"
        if column in PLACINGS:
            return _square(value, standing.entry.kind)
        if column in ("direction", "status"):
            return offline.choices_of(column).get(value, value)
        if column == "strand":
            parts = {str(part.pk): part.heading for part in standing.strands.all()}
            return parts.get(value, value)
        return _day(value) if column in ("due", "completed_on", "residual_by") else value


def _points(values: Values) -> passages.Passage:
    return passages.parse("\n".join(values)[:20_000], passages.PLAIN)


def _label(name: str, standing: Snapshot) -> str:
    if name in PASSAGES:
        return getattr(standing.words, name, name.capitalize())
    return LABELS.get(name) or name.replace("_", " ").capitalize()


def _square(value: str, kind: str) -> str:
    if value.startswith("unknown "):
        return f"{value.split()[1]}; its square is not known"
    impact, _, likelihood = value.rpartition("x")
    if not (impact.isdecimal() and likelihood.isdecimal()):
        return f"{impact} × {likelihood}"
    try:
        position = scale.Position(int(impact), int(likelihood))
    except ValueError:
        return value
    return f"{position.score}: {position.words(kind)}"


def _day(value: str) -> str:
    try:
        return written(date.fromisoformat(value))
    except ValueError:
        return value


# Where two have written ---------------------------------------------------------------------------


def choose(meeting: Meeting, chosen: Mapping[str, str]) -> list[Clash]:
    """Put what was chosen into the form; the clashes of which nothing was."""
    left = []
    for clash in meeting.clashes:
        how = chosen.get(clash.name, "")
        if how == THEIRS:
            put(meeting.data, clash.name, clash.theirs)
        elif how == BOTH and clash.is_text:
            joined = "\n".join(filter(None, [*clash.mine, *clash.theirs]))
            put(meeting.data, clash.name, (joined,))
        elif how != MINE:
            left.append(clash)
    return left


# The forms ----------------------------------------------------------------------------------------


class Forms:
    """The entry's own form and the rows below it, filled with what a workbook says."""

    def __init__(self, request: HttpRequest, snapshot: Snapshot, data: QueryDict) -> None:
        keeper = site.get_model_admin(Snapshot)
        fields = [name for name in FIELDS if name in data or name in ("direction", "types")]
        self.data = data
        self.form = keeper.get_form(request, snapshot, change=True, fields=fields)(
            data, instance=snapshot
        )
        self.rows = [
            self._rows(request, inline, snapshot)
            for inline in keeper.get_inline_instances(request, snapshot)
        ]

    def _rows(self, request: HttpRequest, inline: Any, snapshot: Snapshot) -> Any:
        formset = inline.get_formset(request, snapshot)
        prefix = formset.get_default_prefix()
        found = inline.get_queryset(request)
        return formset(self.data, instance=snapshot, prefix=prefix, queryset=found)

    @cached_property
    def refused(self) -> list[Refused]:
        """What the form says of its fields, each with the cell that it came from."""
        place = self.data.get(PLACE, "")
        found = list(_refused(self.form, self.form.errors, place))
        for rows in self.rows:
            if not rows.is_valid():
                for form in rows.forms:
                    at = self.data.get(form.add_prefix(PLACE), "") or place
                    found += _refused(form, form.errors, at)
                found += [Refused(place, "", str(said)) for said in rows.non_form_errors()]
        return found

    def draft(self) -> Draft:
        rows = {rows.prefix: rows.drafted() for rows in self.rows}
        return Draft(self.form.drafted(), **rows)


def _refused(form: Any, errors: ErrorDict, place: str) -> Iterator[Refused]:
    for name, sentences in errors.items():
        heading = str(form.fields[name].label or name) if name in form.fields else ""
        for sentence in sentences:
            yield Refused(place, heading.replace("_", " ").capitalize(), str(sentence))
