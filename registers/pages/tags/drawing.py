"""The drawings as SVG: attributes and classes only, the colours are in the stylesheet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from registers.domain import passages, promises, scale
from registers.domain.drawing import chart as charts
from registers.domain.drawing import path
from registers.domain.drawing import sparkline as sparklines
from registers.domain.drawing.places import CELL_HEIGHT, CELL_WIDTH, STRIP, Xy
from registers.domain.drawing.sparkline import Sparkline, number
from registers.pages.tags.fivebyfive import passage

register = template.Library()

# How much of the chart's width its axis takes: drawings.css gives it the same share.
AXIS = 30


@register.simple_tag
def spark(line: Sparkline, kind: str = scale.RISK) -> SafeString:
    """A sparkline of `registers.domain.drawing.sparkline`."""
    parts = []
    if line.residual_y is not None:
        y = number(line.residual_y)
        parts.append(
            f'<line class="t" x1="{number(sparklines.LEFT)}" x2="{number(sparklines.RIGHT)}" '
            f'y1="{y}" y2="{y}"/>'
        )
    if line.path:
        parts.append(f'<path class="s" d="{line.path}"/>')
    if line.dot:
        x, y = map(number, line.dot)
        parts.append(f'<circle class="d" cx="{x}" cy="{y}" r="3"/>')
    return format_html(
        '<svg class="spark{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        " spark-opp" if kind == scale.OPPORTUNITY else "",
        sparklines.WIDTH,
        sparklines.HEIGHT,
        line.label,
        mark_safe("".join(parts)),
    )


@register.simple_tag
def trail(drawn: path.Trail, bands: scale.Bands, title: str, description: str) -> SafeString:
    """A path over the 5×5, titled and described for who can't see it."""
    kind = drawn.kind
    parts = [_words("trail", title, description)]
    framed = drawn.goal if drawn.goal and drawn.goal.framed else None
    for square in drawn.squares:
        inset = 5 if framed and (framed.x, framed.y) == (square.x, square.y) else 0
        right = square.x + CELL_WIDTH - inset
        foot = square.y + CELL_HEIGHT - inset * 0.8
        parts.append(
            f'<rect class="sq {bands.code(square.score, kind)}" x="{number(square.x)}" '
            f'y="{number(square.y)}" width="{number(CELL_WIDTH)}" '
            f'height="{number(CELL_HEIGHT)}" rx="3"/>'
            f'<text class="axw" x="{number(right - 6)}" y="{number(foot - 5)}" '
            f'text-anchor="end">{square.score}</text>'
        )
    parts.append(_axes(kind))
    if drawn.appetite:
        points = " ".join(f"{number(x)},{number(y)}" for x, y in drawn.appetite)
        x = drawn.appetite[0][0]
        parts.append(
            f'<polyline class="appl" points="{points}"/>'
            f'<text class="axw" x="{number(x)}" y="12">Appetite {drawn.appetite_score}</text>'
        )
    if drawn.goal:
        parts.append(_goal(drawn.goal))
    parts.extend(_arrow(arrow) for arrow in drawn.arrows)
    parts.extend(_node(node) for node in drawn.nodes)
    return mark_safe(
        f'<svg class="trail" viewBox="0 0 {number(path.WIDTH)} {number(path.HEIGHT)}" '
        f'role="img" aria-labelledby="trail-t trail-d">{"".join(parts)}</svg>'
    )


def _words(name: str, title: str, description: str) -> str:
    return format_html(
        '<title id="{0}-t">{1}</title><desc id="{0}-d">{2}</desc>', name, title, description
    )


@cache
def _axes(kind: str) -> str:
    parts = ['<text class="axw" x="83" y="12" text-anchor="end">Impact ↑</text>']
    for level in scale.LEVELS:
        x, y = path.corner(scale.Position(level, level))
        middle = x + CELL_WIDTH / 2
        side = y + CELL_HEIGHT / 2
        foot = path.HEIGHT - 38
        parts.append(
            f'<text class="axn" x="83" y="{number(side)}" text-anchor="end">{level}</text>'
            f'<text class="axw" x="83" y="{number(side + 15)}" text-anchor="end">'
            f"{scale.impact_word(level, kind)}</text>"
            f'<text class="axn" x="{number(middle)}" y="{number(foot + 15)}" '
            f'text-anchor="middle">{level}</text>'
            f'<text class="axw" x="{number(middle)}" y="{number(foot + 31)}" '
            f'text-anchor="middle">{scale.likelihood_word(level)}</text>'
        )
    return "".join(parts)


def _goal(goal: path.Goal) -> str:
    if goal.framed:
        inset = 4
        left, foot = goal.x, goal.y + CELL_HEIGHT
        shape = (
            f'<rect class="goal" x="{number(goal.x + inset)}" y="{number(goal.y + inset)}" '
            f'width="{number(CELL_WIDTH - 2 * inset)}" '
            f'height="{number(CELL_HEIGHT - 2 * inset)}" rx="6"/>'
        )
        x, y = left + 10, foot - 8
    else:
        shape = (
            f'<circle class="goal" cx="{number(goal.x)}" cy="{number(goal.y)}" '
            f'r="{number(path.GOAL)}"/>'
        )
        x = goal.x - CELL_WIDTH / 2 + 6
        y = goal.y - (CELL_HEIGHT - STRIP) / 2 - 2 + CELL_HEIGHT - 5
    return f'{shape}<text class="goal-t" x="{number(x)}" y="{number(y)}">residual</text>'


def _arrow(arrow: path.Arrow) -> str:
    def at(point: Xy) -> str:
        return f"{number(point[0])} {number(point[1])}"

    turn = f"Q{at(arrow.bend)} " if arrow.bend else "L"
    line = f"M{at(arrow.start)}{turn}{at(arrow.end)}"
    tip, left, right = arrow.head
    css = "path path-gap" if arrow.dashed else "path"
    drawn = (
        f'<path class="halo" d="{line}"/><path class="{css}" d="{line}"/>'
        f'<path class="arrow" d="M{at(tip)}L{at(left)}L{at(right)}z"/>'
    )
    return f'<g class="faint">{drawn}</g>' if arrow.faint else drawn


def _node(node: path.Node) -> str:
    ring, text = ("node-now", "nn nn-now") if node.now else ("node", "nn")
    size = "" if node.font >= 13 else f" nn-{'s' if node.font >= 9 else 'xs'}"
    drop = 4.6 if node.font >= 13 else 3.7 if node.font >= 9 else 2.9
    return (
        f'<circle class="{ring}" cx="{number(node.x)}" cy="{number(node.y)}" '
        f'r="{number(node.radius)}"/><text class="{text}{size}" x="{number(node.x)}" '
        f'y="{number(node.y + drop)}">{node.number}</text>'
    )


@register.simple_tag
def chart(drawn: charts.Chart, title: str, description: str, kind: str = scale.RISK) -> SafeString:
    """Score and residual over time, of `registers.domain.drawing.chart`."""
    left, right = number(charts.LEFT), number(charts.RIGHT)
    parts = [_words("chart", title, description)]
    for value in charts.LINES:
        y = number(charts.height(value))
        parts.append(f'<line class="g" x1="{left}" x2="{right}" y1="{y}" y2="{y}"/>')
    for box in drawn.gaps:
        parts.append(_box(box, "gapcol"))
    foot = number(charts.BOTTOM)
    below = charts.BOTTOM + (16 if drawn.quarters else 0)
    for year in drawn.years:
        x = number(year.x)
        parts.append(
            f'<line class="ev" x1="{x}" x2="{x}" y1="{foot}" y2="{number(charts.BOTTOM + 6)}"/>'
        )
        if year.text:
            parts.append(
                f'<text class="axw" x="{number(year.x + 2)}" y="{number(below + 20)}">'
                f"{year.text}</text>"
            )
    for quarter in drawn.quarters:
        parts.append(
            f'<text class="axw" x="{number(quarter.x)}" y="{number(charts.BOTTOM + 18)}" '
            f'text-anchor="middle">{quarter.text}</text>'
        )
    parts.extend(_box(box, "fill") for box in drawn.fills)
    for css, line in (("ap", drawn.appetite), ("re", drawn.residual), ("sc", drawn.score)):
        if line:
            parts.append(f'<path class="{css}" d="{line}"/>')
    end = number(drawn.end)
    if drawn.residual_dot is not None:
        parts.append(
            f'<circle class="dot-r" cx="{end}" cy="{number(drawn.residual_dot)}" r="4.5"/>'
        )
    if drawn.score_dot is not None:
        parts.append(f'<circle class="dot" cx="{end}" cy="{number(drawn.score_dot)}" r="5"/>')
    for note in drawn.notes:
        parts.append(
            f'<text class="axw note" x="{number(note.x)}" y="{number(note.y)}" '
            f'text-anchor="middle">{note.text}</text>'
        )
    for label in drawn.labels:
        css = {"score": "lab-s", "residual": "lab-r"}.get(label.kind, "axw")
        parts.append(
            f'<text class="{css}" x="{number(drawn.end + 12)}" y="{number(label.y)}">'
            f"{label.text}</text>"
        )
    css = "chart chart-opp" if kind == scale.OPPORTUNITY else "chart"
    return mark_safe(
        f'<div class="chart-in">{_axis()}'
        f'<svg class="{css}" viewBox="{AXIS} 0 {charts.WIDTH - AXIS} {charts.HEIGHT}" role="img" '
        f'aria-labelledby="chart-t chart-d">{"".join(parts)}</svg></div>'
    )


def _axis() -> str:
    """The scores beside the chart, a drawing of their own: it stays while the years scroll."""
    scores = "".join(
        f'<text class="axw" x="26" y="{number(charts.height(value) + 4)}" text-anchor="end">'
        f"{value}</text>"
        for value in charts.LINES
    )
    return (
        f'<svg class="chart chart-axis" viewBox="0 0 {AXIS} {charts.HEIGHT}" aria-hidden="true">'
        f"{scores}</svg>"
    )


def _box(box: charts.Box, css: str) -> str:
    return (
        f'<rect class="{css}" x="{number(box.x)}" y="{number(box.y)}" '
        f'width="{number(box.width)}" height="{number(box.height)}"/>'
    )


@register.simple_tag
def band_word(value: int, bands: scale.Bands, kind: str) -> str:
    """The word of a score's band: 'Very high'."""
    return bands.word(value, kind)


@register.simple_tag
def action_points(lines: Sequence[promises.Line]) -> SafeString:
    """Actions as the points they are printed as, where there is nothing to tabulate."""
    return passage(
        tuple(
            passages.Point(line.action.text, line.action.level, line.action.plain) for line in lines
        )
    )
