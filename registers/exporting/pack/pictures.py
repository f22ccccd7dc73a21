"""The heat maps as SVG: what stands on each square, and where it went. Plain drawings in our own
type, so that Word, PDF and a browser show the same.

The order of the bands survives a grey print: each is darker than the one below it, each square has
its score, and a number stands on white.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from registers.domain import grid, movement, scale
from registers.domain.content import Content
from registers.domain.drawing import arrows
from registers.domain.drawing.moves import Move
from registers.exporting.tabular import BANDS

FONT = "Source Sans Pro, Arial, sans-serif"
INK, SOFT, EDGE = "#14232A", "#43535B", "#5A686F"
MEANING = {"better": "#17614F", "worse": "#A3302A", "level": "#43535B"}
NEW = " ✦"
SIGNS = {movement.UP: " ↑", movement.DOWN: " ↓", movement.NEW: NEW}

LEFT, TOP, FOOT = 112, 30, 56
WIDTH, GAP = 200, 5
CHIP_HEIGHT, LINE, PAD = 23, 27, 6
LOWEST = 84
# Of every text. A drawing of at most this height is printed in 9 points or more.
SIZE, TALLEST = 15, 690


def heat_map(
    shown: Sequence[Content],
    was: Mapping[int, Content] | None,
    *,
    kind: str,
    view: str,
    bands: scale.Bands,
    appetite: int | None,
) -> str:
    """The 5×5 with the numbers of the entries on it, as an SVG document."""
    laid = grid.grid(
        shown,
        dict(was) if was is not None else None,
        kind=kind,
        view=view,
        bands=bands,
        appetite=appetite,
        entry_link=lambda entry: "",
        cell_link=lambda position: "",
    )
    parts: list[str] = []
    y = TOP
    for line in laid.lines:
        height = max(LOWEST, *(_height(one) for one in line.cells))
        middle = y + height / 2
        parts += _level(LEFT - 12, middle, line.impact, line.word, "end")
        for number, one in enumerate(line.cells):
            parts += _square(one, LEFT + number * (WIDTH + GAP), y, height, appetite)
        y += height + GAP
    for level, word in laid.likelihoods:
        parts += _level(LEFT + (level - 1) * (WIDTH + GAP) + WIDTH / 2, y + 18, level, word)
    parts += [
        _text(LEFT - 12, 18, "Impact ↑", anchor="end", weight=600),
        _text(LEFT - 12, y + 16, "Likelihood →", anchor="end", weight=600),
    ]
    return _document(LEFT + 5 * (WIDTH + GAP), y + FOOT, parts)


def _height(cell: grid.Cell) -> int:
    return len(_lines(_labels(cell))) * LINE + 2 * PAD + 10


def _labels(cell: grid.Cell) -> list[str]:
    said = [
        f"{one.reference}{SIGNS.get(one.moved.kind, '') if one.moved else ''}" for one in cell.chips
    ]
    return [*said, f"+{cell.more}"] if cell.more else said


def _lines(labels: Sequence[str]) -> list[list[tuple[float, float, str]]]:
    """Chips in lines, each with its x and width within the square."""
    lines: list[list[tuple[float, float, str]]] = []
    x = 0.0
    for text in labels:
        width = _wide(text)
        if not lines or x + width > WIDTH - PAD:
            lines.append([])
            x = PAD
        lines[-1].append((x, width, text))
        x += width + 6
    return lines


def _wide(text: str) -> float:
    return 8.6 * len(text) + 12


def _square(
    cell: grid.Cell, x: float, y: float, height: float, appetite: int | None
) -> Iterator[str]:
    band = f"{'r' if cell.kind == scale.RISK else 'o'}{cell.band}"
    back, ink = BANDS[band]
    yield (f'<rect x="{x:g}" y="{y:g}" width="{WIDTH}" height="{height:g}" rx="3" fill="#{back}"/>')
    yield _text(x + WIDTH - 8, y + height - 8, str(cell.score), anchor="end", fill=f"#{ink}")
    for number, line in enumerate(_lines(_labels(cell))):
        top = y + PAD + number * LINE
        for left, width, text in line:
            yield _chip(x + left, top, width, text, round_=cell.kind == scale.OPPORTUNITY)
    yield from _appetite(cell, x, y, height, appetite)


def _appetite(
    cell: grid.Cell, x: float, y: float, height: float, appetite: int | None
) -> Iterator[str]:
    half = GAP / 2
    if cell.left:
        yield _line(x - half, y - half, x - half, y + height + half)
    if cell.below:
        yield _line(x - half, y + height + half, x + WIDTH + half, y + height + half)
    if cell.tagged:
        yield _text(x, 18, f"Appetite {appetite}", weight=600)


def _chip(
    x: float, y: float, width: float, text: str, *, round_: bool, dashed: bool = False
) -> str:
    """A number on white. The star of a new one is drawn: not every type has it."""
    dash = ' stroke-dasharray="3 3"' if dashed else ""
    radius = CHIP_HEIGHT / 2 if round_ else 4
    middle, said = x + width / 2, text.removesuffix(NEW)
    box = (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{CHIP_HEIGHT}" rx="{radius:g}" '
        f'fill="#FFFFFF" stroke="{EDGE}"{dash}/>'
    )
    if said == text:
        return box + _text(middle, y + 16.5, text, anchor="middle", weight=600)
    star = f'<path transform="translate({x + width - 14:g} {y + 11.5:g})" d="{STAR}" fill="{INK}"/>'
    return box + _text(middle - 8, y + 16.5, said, anchor="middle", weight=600) + star


STAR = "M0 -6.5L1.6 -1.6L6.5 0L1.6 1.6L0 6.5L-1.6 1.6L-6.5 0L-1.6 -1.6Z"


def _level(x: float, y: float, level: int, word: str, anchor: str = "middle") -> Iterator[str]:
    yield _text(x, y, str(level), anchor=anchor, weight=700)
    yield _text(x, y + 18, word, anchor=anchor, fill=SOFT)


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return (
        f'<path d="M{x1:g} {y1:g}L{x2:g} {y2:g}" stroke="{INK}" stroke-width="3.5" '
        'stroke-linecap="square"/>'
    )


def _text(
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "start",
    weight: int = 400,
    fill: str = INK,
) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="{FONT}" font-size="{SIZE}" '
        f'font-weight="{weight}" text-anchor="{anchor}" fill="{fill}">{escape(text)}</text>'
    )


def _document(width: float, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}">{"".join(parts)}</svg>'
    )


# Where they went ----------------------------------------------------------------------------------


def movement_map(
    moves: Sequence[Move], *, kind: str, bands: scale.Bands, appetite: int | None
) -> str:
    """The way of each entry from square to square, as an SVG document; empty where so many moved
    that nobody could read it on a page.
    """
    drawn = arrows.draw(moves, kind=kind, bands=bands, appetite=appetite)
    if drawn.height > TALLEST or drawn.undrawn:
        return ""
    parts: list[str] = []
    for square in drawn.squares:
        back, ink = BANDS[square.css]
        parts.append(
            f'<rect x="{square.x}" y="{square.y}" width="{arrows.WIDTH}" '
            f'height="{square.height}" rx="3" fill="#{back}"/>'
            + _text(square.score_x, square.score_y, str(square.score), fill=f"#{ink}")
        )
    for axis in drawn.impacts:
        parts += _level(arrows.LEFT - 12, axis.at, axis.level, axis.word, "end")
    for axis in drawn.likelihoods:
        parts += _level(axis.at, drawn.floor, axis.level, axis.word)
    parts += [
        _text(arrows.LEFT - 12, 18, "Impact ↑", anchor="end", weight=600),
        _text(arrows.LEFT - 12, drawn.floor, "Likelihood →", anchor="end", weight=600),
    ]
    if drawn.appetite:
        parts.append(
            f'<polyline points="{drawn.appetite}" fill="none" stroke="{INK}" stroke-width="3.5"/>'
            + _text(drawn.appetite_x, 18, f"Appetite {appetite}", weight=600)
        )
    parts += _arrows(drawn)
    round_ = kind == scale.OPPORTUNITY
    labels = [(one, False) for one in (*drawn.targets, *drawn.stills)]
    for label, dashed in [*((one, True) for one in drawn.origins), *labels]:
        parts.append(
            _chip(label.x, label.y, arrows.CHIP_WIDTH, label.text, round_=round_, dashed=dashed)
        )
    return _document(drawn.width, drawn.height, parts)


def _arrows(drawn: arrows.Drawing) -> Iterator[str]:
    """Each on a white bed, so that it is seen on any band."""
    for arrow in drawn.arrows:
        colour = MEANING[arrow.css]
        yield (
            f'<path d="{arrow.line}" fill="none" stroke="#FFFFFF" stroke-width="7"/>'
            f'<path d="{arrow.line}" fill="none" stroke="{colour}" stroke-width="3"/>'
            f'<path d="{arrow.head}" fill="{colour}" stroke="#FFFFFF" stroke-width="1"/>'
        )
