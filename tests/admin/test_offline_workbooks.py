"""A workbook of one's entries: out, filled in without a network, and back in as the form would."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart

from registers import cycle
from registers.domain import offline
from registers.models import Action, Progress
from tests import factories
from tests.admin.conftest import Book
from tests.admin.filled import client, read
from tests.support.pages import markup, words

pytestmark = pytest.mark.django_db


def take(browser: Client, book: Book) -> Workbook:
    where = [book.open.register.slug, book.open.quarter.slug]
    answer = browser.get(reverse("workbook-file", args=where))
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(answer.content))


def cell(made: Workbook, sheet: str, row: int, heading: str):
    columns = {one.value: one.column for one in made[sheet][1]}
    return made[sheet].cell(row, columns[heading])


def say(made: Workbook, heading: str, value: object, *, sheet: str = "Entries", row: int = 2):
    cell(made, sheet, row, heading).value = value


def bring(browser: Client, made: Workbook) -> HttpResponse:
    out = io.BytesIO()
    made.save(out)
    return browser.post(
        reverse("workbook"), {"file": SimpleUploadedFile("mine.xlsx", out.getvalue())}
    )


def keep(browser: Client, page: HttpResponse, **more: object) -> HttpResponse:
    """Press the button of the page, with some boxes besides those that are ticked."""
    fields = {**read(page), **{name.replace("__", "-"): value for name, value in more.items()}}
    return browser.post(reverse("workbook-save"), fields)


def said(page: HttpResponse) -> str:
    return words(markup(page))


@pytest.fixture
def owner(book: Book) -> Client:
    return client(book.cast.owner)


def test_it_holds_the_owners_entries_and_each_cell_says_what_belongs_in_it(book, owner):
    made = take(owner, book)
    references = [cell(made, "Entries", row, "Reference").value for row in (2, 3, 4)]
    assert references == ["CR1", "CO1", None], "CR2 is somebody else’s"
    assert cell(made, "Entries", 2, "Score now: impact").value == "4 Major"
    assert cell(made, "Actions", 2, "Action").value == "Recruit"
    rules = made["Entries"].data_validations.dataValidation
    lists = {rule.formula1 for rule in rules if rule.type == "list"}
    assert '"1 Insignificant,2 Minor,3 Moderate,4 Major,5 Catastrophic"' in lists
    assert '"1 Insignificant,2 Minor,3 Moderate,4 Major,5 Outstanding"' in lists
    assert all(rule.prompt for rule in rules)
    assert made["Entries"].column_dimensions["A"].hidden
    assert made["Keys"].sheet_state == "veryHidden"


def test_brought_back_untouched_it_changes_nothing(book, owner):
    draft = book.draft()
    draft.commentary = "=1+1\n  - a point"
    draft.save()
    made = take(owner, book)
    assert cell(made, "Entries", 2, "Commentary").data_type == "s", "no formula goes out"
    assert "Nothing would change" in said(bring(owner, made))
    say(made, "Commentary", "'=1+2")
    keep(owner, bring(owner, made))
    assert book.draft().commentary == "=1+2"


def test_what_it_says_is_shown_beside_what_stands_and_saved_when_it_is_pressed(book, owner):
    made = take(owner, book)
    say(made, "Score now: likelihood", "3 Possible")
    say(made, "Direction of travel", "Down")
    say(made, "Commentary", "-5% since June")
    say(made, "Types", "people")
    say(made, "Residual by", date(2027, 3, 31))
    say(made, "Status", "Done", sheet="Actions")
    say(made, "Reference", "CR1", sheet="Actions", row=4)
    say(made, "Action", "Appoint a lead", sheet="Actions", row=4)

    page = bring(owner, made)

    assert page.status_code == 200
    assert "20: Major × Certain 12: Major × Possible" in said(page)
    assert "New action" in said(page)
    assert book.draft().score == 20, "nothing is saved before it is looked over"
    assert keep(owner, page).status_code == 302
    draft = book.draft()
    assert (draft.score, draft.direction, draft.commentary) == (12, "down", "-5% since June")
    assert [type_.name for type_ in draft.types.all()] == ["People"]
    assert draft.residual_by == date(2027, 3, 31)
    assert draft.progress == Progress.DRAFT, "it is never submitted by itself"
    stand = [(action.text, action.status) for action in draft.actions.all()]
    assert stand == [
        ("Recruit", "done"),
        ("Train", "not_started"),
        ("Appoint a lead", "not_started"),
    ]
    assert book.draft("CO1").progress == Progress.TO_UPDATE


def test_it_is_submitted_where_that_is_ticked_and_what_is_missing_is_said(book, owner):
    made = take(owner, book)
    say(made, "Direction of travel", "Level")
    say(made, "Commentary", "As it was.")
    say(made, "Commentary", "Nearly there.", row=3)
    page = bring(owner, made)
    first, second = book.draft(), book.draft("CO1")
    done = keep(owner, page, **{f"entry-{one.pk}-submit": "1" for one in (first, second)})
    told = said(owner.get(done["Location"]))
    assert book.draft().progress == Progress.SUBMITTED
    assert book.draft("CO1").progress == Progress.DRAFT
    assert book.draft("CO1").commentary == "Nearly there."
    assert "CO1 is saved as a draft, and not submitted" in told


def test_what_two_have_written_since_is_put_together_and_chosen(book, owner):
    made = take(owner, book)
    changes = {"controls": "A weekly review", "commentary": "Theirs"}
    cycle.save_draft(book.draft(), cycle.Draft(changes), by=book.cast.delegate)
    say(made, "Commentary", "Mine")
    say(made, "Direction of travel", "Up")

    page = bring(owner, made)

    assert f"{book.cast.delegate} saved it" in said(page)
    assert "Both changed: Commentary" in said(page)
    refused = keep(owner, page)
    assert refused.status_code == 422
    assert "You both changed Commentary" in said(refused)
    assert book.draft().direction == ""
    choice = f"entry-{book.draft().pk}-choice-commentary"
    assert keep(owner, refused, **{choice: "both"}).status_code == 302
    draft = book.draft()
    assert draft.commentary == "Mine\nTheirs"
    assert (draft.controls, draft.direction) == ("A weekly review", "up")


def test_what_is_saved_between_the_look_and_the_press_is_shown_first(book, owner):
    made = take(owner, book)
    say(made, "Commentary", "Mine")
    page = bring(owner, made)
    cycle.save_draft(book.draft(), cycle.Draft({"commentary": "Theirs"}), by=book.cast.delegate)
    again = keep(owner, page)
    assert again.status_code == 422
    assert "It was saved again while you looked at this page" in said(again)
    assert book.draft().commentary == "Theirs"


def test_each_refusal_names_its_cell_and_nothing_of_the_entry_is_saved(book, owner):
    made = take(owner, book)
    say(made, "Score now: impact", "Enormous")
    say(made, "Types", "Weather")
    say(made, "Residual score: likelihood", None)
    say(made, "Status", "Not started", sheet="Actions")
    say(made, "Done on", date(2026, 12, 1), sheet="Actions")
    say(made, "Part", "7", sheet="Actions", row=3)
    say(made, "Action", "Whose?", sheet="Actions", row=5)
    page = bring(owner, made)
    for sentence in (
        "Entries, row 2, Score now: impact: It reads “Enormous”.",
        "No type is called Weather.",
        "Choose both levels of it, or neither.",
        "Actions, row 3, Part: The entry has no part 7.",
        "Actions, row 5, “Whose?”: it names no entry of this workbook.",
    ):
        assert sentence in said(page)

    made = take(owner, book)
    say(made, "Done on", date(2026, 12, 1), sheet="Actions")
    say(made, "Title", None)
    refused = keep(owner, bring(owner, made))
    assert refused.status_code == 422
    assert "Actions, row 2, Completed on: An action completed on a day" in said(refused)
    assert "Entries, row 2, Title: This can’t be left empty." in said(refused)
    assert book.draft().version == 0


def test_a_row_taken_out_of_it_takes_nothing_out_of_the_register(book, owner):
    made = take(owner, book)
    made["Actions"].delete_rows(2)
    say(made, "Direction of travel", "Level")
    keep(owner, bring(owner, made))
    assert Action.objects.filter(snapshot=book.draft(), text="Recruit").exists()


@pytest.mark.parametrize("change", ["no keys", "another key", "foreign", "charts", "lost column"])
def test_a_workbook_that_is_not_what_went_out_is_refused_in_a_sentence(book, owner, change):
    made = take(owner, book)
    if change == "no keys":
        del made[offline.KEYS]
    elif change == "another key":
        made[offline.KEYS]["A1"] = made[offline.KEYS]["A1"].value[:-4] + "AAAA"
    elif change == "foreign":
        made = Workbook()
    elif change == "charts":
        del made[offline.KEYS]
        made.create_chartsheet(offline.KEYS).add_chart(BarChart())
    else:
        say(made, "Commentary", "Something else", row=1)
    page = bring(owner, made)
    assert page.status_code == 422
    assert "Take a new one from My updates" in said(page)


def test_rows_sorted_away_from_their_keys_are_refused(book, owner):
    made = take(owner, book)
    for row, reference in ((2, "CO1"), (3, "CR1")):
        say(made, "Reference", reference, row=row)
        say(made, "Commentary", f"Of {reference}", row=row)
    page = said(bring(owner, made))
    for row in (2, 3):
        assert f"Entries, row {row}, Reference: It stands in a row of another entry" in page


def test_what_is_not_ones_own_or_can_be_changed_no_more_is_not_taken(book, owner):
    made = take(owner, book)
    say(made, "Commentary", "Mine")
    other = client(book.cast.other_owner)
    assert "not among the entries that you can change" in said(bring(other, made))
    page = bring(owner, made)
    cycle.start_review(book.open, by=book.cast.manager)
    assert "not among the entries that you can change" in said(bring(owner, made))
    assert "not among the entries that you can change" in said(keep(owner, page))
    assert book.draft().commentary == ""


def test_the_manager_takes_an_owners_out_and_brings_it_back(book):
    manager = client(book.cast.manager)
    where = [book.open.register.slug, book.open.quarter.slug, book.cast.other_post.pk]
    made = load_workbook(io.BytesIO(manager.get(reverse("workbook-of", args=where)).content))
    assert cell(made, "Entries", 2, "Reference").value == "CR2"
    say(made, "Commentary", "As their owner said on the telephone.")
    assert keep(manager, bring(manager, made)).status_code == 302
    assert book.draft("CR2").commentary == "As their owner said on the telephone."


def test_a_part_of_an_entry_and_a_score_without_a_square_come_back_as_they_are(book, owner):
    draft = book.draft()
    factories.StrandFactory(snapshot=draft, number=1, title="Foster carers")
    draft.impact = draft.likelihood = None
    draft.save()
    made = take(owner, book)
    assert "Nothing would change" in said(bring(owner, made))
    say(made, "Title", "Foster carers and kin", sheet="Parts")
    say(made, "Part", "1", sheet="Actions")
    assert keep(owner, bring(owner, made)).status_code == 302
    part = book.draft().strands.get()
    assert part.title == "Foster carers and kin"
    assert book.draft().actions.get(text="Recruit").strand == part
    assert book.draft().score == 20
