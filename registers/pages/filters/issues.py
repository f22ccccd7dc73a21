"""The filter of an earlier issue: the same conditions, asked of the values of its document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.http import QueryDict

from registers.domain import folding, scale
from registers.domain.content import Content, Document
from registers.models import Edition, Snapshot, Type
from registers.pages.filters.live import STRAND_TEXTS, SnapshotFilter, once_numbered


class IssueFilter(SnapshotFilter):
    """The same for an earlier issue, whose entries are those of its document."""

    def __init__(self, data: QueryDict, document: Document, *, edition: Edition, **options: Any):
        self.document = document
        super().__init__(data, Snapshot.objects.in_edition(edition), edition=edition, **options)

    def _choices(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        entries = self.document.entries
        owners = {str(one.post): one.post_name for one in entries if one.post is not None}
        names = {name for one in entries for name in one.all_types}
        types = Type.objects.filter(name__in=names).values_list("pk", "name")
        offered = ((str(pk), name) for pk, name in types)
        return self._with_chosen("owner", owners.items()), self._with_chosen("type", offered)

    def contents(self) -> list[Content]:
        self.form.is_valid()
        asked = {name: value for name, value in self.form.cleaned_data.items() if value}
        found = self.everything()
        for name, value in asked.items():
            fits = self._fitting(name, value)
            found = [one for one in found if fits(one)]
        return found

    def everything(self) -> list[Content]:
        return list(self.document.entries)

    def _fitting(self, name: str, value: str) -> Callable[[Content], bool]:
        """Whether an entry is left by one of the conditions above."""
        match name:
            case "q":
                return self._having(value.split())
            case "owner":
                return lambda one: str(one.post) == value
            case "type":
                called = Type.objects.filter(pk=value).values_list("name", flat=True).first()
                return lambda one: called in one.all_types
            case "band":
                bands = self.edition.bands
                return lambda one: one.score is not None and str(bands.of(one.score)) == value
            case "appetite":
                return lambda one: _is_scored_risk(one) and one.above_appetite == (value == "above")
            case "flag":
                flagged = set(self.flagged(value))
                return lambda one: one.entry in flagged
            case "kind":
                return lambda one: one.kind == value
            case _ if name.endswith("placed"):
                return lambda one: getattr(one, name.replace("placed", "position")) is None
            case _:
                return lambda one: _level(one, name) == int(value)

    def _having(self, words: list[str]) -> Callable[[Content], bool]:
        numbered = {word: self._once_numbered(word) for word in words}
        folded = {word: folding.fold(word) for word in words}

        def fits(one: Content) -> bool:
            said = folding.fold("\n".join(_said(one)))
            return all(folded[word] in said or one.entry in numbered[word] for word in words)

        return fits

    def _once_numbered(self, word: str) -> set[int]:
        """The entries that earlier editions published under this number."""
        earlier = once_numbered(word, self.reader).filter(
            edition__register=self.edition.register_id,
            edition__quarter__lt=self.edition.quarter,
        )
        return set(earlier.order_by().values_list("entry_id", flat=True))


def _is_scored_risk(one: Content) -> bool:
    return one.kind == scale.RISK and one.score is not None


def _level(one: Content, name: str) -> int | None:
    """'impact', 'residual_likelihood', …"""
    prefix, level = re.fullmatch(r"(.*_)?(impact|likelihood)", name).groups("")
    return getattr(getattr(one, f"{prefix}position"), level, None)


def _said(one: Content) -> Iterator[str]:
    """Every text of an entry that is searched."""
    yield from (one.title, one.reference, one.owner_text, *one.texts.values())
    for strand in one.strands:
        yield from (getattr(strand, name) for name in STRAND_TEXTS)
    for action in one.actions:
        yield from (action.text, action.lead)
