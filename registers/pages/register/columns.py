"""The columns of the register's table.

A column says three things of a row: its HTML, its plain value for a file, and what it sorts by.
Whatever it sorts by, risks come first and opportunities after.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import django_tables2 as tables
from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable, OrderBy
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from registers.domain import carried, passages
from registers.domain.drawing.sparkline import sparkline
from registers.exporting import tabular
from registers.models import Snapshot
from registers.pages.tags import drawing
from registers.pages.tags import fivebyfive as marks
from registers.reading.references import natural

if TYPE_CHECKING:
    from registers.pages.register.tables import RegisterTable

TREND = 8  # editions in a sparkline


def in_order(snapshots: QuerySet, by: Sequence[Combinable], descending: bool) -> QuerySet:
    """Risks first, then by what is given; those without a value last, either way."""
    first = [
        OrderBy(expression, descending=descending, nulls_last=True)
        if not isinstance(expression, OrderBy)
        else expression
        for expression in by
    ]
    return snapshots.order_by("-entry__kind", *first, *natural(), "pk")


class Column(tables.Column):
    """A column of the register. `css` is for its cells and its heading alike."""

    descending_first = False
    heads_row = False

    def __init__(
        self,
        label: str,
        *,
        css: str = "",
        width: int = 14,
        chosen: bool = True,
        wraps: bool = False,
        orderable: bool = True,
    ):
        # Every cell is rendered from the record, so the accessor only has to be cheap.
        super().__init__(
            verbose_name=label,
            accessor="pk",
            empty_values=(),
            orderable=orderable,
            initial_sort_descending=self.descending_first,
        )
        self.css, self.width, self.chosen, self.wraps = css, width, chosen, wraps

    @property
    def sorts(self) -> str:
        """What a first choice of the heading does, in words."""
        return "highest first" if self.descending_first else "A to Z"

    @property
    def sorts_back(self) -> str:
        return "lowest first" if self.descending_first else "Z to A"

    def by(self) -> Sequence[Combinable]:
        """What it sorts by."""
        return []

    def order(self, queryset: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        return in_order(queryset, self.by(), is_descending), True

    def text(self, record: Snapshot, table: RegisterTable) -> tabular.Value:
        """The value in a file."""
        raise NotImplementedError

    def band(self, record: Snapshot, table: RegisterTable) -> str:
        """The band that colours the value, if any."""
        return ""

    def render(self, record: Snapshot, table: RegisterTable) -> SafeString | str:
        return str(self.text(record, table) or "")

    def value(self, record: Snapshot, table: RegisterTable) -> tabular.Value:
        return self.text(record, table)


class ReferenceColumn(Column):
    @property
    def sorts(self) -> str:
        return "in order of number"

    @property
    def sorts_back(self) -> str:
        return "last number first"

    def by(self):
        return natural()

    def text(self, record, table):
        return record.reference

    def render(self, record, table):
        return marks.chip(
            record.reference, record.title, record.kind, href=table.link(record.entry_id)
        )


class TitleColumn(Column):
    heads_row = True

    def by(self):
        return [Lower("title")]

    def text(self, record, table):
        return record.title

    def render(self, record, table):
        types = table.types_of(record)
        return format_html(
            '<a class="ttl" href="{}">{}</a><span class="sub only-narrow">{}'
            '<span class="hide-s">{}</span></span>',
            table.link(record.entry_id),
            record.title,
            record.owner_name,
            f" · {types}" if types else "",
        )


class TypeColumn(Column):
    def by(self):
        own = Snapshot.types.through.objects.filter(snapshot=OuterRef("pk")).order_by("type__name")
        return [Subquery(own.values("type__name")[:1])]

    def text(self, record, table):
        return table.types_of(record)


class OwnerColumn(Column):
    def by(self):
        return [Lower(Coalesce(NullIf("owner_text", Value("")), "owner__name"))]

    def text(self, record, table):
        return record.owner_name


class ScoreColumn(Column):
    """A score of the snapshot: 'score', 'residual_score', 'inherent_score'."""

    descending_first = True

    def __init__(self, label: str, field: str, **options):
        super().__init__(label, **options)
        self.field = field

    def by(self):
        return [F(self.field)]

    def text(self, record, table):
        return getattr(record, self.field)

    def band(self, record, table):
        score = self.text(record, table)
        return "" if score is None else marks.band_class(score, table.bands, record.kind)

    def render(self, record, table):
        return marks.score(self.text(record, table), table.bands, record.kind)


class BandColumn(ScoreColumn):
    def text(self, record, table):
        return None if record.score is None else table.bands.word(record.score, record.kind)

    def band(self, record, table):
        return ""

    def render(self, record, table):
        return marks.band(record.score, table.bands, record.kind)


class PositionColumn(ScoreColumn):
    """The cell in words: Major × Likely."""

    def by(self):
        prefix = self.field.removesuffix("score")
        return [F(f"{prefix}impact"), F(f"{prefix}likelihood")]

    def text(self, record, table):
        position = getattr(record, self.field.replace("score", "position"))
        return position.words(record.kind) if position else "Not recorded"

    def band(self, record, table):
        return ""

    def render(self, record, table):
        return self.text(record, table)


class DateColumn(Column):
    sorts = "earliest first"
    sorts_back = "latest first"

    def by(self):
        return [F("residual_by")]

    def text(self, record, table):
        return record.residual_by

    def render(self, record, table):
        return date_format(record.residual_by, "j F Y") if record.residual_by else ""


class SinceColumn(Column):
    """What the score did since the edition before."""

    descending_first = True
    sorts = "largest rise first"
    sorts_back = "largest fall first"

    def by(self):
        return [F("score") - F("score_before")]

    def text(self, record, table):
        return table.movement_of(record).words

    def render(self, record, table):
        return marks.movement(table.movement_of(record))


class SaysColumn(Column):
    def by(self):
        return [NullIf("direction", Value(""))]

    def text(self, record, table):
        silent = not record.direction and getattr(record, "is_carried", False)
        return carried.SHORT if silent else record.get_direction_display()


class TrendColumn(Column):
    """The scores of the last editions up to this one, oldest first."""

    def scores(self, record, table) -> list[int | None]:
        known = table.beside.scores.get(record.entry_id, {})
        editions = table.beside.editions
        first = next((n for n, edition in enumerate(editions) if edition in known), len(editions))
        found = [known.get(edition) for edition in editions[first:]]
        return [earlier and earlier.score for earlier in found]

    def text(self, record, table):
        scores = self.scores(record, table)
        return ", ".join("–" if score is None else str(score) for score in scores)

    def render(self, record, table):
        scores = self.scores(record, table)
        if len(scores) < 2:
            return "First edition"
        padding = [None] * (len(table.beside.editions) - len(scores))
        line = sparkline([*padding, *scores], residual=record.residual_score)
        return drawing.spark(line, record.kind)


class TextColumn(Column):
    """A whole text, its strands' included; points as lines in a file."""

    def __init__(self, label: str, field: str):
        super().__init__(label, css="text", width=60, chosen=False, wraps=True, orderable=False)
        self.field = field

    def points(self, record) -> passages.Passage:
        if self.field == "actions":
            return record.actions_passage()
        return record.passage(self.field)

    def text(self, record, table):
        return "\n".join(
            "  " * point.level + ("" if point.plain else "• ") + point.text
            for point in self.points(record)
        )

    def render(self, record, table):
        return marks.passage(self.points(record))
