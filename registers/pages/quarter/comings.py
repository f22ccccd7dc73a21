"""What came into a quarter's edition and what left it, so that either can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from registers import cycle
from registers.models import Edition, Lineage, Snapshot


@dataclass(frozen=True, slots=True)
class Added:
    """An entry that was not carried; `origin` says from which other one it was split, if it was."""

    snapshot: Snapshot
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Comings:
    """`absent` stood in the edition before and are not here, without a statement of this one."""

    before: Edition | None
    ended: tuple[Lineage, ...]
    added: tuple[Added, ...]
    absent: tuple[Snapshot, ...]

    def __bool__(self) -> bool:
        return bool(self.ended or self.added or self.absent)


def of(edition: Edition, before: Edition | None, standing: Sequence[Snapshot]) -> Comings:
    """Read in two queries, and two more while an edition is corrected."""
    statements = list(
        Lineage.objects.filter(edition=edition).select_related("entry").with_names().order_by("id")
    )
    for statement in statements:
        statement.edition = edition
    ended = tuple(one for one in statements if one.kind in Lineage.ENDING)
    carried = {one.entry_id: one for one in _stood_in(before)} if before else {}
    known = {one.entry_id for one in standing} | {one.entry_id for one in ended}
    split = {one.entry_id: one.in_words() for one in statements if one not in ended}
    return Comings(
        before,
        ended,
        tuple(
            Added(one, split.get(one.entry_id, ""))
            for one in _added(edition, standing, carried.keys())
        ),
        tuple(one for entry, one in carried.items() if entry not in known),
    )


def _stood_in(before: Edition) -> QuerySet[Snapshot]:
    rows = Snapshot.objects.in_edition(before).select_related("entry")
    return rows.only("entry__kind", "reference", "title").as_printed()


def _added(edition: Edition, standing: Sequence[Snapshot], carried) -> list[Snapshot]:
    added = [one for one in standing if one.entry_id not in carried]
    if edition.issue > 1 and added:
        may_go = set(cycle.added_this_quarter(edition).values_list("pk", flat=True))
        added = [one for one in added if one.pk in may_go]
    return added
