"""The audit trail of a register: every line of its history, latest first, a page at a time.

A register of forty years has a million lines, in eleven tables. A page is asked of each table by
its date and cut to a page's length before they are put together, and the next page goes on from
the last line of this one; so its cost depends neither on how long the trail is nor on how far
back one has gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import models
from django.db.models import Q, QuerySet, Value

from registers.history.asked import KINDS, Asked, lines_of
from registers.history.lines import Record
from registers.history.telling import Telling

PAGE = 50
# For a file: so many lines at a time.
BATCH = 2_000

_EPOCH, _TICK = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands in the trail: its moment, the place of its kind, and its id.

    A thousand lines may share a moment (a quarter that was opened). As text it is part of an
    address, with the moment in microseconds: `1769443200123456-2-17`.
    """

    when: datetime
    kind: int
    line: int

    def __str__(self) -> str:
        return f"{(self.when - _EPOCH) // _TICK}-{self.kind}-{self.line}"

    @classmethod
    def parse(cls, text: str) -> Place:
        """Raises ValueError for what is no place."""
        moment, kind, line = (int(part) for part in text.split("-"))
        if not (kind < len(KINDS) and line < 2**63):
            raise ValueError(f"“{text}” is no place in the trail")
        try:
            return cls(_EPOCH + moment * _TICK, kind, line)
        except OverflowError as error:
            raise ValueError(f"“{text}” is of no moment") from error

    def after(self, kind: int) -> Q:
        """The lines of a kind that come after this place: they are earlier."""
        earlier = Q(history_date__lt=self.when)
        if kind < self.kind:
            return earlier
        # The first condition, which the index on the date answers, follows from the second.
        so_far = Q(history_date__lte=self.when)
        return so_far & (earlier | Q(history_id__lt=self.line)) if kind == self.kind else so_far


@dataclass(frozen=True, slots=True)
class Page:
    """Records, latest first, and where the next page goes on; None if this is the last."""

    records: tuple[Record, ...]
    next: Place | None


def page(asked: Asked, *, after: Place | None = None, size: int = PAGE) -> Page:
    """So many lines of the trail. The number of queries has a fixed bound."""
    places = _places(asked, after, size + 1)
    more = len(places) > size
    places = places[:size]
    return Page(
        tuple(Telling([(one.kind, one.line) for one in places]).records()),
        places[-1] if more else None,
    )


def everything(asked: Asked) -> Iterator[Record]:
    """Every record that is asked for, latest first; only some of them are held at a time."""
    after = None
    while True:
        found = page(asked, after=after, size=BATCH)
        yield from found.records
        if found.next is None:
            return
        after = found.next


def _places(asked: Asked, after: Place | None, size: int) -> list[Place]:
    parts: list[QuerySet] = []
    for place, kind in enumerate(KINDS):
        lines = lines_of(kind, asked)
        if lines is None:
            continue
        if after is not None:
            lines = lines.filter(after.after(place))
        first = lines.order_by("-history_date", "-history_id").values("history_id")[:size]
        # A part of a union may not be cut short on SQLite; what it is chosen from may.
        parts.append(
            kind.model.history.model.objects.filter(history_id__in=first)
            .order_by()
            .annotate(kind_place=Value(place, output_field=models.IntegerField()))
            .values_list("history_date", "kind_place", "history_id")
        )
    if not parts:
        return []
    first, *rest = parts
    together = first.union(*rest, all=True) if rest else first
    found = together.order_by("-history_date", "kind_place", "-history_id")[:size]
    return [Place(*row) for row in found]
