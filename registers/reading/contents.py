"""Rows → Contents: what an edition says of an entry, light for lists or whole for a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet, Value

from registers.domain import content
from registers.domain.content import Content, Terms
from registers.domain.scale import position
from registers.models import Action, Edition, FlagAnswer, Snapshot, Strand

TEXTS = ("description", "consequences", "controls", "commentary")

# What a list shows of a snapshot: no texts.
LIGHT = (
    "edition_id",
    "entry_id",
    "entry__kind",
    "reference",
    "title",
    "score",
    "impact",
    "likelihood",
    "residual_score",
    "residual_impact",
    "residual_likelihood",
    "residual_by",
    "inherent_score",
    "inherent_impact",
    "inherent_likelihood",
    "own_appetite",
    "direction",
    "owner_text",
    "owner_id",
    "owner__name",
)

# Of more entries than these the whole edition is read: naming each takes longer.
FEW = 200

# Terms by the id of their edition.
ByEdition = Mapping[int, Terms]


def terms(edition: Edition) -> Terms:
    return Terms(
        edition.quarter, edition.bands, edition.appetite, edition.is_published, edition.as_at
    )


def light(snapshots: QuerySet[Snapshot], editions: ByEdition) -> list[Content]:
    """The snapshots in the order they are printed, without texts, in one query."""
    return [_light(editions, *values) for values in snapshots.as_printed().values_list(*LIGHT)]


def marked(
    snapshots: QuerySet[Snapshot], marks: Sequence[str], editions: ByEdition
) -> list[tuple[Content, tuple[bool, ...]]]:
    """The same, each with what the query was annotated with: a yes or no for each mark."""
    read = snapshots.as_printed().values_list(*LIGHT, *marks)
    count = len(LIGHT)
    return [(_light(editions, *row[:count]), tuple(map(bool, row[count:]))) for row in read]


def _light(
    editions: ByEdition,
    edition: int,
    entry: int,
    kind: str,
    reference: str,
    title: str,
    score: int | None,
    impact: int | None,
    likelihood: int | None,
    residual_score: int | None,
    residual_impact: int | None,
    residual_likelihood: int | None,
    residual_by: date | None,
    inherent_score: int | None,
    inherent_impact: int | None,
    inherent_likelihood: int | None,
    *rest: Any,
) -> Content:
    own_appetite, direction, owner_text, post, post_name = rest
    return Content(
        editions[edition],
        entry,
        kind,
        reference,
        title,
        score,
        position(impact, likelihood),
        residual_score,
        position(residual_impact, residual_likelihood),
        residual_by,
        inherent_score,
        position(inherent_impact, inherent_likelihood),
        own_appetite,
        direction,
        owner_text,
        post,
        post_name or "",
    )


def typed(contents: Sequence[Content], edition: Edition) -> list[Content]:
    """Light contents with the types of the entries and of their strands. One query."""
    own = Snapshot.types.through.objects.filter(snapshot__edition=edition)
    strands = Strand.types.through.objects.filter(strand__snapshot__edition=edition)
    if len(contents) <= FEW:
        entries = [one.entry for one in contents]
        own = own.filter(snapshot__entry__in=entries)
        strands = strands.filter(strand__snapshot__entry__in=entries)
    found = defaultdict(set)
    for entry, name in own.values_list("snapshot__entry_id", "type__name").union(
        strands.values_list("strand__snapshot__entry_id", "type__name")
    ):
        found[entry].add(name)
    return [one._replace(types=tuple(sorted(found[one.entry]))) for one in contents]


# What is read of a snapshot besides its light columns.
FULL = (
    "pk",
    *LIGHT,
    "order",
    "printed",
    "exempt_because",
    "no_change_reason",
    "override_reason",
    *TEXTS,
)


def whole(snapshots: QuerySet[Snapshot], editions: ByEdition) -> list[Content]:
    """The snapshots in the order of the query, with every text, in five queries.

    Rows and not models, and the rows below them by the same condition instead of thousands of ids:
    a register's whole past is read like this.
    """
    rows = list(snapshots.values_list(*FULL))
    below = snapshots.order_by().values("pk")
    types = _types(below)
    strands, numbers = _strands(below, types)
    actions, answers = _actions(below, numbers), _answers(below)
    count = len(LIGHT) + 1
    return [
        _whole(
            _light(editions, *row[1:count]),
            *row[count:],
            types=tuple(types.get(("snapshot", row[0]), ())),
            strands=tuple(strands.get(row[0], ())),
            actions=tuple(actions.get(row[0], ())),
            answers=tuple(answers.get(row[0], ())),
        )
        for row in rows
    ]


def _whole(
    one: Content,
    order: int,
    printed: Mapping[str, str],
    exempt_because: str,
    no_change_reason: str,
    override_reason: str,
    *texts: str,
    **read: Any,
) -> Content:
    return one._replace(
        order=order,
        printed=printed,
        exempt_because=exempt_because,
        no_change_reason=no_change_reason,
        override_reason=override_reason,
        texts=dict(zip(TEXTS, texts, strict=True)),
        **read,
    )


# The snapshots of a query, as a condition.
Below = QuerySet[Any, Any]

Types = Mapping[tuple[str, int], list[str]]


def _types(ids: Below) -> Types:
    """The names of the types of snapshots and of their strands, sorted, in one query."""
    own = Snapshot.types.through.objects.filter(snapshot__in=ids)
    strands = Strand.types.through.objects.filter(strand__snapshot__in=ids)
    found = defaultdict(list)
    for of, row, name in own.values_list(Value("snapshot"), "snapshot_id", "type__name").union(
        strands.values_list(Value("strand"), "strand_id", "type__name"), all=True
    ):
        found[of, row].append(name)
    for names in found.values():
        names.sort()
    return found


def _strands(
    ids: Below, types: Types
) -> tuple[Mapping[int, list[content.Strand]], Mapping[int, int]]:
    """The strands by snapshot, and the number of each by its id."""
    found = defaultdict(list)
    numbers = {}
    for pk, snapshot, *said in (
        Strand.objects.filter(snapshot__in=ids)
        .order_by("number")
        .values_list(
            "pk",
            "snapshot_id",
            "number",
            "title",
            "lead",
            "consequences",
            "controls",
            "direction",
            "commentary",
        )
    ):
        number, title, lead, *texts = said
        own = tuple(types.get(("strand", pk), ()))
        found[snapshot].append(content.Strand(number, title, lead, own, *texts))
        numbers[pk] = number
    return found, numbers


def _actions(ids: Below, numbers: Mapping[int, int]) -> Mapping[int, list[content.Action]]:
    """The actions by snapshot, in their order."""
    found = defaultdict(list)
    for snapshot, strand, *said, level, plain in _action_rows(ids):
        found[snapshot].append(content.Action(*said, numbers.get(strand), level, plain))
    return found


def _answers(ids: Below) -> Mapping[int, list[content.Answer]]:
    """What was said to flags, by snapshot."""
    found = defaultdict(list)
    rows = FlagAnswer.objects.filter(snapshot__in=ids).order_by("code")
    for snapshot, *said in rows.values_list(
        "snapshot_id", "code", "reason", "until", "asked", "proof"
    ):
        found[snapshot].append(content.Answer(*said))
    return found


def _action_rows(ids: Below) -> Iterable[tuple[Any, ...]]:
    return (
        Action.objects.filter(snapshot__in=ids)
        .order_by("order", "id")
        .values_list(
            "snapshot_id",
            "strand_id",
            "key",
            "text",
            "lead",
            "due",
            "status",
            "completed_on",
            "reason",
            "target_impact",
            "target_likelihood",
            "level",
            "plain",
        )
    )
