"""What changed between two editions of a register: figures, two grids, and entry by entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

from django.core.paginator import Page as PageOfRows
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from registers import comparison, heatmap, wording
from registers.compared import compared, first_seen
from registers.comparison import Change, Words
from registers.filters import with_query
from registers.models import WORDS, Edition, Kind, User
from registers.quarters import Quarter
from registers.scale import Position
from registers.views.reading import respond

# Texts are compared word by word for the rows of a page only.
PAGE_SIZE = 50
MOST_NAMED = 12

RENUMBERED, REWORDED, OWNER = "renumbered", "reworded", "owner"


@dataclass(frozen=True, slots=True)
class Heading:
    """How a group is called: over its figure (for one, for several) and over its rows."""

    one: str
    several: str
    title: str
    icon: str
    css: str = ""
    always: bool = False


HEADINGS = {
    comparison.ROSE: Heading(
        "risk rose", "risks rose", "Risks that rose", "up", "dir-worse", always=True
    ),
    comparison.SHRANK: Heading(
        "opportunity shrank", "opportunities shrank", "Opportunities that shrank", "down",
        "dir-worse",
    ),
    comparison.NEW: Heading("new", "new", "New", "new", "dir-new", always=True),
    comparison.ABSENT: Heading(
        "absent, no closure stated", "absent, no closure stated",
        "Absent without a stated closure", "warning",
    ),
    comparison.UNKNOWN: Heading(
        "score not known", "scores not known", "Score not known in one edition or both", "info"
    ),
    comparison.FELL: Heading(
        "risk fell", "risks fell", "Risks that fell", "down", "dir-better", always=True
    ),
    comparison.GREW: Heading(
        "opportunity grew", "opportunities grew", "Opportunities that grew", "up", "dir-better"
    ),
    comparison.CLOSED: Heading("closed", "closed", "Closed", "closed", always=True),
    comparison.SAME: Heading(
        "same score", "same score", "Same score", "level", "dir-level", always=True
    ),
}  # fmt: skip

MARKS = {
    RENUMBERED: "renumbered",
    REWORDED: "reworded",
    OWNER: "passed to another owner",
}


def page(request: HttpRequest, register: str, edition: str) -> HttpResponse:
    editions = _editions(request.user, register)
    later = editions.get(_parsed(edition))
    if later is None:
        raise Http404
    before = _earlier(request.GET, editions, later.quarter)
    after = _quarter(request.GET, "to", editions) or later.quarter
    if before is not None and before > after:
        before, after = after, before
    if after != later.quarter:
        query = with_query(request.GET, to=None, page=None, since=before and before.slug)
        return redirect(reverse("changes", args=[register, after.slug]) + query)
    earlier = None if before is None else editions[before]
    return respond(
        request,
        later,
        "registers/changes.html",
        title=f"What changed {'since' if before else 'in'} {before or later.quarter}",
        section="changes",
        build=lambda: Page(
            request.user, earlier, later, list(editions.values()), request.GET
        ).context(),
        settled=earlier is None or earlier.is_published,
    )


def _editions(user: User, register: str) -> dict[Quarter, Edition]:
    """By quarter, newest first, the editions of a register that the person may see."""
    seen = Edition.objects.visible_to(user).filter(register__slug=register)
    return {row.quarter: row for row in seen.select_related("register").newest_first()}


def _parsed(text: str) -> Quarter:
    """A quarter of the address; what is not a quarter is not found."""
    try:
        return Quarter.parse(text)
    except ValueError as error:
        raise Http404 from error


def _quarter(query: QueryDict, name: str, chosen: dict[Quarter, Edition]) -> Quarter | None:
    """A quarter of the address, which has to be one that the person may see."""
    if not query.get(name):
        return None
    quarter = _parsed(query[name])
    if quarter not in chosen:
        raise Http404
    return quarter


def _earlier(query: QueryDict, chosen: dict[Quarter, Edition], later: Quarter) -> Quarter | None:
    """The edition to compare with: the one asked for, else the one before. None where none is."""
    asked = _quarter(query, "since", chosen)
    if asked is not None and asked != later:
        return asked
    return max((quarter for quarter in chosen if quarter < later), default=None)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number above the page, leading to the rows it counts."""

    count: int
    label: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words. `notes` are sentences; `words` leads to the difference of its texts."""

    change: Change
    href: str
    notes: tuple[str, ...]
    words: str = ""
    words_href: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A run of lines of one group; `count` are all of the group, on this page or not."""

    name: str
    heading: Heading
    count: int
    lines: tuple[Line, ...]


class Page:
    """Two editions compared for one person, read in a fixed number of queries."""

    def __init__(
        self,
        user: User,
        before: Edition | None,
        after: Edition,
        editions: Sequence[Edition],
        query: QueryDict,
    ):
        """`editions` are all that the person may see, newest first."""
        self.user, self.before, self.after = user, before, after
        self.editions, self.query = editions, query

    def context(self) -> dict[str, Any]:
        pickers = {"editions": self.editions, "before": self.before, "after": self.after}
        if self.before is None:
            return pickers
        self.found = compared(self.before, self.after, self.user)
        self.changes = self.found.changes
        rows = self._page()
        groups, unchanged = self._grouped(list(rows))
        return {
            **pickers,
            "short": short(self.before.quarter, self.after.quarter),
            "bands_before": self.before.bands,
            "bands": self.after.bands,
            "comparison": self.changes,
            "figures": self._figures(),
            "marks": self._marks(),
            "counts": (len(self.found.earlier), len(self.found.later)),
            "kind": self.kind,
            "kinds": self._kinds(),
            "words": WORDS[self.kind],
            "sides": self._sides(),
            "groups": groups,
            "unchanged": unchanged,
            "page": rows,
            "pages": self._pages(rows),
            "shown_only": self._shown_only(),
            "everything": with_query(self.query, show=None, page=None) or "?",
        }

    # Where things lead ----------------------------------------------------------------------------

    def _entry(self, edition: Edition, entry: int) -> str:
        return f"{reverse('entry', args=[entry])}?edition={edition.quarter.slug}"

    def _difference(self, entry: int) -> str:
        before, after = self.before.quarter.slug, self.after.quarter.slug
        return f"{self._entry(self.after, entry)}&from={before}&to={after}#history"

    def _cell(self, edition: Edition, position: Position) -> str:
        table = reverse("table", args=[self.after.register.slug, edition.quarter.slug])
        return f"{table}?kind={self.kind}&impact={position.impact}&likelihood={position.likelihood}"

    # The rows -------------------------------------------------------------------------------------

    @property
    def shown(self) -> str:
        """The one group or mark that is asked for; empty for all."""
        asked = self.query.get("show", "")
        return asked if asked in HEADINGS or asked in MARKS else ""

    def _listed(self) -> list[Change]:
        marked = {
            RENUMBERED: lambda change: change.renumbered,
            REWORDED: lambda change: change.reworded or change.retitled,
            OWNER: lambda change: change.owner_changed,
        }
        if self.shown in HEADINGS:
            return list(self.changes.groups[self.shown])
        listed = self.changes.listed()
        return list(filter(marked[self.shown], listed)) if self.shown else listed

    def _page(self) -> PageOfRows:
        return Paginator(self._listed(), PAGE_SIZE).get_page(self.query.get("page"))

    def _pages(self, rows: PageOfRows) -> list[tuple[int | str, str]]:
        """Numbers of pages and their addresses; '…' stands for those left out."""
        if not rows.has_other_pages():
            return []
        numbers = rows.paginator.get_elided_page_range(rows.number, on_each_side=2, on_ends=1)
        return [
            (number, with_query(self.query, page=number) if number != "…" else "")
            for number in numbers
        ]

    def _grouped(self, rows: list[Change]) -> tuple[list[Group], list[Line]]:
        """The rows of the page by group, and apart from them those of which nothing changed."""
        counted = wording.words(
            (row.entry_id, row.before.snapshot_id, row.after.snapshot_id)
            for row in rows
            if row.reworded
        )
        newcomers = [row.entry_id for row in rows if row.group == comparison.NEW]
        firsts = first_seen(newcomers, self.after, self.user) if newcomers else {}
        line = partial(self._line, counted=counted, firsts=firsts)
        counts = self.changes.counts
        groups = [
            Group(name, HEADINGS[name], counts[name], tuple(map(line, members)))
            for name, members in groupby(
                (row for row in rows if not row.unchanged), key=lambda row: row.group
            )
        ]
        return groups, [line(row) for row in rows if row.unchanged]

    def _line(
        self, change: Change, *, counted: dict[int, Words], firsts: dict[int, Quarter]
    ) -> Line:
        entry = change.entry_id
        if change.after is None:
            return Line(change, self._entry(self.before, entry), tuple(self._gone(change)))
        href = self._entry(self.after, entry)
        if change.before is None:
            return Line(change, href, (self._newcomer(firsts.get(entry)),))
        words = str(counted[entry]) if entry in counted else ""
        return Line(change, href, tuple(self._notes(change)), words, self._difference(entry))

    def _gone(self, change: Change) -> list[str]:
        last = (
            f"Last published in {self._when}"
            if self.before.is_published
            else (f"Last in the draft of {self._when}")
        )
        if change.ending is None:
            return [f"{last}. Nobody has stated why it is gone"]
        reason = f": {change.ending.reason.rstrip('. ')}" if change.ending.reason else ""
        return [f"{last}. {change.ending.words}{reason}"]

    def _newcomer(self, first: Quarter | None) -> str:
        if first is None or first == self.after.quarter:
            return "First published this quarter" if self.after.is_published else "New in the draft"
        if first > self.before.quarter:
            return f"First in {first}"
        return f"In the register before, first in {first}; not in {self._when}"

    def _notes(self, change: Change) -> list[str]:
        was = change.before
        notes = [f"{step.what} {step.before} → {step.after}" for step in change.steps()]
        if change.renumbered:
            notes.append(f"Was {was.reference} in {self._when}")
        if change.retitled:
            notes.append(f"Was called “{was.title}”")
        if change.owner_changed:
            notes.append(f"Owner was {was.owner or 'not named'}")
        return notes

    @property
    def _when(self) -> str:
        return short(self.before.quarter, self.after.quarter)

    # Figures and grids --------------------------------------------------------------------------

    def _figures(self) -> list[Figure]:
        return [
            Figure(
                count,
                heading.one if count == 1 else heading.several,
                f"{with_query(self.query, show=name, page=None)}#entries",
                self.shown == name,
            )
            for name, heading in HEADINGS.items()
            if (count := self.changes.counts[name]) or heading.always
        ]

    def _marks(self) -> list[Figure]:
        counts = {
            RENUMBERED: self.changes.renumbered,
            REWORDED: self.changes.reworded,
            OWNER: self.changes.owner_changed,
        }
        return [
            Figure(
                counts[name],
                label,
                f"{with_query(self.query, show=name, page=None)}#entries",
                self.shown == name,
            )
            for name, label in MARKS.items()
        ]

    def _shown_only(self) -> str:
        if not self.shown:
            return ""
        heading = HEADINGS.get(self.shown)
        return heading.title if heading else MARKS[self.shown].capitalize()

    @property
    def kind(self) -> str:
        asked = self.query.get("kind")
        return asked if asked in Kind.values else Kind.RISK

    def _kinds(self) -> list[tuple[str, str, bool]]:
        return [
            (
                WORDS[kind].plural.capitalize(),
                f"{with_query(self.query, kind=kind)}#grids",
                kind == self.kind,
            )
            for kind in Kind
        ]

    def _sides(self) -> list[dict[str, Any]]:
        """Each edition's grid, with what is said above and below it."""
        outlined = {change.entry_id for change in self.changes.changes if change.outlined}
        sides = []
        for edition, rows, was in (
            (self.before, self.found.earlier, None),
            (self.after, self.found.later, {row.entry_id: row for row in self.found.earlier}),
        ):
            shown = [row for row in rows if row.kind == self.kind]
            # A crowded cell shows its first few: those that are worth seeing.
            shown.sort(key=lambda row: row.entry_id not in outlined)
            appetite = edition.appetite if self.kind == Kind.RISK else None
            missing = [row for row in shown if row.position is None]
            sides.append(
                {
                    "edition": edition,
                    "appetite": appetite,
                    "count": len(shown),
                    "above": sum(row.above_appetite for row in shown),
                    "missing": [named(row) for row in missing[:MOST_NAMED]],
                    "more_missing": max(len(missing) - MOST_NAMED, 0),
                    "grid": heatmap.grid(
                        shown,
                        was,
                        kind=self.kind,
                        view=heatmap.SCORE,
                        bands=edition.bands,
                        appetite=appetite,
                        entry_link=partial(self._entry, edition),
                        cell_link=partial(self._cell, edition),
                        outlined=outlined,
                    ),
                }
            )
        return sides


def named(row: heatmap.Row) -> str:
    """'CR9 (20)', for a score that has no place on the grid."""
    return f"{row.reference} ({row.score or 'no score'})"


def short(quarter: Quarter, beside: Quarter) -> str:
    """'Q2' beside a quarter of the same financial year, else 'Q2 2018/19'."""
    return quarter.short if quarter.year == beside.year else quarter.label
