"""What is asked of the audit trail, and where each kind of row keeps the lines that answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import models
from django.db.models import BigIntegerField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.lookups import In
from django.utils import timezone

from registers.models import (
    Action,
    Edition,
    Entry,
    FlagAnswer,
    Lineage,
    Owner,
    Proposal,
    Register,
    RegisterRole,
    Snapshot,
    Strand,
    Tenure,
    Type,
    TypeAppetite,
)
from registers.models.searching import having

# `person` that asks for what no person did.
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Asked:
    """What narrows the trail of a register. `edition` and `entry` leave out the settings.

    `alone` says that there is no other register, so that no line needs to be asked whose it is.
    """

    register: Register
    alone: bool = False
    # The ids of the register's editions, or of the one that is asked for.
    editions: tuple[int, ...] = ()
    edition: Edition | None = None
    entry: int | None = None
    person: int | str | None = None
    kind: str = ""
    since: date | None = None
    until: date | None = None
    words: str = ""


Where = Callable[[Asked], Q | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of row that has a history. `where` is None where what is asked leaves it out.

    `texts` are the columns in which words are looked for, besides the reason of the save.
    """

    code: str
    label: str
    model: type[models.Model]
    where: Where
    texts: tuple[str, ...] = ()


def _snapshots(asked: Asked) -> Q:
    if asked.entry is not None:
        return Q(entry_id=asked.entry, edition_id__in=asked.editions)
    if asked.edition is not None:
        return Q(edition_id=asked.edition.pk)
    if asked.alone:
        return Q()
    return _by_date("edition_id", asked.editions)


def _of_snapshots(asked: Asked) -> Q:
    """Of rows below a snapshot, which may be gone: its own history knows where it belonged."""
    if _tells_of_settings(asked) and asked.alone:
        return Q()
    if _tells_of_settings(asked):
        stated = Snapshot.history.filter(edition_id__in=asked.editions).order_by().values("id")
        return _by_date("snapshot_id", stated)
    return Q(snapshot_id__in=Snapshot.history.filter(_snapshots(asked)).order_by().values("id"))


def _by_date(column: str, among: Iterable[int] | QuerySet) -> Q:
    """That a column is among these, in a way that no index of the column answers.

    Most lines are the register's. A database that looked the column up would read and sort all of
    them to give the latest fifty; asked like this, it goes through the lines by their date.
    """
    number = ExpressionWrapper(F(column) + 0, output_field=BigIntegerField())
    return Q(In(number, among))


def _entries(asked: Asked) -> Q | None:
    if asked.edition is not None:
        return None
    where = Q(register_id=asked.register.pk)
    return where if asked.entry is None else where & Q(id=asked.entry)


def _lineage(asked: Asked) -> Q:
    where = Q(edition_id__in=asked.editions)
    if asked.entry is None:
        return where
    return where & (Q(entry_id=asked.entry) | Q(other_id=asked.entry))


def _proposals(asked: Asked) -> Q | None:
    """Those from its editions, and those to it."""
    if asked.entry is not None:
        return None
    where = Q(edition_id__in=asked.editions)
    return where if asked.edition is not None else where | Q(to_id=asked.register.pk)


def _editions(asked: Asked) -> Q | None:
    return Q(id__in=asked.editions) if asked.entry is None else None


def _of_register(column: str) -> Where:
    def where(asked: Asked) -> Q | None:
        return Q(**{column: asked.register.pk}) if _tells_of_settings(asked) else None

    return where


def _everywhere(asked: Asked) -> Q | None:
    """Settings that all registers share."""
    return Q() if _tells_of_settings(asked) else None


def _tells_of_settings(asked: Asked) -> bool:
    return asked.edition is None and asked.entry is None


KINDS = (
    Kind("entries", "Entries", Snapshot, _snapshots, ("reference", "title", "owner_text")),
    Kind("strands", "Strands", Strand, _of_snapshots, ("title", "lead")),
    Kind("actions", "Actions", Action, _of_snapshots, ("text", "lead", "reason")),
    Kind("answers", "Answers to flags", FlagAnswer, _of_snapshots, ("asked",)),
    Kind("exemption", "Kind and exemption", Entry, _entries, ("exempt_reason",)),
    Kind("lineage", "What became of entries", Lineage, _lineage, ("reason",)),
    Kind("proposals", "Moves between registers", Proposal, _proposals, ("called", "reason")),
    Kind("editions", "Editions", Edition, _editions),
    Kind("register", "Register", Register, _of_register("id"), ("name", "committee")),
    Kind("roles", "Roles in it", RegisterRole, _of_register("register_id")),
    Kind("appetite", "Appetite by type", TypeAppetite, _of_register("register_id")),
    Kind("types", "Types", Type, _everywhere, ("name",)),
    Kind("owners", "Owners", Owner, _everywhere, ("name",)),
    Kind("tenures", "Post-holders and delegates", Tenure, _everywhere),
)


def lines_of(kind: Kind, asked: Asked) -> QuerySet | None:
    """The lines of one kind that are asked for; None if there can be none."""
    if asked.kind not in ("", kind.code):
        return None
    where = kind.where(asked)
    if where is None:
        return None
    lines = kind.model.history.model.objects.filter(where)
    if asked.person == NOBODY:
        lines = lines.filter(history_user=None)
    elif asked.person is not None:
        lines = lines.filter(history_user=asked.person)
    if asked.since is not None:
        lines = lines.filter(history_date__gte=_midnight(asked.since))
    if asked.until is not None:
        lines = lines.filter(history_date__lt=_midnight(asked.until, days=1))
    for word in asked.words.split():
        columns = ("history_change_reason", *kind.texts)
        lines = lines.filter(having(word, *columns))
    return lines


def _midnight(day: date, days: int = 0) -> datetime:
    following = date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))
    return timezone.make_aware(datetime.combine(following, time.min))
