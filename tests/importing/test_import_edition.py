"""The command: what it loads, what it leaves alone, what it says, how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from registers import cycle
from registers.domain.passages import PLAIN, parse
from registers.domain.quarters import Quarter
from registers.importing.apply import apply_plan
from registers.importing.plan import CannotApply, make_plan
from registers.importing.printed import Cell, EditionAsPrinted, EntryAsPrinted, PartAsPrinted, Place
from registers.importing.register_state import known_register
from registers.models import Action, Edition, Entry, Owner, Publication, Register, Snapshot, State
from tests import factories
from tests.importing.documents import OPPORTUNITY_HEADINGS, UP, WordRegister

pytestmark = pytest.mark.django_db

Import = Callable[..., str]


@pytest.fixture
def register() -> Register:
    return factories.register("corporate")


@pytest.fixture
def load(tmp_path: Path, register: Register) -> Import:
    """Import a document that was built here, or a file; returns what the command prints."""

    def load(word: WordRegister | Path, edition: str = "2018-19-q3", *options: str) -> str:
        path = word if isinstance(word, Path) else word.save(tmp_path / "register.docx")
        out = StringIO()
        call_command(
            "import_edition",
            str(path),
            *options,
            register="corporate",
            edition=edition,
            stdout=out,
        )
        return out.getvalue()

    return load


ROADS = {
    "title": "Keeping the roads safe and open in winter",
    "consequences": ["• Serious injury on untreated roads", "◦ on hills first", "In short: bad"],
    "controls": ["• A gritting plan for every route"],
    "actions": ["• Renew the gritting contract", "• Train forty reserve drivers"],
}
STAFF = {
    "title": "Recruit and retain experienced social workers",
    "consequences": ["• High caseloads", "• Reliance on agency staff"],
    "controls": ["• A recruitment board"],
    "actions": ["• Launch the academy"],
}


def roads_and_staff() -> WordRegister:
    return WordRegister().headings().entry("CR1", **ROADS).entry("CR2", **STAFF)


def everything() -> dict[str, list]:
    """All rows of the tables that an import writes to."""
    models = (
        Register,
        Edition,
        Entry,
        Snapshot,
        Action,
        Owner,
        Publication,
        Snapshot.history.model,
    )
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_every_cell_arrives(load: Import) -> None:
    load(
        WordRegister()
        .headings()
        .entry(
            "CR 1",
            [ROADS["title"], "And in flood"],
            types="People/service delivery",
            consequences=ROADS["consequences"],
            controls=ROADS["controls"],
            score="20",
            actions=ROADS["actions"],
            residual="12(Major/Possible)",
            owner="Dir of Highways",
            direction=["↓ Downwards.", "The plan works"],
        )
    )
    snapshot = Snapshot.objects.get()
    assert snapshot.edition.quarter == Quarter(2018, 3)
    assert snapshot.edition.state == State.IN_REVIEW
    assert (snapshot.reference, snapshot.title) == ("CR1", ROADS["title"])
    assert [p.text for p in factories.content(snapshot).passage("description")] == ["And in flood"]
    assert [
        (p.level, p.plain, p.text) for p in factories.content(snapshot).passage("consequences")
    ] == [
        (0, False, "Serious injury on untreated roads"),
        (1, False, "on hills first"),
        (0, True, "In short: bad"),
    ]
    assert (snapshot.score, snapshot.position) == (20, None)
    assert (snapshot.residual_score, snapshot.residual_position.words()) == (12, "Major × Possible")
    assert sorted(snapshot.types.values_list("name", flat=True)) == ["People", "Service delivery"]
    assert snapshot.owner.name == "Director of Highways"
    assert snapshot.owner_text == "Dir of Highways"
    assert snapshot.direction == "down"
    assert snapshot.commentary == "The plan works"
    assert [action.text for action in snapshot.actions.all()] == [
        "Renew the gritting contract",
        "Train forty reserve drivers",
    ]


def test_what_was_printed_is_kept_beside_the_value(load: Import) -> None:
    load(WordRegister().headings().entry("CR 1", score="16 (Major/Likely)", residual="", **ROADS))
    printed = Snapshot.objects.get().printed
    assert printed["reference"] == "CR 1"
    assert printed["score"] == "16 (Major/Likely)"
    assert printed["residual"] == ""
    assert printed["actions"] == "• Renew the gritting contract\n• Train forty reserve drivers"
    assert [p.level for p in parse(printed["consequences"], unmarked=PLAIN)] == [0, 1, 0]


def test_a_column_the_document_has_not_differs_from_a_blank_one(load: Import) -> None:
    load(
        WordRegister()
        .row("Ref", "Description", "Score", "Owner", "Controls")
        .row("CR1", "A risk", "16", "CMT", "")
    )
    snapshot = Snapshot.objects.get()
    assert snapshot.was_printed("controls")
    assert not snapshot.was_printed("actions")


def test_strands_are_kept_with_what_is_theirs(load: Import) -> None:
    load(
        WordRegister()
        .headings()
        .row("CR1", "Whole", "", ["• w"], "", "20", ["• all"], "16", "CMT", "Watched")
        .row(UP, "1. Leading", "People", ["• a"], ["• c"], UP, ["• x"], UP, UP, "Level")
        .row(UP, "2. Saving", "Finance", ["• b"], "", UP, ["• y"], UP, UP, "")
    )
    snapshot = Snapshot.objects.get()
    assert snapshot.consequences == "w"
    leading, saving = snapshot.strands.all()
    assert (leading.number, leading.title, leading.direction) == (1, "Leading", "level")
    assert [t.name for t in saving.types.all()] == ["Financial"]
    assert [(a.text, a.strand) for a in snapshot.actions.all()] == [
        ("all", None),
        ("x", leading),
        ("y", saving),
    ]
    assert sorted(t.name for t in snapshot.types.all()) == ["Financial", "People"]


def test_risks_and_opportunities_become_entries_of_their_kind(load: Import) -> None:
    load(
        WordRegister().headings().entry("CR1", **ROADS).headings(OPPORTUNITY_HEADINGS).entry("C01")
    )
    assert list(Snapshot.objects.order_by("order").values_list("reference", "entry__kind")) == [
        ("CR1", "risk"),
        ("CO1", "opportunity"),
    ]


def test_an_import_may_be_published_however_incomplete(load: Import) -> None:
    output = load(
        WordRegister().headings().entry("CR1", "Only a title", score="", owner="", direction=""),
        "2018-19-q3",
        "--publish",
    )
    assert Edition.objects.get().is_published
    assert Publication.objects.get().issue == 1
    assert "published" in output


def test_loading_the_same_file_twice_changes_nothing(load: Import) -> None:
    load(roads_and_staff())
    before = everything()
    output = load(roads_and_staff())
    assert everything() == before
    assert "All of it is in the register already" in output


def test_loading_a_published_edition_again_changes_nothing(load: Import) -> None:
    load(roads_and_staff(), "2018-19-q3", "--publish")
    before = everything()
    load(roads_and_staff(), "2018-19-q3", "--publish")
    assert everything() == before


def test_the_same_file_is_known_by_its_cells_even_after_somebody_edited_the_entry(
    load: Import,
) -> None:
    load(roads_and_staff())
    snapshot = Snapshot.objects.get(reference="CR1")
    snapshot.reference, snapshot.title = "CR7", "Winter roads"
    snapshot.save()
    load(roads_and_staff())
    assert sorted(Snapshot.objects.values_list("reference", flat=True)) == ["CR2", "CR7"]


def test_a_loaded_edition_can_be_published_by_loading_it_again(load: Import) -> None:
    load(roads_and_staff())
    load(roads_and_staff(), "2018-19-q3", "--publish")
    assert Edition.objects.get().is_published
    assert Snapshot.objects.count() == 2


def test_a_dry_run_changes_nothing_and_says_so(load: Import) -> None:
    before = everything()
    output = load(roads_and_staff(), "2018-19-q3", "--dry-run", "--publish")
    assert everything() == before
    assert "New entries (2)" in output
    assert "Nothing was changed" in output


def test_another_file_for_the_same_edition_does_not_overwrite_it(load: Import) -> None:
    load(roads_and_staff())
    before = everything()
    with pytest.raises(CommandError, match="already holds CR1 with other words"):
        load(WordRegister().headings().entry("CR1", **{**ROADS, "controls": ["• Other"]}))
    assert everything() == before


def test_a_published_edition_is_not_added_to(load: Import) -> None:
    load(roads_and_staff(), "2018-19-q3", "--publish")
    with pytest.raises(CommandError, match="corrected by a reissue"):
        load(roads_and_staff().entry("CR3", "One more"))


def test_entries_that_an_unpublished_edition_lacks_are_added(load: Import) -> None:
    load(roads_and_staff())
    load(roads_and_staff().entry("CR3", "One more"))
    assert Snapshot.objects.count() == 3


def test_an_entry_is_followed_through_a_renumbering(load: Import) -> None:
    load(roads_and_staff(), "2018-19-q3", "--publish")
    output = load(
        WordRegister().headings().entry("CR1", **STAFF).entry("CR2", **ROADS), "2018-19-q4"
    )
    assert Entry.objects.count() == 2
    roads = Snapshot.objects.get(edition__quarter=Quarter(2018, 4), reference="CR2")
    assert roads.entry.snapshots.get(edition__quarter=Quarter(2018, 3)).reference == "CR1"
    assert "CR2 Keeping the roads safe and open in winter: entry" in output


def test_an_older_edition_may_come_after_a_newer_one(load: Import) -> None:
    load(roads_and_staff(), "2018-19-q3", "--publish")
    load(WordRegister().headings().entry("CR4", **ROADS), "2018-19-q1", "--publish")
    assert Entry.objects.count() == 2
    roads = Entry.objects.get(snapshots__reference="CR4")
    assert list(
        roads.snapshots.order_by("edition__quarter").values_list("reference", flat=True)
    ) == ["CR4", "CR1"]


def test_an_action_keeps_its_key_from_one_edition_to_the_next(load: Import) -> None:
    load(roads_and_staff(), "2018-19-q3", "--publish")
    changed = {
        **ROADS,
        "actions": [
            "• Train forty-two reserve drivers",
            "• Buy salt",
            "• Renew the gritting contract",
        ],
    }
    load(WordRegister().headings().entry("CR3", **changed), "2018-19-q4")
    keys = {
        quarter: dict(
            Action.objects.filter(snapshot__edition__quarter=quarter).values_list("text", "key")
        )
        for quarter in (Quarter(2018, 3), Quarter(2018, 4))
    }
    before, after = keys.values()
    assert after["Renew the gritting contract"] == before["Renew the gritting contract"]
    assert after["Train forty-two reserve drivers"] == before["Train forty reserve drivers"]
    assert after["Buy salt"] not in before.values()


RETITLED = {**STAFF, "title": "A workforce for the future"}


def test_a_doubtful_row_is_listed_and_not_merged(load: Import) -> None:
    load(roads_and_staff(), "2018-19-q3", "--publish")
    staff = Snapshot.objects.get(reference="CR2").entry_id
    output = load(WordRegister().headings().entry("CR2", **RETITLED), "2018-19-q4", "--dry-run")
    assert "CR2 A workforce for the future may be" in output
    assert f"entry {staff}, CR2 in Q3 2018/19" in output
    assert f"--match CR2={staff}" in output
    load(WordRegister().headings().entry("CR2", **RETITLED), "2018-19-q4")
    assert Snapshot.objects.get(edition__quarter=Quarter(2018, 4)).entry_id != staff


def test_a_person_may_ask_to_stop_at_doubtful_rows(load: Import) -> None:
    load(roads_and_staff(), "2018-19-q3", "--publish")
    with pytest.raises(CommandError, match="--match or --new"):
        load(
            WordRegister().headings().entry("CR2", **RETITLED),
            "2018-19-q4",
            "--doubtful=stop",
        )
    assert Edition.objects.count() == 1


def test_a_person_decides_on_a_doubtful_row(load: Import) -> None:
    load(roads_and_staff(), "2018-19-q3", "--publish")
    staff = Snapshot.objects.get(reference="CR2").entry_id
    word = WordRegister().headings().entry("CR2", **RETITLED)
    load(word, "2018-19-q4", f"--match=CR2={staff}", "--doubtful=stop")
    assert Snapshot.objects.get(edition__quarter=Quarter(2018, 4)).entry_id == staff


def test_a_decision_on_what_is_not_there_is_refused(load: Import) -> None:
    for options, sentence in (
        (["--match=CR9=1"], "no entry CR9"),
        (["--match=CR1=99999"], "no entry 99999"),
        (["--match=CR1"], "is not a decision"),
        (["--match=CR1=1", "--new=CR1"], "both matched and new"),
    ):
        with pytest.raises(CommandError, match=sentence):
            load(roads_and_staff(), "2018-19-q3", *options)
    assert Edition.objects.count() == 0


def test_what_vanishes_without_a_stated_closure_is_reported(load: Import) -> None:
    load(roads_and_staff(), "2018-19-q3", "--publish")
    output = load(WordRegister().headings().entry("CR1", **ROADS), "2018-19-q4", "--dry-run")
    assert (
        "CR2 Recruit and retain experienced social workers: in Q3 2018/19, absent from "
        "Q4 2018/19 without a stated closure." in output
    )


def test_what_a_person_has_closed_is_not_reported_as_absent(load: Import) -> None:
    load(roads_and_staff(), "2018-19-q2")
    load(roads_and_staff(), "2018-19-q3")
    staff = Snapshot.objects.get(reference="CR2", edition__quarter=Quarter(2018, 3))
    roads = WordRegister().headings().entry("CR1", **ROADS)
    cycle.close_entry(staff, by=factories.cast().manager, reason="Staff have come")
    assert "Absent" not in load(roads, "2018-19-q3", "--dry-run")


def test_an_import_does_not_put_back_what_its_edition_states_to_have_ended(load: Import) -> None:
    load(roads_and_staff(), "2018-19-q2")
    load(roads_and_staff(), "2018-19-q3")
    staff = Snapshot.objects.get(reference="CR2", edition__quarter=Quarter(2018, 3))
    cycle.close_entry(staff, by=factories.cast().manager, reason="Staff have come")
    with pytest.raises(CommandError, match="have ended, and the file has them: CR2"):
        load(roads_and_staff(), "2018-19-q3")
    assert not Snapshot.objects.filter(entry=staff.entry, edition=staff.edition).exists()


def test_every_problem_names_the_row_the_column_and_what_it_read(load: Import) -> None:
    output = load(
        WordRegister()
        .headings()
        .entry("CR1", **ROADS)
        .entry("CR2", score="16 (Major/Possible)", **STAFF)
    )
    assert "row 3, CR2, Risk Score: Major × Possible is 12, not 16" in output
    assert "It reads “16 (Major/Possible)”." in output
    snapshot = Snapshot.objects.get(reference="CR2")
    assert (snapshot.score, snapshot.position) == (None, None)
    assert snapshot.printed["score"] == "16 (Major/Possible)"


def test_a_reference_that_stands_twice_is_loaded_once_and_reported(load: Import) -> None:
    output = load(
        WordRegister().headings().entry("CR1", **ROADS).entry("CR2", **STAFF).entry("CR1", "Again")
    )
    assert Snapshot.objects.count() == 2
    assert "row 4, CR1" in output


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"reference": "CR1", "types": "People/Weather"}, "row 2, CR1, Risk Type: this is not in"),
        ({"reference": "CO7"}, "this stands among the risks"),
        ({"reference": "ABCDEFG123456"}, "letters and a number"),
        ({"title": ""}, "has no description"),
        ({"title": "Long " * 120}, "too long for a title"),
        ({"score": "7"}, "7 is not a score of the 5×5"),
        ({"direction": "↑ Downwards"}, "two directions contradict each other"),
    ],
)
def test_what_can_not_be_read_for_certain_is_reported(
    load: Import, cells: dict[str, str], said: str
) -> None:
    cells = {"reference": "CR1", "title": "A risk", **cells}
    word = WordRegister().headings().entry(**cells).entry("CR2", **STAFF)
    output = load(word)
    assert said in output
    assert Snapshot.objects.filter(reference="CR2").exists()


def test_a_title_that_is_too_long_is_kept_whole_in_the_description(load: Import) -> None:
    load(WordRegister().headings().entry("CR1", "Long " * 120))
    snapshot = Snapshot.objects.get()
    assert snapshot.title.endswith("Long…")
    assert [p.text for p in factories.content(snapshot).passage("description")] == [
        ("Long " * 120).strip()
    ]


def test_a_document_of_which_nothing_can_be_kept_is_refused(load: Import) -> None:
    with pytest.raises(CommandError, match="no entry that can be kept"):
        load(WordRegister().headings().entry("CR1", ""))
    assert Edition.objects.count() == 0


def test_an_entry_can_not_be_decided_to_be_of_another_kind_or_two_rows(load: Import) -> None:
    load(roads_and_staff(), "2018-19-q3", "--publish")
    roads = Snapshot.objects.get(reference="CR1").entry_id
    chance = WordRegister().headings(OPPORTUNITY_HEADINGS).entry("CO1", **RETITLED)
    with pytest.raises(CommandError, match="CO1 is an opportunity, and entry"):
        load(chance, "2018-19-q4", f"--match=CO1={roads}")
    with pytest.raises(CommandError, match="can be only one row"):
        load(roads_and_staff(), "2018-19-q4", f"--match=CR1={roads}", f"--match=CR2={roads}")


def test_somebody_unknown_can_not_import(load: Import) -> None:
    with pytest.raises(CommandError, match="no user nobody@"):
        load(roads_and_staff(), "2018-19-q3", "--by=nobody@ashmoor.example")


def test_only_the_risk_manager_publishes_an_import(load: Import) -> None:
    owner = factories.UserFactory(roles=["Risk owner"])
    with pytest.raises(CommandError, match="Only the risk manager publishes"):
        load(roads_and_staff(), "2018-19-q3", "--publish", f"--by={owner.email}")
    assert Edition.objects.count() == 0


def test_a_plan_made_before_the_edition_was_there_is_not_applied(register: Register) -> None:
    known = known_register(register, Quarter(2018, 3))
    printed = EditionAsPrinted("", (an_entry(),), {})
    plan = make_plan(printed, known, Quarter(2018, 3))
    factories.EditionFactory(register=register, quarter=Quarter(2018, 3))
    with pytest.raises(CannotApply, match="was changed while"):
        apply_plan(plan, register, by=None)
    assert Snapshot.objects.count() == 0


def an_entry() -> EntryAsPrinted:
    return EntryAsPrinted(
        kind="risk",
        place=Place(1, 2),
        reference="CR1",
        lines=("A risk",),
        whole=PartAsPrinted(),
        strands=(),
        score="16",
        residual="",
        owner=Cell(),
        cells={"reference": "CR1"},
    )


def test_a_document_that_calls_itself_another_quarter_is_worth_a_look(load: Import) -> None:
    word = WordRegister("Corporate Risk Register Q2 2018/19").headings().entry("CR1", **ROADS)
    assert "calls itself Q2 2018/19 but is imported as Q3 2018/19" in load(word, "2018-19-q3")


def test_an_edition_in_review_stands_beside_the_open_quarter(
    load: Import, register: Register
) -> None:
    factories.EditionFactory(register=register, quarter=Quarter(2026, 1))
    load(roads_and_staff())
    assert Edition.objects.open().count() == 1
    assert Edition.objects.count() == 2


def test_the_person_who_imports_stands_in_the_trail(load: Import) -> None:
    manager = factories.UserFactory(roles=["Risk manager"])
    load(roads_and_staff(), "2018-19-q3", f"--by={manager.email}")
    snapshot = Snapshot.objects.get(reference="CR1")
    assert snapshot.changed_by == manager
    assert snapshot.history.get().history_user == manager
    assert snapshot.history.get().history_change_reason == "Imported from a document"


def test_the_plan_as_json(load: Import) -> None:
    load(roads_and_staff(), "2018-19-q3", "--publish")
    word = (
        WordRegister()
        .headings()
        .entry("CR1", **ROADS)
        .entry("CR2", score="16 (Major/Possible)", **RETITLED)
    )
    plan = json.loads(load(word, "2018-19-q4", "--json", "--dry-run"))
    roads, staff = plan["entries"]
    assert plan["edition"] == "2018-19-q4"
    assert plan["applied"] is False
    assert roads["match"]["outcome"] == "sure"
    assert roads["cells"]["owner"] == "CMT"
    assert roads["score"] == {"printed": "16", "score": 16, "impact": 4, "likelihood": 4}
    assert staff["match"]["outcome"] == "doubtful"
    assert staff["match"]["candidates"][0]["of_consequences"] == 100
    assert plan["problems"][0] == {
        "table": 1,
        "row": 3,
        "reference": "CR2",
        "column": "Risk Score",
        "read": "16 (Major/Possible)",
        "message": "Major × Possible is 12, not 16, so neither was taken.",
    }
    assert plan["absent"][0]["reference"] == "CR2"
    assert set(plan["timings"]) == {"read", "match", "apply", "total"}


def test_a_file_that_is_no_register_ends_with_exit_code_2_and_the_database_untouched(
    load: Import, tmp_path: Path
) -> None:
    path = tmp_path / "broken.docx"
    path.write_bytes(b"PK\x03\x04 nothing")
    before = everything()
    with pytest.raises(CommandError, match=r"broken\.docx is broken") as caught:
        load(path)
    assert caught.value.returncode == 2
    assert everything() == before


def test_a_register_that_is_not_there_is_named_with_those_that_are(
    load: Import, tmp_path: Path
) -> None:
    path = roads_and_staff().save(tmp_path / "register.docx")
    with pytest.raises(CommandError, match="There are: corporate") as caught:
        call_command("import_edition", str(path), register="adults", edition="2018-19-q3")
    assert "--create-register" in str(caught.value)


def test_a_register_can_be_created_on_the_way(tmp_path: Path) -> None:
    path = roads_and_staff().save(tmp_path / "register.docx")
    options = {"register": "adults", "edition": "2018-19-q3", "create_register": "Adult care"}
    call_command("import_edition", str(path), **options, dry_run=True, stdout=StringIO())
    assert not Register.objects.filter(slug="adults").exists()
    call_command("import_edition", str(path), **options, stdout=StringIO())
    assert Register.objects.get(slug="adults").name == "Adult care"


def test_a_quarter_that_is_none_is_refused(load: Import) -> None:
    with pytest.raises(CommandError, match="is not a quarter"):
        load(roads_and_staff(), "third quarter")


# Questions ----------------------------------------------------------------------------------------

TWO_SCORES = ("Ref", "Risk", "Score in March", "Score in June", "Owner", "Trend")


def two_scores() -> WordRegister:
    return WordRegister().row(*TWO_SCORES).row("CR1", "A risk", "20", "12", "CMT", "Level")


def test_while_a_question_is_open_nothing_is_published(load: Import) -> None:
    before = everything()
    with pytest.raises(CommandError, match="while a question about it is open"):
        load(two_scores(), "2018-19-q3", "--publish")
    assert everything() == before


def test_a_question_says_how_to_answer_it_and_the_answer_is_taken(load: Import) -> None:
    output = load(two_scores(), "2018-19-q3", "--dry-run")
    assert "Questions: until they are answered, nothing is taken (1)" in output
    assert '--column "Score in June=score"' in output
    load(two_scores(), "2018-19-q3", "--publish", "--column", "Score in June=score")
    assert Snapshot.objects.get().score == 12


def test_an_edition_with_an_open_question_may_be_loaded_for_review(load: Import) -> None:
    assert "1 problem to look at" in load(two_scores())
    snapshot = Snapshot.objects.get()
    assert (snapshot.score, snapshot.edition.state) == (None, State.IN_REVIEW)
    assert snapshot.printed["Score in June"] == "12"


def test_a_question_in_json_has_its_choices(load: Import) -> None:
    plan = json.loads(load(two_scores(), "2018-19-q3", "--dry-run", "--json"))
    (question,) = plan["questions"]
    assert [choice["value"] for choice in question["choices"]] == [
        "Score in March",
        "Score in June",
    ]
    assert question["columns"] == ["Score in March", "Score in June"]
    assert plan["entries"][0]["score"]["score"] is None


def test_a_prefix_is_given_to_bare_numbers(load: Import) -> None:
    word = WordRegister().headings().entry("1", **ROADS)
    assert '--prefix "CR"' in load(word, "2018-19-q3", "--dry-run")
    load(word, "2018-19-q3", "--publish", "--prefix", "cr")
    assert Snapshot.objects.get().reference == "CR1"


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (("--column", "Score"), "has no “=”"),
        (("--column", "Score=points"), "“points” is not a field"),
        (("--answer", "yes"), "has no “=”"),
    ],
)
def test_an_answer_that_is_none_is_refused(load: Import, option, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        load(roads_and_staff(), "2018-19-q3", *option)


def test_scores_positions_and_what_belongs_to_actions_arrive(load: Import, tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text(
        "Ref,Risk,Inherent impact,Inherent likelihood,Inherent score,Impact,Likelihood,Score,"
        "Target score,Actions,Action owner,Due,Action status,Risk owner,Trend\n"
        "CR1,A risk,5,4,20,4,3,12,6,Renew the contract,Head of Roads,30/06/2019,Complete,CMT,Up\n"
    )
    load(path, "2018-19-q3", "--publish")
    snapshot = Snapshot.objects.get()
    assert (snapshot.inherent_score, snapshot.inherent_impact) == (20, 5)
    assert (snapshot.score, snapshot.impact, snapshot.likelihood) == (12, 4, 3)
    assert (snapshot.residual_score, snapshot.residual_impact) == (6, None)
    action = snapshot.actions.get()
    assert (action.lead, str(action.due), action.status) == ("Head of Roads", "2019-06-30", "done")


def test_doubtful_and_absent_rows_count_among_what_must_be_looked_at(load: Import) -> None:
    load(roads_and_staff(), "2018-19-q3", "--publish")
    word = WordRegister().headings().entry("CR1", **ROADS).entry("CR2", **RETITLED)
    assert "2 problems to look at" in load(word, "2018-19-q4")


@pytest.mark.parametrize("where", ["head", "title"])
def test_the_quarter_may_be_named_at_the_head_of_the_page(load: Import, where: str) -> None:
    word = WordRegister("Corporate Risk Register Quarter 2, 2018/19" if where == "title" else "X")
    word.headings().entry("CR1", **ROADS)
    if where == "head":
        word.document.sections[0].header.paragraphs[0].text = "Q2 2018-19"
    assert "calls itself Q2 2018/19" in load(word, "2018-19-q3", "--dry-run")


def test_the_plan_says_what_each_column_was_taken_for(load: Import) -> None:
    output = load(roads_and_staff(), "2018-19-q3", "--dry-run")
    assert "“Risk Score”: score" in output
    plan = json.loads(load(roads_and_staff(), "2018-19-q3", "--dry-run", "--json"))
    assert plan["columns"][0] == {
        "table": 1,
        "row": 1,
        "heading": "Risk Identification Number (RIN)",
        "field": "reference",
        "proof": "",
        "column": 1,
    }


def test_a_scale_is_given_from_the_command_line(load: Import, tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text("Ref,Risk,Impact (1-4),Likelihood (1-4),Score,Owner\nCR1,A,4,3,12,CMT\n")
    with pytest.raises(CommandError, match="not on a 5×5") as refusal:
        load(path)
    assert refusal.value.returncode == 2
    with pytest.raises(CommandError, match="is not a scale"):
        load(path, "2018-19-q3", "--scale", "4x4=1:1,2:9")
    load(path, "2018-19-q3", "--scale", "4x4=1:1,2:2,3:4,4:5")
    snapshot = Snapshot.objects.get()
    assert (snapshot.score, snapshot.impact, snapshot.likelihood) == (20, 5, 4)
    assert snapshot.printed["score"] == "12"


def test_a_cell_is_corrected_from_the_command_line(load: Import) -> None:
    word = WordRegister().headings().entry("CR1", **ROADS, score="20")
    for wrong, says in (("CR1=5x4", "is not a correction"), ("CR2.score=5x4", "no entry CR2")):
        with pytest.raises(CommandError, match=says):
            load(word, "2018-19-q3", "--correct", wrong)
    load(word, "2018-19-q3", "--correct", "CR1.score=5x4", "--correct", "CR1.owner=Cabinet")
    snapshot = Snapshot.objects.get()
    assert (snapshot.impact, snapshot.likelihood, snapshot.owner.name) == (5, 4, "Cabinet")
