"""The way through the form of an entry: what changes every quarter first, every problem at once."""

from __future__ import annotations

import re

import pytest

from registers import cycle
from registers.models import Progress
from tests import factories
from tests.admin.conftest import url_of
from tests.admin.filled import client, problems, read, send
from tests.support.pages import markup

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


def folded(page) -> list[str]:
    """The fields that the form keeps folded."""
    folds = re.findall(
        r'<details class="as-it-was">.*?</details>', page.content.decode(), re.DOTALL
    )
    return [re.search(r'name="(\w+)"', fold)[1] for fold in folds]


def test_what_is_as_it_was_is_folded_and_what_was_changed_is_not(book):
    owner, url = client(book.cast.owner), url_of(book.draft())
    assert folded(owner.get(url)) == ["consequences", "controls", "title", "description", "types"]
    send(owner, url, controls="A weekly review by the board", types=[])
    assert folded(owner.get(url)) == ["consequences", "title", "description"]


def test_what_is_refused_or_written_by_two_is_not_folded(book):
    owner, url = client(book.cast.owner), url_of(book.draft())
    opened = read(owner.get(url))
    assert "title" not in folded(owner.post(url, {**opened, "title": ""}))
    cycle.save_draft(book.draft(), cycle.Draft({"controls": "Theirs"}), by=book.cast.delegate)
    met = owner.post(url, {**opened, "controls": "Mine"})
    assert "controls" not in folded(met)


def test_nothing_of_a_new_entry_is_folded(book):
    fresh = factories.snapshot(book.open, "CR7", owner=book.cast.post)
    assert folded(client(book.cast.owner).get(url_of(fresh))) == []


def needed(page) -> list[str]:
    """What the bar says is still needed."""
    return re.findall(r'<li data-need="[^"]*"><a href="#[^"]*">([^<]*)</a></li>', markup(page))


def test_the_bar_says_what_a_submission_still_needs(book):
    owner, url = client(book.cast.owner), url_of(book.draft())
    assert needed(owner.get(url)) == ["the direction", "the commentary"]
    send(owner, url, direction="level", actions__0__status="dropped")
    assert needed(owner.get(url)) == ["the commentary", "why action 1 slips or is dropped"]
    send(owner, url, commentary="On course.", actions__0__reason="The post was cut.")
    assert needed(owner.get(url)) == []
    send(owner, url, _submit="")
    assert book.draft().progress == Progress.SUBMITTED
    assert "data-needs" not in owner.get(url).content.decode()


def test_what_may_be_overruled_is_marked_with_its_reason_before_anybody_submits(book):
    owner, url = client(book.cast.owner), url_of(book.draft())
    said = {"direction": "level", "commentary": "On course.", "residual": "5x5"}
    send(owner, url, **said)
    page = owner.get(url)
    text = page.content.decode()
    assert "The residual score (25) is above the score now (20)" in text
    assert text.index('class="doubts"') < text.index('id="id_override_reason"')
    assert text.index('id="id_override_reason"') < text.index('id="id_direction_0"')
    assert needed(page) == ["why it is right all the same"]
    assert problems(page) == {}
    assert "<title>Error" not in text
    sent = send(owner, url, override_reason="The board asked for it.", _submit="")
    assert sent["Location"] == "/my-updates/"


def test_what_only_looks_wrong_is_asked_about_and_not_called_an_error(book):
    owner, url = client(book.cast.owner), url_of(book.draft())
    said = {"direction": "down", "commentary": "On course.", "current": "5x5"}
    refused = owner.get(send(owner, url, _submit="", **said)["Location"])
    assert set(problems(refused)) == {"id_direction_0", "id_override_reason"}
    text = refused.content.decode()
    assert "One thing more before it is submitted" in text
    assert text.index('id="id_direction_0"') < text.index('id="id_override_reason"')
    assert "errorlist" not in text


def test_a_part_that_has_a_past_can_be_neither_new_nor_not_stated(book):
    later = with_parts(book)
    page = client(book.cast.owner).get(f"{url_of(later)}?add=strands").content.decode()
    offered = {
        number: re.findall(rf'name="strands-{number}-direction" value="(\w*)"', page)
        for number in (0, 1, 2)
    }
    with_all = ["", "up", "level", "down", "new"]
    assert offered == {0: ["up", "level", "down"], 1: with_all, 2: with_all}


def test_a_part_that_has_a_past_is_not_submitted_as_new(book):
    later = with_parts(book)
    later.strands.update(direction="new", commentary="Said.")
    draft = cycle.save_draft(later, cycle.Draft({"commentary": "Said."}), by=book.cast.owner)
    with pytest.raises(cycle.NotReady) as refusal:
        cycle.submit(draft, by=book.cast.owner, override="So it is.")
    assert str(refusal.value) == "Part 1 was there in Q4 2026/27, so it is not new."


def with_parts(book):
    """CR1 in the quarter after this one, with a part that was published and one that is new."""
    book.draft().strands.create(number=1, title="Funding")
    book.open.snapshots.update(progress=Progress.ACCEPTED)
    cycle.publish(book.open, by=book.cast.manager)
    later = cycle.open_edition(
        book.open.register, book.open.quarter.next, by=book.cast.manager, tell=False
    ).snapshots.get(reference="CR1")
    later.strands.create(number=2, title="People")
    return later
