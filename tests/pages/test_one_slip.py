"""One slipped date reads the same wherever it is told: one comparer, one sentence."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from registers import cycle
from registers.domain.quarters import Quarter
from registers.models import Action
from tests import factories
from tests.support.pages import markup, words

pytestmark = pytest.mark.django_db

Q1, Q2 = Quarter(2026, 1), Quarter(2026, 2)
SLIP = "“Recruit ten carers”: due date moved from 30 June to 30 September 2026, because: No bids"
AGAIN = "“Recruit ten carers”: due date moved from 30 September to 31 October 2026"


@pytest.fixture
def slipped(cast):
    """Q2, published after Q1, in which an action has slipped, and nothing else is different."""
    key, entry = uuid4(), None
    for quarter, due, reason in (
        (Q1, date(2026, 6, 30), ""),
        (Q2, date(2026, 9, 30), "No bids."),
    ):
        edition = factories.edition(quarter)
        same = {"entry": entry} if entry else {}
        snapshot = factories.snapshot(edition, "CR1", owner=cast.post, **same)
        said = {"key": key, "text": "Recruit ten carers", "due": due, "reason": reason}
        factories.ActionFactory(snapshot=snapshot, status="in_progress", **said)
        entry = snapshot.entry
        factories.publish(edition)
    return edition


def read(user, address: str) -> str:
    client = Client()
    client.force_login(user)
    return words(markup(client.get(address)))


def test_the_comparison_and_the_page_of_the_entry_tell_a_slip_alike(cast, slipped):
    entry = slipped.snapshots.get().entry_id
    compared = read(cast.committee, slipped.url("changes"))
    assert f"Action {SLIP}" in compared
    assert "Text changed" not in compared
    page = read(cast.committee, f"{reverse('entry', args=[entry])}?edition={Q2.slug}")
    assert SLIP in page
    assert "word added" not in page


def test_a_corrected_issue_tells_it_alike(cast, slipped):
    edition = cycle.reissue(slipped, by=cast.manager, reason="The date was wrong.")
    Action.objects.filter(snapshot__edition=edition).update(due=date(2026, 10, 31))
    cycle.publish(edition, by=cast.manager)
    address = reverse("issue", args=[edition.register.slug, Q2.slug, 2])
    assert AGAIN in read(cast.committee, address)
