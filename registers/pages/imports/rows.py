"""The rows of an import: what is printed beside what was understood, and what a person may say.

Made of the plan as it is kept, so that a page reads no file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from registers.domain import scale
from registers.domain.quarters import Quarter
from registers.importing.corrections import POINTS
from registers.importing.matching import DECIDED, DOUBTFUL, SURE
from registers.importing.plan import ALREADY_THERE, CREATE, DIFFERENT
from registers.importing.printed import (
    DIRECTION,
    INHERENT,
    KIND,
    OWNER,
    REFERENCE,
    RESIDUAL,
    SCORE,
    TITLE,
    TYPES,
)
from registers.importing.review.said import NEW
from registers.pages.imports import words
from registers.pages.imports.cards import AS_READ, Candidate, Card, Control, Line, Option
from registers.pages.imports.columns import field_words
from registers.pages.imports.words import Entry

AS_PRINTED = "as printed"


class Cards:
    """The rows of a plan as cards, those with something to look at first."""

    def __init__(
        self, plan: Mapping[str, Any], said: Mapping[str, Any], types: Sequence[str]
    ) -> None:
        """`types` are the names of those in force, which may be chosen."""
        self.plan, self.said, self.types = plan, said, types

    def all(self) -> list[Card]:
        cards = [self.card(entry) for entry in self.plan["entries"]]
        return sorted(cards, key=lambda card: not card.opens)

    def card(self, entry: Entry) -> Card:
        by_column = self._problems(entry)
        lines = tuple(self._lines(entry, by_column))
        told = {text for line in lines for text in line.doubts}
        every = [text for texts in by_column.values() for text in texts]
        match = entry["match"]
        return Card(
            reference=entry["reference"],
            kind=entry["kind"],
            title=entry["title"],
            place=words.place(entry),
            outcome=self._outcome(entry),
            lines=lines,
            doubts=tuple(text for text in every if text not in told),
            candidates=tuple(self._candidates(entry)),
            is_doubtful=entry["outcome"] == CREATE and match["outcome"] == DOUBTFUL,
            can_match=entry["outcome"] == CREATE and bool(match["candidates"]),
            is_new=self._decision(entry) == NEW,
            score=entry["score"]["score"],
            residual=entry["residual"]["score"],
            may_be_new=entry["outcome"] == CREATE
            and match["outcome"] != SURE
            and not match["entry"],
        )

    def _problems(self, entry: Entry) -> dict[str, list[str]]:
        """The problems of an entry by the heading that they are about."""
        found: dict[str, list[str]] = {}
        for problem in self.plan["problems"]:
            if problem["reference"] and problem["reference"] == entry["reference_printed"]:
                found.setdefault(problem["column"], []).append(words.sentence(problem))
        return found

    def _decision(self, entry: Entry) -> str:
        return str(self.said.get("matches", {}).get(entry["reference"], ""))

    def _outcome(self, entry: Entry) -> str:
        if entry["outcome"] == ALREADY_THERE:
            return "in the edition already, word for word"
        if entry["outcome"] == DIFFERENT:
            return "in the edition already, with other words"
        match = entry["match"]
        best = next((c for c in match["candidates"] if c["entry"] == match["entry"]), None)
        if match["outcome"] == SURE and best:
            return f"the same as {best['reference']} in {Quarter.parse(best['edition'])}"
        if match["outcome"] == DECIDED:
            return "an entry of the register, as you chose"
        if match["outcome"] == DOUBTFUL:
            return "not certain which entry it is"
        return "a new entry"

    def _candidates(self, entry: Entry) -> Iterator[Candidate]:
        match, decided = entry["match"], self._decision(entry)
        taken = decided or str(match["entry"] or "")
        for one in match["candidates"]:
            value = str(one["entry"])
            yield Candidate(
                value=value,
                reference=one["reference"],
                edition=Quarter.parse(one["edition"]).label,
                title=one["title"],
                likeness=words.likeness(one),
                chosen=value == taken,
            )

    # Lines ------------------------------------------------------------------------------------

    def _lines(self, entry: Entry, problems: Mapping[str, list[str]]) -> Iterator[Line]:
        shown = {REFERENCE, TITLE, KIND}
        for name, understood in words.understood(entry):
            heading = entry["headings"].get(name, "")
            doubts = tuple(problems.get(heading, problems.get(name, ()))) if heading else ()
            printed = words.printed(entry, name)
            if not (printed or understood or doubts):
                continue
            shown.update(_cells_of(name))
            yield Line(
                label=heading or field_words(name).capitalize(),
                printed=printed,
                understood=AS_PRINTED if _same(printed, understood) else understood,
                doubts=doubts,
                control=self._control(entry, name, doubts),
            )

        for name, text in entry["cells"].items():
            if text and name not in shown:
                heading = entry["headings"].get(name, name)
                yield Line(heading, text, "kept as printed", tuple(problems.get(heading, ())))

    def _control(self, entry: Entry, name: str, doubts: tuple[str, ...]) -> Control | None:
        said = self.said.get("rows", {}).get(entry["reference"], {}).get(name)
        make = _CONTROLS.get(name)
        if entry["outcome"] != CREATE or make is None:
            return None
        control = make(self, entry, name, said)
        is_asked = said is not None or bool(doubts) or _is_open(entry, name)
        return control if is_asked else None

    def _square(self, entry: Entry, name: str, said: str | None) -> Control | None:
        score = entry[name]["score"]
        squares = scale.possible_positions(score) if score else tuple(reversed(scale.CELLS))
        if score and len(squares) == 1 and said is None:
            return None
        options = [Option(AS_READ, "not known" if score else "nothing", said is None)]
        options += [
            Option(f"{p.impact}x{p.likelihood}", words.square(p, entry["kind"]),
                   said == f"{p.impact}x{p.likelihood}")
            for p in squares
        ]  # fmt: skip
        return Control(f"{entry['reference']}.{name}", f"Square of the {field_words(name)}",
                       tuple(options))  # fmt: skip

    def _post(self, entry: Entry, name: str, said: str | None) -> Control:
        value = said if said is not None else entry["owner"]["name"] or ""
        return Control(f"{entry['reference']}.{name}", "Owner", typed=True, value=value)

    def _kinds(self, entry: Entry, name: str, said: str | None) -> Control:
        chosen = entry["types"]
        options = tuple(Option(word, word, word in chosen) for word in self.types)
        return Control(f"{entry['reference']}.{name}", "Types", options, several=True)

    def _breaks(self, entry: Entry, name: str, said: str | None) -> Control | None:
        """Where each point of a text begins, where it was read into more words than one."""
        points = entry[name]
        written = words.written(points, name)
        if said is None and len(written.split()) < 2:
            return None
        label = f"Where each point of the {field_words(name)} begins"
        return Control(f"{entry['reference']}.{name}", label, points=len(points),
                       value=said if said is not None else written)  # fmt: skip

    def _way(self, entry: Entry, name: str, said: str | None) -> Control:
        options = tuple(
            Option(value, word, entry["direction"] == value)
            for value, word in (("", "not stated"), *_WAYS.items())
        )
        return Control(f"{entry['reference']}.{name}", "Direction of travel", options)


_WAYS = {"up": "up", "level": "level", "down": "down", "new": "new"}
_CONTROLS = {
    SCORE: Cards._square,
    RESIDUAL: Cards._square,
    INHERENT: Cards._square,
    OWNER: Cards._post,
    TYPES: Cards._kinds,
    DIRECTION: Cards._way,
    **dict.fromkeys(POINTS, Cards._breaks),
}


def _cells_of(name: str) -> set[str]:
    """The cells that a line shows: of a score those of its impact and likelihood too."""
    return {name, *(f"{name} {part}" for part in ("impact", "likelihood"))}


def _same(printed: str, understood: str) -> bool:
    """Whether the same words stand on both sides, whatever marks stand before a point."""
    one, other = (re.sub(r"[•\s]+", " ", text).strip() for text in (printed, understood))
    return bool(one) and one == other


def _is_open(entry: Entry, name: str) -> bool:
    """Whether a cell says something that was not taken whole."""
    if name in (SCORE, RESIDUAL, INHERENT):
        return entry[name]["score"] is not None and entry[name]["impact"] is None
    if name in POINTS:
        return True
    if name == OWNER:
        owner = entry["owner"]  # a new post may be an old one under another name
        return bool(owner["printed"]) and (owner["new"] or not owner["name"])
    return False
