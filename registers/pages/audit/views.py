"""The audit trail of a register: who changed what, from what to what, when and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import wraps
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from registers import history
from registers.domain.english import written
from registers.exporting.tabular import Cell, Heading, Sheet, csv_lines
from registers.history.lines import FieldChange, Record, events
from registers.models import Edition, Entry, Register, Snapshot, User
from registers.pages.day_fields import DayField
from registers.pages.query import with_query


def for_auditors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The risk manager and the auditor. Anybody else is told that there is no such page."""

    @wraps(view)
    def audited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.access.anywhere.audits:
            raise Http404
        return view(request, *args, **kwargs)

    return audited


class TrailForm(forms.Form):
    """What narrows the trail. A value that can't be meant is left out, and said."""

    q = forms.CharField(label="Find", required=False, max_length=100)
    edition = forms.ChoiceField(label="Edition", required=False)
    person = forms.ChoiceField(label="Person", required=False)
    kind = forms.ChoiceField(label="What", required=False)
    since = DayField(label="From", required=False)
    until = DayField(label="To", required=False)
    entry = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: QueryDict, register: Register) -> None:
        super().__init__(data, auto_id="%s")
        self.register = register
        self.editions = {
            edition.quarter.slug: edition
            for edition in Edition.objects.filter(register=register).newest_first()
        }
        # One that was taken back before it was published is known to the history only.
        recorded = Edition.history.filter(register_id=register.pk).values_list("id", flat=True)
        self.known = {edition.pk for edition in self.editions.values()} | set(recorded)
        people = [(str(user.pk), str(user)) for user in User.objects.all()]
        self.fields["edition"].choices = [
            ("", "Every edition, and settings"),
            *((slug, str(edition)) for slug, edition in self.editions.items()),
        ]
        self.fields["person"].choices = [
            ("", "Everybody"),
            *people,
            (history.NOBODY, "Imported or automatic"),
        ]
        self.fields["kind"].choices = [
            ("", "Everything"),
            *((kind.code, kind.label) for kind in history.KINDS),
        ]

    def asked(self) -> history.Asked:
        self.is_valid()
        values = self.cleaned_data
        edition = self.editions.get(values.get("edition", ""))
        person = values.get("person") or None
        return history.Asked(
            register=self.register,
            alone=not Register.objects.exclude(pk=self.register.pk).exists(),
            editions=(edition.pk,) if edition else tuple(self.known),
            edition=edition,
            entry=values.get("entry"),
            person=int(person) if person and person != history.NOBODY else person,
            kind=values.get("kind", ""),
            since=values.get("since"),
            until=values.get("until"),
            words=values.get("q", ""),
        )

    @property
    def narrows(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    @property
    def in_words(self) -> list[str]:
        """What narrows the trail, for paper: 'Person: Tessa Marlow'."""
        words = []
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if value and not field.widget.is_hidden:
                said = dict(getattr(field, "choices", ())).get(value, value)
                words.append(f"{field.label}: {written(said) if isinstance(said, date) else said}")
        return words


@for_auditors
def home(request: HttpRequest) -> HttpResponse:
    """The register at the top of those whose trail the person may read."""
    first = Register.objects.audited_by(request.user).first()
    if first is None:
        raise Http404
    return redirect(reverse("audit", args=[first.slug]) + with_query(request.GET))


@for_auditors
def page(request: HttpRequest, register: str) -> HttpResponse:
    book = get_object_or_404(Register.objects.audited_by(request.user), slug=register)
    form = TrailForm(request.GET, book)
    asked = form.asked()
    found = history.page(asked, after=_after(request.GET))
    response = render(
        request,
        "registers/audit.html",
        {
            "section": "audit" if not request.user.access.at(book.pk).manages else "cycle",
            "register": book,
            "registers": Register.objects.audited_by(request.user),
            "form": form,
            "events": list(events(found.records)),
            "number": len(found.records),
            "entry": _called(asked.entry, book),
            "whole_entry": with_query(request.GET, entry=None, after=None),
            "latest": with_query(request.GET, after=None) if "after" in request.GET else "",
            "earlier": with_query(request.GET, after=str(found.next)) if found.next else "",
            "file": with_query(request.GET, after=None),
        },
        status=422 if form.errors else 200,
    )
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _after(query: QueryDict) -> history.Place | None:
    """Where the page goes on; what is no place is not found."""
    if not query.get("after"):
        return None
    try:
        return history.Place.parse(query["after"])
    except ValueError as error:
        raise Http404 from error


def _called(entry: int | None, book: Register) -> str:
    """An entry of a register by its last number and title."""
    if entry is None:
        return ""
    there = Snapshot.objects.filter(entry=entry, edition__register=book)
    last = there.order_by("-edition__quarter").first()
    if last is not None:
        return str(last)
    found = Entry.objects.filter(pk=entry, register=book).first()
    return str(found or "An entry that this register does not hold")


HEADINGS = (
    Heading("When", 20),
    Heading("Who", 24),
    Heading("Where", 40),
    Heading("What", 40),
    Heading("Was", 12),
    Heading("Column", 20),
    Heading("From", 40, wraps=True),
    Heading("To", 40, wraps=True),
    Heading("Why", 40, wraps=True),
)


@for_auditors
def export(request: HttpRequest, register: str) -> HttpResponse:
    """Everything that the filter leaves, a row for each column that was changed."""
    book = get_object_or_404(Register.objects.audited_by(request.user), slug=register)
    records = history.everything(TrailForm(request.GET, book).asked())
    rows = (row for record in records for row in _rows(record))
    lines = csv_lines(Sheet(f"Audit trail of {book}", HEADINGS, rows))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"{book.slug}-audit-trail-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _rows(record: Record) -> Iterator[list[Cell]]:
    """A record as rows of a file: one for each column, or one for what was added or removed."""
    when, who, why, row = record
    moment = f"{timezone.localtime(when):%Y-%m-%d %H:%M:%S}"
    for changed in row.fields or (FieldChange("", "", ""),):
        told = (moment, who, row.where, row.what, row.verb)
        yield [Cell(text) for text in (*told, changed.label, changed.before, changed.after, why)]
