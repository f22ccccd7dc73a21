"""The way through the form of an entry: what changes every quarter first, every problem at once."""

from __future__ import annotations

import pytest

from registers import cycle
from registers.models import Progress
from tests.admin.conftest import url_of
from tests.admin.filled import client, problems, read, send

THREE = {"direction": "up", "commentary": "", "current": "2x2", "residual": "5x5"}


def test_scores_direction_and_commentary_and_actions_come_before_the_texts(book):
    page = client(book.cast.owner).get(url_of(book.draft())).content.decode()
    places = [
        page.index(f'id="{box}"')
        for box in (
            "id_current_0",
            "id_direction_0",
            "id_commentary",
            "actions-heading",
            "id_consequences",
            "id_controls",
            "id_title",
        )
    ]
    assert places == sorted(places)


def test_one_pass_shows_what_is_missing_and_what_looks_contradictory(book):
    owner, url = client(book.cast.owner), url_of(book.draft())
    refused = owner.get(send(owner, url, _submit="", **THREE)["Location"])
    assert set(problems(refused)) == {
        "id_commentary",
        "id_direction_0",
        "id_residual_0",
        "id_override_reason",
    }


def test_a_form_with_three_problems_is_submitted_with_the_second_press(book):
    owner, url = client(book.cast.owner), url_of(book.draft())
    send(owner, url, _submit="", **THREE)
    answer = send(
        owner,
        f"{url}?check=1",
        commentary="It came out better.",
        override_reason="The board asked for it.",
        _submit="",
    )
    assert answer["Location"] == "/my-updates/"
    assert book.draft().progress == Progress.SUBMITTED


def test_new_and_not_stated_are_no_choices_of_an_entry_that_has_a_past(book):
    page = client(book.cast.owner).get(url_of(book.draft())).content.decode()
    assert 'name="direction" value="up"' in page
    assert 'name="direction" value="new"' not in page
    assert 'name="direction" value=""' not in page


def test_an_entry_that_has_a_past_is_not_submitted_as_new(book):
    said = cycle.Draft({"direction": "new", "commentary": "Here it is."})
    draft = cycle.save_draft(book.draft(), said, by=book.cast.owner)
    with pytest.raises(cycle.NotReady, match="not new"):
        cycle.submit(draft, by=book.cast.owner)


def test_a_draft_that_says_new_still_shows_it(book):
    said = cycle.Draft({"direction": "new"})
    draft = cycle.save_draft(book.draft(), said, by=book.cast.owner)
    assert read(client(book.cast.owner).get(url_of(draft)))["direction"] == ["new"]
