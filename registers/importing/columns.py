"""Which column is which, settled by the words over it and by what stands below.

Words propose, arithmetic proves: impact, likelihood and score belong together where their product
holds down the rows. Two columns that could be one field are never settled by which comes first:
by evidence, or else a question names both and neither is taken.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from registers.domain.scale import LEVELS
from registers.importing.cells import canonical_reference
from registers.importing.headings import (
    APPETITE,
    CURRENT,
    NET,
    PREVIOUS,
    RESIDUAL_ALONE,
    TARGET,
    Meaning,
    kind_of,
    meaning_of,
    parts_of,
    plain,
)
from registers.importing.headings import (
    INHERENT as INHERENT_GROUP,
)
from registers.importing.other_scales import (
    check_heading,
    check_numbers,
    check_products,
    never_reaches_the_top,
)
from registers.importing.printed import (
    ACTION_DUE,
    ACTION_LEAD,
    ACTION_STATUS,
    ACTIONS,
    COMMENTARY,
    CONSEQUENCES,
    CONTROLS,
    DESCRIPTION,
    DIRECTION,
    FIELDS,
    IMPACT,
    INHERENT,
    KEPT,
    KIND,
    LIKELIHOOD,
    OWNER,
    REFERENCE,
    RESIDUAL,
    SCORE,
    TITLE,
    TYPES,
    Choice,
    Instructions,
    Question,
    level_field,
)
from registers.importing.scores import could_be_levels

ENOUGH_COLUMNS = 4  # of a register, to be sure that a row is its heading
SEVERAL = (COMMENTARY, CONSEQUENCES)  # fields whose columns may be joined: all of it is text
_TEXTS = (DESCRIPTION, TITLE, CONSEQUENCES, CONTROLS, ACTIONS, OWNER, TYPES)
_KINDS = {"risk", "risks", "threat", "threats", "opportunity", "opportunities"}
_FIELD_OF_GROUP = {CURRENT: SCORE, TARGET: RESIDUAL, INHERENT_GROUP: INHERENT}
_GROUP_WORDS = {SCORE: "the score of today", RESIDUAL: "the residual score",
                INHERENT: "the inherent score"}  # fmt: skip


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


Samples = Mapping[int, Sequence[str]]


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
    return _Settling(words, samples, told).settle()


class _Settling:
    """The columns of one table, being told apart."""

    def __init__(self, words: Mapping[int, str], samples: Samples, told: Instructions) -> None:
        self.words = {position: " ".join(text.split()) for position, text in words.items()}
        self.samples, self.told = samples, told
        self.questions: list[Question] = []
        self.remarks: list[str] = []
        self.meanings: dict[int, Meaning] = {}
        self.fields: dict[int, str] = {}

    def settle(self) -> Columns:
        told, kept = self._told(), self._told_to_keep()
        several = {p: parts for p, text in self.words.items() if (parts := parts_of(text))}
        for position, text in self.words.items():
            if position in several or position in kept:
                continue
            if position not in told:
                meaning = self._with_what_stands_below(position, meaning_of(text))
                if meaning is not None:
                    self.meanings[position] = meaning
        self._find_references(told)
        self._choose_by_quarter()
        self._check_scale()
        self._group_scores()
        for position, meaning in self.meanings.items():
            if name := _name(meaning):
                self.fields[position] = name
        self.fields.update(told)
        self._settle_rivals(set(told))
        self._lead_of_the_action()
        in_order = {p: self.fields[p] for p in sorted(self.fields)}
        proofs = dict(self._proofs())
        keys = dict(_keys(self.words, in_order))
        for position, parts in several.items():
            for name in parts:
                if name not in in_order.values():  # a column that stands nowhere by itself
                    beside = -1 - len(in_order)
                    in_order[beside], self.words[beside] = name, self.words[position]
                    keys[beside] = name
        return Columns(
            kind=kind_of([text for p, text in self.words.items() if p in self.fields]),
            fields=in_order,
            words=self.words,
            keys=keys,
            several={keys[position]: parts for position, parts in several.items()},
            order={
                name: meaning.order
                for position, meaning in self.meanings.items()
                if meaning.order and (name := self.fields.get(position))
            },
            questions=tuple(self.questions),
            proofs=proofs,
            remarks=tuple(dict.fromkeys(self.remarks)),
            kept=tuple(
                t
                for p, t in self.words.items()
                if t and p not in in_order and p not in several and p not in kept
            ),
        )

    def _told(self) -> dict[int, str]:
        """What a person said of the columns beforehand."""
        return {position: name for position, name in self._said() if name in FIELDS}

    def _told_to_keep(self) -> set[int]:
        """The columns that a person said are no field."""
        return {position for position, name in self._said() if name == KEPT}

    def _said(self) -> Iterator[tuple[int, str]]:
        said = {_as_named(heading): name for heading, name in self.told.columns.items()}
        for position, text in self.words.items():
            for name in (plain(text), _by_number(position)):
                if name in said:
                    yield position, said[name]

    def _with_what_stands_below(self, position: int, meaning: Meaning | None) -> Meaning | None:
        """'Impact' over sentences holds consequences; 'Controls' over numbers holds none."""
        cells = self._filled(position)
        if not cells:
            return meaning
        if (meaning is None or meaning.field == TYPES) and _are_kinds(cells):
            return Meaning(KIND)
        if meaning is None:
            return None
        if meaning.field == SCORE and not could_be_levels(cells) and _are_prose(cells):
            return self._prose(position, meaning)
        if meaning.field in _TEXTS and all(_number(text) is not None for text in cells):
            return self._numbers(position, meaning, cells)
        return meaning

    def _filled(self, position: int) -> list[str]:
        return [text for text in self.samples.get(position, ()) if text.strip()]

    def _prose(self, position: int, meaning: Meaning) -> Meaning | None:
        """Sentences under a heading of a score."""
        if meaning.part != IMPACT or meaning.group:
            return None
        self.remarks.append(
            f"the column “{self.words[position]}” holds words and no numbers, so it was taken for "
            "the consequences."
        )
        return Meaning(CONSEQUENCES)

    def _numbers(self, position: int, meaning: Meaning, cells: Sequence[str]) -> Meaning | None:
        """Nothing but numbers under a heading of texts: a level, references, or kept as printed."""
        levels = all(_number(text) in LEVELS for text in cells)
        if meaning.field == CONSEQUENCES and levels:
            return Meaning(SCORE, part=IMPACT)
        if meaning.field in (DESCRIPTION, TITLE) and not self._names(REFERENCE):
            return Meaning(REFERENCE)
        self.remarks.append(
            f"the column “{self.words[position]}” holds nothing but numbers, so it is kept as "
            "printed only."
        )
        return None

    def _names(self, name: str) -> bool:
        return any((m := meaning_of(text)) and m.field == name for text in self.words.values())

    def _find_references(self, told: Mapping[int, str]) -> None:
        """A column of references may have no heading at all."""
        if self._names(REFERENCE) or REFERENCE in told.values():
            return
        found = [
            p
            for p, text in self.words.items()
            if not text and (cells := self._filled(p)) and all(map(canonical_reference, cells))
        ]
        if len(found) == 1:
            self.meanings[found[0]] = Meaning(REFERENCE)

    # Quarters ---------------------------------------------------------------------------------

    def _choose_by_quarter(self) -> None:
        """Of columns that name a quarter or a month, the one of this edition is today's."""
        dated: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for position, meaning in self.meanings.items():
            if meaning.when:
                dated[meaning.field, meaning.group, meaning.part].append(position)
        for (name, group, _), positions in dated.items():
            if group == PREVIOUS:
                continue
            today = [p for p in positions if self._is_of_the_edition(p)]
            if len(today) != 1 and len(positions) > 1:
                self._ask(positions, f"which of them is the {name} of this edition?", name)
                for position in positions:
                    del self.meanings[position]
                continue
            for position in positions:
                if position not in today and self.told.quarter:
                    self.meanings[position] = replace(self.meanings[position], group=PREVIOUS)
                elif not group and name == SCORE:
                    self.meanings[position] = replace(self.meanings[position], group=CURRENT)

    def _is_of_the_edition(self, position: int) -> bool:
        when, quarter = self.meanings[position].when, self.told.quarter
        return bool(when and quarter and when.is_in(quarter))

    # Scores -----------------------------------------------------------------------------------

    def _scores(self) -> dict[int, Meaning]:
        return {p: m for p, m in sorted(self.meanings.items()) if m.field == SCORE}

    def _check_scale(self) -> None:
        """Refuses numbers of another matrix: they would look like ours and mean something else.
        Unless a person has said what its levels are on ours."""
        if self.told.levels:
            return
        for position, meaning in self._scores().items():
            if meaning.group == APPETITE:
                continue
            check_heading(self.words[position], meaning.top)
            numbers = [n for t in self.samples.get(position, ()) if (n := _number(t)) is not None]
            check_numbers(self.words[position], numbers, is_level=bool(meaning.part))

    def _group_scores(self) -> None:
        """Whose score each column is: of today, of the target, inherent, or of none of them."""
        scores = self._scores()
        groups = {meaning.group for meaning in scores.values()}
        self._unnamed_parts_beside_a_named_score()
        scores = self._scores()
        plain_today = any(m.group in ("", CURRENT) for m in scores.values())
        for position, meaning in scores.items():
            group = meaning.group or CURRENT
            if group == NET:
                group = CURRENT
            if group == RESIDUAL_ALONE:
                group = self._of_residual(groups, plain_today)
            self.meanings[position] = replace(meaning, group=group)

    def _unnamed_parts_beside_a_named_score(self) -> None:
        """'Impact | Likelihood | Gross score | Impact | Likelihood | Net score': the parts belong
        to the score that their product proves, the nearest ones where several do."""
        scores = self._scores()
        for total, meaning in scores.items():
            if not meaning.group or meaning.part or self._has_parts(meaning.group):
                continue
            free = {p: m for p, m in self._scores().items() if not m.group}
            if any(not m.part for m in free.values()):
                continue
            pairs = [
                (abs(impact - total) + abs(likelihood - total), impact, likelihood)
                for impact in free
                for likelihood in free
                if free[impact].part == IMPACT
                and free[likelihood].part == LIKELIHOOD
                and self._proves(impact, likelihood, total)
            ]
            for position in min(pairs)[1:] if pairs else ():
                self.meanings[position] = replace(free[position], group=meaning.group)

    def _has_parts(self, group: str) -> bool:
        return any(m.group == group and m.part for m in self._scores().values())

    def _proves(self, one: int, other: int, total: int) -> bool:
        """Whether one × other is the total wherever all three are numbers, at least once."""
        full = list(self._numbers_of(one, other, total))
        return bool(full) and all(a * b == c for a, b, c in full)

    def _numbers_of(self, *positions: int) -> Iterator[tuple[float, float, float]]:
        """The rows of three columns in which all three are numbers."""
        for row in zip(*(self.samples.get(p, ()) for p in positions), strict=False):
            one, other, total = map(_number, row)
            if one is not None and other is not None and total is not None:
                yield one, other, total

    def _proofs(self) -> Iterator[tuple[str, str]]:
        """What the product shows of each score that has its parts beside it."""
        place = {name: position for position, name in self.fields.items()}
        for score in (SCORE, RESIDUAL, INHERENT):
            names = (level_field(score, IMPACT), level_field(score, LIKELIHOOD), score)
            if not all(name in place for name in names):
                continue
            rows = list(self._numbers_of(*(place[name] for name in names)))
            if not self.told.levels:
                check_products(rows)
            if score == SCORE and not self.told.levels and never_reaches_the_top(rows):
                self.remarks.append(
                    "no impact and no likelihood is a 5: if this register is on a 4×4, its scores "
                    "mean something else here."
                )
            if rows:
                held = sum(one * other == total for one, other, total in rows)
                yield score, f"impact × likelihood is the score in {held} of {len(rows)} rows"

    def _of_residual(self, groups: set[str], plain_today: bool) -> str:
        """'Residual' alone: beside an inherent score, and without a target, it is today's."""
        columns = " and ".join(
            f"“{self.words[p]}”"
            for p, m in self._scores().items()
            if m.group == RESIDUAL_ALONE and not m.part
        )
        if plain_today:
            return TARGET
        if TARGET in groups or INHERENT_GROUP in groups or APPETITE in groups:
            self.remarks.append(
                f"the residual score ({columns}) was taken for the score of today, with controls: "
                "no other column is."
            )
            return CURRENT
        return TARGET

    # Rivals -----------------------------------------------------------------------------------

    def _settle_rivals(self, told: set[int]) -> None:
        self._title_beside_description()
        self._mitigation_beside_actions()
        self._owner_beside_actions(told)
        by_field: dict[str, list[int]] = defaultdict(list)
        for position in sorted(self.fields):
            by_field[self.fields[position]].append(position)
        for name, positions in by_field.items():
            if len(positions) < 2 or name in SEVERAL:
                continue
            chosen = [p for p in positions if p in told] or self._by_evidence(name, positions)
            for position in positions:
                if position not in chosen[:1]:
                    del self.fields[position]
            if len(chosen) != 1 and not self._all_the_same(positions):
                if chosen:
                    self.fields.pop(chosen[0], None)
                self._ask(positions, f"which of them is {_in_words(name)}?", name)

    def _title_beside_description(self) -> None:
        """'Risk' beside 'Risk description' holds the title."""
        columns = [p for p, name in self.fields.items() if name == DESCRIPTION]
        short = [p for p in columns if p in self.meanings and not self.meanings[p].in_full]
        if len(columns) == 2 and len(short) == 1 and TITLE not in self.fields.values():
            self.fields[short[0]] = TITLE

    def _mitigation_beside_actions(self) -> None:
        """'Mitigation' beside 'Actions', and no controls: what is in place already."""
        columns = [p for p, name in self.fields.items() if name == ACTIONS]
        actions = [p for p in columns if re.search(r"\baction", plain(self.words[p]))]
        others = [p for p in columns if p not in actions]
        if len(actions) == len(others) == 1 and CONTROLS not in self.fields.values():
            self.fields[others[0]] = CONTROLS
            self.remarks.append(
                f"“{self.words[others[0]]}” was taken for the controls, since "
                f"“{self.words[actions[0]]}” holds the actions."
            )

    def _owner_beside_actions(self, told: set[int]) -> None:
        """'Actions | Lead | Due': whoever stands right beside the actions leads them, where
        another column has the owner, or where it only says 'Lead'."""
        in_order = sorted(self.fields)
        beside = {
            p
            for p in in_order
            if self.fields[p] == OWNER and self._left_of(p, in_order) in (ACTIONS, ACTION_DUE)
            if p not in told and not (p in self.meanings and self.meanings[p].in_full)
        }
        owners = [p for p in in_order if self.fields[p] == OWNER and p not in beside]
        for position in sorted(beside):
            if ACTION_LEAD in self.fields.values():
                return
            if owners or plain(self.words[position]) in ("lead", "responsible"):
                self.fields[position] = ACTION_LEAD
                self.remarks.append(
                    f"“{self.words[position]}” stands beside the actions and was taken for their "
                    "lead."
                )
            elif self._right_of(position, in_order) in (ACTION_DUE, ACTION_STATUS):
                del self.fields[position]
                self._ask_whose(position)

    def _ask_whose(self, position: int) -> None:
        words = self.words[position]
        self.questions.append(
            Question(
                key=f"{OWNER}: {words}",
                message=f"“{words}” (column {position + 1}) stands between the actions and their "
                "dates: does it own the risk, or does it lead the action? Until it is said, it is "
                "kept as printed.",
                choices=(
                    Choice(OWNER, "it is the owner of the risk"),
                    Choice(ACTION_LEAD, "it is the lead of the action"),
                ),
                columns=(words,),
            )
        )

    def _left_of(self, position: int, in_order: Sequence[int]) -> str:
        place = in_order.index(position)
        return self.fields[in_order[place - 1]] if place else ""

    def _right_of(self, position: int, in_order: Sequence[int]) -> str:
        after = in_order[in_order.index(position) + 1 :]
        return self.fields[after[0]] if after else ""

    def _by_evidence(self, name: str, positions: Sequence[int]) -> list[int]:
        """The columns that are left when words and arithmetic have had their say."""
        meanings = [self.meanings[p] for p in positions]
        if name == DIRECTION:
            dated = [p for p in positions if self.meanings[p].when]
            if len(dated) == 1 and self._is_of_the_edition(dated[0]):
                return dated
        in_full = [p for p, m in zip(positions, meanings, strict=True) if m.in_full]
        if len(in_full) == 1:
            others = [self.words[p] for p in positions if p != in_full[0]]
            self.remarks.append(
                f"“{self.words[in_full[0]]}” was taken for the {name}, and "
                f"{' and '.join(f'“{text}”' for text in others)} was not."
            )
            return in_full
        if name in (SCORE, RESIDUAL, INHERENT):
            parts = [
                [p for p, known in self.fields.items() if known == level_field(name, part)]
                for part in (IMPACT, LIKELIHOOD)
            ]
            if all(len(some) == 1 for some in parts):
                proven = [p for p in positions if self._proves(parts[0][0], parts[1][0], p)]
                if len(proven) == 1:
                    return proven
        return list(positions)

    def _all_the_same(self, positions: Sequence[int]) -> bool:
        """Two columns that say the same in every row are one."""
        first, *others = (list(self.samples.get(p, ())) for p in positions)
        same = any(first) and all(first == other for other in others)
        if same:
            self.fields[positions[0]] = _name(self.meanings[positions[0]]) or ""
        return same

    def _lead_of_the_action(self) -> None:
        """'Action owner' without a column of actions is kept as printed."""
        if ACTIONS not in self.fields.values():
            for position in [p for p, name in self.fields.items() if name == ACTION_LEAD]:
                del self.fields[position]

    def _ask(self, positions: Iterable[int], what: str, name: str) -> None:
        named = [(p, self.words[p]) for p in positions]
        listed = " and ".join(f"“{words}” (column {p + 1})" for p, words in named)
        texts = [plain(words) for words in self.words.values()]
        self.questions.append(
            Question(
                key=f"{name}: {' / '.join(words for _, words in named)}",
                message=f"{listed}: {what} Until it is said, none of them is taken.",
                choices=tuple(
                    Choice(
                        words if texts.count(plain(words)) == 1 else _by_number(p),
                        f"“{words}” (column {p + 1})",
                    )
                    for p, words in named
                ),
                columns=tuple(words for _, words in named),
            )
        )


def _in_words(name: str) -> str:
    """A field for a sentence: 'the score of today', 'the impact of the residual score'."""
    score, _, part = name.partition(" ")
    if part in (IMPACT, LIKELIHOOD):
        return f"the {part} of {_GROUP_WORDS[score]}"
    return _GROUP_WORDS.get(name, f"the {name}")


def _by_number(position: int) -> str:
    """How a column is named where its heading stands over another one too."""
    return f"#{position + 1}"


def _as_named(heading: str) -> str:
    return heading.strip() if heading.strip().startswith("#") else plain(heading)


def _name(meaning: Meaning) -> str | None:
    """The field of a meaning, or None for what is kept as printed."""
    if meaning.field != SCORE:
        return meaning.field if meaning.field and not meaning.group else None
    score = _FIELD_OF_GROUP.get(meaning.group)
    if score is None:
        return None
    return level_field(score, meaning.part) if meaning.part else score


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


def _number(text: str) -> float | None:
    match = re.fullmatch(r"\s*(\d{1,3}(?:\.\d+)?)\s*", text)
    return float(match[1]) if match else None


def _are_prose(cells: Sequence[str]) -> bool:
    return sum(len(text.split()) for text in cells) >= 2 * len(cells)


def _are_kinds(cells: Sequence[str]) -> bool:
    """'Threat' or 'Opportunity' in every row, and both or the second of them."""
    words = {plain(text) for text in cells}
    return words <= _KINDS and any("opportunit" in word for word in words)


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
