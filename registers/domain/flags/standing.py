"""How an entry stands in an edition: its flags, and the figures a committee sorts by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from registers.domain.content import Content
from registers.domain.english import times
from registers.domain.flags.flag import Answered, Flag
from registers.domain.path import Path
from registers.domain.quarters import Quarter

# From this weight on a flag is marked on the heat map.
HEAVY = 60


@dataclass(frozen=True, slots=True)
class Standing:
    """`above_since` is the first of the editions in a row in which it stood above appetite, and
    `above_for` their number; `at_since` and `at_for` are of its present score. `overdue` and
    `slipped` count outstanding actions, `most_slips` is how often one of them was put off.
    """

    flags: tuple[Flag, ...] = ()
    above_since: Quarter | None = None
    above_for: int = 0
    at_since: Quarter | None = None
    at_for: int = 0
    overdue: int = 0
    slipped: int = 0
    most_slips: int = 0

    @property
    def weight(self) -> int:
        """The heaviest flag leads; how many there are decides between equals. One that was answered
        counts for nothing.
        """
        weights = [flag.weight for flag in self.flags if flag.answer is None]
        return max(weights, default=0) * 100 + len(weights)

    @property
    def unanswered(self) -> tuple[Flag, ...]:
        return tuple(flag for flag in self.flags if flag.answer is None)

    @property
    def answered(self) -> tuple[Flag, ...]:
        return tuple(flag for flag in self.flags if flag.answer is not None)

    @property
    def heavy(self) -> int:
        """How many flags it has that a mark on a chip is worth."""
        return sum(flag.weight >= HEAVY for flag in self.unanswered)

    def has(self, code: str) -> bool:
        return any(flag.code == code for flag in self.flags)


NOTHING = Standing()


def standing(path: Path, flags: Sequence[Flag]) -> Standing:
    above = path.above_lately
    at = path.lately_at("score") if path.latest.score is not None else ()
    outstanding = [action for action in path.latest.actions if action.is_outstanding]
    slips = [len(path.slips.get(action.key, ())) for action in outstanding]
    return Standing(
        tuple(flags),
        above[0].quarter if above else None,
        len(above),
        at[0].quarter if at else None,
        len(at),
        sum(path.is_overdue(action) for action in outstanding),
        sum(count > 0 for count in slips),
        max(slips, default=0),
    )


# Kept as JSON -------------------------------------------------------------------------------------

_FIGURES = ("above_for", "at_for", "overdue", "slipped", "most_slips")


def written(one: Standing) -> list[Any]:
    return [
        [_flag_written(flag) for flag in one.flags],
        _slug(one.above_since),
        _slug(one.at_since),
        *(getattr(one, name) for name in _FIGURES),
    ]


def read(kept: Sequence[Any]) -> Standing:
    flags, above, at, *figures = kept
    return Standing(
        tuple(_flag_read(*flag) for flag in flags),
        above_since=_quarter(above),
        at_since=_quarter(at),
        **dict(zip(_FIGURES, figures, strict=True)),
    )


def _flag_written(flag: Flag) -> list[Any]:
    said = [flag.code, flag.title, flag.sentence, flag.weight, _slug(flag.since), flag.section]
    answer = flag.answer
    if answer is None:
        return [*said, flag.others]
    return [*said, flag.others, answer.reason, answer.until.isoformat(), answer.quarter.slug]


def _flag_read(
    code: str,
    title: str,
    sentence: str,
    weight: int,
    since: str,
    section: str,
    others: list[int],
    *answer: str,
) -> Flag:
    said = _answer_read(*answer) if answer else None
    return Flag(code, title, sentence, weight, _quarter(since), section, tuple(others), answer=said)


def _answer_read(reason: str, until: str, quarter: str) -> Answered:
    return Answered(reason, date.fromisoformat(until), _parsed(quarter))


def _slug(quarter: Quarter | None) -> str:
    return quarter.slug if quarter else ""


def _quarter(slug: str) -> Quarter | None:
    return _parsed(slug) if slug else None


_known: dict[str, Quarter] = {}


def _parsed(slug: str) -> Quarter:
    """Parsed once: a page reads thousands of a few dozen."""
    if slug not in _known:
        _known[slug] = Quarter.parse(slug)
    return _known[slug]


# Deep dives ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeepDive:
    """An entry worth a meeting of its own, with each of its reasons in words."""

    content: Content
    reasons: tuple[str, ...]


# How many entries are suggested for one reason, and in all.
FOR_A_REASON, IN_ALL = 2, 5


def deep_dives(contents: Sequence[Content], standings: Mapping[int, Standing]) -> list[DeepDive]:
    """The longest above appetite, the most slipped, the most flags, the furthest from its promise.

    Those with the most reasons first; an entry that leads in nothing is not suggested.
    """
    found: dict[int, list[str]] = {}
    by_entry = {one.entry: one for one in contents}
    for score, words in _REASONS:
        ranked = [(score(one, standings.get(one.entry, NOTHING)), one) for one in contents]
        leading = sorted((pair for pair in ranked if pair[0] > 0), key=lambda pair: -pair[0])
        for figure, one in leading[:FOR_A_REASON]:
            told = words(figure, one, standings.get(one.entry, NOTHING))
            found.setdefault(one.entry, []).append(told)
    suggested = sorted(
        found,
        key=lambda entry: (-len(found[entry]), -standings.get(entry, NOTHING).weight),
    )
    return [DeepDive(by_entry[entry], tuple(found[entry])) for entry in suggested[:IN_ALL]]


def _distance(one: Content) -> int:
    """How far the score is from what its actions are to bring it to, where that is better."""
    if one.score is None or one.residual_score is None:
        return 0
    apart = one.score - one.residual_score
    return max(apart if one.kind == "risk" else -apart, 0)


Figure = Callable[[Content, Standing], int]
Words = Callable[[int, Content, Standing], str]


def _above(one: Content, standing: Standing) -> int:
    return standing.above_for if standing.above_for > 1 else 0


def _slipped(one: Content, standing: Standing) -> int:
    return standing.most_slips if standing.most_slips > 1 else 0


def _flagged(one: Content, standing: Standing) -> int:
    return len(standing.unanswered) if len(standing.unanswered) > 2 else 0


def _far(one: Content, standing: Standing) -> int:
    apart = _distance(one)
    return apart if apart > 3 else 0


_REASONS: tuple[tuple[Figure, Words], ...] = (
    (_above, lambda n, one, at: f"Above appetite in {n} editions, since {at.above_since}"),
    (_slipped, lambda n, one, at: f"An action was put off {times(n)}"),
    (_flagged, lambda n, one, at: f"{n} flags"),
    (
        _far,
        lambda n, one, at: (
            f"{n} points between the score of {one.score} and the promise of {one.residual_score}"
        ),
    ),
)
