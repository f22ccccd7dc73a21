"""The register of an edition as a table, and the files made of what it shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.formats import date_format

from registers.domain.columns import BY_NAME, INHERENT, OF_THE_PAST, TREND, Beside
from registers.domain.content import Content
from registers.domain.kinds import WORDS
from registers.exporting import tabular
from registers.exporting.entries import sheet
from registers.models import Edition, Kind, Snapshot, User
from registers.pages.editions import (
    edition_or_404,
    entry_url,
    or_last_issue,
    pack_url,
    respond,
)
from registers.pages.filters import filter_of
from registers.pages.query import with_query
from registers.pages.register.tables import RegisterTable
from registers.reading.beside import beside
from registers.reading.contents import terms, typed, whole

PAGE_SIZES = (25, 50, 100)
PAGE_SIZE = 50
ALL, MOST = "all", 500  # 'all' on one page, but never more than the page can carry

ALWAYS = ("reference", "title")
# What filtering, choosing columns and turning pages leave as they are.
KEPT_BY_FILTER = ("kind", "sort", "per_page", "columns", "issue")
KEPT_BY_COLUMNS = ("sort", "per_page", "issue")

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@or_last_issue
def page(request: HttpRequest, register: str, edition: str) -> HttpResponse:
    found = edition_or_404(request, register, edition)
    return respond(
        request,
        found,
        "registers/table.html",
        title=f"The register, {found.quarter}",
        section="table",
        build=lambda: Listing(request.user, found, request.GET).context(),
    )


def export(request: HttpRequest, register: str, edition: str, format: str) -> HttpResponse:
    """Every entry that the filter leaves, with the columns and in the order of the screen."""
    if format not in CONTENT_TYPES:
        raise Http404
    found = edition_or_404(request, register, edition)
    listing = Listing(request.user, found, request.GET)
    made = listing.sheet()
    content = tabular.as_csv(made) if format == "csv" else tabular.as_excel(made)
    response = HttpResponse(content, content_type=CONTENT_TYPES[format])
    response["Content-Disposition"] = f'attachment; filename="{listing.file_name}.{format}"'
    patch_cache_control(response, private=True, no_cache=True)
    return response


@dataclass(frozen=True, slots=True)
class Option:
    """One choice among several, as a link or a tick box."""

    name: str
    label: str
    href: str = ""
    current: bool = False


class Listing:
    """The entries of one edition that a person asks for, read in a fixed number of queries."""

    def __init__(self, user: User, edition: Edition, query: QueryDict):
        self.user, self.edition, self.query = user, edition, query
        self.filter = filter_of(query, edition, user)
        self.found = self.filter.contents()
        self.table = RegisterTable(
            self._read_for_sorting(),
            caption=f"{edition.register.name}: risks and opportunities, {edition.quarter.label}",
            columns=self.columns,
            sort=query.getlist("sort"),
            beside=self._beside_for_sorting(),
            since=self.since,
            link=partial(entry_url, edition),
        )

    def _beside_for_sorting(self) -> Beside:
        if self.sorted_by == "since":
            return self.beside(self.found)
        return Beside(standings=self.filter.standings) if self.of_the_past else Beside()

    @property
    def of_the_past(self) -> bool:
        """Whether a column is shown, or sorted by, that tells of the whole past of an entry."""
        return bool({*self.columns, self.sorted_by} & set(OF_THE_PAST))

    @property
    def sorted_by(self) -> str:
        return (self.query.get("sort") or "").removeprefix("-")

    def _read_for_sorting(self) -> list[Content]:
        """The entries with what they are sorted by: types are not read with the rest."""
        if self.sorted_by == "type" and self.edition.issued is None:
            return typed(self.found, self.edition)
        return self.found

    def in_full(self, contents: list[Content]) -> list[Content]:
        """Some of the entries with what their columns show: their texts, or else their types."""
        if self.edition.issued is not None:
            return contents
        if not any(BY_NAME[name].text for name in self.columns):
            return typed(contents, self.edition)
        rows = Snapshot.objects.in_edition(self.edition)
        rows = rows.filter(entry__in=[one.entry for one in contents])
        full = {one.entry: one for one in whole(rows, {self.edition.pk: terms(self.edition)})}
        return [full[one.entry] for one in contents]

    @cached_property
    def editions(self) -> list[Edition]:
        """The editions of the register that the person may see, oldest first."""
        seen = Edition.objects.visible_to(self.user).filter(register=self.edition.register)
        return list(seen.oldest_first().only("quarter", "state", "register_id"))

    @property
    def up_to_now(self) -> list[Edition]:
        """Those before this one, and this one, which a reader may know as an issue only."""
        earlier = [row for row in self.editions if row.quarter < self.edition.quarter]
        if self.edition.is_published:
            # What a page about a published edition shows is published.
            earlier = [row for row in earlier if row.is_published]
        return [*earlier, self.edition]

    @property
    def before(self) -> Edition | None:
        """The edition before this one."""
        return self.up_to_now[-2] if len(self.up_to_now) > 1 else None

    @property
    def after(self) -> Edition | None:
        later = [row for row in self.editions if row.quarter > self.edition.quarter]
        return later[0] if later else None

    @property
    def later(self) -> list[Option]:
        """The same question put to each published edition after this one, oldest first."""
        return [
            Option("later", row.quarter.label, self.elsewhere(row))
            for row in self.editions
            if row.quarter > self.edition.quarter and row.is_published
        ]

    @property
    def since(self) -> str:
        """The edition that movements are counted from."""
        return self.before.quarter.short if self.before else ""

    @cached_property
    def available(self) -> list[str]:
        """The columns that there are: without an edition before, nothing is 'since' it, and only
        a register that uses the inherent score shows it.
        """
        left_out = {"since"} if self.before is None else set()
        if not self.edition.register.uses_inherent_score:
            left_out |= set(INHERENT)
        return [name for name in BY_NAME if name not in left_out]

    @cached_property
    def columns(self) -> list[str]:
        asked = {name for given in self.query.getlist("columns") for name in given.split(",")}
        if not asked.intersection(self.available):
            return [name for name in self.available if BY_NAME[name].chosen]
        return [name for name in self.available if name in asked or name in ALWAYS]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many entries there are, and how many of them the filter leaves."""
        everything = self.filter.everything() if self.narrowed else self.found
        risks = sum(one.kind == Kind.RISK for one in everything)
        return {
            "risks": risks,
            "opportunities": len(everything) - risks,
            "above": sum(one.above_appetite for one in everything),
            "found": len(self.found),
        }

    @property
    def total(self) -> int:
        return self.counts["risks"] + self.counts["opportunities"]

    # The page -----------------------------------------------------------------------------------

    @property
    def per_page(self) -> str:
        asked = self.query.get("per_page", "")
        return asked if asked in (ALL, *map(str, PAGE_SIZES)) else str(PAGE_SIZE)

    def turn(self) -> None:
        """Turn the table to the page asked for, or to the nearest there is."""
        size = MOST if self.per_page == ALL else int(self.per_page)
        page = Paginator(self.table.data.data, size).get_page(self.query.get("page"))
        shown = self.in_full(list(page.object_list))
        self.table.beside = self.beside(shown)
        self.table.show(shown, page)

    def beside(self, contents: list[Content]) -> Beside:
        earlier = [row.pk for row in self.up_to_now[:-1]]
        found = beside(
            [one.entry for one in contents],
            self.edition,
            earlier=earlier[-(TREND - 1) :],
            before=earlier[-1] if earlier else None,
            user=self.user,
        )
        return replace(found, standings=self.filter.standings) if self.of_the_past else found

    def context(self) -> dict[str, Any]:
        self.turn()
        return {
            "title": self.title,
            "table": self.table,
            "filter": self.filter,
            "said": self.said(),
            "counts": self.counts,
            "total": self.total,
            "keep": self.carried(KEPT_BY_FILTER),
            "clear": with_query(self.query, page=None, **dict.fromkeys(self.filter.filters)) or "?",
            "before": self.before,
            "neighbours": self.neighbours(),
            "later": self.later,
            "kinds": self.kinds(),
            "above": self.above(),
            "sizes": self.sizes(),
            "choices": self.choices(),
            "carried": self.carried((*self.filter.filters, *KEPT_BY_COLUMNS)),
            "excel": self.file_url("xlsx"),
            "csv": self.file_url("csv"),
            "pack": pack_url(self.user, self.edition),
        }

    @property
    def title(self) -> str:
        """'Register of risks, Q3 2026/27, Corporate, only Owner: CMT, page 2'."""
        kind = self.query.get("kind")
        of = f" of {WORDS[kind].plural}" if kind in Kind.values else ""
        only = f", only {'; '.join(self.filter.in_words)}" if self.filter.narrows else ""
        number = self.table.page.number
        page = f", page {number}" if number > 1 else ""
        return f"Register{of}, {self.edition.quarter}, {self.edition.register.name}{only}{page}"

    def carried(self, names: tuple[str, ...]) -> list[tuple[str, str]]:
        """Parameters that a form takes along as hidden fields."""
        return [(name, value) for name in names for value in self.query.getlist(name) if value]

    def here(self, **changes: object) -> str:
        """This page with part of its question changed, from its first page on."""
        return with_query(self.query, page=None, **changes) or "?"

    def neighbours(self) -> list[Option]:
        """The same question put to the editions before and after."""
        found = [("earlier", self.before), ("later", self.after)]
        return [
            Option(name, row.quarter.label, self.elsewhere(row))
            for name, row in found
            if row is not None
        ]

    def kinds(self) -> list[Option]:
        chosen = self.query.get("kind") if self.query.get("kind") in Kind.values else ""
        options = [("", "All"), (Kind.RISK, "Risks"), (Kind.OPPORTUNITY, "Opportunities")]
        return [
            Option(kind, label, self.here(kind=kind or None), kind == chosen)
            for kind, label in options
        ]

    def above(self) -> Option:
        """The risks above appetite alone; or, where they are shown, everything again."""
        current = self.query.get("appetite") == "above"
        href = self.here(appetite=None if current else "above")
        return Option("above", f"Above appetite only ({self.counts['above']})", href, current)

    def sizes(self) -> list[Option]:
        """How many to a page; nothing to choose where the smallest page holds them all."""
        if self.counts["found"] <= PAGE_SIZES[0]:
            return []
        everything = "All" if self.counts["found"] <= MOST else f"{MOST}"
        names = [*((str(size), str(size)) for size in PAGE_SIZES), (ALL, everything)]
        return [
            Option(name, label, self.here(per_page=name), name == self.per_page)
            for name, label in names
        ]

    def choices(self) -> list[Option]:
        """The columns to choose from; reference and title are always there."""
        return [
            Option(name, BY_NAME[name].label, current=name in self.columns)
            for name in self.available
            if name not in ALWAYS
        ]

    # The files ----------------------------------------------------------------------------------

    def elsewhere(self, edition: Edition) -> str:
        """The same question put to another edition."""
        return edition.url("table") + with_query(self.query, page=None, issue=None)

    def file_url(self, format: str) -> str:
        place = [self.edition.register.slug, self.edition.quarter.slug, format]
        return reverse("table-export", args=place) + with_query(
            self.query, page=None, per_page=None
        )

    @property
    def narrowed(self) -> bool:
        """Whether the filter leaves anything out."""
        return bool(self.said())

    @property
    def file_name(self) -> str:
        parts = [self.edition.register.slug, self.edition.quarter.slug]
        parts += [f"issue-{self.edition.issue}"] * (self.edition.issued is not None)
        parts += ["draft"] * (not self.edition.is_published) + ["filtered"] * self.narrowed
        return "-".join(parts)

    def said(self) -> list[str]:
        """The filter in words, one condition each."""
        form = self.filter.form
        form.is_valid()
        said = []
        for name, field in form.fields.items():
            value = form.cleaned_data.get(name)
            if value:
                words = dict(getattr(field, "choices", ())).get(value, value)
                label = field.label or name.replace("_", " ").capitalize()
                said.append(f"{label}: {words}")
        return said

    def sheet(self) -> tabular.Sheet:
        contents = self.in_full(self.table.data.data)
        edition = self.edition
        state = edition.get_state_display()
        if edition.is_published:
            state = f"Published, issue {edition.issue}"
        about = [
            ("Register", edition.register.name),
            ("Edition", edition.quarter.label),
            ("State", state),
            ("Entries", f"{len(contents)} of {self.total}"),
            ("Filter", "; ".join(self.said()) or "None: every entry you may see"),
            ("Made on", date_format(timezone.localtime(), "j F Y, H:i")),
        ]
        return sheet(
            f"{edition.register.name} {edition.quarter.label}",
            contents,
            [BY_NAME[name] for name in self.columns],
            self.beside(contents),
            since=self.since,
            about=about,
        )
