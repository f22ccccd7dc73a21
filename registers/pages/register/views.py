"""The register of an edition as a table, and the files made of what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.formats import date_format

from registers.domain.kinds import WORDS
from registers.exporting import tabular
from registers.models import Edition, Kind, Snapshot, User
from registers.pages.editions import edition_or_404, or_last_issue, respond
from registers.pages.filters import SnapshotFilter, with_query
from registers.pages.register.tables import Beside, RegisterTable

PAGE_SIZES = (25, 50, 100)
PAGE_SIZE = 50
ALL, MOST = "all", 500  # 'all' on one page, but never more than the page can carry

ALWAYS = ("reference", "title")
# What filtering, choosing columns and turning pages leave as they are.
KEPT_BY_FILTER = ("kind", "sort", "per_page", "columns")
KEPT_BY_COLUMNS = ("sort", "per_page")

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
    sheet = listing.sheet()
    content = tabular.as_csv(sheet) if format == "csv" else tabular.as_excel(sheet)
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
        self.visible = Snapshot.objects.in_edition(edition).visible_to(user)
        self.filter = SnapshotFilter(query, self.visible, edition=edition)
        self.table = RegisterTable(
            self.filter.qs,
            edition=edition,
            before=self.before,
            columns=self.columns,
            sort=query.getlist("sort"),
            user=user,
        )

    @cached_property
    def editions(self) -> list[Edition]:
        """The editions of the register that the person may see, oldest first."""
        seen = Edition.objects.visible_to(self.user).filter(register=self.edition.register)
        return list(seen.oldest_first().only("quarter", "state", "register_id"))

    @property
    def up_to_now(self) -> list[Edition]:
        return [row for row in self.editions if row.quarter <= self.edition.quarter]

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
            Option("later", row.quarter.label, self.url("table", row) + self.here().rstrip("?"))
            for row in self.editions
            if row.quarter > self.edition.quarter and row.is_published
        ]

    @cached_property
    def available(self) -> list[str]:
        """The columns that there are: without an edition before, nothing is 'since' it."""
        names = list(RegisterTable.base_columns)
        if self.before is None:
            names.remove("since")
        return names

    @cached_property
    def columns(self) -> list[str]:
        asked = {name for given in self.query.getlist("columns") for name in given.split(",")}
        if not asked.intersection(self.available):
            columns = RegisterTable.base_columns
            return [name for name in self.available if columns[name].chosen]
        return [name for name in self.available if name in asked or name in ALWAYS]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many entries there are and how many of them the filter leaves, in one query."""
        risks = Q(entry__kind=Kind.RISK)
        above = risks & Q(score__gt=Coalesce(F("own_appetite"), F("edition__appetite")))
        counts = {
            "risks": Count("pk", filter=risks),
            "opportunities": Count("pk", filter=~risks),
            "above": Count("pk", filter=above),
            "found": Count("pk"),
        }
        if self.narrowed:
            found = self.filter.qs.order_by().values("pk")
            counts["found"] = Count("pk", filter=Q(pk__in=found))
        return self.visible.aggregate(**counts)

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
        counted = Paginator(self.table.rows, size)
        counted.count = self.counts["found"]
        page = counted.get_page(self.query.get("page"))
        self.table.paginator, self.table.page = counted, page
        rows = [row.record for row in page.object_list]
        self.table.beside = self.beside(rows)

    def beside(self, rows: list[Snapshot] | QuerySet[Snapshot]) -> Beside:
        return Beside.of(rows, [row.pk for row in self.up_to_now], self.user)

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
            Option(name, row.quarter.label, self.url("table", row) + self.here().rstrip("?"))
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
            Option(
                name, RegisterTable.base_columns[name].verbose_name, current=name in self.columns
            )
            for name in self.available
            if name not in ALWAYS
        ]

    # The files ----------------------------------------------------------------------------------

    def url(self, page: str, edition: Edition) -> str:
        return reverse(page, args=[self.edition.register.slug, edition.quarter.slug])

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
        rows = self.table.data.data
        self.table.beside = self.beside(rows)
        edition = self.edition
        state = edition.get_state_display()
        if edition.is_published:
            state = f"Published, issue {edition.issue}"
        about = [
            ("Register", edition.register.name),
            ("Edition", edition.quarter.label),
            ("State", state),
            ("Entries", f"{len(rows)} of {self.total}"),
            ("Filter", "; ".join(self.said()) or "None: every entry you may see"),
            ("Made on", date_format(timezone.localtime(), "j F Y, H:i")),
        ]
        title = f"{edition.register.name} {edition.quarter.label}"
        return self.table.as_sheet(title, about)
