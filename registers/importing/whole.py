"""A whole register from its file (`exporting.whole`) into a database that has none yet.

Rows keep their numbers, since published documents name them. They go in by the same gates as all
others: editions in review, then their publications, and published last; every trigger stands. What
was put in is proved before it is kept: the chain must verify, with the digests that the file names.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core import serializers
from django.core.management.color import no_style
from django.core.serializers.base import DeserializationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ForeignKey

from registers import cycle
from registers.domain import tree
from registers.models import Edition, Publication, Register, State, Type, TypeAlias, User
from registers.models.whole import MODELS, model

FORMAT = 1
BATCH = 200
LINE = 50_000_000  # characters: the longest document of a register of thousands is a tenth of it


class CannotRestore(Exception):
    """The file can't be taken in. The message says why, for whoever runs the command."""


def restore(lines: Iterable[str]) -> Register:
    """Put a register into an empty database, and prove it. All or nothing. Raises CannotRestore."""
    told = iter(lines)
    head = _head(next(told, ""))
    _refuse_a_used_database()
    try:
        with transaction.atomic():
            register = _Restoring(head).put_in(told)
            _prove(register, head["digests"])
            return register
    except (IntegrityError, DeserializationError, ValueError, KeyError) as error:
        raise CannotRestore(f"The file is not whole, or was changed: {error}") from error


def _head(line: str) -> dict[str, Any]:
    try:
        head = json.loads(line)
        if head["format"] != FORMAT:
            raise CannotRestore(f"The file is of format {head['format']}; this reads {FORMAT}.")
        return head
    except (ValueError, KeyError, TypeError) as error:
        raise CannotRestore(
            "This is not the file of a register: write one with manage.py export_register."
        ) from error


def _refuse_a_used_database() -> None:
    if Register.objects.exists() or model("owner").objects.exists():
        raise CannotRestore(
            "This database has a register already. Rows keep their numbers, so a register goes "
            "into an empty database only: one that was migrated and holds accounts at most."
        )


class _Restoring:
    """One file being put in. `people` are the accounts here by their numbers there."""

    def __init__(self, head: dict[str, Any]) -> None:
        self.head = head
        self.people: dict[int, int] = {}
        self.published: list[int] = []

    def put_in(self, lines: Iterator[str]) -> Register:
        # The list of types that a new database begins with makes room for the register's own.
        # Nobody removed anything, so no line of history says that somebody did.
        for each in (TypeAlias, Type):
            each.objects.all()._raw_delete(connection.alias)
        count = 0
        for name, rows in groupby(self._rows(lines), key=lambda row: row._meta.model_name):
            rows = iter(rows)
            while some := list(islice(rows, BATCH)):
                count += len(some)
                self._insert(name, some)
        if count != self.rows:
            raise CannotRestore(f"The file has {count} rows and says {self.rows}: it was cut off.")
        Edition.objects.filter(pk__in=self.published).update(state=State.PUBLISHED)
        _reset_sequences()
        return Register.objects.get(slug=self.head["register"])

    def _rows(self, lines: Iterator[str]) -> Iterator[Any]:
        self.rows = -1
        for line in lines:
            if not line.strip():
                continue
            said = json.loads(line)
            if "model" not in said:
                self.rows = said["rows"]
                return
            app, _, name = said["model"].partition(".")
            if app != "registers" or name not in MODELS:
                raise CannotRestore(f"“{said['model']}” is no part of a register.")
            for one in serializers.deserialize("python", [said]):
                yield one.object

    def _insert(self, name: str, rows: list[Any]) -> None:
        if name == "user":
            return self._meet(rows)
        fields = model(name)._meta.concrete_fields
        to_people = [f for f in fields if isinstance(f, ForeignKey) and f.related_model is User]
        for row in rows:
            for field in to_people:
                there = getattr(row, field.attname)
                setattr(row, field.attname, self.people[there] if there else None)
            self._prepare(name, row)
        # As they are: neither the day of the change nor a line of history is made anew.
        model(name)._base_manager.all()._insert(rows, fields=fields, raw=True)
        return None

    def _prepare(self, name: str, row: Any) -> None:
        if name == "register":
            row.parent_id = None  # the register above it stays where it is
            row.place = tree.places({row.pk: None})[row.pk]
        if name == "lineage":
            row.elsewhere_id = None  # so does the entry that it is in another register
        if name == "edition" and row.state == State.PUBLISHED:
            self.published.append(row.pk)
            row.state = State.IN_REVIEW

    def _meet(self, people: list[User]) -> None:
        """An account of the same name is the same person; others come without a password."""
        for person in people:
            there = person.pk
            known = User.objects.filter(username=person.username).first()
            if known is None:
                person.pk = None
                person.password = make_password(None)
                person.save()
                known = person
            self.people[there] = known.pk


def _reset_sequences() -> None:
    """The next row of each table gets a number after those that were put in."""
    statements = connection.ops.sequence_reset_sql(no_style(), [model(name) for name in MODELS])
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _prove(register: Register, digests: list[str]) -> None:
    for _, failure in cycle.verify(register):
        if failure is not None:
            raise CannotRestore(f"What is in the file does not prove itself. {failure}")
    chain = Publication.objects.filter(register=register).order_by("sequence")
    if list(chain.values_list("digest", flat=True)) != digests:
        raise CannotRestore("The file names other publications than it holds.")
