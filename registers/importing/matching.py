"""Which entry of the register is this row? The printed number alone never says.

Rows are compared with the register's entries by title, consequences and actions, and the
reference adds to it. A match is sure, or doubtful and left to a person, or there is none. It works
in any order: an edition may be older than those that the register already has.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz import fuzz, process

from registers.domain import folding
from registers.domain.quarters import Quarter
from registers.importing.shortlist import Shortlist

SURE, DOUBTFUL, NEW, DECIDED = "sure", "doubtful", "new", "decided"

# What the evidence counts for. Where a column is blank on either side, the others carry on.
TITLE_WEIGHT, CONSEQUENCES_WEIGHT, ACTIONS_WEIGHT = 50, 30, 20

SAME_TITLE = 90  # of 100: the same words but for a few letters
WORD_FOR_WORD = 100
LIKE_TITLE = 65  # much the same words: sure only together with a second column
SAME_COLUMN = 75
POSSIBLE = 45  # overall; below that it is chance
POSSIBLE_BY_TITLE = 75
CLEAR_LEAD = 8  # over the next best entry
SAME_SENTENCE = 70  # of 100; prose about the same service reaches 50 to 60 by chance
MOST_CANDIDATES = 4

_OPENINGS = re.compile(
    r"^(failure|failing|inability|risk|opportunity|risk associated with the inability|the)\s"
    r"(fully |adequately )*(to |that |of |the )*"
)
_BETWEEN_SENTENCES = re.compile(r"[.;:!?]\s+|\s[–—]\s")


@dataclass(frozen=True)
class Text:
    """What an entry says, as far as it is compared: description lines, title first, and points."""

    reference: str
    lines: tuple[str, ...]
    consequences: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()

    @cached_property
    def folded_lines(self) -> tuple[str, ...]:
        return tuple(_OPENINGS.sub("", folded) for line in self.lines if (folded := fold(line)))

    @cached_property
    def folded_consequences(self) -> tuple[str, ...]:
        return tuple(_sentences(self.consequences))

    @cached_property
    def folded_actions(self) -> tuple[str, ...]:
        return tuple(_sentences(self.actions))

    @property
    def sentences(self) -> tuple[str, ...]:
        return (*self.folded_consequences, *self.folded_actions)


@dataclass(frozen=True, slots=True)
class Appearance:
    """An entry as one edition of the register prints it."""

    quarter: Quarter
    text: Text


@dataclass(frozen=True, slots=True)
class KnownEntry:
    id: int
    kind: str
    appearances: tuple[Appearance, ...]

    def nearest_to(self, quarter: Quarter, each_way: int = 2) -> Iterator[Appearance]:
        """The last appearances before a quarter and the first ones after it."""
        before = [a for a in self.appearances if a.quarter <= quarter]
        after = [a for a in self.appearances if a.quarter > quarter]
        yield from sorted(before, key=lambda a: a.quarter, reverse=True)[:each_way]
        yield from sorted(after, key=lambda a: a.quarter)[:each_way]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two texts are, each 0 to 100. None where a column is blank on one side."""

    title: float
    consequences: float | None
    actions: float | None
    same_reference: bool

    @property
    def total(self) -> float:
        weighed = [
            (self.title, TITLE_WEIGHT),
            (self.consequences, CONSEQUENCES_WEIGHT),
            (self.actions, ACTIONS_WEIGHT),
        ]
        known = [(value, weight) for value, weight in weighed if value is not None]
        return sum(v * w for v, w in known) / sum(w for _, w in known)

    @property
    def strength(self) -> float:
        """The order of candidates: the evidence, and the reference where that is close."""
        return self.total + (5 if self.same_reference else 0)

    @property
    def is_sure(self) -> bool:
        """The same title; or a like one, and a second column that says the same."""
        if self.title >= SAME_TITLE:
            return True
        second = max(self.consequences or 0, self.actions or 0)
        return self.title >= LIKE_TITLE and second >= SAME_COLUMN

    @property
    def is_the_same(self) -> bool:
        """The same reference, and the same title word for word."""
        return self.same_reference and self.title >= WORD_FOR_WORD

    @property
    def is_possible(self) -> bool:
        return self.total >= POSSIBLE or self.title >= POSSIBLE_BY_TITLE


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that a row may be, as it was found, and how alike they are."""

    entry_id: int
    appearance: Appearance
    likeness: Likeness

    @property
    def title(self) -> str:
        lines = self.appearance.text.lines
        return lines[0] if lines else ""


@dataclass(frozen=True, slots=True)
class Match:
    """What was found for a row. `entry_id` is set when the match is sure or a person decided."""

    outcome: str
    entry_id: int | None = None
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class RowToMatch:
    kind: str
    text: Text


@dataclass(slots=True)
class Decisions:
    """What a person said: this reference is that entry, or is a new one."""

    entries: dict[str, int] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)


def match_rows(
    rows: Sequence[RowToMatch],
    known: Iterable[KnownEntry],
    quarter: Quarter,
    decisions: Decisions | None = None,
) -> dict[str, Match]:
    """The match of every row, by its reference. An entry is given to one row at most.

    Strong evidence goes first: a row with the same title takes its entry before a row that is
    only like it. A row is doubtful if its best entry is only possible, or if two entries or two
    rows are about equally good.
    """
    decided = decisions or Decisions()
    matches: dict[str, Match] = {}
    taken: set[int] = set()
    for row in rows:
        reference = row.text.reference
        if reference in decided.entries:
            matches[reference] = Match(DECIDED, decided.entries[reference])
            taken.add(decided.entries[reference])
        elif reference in decided.new:
            matches[reference] = Match(NEW)
    open_rows = [row for row in rows if row.text.reference not in matches]
    found = _candidates(open_rows, known, quarter)
    _give_sure_ones(found, matches, taken)
    for row in open_rows:
        reference = row.text.reference
        if reference not in matches:
            left = tuple(c for c in found[reference] if c.entry_id not in taken)
            matches[reference] = Match(DOUBTFUL if left else NEW, None, left[:MOST_CANDIDATES])
    return matches


def _candidates(
    rows: Sequence[RowToMatch], known: Iterable[KnownEntry], quarter: Quarter
) -> dict[str, list[Candidate]]:
    """The entries that each row may be, the likeliest first."""
    found: dict[str, list[Candidate]] = {}
    entries = {entry.id: entry for entry in known}
    shortlists = {
        kind: _shortlist([e for e in entries.values() if e.kind == kind], quarter)
        for kind in {row.kind for row in rows}
    }
    for row in rows:
        text = row.text
        worth_comparing = shortlists[row.kind].worth_comparing(
            text.reference, text.folded_lines, text.sentences
        )
        candidates = [best for i in worth_comparing if (best := _best(text, entries[i], quarter))]
        candidates.sort(key=lambda c: (-c.likeness.strength, c.entry_id))
        found[row.text.reference] = candidates
    return found


def _shortlist(entries: Sequence[KnownEntry], quarter: Quarter) -> Shortlist:
    texts = {entry.id: [a.text for a in entry.nearest_to(quarter)] for entry in entries}
    return Shortlist(
        {
            entry_id: (
                [text.reference for text in some],
                [line for text in some for line in text.folded_lines],
                [sentence for text in some for sentence in text.sentences],
            )
            for entry_id, some in texts.items()
        }
    )


def _best(text: Text, entry: KnownEntry, quarter: Quarter) -> Candidate | None:
    best: Candidate | None = None
    for appearance in entry.nearest_to(quarter):
        likeness = compare(text, appearance.text)
        if not (likeness.is_sure or likeness.is_possible):
            continue
        if best is None or _rank(likeness) > _rank(best.likeness):
            best = Candidate(entry.id, appearance, likeness)
    return best


def _rank(likeness: Likeness) -> tuple[bool, float]:
    return likeness.is_sure, likeness.strength


_Pair = tuple[float, str, Candidate]


def _give_sure_ones(
    found: Mapping[str, Sequence[Candidate]], matches: dict[str, Match], taken: set[int]
) -> None:
    """Give out sure matches, the strongest first, unless a rival is about as strong."""
    pairs = sorted(
        (
            (candidate.likeness.strength, reference, candidate)
            for reference, candidates in found.items()
            for candidate in candidates
            if candidate.likeness.is_sure
        ),
        key=lambda pair: (-pair[0], pair[1], pair[2].entry_id),
    )
    pairs.sort(key=lambda pair: not pair[2].likeness.is_the_same)
    of_row: dict[str, list[_Pair]] = defaultdict(list)
    of_entry: dict[int, list[_Pair]] = defaultdict(list)
    for pair in pairs:
        of_row[pair[1]].append(pair)
        of_entry[pair[2].entry_id].append(pair)
    for pair in pairs:
        strength, reference, candidate = pair
        if reference in matches or candidate.entry_id in taken:
            continue
        rivals = [
            rival[0]
            for rival in (*of_row[reference], *of_entry[candidate.entry_id])
            if rival is not pair and rival[1] not in matches and rival[2].entry_id not in taken
            if rival[2].likeness.is_the_same or not candidate.likeness.is_the_same
        ]
        if rivals and strength - max(rivals) < CLEAR_LEAD:
            continue
        matches[reference] = Match(
            SURE, candidate.entry_id, tuple(found[reference][:MOST_CANDIDATES])
        )
        taken.add(candidate.entry_id)


def compare(one: Text, other: Text) -> Likeness:
    """How alike two entries are. Symmetric."""
    return Likeness(
        title=_titles(one, other),
        consequences=_columns(one.folded_consequences, other.folded_consequences),
        actions=_columns(one.folded_actions, other.folded_actions),
        same_reference=one.reference == other.reference,
    )


def fold(text: str) -> str:
    """A text as it is compared: no capitals, no signs, single spaces."""
    return " ".join(re.sub(r"[\W_]+", " ", folding.fold(text)).split())


def _titles(one: Text, other: Text) -> float:
    """The best of either title against any line of the other's description."""
    if not one.folded_lines or not other.folded_lines:
        return 0.0
    pairs = [(one.folded_lines[0], line) for line in other.folded_lines]
    pairs += [(other.folded_lines[0], line) for line in one.folded_lines]
    return max(fuzz.ratio(a, b) for a, b in pairs)


def _columns(one: Sequence[str], other: Sequence[str]) -> float | None:
    """How much of the shorter column stands in the other, by length of text."""
    if not one or not other:
        return None
    return max(_share(one, other), _share(other, one))


def _share(sentences: Sequence[str], others: Sequence[str]) -> float:
    """Points are cut and joined from one edition to the next, so a sentence may stand in any."""
    total = sum(len(sentence) for sentence in sentences)
    whole = " ".join(others)
    alike = 0.0
    for sentence in sentences:
        if sentence in whole:
            alike += len(sentence) * 100
        elif best := process.extractOne(
            sentence, others, scorer=fuzz.ratio, score_cutoff=SAME_SENTENCE
        ):
            alike += len(sentence) * best[1]
    return alike / total


def _sentences(points: Iterable[str]) -> Iterator[str]:
    for point in points:
        for sentence in _BETWEEN_SENTENCES.split(point):
            if folded := fold(sentence):
                yield folded
