"""A register with a published edition and the open one after it, rolled forward."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from registers import cycle
from registers.domain.quarters import Quarter
from registers.models import Edition, Owner, Snapshot, User
from tests import factories

BEFORE, NOW = Quarter(2026, 3), Quarter(2026, 4)


@dataclass(frozen=True, slots=True)
class Book:
    """CR1 and CO1 belong to `cast.post`, CR2 to `cast.other_post`; CR1 has two actions."""

    cast: factories.Cast
    published: Edition
    open: Edition

    def draft(self, reference: str = "CR1") -> Snapshot:
        return self.open.snapshots.get(reference=reference)

    def printed(self, reference: str = "CR1") -> Snapshot:
        return self.published.snapshots.get(reference=reference)


def build_book() -> Book:
    cast = factories.cast()
    edition = factories.EditionFactory(quarter=BEFORE)
    first = factories.snapshot(
        edition, "CR1", order=1, owner=cast.post, types=["Economic", "People"]
    )
    factories.ActionFactory(snapshot=first, text="Recruit", lead="Head of HR", order=1)
    factories.ActionFactory(snapshot=first, text="Train", order=2)
    factories.snapshot(edition, "CR2", order=2, owner=cast.other_post)
    factories.opportunity(edition, "CO1", order=3, owner=cast.post)
    factories.publish(edition, by=cast.manager)
    opened = cycle.open_edition(edition.register, NOW, by=cast.manager, tell=False)
    return Book(cast, edition, opened)


@pytest.fixture(scope="module")
def book_once(common_ground) -> Iterator[Book]:
    with common_ground(build_book) as book:
        yield book


@pytest.fixture
def book(book_once: Book, db: None) -> Book:
    """The same rows for every test of a module, read afresh."""
    cast = {part: one._meta.model.objects.get(pk=one.pk) for part, one in _rows(book_once.cast)}
    editions = [Edition.objects.get(pk=row.pk) for row in (book_once.published, book_once.open)]
    return Book(factories.Cast(**cast), *editions)


def _rows(cast: factories.Cast) -> list[tuple[str, User | Owner]]:
    return [(part, getattr(cast, part)) for part in cast.__slots__]


def url_of(snapshot: Snapshot) -> str:
    return f"/admin/registers/snapshot/{snapshot.pk}/change/"
