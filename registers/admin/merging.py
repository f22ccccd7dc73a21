"""Two people at the same entry: what each of them wrote, side by side, and one form with both.

The second save is refused. What only they changed is put into the form, what only I changed stays
in it, and where both changed the same field both texts are shown and mine stays in the box until
I choose. So nothing is lost, and saving once more keeps what the boxes then hold.

Everything here is about what a browser sends: names of fields and strings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.http import QueryDict

from registers import cycle
from registers.domain import passages
from registers.models import Action, Snapshot, Strand, User
from registers.models.fields import MOST_IN_A_TEXT
from registers.pages.fields import in_order

# How a field is sent, by the kind of thing it holds.
TEXTS = ("title", "owner_text", "override_reason")
PASSAGES = ("description", "consequences", "controls")
COMMENTARY = "commentary"
WORDS_OF_ROWS = ("text", "reason", "lead", "title", *PASSAGES, COMMENTARY)
PLACINGS = {"current": "", "residual": "residual_", "inherent": "inherent_"}

THEIRS, MINE, BOTH = "theirs", "mine", "both"

LABELS = {
    "current": "Score now",
    "residual": "Residual score",
    "inherent": "Inherent score",
    "residual_by": "Residual by",
    "owner_text": "Owner as printed",
    "override_reason": "Submitted all the same, because",
    "target_impact": "to impact",
    "target_likelihood": "to likelihood",
    "completed_on": "completed on",
}

Sent = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """One field that both have changed. `name` is the field's name in the form."""

    name: str
    label: str
    before: Sent
    theirs: Sent
    mine: Sent
    # Only text can hold both.
    is_text: bool = False

    @property
    def their_difference(self) -> passages.Difference:
        return passages.compare(_points(self.before), _points(self.theirs))

    @property
    def my_difference(self) -> passages.Difference:
        return passages.compare(_points(self.before), _points(self.mine))


def _points(sent: Sent) -> passages.Passage:
    """Of a text that is too long to be kept, its beginning: all of it stands in its box."""
    return passages.parse("\n".join(sent)[:MOST_IN_A_TEXT], passages.PLAIN)


@dataclass(slots=True)
class Meeting:
    """What the form says to somebody who was not the only one. `data` is what it then holds."""

    data: QueryDict
    who: User | None = None
    when: datetime | None = None
    clashes: list[Clash] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    version: int = 0
    seen: int = 0
    # Nobody but the person themself has saved since: in another tab, or by pressing twice.
    own: bool = False

    @property
    def sentence(self) -> str:
        if self.own:
            return "You saved this entry in another tab meanwhile. Nothing of yours is lost."
        who = str(self.who or "Somebody")
        return f"{who} saved this entry while you were writing. Nothing of yours is lost."


def meet(data: QueryDict, standing: Snapshot, *, seen: int, by: User) -> Meeting:
    """Put together what a person sent and what stands now, both since the version `seen`."""
    merged = data.copy()
    changes = cycle.changes(standing, since=seen)
    since = standing.history.filter(version__gt=seen)
    savers = set(since.values_list("history_user", flat=True))
    latest = max(
        (change for change in changes if change.who != by),
        key=lambda change: change.when,
        default=None,
    )
    meeting = Meeting(
        merged,
        who=latest.who if latest else standing.changed_by,
        when=latest.when if latest else standing.changed_at,
        version=standing.version,
        seen=seen,
        own=savers == {by.pk},
    )
    base = standing.history.filter(version=seen).order_by("-history_id").first()
    _merge_entry(meeting, standing, base)
    after = since.order_by("history_id").first()
    for rows in ROWS:
        rows.merge(meeting, standing, after.history_date if after else None)
    return meeting


def choose(data: QueryDict, standing: Snapshot, *, seen: int, choice: str, by: User) -> Meeting:
    """One field is taken from them ('controls:theirs'), or holds both ('controls:both')."""
    name, _, how = choice.rpartition(":")
    meeting = meet(data, standing, seen=seen, by=by)
    open_ones = set(data.getlist("clash"))
    for clash in meeting.clashes:
        if clash.name != name or how == MINE:
            continue
        sent = clash.theirs
        if how == BOTH:
            sent = ("\n".join(filter(None, [*clash.mine, *clash.theirs])),)
        _put(meeting.data, clash.name, sent)
    meeting.clashes = [
        clash for clash in meeting.clashes if clash.name in open_ones and clash.name != name
    ]
    return meeting


# The entry itself ---------------------------------------------------------------------------------


def _merge_entry(meeting: Meeting, standing: Snapshot, base: Any) -> None:
    names = [*TEXTS, *PASSAGES, COMMENTARY, "residual_by", "direction", "owner", "types"]
    for name in [*names, *PLACINGS]:
        if not _was_sent(meeting.data, name):
            continue
        label = LABELS.get(name) or name.replace("_", " ").capitalize()
        if name in PASSAGES:
            label = getattr(standing.words, name, label)
        _merge_field(
            meeting,
            name,
            label,
            before=_sent(base, name) if base else None,
            theirs=_sent(standing, name),
            normal=_normal(name),
        )


def _merge_field(
    meeting: Meeting,
    name: str,
    label: str,
    *,
    before: Sent | None,
    theirs: Sent,
    normal: Callable[[Sent], Sent],
) -> None:
    mine = normal(_received(meeting.data, name))
    theirs, before = normal(theirs), normal(before) if before is not None else None
    if mine == theirs or theirs == before:
        return
    if mine == before:
        _put(meeting.data, name, theirs)
        meeting.taken.append(label)
        return
    is_text = name.rpartition("-")[2] in (*TEXTS, *WORDS_OF_ROWS)
    meeting.clashes.append(Clash(name, label, before or (), theirs, mine, is_text))


def _was_sent(data: QueryDict, name: str) -> bool:
    """Whether the form that was sent had the field. Nothing is sent for boxes left unticked."""
    return name in data or name in PLACINGS or name in ("types", "direction")


def _sent(row: Any, name: str) -> Sent:
    """The value of a column as a browser would send it."""
    if name in PLACINGS:
        prefix = PLACINGS[name]
        impact, likelihood, score = (
            getattr(row, f"{prefix}{part}") for part in ("impact", "likelihood", "score")
        )
        if impact is not None:
            return (f"{impact}x{likelihood}",)
        return (f"unknown {score}",) if score is not None else ("",)
    if name == "types":
        return tuple(sorted(str(getattr(link, "type_id", link.pk)) for link in row.types.all()))
    if name == "owner":
        return (row.owner.name if row.owner_id else "",)
    if name == "strand":
        return (str(row.strand_id or ""),)
    value = getattr(row, name)
    if isinstance(value, date):
        return (value.isoformat(),)
    return ("" if value is None else str(value),)


def _received(data: QueryDict, name: str) -> Sent:
    if name in PLACINGS:
        chosen, score = data.get(name, ""), data.get(f"{name}_score", "")
        return (f"unknown {score}",) if score and chosen in ("", "unknown") else (chosen,)
    if name.rpartition("-")[2] == "types":
        return tuple(sorted(data.getlist(name)))
    return (data.get(name, ""),)


def _put(data: QueryDict, name: str, sent: Sent) -> None:
    if name in PLACINGS and sent and sent[0].startswith("unknown "):
        data[name], data[f"{name}_score"] = "unknown", sent[0].split()[1]
    elif name in PLACINGS:
        data[name], data[f"{name}_score"] = sent[0], ""
    elif name.rpartition("-")[2] == "types":
        data.setlist(name, list(sent))
    else:
        data[name] = sent[0] if sent else ""


def _normal(name: str) -> Callable[[Sent], Sent]:
    """What makes two ways of sending the same thing equal."""
    if name in PASSAGES or name == COMMENTARY:
        unmarked = passages.PLAIN if name == COMMENTARY else passages.BULLET

        def passage(sent: Sent) -> Sent:
            return tuple(in_order(text, unmarked) for text in sent)

        return passage

    def text(sent: Sent) -> Sent:
        return tuple("\n".join(part.splitlines()).strip() for part in sent)

    return text


# The rows below it --------------------------------------------------------------------------------


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
        now = {str(row.pk): row for row in getattr(standing, self.prefix).all()}
        base = self._base(standing, changed_at)
        kept: list[dict[str, list[str]]] = []
        added: list[dict[str, list[str]]] = []
        seen: set[str] = set()
        for row in self._received(meeting.data):
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
                    f"{self._label(row)}: they removed it, you changed it; it stays"
                )
            else:
                meeting.taken.append(f"{self._label(row)}: removed")
        for pk, row in now.items():
            if pk not in seen:
                kept.append({"id": [pk], **self._as_sent(row)})
                meeting.taken.append(f"{self._label(self._as_sent(row))}: added")
        added = [row for row in added if not self._stands_already(row, kept)]
        self._put_rows(meeting.data, kept, added)
        for place, row in enumerate(kept):
            self._merge_row(meeting, place, row, base.get(row["id"][0]), now[row["id"][0]])

    def _merge_row(self, meeting: Meeting, place: int, row, before: Any, theirs: Any) -> None:
        for column in self.columns:
            name = f"{self.prefix}-{place}-{column}"
            if name not in meeting.data and column != "types":
                continue
            words = LABELS.get(column) or column.replace("_", " ")
            _merge_field(
                meeting,
                name,
                f"{self._label(row)}, {words}",
                before=_sent(before, column) if before is not None else None,
                theirs=_sent(theirs, column),
                normal=_normal(column),
            )

    def texts_that_differ(self, data: QueryDict, standing: Snapshot) -> Iterator[tuple[str, str]]:
        """(label, text) of what was sent in words and does not stand, to be given back."""
        now = {str(row.pk): row for row in getattr(standing, self.prefix).all()}
        for row in self._received(data):
            stands = now.get((row.get("id") or [""])[0])
            for column in self.columns:
                if column not in WORDS_OF_ROWS or not (sent := row.get(column)):
                    continue
                text = _normal(column)(tuple(sent))
                if text != ("",) and (
                    stands is None or text != _normal(column)(_sent(stands, column))
                ):
                    yield f"{self._label(row)}, {column}", text[0]

    def _base(self, standing: Snapshot, changed_at: datetime | None) -> dict[str, Any]:
        """The rows as they were before the first change that this person has not seen."""
        lines = self.model.history.filter(snapshot_id=standing.pk).order_by("history_id")
        if changed_at is not None:
            lines = lines.filter(history_date__lt=changed_at)
        last = {str(line.id): line for line in lines}
        return {pk: line for pk, line in last.items() if line.history_type != "-"}

    def _received(self, data: QueryDict) -> Iterator[dict[str, list[str]]]:
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
            _normal(column)(tuple(row[column])) != _normal(column)(_sent(before, column))
            for column in self.columns
            if column in row
        )

    def _stands_already(self, row: Mapping[str, list[str]], kept: list[dict]) -> bool:
        """Whether what is to be added has been added: by a first press, or in another tab."""
        sent = {column: tuple(row[column]) for column in self.columns if column in row}
        return any(
            all(
                _normal(column)(values) == _normal(column)(tuple(one.get(column, [""])))
                for column, values in sent.items()
            )
            for one in kept
        )

    def _as_sent(self, row: Any) -> dict[str, list[str]]:
        return {column: list(_sent(row, column)) for column in self.columns}

    def _label(self, row: Mapping[str, list[str]]) -> str:
        text = (row.get("text") or row.get("title") or [""])[0]
        words = " ".join(text.split()[:8])
        return f"{self.model._meta.verbose_name.capitalize()} “{words}”"

    def _put_rows(self, data: QueryDict, kept, added) -> None:
        for name in [name for name in data if name.startswith(f"{self.prefix}-")]:
            if not name.endswith(("-MIN_NUM_FORMS", "-MAX_NUM_FORMS")):
                del data[name]
        for place, row in enumerate([*kept, *added]):
            for column, values in row.items():
                data.setlist(f"{self.prefix}-{place}-{column}", values)
        data[f"{self.prefix}-INITIAL_FORMS"] = str(len(kept))
        data[f"{self.prefix}-TOTAL_FORMS"] = str(len(kept) + len(added))


ROWS = (
    Rows(
        "actions",
        Action,
        (
            "text",
            "lead",
            "due",
            "status",
            "strand",
            "completed_on",
            "reason",
            "target_impact",
            "target_likelihood",
        ),
    ),
    Rows(
        "strands",
        Strand,
        (
            "number",
            "title",
            "lead",
            "types",
            "consequences",
            "controls",
            "direction",
            "commentary",
        ),
    ),
)
