"""The rows of an import: what is printed beside what was understood, and what a person may say.

Made of the plan as it is kept, so that a page reads no file. Controls are named by reference and
field ("CR1.score"), as `importing.corrections` takes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from registers.domain import scale
from registers.importing.corrections import BETWEEN
from registers.importing.matching import DECIDED, DOUBTFUL, SURE
from registers.importing.plan import ALREADY_THERE, CREATE, DIFFERENT
from registers.importing.printed import (
    COMMENTARY,
    CONSEQUENCES,
    CONTROLS,
    DESCRIPTION,
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
from registers.pages.imports.columns import field_words

Entry = Mapping[str, Any]
AS_PRINTED = "as printed"
AS_READ = "as read"  # what a control says before a person chooses


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    words: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """What a person may say of one cell: by a menu, by ticks, or by typing (`typed`)."""

    name: str
    label: str
    options: tuple[Option, ...] = ()
    several: bool = False
    typed: bool = False
    value: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One field of an entry. `doubt` are the problems of its cell."""

    label: str
    printed: str
    understood: str
    doubts: tuple[str, ...] = ()
    control: Control | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that a row may be, as its nearest edition has it."""

    value: str
    reference: str
    edition: str
    title: str
    likeness: str
    chosen: bool
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """One row of the file. `opens` where something about it is to be looked at."""

    reference: str
    kind: str
    title: str
    place: str
    outcome: str
    lines: tuple[Line, ...]
    doubts: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    is_doubtful: bool
    can_match: bool
    is_new: bool
    score: int | None
    residual: int | None

    @property
    def opens(self) -> bool:
        return self.is_doubtful or bool(self.doubts) or any(line.doubts for line in self.lines)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What may be chosen from: the names of the types in force."""

    types: tuple[str, ...] = ()


class Cards:
    """The rows of a plan as cards, those with something to look at first."""

    def __init__(self, plan: Mapping[str, Any], said: Mapping[str, Any], words: Vocabulary) -> None:
        self.plan, self.said, self.words = plan, said, words

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
            place=_place(entry),
            outcome=self._outcome(entry),
            lines=lines,
            doubts=tuple(text for text in every if text not in told),
            candidates=tuple(self._candidates(entry)),
            is_doubtful=entry["outcome"] == CREATE and match["outcome"] == DOUBTFUL,
            can_match=entry["outcome"] == CREATE and bool(match["candidates"]),
            is_new=self._decision(entry) == NEW,
            score=entry["score"]["score"],
            residual=entry["residual"]["score"],
        )

    def _problems(self, entry: Entry) -> dict[str, list[str]]:
        """The problems of an entry by the heading that they are about."""
        found: dict[str, list[str]] = {}
        for problem in self.plan["problems"]:
            if problem["reference"] and problem["reference"] == entry["reference_printed"]:
                found.setdefault(problem["column"], []).append(_sentence(problem))
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
            return f"the same as {best['reference']} in {_quarter(best['edition'])}"
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
                edition=_quarter(one["edition"]),
                title=one["title"],
                likeness=_likeness(one),
                chosen=value == taken,
            )

    # Lines ------------------------------------------------------------------------------------

    def _lines(self, entry: Entry, problems: Mapping[str, list[str]]) -> Iterator[Line]:
        shown = {REFERENCE, TITLE, KIND}
        for name, understood in _understood(entry):
            heading = entry["headings"].get(name, "")
            doubts = tuple(problems.get(heading, problems.get(name, ()))) if heading else ()
            printed = _printed(entry, name)
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
            Option(f"{p.impact}x{p.likelihood}", _square_words(p, entry["kind"]),
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
        options = tuple(Option(word, word, word in chosen) for word in self.words.types)
        return Control(f"{entry['reference']}.{name}", "Types", options, several=True)

    def _way(self, entry: Entry, name: str, said: str | None) -> Control:
        options = tuple(
            Option(value, words, entry["direction"] == value)
            for value, words in (("", "not stated"), *_WAYS.items())
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
    if name == OWNER:
        owner = entry["owner"]  # a new post may be an old one under another name
        return bool(owner["printed"]) and (owner["new"] or not owner["name"])
    return False


def _understood(entry: Entry) -> Iterator[tuple[str, str]]:
    yield DESCRIPTION, "\n".join([entry["title"], *_points(entry["description"])])
    yield TYPES, ", ".join(entry["types"])
    for name in (CONSEQUENCES, CONTROLS):
        yield name, "\n".join(_points(entry[name]))
    for name in (INHERENT, SCORE):
        yield name, _score_words(entry[name], entry["kind"])
    yield "actions", "\n".join(map(_action, entry["actions"]))
    yield RESIDUAL, _score_words(entry[RESIDUAL], entry["kind"])
    yield OWNER, _owner_words(entry["owner"])
    yield DIRECTION, entry["direction"]
    yield COMMENTARY, "\n".join(_points(entry[COMMENTARY]))
    for strand in entry["strands"]:
        yield f"part {strand['number']}", strand["title"]


def _printed(entry: Entry, name: str) -> str:
    cells = entry["cells"]
    if name in (SCORE, RESIDUAL, INHERENT):
        parts = [cells.get(f"{name} {part}") for part in ("impact", "likelihood")]
        return " | ".join(text for text in (*parts, cells.get(name)) if text)
    return str(cells.get(name, ""))


def _points(points: list[dict[str, Any]]) -> list[str]:
    return [
        p["text"] if p.get("plain") else f"{'  ' * max(p['level'] - 1, 0)}• {p['text']}"
        for p in points
    ]


def _action(action: Mapping[str, Any]) -> str:
    (line,) = _points([dict(action)])
    parts = [action["lead"], action["due"] and f"by {action['due']}", action["status"]["value"]]
    details = ", ".join(part for part in parts if part)
    return f"{line} ({details})" if details else line


def _score_words(score: Mapping[str, Any], kind: str) -> str:
    if score["score"] is None:
        return ""
    if score["impact"] is None:
        return f"{score['score']}; its square is not known"
    position = scale.Position(score["impact"], score["likelihood"])
    return f"{score['score']}: {_square_words(position, kind)}"


def _square_words(position: scale.Position, kind: str) -> str:
    return (
        f"impact {position.impact} {scale.impact_word(position.impact, kind)} × likelihood "
        f"{position.likelihood} {scale.likelihood_word(position.likelihood)}"
    )


def _owner_words(owner: Mapping[str, Any]) -> str:
    if not owner["name"]:
        return ""
    return f"{owner['name']} (a new post)" if owner["new"] else str(owner["name"])


def _sentence(problem: Mapping[str, Any]) -> str:
    message = problem["message"]
    text = f"{message[:1].upper()}{message[1:]}"
    return f"{text} It reads “{problem['read']}”." if problem["read"] else text


def _place(entry: Entry) -> str:
    row = f"row {entry['row']}"
    return row if entry["table"] == 1 else f"table {entry['table']}, {row}"


def _quarter(slug: str) -> str:
    year, quarter = slug.rsplit("-", 1)
    return f"{quarter.upper()} {year.replace('-', '/')}"


def _likeness(candidate: Mapping[str, Any]) -> str:
    parts = [
        ("title", candidate["of_title"]),
        ("consequences", candidate["of_consequences"]),
        ("actions", candidate["of_actions"]),
    ]
    return ", ".join(f"{name} {value} of 100 alike" for name, value in parts if value is not None)


# What was sent ------------------------------------------------------------------------------------


def changes(plan: Mapping[str, Any], cards: list[Card], sent: Any) -> dict[str, Any]:
    """What a person changed among the controls that these cards show, as `said` keeps it."""
    said: dict[str, Any] = {"rows": {}, "matches": {}}
    for card in cards:
        for line in card.lines:
            if line.control and line.control.name in _names_sent(sent, line.control):
                before, value = _before(line.control), _sent(line.control, sent)
                if value != before:
                    kept = None if value == AS_READ else value
                    said["rows"].setdefault(card.reference, {})[_field(line.control)] = kept
        match = sent.get(f"{card.reference}.match", "")
        if match and match != _matched(card):
            said["matches"][card.reference] = match
    return said


def _names_sent(sent: Any, control: Control) -> set[str]:
    """A box of ticks sends nothing when all are taken away: a hidden field says it was shown."""
    shown = {control.name} if f"{control.name}.shown" in sent else set()
    return shown | ({control.name} if control.name in sent else set())


def _field(control: Control) -> str:
    return control.name.rpartition(".")[2]


def _before(control: Control) -> str:
    if control.several:
        return BETWEEN.join(option.value for option in control.options if option.chosen)
    if control.typed:
        return control.value
    return next((option.value for option in control.options if option.chosen), "")


def _sent(control: Control, sent: Any) -> str:
    """What was chosen of what is offered; what is not offered changes nothing."""
    if control.several:
        chosen = sent.getlist(control.name)
        return BETWEEN.join(o.value for o in control.options if o.value in chosen)
    value = " ".join(sent.get(control.name, "").split())
    known = {option.value for option in control.options}
    return value if control.typed or value in known else _before(control)


def _matched(card: Card) -> str:
    chosen = next((c.value for c in card.candidates if c.chosen), "")
    return NEW if card.is_new else chosen


# Which entry is it? -------------------------------------------------------------------------------


def wanted(cards: Iterable[Card]) -> set[int]:
    """The entries that these rows may be."""
    return {int(one.value) for card in cards for one in card.candidates}


def with_texts(card: Card, texts: Mapping[tuple[str, str], tuple[tuple[str, str], ...]]) -> Card:
    """The card with what each candidate says besides its title, by (entry, edition)."""
    candidates = tuple(
        replace(one, more=texts.get((one.value, one.edition), ())) for one in card.candidates
    )
    return replace(card, candidates=candidates)


def as_sent(card: Card, sent: Any) -> Card:
    """The card with what was sent chosen in it, where it could not be taken."""
    lines = tuple(
        replace(line, control=_control_as_sent(line.control, sent))
        if line.control and line.control.name in _names_sent(sent, line.control)
        else line
        for line in card.lines
    )
    match = sent.get(f"{card.reference}.match", "") or _matched(card)
    candidates = tuple(replace(one, chosen=one.value == match) for one in card.candidates)
    return replace(card, lines=lines, candidates=candidates, is_new=match == NEW)


def _control_as_sent(control: Control, sent: Any) -> Control:
    value = _sent(control, sent)
    chosen = value.split(BETWEEN) if control.several else [value]
    options = tuple(replace(o, chosen=o.value in chosen) for o in control.options)
    return replace(control, options=options, value=value)


def of_the_document(plan: Mapping[str, Any]) -> list[str]:
    """The problems that belong to no row which is kept."""
    printed = {entry["reference_printed"] for entry in plan["entries"]}
    return [_placed(one) for one in plan["problems"] if one["reference"] not in printed]


def _placed(problem: Mapping[str, Any]) -> str:
    row = problem["row"]
    table = f"Table {problem['table']}, row {row}" if (problem["table"] or 1) > 1 else f"Row {row}"
    parts = [table if row else "", problem["reference"], problem["column"]]
    where = ", ".join(part for part in parts if part)
    return f"{where}: {problem['message']}{_reads(problem)}" if where else _sentence(problem)


def gone_by_the_next(plan: Mapping[str, Any]) -> list[str]:
    """Entries of the file that the register's next edition has not, without a word on why."""
    return [
        f"{one['reference']} {one['title']}: not in {_quarter(one['missing_in'])}"
        for one in plan["absent"]
        if one["missing_in"] != plan["edition"]
    ]


def _reads(problem: Mapping[str, Any]) -> str:
    return f" It reads “{problem['read']}”." if problem["read"] else ""
