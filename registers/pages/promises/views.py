"""The record of promises of a register: kept, late, still open; and which actions worked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.cache import patch_cache_control

from registers.domain import record
from registers.domain.english import written
from registers.domain.record import Promise, Tally
from registers.exporting import tabular
from registers.models import Edition, User
from registers.pages.editions import entry_url, respond
from registers.pages.latest import latest_published
from registers.pages.query import with_query
from registers.reading import over_time

ON_A_PAGE = 40
OUTCOME_WORDS = {
    record.KEPT: "Kept",
    record.LATE: "Came late",
    record.BROKEN: "Not kept, still open",
    record.DUE: "Not due yet",
    record.GIVEN_UP: "Given up before its day",
}
KIND_WORDS = {record.RESIDUAL: "Residual scores", record.ACTION: "Due dates of actions"}


def page(request: HttpRequest, register: str) -> HttpResponse:
    edition = latest_published(request.user, register)
    return respond(
        request,
        edition,
        "registers/promises.html",
        title=f"The record of promises, {edition.register.name}",
        section="challenge",
        build=lambda: Record(request.user, edition, request.GET).context(),
    )


def export(request: HttpRequest, register: str) -> HttpResponse:
    """The list behind the numbers, as narrowed on the page."""
    edition = latest_published(request.user, register)
    made = Record(request.user, edition, request.GET).sheet()
    response = HttpResponse(tabular.as_csv(made), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{register}-promises.csv"'
    patch_cache_control(response, private=True, no_cache=True)
    return response


@dataclass(frozen=True, slots=True)
class Row:
    """A group of promises: how many of those that can be judged were kept, and the list behind."""

    tally: Tally
    href: str

    @property
    def late(self) -> str:
        days = self.tally.typically_late
        return "" if days is None else f"{days} day{'' if days == 1 else 's'}"


HEADS = (
    "Ref",
    "Title",
    "Owner",
    "Kind",
    "Promised",
    "By",
    "In edition",
    "Outcome",
    "Days late",
)


class Record:
    """All promises of a register up to its last published edition, as one person may read them."""

    def __init__(self, user: User, edition: Edition, query: QueryDict):
        self.edition, self.query = edition, query
        found = over_time.contents(edition.register, user, upto=edition)
        self.editions = len(found)
        self.paths = over_time.paths(found)
        last = max((one.as_at for one, _ in found), default=edition.as_at)
        self.promises = [one for path in self.paths for one in record.promises(path, last)]

    def context(self) -> dict[str, Any]:
        listed = self._listed()
        page = Paginator(listed, ON_A_PAGE).get_page(self.query.get("page"))
        judged = [one for one in self.worked if one.moved is not None]
        return {
            "totals": [
                self._row(words, self._of(kind), kind=kind) for kind, words in KIND_WORDS.items()
            ],
            "owners": self._rows("owner"),
            "types": self._rows("type"),
            "outcomes": OUTCOME_WORDS,
            "page": page,
            "rows": [
                (one, OUTCOME_WORDS[one.outcome], self._entry(one)) for one in page.object_list
            ],
            "listed": len(listed),
            "narrowed": self._narrowed,
            "everything": "?",
            "editions": self.editions,
            "worked": [one for one in judged if one.moved],
            "judged": len(judged),
            "undecided": len(self.worked) - len(judged),
            "csv": f"../promises.csv{with_query(self.query, page=None)}",
        }

    @cached_property
    def worked(self) -> list[record.Worked]:
        last = self.edition.quarter
        return [one for path in self.paths for one in record.worked(path, last)]

    def _of(self, kind: str) -> list[Promise]:
        return [one for one in self.promises if one.kind == kind]

    def _rows(self, name: str) -> list[Row]:
        """By 'owner' or by 'type'; an entry of two types counts under each."""
        pairs = [(one.content.owner, one) for one in self.promises]
        if name == "type":
            pairs = [(said, one) for one in self.promises for said in one.content.all_types]
        return [
            self._row(one.name, list(one.promises), **{name: one.name})
            for one in record.by_name(pairs)
        ]

    def _row(self, words: str, promises: list[Promise], **asked: str) -> Row:
        href = with_query(QueryDict(), **asked)
        return Row(Tally(words, tuple(promises)), f"{href}#list")

    @property
    def _narrowed(self) -> list[str]:
        """What the list is narrowed to, in words."""
        kind, outcome = self.query.get("kind", ""), self.query.get("outcome", "")
        said = [KIND_WORDS.get(kind, ""), OUTCOME_WORDS.get(outcome, "")]
        return [one for one in (*said, self.query.get("owner"), self.query.get("type")) if one]

    def _listed(self) -> list[Promise]:
        """Those not kept first, the latest day first."""
        asked = self.query
        names = {name: self._named(name) for name in ("owner", "type") if asked.get(name)}
        found = [
            one
            for one in self.promises
            if asked.get("kind", one.kind) in (one.kind, "")
            and asked.get("outcome", one.outcome) in (one.outcome, "")
            and all(id(one) in kept for kept in names.values())
        ]
        order = (record.BROKEN, record.LATE, record.KEPT, record.DUE, record.GIVEN_UP)
        return sorted(found, key=lambda one: (order.index(one.outcome), -one.days, one.day))

    def _named(self, name: str) -> set[int]:
        rows = {row.tally.name: row.tally.promises for row in self._rows(name)}
        return {id(one) for one in rows.get(self.query[name], ())}

    def _entry(self, one: Promise) -> str:
        return entry_url(self.edition, one.content.entry, one.made)

    def sheet(self) -> tabular.Sheet:
        rows = (
            [
                tabular.Cell(value)
                for value in (
                    one.content.reference,
                    one.content.title,
                    one.content.owner,
                    KIND_WORDS[one.kind],
                    one.text,
                    written(one.day),
                    one.made.label,
                    OUTCOME_WORDS[one.outcome],
                    one.days or None,
                )
            ]
            for one in self._listed()
        )
        return tabular.Sheet("Promises", [tabular.Heading(head) for head in HEADS], rows)
