"""A part of a pack as one file: what the page and the command both hand out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from registers.exporting.pack import pdf, sources, word
from registers.exporting.pack.blocks import A4, Pack
from registers.exporting.pack.composing import compose
from registers.exporting.pack.facts import PARTS, PUBLIC
from registers.models import Edition

DOCX, PDF = "docx", "pdf"
CONTENT_TYPES = {
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    PDF: "application/pdf",
}
WRITERS: Mapping[str, Callable[[Pack, datetime], bytes]] = {DOCX: word.write, PDF: pdf.write}


@dataclass(frozen=True)
class Order:
    """What is asked for: of which edition, which part, in which form.

    `since` is the edition to compare with, `texts` are the manager's paragraphs. `whole` is False
    for Appendix A alone.
    """

    edition: Edition
    format: str
    part: str = PUBLIC
    since: Edition | None = None
    paper: str = A4
    whole: bool = True
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """'corporate-2026-27-q3-issue-1-public.docx', 'corporate-2026-27-q4-draft-public.pdf'."""
        edition = self.edition
        parts = [edition.register.slug, edition.quarter.slug]
        parts += [f"issue-{edition.issue}" if edition.is_published else "draft"]
        parts += [] if self.whole else ["register"]
        return f"{'-'.join([*parts, self.part])}.{self.format}"

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.format]


class NothingToPrint(ValueError):
    """The part has nothing in it. The message is a sentence for a person."""


def make(order: Order, made_at: datetime) -> bytes:
    """The file. Raises NothingToPrint for a part for the cleared that would be empty."""
    told = sources.told(order.edition, order.part, since=order.since, texts=order.texts)
    if order.part not in PARTS or (order.part != PUBLIC and not told.entries):
        raise NothingToPrint("This edition has no exempt entry, so it has no part II.")
    return WRITERS[order.format](compose(told, order.paper, whole=order.whole), made_at)
