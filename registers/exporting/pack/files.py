"""A part of a pack as one file: what the page and the command both hand out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings

from registers.exporting import documents, tabular, workbook
from registers.exporting.pack import pdf, sources, word
from registers.exporting.pack.blocks import A4
from registers.exporting.pack.composing import compose
from registers.exporting.pack.facts import EXEMPT, PUBLIC, Question, Told
from registers.models import Edition

DOCX, PDF, XLSX, CSV, ACTIONS, JSON = "docx", "pdf", "xlsx", "csv", "actions.csv", "json"
CONTENT_TYPES = {
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    PDF: "application/pdf",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
    ACTIONS: "text/csv; charset=utf-8",
    JSON: "application/json",
}
# What these say is no text, and nothing of the past but what is kept of it.
BRIEF = (CSV, JSON)
# Rises with every change of what a file says or how it looks, so that kept ones are made anew.
RELEASE = 5


@dataclass(frozen=True)
class Order:
    """What is asked for: of which edition, which part, in which form.

    `since` is the edition to compare with, `texts` are the manager's paragraphs,
    `questions` those that are open. `whole` is False
    for Appendix A alone.
    """

    edition: Edition
    format: str
    part: str = PUBLIC
    since: Edition | None = None
    paper: str = A4
    whole: bool = True
    texts: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()

    @property
    def name(self) -> str:
        """'corporate-2026-27-q3-issue-1-public.docx', 'corporate-2026-27-q4-draft-public.pdf'."""
        edition = self.edition
        parts = [edition.register.slug, edition.quarter.slug]
        parts += [f"issue-{edition.issue}" if edition.is_published else "draft"]
        parts += [] if self.whole else ["register"]
        ending = self.format.replace("actions.", "")
        parts += ["actions"] if self.format == ACTIONS else []
        return f"{'-'.join([*parts, self.part])}.{ending}"

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.format]

    @property
    def made_of(self) -> str:
        """Everything that the file of a published edition depends on, as one name."""
        edition = self.edition
        said = (
            RELEASE,
            settings.ORGANISATION,
            edition.pk,
            edition.issue,
            edition.register.stamp,
            self.format,
            self.part,
            self.since.pk if self.since else "",
            self.paper,
            self.whole,
            *sorted(self.texts.items()),
            *self.questions,
        )
        return hashlib.sha256("\x1f".join(map(str, said)).encode()).hexdigest()


# A PDF with its tags takes 3 MB of memory for each entry while it is set.
MOST_IN_A_PDF = 400


class CannotMake(ValueError):
    """There is no such file. The message is a sentence for a person."""


class NothingToPrint(CannotMake):
    """The part has nothing in it."""


class TooLarge(CannotMake):
    """It would take more memory than a server has to spare."""


def make(order: Order, made_at: datetime) -> bytes:
    """The file. Raises NothingToPrint for a part for the cleared that would be empty, and TooLarge
    for a PDF of more entries than can be set at once.
    """
    told = _told(order)
    if order.part == EXEMPT and not told.held_back:
        raise NothingToPrint("This edition has no exempt entry, so it has no part II.")
    if order.format == PDF and len(told.entries) > MOST_IN_A_PDF:
        raise TooLarge(
            f"A PDF can be made of up to {MOST_IN_A_PDF} entries, and this part has "
            f"{len(told.entries):,}. Take it as Word, which can save it as PDF."
        )
    return _WRITERS[order.format](order, told, made_at)


def _told(order: Order) -> Told:
    if order.format in BRIEF:
        return sources.brief(order.edition, order.part)
    return sources.told(order.edition, order.part, **_besides(order))


def _besides(order: Order) -> dict[str, Any]:
    return {"since": order.since, "texts": order.texts, "questions": order.questions}


def _as_json(order: Order, told: Told, made_at: datetime) -> bytes:
    entries = {one.entry for one in told.entries}
    return documents.as_json(order.edition, order.part, entries).encode()


_WRITERS: Mapping[str, Callable[[Order, Told, datetime], bytes]] = {
    DOCX: lambda order, told, at: word.write(compose(told, order.paper, whole=order.whole), at),
    PDF: lambda order, told, at: pdf.write(compose(told, order.paper, whole=order.whole), at),
    XLSX: lambda order, told, at: workbook.as_excel(told),
    CSV: lambda order, told, at: tabular.as_csv(workbook.entries(told)),
    ACTIONS: lambda order, told, at: tabular.as_csv(workbook.actions(told)),
    JSON: _as_json,
}
