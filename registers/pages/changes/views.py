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

from registers.domain import difference, grid
from registers.domain.content import Content
from registers.domain.difference import Change
from registers.domain.english import counted
from registers.domain.kinds import WORDS
from registers.domain.quarters import Quarter
from registers.domain.scale import Position
from registers.models import Edition, Kind, User
from registers.pages.changes.lines import (
    ACTIONS,
    HEADINGS,
    MARKS,
    OWNER,
    RENUMBERED,
    REWORDED,
    Group,
    Line,
    Lines,
    is_marked,
)
from registers.pages.editions import edition_or_404, entry_url, or_last_issue, respond
from registers.pages.query import with_query
from registers.reading.comparisons import compared, first_seen, in_full

# Texts are compared word by word for the rows of a page only.
PAGE_SIZE = 50
MOST_NAMED = 12


@or_last_issue
def page(request: HttpRequest, register: str, edition: str) -> HttpResponse:
    editions = _editions(request.user, register)
    later = editions.get(_parsed(edition))
    if later is None or request.GET.get("issue"):
        later = edition_or_404(request, register, edition)
    before = _earlier(request.GET, editions, later.quarter)
    after = _quarter(request.GET, "to", editions) or later.quarter
    if before is not None and before > after:
        before, after = after, before
    if after != later.quarter:
        changed = {"to": None, "page": None, "issue": None, "since": before and before.slug}
        query = with_query(request.GET, **changed)
        return redirect(reverse("changes", args=[register, after.slug]) + query)
    earlier = None if before is None else editions[before]
    return respond(
        request,
        later,
        "registers/changes.html",
        title=f"What changed in {later.quarter}, {later.register.name}",
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
        self.lines = Lines(self.before, self.after, self._entry, self._difference)
        rows = self._page()
        groups, unchanged = self._grouped(list(rows))
        return {
            **pickers,
            "title": self._title(rows.number),
            "short": self.lines.when,
            "apart": self._apart(),
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
        return entry_url(edition, entry)

    def _difference(self, entry: int) -> str:
        if self.after.issued is not None:
            return self._entry(self.after, entry)
        before, after = self.before.quarter.slug, self.after.quarter.slug
        return f"{self._entry(self.after, entry)}&from={before}&to={after}#history"

    def _cell(self, edition: Edition, position: Position) -> str:
        issue = self.query.get("issue") if edition.issued is not None else None
        asked = {"kind": self.kind, "impact": position.impact, "likelihood": position.likelihood}
        return edition.url("table") + with_query(QueryDict(), **asked, issue=issue)

    # The rows -------------------------------------------------------------------------------------

    @property
    def shown(self) -> str:
        """The one group or mark that is asked for; empty for all."""
        asked = self.query.get("show", "")
        return asked if asked in HEADINGS or asked in MARKS else ""

    def _listed(self) -> list[Change]:
        if self.shown in HEADINGS:
            return list(self.changes.groups[self.shown])
        listed = self.changes.listed()
        if self.shown:
            return [change for change in listed if is_marked(change, self.shown)]
        return listed

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
        touched = [row.entry for row in rows if row.reworded or row.actions_changed]
        read = touched and self.after.issued is None
        full = in_full(touched, self.before, self.after) if read else {}
        newcomers = [row.entry for row in rows if row.group == difference.NEW]
        firsts = first_seen(newcomers, self.after, self.user) if newcomers else {}
        said = {
            row.entry: self.lines.of(full.get(row.entry, row), firsts.get(row.entry))
            for row in rows
        }
        counts = self.changes.counts
        groups = [
            Group(name, HEADINGS[name], counts[name], tuple(said[row.entry] for row in members))
            for name, members in groupby(
                (row for row in rows if not row.unchanged), key=lambda row: row.group
            )
        ]
        return groups, [said[row.entry] for row in rows if row.unchanged]

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
            ACTIONS: self.changes.actions_changed,
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

    def _apart(self) -> str:
        """'1 quarter lies between the two.', '2 quarters lie between the two.'; else how near."""
        between = self.before.quarter.distance(self.after.quarter) - 1
        if between == 0:
            return "One quarter follows the other."
        return f"{counted(between, 'quarter')} {'lies' if between == 1 else 'lie'} between the two."

    def _title(self, page: int) -> str:
        """'What changed from Q2 to Q3 2026/27, Corporate, only risks that rose, page 2'."""
        title = f"What changed from {self.before.quarter} to {self.after.quarter}"
        title += f", {self.after.register.name}"
        title += f", only {self._shown_only().lower()}" if self.shown else ""
        return f"{title}, page {page}" if page > 1 else title

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
        outlined = {change.entry for change in self.changes.changes if change.outlined}
        sides = []
        for edition, rows, was in (
            (self.before, self.found.earlier, None),
            (self.after, self.found.later, {row.entry: row for row in self.found.earlier}),
        ):
            shown = [row for row in rows if row.kind == self.kind]
            # A crowded cell shows its first few: those that are worth seeing.
            shown.sort(key=lambda row: row.entry not in outlined)
            appetite = edition.appetite if self.kind == Kind.RISK else None
            missing = [row for row in shown if row.position is None]
            sides.append(
                {
                    "edition": edition,
                    "told": WORDS[self.kind].score.lower(),
                    "appetite": appetite,
                    "count": len(shown),
                    "above": sum(row.above_appetite for row in shown),
                    "missing": [named(row) for row in missing[:MOST_NAMED]],
                    "more_missing": max(len(missing) - MOST_NAMED, 0),
                    "grid": grid.grid(
                        shown,
                        was,
                        kind=self.kind,
                        view=grid.SCORE,
                        bands=edition.bands,
                        appetite=appetite,
                        entry_link=partial(self._entry, edition),
                        cell_link=partial(self._cell, edition),
                        outlined=outlined,
                    ),
                }
            )
        return sides


def named(row: Content) -> str:
    """'CR9 (20)', for a score that has no place on the grid."""
    return f"{row.reference} ({row.score or 'no score'})"
