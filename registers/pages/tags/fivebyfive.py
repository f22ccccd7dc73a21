"""Presentation only: the marks that recur on every page (scores, bands, directions, chips).

They are tags rather than included templates because a page may hold thousands of them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from registers.domain import movement as movements
from registers.domain import passages, scale
from registers.models import Edition, User

register = template.Library()

EMPTY = mark_safe("")


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """One of templates/registers/icons, as inline SVG, hidden from screen readers."""
    path = Path(settings.BASE_DIR, "templates", "registers", "icons", f"{name}.svg")
    return mark_safe(path.read_text().strip())


@register.filter
def all_of_it_read_by(edition: Edition, user: User) -> bool:
    """Whether a draft shows a person every entry, and not their own alone."""
    return user.access.at(edition.register_id).reads_all_drafts


@register.simple_tag
def score(value: int | None, bands: scale.Bands, kind: str) -> SafeString:
    """A score in the colour of its band; a dash where there is none."""
    if value is None:
        return mark_safe('<span class="score score-none"><span class="vh">no score</span>–</span>')
    return format_html('<span class="score {}">{}</span>', bands.code(value, kind), value)


@register.simple_tag
def band(value: int | None, bands: scale.Bands, kind: str) -> SafeString:
    """The band of a score: four bars and its word."""
    if value is None:
        return EMPTY
    return format_html(
        '<span class="band">{}{}</span>', pips(bands.of(value)), bands.word(value, kind)
    )


@register.simple_tag
@cache
def pips(number: int) -> SafeString:
    """Four bars of rising height, as many filled as the band's number."""
    bars = "".join(
        f'<rect{" class=on" if place < number else ""} x="{0.5 + 5 * place}" '
        f'y="{10.5 - 3 * place}" width="3.5" height="{3 + 3 * place}"/>'
        for place in range(4)
    )
    return mark_safe(
        f'<svg class="pips" viewBox="0 0 19 14" aria-hidden="true" focusable="false">{bars}</svg>'
    )


@register.simple_tag
def position(cell: scale.Position | None, kind: str) -> str:
    """A cell in words, or that it is not known."""
    return cell.words(kind) if cell else "Position not recorded"


@register.simple_tag
def placed(
    value: int | None, cell: scale.Position | None, bands: scale.Bands, kind: str
) -> SafeString:
    """A score, and on a wide screen its band and its cell in words."""
    return format_html(
        '<span class="posn">{}<span class="hide-s">{}<span class="sub">{}</span></span></span>',
        score(value, bands, kind),
        band(value, bands, kind),
        position(cell, kind),
    )


_DIRECTION_CLASS = {
    movements.BETTER: "dir-better",
    movements.WORSE: "dir-worse",
    movements.SAME: "dir-level",
}
_MOVEMENT_ICON = {
    movements.UP: "up",
    movements.DOWN: "down",
    movements.LEVEL: "level",
    movements.NEW: "new",
    movements.GONE: "closed",
}


def _mark(moved: movements.Movement) -> str:
    """The icon of a movement; a level score in another square has one of its own."""
    return "aside" if moved.sideways else _MOVEMENT_ICON[moved.kind]


@register.simple_tag
def movement(moved: movements.Movement) -> SafeString:
    """What the scores did: an arrow and words, coloured by whether it is good news."""
    css = "dir-new" if moved.kind == movements.NEW else _DIRECTION_CLASS[moved.meaning]
    mark = icon(_mark(moved)) if moved.kind in _MOVEMENT_ICON else EMPTY
    return format_html('<span class="dir {}">{}{}</span>', css, mark, moved.words)


def _shows(moved: movements.Movement) -> bool:
    return moved.sideways or moved.kind in (movements.UP, movements.DOWN, movements.NEW)


_CHIP_MARK = {movements.BETTER: "better", movements.WORSE: "worse", movements.SAME: "fresh"}


@register.simple_tag
def chip(
    reference: str,
    title: str,
    kind: str,
    href: str = "",
    css: str = "",
    moved: movements.Movement | None = None,
    flags: int = 0,
) -> SafeString:
    """An entry by its number: square for a risk, round for an opportunity; perhaps a link.

    `flags` is the number of its heavy flags: a flag for one, with the number for more.
    `moved` adds the mark of what its score did, where it did anything or changed its square.
    """
    shape = "chip" if kind == scale.RISK else "chip chip-opp"
    if css:
        shape = f"{shape} {css}"
    mark, words = EMPTY, title
    if moved is not None and _shows(moved):
        colour = _CHIP_MARK[moved.meaning]
        mark = format_html('<span class="{}">{}</span>', colour, icon(_mark(moved)))
        words = f"{title}, {moved.words.lower()}"
    flagged = EMPTY
    if flags:
        words = f"{words}, {flags} flag{'' if flags == 1 else 's'}"
        number = flags if flags > 1 else ""
        flagged = format_html(
            '<span class="raised" aria-hidden="true">{}{}</span>', icon("flag"), number
        )
    label = format_html('{}{}{}<span class="vh">: {}</span>', reference, mark, flagged, words)
    if href:
        return format_html('<a class="{}" href="{}" title="{}">{}</a>', shape, href, title, label)
    return format_html('<span class="{}" title="{}">{}</span>', shape, title, label)


@register.simple_tag
def passage(points: passages.Passage) -> SafeString:
    """Points as nested lists; plain ones as paragraphs between them."""
    return _nodes(passages.nest(points))


def _nodes(nodes: tuple[passages.Node, ...]) -> SafeString:
    parts: list[SafeString] = []
    items: list[SafeString] = []

    def close_list() -> None:
        if items:
            parts.append(format_html("<ul>{}</ul>", mark_safe("".join(items))))
            items.clear()

    for node in nodes:
        below = _nodes(node.children)
        if node.point.plain:
            close_list()
            parts.append(format_html("<p>{}</p>{}", node.point.text, below))
        else:
            items.append(format_html("<li>{}{}</li>", node.point.text, below))
    close_list()
    return mark_safe("".join(parts))


@register.simple_tag
def difference(changed: passages.Difference) -> SafeString:
    """A word-level difference: what was removed struck out, what was added underlined."""
    lines = []
    for line in changed.lines:
        runs = []
        for run in line:
            if run.change == passages.SAME:
                runs.append(format_html("{}", run.text))
            else:
                element = "ins" if run.change == passages.ADDED else "del"
                runs.append(format_html("<{0}>{1}</{0}>", mark_safe(element), run.text))
        lines.append(format_html("<p>{}</p>", mark_safe(" ".join(runs))))
    return mark_safe("".join(lines))
