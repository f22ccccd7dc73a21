"""What an issue of an edition said, read from its canonical document, and what the next corrected.

The document is what was published; the rows may have been corrected since. So an earlier issue is
read from nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from registers.domain import passages, scale
from registers.domain.english import written
from registers.domain.grid import Row
from registers.domain.statements import WORDS

_TEXTS = {
    "title": "Title",
    "description": "Description",
    "consequences": "Consequences",
    "controls": "Controls",
    "actions": "Actions",
    "strands": "Strands",
    "owner": "Owner",
    "types": "Types",
    "score": "Score",
    "residual": "Residual score",
    "inherent": "Inherent score",
    "direction": "Direction",
    "commentary": "Commentary",
    "reference": "Reference",
}


@dataclass(frozen=True, slots=True)
class EntryAsPublished:
    """One entry of a document. Texts are passages; scores keep their position where known."""

    data: dict[str, Any]

    @property
    def entry(self) -> int:
        return self.data["entry"]

    @property
    def kind(self) -> str:
        return self.data["kind"]

    @property
    def reference(self) -> str:
        return self.data["reference"]

    @property
    def title(self) -> str:
        return self.data["title"]

    def row(self, appetite: int) -> Row:
        """The same for the heat map; `appetite` is the edition's."""
        score, residual = self.data["score"], self.data["residual"]
        post = self.data.get("post") or {}
        return Row(
            snapshot_id=0,  # the rows may have been corrected since
            entry_id=self.entry,
            kind=self.kind,
            reference=self.reference,
            title=self.title,
            direction=self.data["direction"],
            impact=score["impact"],
            likelihood=score["likelihood"],
            score=score["score"],
            residual_impact=residual["impact"],
            residual_likelihood=residual["likelihood"],
            residual_score=residual["score"],
            residual_by=date.fromisoformat(residual["by"]) if residual["by"] else None,
            own_appetite=self.data["appetite"],
            general_appetite=appetite,
            owner_id=post.get("id"),
            owner_text=self.owner,
            owner_name=None,
        )

    @property
    def types(self) -> str:
        return "; ".join(self.data["types"])

    @property
    def owner(self) -> str:
        return self.data["owner"]

    @property
    def score(self) -> int | None:
        return self.data["score"]["score"]

    @property
    def residual(self) -> int | None:
        return self.data["residual"]["score"]

    @property
    def position(self) -> scale.Position | None:
        return _position(self.data["score"])

    @property
    def residual_position(self) -> scale.Position | None:
        return _position(self.data["residual"])

    @property
    def direction(self) -> str:
        return self.data["direction"].capitalize() or "Not stated"

    @property
    def description(self) -> passages.Passage:
        return self.text("description")

    @property
    def consequences(self) -> passages.Passage:
        return self.text("consequences")

    @property
    def controls(self) -> passages.Passage:
        return self.text("controls")

    @property
    def actions(self) -> passages.Passage:
        return self.text("actions")

    @property
    def commentary(self) -> passages.Passage:
        return self.text("commentary")

    def text(self, column: str) -> passages.Passage:
        """A column as points, whatever it is kept as; strands' parts follow their heading."""
        data = self.data
        match column:
            case "actions":
                return tuple(_action(action) for action in data["actions"])
            case "strands":
                return tuple(passages.Point(_in_short(strand)) for strand in data["strands"])
            case "types":
                return _line(self.types)
            case "score" | "residual" | "inherent":
                return _line(_score_in_words(data[column], self.kind))
            case "commentary":
                points = passages.parse(data["commentary"], passages.PLAIN)
            case "consequences" | "controls" | "description":
                points = passages.parse(data[column])
            case _:
                return _line(data[column])
        return points + tuple(self._of_strands(column))

    def _of_strands(self, column: str) -> Iterator[passages.Point]:
        unmarked = passages.PLAIN if column == "commentary" else passages.BULLET
        for strand in self.data["strands"]:
            if text := strand.get(column, ""):
                yield passages.Point(_heading(strand), plain=True)
                yield from passages.parse(text, unmarked)


def _position(score: dict[str, int | None]) -> scale.Position | None:
    if score["impact"] is None or score["likelihood"] is None:
        return None
    return scale.Position(score["impact"], score["likelihood"])


def _score_in_words(score: dict[str, Any], kind: str) -> str:
    if score["score"] is None:
        return "Not known"
    position = _position(score)
    words = f"{score['score']} ({position.words(kind)})" if position else str(score["score"])
    return f"{words}, by {_day(score['by'])}" if score.get("by") else words


def _day(text: str) -> str:
    return written(date.fromisoformat(text))


def _heading(strand: dict[str, Any]) -> str:
    return f"{strand['number']}. {strand['title']}"


def _in_short(strand: dict[str, Any]) -> str:
    notes = "; ".join(filter(None, [strand["lead"], *strand["types"]]))
    return f"{_heading(strand)} ({notes})" if notes else _heading(strand)


def _action(action: dict[str, Any]) -> passages.Point:
    notes = [action["lead"], f"due {_day(action['due'])}" if action["due"] else ""]
    notes.append(action["status"].replace("_", " "))
    note = ", ".join(filter(None, notes))
    return passages.Point(
        f"{action['text']} ({note})" if note else action["text"], action["level"], action["plain"]
    )


def _line(text: str) -> passages.Passage:
    return (passages.Point(text),) if text.strip() else ()


@dataclass(frozen=True, slots=True)
class Issue:
    """One published issue: its entries in the printed order, for one reader."""

    entries: tuple[EntryAsPublished, ...]
    bands: scale.Bands
    appetite: int
    published_by: str

    def of_kind(self, kind: str) -> list[EntryAsPublished]:
        return [entry for entry in self.entries if entry.kind == kind]


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement of what became of an entry. `kind` is one of `domain.statements`."""

    entry: int
    kind: str
    other: int | None
    reason: str

    @property
    def words(self) -> str:
        """'Closed', 'Merged into', …"""
        return WORDS[self.kind]


def statements(document: str) -> list[Stated]:
    """What an issue states of what became of entries; documents of every format say it alike."""
    return [
        Stated(said["entry"], said["statement"], said["other"], said["reason"])
        for said in json.loads(document)["lineage"]
    ]


def read(document: str, *, exempt: Collection[int], cleared: bool) -> Issue:
    """Read a canonical document.

    `exempt` holds the ids of entries that are exempt today; one that was exempt then stays so.
    """
    data = json.loads(document)
    entries = [
        EntryAsPublished(entry)
        for entry in data["entries"]
        if cleared or not (entry["exempt"] or entry["entry"] in exempt)
    ]
    bands = data["bands"]
    return Issue(
        tuple(entries),
        scale.Bands(bands["medium_from"], bands["high_from"], bands["very_high_from"]),
        bands["appetite"],
        data["published_by"],
    )


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry that two issues state differently."""

    before: EntryAsPublished | None
    after: EntryAsPublished | None
    sections: tuple[tuple[str, passages.Difference], ...] = ()

    @property
    def entry(self) -> EntryAsPublished:
        found = self.after or self.before
        if found is None:
            raise ValueError("a correction is of an entry")
        return found


def corrections(before: Issue, after: Issue) -> list[Correction]:
    """What the later issue corrected, in its printed order; what it left out comes last."""
    old = {entry.entry: entry for entry in before.entries}
    found = []
    for entry in after.entries:
        was = old.pop(entry.entry, None)
        if was is None:
            found.append(Correction(None, entry))
        elif sections := tuple(_sections(was, entry)):
            found.append(Correction(was, entry, sections))
    return found + [Correction(was, None) for was in old.values()]


def _sections(
    was: EntryAsPublished, now: EntryAsPublished
) -> Iterator[tuple[str, passages.Difference]]:
    for column, heading in _TEXTS.items():
        changed = passages.compare(was.text(column), now.text(column))
        if changed.changed:
            yield heading, changed
