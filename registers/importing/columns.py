"""Which column is which, settled by the words over it and by what stands below.

Words propose, arithmetic proves: impact, likelihood and score belong together where their product
holds down the rows. Two columns that could be one field are never settled by which comes first:
by evidence, or else a question names both and neither is taken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from registers.importing.column_contents import find_references, with_what_stands_below
from registers.importing.dated_columns import choose_by_quarter
from registers.importing.headings import kind_of, meaning_of, parts_of, plain
from registers.importing.printed import (
    DESCRIPTION,
    DIRECTION,
    FIELDS,
    IMPACT,
    KEPT,
    LIKELIHOOD,
    OWNER,
    SCORE,
    TITLE,
    Instructions,
    Question,
    level_field,
)
from registers.importing.rival_columns import drop_lead_without_actions, settle_rivals
from registers.importing.score_columns import check_scale, group_scores, proofs
from registers.importing.unsettled_columns import (
    Samples,
    UnsettledColumns,
    by_number,
    field_meant,
)

ENOUGH_COLUMNS = 4  # of a register, to be sure that a row is its heading


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table: which field stands where, and the words printed over each.

    `fields` maps the position of a column to its field, `words` to what its heading says, `keys`
    to the name under which its text is kept. `remarks` say what was taken for what, and why;
    `several` are the fields of a column that holds one on each line, by its key; `proofs` say of
    a score in how many rows its impact and likelihood make it.
    """

    kind: str
    fields: Mapping[int, str]
    words: Mapping[int, str]
    keys: Mapping[int, str]
    order: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    remarks: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    several: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    proofs: Mapping[str, str] = field(default_factory=dict)

    def column(self, name: str) -> str:
        """The printed heading of a field, for a sentence about it."""
        for position, known in self.fields.items():
            if known == name:
                return self.words[position]
        return name

    @property
    def printed(self) -> dict[str, str]:
        return {name: self.words[position] for position, name in self.fields.items()}

    def has(self, *names: str) -> bool:
        return any(name in self.fields.values() for name in names)


def is_register(words: Mapping[int, str], told: Mapping[str, str] | None = None) -> bool:
    """Whether headings are those of a register: four columns of it, a description among them.

    `told` are the fields of headings that a person named.
    """
    meanings = {(m.field, m.group, m.part) for text in words.values() if (m := meaning_of(text))}
    meanings |= {(name, "", "") for text in words.values() for name in parts_of(text)}
    said = {plain(heading): name for heading, name in (told or {}).items()}
    meanings |= {(said[plain(t)], "", "") for t in words.values() if plain(t) in said}
    fields = {name for name, _, _ in meanings}
    described = bool(fields & {DESCRIPTION, TITLE})
    scores = {m for m in meanings if m[0] == SCORE}
    return described and len(fields - {SCORE}) + min(len(scores), 3) >= ENOUGH_COLUMNS


def settle(words: Mapping[int, str], samples: Samples, told: Instructions) -> Columns:
    """Which field each column is.

    `words` are the headings by position, `samples` the cells below. Raises OtherScale if the
    numbers are those of another matrix.
    """
    columns = UnsettledColumns(words, samples, told)
    said, kept = _told(columns), _told_to_keep(columns)
    several = {p: parts for p, text in columns.words.items() if (parts := parts_of(text))}
    for position, text in columns.words.items():
        if position in several or position in kept or position in said:
            continue
        meaning = with_what_stands_below(columns, position, meaning_of(text))
        if meaning is not None:
            columns.meanings[position] = meaning
    find_references(columns, said)
    choose_by_quarter(columns)
    check_scale(columns)
    group_scores(columns)
    for position, meaning in columns.meanings.items():
        if name := field_meant(meaning):
            columns.fields[position] = name
    columns.fields.update(said)
    settle_rivals(columns, set(said))
    drop_lead_without_actions(columns)
    return _settled(columns, several, kept)


def _settled(
    columns: UnsettledColumns, several: Mapping[int, tuple[str, ...]], kept: Collection[int]
) -> Columns:
    """The columns as they came out. `several` hold several fields, `kept` are no field."""
    in_order = {p: columns.fields[p] for p in sorted(columns.fields)}
    proven = dict(proofs(columns))
    keys = dict(_keys(columns.words, in_order))
    for position, parts in several.items():
        for part in parts:
            if part not in in_order.values():  # a column that stands nowhere by itself
                beside = -1 - len(in_order)
                in_order[beside], columns.words[beside] = part, columns.words[position]
                keys[beside] = part
    return Columns(
        kind=kind_of([text for p, text in columns.words.items() if p in columns.fields]),
        fields=in_order,
        words=columns.words,
        keys=keys,
        several={keys[position]: parts for position, parts in several.items()},
        order={
            name: meaning.order
            for position, meaning in columns.meanings.items()
            if meaning.order and (name := columns.fields.get(position))
        },
        questions=tuple(columns.questions),
        proofs=proven,
        remarks=tuple(dict.fromkeys(columns.remarks)),
        kept=tuple(
            t
            for p, t in columns.words.items()
            if t and p not in in_order and p not in several and p not in kept
        ),
    )


def _told(columns: UnsettledColumns) -> dict[int, str]:
    """What a person said of the columns beforehand."""
    return {position: name for position, name in _said(columns) if name in FIELDS}


def _told_to_keep(columns: UnsettledColumns) -> set[int]:
    """The columns that a person said are no field."""
    return {position for position, name in _said(columns) if name == KEPT}


def _said(columns: UnsettledColumns) -> Iterator[tuple[int, str]]:
    said = {_as_named(heading): name for heading, name in columns.told.columns.items()}
    for position, text in columns.words.items():
        for name in (plain(text), by_number(position)):
            if name in said:
                yield position, said[name]


def _as_named(heading: str) -> str:
    return heading.strip() if heading.strip().startswith("#") else plain(heading)


def _keys(words: Mapping[int, str], fields: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    """The name that each column's text is kept under: its field, else its heading, never both."""
    used = set(FIELDS)
    for position, text in words.items():
        if position in fields:
            yield position, fields[position]
        elif text:
            key, count = text, 2
            while key in used:
                key, count = f"{text} ({count})", count + 1
            used.add(key)
            yield position, key


REQUIRED_TO_BE_SAID = (
    (SCORE, "score of today", "no entry gets a score"),
    (OWNER, "owner", "no entry gets an owner"),
    (DIRECTION, "direction of travel", "no direction is read"),
)


def missing(columns: Columns) -> Iterator[str]:
    """What a register usually has and this table has not: each said once."""
    for name, words, so in REQUIRED_TO_BE_SAID:
        if columns.has(name) or any(
            question.key.startswith(f"{name}:") for question in columns.questions
        ):
            continue
        if name == SCORE and columns.has(
            level_field(SCORE, IMPACT), level_field(SCORE, LIKELIHOOD)
        ):
            continue
        yield f"there is no column for the {words}, so {so}."
