"""The register as a table: its columns on the screen and in the files made of it.

A column says three things of a row: its HTML, its plain value for a file, and what it sorts by.
Whatever it sorts by, risks come first and opportunities after.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import django_tables2 as tables
from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable, OrderBy
from django.db.models.functions import Coalesce, Length, Lower, NullIf, Replace
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2.rows import BoundRow, BoundRows

from registers import movement, passages
from registers.exporting import tabular
from registers.models import Edition, Snapshot, Strand, User
from registers.sparkline import sparkline
from registers.templatetags import drawing
from registers.templatetags import fivebyfive as marks

TREND = 8  # editions in a sparkline
DEFAULT_SORT = ("-score",)

TEXTS = ("description", "consequences", "controls", "commentary")


# What a row on the screen is made of; texts are read only where their column is chosen.
READ = (
    "edition_id",
    "entry__kind",
    "reference",
    "title",
    "owner__name",
    "owner_text",
    "impact",
    "likelihood",
    "score",
    "residual_impact",
    "residual_likelihood",
    "residual_score",
    "residual_by",
    "direction",
)


def with_columns(snapshots: QuerySet, columns: Sequence[str]) -> QuerySet:
    """Read what the chosen columns show, and no other text."""
    texts = [name for name in columns if name in TEXTS]
    snapshots = snapshots.select_related("entry", "owner").only(*READ, *texts)
    if texts:
        snapshots = snapshots.prefetch_related("strands")
    return snapshots.prefetch_related("actions") if "actions" in columns else snapshots


def with_score_before(snapshots: QuerySet, before: Edition | None, user: User) -> QuerySet:
    """Each with the score of its entry in another edition, as far as the person may read it."""
    earlier = Snapshot.objects.visible_to(user).filter(edition=before, entry=OuterRef("entry"))
    return snapshots.annotate(score_before=Subquery(earlier.values("score")[:1]))


def natural(column: str = "reference") -> list[Combinable]:
    """CR2 before CR10, and every CR before any CS: by letters, then by length, then as text."""
    letters: Combinable = F(column)
    for digit in "0123456789":
        letters = Replace(letters, Value(digit), Value(""))
    return [letters, Length(column), F(column)]


def in_order(snapshots: QuerySet, by: Sequence[Combinable], descending: bool) -> QuerySet:
    """Risks first, then by what is given; those without a value last, either way."""
    first = [
        OrderBy(expression, descending=descending, nulls_last=True)
        if not isinstance(expression, OrderBy)
        else expression
        for expression in by
    ]
    return snapshots.order_by("-entry__kind", *first, *natural(), "pk")


@dataclass(frozen=True, slots=True)
class Beside:
    """What the rows on the screen need besides their snapshots, read for all of them at once.

    `types` are names by snapshot; `scores` by entry and then by edition, for the last editions up
    to this one (`editions`, ids, oldest first).
    """

    types: Mapping[int, Sequence[str]] = field(default_factory=dict)
    scores: Mapping[int, Mapping[int, int | None]] = field(default_factory=dict)
    editions: Sequence[int] = ()

    @classmethod
    def of(cls, snapshots: Iterable[Snapshot], editions: Sequence[int], user: User) -> Beside:
        """`editions` are the ids of the editions up to this one, oldest first. Two queries."""
        rows = list(snapshots)
        return cls(_types(rows), _scores(rows, editions[-TREND:], user), editions[-TREND:])


def _types(rows: list[Snapshot]) -> dict[int, list[str]]:
    """An entry's own types and those of its strands, each once, by name."""
    ids = [row.pk for row in rows]
    own = Snapshot.types.through.objects.filter(snapshot__in=ids)
    strands = Strand.types.through.objects.filter(strand__snapshot__in=ids)
    found: dict[int, list[str]] = {}
    for pk, name in sorted(
        own.values_list("snapshot_id", "type__name").union(
            strands.values_list("strand__snapshot_id", "type__name")
        )
    ):
        found.setdefault(pk, []).append(name)
    return found


def _scores(
    rows: list[Snapshot], editions: Sequence[int], user: User
) -> dict[int, dict[int, int | None]]:
    found: dict[int, dict[int, int | None]] = {}
    earlier = Snapshot.objects.visible_to(user).filter(
        edition__in=editions, entry__in=[row.entry_id for row in rows]
    )
    for entry, edition, score in earlier.values_list("entry_id", "edition_id", "score"):
        found.setdefault(entry, {})[edition] = score
    return found


@dataclass(frozen=True, slots=True)
class Before:
    """What a movement needs of the edition before."""

    score: int | None


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
        return record.get_direction_display()


class TrendColumn(Column):
    """The scores of the last editions up to this one, oldest first."""

    def scores(self, record, table) -> list[int | None]:
        known = table.beside.scores.get(record.entry_id, {})
        editions = table.beside.editions
        first = next((n for n, edition in enumerate(editions) if edition in known), len(editions))
        return [known.get(edition) for edition in editions[first:]]

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


class Row(BoundRow):
    """A row that asks its columns straight away, without working out which arguments each takes."""

    def items(self):
        for bound in self.table.shown:
            yield bound, bound.column.render(self.record, self.table)


class Rows(BoundRows):
    def __iter__(self):
        return (Row(record, table=self.table) for record in self.data)

    def __getitem__(self, key):
        return Rows(data=self.data[key], table=self.table)


class RegisterTable(tables.Table):
    """The register of one edition. `beside` is filled in once the rows to show are known."""

    reference = ReferenceColumn("Ref", css="tight", width=8)
    title = TitleColumn("Title", width=44, wraps=True)
    type = TypeColumn("Type", css="hide-m", width=22, wraps=True)
    owner = OwnerColumn("Owner", css="hide-m", width=30, wraps=True)
    score = ScoreColumn("Score", "score", css="tight", width=9)
    position = PositionColumn("Position", "score", css="hide-m", width=22, chosen=False)
    band = BandColumn("Band", "score", css="hide-m", width=12)
    residual = ScoreColumn("Residual", "residual_score", css="tight hide-s", width=10)
    residual_position = PositionColumn(
        "Residual position", "residual_score", css="hide-m", width=22, chosen=False
    )
    residual_by = DateColumn("Residual by", css="hide-m", width=18, chosen=False)
    since = SinceColumn("Since last", width=12)
    says = SaysColumn("Owner says", css="hide-s", width=12)
    trend = TrendColumn(f"Last {TREND} editions", css="hide-m", width=26, orderable=False)
    description = TextColumn("Description", "description")
    consequences = TextColumn("Consequences", "consequences")
    controls = TextColumn("Controls", "controls")
    actions = TextColumn("Actions", "actions")
    commentary = TextColumn("Commentary", "commentary")

    class Meta:
        order_by_field = "sort"
        template_name = "registers/partials/table.html"
        empty_text = "No entry fits this filter."

    def __init__(
        self,
        snapshots: QuerySet,
        *,
        edition: Edition,
        before: Edition | None,
        columns: Sequence[str],
        sort: Sequence[str],
        user: User,
    ):
        """`before` is the edition to compare with, `columns` the names of the chosen ones."""
        self.edition, self.before = edition, before
        self.caption = f"{edition.register.name}: risks and opportunities, {edition.quarter.label}"
        self.bands = edition.bands
        self.beside = Beside()
        snapshots = with_columns(snapshots, columns)
        if any(name.removeprefix("-") == "since" for name in sort):
            snapshots = with_score_before(snapshots, before, user)
        super().__init__(
            snapshots,
            exclude=[name for name in self.base_columns if name not in columns],
            order_by=sort[:1],
        )
        if not self.order_by:
            self.order_by = DEFAULT_SORT
        self.rows = Rows(data=self.data, table=self)
        self.shown = list(self.columns)
        self._links: dict[int, str] = {}
        if before is not None and "since" in self.columns:
            self.columns["since"].column.verbose_name = f"Since {before.quarter.short}"

    def link(self, entry: int) -> str:
        if entry not in self._links:
            address = reverse("entry", args=[entry])
            self._links[entry] = f"{address}?edition={self.edition.quarter.slug}"
        return self._links[entry]

    def types_of(self, record: Snapshot) -> str:
        return "; ".join(self.beside.types.get(record.pk, ()))

    def movement_of(self, record: Snapshot) -> movement.Movement:
        before = None
        known = self.beside.scores.get(record.entry_id, {})
        if self.before is not None and self.before.pk in known:
            before = Before(known[self.before.pk])
        return movement.between(before, record, record.kind)

    def as_sheet(self, title: str, about: Sequence[tuple[str, str]] = ()) -> tabular.Sheet:
        """The same rows and columns, in the same order, for a file."""
        shown = [(bound, bound.column) for bound in self.columns]
        return tabular.Sheet(
            title,
            [tabular.Heading(bound.header, column.width, column.wraps) for bound, column in shown],
            (
                [
                    tabular.Cell(column.text(record, self), column.band(record, self))
                    for _, column in shown
                ]
                for record in self.data
            ),
            about,
        )
