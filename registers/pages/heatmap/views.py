"""The heat map of an edition: the 5×5, what changed, the quarters, and the same as a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from registers.domain import difference, grid, movement
from registers.domain.content import COMMENTARY, Content
from registers.domain.difference import Change
from registers.domain.drawing import arrows
from registers.domain.grid import INHERENT, MOVEMENT, PREFIX, RESIDUAL, VIEWS
from registers.domain.headlines import Headlines, headlines
from registers.domain.kinds import WORDS, KindWords
from registers.domain.quarters import Quarter
from registers.domain.scale import Position
from registers.models import Edition, Kind, Register, Snapshot, User
from registers.pages.editions import (
    edition_or_404,
    entry_url,
    or_last_issue,
    pack_url,
    respond,
)
from registers.pages.filters import filter_of
from registers.pages.heatmap import movements, picker
from registers.pages.heatmap.asked import Asked
from registers.pages.query import ABOVE_APPETITE, with_query
from registers.reading.contents import marked, terms
from registers.reading.endings import endings
from registers.reading.standings import kept

VIEW_WORDS = {
    INHERENT: "Inherent",
    grid.SCORE: "Score now",
    RESIDUAL: "Residual",
    MOVEMENT: "Movement",
}
# What applying a filter leaves as it is.
KEPT = ("kind", "view", "since", "to", "ghosts", "paper", "issue")
# What a committee reads on paper, each a grid of its own.
ON_PAPER = (
    (Kind.RISK, grid.SCORE),
    (Kind.RISK, RESIDUAL),
    (Kind.OPPORTUNITY, grid.SCORE),
)
MOST_NAMED = 12
YEAR = 4


@or_last_issue
def page(request: HttpRequest, register: str, edition: str) -> HttpResponse:
    found = edition_or_404(request, register, edition)
    return respond(
        request,
        found,
        "registers/heatmap.html",
        title=f"Heat map, {found.quarter}",
        section="heatmap",
        build=lambda: Page(request.user, found, request.GET).context(),
    )


def score_in(view: str, words: KindWords) -> str:
    """The printed name of the score that a view shows."""
    return {INHERENT: words.inherent, RESIDUAL: words.residual}.get(view, words.score)


@dataclass(frozen=True, slots=True)
class Option:
    """One side of a switch, as a link."""

    label: str
    href: str
    current: bool
    count: int | None = None


def _among(rows: QuerySet[Snapshot]) -> ExpressionWrapper:
    """Whether a snapshot is one of these."""
    return ExpressionWrapper(Q(pk__in=rows.order_by().values("pk")), BooleanField())


class Page:
    """Everything the page shows of one edition to one person, read in a fixed number of queries."""

    def __init__(self, user: User, edition: Edition, query: QueryDict):
        self.user, self.edition, self.query = user, edition, query
        inherent = edition.register.uses_inherent_score
        self.has = [view for view in VIEWS if inherent or view != INHERENT]
        self.asked = Asked.of(query, self.has)
        self.rail = picker.rail(
            picker.counted(edition.register, user), edition.quarter, link=self._same_view
        )
        self.previous = self._previous()
        self.filter = filter_of(query, edition, user, both_kinds=True)
        self.rows = self.filter.contents()
        self.shown = [row for row in self.rows if row.kind == self.asked.kind]
        self.risks = [row for row in self.rows if row.kind == Kind.RISK]
        # Withheld are those whose past the reader may not know: they are not new.
        self.earlier, self.withheld = self._earlier()
        # None where there is nothing to compare with.
        self.was: dict[int, Content] | None = None
        if self.previous:
            hidden = [row for row in self.rows if row.entry in self.withheld]
            unknown = [row._replace(score=None, position=None) for row in hidden]
            self.was = {row.entry: row for row in [*self.earlier, *unknown]}

        # By entry, how many heavy flags it has; of a draft none is known without reading its past.
        standings = kept(edition, user)
        self.flagged = {entry: count for entry, one in standings.items() if (count := one.heavy)}

    # What is read -------------------------------------------------------------------------------

    def _previous(self) -> picker.Column | None:
        """The published edition before this one; or the one that movement is asked from."""
        asked = self.query.get("since") if self.asked.view == MOVEMENT else None
        earlier = self.rail.published_before
        chosen = (column for column in earlier if column.quarter.slug == asked)
        return next(chosen, next(iter(earlier), None))

    def _earlier(self) -> tuple[list[Content], set[int]]:
        """The previous edition's rows of the entries shown, and of those that are gone; and the ids
        of the entries that the person may not read there.

        An entry is gone when this edition does not have it at all; of a draft, only those are
        told who may read it.
        """
        if self.previous is None:
            return [], set()
        there = Snapshot.objects.in_edition(self.previous.pk)
        seen = there.visible_to(self.user)
        gone = self.filter.narrowing(seen.exclude(entry__in=self._there()))
        drafts = self.user.access.at(self.edition.register_id).reads_all_drafts
        if not self.edition.is_published and not drafts:
            gone = gone.owned_by(self.user.access.posts)
        shown = {row.entry for row in self.rows}
        # Each looked up as a whole: asked row by row, PostgreSQL made the second anew for each.
        read = there.annotate(seen=_among(seen), gone=_among(gone))
        known = Edition.objects.get(pk=self.previous.pk)
        found = marked(read, ["seen", "gone"], {known.pk: terms(known)})
        earlier = [
            row for row, (is_seen, is_gone) in found if is_seen and (is_gone or row.entry in shown)
        ]
        return earlier, {row.entry for row, (is_seen, _) in found if not is_seen}

    def _there(self) -> QuerySet[Snapshot] | list[int]:
        """The entries that this edition has, whoever may see them."""
        if self.edition.issued is not None:
            return list(self.edition.issued.ids)
        return Snapshot.objects.in_edition(self.edition).values("entry")

    def _headlines(self) -> Headlines | None:
        if self.previous is None:
            return None
        stated = endings(self.edition, since=self.previous.quarter, user=self.user)
        rows = [row for row in self.rows if row.entry not in self.withheld]
        compared = difference.compare(self.earlier, rows, endings=stated)
        return headlines(compared, link=self._changed_entry, commentaries=self._commentaries)

    def _commentaries(self, entries: Iterable[int]) -> dict[int, str]:
        if self.edition.issued is not None:
            said = {one.entry: one.texts[COMMENTARY] for one in self.edition.issued.entries}
            return {entry: said[entry] for entry in entries}
        rows = Snapshot.objects.in_edition(self.edition).filter(entry__in=entries).order_by()
        return dict(rows.values_list("entry", "commentary"))

    def _registers(self) -> list[Register]:
        """The registers to choose from; none where there is only one."""
        editions = Edition.objects.visible_to(self.user)
        found = list(Register.objects.filter(pk__in=editions.values("register")))
        return found if len(found) > 1 else []

    # Where things lead ----------------------------------------------------------------------------

    def _here(self, **changes: object) -> str:
        """This page with part of its question changed, scrolled to the grid."""
        return f"{with_query(self.query, **changes) or '?'}#map"

    def _edition_url(self, page: str, quarter: Quarter | None = None, *more: str) -> str:
        slug = (quarter or self.edition.quarter).slug
        return reverse(page, args=[self.edition.register.slug, slug, *more])

    def _same_view(self, quarter: Quarter) -> str:
        """What is shown, in another edition."""
        return self._edition_url("heatmap", quarter) + with_query(self.query, issue=None)

    def _filtered(self, **changes: object) -> str:
        """The query string without what only this page understands."""
        alone = dict.fromkeys(("view", "since", "to", "ghosts", "paper"))
        return with_query(self.query, **{**alone, **changes})

    def _table(self, **changes: object) -> str:
        return self._edition_url("table") + self._filtered(**changes)

    def _cell(self, asked: Asked, position: Position) -> str:
        prefix = PREFIX[asked.view]
        return self._table(
            kind=asked.kind,
            **{f"{prefix}impact": position.impact, f"{prefix}likelihood": position.likelihood},
        )

    def _unplaced(self) -> str:
        return self._table(kind=self.asked.kind, **{f"{PREFIX[self.asked.view]}placed": "no"})

    def _changes(self) -> str:
        if self.previous is None:
            return ""
        asked = {"since": self.previous.quarter.slug, "issue": self.query.get("issue", "")}
        return self._edition_url("changes") + with_query(QueryDict(), **asked)

    def _entry(self, entry: int, quarter: Quarter | None = None) -> str:
        return entry_url(self.edition, entry, quarter)

    def _changed_entry(self, change: Change) -> str:
        """An entry that is gone is read as of the edition that still had it."""
        return self._entry(change.entry, None if change.after else self.previous.quarter)

    # What is shown --------------------------------------------------------------------------------

    def context(self) -> dict[str, Any]:
        asked, edition = self.asked, self.edition
        moving = asked.view == MOVEMENT
        appetite = edition.appetite if asked.kind == Kind.RISK else None
        return {
            "title": self._title(),
            "asked": asked,
            "words": WORDS[asked.kind],
            "told": score_in(asked.view, WORDS[asked.kind]).lower(),
            "bands": edition.bands,
            "band_ranges": list(edition.bands.ranges(asked.kind)),
            "appetite": appetite,
            "sideways": any(self._is_sideways(row) for row in self.shown),
            "with_own_appetite": sum(row.own_appetite is not None for row in self.shown),
            "registers": self._registers(),
            "rail": self.rail,
            "later": self.rail.published_after,
            "previous": self.previous,
            "since": self._since,
            "filter": self.filter,
            "keep": [(name, self.query[name]) for name in KEPT if self.query.get(name)],
            "clear": with_query(self.query, **dict.fromkeys(self.filter.filters)) or "?",
            "kinds": self._kinds(),
            "views": self._views(),
            "destinations": self._destinations() if moving else [],
            "to_residual": self._to_residual,
            "origins": self._origins() if moving else [],
            "along": [(n, v) for n, v in self.query.items() if n not in ("since", "to") and v],
            "steps": movements.steps(self.rail.years, self._step) if moving else [],
            "ghosts_href": self._here(ghosts=None if asked.ghosts else 1),
            "grid": None if moving else self._grid(appetite, asked),
            "on_paper": self._on_paper() if asked.paper else [],
            "to_print": with_query(self.query, paper=1),
            "moves": self._moves(appetite) if moving else None,
            "listed": self._listed(),
            "inherent": INHERENT in self.has,
            "entries": len(self.rows),
            "shown": len(self.shown),
            "risks": len(self.risks),
            "opportunities": len(self.rows) - len(self.risks),
            "above": sum(row.above_appetite for row in self.risks),
            "headlines": self._headlines(),
            "table": self._table(),
            "table_of_kind": self._table(kind=asked.kind),
            "table_above": self._table(**ABOVE_APPETITE),
            "flagged": bool(self.flagged),
            "challenge": self._edition_url("challenge") + self._filtered(),
            "unplaced": self._unplaced(),
            "changes": self._changes(),
            "excel": self._edition_url("table-export", None, "xlsx") + self._filtered(),
            "csv": self._edition_url("table-export", None, "csv") + self._filtered(),
            "pack": pack_url(self.user, edition),
        }

    def _title(self) -> str:
        """'Heat map of risks, residual, Q3 2026/27, Corporate, only Owner: CMT'."""
        view = VIEW_WORDS[self.asked.view].lower()
        edition = f"{self.edition.quarter}, {self.edition.register.name}"
        only = f", only {'; '.join(self.filter.in_words)}" if self.filter.narrows else ""
        return f"Heat map of {WORDS[self.asked.kind].plural}, {view}, {edition}{only}"

    def _kinds(self) -> list[Option]:
        counts = {Kind.RISK: len(self.risks), Kind.OPPORTUNITY: len(self.rows) - len(self.risks)}
        return [
            Option(
                WORDS[kind].plural.capitalize(),
                self._here(kind=kind),
                kind == self.asked.kind,
                counts[kind],
            )
            for kind in Kind
        ]

    def _views(self) -> list[Option]:
        return [
            Option(VIEW_WORDS[view], self._here(view=view, to=None), view == self.asked.view)
            for view in self.has
        ]

    @property
    def _to_residual(self) -> bool:
        """Where the arrows lead; with no edition before this one they can only lead on."""
        return self.asked.to_residual or self.was is None

    @property
    def _since(self) -> str:
        """'Since Q2' where nobody can take it for another year's, else 'Since Q2 2018/19'."""
        if self.previous is None:
            return ""
        before, now = self.previous.quarter, self.edition.quarter
        return f"Since {before.short if before.distance(now) < YEAR else before}"

    def _destinations(self) -> list[Option]:
        since = []
        if self.previous is not None:
            since = [Option(self._since, self._here(to=None), not self._to_residual)]
        return [*since, Option("To residual", self._here(to=RESIDUAL), self._to_residual)]

    def _origins(self) -> list[tuple[str, str, bool]]:
        return movements.origins(self.rail.published_before, self.previous)

    def _on_paper(self) -> list[dict[str, Any]]:
        """The grids beside the one that is shown: of risks, of residuals, of opportunities."""
        shown = (self.asked.kind, self.asked.view)
        return [self._sheet(kind, view) for kind, view in ON_PAPER if (kind, view) != shown]

    def _sheet(self, kind: str, view: str) -> dict[str, Any]:
        asked = Asked(kind, view, to_residual=False, ghosts=False)
        appetite = self.edition.appetite if kind == Kind.RISK else None
        words = WORDS[kind]
        told = score_in(view, words)
        return {
            "title": f"{words.plural.capitalize()}: {told.lower()}",
            "grid": self._grid(appetite, asked),
            "asked": asked,
            "words": words,
            "told": told.lower(),
            "appetite": appetite,
        }

    def _grid(self, appetite: int | None, asked: Asked) -> grid.Grid:
        return grid.grid(
            [row for row in self.rows if row.kind == asked.kind],
            self.was,
            kind=asked.kind,
            view=asked.view,
            bands=self.edition.bands,
            appetite=appetite,
            entry_link=self._entry,
            cell_link=partial(self._cell, asked),
            ghosts=asked.ghosts,
            flagged=self.flagged,
        )

    def _moves(self, appetite: int | None) -> dict[str, Any]:
        """The drawing, and who is not in it."""
        ends = RESIDUAL if self._to_residual else grid.SCORE
        return movements.picture(
            self.shown,
            self.was or {},
            to_residual=self._to_residual,
            entry_link=self._entry,
            list_link=partial(self._cell, replace(self.asked, view=ends)),
            draw=partial(
                arrows.draw, kind=self.asked.kind, bands=self.edition.bands, appetite=appetite
            ),
        )

    def _step(self, quarter: Quarter) -> str:
        """The same drawing of another edition, since the one before that."""
        query = with_query(self.query, issue=None, since=None, to=None)
        return f"{self._edition_url('heatmap', quarter)}{query}#map"

    def _listed(self) -> list[tuple[Content, str, movement.Movement | None]]:
        """The table twin: highest first, as many as fit a page, each with its address."""
        first = grid.by_score(self.shown, self.asked.view)[: grid.TABLE_ROOM]
        return [(one, self._entry(one.entry), self._moved(one)) for one in first]

    def _is_sideways(self, one: Content) -> bool:
        moved = self._moved(one) if self.asked.view == grid.SCORE else None
        return moved is not None and moved.sideways

    def _moved(self, one: Content) -> movement.Movement | None:
        if self.was is None:
            return None
        return movement.between(self.was.get(one.entry), one, one.kind)
