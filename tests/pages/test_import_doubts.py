"""What an import left open of an edition is settled on a page, beside the printed cells."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from registers import cycle
from registers.models import Edition, Import, ImportDoubt, Snapshot
from tests import factories
from tests.admin.filled import client, read
from tests.pages.test_imports import REGISTER, brought, send
from tests.support.pages import markup, words

pytestmark = pytest.mark.django_db
UNCLEAR = REGISTER.replace("Upwards", "Sideways")


@pytest.fixture
def cast(db):
    cast = factories.cast()
    factories.register("corporate")
    return cast


@pytest.fixture
def manager(cast) -> Client:
    return client(cast.manager)


@pytest.fixture
def edition(manager) -> Edition:
    """CR1 has a 20 without a square; CR2 nobody's name, and a direction that says nothing."""
    import_: Import = brought(manager, UNCLEAR)
    send(manager, import_, "import-apply", right="on")
    assert import_.edition
    return import_.edition


def address(edition: Edition) -> str:
    return reverse("import-doubts", args=[edition.register.slug, edition.quarter.slug])


def of(edition: Edition, reference: str) -> Snapshot:
    return edition.snapshots.get(reference=reference)


def answer(browser: Client, edition: Edition, **said: object):
    """Press the button with some answers, named 'CR1__score', in place of what stands."""
    fields: dict[str, object] = dict(read(browser.get(address(edition))))
    for name, value in said.items():
        reference, _, field = name.partition("__")
        fields[f"entry-{of(edition, reference).pk}.{field}"] = value
    return browser.post(address(edition), fields)


def test_what_was_printed_stands_beside_what_the_edition_says(manager, edition):
    page = words(markup(manager.get(address(edition))))
    assert "20 20; its square is not known" in page
    assert "Sideways Not stated" in page
    assert "Anybody who can" in page
    assert "Worry: 3" in page, "what no field took is kept as printed"
    assert "Corporate, Q3 2018/19" in words(markup(manager.get(reverse("imports"))))


def test_an_answer_is_saved_by_the_verb_and_settles_its_doubt(manager, edition, cast):
    done = answer(
        manager,
        edition,
        CR1__score="5x4",
        CR2__owner=cast.post.name.upper(),
        CR2__direction="up",
    )
    assert done.status_code == 302
    first, second = of(edition, "CR1"), of(edition, "CR2")
    assert (first.impact, first.likelihood, first.score) == (5, 4, 20)
    assert (second.owner, second.owner_text, second.direction) == (cast.post, "", "up")
    assert second.printed["direction"] == "Sideways"
    assert not ImportDoubt.objects.still_open().filter(column__contains="irection").exists()
    assert second.history.first().history_change_reason == "Settled what the import left open"
    assert not second.history.filter(history_change_reason="").exists()


def test_what_names_nothing_is_refused_and_what_others_saved_is_not_overwritten(manager, edition):
    refused = answer(manager, edition, CR2__owner="The Emperor", CR1__score="4x5")
    assert refused.status_code == 422
    assert "No post or body is called “The Emperor”" in words(markup(refused))
    assert of(edition, "CR1").impact == 4, "each entry is saved by itself"

    seen = read(manager.get(address(edition)))
    other = factories.UserFactory(roles=["Risk manager"])
    cycle.save_draft(of(edition, "CR2"), cycle.Draft({"direction": "down"}), by=other)
    second = of(edition, "CR2")
    late = manager.post(address(edition), {**seen, f"entry-{second.pk}.direction": "level"})
    assert late.status_code == 422
    assert of(edition, "CR2").direction == "down"


def test_of_a_published_edition_a_thing_is_only_looked_at_until_it_is_corrected(
    manager, edition, cast
):
    cycle.accept_loaded(edition, by=cast.manager, reason="Loaded")
    cycle.publish(edition, by=cast.manager)
    page = manager.get(address(edition))
    assert "can’t be changed here" in words(markup(page))
    assert f"entry-{of(edition, 'CR2').pk}.direction" not in read(page)
    answer(manager, edition, CR2__direction="up")
    assert of(edition, "CR2").direction == ""
    doubt = ImportDoubt.objects.still_open().first()
    manager.post(address(edition), {f"doubt-{doubt.pk}": "1"})
    doubt.refresh_from_db()
    assert doubt.settled_by == cast.manager
    edition.refresh_from_db()
    cycle.reissue(edition, by=cast.manager, reason="A direction was not read.")
    edition.refresh_from_db()
    answer(manager, edition, CR2__direction="up")
    assert of(edition, "CR2").direction == "up"
