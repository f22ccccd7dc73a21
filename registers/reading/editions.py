"""An edition, read for the pages that show all of it: no texts, one query."""

from __future__ import annotations

from django.db.models import QuerySet

from registers.domain.grid import Row

READ = (
    "pk",
    "entry_id",
    "entry__kind",
    "reference",
    "title",
    "direction",
    "impact",
    "likelihood",
    "score",
    "residual_impact",
    "residual_likelihood",
    "residual_score",
    "residual_by",
    "own_appetite",
    "edition__appetite",
    "owner_id",
    "owner_text",
    "owner__name",
)


def rows(snapshots: QuerySet) -> list[Row]:
    """The snapshots in the order they are printed, in one query."""
    return [Row(*values) for values in snapshots.as_printed().values_list(*READ)]


def marked(snapshots: QuerySet, mark: str) -> list[tuple[Row, bool]]:
    """The same, each with a yes or no that the query was annotated with."""
    read = snapshots.as_printed().values_list(*READ, mark)
    return [(Row(*values), bool(yes)) for *values, yes in read]
