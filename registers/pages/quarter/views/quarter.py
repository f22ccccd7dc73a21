"""The manager's page of a quarter: who is in, whom to chase, what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from registers import cycle as verbs
from registers.cycle import progress as standing
from registers.cycle.before_publishing import checks, stopping
from registers.cycle.progress import Standing
from registers.models import Edition, ImportDoubt, Proposal, Register, Snapshot, Tenure, User
from registers.pages.quarter import comings
from registers.pages.quarter.forms import OpenForm, next_quarter
from registers.pages.quarter.moderation import Submission, with_comments
from registers.pages.quarter.views.base import for_managers, quarter_or_404, to_quarter
from registers.pages.query import with_query
from registers.reading import entries

# What the page does not show of an entry, and what would weigh most.
UNSHOWN = ("description", "consequences", "controls", "printed")

# How many submissions are read in full at a time; the others follow as these are decided.
READ_AT_ONCE = 25


def editions_of(user: User, slug: str) -> list[Edition]:
    """Every edition of a register that the person manages, newest first; of no other any."""
    found = Edition.objects.filter(user.access.where("manages"), register__slug=slug)
    return list(found.select_related("register").newest_first())


def working_edition(editions: Sequence[Edition]) -> Edition | None:
    """The edition that is being made: the open one, else the newest in review."""
    unpublished = [one for one in editions if not one.is_published]
    return next((one for one in unpublished if one.is_open), next(iter(unpublished), None))


@for_managers
def home(request: HttpRequest) -> HttpResponse:
    """The register at the top of those that the person manages."""
    register = Register.objects.managed_by(request.user).first()
    if register is None:
        return redirect("admin:registers_register_add")
    return redirect(reverse("cycle", args=[register.slug]) + with_query(request.GET))


@for_managers
def page(request: HttpRequest, register: str) -> HttpResponse:
    """The quarter that is being made; between two of them, the way to open the next."""
    editions = editions_of(request.user, register)
    edition = working_edition(editions)
    if edition is None:
        book = get_object_or_404(Register.objects.managed_by(request.user), slug=register)
        form = OpenForm(initial={"quarter": next_quarter(book).label})
        return _between_quarters(request, book, form)
    return _quarter(request, edition, editions)


@for_managers
def of_quarter(request: HttpRequest, register: str, edition: str) -> HttpResponse:
    """One quarter of a register, where several are being made. A published one is read instead."""
    quarter, editions = quarter_or_404(edition), editions_of(request.user, register)
    found = next((one for one in editions if one.quarter == quarter), None)
    if found is None:
        raise Http404
    return redirect(found) if found.is_published else _quarter(request, found, editions)


def _quarter(request: HttpRequest, edition: Edition, editions: Sequence[Edition]) -> HttpResponse:
    context = QuarterPage(
        request.user, edition, editions, request.GET.get("standing", "")
    ).context()
    return render(request, "registers/cycle.html", context)


@dataclass(frozen=True, slots=True)
class Figure:
    """How many entries stand somewhere, and the way to see only those."""

    standing: Standing
    count: int
    href: str
    current: bool


class QuarterPage:
    """Everything the page shows of one edition, read in a fixed number of queries."""

    def __init__(self, user: User, edition: Edition, editions: Sequence[Edition], only: str):
        self.user, self.editions = user, editions
        self.edition, self.register = edition, edition.register
        self.only = standing.named(only)
        able = Tenure.objects.current().able().filter(owner=OuterRef("owner"))
        self.snapshots = list(
            with_comments(Snapshot.objects.in_edition(edition))
            .annotate(in_nobodys_hands=~Exists(able))
            .select_related("entry", "owner", "changed_by")
            .defer(*UNSHOWN)
            .as_printed()
        )
        for snapshot in self.snapshots:
            snapshot.edition = edition

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
        registers = list(Register.objects.managed_by(self.user))
        tally = standing.Tally.of(self.snapshots)
        shown = [
            snapshot
            for snapshot in self.snapshots
            if self.only is None or standing.of(snapshot) is self.only
        ]
        return {
            "section": "cycle",
            "register": self.register,
            "registers": registers,
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
            "still_to_read": len(self._sent[READ_AT_ONCE:]),
            "doubts": list(ImportDoubt.objects.of_edition(self.edition)),
            "near": self._has_registers_near(registers),
            "proposals": list(Proposal.objects.waiting_at(self.register)),
            "comings": comings.of(self.edition, self.last, self.snapshots),
            "checks": lines,
            "stopping": stopping(lines),
            "others": [
                one for one in self.editions if not one.is_published and one != self.edition
            ],
            "published": [one for one in self.editions if one.is_published],
        }

    def _has_registers_near(self, managed: Sequence[Register]) -> bool:
        """Whether an entry could be proposed elsewhere: who manages one manages those below."""
        below = any(one.parent_id == self.register.pk for one in managed)
        return self.register.parent_id is not None or below

    def _waiting(self) -> list[Submission]:
        """What owners have sent, the first of them, each with what it changes."""
        sent = self._sent[:READ_AT_ONCE]
        paths = entries.paths(
            self.user, self.edition, {one.entry_id for one in sent}, editions=self.editions
        )
        return [Submission(snapshot, paths[snapshot.entry_id]) for snapshot in sent]

    @cached_property
    def _sent(self) -> list[Snapshot]:
        return [one for one in self.snapshots if standing.of(one) is standing.SUBMITTED]

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
        "registers": Register.objects.managed_by(request.user),
        "form": form,
        "proposals": list(Proposal.objects.waiting_at(book)),
        "latest": published[0] if published else None,
        "published": published,
    }
    return render(request, "registers/cycle_open.html", context, status=status)


@for_managers
def open_quarter(request: HttpRequest, register: str) -> HttpResponse:
    book = get_object_or_404(Register.objects.managed_by(request.user), slug=register)
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
                sure=values["sure"],
            )
        except verbs.CycleError as refusal:
            form.add_error("quarter", str(refusal))
        else:
            messages.success(request, f"{edition} is open, and its owners are being told.")
            return to_quarter(edition)
    return _between_quarters(request, book, form, status=422)
