"""Bulleted text: parse, print, nest; and the word-level difference of two passages.

A passage is a sequence of points. Each point has a level (0, or 1 and deeper for a sub-point), its
text on one line, and whether it was printed as a plain paragraph without a bullet.

The written form is what the database keeps and what an owner edits:

    One point on a line
      - a sub-point: two spaces a level and a dash
    ¶ a plain paragraph among bullets

In a commentary, lines are plain unless they carry a bullet: `parse(text, unmarked=PLAIN)`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile

BULLET, PLAIN = "bullet", "plain"
INDENT = 2
DEEPEST = 8

# Marks that editors put before a bullet. Word pastes '•' for the first level and 'o' or '▪' below.
_FIRST_MARKS = "•●·*\uf0b7–—\\-"
_SECOND_MARKS = "◦○▪▫\uf0a7"
_MARK = re.compile(
    rf"^(?:(?P<first>[{_FIRST_MARKS}])|(?P<second>[{_SECOND_MARKS}]|o(?=\t)))(?:\s+|$)"
)
_PLAIN = re.compile(r"^¶\s*")
_STARTS_LIKE_A_MARK = re.compile(rf"^(?:[{_FIRST_MARKS}{_SECOND_MARKS}](?:\s|$)|¶)")


@dataclass(frozen=True, slots=True)
class Point:
    """One line of a passage. `text` is one line, single-spaced and not empty."""

    text: str
    level: int = 0
    plain: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", " ".join(self.text.split()))
        if not self.text:
            raise ValueError("a point has text")
        if not 0 <= self.level <= DEEPEST:
            raise ValueError(f"a point's level is 0 to {DEEPEST}, not {self.level}")


Passage = tuple[Point, ...]


def parse(text: str, unmarked: str = BULLET) -> Passage:
    """Read the written form. Liberal: tabs, any usual bullet mark, blank lines between points."""
    return tuple(_points(text, unmarked))


def _points(text: str, unmarked: str) -> Iterator[Point]:
    for line in text.splitlines():
        stripped = line.strip()
        if not stripped:
            continue
        lead = line[: len(line) - len(line.lstrip())].expandtabs(INDENT)
        level = min(len(lead) // INDENT, DEEPEST)
        plain = unmarked == PLAIN
        if mark := _PLAIN.match(stripped):
            plain = True
            stripped = stripped[mark.end() :]
        elif mark := _MARK.match(stripped):
            plain = False
            stripped = stripped[mark.end() :]
            if mark["second"]:
                level = max(level, 1)
        if stripped.strip():
            yield Point(stripped, level, plain)


def write(points: Iterable[Point], unmarked: str = BULLET) -> str:
    """The written form of a passage. `parse(write(p)) == tuple(p)` for every passage."""
    return "\n".join(_line(point, unmarked) for point in points)


def _line(point: Point, unmarked: str) -> str:
    lead = " " * INDENT * point.level
    if point.plain:
        mark = "" if unmarked == PLAIN and not _STARTS_LIKE_A_MARK.match(point.text) else "¶ "
    elif point.level:
        mark = "- "
    else:
        needs_mark = unmarked == PLAIN or _STARTS_LIKE_A_MARK.match(point.text)
        mark = "• " if needs_mark else ""
    return lead + mark + point.text


@dataclass(frozen=True, slots=True)
class Node:
    """A point with the points below it, for nested lists."""

    point: Point
    children: tuple[Node, ...] = ()


def nest(points: Sequence[Point]) -> tuple[Node, ...]:
    """Points as a tree: a deeper point belongs to the nearest shallower one before it."""
    nodes, _ = _nest(points, 0, -1)
    return nodes


def _nest(points: Sequence[Point], start: int, above: int) -> tuple[tuple[Node, ...], int]:
    nodes: list[Node] = []
    index = start
    while index < len(points) and points[index].level > above:
        point = points[index]
        children, index = _nest(points, index + 1, point.level)
        nodes.append(Node(point, children))
    return tuple(nodes), index


SAME, ADDED, REMOVED = "same", "added", "removed"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of words that two texts share, or that only one of them has."""

    change: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two passages, point by point and word by word.

    `lines` holds one tuple of runs for each point of either passage, in reading order.
    """

    lines: tuple[tuple[Run, ...], ...]

    @property
    def added(self) -> int:
        """Number of words only the later passage has."""
        return self._words(ADDED)

    @property
    def removed(self) -> int:
        return self._words(REMOVED)

    @property
    def changed(self) -> bool:
        return any(run.change != SAME for line in self.lines for run in line)

    def _words(self, change: str) -> int:
        return sum(
            len(run.text.split()) for line in self.lines for run in line if run.change == change
        )


# The most that is looked at to find which words of two texts belong together: pairs of equal words.
# Two texts of 2,000 words of English have fewer.
MOST_PAIRS = 100_000

Opcode = tuple[str, int, int, int, int]


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Sequence[Opcode]:
    """How one sequence becomes the other; beyond the bound only both ends stay."""
    if _pairs(old, new) <= MOST_PAIRS:
        return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    start = _alike_from_the_start(old, new)
    end = _alike_from_the_start(old[start:][::-1], new[start:][::-1])
    a, b = len(old) - end, len(new) - end
    codes = [("equal", 0, start, 0, start), ("replace", start, a, start, b)]
    return [*codes, ("equal", a, len(old), b, len(new))]


def _pairs(old: Sequence[str], new: Sequence[str]) -> int:
    """How many pairs of equal words there are: what an alignment costs."""
    counts = Counter(new)
    return sum(count * counts[word] for word, count in Counter(old).items())


def _alike_from_the_start(old: Sequence[str], new: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))


def compare(before: Iterable[Point], after: Iterable[Point]) -> Difference:
    """Points are paired first, by likeness and in order; then each pair is compared by words.

    Within MOST_PAIRS: of texts beyond any register's, less is found alike than is.
    """
    old, new = list(before), list(after)
    lines: list[tuple[Run, ...]] = []
    for tag, a1, a2, b1, b2 in _opcodes([p.text for p in old], [p.text for p in new]):
        if tag == "equal":
            lines.extend((Run(SAME, point.text),) for point in new[b1:b2])
        else:
            lines.extend(_pair_up(old[a1:a2], new[b1:b2]))
    return Difference(tuple(lines))


def _pair_up(old: list[Point], new: list[Point]) -> Iterator[tuple[Run, ...]]:
    """Within a changed stretch, a point is compared with the next old one that is much like it."""
    words = len(" ".join(point.text for point in (*old, *new)).split())
    # Each point looks at each: beyond the bound none is likened.
    likened = words * min(len(old), len(new)) <= MOST_PAIRS
    start = 0
    for point in new:
        near = range(start, len(old)) if likened else ()
        partner = next((i for i in near if _alike(old[i].text, point.text)), None)
        if partner is None:
            yield (Run(ADDED, point.text),)
            continue
        for gone in old[start:partner]:
            yield (Run(REMOVED, gone.text),)
        yield word_difference(old[partner].text, point.text)
        start = partner + 1
    for gone in old[start:]:
        yield (Run(REMOVED, gone.text),)


def _alike(one: str, other: str) -> bool:
    old, new = one.split(), other.split()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if _pairs(old, new) > MOST_PAIRS:
        return matcher.quick_ratio() >= 0.4
    return matcher.quick_ratio() >= 0.4 and matcher.ratio() >= 0.4


def word_difference(before: str, after: str) -> tuple[Run, ...]:
    """Runs of words in reading order. Removed words stand before the words that replace them.

    The same and added runs joined with spaces give `after`, the same and removed ones `before`.
    """
    old, new = before.split(), after.split()
    runs: list[Run] = []
    for tag, a1, a2, b1, b2 in _opcodes(old, new):
        if tag == "equal":
            runs.append(Run(SAME, " ".join(new[b1:b2])))
            continue
        if a1 < a2:
            runs.append(Run(REMOVED, " ".join(old[a1:a2])))
        if b1 < b2:
            runs.append(Run(ADDED, " ".join(new[b1:b2])))
    return tuple(runs)
