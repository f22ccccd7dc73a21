"""A register over its editions: how many, how high, for how long, who came and went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from registers.domain import scale
from registers.domain.content import Content
from registers.domain.quarters import Quarter

Value = int | float | None


@dataclass(frozen=True, slots=True)
class Series:
    """One figure of each edition, oldest first; None where it is not known."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """Series over the same editions. `drawn` are the names of those in the drawing: two at most."""

    slug: str
    title: str
    quarters: tuple[Quarter, ...]
    series: tuple[Series, ...]
    drawn: tuple[str, ...]

    @property
    def rows(self) -> list[tuple[Quarter, list[Value]]]:
        """A row an edition, the latest first."""
        found = [
            (quarter, [one.values[place] for one in self.series])
            for place, quarter in enumerate(self.quarters)
        ]
        return found[::-1]


Edition = tuple[Quarter, Sequence[Content]]


def trends(editions: Sequence[Edition]) -> list[Trend]:
    """`editions` are the register's, oldest first, each with its entries."""
    risks = [
        (quarter, [one for one in rows if one.kind == scale.RISK]) for quarter, rows in editions
    ]
    chances = [
        (quarter, [one for one in rows if one.kind != scale.RISK]) for quarter, rows in editions
    ]
    quarters = tuple(quarter for quarter, _ in editions)

    def trend(slug: str, title: str, *series: Series) -> Trend:
        names = tuple(one.name for one in series[:2])
        return Trend(slug, title, quarters, series, names)

    return [
        trend(
            "entries", "Entries", _each("Risks", risks, len), _each("Opportunities", chances, len)
        ),
        trend("bands", "Risks by band", *_bands(risks)),
        trend(
            "scores",
            "Mean score",
            _each("Risks", risks, _mean),
            _each("Opportunities", chances, _mean),
        ),
        trend(
            "totals",
            "Total score",
            _each("Risks", risks, _total),
            _each("Opportunities", chances, _total),
        ),
        trend("above", "Risks above appetite", _each("Above appetite", risks, _above)),
        trend("time-above", "Mean editions above appetite, of those above", _time_above(risks)),
        trend("comings", "Arrivals and departures", *_comings(editions)),
        trend("types", "Entries by type", *_by(editions, lambda one: one.all_types)),
        trend("owners", "Entries by owner", *_by(editions, lambda one: (one.owner or "Nobody",))),
    ]


def _of_kind(editions: Sequence[Edition], kind: str) -> list[Edition]:
    return [(quarter, [one for one in rows if one.kind == kind]) for quarter, rows in editions]


def _each(
    name: str, editions: Iterable[Edition], figure: Callable[[Sequence[Content]], Value]
) -> Series:
    return Series(name, tuple(figure(rows) for _, rows in editions))


def _scores(rows: Sequence[Content]) -> list[int]:
    return [one.score for one in rows if one.score is not None]


def _mean(rows: Sequence[Content]) -> Value:
    scores = _scores(rows)
    return round(fmean(scores), 1) if scores else None


def _total(rows: Sequence[Content]) -> Value:
    scores = _scores(rows)
    return sum(scores) if scores else None


def _above(rows: Sequence[Content]) -> int:
    return sum(one.above_appetite for one in rows)


def _bands(risks: Sequence[Edition]) -> list[Series]:
    """From very high to low, by the bands in force in each edition."""
    found = []
    for band in (4, 3, 2, 1):
        values = [
            sum(one.score is not None and one.bands.of(one.score) == band for one in rows)
            for _, rows in risks
        ]
        found.append(Series(scale.BAND_WORDS[scale.RISK][band - 1], tuple(values)))
    return found


def _time_above(risks: Sequence[Edition]) -> Series:
    """For how many editions in a row those above appetite have been there, on the mean."""
    run: dict[int, int] = {}
    values: list[Value] = []
    for _, rows in risks:
        run = {one.entry: run.get(one.entry, 0) + 1 for one in rows if one.above_appetite}
        values.append(round(fmean(run.values()), 1) if run else 0)
    return Series("Editions", tuple(values))


def _comings(editions: Sequence[Edition]) -> tuple[Series, Series]:
    """Against the edition before; of the first nothing is known."""
    came: list[Value] = [None]
    went: list[Value] = [None]
    for (_, before), (_, after) in pairwise(editions):
        then, now = {one.entry for one in before}, {one.entry for one in after}
        came.append(len(now - then))
        went.append(len(then - now))
    return Series("Arrivals", tuple(came)), Series("Departures", tuple(went))


def _by(editions: Sequence[Edition], names: Callable[[Content], Iterable[str]]) -> list[Series]:
    """How many entries have each name, those with most in the last edition first."""
    counts: list[Mapping[str, int]] = [
        Counter(name for one in rows for name in set(names(one))) for _, rows in editions
    ]
    known = {name for count in counts for name in count}
    last = counts[-1]
    in_order = sorted(known, key=lambda name: (-last.get(name, 0), name.casefold()))
    return [Series(name, tuple(count.get(name, 0) for count in counts)) for name in in_order]
