"""A register comes in by its pages: brought, looked through, answered, applied, undone."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from registers import cycle, jobs
from registers.domain.quarters import Quarter
from registers.importing import review
from registers.models import Edition, Import, ImportDoubt, Lineage
from tests import factories
from tests.support.pages import markup, words

pytestmark = pytest.mark.django_db

TITLE = "Corporate Risk Register Q3 2018/19\n\n"
HEADINGS = "Ref,Risk description,Risk score,Residual score,Risk owner,Direction of travel,Worry\n"
ROADS = "CR1,Keeping the roads safe and open in winter,20,9,Director of Highways,Level,3\n"
STAFF = "CR2,Recruit and retain experienced social workers,16,9,Anybody who can,Upwards,4\n"
REGISTER = TITLE + HEADINGS + ROADS + STAFF


@pytest.fixture
def cast(db):
    cast = factories.cast()
    factories.register("corporate")
    return cast


@pytest.fixture
def manager(cast) -> Client:
    client = Client()
    client.force_login(cast.manager)
    return client


def bring(client: Client, text: str = REGISTER, **values: object):
    file = SimpleUploadedFile("register.csv", text.encode())
    book = Import._meta.get_field("register").related_model.objects.get().pk
    return client.post(reverse("imports"), {"register": book, "file": file, **values})


def brought(client: Client, text: str = REGISTER, **values: object) -> Import:
    """A file that came in by the form and was read."""
    response = bring(client, text, **values)
    assert response.status_code == 302, words(markup(response))
    jobs.run_next()
    return Import.objects.latest("pk")


def send(client: Client, import_: Import, page: str, **values: object):
    """Post one of an import's forms, as it was seen, and let the worker do what came of it."""
    response = client.post(reverse(page, args=[import_.pk]), {"version": import_.version, **values})
    while jobs.run_next():
        pass
    import_.refresh_from_db()
    return response


def seen(client: Client, import_: Import, page: str = "import") -> str:
    return words(markup(client.get(reverse(page, args=[import_.pk]))))


def test_a_file_is_read_while_its_page_tells_how_far_it_is(manager):
    response = bring(manager)
    waiting = markup(manager.get(response["Location"]))
    assert "Reading the file" in waiting
    assert "data-poll" in waiting
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in waiting
    jobs.run_next()
    done = markup(manager.get(response["Location"]))
    assert "data-poll" not in done
    assert "2 risks and 0 opportunities" in words(done)


def test_a_paste_is_read_with_its_table_where_the_browser_has_it(manager):
    table = "".join(
        f"<tr>{''.join(f'<td>{cell}</td>' for cell in line.split(','))}</tr>"
        for line in (HEADINGS + ROADS).splitlines()
    )
    page = brought(manager, file="", paste="CR1 roads", paste_html=f"<table>{table}</table>",
                   quarter="Q3 2018/19")  # fmt: skip
    assert page.is_paste
    assert page.quarter == Quarter(2018, 3)
    assert [entry["reference"] for entry in page.current_plan["entries"]] == ["CR1"]
    plain = brought(
        manager, file="", paste=(HEADINGS + ROADS).replace(",", "\t"), quarter="2018-19-q3"
    )
    assert len(plain.current_plan["entries"]) == 1


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"file": ""}, "Choose a file, or paste the table below."),
        ({"paste": "x"}, "Here is a file and a paste"),
        ({"quarter": "soon"}, "soon"),
    ],
)
def test_what_is_wrong_with_the_form_is_said_beside_it(manager, values, says):
    response = bring(manager, **values)
    assert response.status_code == 422
    assert says in words(markup(response))
    assert not Import.objects.exists()


def test_a_file_that_is_none_of_ours_says_so_and_how_to_go_on(manager):
    import_ = brought(manager, "nothing,here\n1,2\n")
    page = seen(manager, import_)
    assert "has no table of a register" in page
    assert "Bring in another file" in page


def test_a_file_without_a_quarter_asks_for_it(manager):
    import_ = brought(manager, HEADINGS + ROADS)
    assert "The file needs a word from you" in seen(manager, import_)
    assert send(manager, import_, "import", quarter="soon").status_code == 422
    send(manager, import_, "import", quarter="Q4 2018/19")
    assert "Apply to Q4 2018/19" in seen(manager, import_)


def test_another_scale_asks_what_its_levels_are(manager):
    import_ = brought(
        manager, TITLE + "Ref,Risk,Impact (1-4),Likelihood (1-4),Score,Owner\nCR1,A,4,3,12,CMT\n"
    )
    assert "What its levels are on the 5×5" in seen(manager, import_)
    wrong = send(manager, import_, "import", levels="1:1, 2:9")
    assert "“1:1, 2:9” is not a scale" in words(markup(wrong))
    send(manager, import_, "import", levels="1:1, 2:2, 3:4, 4:5")
    assert import_.current_plan["entries"][0]["score"]["score"] == 20


def test_the_same_file_a_second_time_is_said(manager):
    first, second = brought(manager), brought(manager)
    assert "The very same file was brought in already" in seen(manager, second)
    assert "brought in already" not in seen(manager, first)


# Columns ------------------------------------------------------------------------------------------


def test_a_column_is_corrected_by_a_menu_and_taken_back(manager):
    import_ = brought(manager)
    page = markup(manager.get(reverse("import-columns", args=[import_.pk])))
    assert "Keeping the roads safe" in words(page), "its first cells"
    fields = [column["field"] or "kept as printed" for column in import_.current_plan["columns"]]
    assert fields[-1] == "kept as printed"
    values = {f"column-{place}": field for place, field in enumerate(fields)}
    send(manager, import_, "import-columns", **values)
    assert import_.said == {}, "nothing was changed"
    send(manager, import_, "import-columns", **{**values, "column-4": "kept as printed"})
    assert import_.said == {"columns": {"Risk owner": "kept as printed"}}
    assert "“Risk owner” is kept as printed only" in seen(manager, import_)
    send(manager, import_, "import", back='["columns", "Risk owner"]')
    assert import_.said == {}


def test_two_columns_that_could_be_one_field_are_asked_about(manager):
    text = (
        TITLE
        + "Ref,Risk description,Score,Risk score,Risk owner,Direction\nCR1,Roads,20,16,CMT,Up\n"
    )
    import_ = brought(manager, text)
    [question] = import_.current_plan["questions"] or [None]
    page = seen(manager, import_, "import-columns")
    assert question["message"] in page
    values = {
        f"column-{place}": column["field"] or "kept as printed"
        for place, column in enumerate(import_.current_plan["columns"])
    }
    chosen = question["choices"][1]["value"]
    send(manager, import_, "import-columns", **values, **{"question-0": chosen})
    assert import_.said["columns"] == {chosen: "score"}
    assert import_.current_plan["questions"] == []


# Rows ---------------------------------------------------------------------------------------------


def test_what_is_printed_stands_beside_what_was_understood_problems_first(manager):
    import_ = brought(manager)
    page = seen(manager, import_, "import-rows")
    assert page.index("Recruit and retain") < page.index("Keeping the roads"), "it has a problem"
    assert "20; its square is not known" in page
    assert "impact 5 Catastrophic × likelihood 4 Likely" in page
    assert "Anybody who can" in page


def test_a_square_an_owner_and_a_direction_are_chosen(manager):
    import_ = brought(manager)
    chosen = {"CR1.score": "4x5", "CR2.owner": "Director of People", "CR1.residual": "as read"}
    send(manager, import_, "import-rows", **chosen)
    assert import_.said["rows"] == {
        "CR1": {"score": "4x5"},
        "CR2": {"owner": "Director of People"},
    }
    assert "20: impact 4 Major × likelihood 5 Certain" in seen(manager, import_, "import-rows")
    send(manager, import_, "import-rows", **{"CR1.score": "as read"})
    assert import_.said["rows"] == {"CR2": {"owner": "Director of People"}}


def test_a_new_post_can_be_said_to_be_an_old_one(manager, cast):
    import_ = brought(manager)
    assert import_.current_plan["new_owners"] == ["Director of Highways"]
    send(manager, import_, "import-rows", **{"CR1.owner": "Director of Highways"})
    assert import_.said == {}, "as it was read"
    send(manager, import_, "import-rows", **{"CR1.owner": cast.post.name})
    assert import_.current_plan["new_owners"] == []


def test_what_is_not_offered_changes_nothing(manager):
    import_ = brought(manager)
    send(
        manager,
        import_,
        "import-rows",
        **{"CR1.score": "3x3", "CR9.score": "1x1", "CR1.title": "X"},
    )
    assert import_.said == {}


def test_a_doubtful_row_is_decided_and_an_absent_entry_explained(manager, cast):
    register = Import._meta.get_field("register").related_model.objects.get()
    before = factories.edition(Quarter(2018, 2), register=register)
    like = factories.snapshot(
        before, "CR4", title="Recruit and retain enough experienced care workers"
    )
    gone = factories.snapshot(before, "CR8", title="Bees")
    import_ = brought(manager)
    assert "not certain which entry it is" in seen(manager, import_, "import-rows")
    send(manager, import_, "import-apply", right="on")
    assert import_.is_open
    assert "It is not said which entry" in seen(manager, import_)
    absent = f"absent-{gone.entry_id}"
    match = {"CR2.match": str(like.entry_id)}
    wrong = send(manager, import_, "import-rows", **match, **{f"{absent}.how": "closed"})
    assert wrong.status_code == 422
    assert "CR8: Say why: the committee will read it." in words(markup(wrong))
    assert import_.said == {}
    merged = str(Lineage.Statement.MERGED)
    ended = {f"{absent}.how": merged, f"{absent}.other": "CR1", f"{absent}.reason": "One road."}
    send(manager, import_, "import-rows", **match, **ended)
    send(manager, import_, "import-apply", right="on")
    assert import_.is_applied
    assert import_.edition.snapshots.get(reference="CR2").entry == like.entry
    assert Lineage.objects.get().entry == gone.entry


def test_a_new_row_may_take_the_place_of_an_entry_that_has_gone(manager, cast):
    register = Import._meta.get_field("register").related_model.objects.get()
    before = factories.edition(Quarter(2018, 2), register=register)
    gone = factories.snapshot(before, "CR8", title="Bees", consequences="No honey")
    import_ = brought(manager)
    page = seen(manager, import_, "import-rows")
    assert "CR8 in Q2 2018/19: “Bees” Score: 20" in page
    assert "Consequences: No honey" in page
    chosen = {"CR2.succeeds": str(gone.entry_id)}
    wrong = send(manager, import_, "import-rows", **chosen)
    assert "Say why CR2 takes its place" in words(markup(wrong))
    assert import_.said == {}
    send(manager, import_, "import-rows", **chosen, **{"CR2.because": "Bees need staff."})
    stated = {"how": str(Lineage.Statement.SUCCEEDED), "other": "CR2", "reason": "Bees need staff."}
    assert import_.said["absent"] == {str(gone.entry_id): stated}
    send(manager, import_, "import-rows", **{"CR2.succeeds": ""})
    assert import_.said == {}
    send(manager, import_, "import-rows", **chosen, **{"CR2.because": "Bees need staff."})
    send(manager, import_, "import-apply", right="on")
    assert import_.is_applied
    succession = Lineage.objects.get()
    assert succession.entry == gone.entry
    assert succession.other == import_.edition.snapshots.get(reference="CR2").entry


def test_points_are_joined_and_split_and_their_words_stay_as_printed(manager):
    text = REGISTER.replace("Worry\n", "Worry,Actions\n").replace(
        ",3\n", ',3,"Grit the\nroads. Buy salt (Head of Highways, by March 2020)"\n'
    )
    import_ = brought(manager, text)
    assert "2 points: join or split them" in seen(manager, import_, "import-rows")
    other = {"CR1.actions": "Grit the roads.\nBuy sand"}
    wrong = send(manager, import_, "import-rows", **other)
    assert "its words stay as they are printed" in words(markup(wrong))
    assert import_.said == {}
    (entry, _) = import_.current_plan["entries"]
    every = " ".join(action["text"] for action in entry["actions"])
    cut = every.replace("roads. ", "roads.\n")
    send(manager, import_, "import-rows", **{"CR1.actions": cut})
    (entry, _) = import_.current_plan["entries"]
    assert [action["text"] for action in entry["actions"]] == cut.split("\n")
    send(manager, import_, "import-apply", right="on")
    assert import_.edition.snapshots.get(reference="CR1").actions.count() == 2


# Applying and undoing -----------------------------------------------------------------------------


def test_it_is_applied_once_its_quarter_is_confirmed_and_undone_again(manager):
    import_ = brought(manager)
    unticked = send(manager, import_, "import-apply")
    assert "Tick that it is this edition" in words(markup(unticked))
    send(manager, import_, "import-apply", right="on")
    assert import_.is_applied
    assert Edition.objects.get().quarter == Quarter(2018, 3)
    assert "It is in the register" in seen(manager, import_)
    send(manager, import_, "import-undo")
    assert (import_.state, Edition.objects.count()) == ("undone", 0)
    assert "Undone" in seen(manager, import_)


def test_the_second_of_two_people_is_told_what_the_first_did(manager, cast):
    import_ = brought(manager)
    other = factories.UserFactory(roles=["Risk manager"], first_name="Jo", last_name="Field")
    review.say(import_, {"rows": {"CR2": {"owner": "Cabinet"}}}, by=other, version=import_.version)
    jobs.run_next()
    stale = {"version": import_.version, "CR1.score": "4x5"}
    answer = manager.post(reverse("import-rows", args=[import_.pk]), stale)
    assert answer.status_code == 409
    page = markup(answer)
    assert "said something else of this file" in words(page)
    assert '<option value="4x5" selected>' in page, "what I chose is still chosen"
    import_.refresh_from_db()
    assert "CR1" not in import_.said["rows"]


def test_an_import_that_was_put_aside_is_not_applied(manager):
    import_ = brought(manager)
    send(manager, import_, "import-aside")
    send(manager, import_, "import-apply", right="on")
    assert import_.state == "put_aside"
    assert not Edition.objects.exists()


def test_a_form_that_is_sent_twice_brings_in_one_file(manager):
    token = {"sending": "0" * 32}
    first, second = bring(manager, **token), bring(manager, **token)
    assert first["Location"] == second["Location"]
    assert Import.objects.count() == 1


def test_what_was_left_open_stands_on_the_quarter_until_it_is_settled(manager):
    import_ = brought(manager)
    send(manager, import_, "import-apply", right="on")
    quarter = reverse("cycle-edition", args=["corporate", "2018-19-q3"])
    assert "Risk owner This does not name one post" in words(markup(manager.get(quarter)))
    doubt = ImportDoubt.objects.get(column="Risk owner")
    address = reverse("import-settle", args=[doubt.pk])
    assert manager.post(address)["Location"] == quarter
    assert "Settled by" in words(markup(manager.get(quarter)))
    manager.post(address, {"again": "1"})
    doubt.refresh_from_db()
    assert doubt.settled_at is None


def test_the_page_of_an_entry_shows_its_printed_cell_to_those_who_may(manager, cast):
    import_ = brought(manager)
    send(manager, import_, "import-apply", right="on")
    cycle.accept_loaded(import_.edition, by=cast.manager, reason="Seen")
    cycle.publish(import_.edition, by=cast.manager)
    doubt = ImportDoubt.objects.get(column="Risk owner")
    address = reverse("entry", args=[doubt.entry_id]) + "?edition=2018-19-q3"
    told = "Not certain in the document it was read from"
    seen_by = {}
    for part in ("manager", "auditor", "committee", "owner"):
        client = Client()
        client.force_login(getattr(cast, part))
        seen_by[part] = told in words(markup(client.get(address)))
    assert seen_by == {"manager": True, "auditor": True, "committee": False, "owner": False}
    assert "Printed: “Anybody who can”." in words(markup(manager.get(address)))
    left_open = reverse("import-doubts", args=["corporate", "2018-19-q3"])
    assert manager.post(reverse("import-settle", args=[doubt.pk]))["Location"] == left_open
    assert told not in words(markup(manager.get(address))), "though the page is kept"
