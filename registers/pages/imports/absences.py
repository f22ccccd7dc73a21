"""What became of entries that the edition before has and the file has not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from registers.domain.quarters import Quarter
from registers.models import Lineage
from registers.pages.imports.candidates import Texts

HOW = (
    (Lineage.Statement.CLOSED, "it was closed"),
    (Lineage.Statement.SUCCEEDED, "an entry of the file takes its place"),
    (Lineage.Statement.MERGED, "it was merged into an entry of the file"),
)
_WITH_ANOTHER = (Lineage.Statement.SUCCEEDED, Lineage.Statement.MERGED)


@dataclass(frozen=True, slots=True)
class Absent:
    """One absent entry, and what was said of it. `problem` says what is missing of that."""

    entry: str
    reference: str
    title: str
    last_in: str
    how: str = ""
    other: str = ""
    reason: str = ""
    problem: str = ""
    more: tuple[tuple[str, str], ...] = ()

    @property
    def ways(self) -> list[tuple[str, str, bool]]:
        return [(str(value), words, value == self.how) for value, words in HOW]


def absences(
    plan: Mapping[str, Any], said: Mapping[str, Any], sent: Any = None
) -> Iterator[Absent]:
    """Those of this edition; of what comes after it, its own import speaks."""
    for absence in plan["absent"]:
        if absence["missing_in"] != plan["edition"] or absence["entry"] is None:
            continue
        entry = str(absence["entry"])
        stated = _sent(entry, sent) if sent is not None else said.get("absent", {}).get(entry, {})
        yield Absent(
            entry=entry,
            reference=absence["reference"],
            title=absence["title"],
            last_in=absence["last_in"],
            problem=_problem(stated),
            **stated,
        )


def with_texts(one: Absent, texts: Mapping[tuple[str, str], Texts]) -> Absent:
    """With what the last edition that had it says of it, to be read beside the rows."""
    return replace(one, more=texts.get((one.entry, Quarter.parse(one.last_in).label), ()))


def _sent(entry: str, sent: Any) -> dict[str, str]:
    values = {
        name: " ".join(sent.get(f"absent-{entry}.{name}", "").split())
        for name in ("how", "other", "reason")
    }
    if values["how"] not in Lineage.Statement.values:
        return {}
    if values["how"] not in _WITH_ANOTHER:
        values["other"] = ""
    return values


def _problem(stated: Mapping[str, str]) -> str:
    if stated and not stated["reason"]:
        return "Say why: the committee will read it."
    if stated and stated["how"] in _WITH_ANOTHER and not stated["other"]:
        return "Choose the entry of the file."
    return ""


def changes(absent: list[Absent], said: Mapping[str, Any]) -> dict[str, Any]:
    """What was said of them that was not said before."""
    known = said.get("absent", {})
    now = {
        one.entry: {"how": one.how, "other": one.other, "reason": one.reason} if one.how else None
        for one in absent
    }
    return {entry: value for entry, value in now.items() if value != known.get(entry)}
