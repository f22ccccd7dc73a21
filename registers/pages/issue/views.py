"""An issue of an edition as it was published, and what it corrected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from registers.domain import content, difference
from registers.domain.content import Content, Document
from registers.domain.difference import Change, sections
from registers.domain.kinds import WORDS
from registers.domain.passages import Passage
from registers.domain.quarters import Quarter
from registers.models import Edition, Kind, Publication, User
from registers.reading.documents import of_issue

FULL_TEXT = (content.DESCRIPTION, content.CONSEQUENCES, content.CONTROLS, content.ACTIONS)


def page(request: HttpRequest, register: str, edition: str, issue: int) -> HttpResponse:
    """Every issue stays readable: this is the way to the earlier ones."""
    found = _with_the_one_before(request.user, register, edition, issue)
    publication = found[issue]
    said = of_issue(publication, request.user)
    before = of_issue(found[issue - 1], request.user) if issue - 1 in found else None
    response = render(
        request,
        "registers/issue.html",
        {
            "section": "heatmap",
            "publication": publication,
            "edition": publication.edition,
            "register": publication.edition.register,
            "readable": Edition.objects.visible_to(request.user)
            .filter(pk=publication.edition_id)
            .exists(),
            "issue": said,
            "bands": said.terms.bands,
            "groups": [_group(said, kind) for kind in (Kind.RISK, Kind.OPPORTUNITY)],
            "corrected": list(_corrected(before, said)) if before else [],
            "issues": list(
                Publication.objects.filter(edition=publication.edition_id)
                .select_related("edition__register")
                .defer("document")
                .order_by("issue")
            ),
        },
    )
    patch_cache_control(response, private=True, no_cache=True)
    return response


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry that two issues state differently."""

    change: Change
    notes: tuple[str, ...]
    sections: tuple[sections.Section, ...]


def _corrected(before: Document, after: Document) -> Iterator[Correction]:
    for change in difference.corrections(before, after):
        yield Correction(
            change, tuple(change.notes(f"issue {before.issue}")), tuple(_reworded(change))
        )


def _reworded(change: Change) -> Iterator[sections.Section]:
    """The texts that changed; all else is told in the notes."""
    if change.before is None or change.after is None:
        return
    named = sections.labels(WORDS[change.kind])
    for section in sections.changed(change.before, change.after, named):
        if section.name in sections.TEXTS:
            yield section


@dataclass(frozen=True, slots=True)
class Printed:
    """One entry as published: what it says, and its texts by their headings."""

    said: Content
    types: str
    commentary: Passage
    texts: tuple[tuple[str, Passage], ...]

    @classmethod
    def of(cls, one: Content) -> Printed:
        named = sections.labels(WORDS[one.kind])
        texts = tuple((named[name], one.points(name)) for name in FULL_TEXT)
        types = "; ".join(one.types)
        return cls(one, types, one.passage(content.COMMENTARY), tuple(filter(_has_text, texts)))


def _has_text(text: tuple[str, Passage]) -> bool:
    return bool(text[1])


def _group(said: Document, kind: str) -> dict[str, Any]:
    """The entries of one kind, each in full."""
    entries = [Printed.of(one) for one in said.of_kind(kind)]
    return {"words": WORDS[kind], "entries": entries}


def _with_the_one_before(
    user: User, register: str, edition: str, issue: int
) -> dict[int, Publication]:
    """The issue that was asked for and the one that it corrected, by number."""
    try:
        quarter = Quarter.parse(edition)
    except ValueError as error:
        raise Http404 from error
    found = Publication.objects.filter(
        user.access.where("reads"),
        register__slug=register,
        edition__quarter=quarter,
        issue__in=[issue - 1, issue],
    ).select_related("edition__register")
    chain = {publication.issue: publication for publication in found}
    if issue not in chain:
        raise Http404
    return chain
