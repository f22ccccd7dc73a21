"""Which entries of an edition a page shows: one filter for the heat map, the table and its exports.

The query string is the filter, so every view is a link, and the same parameters mean the same on
every page:

    flag        any, or the code of a flag
    kind        risk, opportunity                     q           words in the title or the text
    owner       id of an owner                        type        id of a type
    band        1 (low) to 4 (very high)              appetite    above, within
    impact, likelihood                                the cell of the score, 1 to 5 each
    residual_impact, residual_likelihood              the cell of the residual score
    inherent_impact, inherent_likelihood              the cell of the inherent score
    placed, residual_placed, inherent_placed   no     entries whose cell is not known
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import django_filters
from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict

from registers.domain import scale
from registers.domain.content import Content
from registers.domain.flags import KINDS
from registers.domain.flags.standing import Standing
from registers.models import Action, Edition, Snapshot, Strand, Type, User
from registers.models.entry import Kind
from registers.models.searching import called, having
from registers.pages.query import with_query
from registers.reading.contents import light, marked, terms
from registers.reading.standings import standings

LEVEL_CHOICES = [(str(level), str(level)) for level in scale.LEVELS]
# What the id of a row looks like, within what a database can hold.
IS_ID = re.compile(r"[0-9]{1,18}")
NO = [("no", "Not placed")]
APPETITE_CHOICES = [("above", "Above appetite"), ("within", "Within appetite")]

# Conditions that a link sets and no field of the form shows.
UNSEEN = (
    "impact",
    "likelihood",
    "residual_impact",
    "residual_likelihood",
    "inherent_impact",
    "inherent_likelihood",
    "placed",
    "residual_placed",
    "inherent_placed",
)

# How the names of a score's fields begin, and how it is called.
PLACINGS = (("", "score"), ("residual_", "residual score"), ("inherent_", "inherent score"))

TEXTS = (
    "title",
    "reference",
    "description",
    "consequences",
    "controls",
    "commentary",
    "owner_text",
)
STRAND_TEXTS = ("title", "lead", "consequences", "controls", "commentary")


def _numbered(word: str, reader: User) -> QuerySet[Snapshot]:
    """What earlier editions published of the entry under this number, as far as one may read it."""
    return once_numbered(word, reader).filter(
        entry=OuterRef("entry"),
        edition__quarter__lt=OuterRef("edition__quarter"),
    )


def once_numbered(word: str, reader: User) -> QuerySet[Snapshot]:
    return Snapshot.objects.published().visible_to(reader).filter(called(word, "reference"))


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that narrows the page, in words, and the query string without it."""

    words: str
    without: str


class SnapshotFilter(django_filters.FilterSet):
    """Narrows the snapshots of one edition that a person may read.

    `SnapshotFilter(request.GET, queryset=visible, edition=edition)`; then `.qs`. The choices of
    owner and type come from the snapshots given, so they name nobody that the reader can't see.
    A value that is no choice is left out, and `form.errors` says so.
    """

    q = django_filters.CharFilter(
        label="Find in title or text", method="having_words", max_length=200
    )
    owner = django_filters.ChoiceFilter(label="Owner", empty_label="Everyone", field_name="owner")
    type = django_filters.ChoiceFilter(label="Type", empty_label="All types", method="of_type")
    band = django_filters.ChoiceFilter(label="Band", empty_label="All bands", method="in_band")
    appetite = django_filters.ChoiceFilter(
        label="Appetite", empty_label="Any", choices=APPETITE_CHOICES, method="by_appetite"
    )
    flag = django_filters.ChoiceFilter(
        label="Flag",
        empty_label="With or without",
        choices=[("any", "Any flag"), *KINDS.items()],
        method="by_flag",
    )
    kind = django_filters.ChoiceFilter(
        label="Kind",
        empty_label="Risks and opportunities",
        choices=[(Kind.RISK, "Risks"), (Kind.OPPORTUNITY, "Opportunities")],
        field_name="entry__kind",
    )
    impact = django_filters.ChoiceFilter(choices=LEVEL_CHOICES, field_name="impact")
    likelihood = django_filters.ChoiceFilter(choices=LEVEL_CHOICES, field_name="likelihood")
    residual_impact = django_filters.ChoiceFilter(
        choices=LEVEL_CHOICES, field_name="residual_impact"
    )
    residual_likelihood = django_filters.ChoiceFilter(
        choices=LEVEL_CHOICES, field_name="residual_likelihood"
    )
    inherent_impact = django_filters.ChoiceFilter(
        choices=LEVEL_CHOICES, field_name="inherent_impact"
    )
    inherent_likelihood = django_filters.ChoiceFilter(
        choices=LEVEL_CHOICES, field_name="inherent_likelihood"
    )
    placed = django_filters.ChoiceFilter(choices=NO, method="not_placed")
    residual_placed = django_filters.ChoiceFilter(choices=NO, method="not_placed")
    inherent_placed = django_filters.ChoiceFilter(choices=NO, method="not_placed")

    class Meta:
        model = Snapshot
        fields: list[str] = []

    def __init__(
        self,
        data: QueryDict,
        queryset: QuerySet[Snapshot],
        *,
        edition: Edition,
        reader: User,
        both_kinds: bool = False,
    ):
        """`both_kinds` leaves the kind to the page, which then counts the other kind as well."""
        super().__init__(data, queryset)
        self.edition, self.reader = edition, reader
        kind = data.get("kind")
        self.words_of = kind if kind in Kind.values else Kind.RISK
        if both_kinds:
            del self.filters["kind"]
        owners, types = self._choices()
        self.filters["owner"].extra["choices"] = owners
        self.filters["type"].extra["choices"] = types
        self.filters["band"].extra["choices"] = [
            (str(band), f"{word} {low}–{high}" if low < high else f"{word} {low}")
            for band, word, low, high in reversed([*edition.bands.ranges(self.words_of)])
        ]

    def _choices(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """The owners and the types that occur, in one query."""
        plain = self.queryset.order_by()
        owners = (
            plain.filter(owner__isnull=False)
            .values_list(Value("owner"), "owner_id", "owner__name")
            .distinct()
        )
        ids = plain.values("pk")
        own = Snapshot.types.through.objects.filter(type=OuterRef("pk"), snapshot__in=ids)
        strands = Strand.types.through.objects.filter(type=OuterRef("pk"), strand__snapshot__in=ids)
        types = (
            Type.objects.filter(Exists(own) | Exists(strands))
            .order_by()
            .values_list(Value("type"), "pk", "name")
        )
        offered: dict[str, list[tuple[str, str]]] = {"owner": [], "type": []}
        for what, key, name in owners.union(types, all=True):
            offered[what].append((str(key), name))
        return self._with_chosen("owner", offered["owner"]), self._with_chosen(
            "type", offered["type"]
        )

    def _with_chosen(self, name: str, choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """By name; moving along the quarters with a filter on, it stays on, and finds nothing."""
        found = sorted(choices, key=lambda choice: choice[1].casefold())
        chosen = self.data.get(name, "")
        if IS_ID.fullmatch(chosen) and chosen not in dict(found):
            found.append((chosen, "No longer in this edition"))
        return found

    def contents(self) -> list[Content]:
        """What it leaves of the edition, without texts, in the order of the printed table."""
        return [one for one, is_left in self._read if is_left]

    def everything(self) -> list[Content]:
        """The same without a filter."""
        return [one for one, _ in self._read]

    @cached_property
    def _read(self) -> list[tuple[Content, bool]]:
        """All of them, each with whether the filter leaves it, in one query."""
        known = {self.edition.pk: terms(self.edition)}
        if not any(self.data.get(name) for name in self.filters):
            return [(one, True) for one in light(self.queryset, known)]
        left = Exists(self.qs.filter(pk=OuterRef("pk")))
        found = marked(self.queryset.annotate(is_left=left), ["is_left"], known)
        return [(one, is_left) for one, (is_left,) in found]

    def narrowing(self, queryset: QuerySet[Snapshot]) -> QuerySet[Snapshot]:
        """Other snapshots, such as another edition's, narrowed in the same way."""
        self.form.is_valid()
        return self.filter_queryset(queryset)

    # What each one narrows to -------------------------------------------------------------------

    def having_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Every word occurs somewhere in the entry: title, texts, strands, actions, owner; or it
        is a number that the entry had before.
        """
        for word in value.split():
            below = {"snapshot": OuterRef("pk")}
            actions = Action.objects.filter(having(word, "text", "lead"), **below)
            strands = Strand.objects.filter(having(word, *STRAND_TEXTS), **below)
            queryset = queryset.filter(
                having(word, *TEXTS)
                | Exists(actions)
                | Exists(strands)
                | Exists(_numbered(word, self.reader))
            )
        return queryset

    def of_type(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        own = Snapshot.types.through.objects.filter(snapshot=OuterRef("pk"), type=value)
        strands = Strand.types.through.objects.filter(strand__snapshot=OuterRef("pk"), type=value)
        return queryset.filter(Exists(own) | Exists(strands))

    def in_band(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        ranges = {str(band): (low, high) for band, _, low, high in self.edition.bands.ranges()}
        return queryset.filter(score__range=ranges[value])

    def by_appetite(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Only a risk with a score is above or within."""
        risks = queryset.filter(entry__kind=Kind.RISK)
        appetite = Coalesce(F("own_appetite"), F("edition__appetite"))
        if value == "above":
            return risks.filter(score__gt=appetite)
        return risks.filter(score__lte=appetite)

    def by_flag(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(entry__in=self.flagged(value))

    def flagged(self, value: str) -> list[int]:
        """The entries of the edition that have a flag, or any at all."""
        return [
            entry
            for entry, one in self.standings.items()
            if (one.flags if value == "any" else one.has(value))
        ]

    @cached_property
    def standings(self) -> dict[int, Standing]:
        """How the entries stand that the person may read: read once, and only where asked for."""
        return standings(self.edition, self.reader)

    def not_placed(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """A score of which only the number is known, or none at all."""
        column = name.replace("placed", "impact")
        return queryset.filter(**{f"{column}__isnull": True})

    # What the page says of it -------------------------------------------------------------------

    @property
    def narrows(self) -> bool:
        """Whether anything but the kind is asked for."""
        return any(self.data.get(name) for name in self.filters if name != "kind")

    @property
    def in_words(self) -> list[str]:
        """All that narrows the page, for paper: 'Owner: CMT', 'Band: High 10–15'."""
        chosen = self.form.cleaned_data if self.form.is_valid() else {}
        words = [f"“{chosen['q']}”"] if chosen.get("q") else []
        for name in ("owner", "type", "band", "appetite", "flag"):
            if chosen.get(name):
                label = dict(self.form.fields[name].choices).get(chosen[name], "")
                words.append(f"{self.form.fields[name].label}: {label}")
        return [*words, *(condition.words for condition in self.conditions)]

    @property
    def unseen(self) -> list[tuple[str, str]]:
        """Names and values that the form carries along as hidden fields."""
        return [(name, self.data[name]) for name in UNSEEN if self.data.get(name)]

    @property
    def conditions(self) -> list[Condition]:
        """The unseen ones in words, each with a way out of it."""
        found = []
        for prefix, what in PLACINGS:
            words = self._cell_words(prefix)
            if words:
                without = with_query(
                    self.data,
                    **{f"{prefix}{name}": None for name in ("impact", "likelihood", "placed")},
                )
                found.append(Condition(f"{what.capitalize()}: {words}", without))
        return found

    def _cell_words(self, prefix: str) -> str:
        chosen: dict[str, Any] = self.form.cleaned_data if self.form.is_valid() else {}
        if chosen.get(f"{prefix}placed"):
            return "not placed on the grid"
        impact, likelihood = chosen.get(f"{prefix}impact"), chosen.get(f"{prefix}likelihood")
        words = []
        if impact:
            words.append(scale.impact_word(int(impact), self.words_of))
        if likelihood:
            words.append(scale.likelihood_word(int(likelihood)))
        return " × ".join(words)
