"""The register of an edition as a table: on the screen, and in the files made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import django_tables2 as tables
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django_tables2.rows import BoundRow, BoundRows

from registers.domain import carried, movement, scale
from registers.exporting import tabular
from registers.models import Edition, Snapshot, Strand, User
from registers.pages.register.columns import (
    TREND,
    BandColumn,
    DateColumn,
    OwnerColumn,
    PositionColumn,
    ReferenceColumn,
    SaysColumn,
    ScoreColumn,
    SinceColumn,
    TextColumn,
    TitleColumn,
    TrendColumn,
    TypeColumn,
)

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
    snapshots = snapshots.annotate(is_carried=Q(commentary__startswith=carried.BEGINS))
    if texts:
        snapshots = snapshots.prefetch_related("strands")
    return snapshots.prefetch_related("actions") if "actions" in columns else snapshots


def with_score_before(snapshots: QuerySet, before: Edition | None, user: User) -> QuerySet:
    """Each with the score of its entry in another edition, as far as the person may read it."""
    earlier = Snapshot.objects.visible_to(user).filter(edition=before, entry=OuterRef("entry"))
    return snapshots.annotate(score_before=Subquery(earlier.values("score")[:1]))


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a movement needs of an earlier edition."""

    score: int | None
    impact: int | None
    likelihood: int | None

    @property
    def position(self) -> scale.Position | None:
        known = self.impact is not None and self.likelihood is not None
        return scale.Position(self.impact, self.likelihood) if known else None


@dataclass(frozen=True, slots=True)
class Beside:
    """What the rows on the screen need besides their snapshots, read for all of them at once.

    `types` are names by snapshot; `scores` by entry and then by edition, for the last editions up
    to this one (`editions`, ids, oldest first).
    """

    types: Mapping[int, Sequence[str]] = field(default_factory=dict)
    scores: Mapping[int, Mapping[int, Earlier]] = field(default_factory=dict)
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
) -> dict[int, dict[int, Earlier]]:
    found: dict[int, dict[int, Earlier]] = {}
    earlier = Snapshot.objects.visible_to(user).filter(
        edition__in=editions, entry__in=[row.entry_id for row in rows]
    )
    for entry, edition, *said in earlier.values_list(
        "entry_id", "edition_id", "score", "impact", "likelihood"
    ):
        found.setdefault(entry, {})[edition] = Earlier(*said)
    return found


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
        known = self.beside.scores.get(record.entry_id, {})
        before = known.get(self.before.pk) if self.before is not None else None
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
