"""The manager's page of a quarter: who is in, whom to chase, what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from registers import cycle as verbs
from registers import movement, standing
from registers.checks import checks, stopping
from registers.manage_forms import OpenForm, next_quarter
from registers.models import Edition, Register, Snapshot
from registers.movement import Movement
from registers.standing import Standing
from registers.views.managing import edition_or_404, for_managers, to_quarter

# What the page does not show of an entry, and what would weigh most.
UNSHOWN = ("description", "consequences", "controls", "printed")


def working_edition(register: Register) -> Edition | None:
    """The edition that is being made: the open one, else the newest in review."""
    unpublished = Edition.objects.filter(register=register).unpublished().select_related("register")
    return unpublished.open().first() or unpublished.newest_first().first()


@for_managers
def home(request: HttpRequest) -> HttpResponse:
    """The register at the top."""
    register = Register.objects.order_by(F("parent").asc(nulls_first=True), "name").first()
    if register is None:
        return redirect("admin:registers_register_add")
    return redirect("cycle", register.slug)


@for_managers
def page(request: HttpRequest, register: str) -> HttpResponse:
    """The quarter that is being made; between two of them, the way to open the next."""
    book = get_object_or_404(Register, slug=register)
    edition = working_edition(book)
    if edition is None:
        form = OpenForm(initial={"quarter": next_quarter(book).label})
        return _between_quarters(request, book, form)
    return _quarter(request, edition)


@for_managers
def of_quarter(request: HttpRequest, register: str, edition: str) -> HttpResponse:
    """One quarter of a register, where several are being made. A published one is read instead."""
    found = edition_or_404(register, edition)
    return redirect(found) if found.is_published else _quarter(request, found)


def _quarter(request: HttpRequest, edition: Edition) -> HttpResponse:
    context = QuarterPage(edition, request.GET.get("standing", "")).context()
    return render(request, "registers/cycle.html", context)


@dataclass(frozen=True, slots=True)
class Figure:
    """How many entries stand somewhere, and the way to see only those."""

    standing: Standing
    count: int
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry that its owner has sent: what it was published as last, and what its score did."""

    snapshot: Snapshot
    before: Snapshot | None
    moved: Movement


class QuarterPage:
    """Everything the page shows of one edition, read in a fixed number of queries."""

    def __init__(self, edition: Edition, only: str):
        self.edition, self.register = edition, edition.register
        self.only = standing.named(only)
        self.snapshots = list(
            Snapshot.objects.in_edition(edition)
            .select_related("entry", "owner", "changed_by")
            .defer(*UNSHOWN)
            .as_printed()
        )
        for snapshot in self.snapshots:
            snapshot.edition = edition
        self.editions = list(Edition.objects.filter(register=self.register).newest_first())

    @cached_property
    def last(self) -> Edition | None:
        """The edition before this one, though it may be being corrected."""
        return next(
            (
                one
                for one in self.editions
                if one.quarter < self.edition.quarter
                and (one.is_published or one.is_being_corrected)
            ),
            None,
        )

    def context(self) -> dict[str, Any]:
        lines = checks(self.snapshots, self.edition)
        tally = standing.Tally.of(self.snapshots)
        shown = [
            snapshot
            for snapshot in self.snapshots
            if self.only is None or standing.of(snapshot) is self.only
        ]
        return {
            "section": "cycle",
            "register": self.register,
            "registers": Register.objects.all(),
            "edition": self.edition,
            "stages": standing.stages(self.edition),
            "late": standing.is_late(self.edition),
            "tally": tally,
            "figures": [
                Figure(one, count, f"?standing={one.code}", one is self.only)
                for one, count in tally
            ],
            "only": self.only,
            "then": self._at_this_point(),
            "groups": standing.by_owner(shown),
            "last_told": self.edition.notices.last_sent_to_posts(),
            "waiting": self._waiting(),
            "checks": lines,
            "stopping": stopping(lines),
            "others": [
                one for one in self.editions if not one.is_published and one != self.edition
            ],
            "published": [one for one in self.editions if one.is_published],
        }

    def _waiting(self) -> list[Waiting]:
        sent = [one for one in self.snapshots if standing.of(one) is standing.SUBMITTED]
        before: dict[int, Snapshot] = {}
        if self.last is not None and sent:
            found = Snapshot.objects.in_edition(self.last).only("entry_id", "score")
            before = {snapshot.entry_id: snapshot for snapshot in found}
        waiting = []
        for snapshot in sent:
            was = before.get(snapshot.entry_id)
            if was is not None:
                was.edition = self.last
            waiting.append(Waiting(snapshot, was, movement.between(was, snapshot, snapshot.kind)))
        return waiting

    def _at_this_point(self) -> int | None:
        """How many entries were in last quarter, as long before its deadline as it is now."""
        if not (self.edition.is_open and self.edition.deadline):
            return None
        if self.last is None or self.last.deadline is None:
            return None
        then = self.last.deadline - (self.edition.deadline - timezone.now())
        found = Snapshot.objects.in_edition(self.last).aggregate(
            known=Count("submitted_at"), sent=Count("pk", filter=Q(submitted_at__lte=then))
        )
        return found["sent"] if found["known"] else None


def _between_quarters(
    request: HttpRequest, book: Register, form: OpenForm, status: int = 200
) -> HttpResponse:
    published = list(Edition.objects.filter(register=book).published().newest_first())
    context = {
        "section": "cycle",
        "register": book,
        "registers": Register.objects.all(),
        "form": form,
        "latest": published[0] if published else None,
        "published": published,
    }
    return render(request, "registers/cycle_open.html", context, status=status)


@for_managers
def open_quarter(request: HttpRequest, register: str) -> HttpResponse:
    book = get_object_or_404(Register, slug=register)
    if request.method != "POST":
        return redirect("cycle", book.slug)
    form = OpenForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            edition = verbs.open_edition(
                book,
                values["quarter"],
                by=request.user,
                deadline=values["deadline"],
                committee_on=values["committee_on"],
            )
        except verbs.CycleError as refusal:
            form.add_error("quarter", str(refusal))
        else:
            messages.success(request, f"{edition} is open, and its owners are being told.")
            return to_quarter(edition)
    return _between_quarters(request, book, form, status=422)
