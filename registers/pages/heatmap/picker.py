"""The quarter rail: every edition of a register that a person may see, and the quarters without.

The counts leave out what the person may not see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from django.core.cache import caches
from django.db import models
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from registers.domain.quarters import Quarter
from registers.models import Edition, Register, State, User
from registers.models.entry import Kind
from registers.pages.release import RELEASE

# A column is drawn in a box 20 × 38; the bars stand on its floor.
FLOOR, TALLEST = 38, 32
# One risk is drawn no taller than this, so that a short register looks short.
ONE = 4.0
# Beyond so many years, a year in which nothing was published is left out of the drawing.
YEARS_IN_FULL = 15
# The state of an edition of which a reader may see what was published, but not the correction.
CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Column:
    """One quarter. `state` is None where there is no edition."""

    quarter: Quarter
    state: str | None = None
    pk: int | None = None
    risks: int = 0
    above: int = 0
    current: bool = False
    unit: float = 1.0
    href: str = ""

    @property
    def label(self) -> str:
        return self.quarter.label

    @property
    def words(self) -> str:
        if self.state is None:
            return f"{self.quarter}: no edition was published"
        if self.corrected:
            return f"{self.quarter}: being corrected, as it was published"
        draft = "" if self.state == State.PUBLISHED else " (draft)"
        risks = "1 risk" if self.risks == 1 else f"{self.risks} risks"
        return f"{self.quarter}{draft}: {risks}, {self.above} above appetite"

    @property
    def corrected(self) -> bool:
        """Only what was published of it is this reader's: there is nothing to count."""
        return self.state == CORRECTED

    @property
    def within_height(self) -> float:
        return round((self.risks - self.above) * self.unit, 1)

    @property
    def above_height(self) -> float:
        return round(self.above * self.unit, 1)

    @property
    def within_top(self) -> float:
        return round(FLOOR - self.above_height - self.within_height, 1)

    @property
    def above_top(self) -> float:
        return round(FLOOR - self.above_height, 1)


@dataclass(frozen=True, slots=True)
class Year:
    """A financial year and its quarters, newest first."""

    label: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Rail:
    """Years newest first, with the neighbours of the current edition."""

    years: tuple[Year, ...]
    current: Column
    earlier: Column | None
    later: Column | None
    first: Quarter
    span: int
    gaps: bool

    @property
    def columns(self) -> list[Column]:
        """Newest first."""
        return [column for year in self.years for column in year.columns]

    @property
    def corrected(self) -> list[Column]:
        """Those that can be read only as they were published, newest first."""
        return [column for column in self.columns if column.corrected]

    @property
    def published_before(self) -> list[Column]:
        """The editions published before the current one, the latest first."""
        now = self.current.quarter
        return [one for one in self.columns if one.state == State.PUBLISHED and one.quarter < now]

    @property
    def published_after(self) -> list[Column]:
        """The editions published after the current one, the latest last."""
        now = self.current.quarter
        found = [one for one in self.columns if one.state == State.PUBLISHED and one.quarter > now]
        return found[::-1]


# Quarter, state, id, risks, risks above appetite.
Count = tuple[Quarter, str, int, int, int]


def counted(register: Register, user: User) -> list[Count]:
    """The editions a person may see, newest first, with what `rail` draws of each.

    Published counts never change until the register's stamp does, so they are kept for everyone
    who reads the same; drafts are counted afresh. One query, or none. An edition that is being
    corrected is told of to those who may not see the correction: it was published.
    """
    access = user.access
    key = f"rail-{RELEASE}-{register.pk}-{register.stamp}-{access.reading_class(register.pk)}"
    sees_drafts = access.at(register.pk).reads_all_drafts or bool(access.posts)
    settled: list[Count] | None = caches["pages"].get(key)
    if settled is None:
        found = list(_counts(register, user))
        settled = [row for row in found if row[1] == State.PUBLISHED or not sees_drafts]
        caches["pages"].set(key, settled, timeout=None)
        return found
    if not sees_drafts:
        return settled
    drafts = _counts(register, user).exclude(state=State.PUBLISHED)
    return sorted([*drafts, *settled], reverse=True)


def _counts(register: Register, user: User) -> QuerySet[Edition]:
    visible = Edition.objects.visible_to(user).filter(register=register)
    being_corrected = Q(issue__gt=1) & ~Q(state=State.PUBLISHED)
    being_corrected &= user.access.where("reads")
    editions = Edition.objects.filter(register=register)
    editions = editions.filter(Q(pk__in=visible.values("pk")) | being_corrected)
    risks = user.access.snapshots("snapshots__") & Q(snapshots__entry__kind=Kind.RISK)
    above = Q(snapshots__score__gt=Coalesce(F("snapshots__own_appetite"), F("appetite")))
    return (
        editions.annotate(
            shown_as=Case(
                When(pk__in=visible.values("pk"), then=F("state")), default=Value(CORRECTED)
            )
        )
        .newest_first()
        .values_list("quarter", "shown_as", "pk")
        .annotate(
            risks=models.Count("snapshots", filter=risks),
            above=models.Count("snapshots", filter=risks & above),
        )
    )


def rail(
    counts: Iterable[Count],
    current: Quarter,
    *,
    link: Callable[[Quarter], str],
) -> Rail:
    """Draw `counted`: quarters newest first with state, id, risks and risks above appetite.

    The current quarter has to be among them. `link` gives the address of a quarter's edition.
    """
    rows = list(counts)
    unit = min(TALLEST / max(1, *(risks for *_, risks, _ in rows)), ONE)
    editions = {
        quarter: Column(quarter, state, pk, risks, above, quarter == current, unit, link(quarter))
        for quarter, state, pk, risks, above in rows
    }
    first, last = min(editions), max(editions)
    quarters = sorted(first.until(last), reverse=True)
    years = [
        Year(label, tuple(editions.get(quarter) or Column(quarter) for quarter in year))
        for label, year in groupby(quarters, key=lambda quarter: quarter.financial_year)
    ]
    if len(years) > YEARS_IN_FULL:
        years = [year for year in years if any(column.state for column in year.columns)]
    earlier = max((quarter for quarter in editions if quarter < current), default=None)
    later = min((quarter for quarter in editions if quarter > current), default=None)
    return Rail(
        tuple(years),
        editions[current],
        editions[earlier] if earlier else None,
        editions[later] if later else None,
        first,
        first.distance(last) + 1,
        len(editions) < len(quarters),
    )
