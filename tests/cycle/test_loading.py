"""Loading: what a document says of a quarter, as an import or the demonstration brings it in."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from registers import cycle
from registers.cycle import Draft, errors
from registers.cycle.loading import Said
from registers.models import Action, Entry, Progress, State
from tests import factories
from tests.cycle.conftest import BEFORE, NOW, find

IN_OCTOBER = datetime(2026, 10, 9, 11, 30, tzinfo=UTC)


def load(council, *said: Said, quarter=NOW, **told):
    told = {"by": council.manager, "reason": "Loaded", **told}
    return cycle.load_edition(council.register, quarter, said, **told)


def new(council, **fields) -> Said:
    fields = {"reference": "CR7", "title": "Floods", "progress": Progress.SUBMITTED, **fields}
    return Said(Entry(register=council.register, kind="risk"), Draft(fields))


def test_a_quarter_without_an_edition_gets_one_in_review_with_what_the_document_says(council):
    legal, key = factories.TypeFactory(name="Legal"), uuid4()
    said = new(council, types=[legal], order=1)
    parts = {1: {"number": 1, "title": "Rivers", "types": [legal]}}
    actions = {key: {"text": "Dredge", "order": 1, "status": "", "strand": 1}}
    edition = load(council, Said(said.entry, Draft(said.draft.fields, parts, actions)))
    assert (edition.state, edition.appetite) == (State.IN_REVIEW, council.register.appetite)
    loaded = find(edition, "CR7")
    assert list(loaded.types.all()) == list(loaded.strands.get().types.all()) == [legal]
    action = loaded.actions.get()
    assert (action.key, action.strand.heading) == (key, "1. Rivers")
    line = loaded.history.get()
    assert (line.history_user, line.history_change_reason) == (council.manager, "Loaded")
    assert [link.type for link in line.types.all()] == [legal]


def test_an_entry_that_the_edition_has_says_what_the_document_says(council, edition):
    risk = find(edition, "CR1")
    train = risk.actions.get(text="Train").key
    said = Draft({"controls": "A new board"}, actions={train: {"status": "done", "strand": None}})
    load(council, Said(risk.entry, said, by=council.owner, at=IN_OCTOBER))
    loaded = find(edition, "CR1")
    assert (loaded.controls, loaded.version) == ("A new board", risk.version + 1)
    assert risk.actions.get(text="Train").status == Action.Status.DONE
    for trail in (loaded.history, Action.history):
        line = trail.get(history_change_reason="Loaded")
        assert (line.history_user, line.history_date) == (council.owner, IN_OCTOBER)
    assert find(edition, "CR2").version == 0


def test_what_is_published_is_not_loaded_over(council):
    with pytest.raises(errors.EditionAlreadyPublished, match="A correction is a reissue"):
        load(council, new(council), quarter=BEFORE)


def test_what_the_edition_states_to_have_ended_is_not_loaded_into_it(council, edition):
    risk = find(edition, "CR1")
    cycle.close_entry(risk, by=council.manager, reason="It is built.")
    with pytest.raises(errors.EntryAlreadyEnded, match=r"states that these have ended.*: CR1"):
        load(council, Said(risk.entry, Draft({"reference": "CR1", "title": "Roads"})))


def test_what_was_loaded_is_accepted_and_what_somebody_writes_is_not(council, edition):
    load(council, new(council))
    cycle.save_draft(find(edition, "CR1"), Draft(), by=council.owner)
    cycle.accept_loaded(edition, by=council.manager, reason="Accepted")
    assert find(edition, "CR7").progress == Progress.ACCEPTED
    assert find(edition, "CR1").progress == Progress.DRAFT
