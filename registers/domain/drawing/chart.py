"""Score and residual score over time as a drawing: steps, not slopes, on the scale of 0 to 25.

Pure geometry, in the units of the picture. Every quarter has a column of its own. A quarter
without an edition, or in which the entry does not appear, is a gap in the lines and a dashed
column, never a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from registers.domain import scale
from registers.domain.content import Content
from registers.domain.drawing.sparkline import number
from registers.domain.path import Path
from registers.domain.quarters import Quarter

WIDTH, HEIGHT = 1180, 250
LEFT, RIGHT = 34.0, 1046.0
TOP, BOTTOM = 14.0, 208.0
LINES = (0, 5, 10, 15, 20, 25)
# Room that a piece of writing needs: across for a year or a note, down for a label.
YEAR_WIDTH, NOTE_WIDTH, QUARTER_WIDTH = 58.0, 74.0, 34.0
LABEL_HEIGHT = 18.0

NO_EDITION, NOT_IN_IT, SCORE_ONLY = "no edition", "not in it", "score only"


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the time axis; `text` is empty where there is no room for it."""

    x: float
    text: str = ""
    middle: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Label:
    """What stands at the end of the lines; `kind` is 'score', 'residual' or 'appetite'."""

    kind: str
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """`score`, `residual` and `appetite` are path data, empty where there is nothing to draw.

    `fills` are the columns between score and residual. `dots` hold the ends of the two lines.
    """

    score: str
    residual: str
    appetite: str
    fills: tuple[Box, ...]
    gaps: tuple[Box, ...]
    years: tuple[Tick, ...]
    quarters: tuple[Tick, ...]
    notes: tuple[Note, ...]
    labels: tuple[Label, ...]
    end: float
    score_dot: float | None
    residual_dot: float | None
    count: int


def chart(path: Path, editions: Collection[Quarter] = ()) -> Chart:
    """`editions` are the quarters that have an edition at all; they tell the two gaps apart."""
    first, last = path.first.quarter, path.latest.quarter
    quarters = list(first.until(last))
    step = (RIGHT - LEFT) / len(quarters)
    place = {quarter: LEFT + index * step for index, quarter in enumerate(quarters)}
    stops = {stop.quarter: stop for stop in path.stops}
    columns = [(place[quarter], stops.get(quarter)) for quarter in quarters]
    latest = path.latest
    return Chart(
        score=_steps(columns, step, lambda stop: stop.score),
        residual=_steps(columns, step, lambda stop: stop.residual_score),
        appetite=_steps(columns, step, lambda stop: stop.appetite) if path.is_risk else "",
        fills=tuple(_fills(columns, step)),
        gaps=tuple(_gaps(columns, step)),
        years=tuple(_years(quarters, place)),
        quarters=tuple(_quarters(quarters, place, step)),
        notes=tuple(_notes(quarters, place, stops, set(editions), step)),
        labels=_labels(latest, with_appetite=path.is_risk),
        end=place[last] + step,
        score_dot=None if latest.score is None else height(latest.score),
        residual_dot=None if latest.residual_score is None else height(latest.residual_score),
        count=len(quarters),
    )


def height(score: float) -> float:
    return round(BOTTOM - score * (BOTTOM - TOP) / scale.TOP, 1)


def _steps(
    columns: Sequence[tuple[float, Content | None]],
    step: float,
    value: Callable[[Content], int | None],
) -> str:
    parts: list[str] = []
    before: int | None = None
    for x, stop in columns:
        now = None if stop is None else value(stop)
        if now is not None:
            if before is None:
                parts.append(f"M{number(x)} {number(height(now))}")
            elif now != before:
                parts.append(f"V{number(height(now))}")
            end = f"H{number(x + step)}"
            if parts[-1].startswith("H"):
                parts[-1] = end
            else:
                parts.append(end)
        before = now
    return "".join(parts)


def _fills(columns: Sequence[tuple[float, Content | None]], step: float) -> Iterator[Box]:
    """Columns in a row with the same score and residual are one box."""
    box: Box | None = None
    for x, stop in columns:
        if stop is None or stop.score is None or stop.residual_score is None:
            if box:
                yield box
            box = None
            continue
        high, low = sorted((height(stop.score), height(stop.residual_score)))
        if box and (box.y, round(box.y + box.height, 1)) == (high, low):
            box = Box(box.x, box.y, round(box.width + step, 1), box.height)
            continue
        if box:
            yield box
        box = Box(round(x, 1), high, round(step, 1), round(low - high, 1))
    if box:
        yield box


def _runs(missing: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """(first, number of) for every stretch of columns that are missing."""
    start: int | None = None
    for index, gone in enumerate([*missing, False]):
        if gone and start is None:
            start = index
        elif not gone and start is not None:
            yield start, index - start
            start = None


def _gaps(columns: Sequence[tuple[float, Content | None]], step: float) -> Iterator[Box]:
    for start, count in _runs([stop is None for _, stop in columns]):
        yield Box(round(columns[start][0], 1), TOP, round(count * step, 1), BOTTOM - TOP)


def _years(quarters: Sequence[Quarter], place: dict[Quarter, float]) -> Iterator[Tick]:
    """A mark at every April, and the year where there is room for it before the next one."""
    starts = [quarter for quarter in quarters if quarter.number == 1]
    if quarters[0].number != 1:
        starts.insert(0, quarters[0])
    free = -YEAR_WIDTH
    for index, quarter in enumerate(starts):
        x = place[quarter]
        following = place[starts[index + 1]] if index + 1 < len(starts) else x + YEAR_WIDTH
        room = following - x >= YEAR_WIDTH and x - free >= YEAR_WIDTH
        if room:
            free = x
        yield Tick(round(x, 1), quarter.financial_year if room else "")


def _quarters(
    quarters: Sequence[Quarter], place: dict[Quarter, float], step: float
) -> Iterator[Tick]:
    """Q1 to Q4 under their columns, where these are wide enough."""
    if step >= QUARTER_WIDTH:
        for quarter in quarters:
            yield Tick(round(place[quarter] + step / 2, 1), quarter.short, middle=True)


def _notes(
    quarters: Sequence[Quarter],
    place: dict[Quarter, float],
    stops: dict[Quarter, Content],
    editions: set[Quarter],
    step: float,
) -> Iterator[Note]:
    """What is missing, in words: under the lines for a gap, above them for a score alone."""
    free = 0.0
    for start, count in _runs([quarter not in stops for quarter in quarters]):
        missing = quarters[start : start + count]
        text = NOT_IN_IT if any(quarter in editions for quarter in missing) else NO_EDITION
        middle = place[missing[0]] + count * step / 2
        if middle - free >= NOTE_WIDTH:
            yield Note(round(middle, 1), BOTTOM - 7, text)
            free = middle
    free = 0.0
    alone = [
        (stop := stops.get(quarter)) is not None
        and stop.score is not None
        and stop.position is None
        for quarter in quarters
    ]
    for start, count in _runs(alone):
        middle = place[quarters[start]] + count * step / 2
        # Above every line that the words would run through.
        under = [
            quarter
            for quarter in quarters
            if place[quarter] < middle + NOTE_WIDTH / 2
            and place[quarter] + step > middle - NOTE_WIDTH / 2
        ]
        highest = max(
            value
            for quarter in under
            if (stop := stops.get(quarter)) is not None
            for value in (stop.score, stop.residual_score)
            if value is not None
        )
        if middle - free >= NOTE_WIDTH and middle >= LEFT + NOTE_WIDTH / 3:
            yield Note(round(middle, 1), max(height(highest) - 8, 11.0), SCORE_ONLY)
            free = middle


def _labels(latest: Content, *, with_appetite: bool) -> tuple[Label, ...]:
    """Labels at the heights of their lines, moved apart where they would cover each other.

    Lines of the same height share a label: 'Residual 12' and, below it, 'and appetite'.
    """
    wanted: list[tuple[str, str, int]] = []
    for kind, value in (
        ("score", latest.score),
        ("residual", latest.residual_score),
        ("appetite", latest.appetite if with_appetite else None),
    ):
        if value is not None:
            wanted.append((kind, kind.capitalize(), value))
    groups: dict[int, list[tuple[str, str]]] = {}
    for kind, word, value in wanted:
        groups.setdefault(value, []).append((kind, word))
    rows: list[tuple[str, float, str]] = []
    for value, members in groups.items():
        kind, word = members[0]
        rows.append((kind, height(value) + 5, f"{word} {value}"))
        if others := [name.lower() for _, name in members[1:]]:
            rows.append(("appetite", height(value) + 21, "and " + " and ".join(others)))
    rows.sort(key=lambda row: row[1])
    ys = apart([y for _, y, _ in rows], LABEL_HEIGHT, TOP + 5, BOTTOM + 5)
    return tuple(Label(kind, y, text) for (kind, _, text), y in zip(rows, ys, strict=True))


def apart(wanted: Sequence[float], gap: float, lowest: float, highest: float) -> list[float]:
    """Heights in rising order, at least `gap` apart, as near to the wanted ones as can be."""
    # With the gaps taken out, only the order is left to keep: neighbours out of order are pooled.
    pools: list[tuple[float, int]] = []
    for index, y in enumerate(wanted):
        total, size = y - gap * index, 1
        while pools and pools[-1][0] / pools[-1][1] > total / size:
            before, count = pools.pop()
            total, size = total + before, size + count
        pools.append((total, size))
    limit = highest - gap * (len(wanted) - 1)
    heights = [min(max(total / size, lowest), limit) for total, size in pools for _ in range(size)]
    return [round(y + gap * index, 1) for index, y in enumerate(heights)]


def in_words(path: Path) -> str:
    """What the drawing shows, for who can't see it. The figures are in the table of editions."""
    scores = [stop.score for stop in path.scored if stop.score is not None]
    if not scores:
        return "No edition records a score."
    low, high, now = min(scores), max(scores), path.latest.score
    moved = (
        f"The score has been {low} throughout"
        if low == high
        else (f"The score has moved between {low} and {high}")
    )
    words = [f"{moved} and is {'not recorded now' if now is None else f'now {now}'}."]
    residuals = {stop.residual_score for stop in path.stops if stop.residual_score is not None}
    if len(residuals) == 1:
        words.append(f"The residual score has been {residuals.pop()} in every edition.")
    elif residuals:
        words.append(f"The residual score has been between {min(residuals)} and {max(residuals)}.")
    words.append("The figures are in the table of editions.")
    return " ".join(words)
