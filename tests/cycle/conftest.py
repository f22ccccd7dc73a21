"""A quarter that was published and the one after it, with the people who turn it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from registers import cycle
from registers.domain.quarters import Quarter
from registers.models import Action, Edition, Progress, Snapshot
from tests import factories

BEFORE, NOW = Quarter(2026, 1), Quarter(2026, 2)
DEADLINE = datetime(2026, 10, 16, 16, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Council:
    """`cast.owner` holds the post of CR1 and CO1; `cast.other_owner` that of CR2."""

    cast: factories.Cast
    published: Edition

    @property
    def register(self):
        return self.published.register

    @property
    def manager(self):
        return self.cast.manager

    @property
    def owner(self):
        return self.cast.owner

    def open(self, quarter: Quarter = NOW, **values) -> Edition:
        # The quarters of these tests stay where they are, however far from a deadline of today.
        values = {"by": self.manager, "deadline": DEADLINE, "tell": False, "sure": True, **values}
        return cycle.open_edition(self.register, quarter, **values)


def build_council(cast: factories.Cast) -> Council:
    """CR1 with three actions (one done), CR2, and the opportunity CO1, published in BEFORE."""
    edition = factories.EditionFactory(quarter=BEFORE)
    accepted = {"progress": Progress.ACCEPTED}
    first = factories.snapshot(
        edition, "CR1", order=1, owner=cast.post, types=["Economic", "People"], **accepted
    )
    for text, status in (
        ("Recruit", Action.Status.NOT_STARTED),
        ("Train", Action.Status.IN_PROGRESS),
        ("Advertise", Action.Status.DONE),
        ("Outsource", Action.Status.DROPPED),
    ):
        factories.ActionFactory(snapshot=first, text=text, status=status, reason="A note")
    factories.snapshot(edition, "CR2", order=2, owner=cast.other_post, **accepted)
    factories.opportunity(
        edition,
        "CO1",
        order=3,
        owner=cast.post,
        impact=3,
        likelihood=3,
        residual_impact=4,
        residual_likelihood=4,
        **accepted,
    )
    cycle.publish(edition, by=cast.manager)
    edition.refresh_from_db()
    return Council(cast, edition)


def build_council_of_its_own() -> Council:
    return build_council(factories.cast())


@pytest.fixture(scope="module")
def council_once(common_ground) -> Iterator[Council]:
    with common_ground(build_council_of_its_own) as council:
        yield council


@pytest.fixture
def council(council_once: Council, db: None) -> Council:
    """The same rows for every test of a module, read afresh."""
    cast = council_once.cast
    rows = {part: getattr(cast, part) for part in cast.__slots__}
    fresh = {part: type(row).objects.get(pk=row.pk) for part, row in rows.items()}
    published = Edition.objects.get(pk=council_once.published.pk)
    return Council(factories.Cast(**fresh), published)


@pytest.fixture
def cast(council: Council) -> factories.Cast:
    return council.cast


@pytest.fixture
def edition(council: Council) -> Edition:
    """The quarter under way."""
    return council.open()


def find(edition: Edition, reference: str) -> Snapshot:
    """As a page would load it: fresh, with nothing cached."""
    return Snapshot.objects.select_related("edition", "entry").get(
        edition=edition, reference=reference
    )


def fill_in(snapshot: Snapshot, *, by, **values) -> Snapshot:
    """Everything a submission needs, without a contradiction."""
    said = {"direction": "level", "commentary": "On course.", **values}
    return cycle.save_draft(snapshot, cycle.Draft(said), by=by)


def accept_everything(edition: Edition, *, by) -> None:
    for snapshot in edition.snapshots.select_related("edition"):
        fill_in(snapshot, by=by)
        cycle.submit(snapshot, by=by, override="As planned.")
    cycle.accept_all(edition.snapshots.all(), by=by)
