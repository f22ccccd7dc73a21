"""The columns of the register's table as django-tables2 wants them, over `domain.columns`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import django_tables2 as tables
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from registers.domain import columns, content
from registers.domain.columns import Column
from registers.domain.content import Content
from registers.domain.drawing.sparkline import sparkline
from registers.pages.tags import drawing
from registers.pages.tags import fivebyfive as marks

if TYPE_CHECKING:
    from registers.pages.register.tables import RegisterTable

Html = SafeString | str
# How many flags a cell names.
FLAGS = 3

# The classes of a column's cells and heading.
CSS = {
    "reference": "tight",
    "title": "",
    "score": "tight",
    "inherent": "tight hide-s",
    "residual": "tight hide-s",
    "since": "",
    "says": "hide-s",
    "flags": "",
    "above_since": "",
    "at_score": "hide-s",
    "late": "hide-s",
}


class EntryColumn(tables.Column):
    """One of `domain.columns` in the table."""

    def __init__(self, said: Column, render: Callable[[Content, RegisterTable], Html] | None):
        super().__init__(
            verbose_name=said.label,
            # Every cell is made of the whole record.
            accessor="entry",
            empty_values=(),
            orderable=said.key is not None,
            initial_sort_descending=said.descending_first,
        )
        self.said, self._render = said, render
        self.css = "text" if said.text else CSS.get(said.name, "hide-m")
        self.descending_first = said.descending_first
        self.sorts, self.sorts_back = said.order, said.back
        self.heads_row = said.name == "title"

    def render(self, record: Content, table: RegisterTable) -> Html:
        if self._render is not None:
            return self._render(record, table)
        return str(self.said.value(record, table.beside) or "")


def _reference(one: Content, table: RegisterTable) -> Html:
    return marks.chip(one.reference, one.title, one.kind, href=table.link(one.entry))


def _title(one: Content, table: RegisterTable) -> Html:
    types = columns.BY_NAME["type"].value(one, table.beside)
    return format_html(
        '<a class="ttl" href="{}">{}</a><span class="sub only-narrow">{}'
        '<span class="hide-s">{}</span></span>',
        table.link(one.entry),
        one.title,
        one.owner,
        f" · {types}" if types else "",
    )


def _score(attribute: str) -> Callable[[Content, RegisterTable], Html]:
    return lambda one, table: marks.score(getattr(one, attribute), one.bands, one.kind)


def _band(one: Content, table: RegisterTable) -> Html:
    return marks.band(one.score, one.bands, one.kind)


def _residual_by(one: Content, table: RegisterTable) -> Html:
    return date_format(one.residual_by, "j F Y") if one.residual_by else ""


def _since(one: Content, table: RegisterTable) -> Html:
    return marks.movement(table.beside.moved(one))


def _trend(one: Content, table: RegisterTable) -> Html:
    scores = table.beside.trend(one)
    if len(scores) < 2:
        return "First edition"
    padding = [None] * (len(table.beside.editions) + 1 - len(scores))
    line = sparkline([*padding, *scores], residual=one.residual_score)
    return drawing.spark(line, one.kind)


def _flags(one: Content, table: RegisterTable) -> Html:
    """The heaviest few; the page of the entry has them all."""
    flags = table.beside.stands(one).flags
    more = f"and {len(flags) - FLAGS} more" if len(flags) > FLAGS else ""
    titles = [flag.marked for flag in flags[:FLAGS]]
    return format_html_join(
        "", '<span class="sub">{}</span>', ((line,) for line in [*titles, more] if line)
    )


def _text(section: str) -> Callable[[Content, RegisterTable], Html]:
    if section == content.ACTIONS:
        return lambda one, table: marks.passage(one.printed_actions())
    return lambda one, table: marks.passage(one.passage(section))


# What is more than its plain value on the screen.
_RENDERED = {
    "reference": _reference,
    "title": _title,
    "band": _band,
    "residual_by": _residual_by,
    "since": _since,
    "trend": _trend,
    "flags": _flags,
}


def column(said: Column) -> EntryColumn:
    if said.score:
        return EntryColumn(said, _score(said.score))
    if said.text:
        return EntryColumn(said, _text(said.text))
    return EntryColumn(said, _RENDERED.get(said.name))
