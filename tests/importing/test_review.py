"""An import that a person looks through: read, said, applied, undone; and by two at once."""

from __future__ import annotations

import pytest

from registers import cycle, jobs
from registers.domain.quarters import Quarter
from registers.importing import review
from registers.importing.printed import KEPT
from registers.importing.review import ImportRefused, SaidMeanwhile
from registers.models import (
    ColumnMeaning,
    Edition,
    Entry,
    Import,
    ImportDoubt,
    Lineage,
    Owner,
    Snapshot,
)
from tests import factories

pytestmark = pytest.mark.django_db

Q3, Q4 = Quarter(2018, 3), Quarter(2018, 4)
TITLE = "Corporate Risk Register Q3 2018/19"
HEADINGS = "Ref,Risk description,Risk score,Residual score,Risk owner,Direction of travel"
ROADS = "CR1,Keeping the roads safe and open in winter,20,9,Director of Highways,Level"
STAFF = "CR2,Recruit and retain experienced social workers,16,9,Director of People,Up"


@pytest.fixture
def cast(db):
    return factories.cast()


@pytest.fixture
def register():
    return factories.register("corporate")


@pytest.fixture
def bring(cast, register):
    """A file that was brought in and read."""

    def bring(*lines: str, title: str = TITLE, quarter: Quarter | None = None) -> Import:
        text = "\n".join([*([title, ""] if title else []), *(lines or (HEADINGS, ROADS, STAFF))])
        begun = review.begin(
            register, "register.csv", text.encode(), by=cast.manager, quarter=quarter
        )
        return read(begun)

    return bring


def read(import_: Import) -> Import:
    jobs.run_next()
    return Import.objects.get(pk=import_.pk)


def tell(import_: Import, by, quarter: Quarter | None = None, **changes) -> Import:
    review.say(import_, changes, by=by, version=import_.version, quarter=quarter)
    return read(import_)


def apply(import_: Import, by) -> Import:
    review.ask_to_apply(import_, by=by, version=import_.version)
    return read(import_)


def confirmed(import_: Import, by, **changes) -> Import:
    return tell(import_, by, quarter=import_.quarter, **changes)


def problems(import_: Import) -> str:
    return " ".join(problem["message"] for problem in import_.current_plan["problems"])


# Reading --------------------------------------------------------------------------------------


def test_a_file_is_read_by_a_job_and_nothing_is_written(bring):
    import_ = bring()
    assert import_.job.state == "done"
    assert import_.quarter == Q3, "as the document calls itself"
    assert [entry["reference"] for entry in import_.current_plan["entries"]] == ["CR1", "CR2"]
    assert not Edition.objects.exists()


def test_a_document_that_names_no_quarter_waits_for_a_person_to_say(bring, cast):
    import_ = bring(title="")
    assert (import_.current_plan, import_.job.outcome) == (None, {"needs": "quarter"})
    import_ = tell(import_, cast.manager, quarter=Q4)
    assert import_.current_plan["edition"] == "2018-19-q4"


def test_a_register_of_another_scale_waits_for_its_levels(bring, cast):
    headings = "Ref,Risk,Impact (1-4),Likelihood (1-4),Score,Owner"
    import_ = bring(headings, "CR1,A risk,4,3,12,CMT")
    assert import_.job.outcome == {"needs": "levels"}
    assert "not on a 5×5" in import_.job.problem
    assert "--scale" not in import_.job.problem
    with pytest.raises(ImportRefused, match="“1:1, 2:9” is not a scale"):
        tell(import_, cast.manager, levels="1:1, 2:9")
    import_ = tell(import_, cast.manager, levels="1:1, 2:2, 3:4, 4:5")
    assert import_.current_plan["entries"][0]["score"]["score"] == 20


def test_a_file_that_is_no_register_fails_with_its_sentence(bring):
    import_ = bring("one,two", "3,4")
    assert import_.job.has_failed
    assert "has no table of a register" in import_.job.problem


@pytest.mark.parametrize(("content", "says"), [(b"", "is empty"), (b"x" * 20_000_001, "20 MB")])
def test_an_empty_or_enormous_file_is_refused(register, cast, content, says):
    with pytest.raises(ImportRefused, match=says):
        review.begin(register, "register.csv", content, by=cast.manager)


def test_only_the_risk_manager_brings_a_register_in(register, cast):
    for person in (cast.owner, cast.auditor, cast.committee):
        with pytest.raises(ImportRefused, match="Only the risk manager"):
            review.begin(register, "register.csv", b"x", by=person)
        assert not Import.objects.visible_to(person).exists()


def test_the_same_file_is_known_again(bring):
    first, second = bring(), bring()
    assert review.same_file(first) is None
    assert review.same_file(second) == first


# Saying ---------------------------------------------------------------------------------------


def test_a_column_is_what_a_person_says_it_is(bring, cast):
    import_ = bring(HEADINGS + ",Worry", ROADS + ",3", STAFF + ",4")
    assert "not one of a register" in problems(import_)
    import_ = tell(import_, cast.manager, columns={"Worry": KEPT, "Risk owner": KEPT})
    fields = {column["heading"]: column["field"] for column in import_.current_plan["columns"]}
    assert (fields["Worry"], fields["Risk owner"]) == ("", "")
    assert "not one of a register" not in problems(import_)
    import_ = tell(import_, cast.manager, columns={"Risk owner": None})
    assert import_.said == {"columns": {"Worry": KEPT}}


def test_a_square_is_chosen_of_those_that_make_the_printed_score(bring, cast):
    import_ = bring()
    assert import_.current_plan["entries"][0]["score"] == {
        "printed": "20", "score": 20, "impact": None, "likelihood": None,
    }  # fmt: skip
    import_ = tell(import_, cast.manager, rows={"CR1": {"score": "3x3"}})
    assert import_.job.has_failed
    assert "CR1 is printed with 20, and 3x3 is 9" in import_.job.problem
    import_ = tell(import_, cast.manager, rows={"CR1": {"score": "5x4", "direction": "down"}})
    entry = import_.current_plan["entries"][0]
    assert (entry["score"]["impact"], entry["score"]["likelihood"]) == (5, 4)
    assert entry["direction"] == "down"


def test_what_was_said_of_a_row_that_the_file_has_not_any_more_is_left_aside(bring, cast):
    import_ = bring("Ref,Risk description,Risk score,Residual score,Risk owner",
                    "7,Keeping the roads safe,20,9,CMT")  # fmt: skip
    import_ = tell(import_, cast.manager, rows={"7": {"score": "5x4"}}, matches={"7": "new"})
    import_ = tell(import_, cast.manager, prefix="CR")
    assert import_.job.state == "done"
    assert import_.current_plan["entries"][0]["reference"] == "CR7"
    assert import_.current_plan["entries"][0]["score"]["impact"] is None


def test_the_second_of_two_who_say_something_is_told_who_said_what_when(bring, cast):
    import_ = bring()
    other = factories.UserFactory(roles=["Risk manager"], first_name="Jo", last_name="Field")
    confirmed(import_, other)
    with pytest.raises(SaidMeanwhile, match="said something else of this file on"):
        review.say(import_, {"prefix": "CR"}, by=cast.manager, version=import_.version)
    with pytest.raises(SaidMeanwhile):
        review.ask_to_apply(import_, by=cast.manager, version=import_.version)


# Applying -------------------------------------------------------------------------------------


def test_applying_writes_an_edition_in_review_and_remembers_the_columns(bring, cast, register):
    import_ = bring(HEADINGS + ",Worry", ROADS + ",3", STAFF + ",4")
    with pytest.raises(ImportRefused, match="Confirm that it is the edition of Q3 2018/19"):
        review.ask_to_apply(import_, by=cast.manager, version=import_.version)
    import_ = confirmed(import_, cast.manager, columns={"Worry": KEPT})
    import_ = apply(import_, cast.manager)
    assert (import_.state, import_.job.state) == ("applied", "done")
    edition = Edition.objects.get()
    assert (edition.state, edition.quarter, import_.edition) == ("in_review", Q3, edition)
    assert list(edition.snapshots.as_printed().values_list("reference", "score")) == [
        ("CR1", 20),
        ("CR2", 16),
    ]
    assert ColumnMeaning.objects.get().heading == "worry"

    later = bring(HEADINGS + ",Worry", ROADS + ",3", title="Risk Register Q4 2018/19")
    assert "not one of a register" not in problems(later), "remembered"


def test_what_could_not_be_said_for_certain_stays_with_the_edition(bring, cast):
    odd = "CR3,A risk without a score,£16m,9,Director of Highways,Level"
    import_ = apply(confirmed(bring(HEADINGS, ROADS, odd), cast.manager), cast.manager)
    [doubt] = ImportDoubt.objects.filter(edition=import_.edition, column="Risk score")
    assert (doubt.reference, doubt.read, doubt.source) == ("CR3", "£16m", import_)
    assert doubt.entry == Entry.objects.get(snapshots__reference="CR3")
    assert doubt.history.count() == 1
    assert not ImportDoubt.objects.visible_to(cast.committee).exists()
    assert ImportDoubt.objects.visible_to(cast.auditor).exists()


def test_the_second_of_two_who_apply_is_told_who_did_it_and_when(bring, cast):
    import_ = confirmed(bring(), cast.manager)
    other = factories.UserFactory(roles=["Risk manager"])
    apply(import_, other)
    with pytest.raises(ImportRefused, match=r"has applied this import on .* a second time"):
        review.ask_to_apply(import_, by=cast.manager, version=import_.version)
    assert Edition.objects.count() == 1


def test_nothing_is_written_if_the_register_has_changed_since_it_was_looked_at(
    bring, cast, register
):
    import_ = confirmed(bring(), cast.manager)
    factories.snapshot(factories.edition(Q4, register=register), "CR9", title="Bees")
    import_ = apply(import_, cast.manager)
    assert import_.job.has_failed
    assert "The register was changed since you looked" in import_.job.problem
    assert import_.is_open
    import_ = apply(import_, cast.manager)
    assert import_.is_applied, "once it was looked at again"


def test_a_doubtful_row_is_decided_by_a_person_before_anything_is_written(bring, cast, register):
    before = factories.snapshot(
        factories.edition(Quarter(2018, 2), register=register),
        "CR4",
        title="Recruit and retain enough experienced care workers",
    )
    import_ = confirmed(bring(), cast.manager)
    assert import_.current_plan["entries"][1]["match"]["outcome"] == "doubtful"
    with pytest.raises(ImportRefused, match="not said which entry of the register CR2 is"):
        review.ask_to_apply(import_, by=cast.manager, version=import_.version)
    import_ = tell(import_, cast.manager, matches={"CR2": str(before.entry_id)})
    import_ = apply(import_, cast.manager)
    assert import_.edition.snapshots.get(reference="CR2").entry == before.entry


def test_what_became_of_an_absent_entry_is_stated_and_undone_with_the_import(bring, cast, register):
    before = factories.snapshot(
        factories.edition(Quarter(2018, 2), register=register), "CR8", title="Bees"
    )
    ended = {"how": "succeeded", "other": "CR1", "reason": "Roads took over."}
    import_ = bring()
    [absent] = import_.current_plan["absent"]
    assert (absent["reference"], absent["entry"]) == ("CR8", before.entry_id)
    import_ = confirmed(import_, cast.manager, absent={str(before.entry_id): ended})
    import_ = apply(import_, cast.manager)
    stated = Lineage.objects.get()
    assert (stated.entry, stated.kind, stated.reason) == (
        before.entry,
        "succeeded",
        "Roads took over.",
    )
    review.undo(import_, by=cast.manager)
    assert not Lineage.objects.exists()


# Undoing --------------------------------------------------------------------------------------

WRITTEN = (Edition, Entry, Snapshot, Owner, ImportDoubt, Lineage)


def test_an_import_is_undone_to_the_last_row(bring, cast):
    before = [set(model.objects.values_list("pk", flat=True)) for model in WRITTEN]
    import_ = apply(confirmed(bring(), cast.manager), cast.manager)
    assert Owner.objects.filter(name="Director of Highways").exists()
    import_ = review.undo(import_, by=cast.manager)
    assert import_.state == "undone"
    assert [set(model.objects.values_list("pk", flat=True)) for model in WRITTEN] == before
    with pytest.raises(ImportRefused, match="nothing to undo"):
        review.undo(import_, by=cast.manager)


def test_what_was_changed_since_is_lost_only_if_that_is_meant(bring, cast):
    import_ = apply(confirmed(bring(), cast.manager), cast.manager)
    snapshot = import_.edition.snapshots.get(reference="CR1")
    cycle.save_draft(snapshot, cycle.Draft({"title": "Roads"}, {}, {}), by=cast.manager)
    assert review.lost_by_undoing(import_) == ["CR1"]
    with pytest.raises(ImportRefused, match="were changed since the import: CR1"):
        review.undo(import_, by=cast.manager)
    review.undo(import_, by=cast.manager, lose=True)
    assert not Snapshot.objects.exists()


def test_a_published_edition_is_not_undone(bring, cast):
    import_ = apply(confirmed(bring(), cast.manager), cast.manager)
    cycle.accept_loaded(import_.edition, by=cast.manager, reason="Seen")
    cycle.publish(import_.edition, by=cast.manager)
    with pytest.raises(cycle.CycleError, match="is published"):
        review.undo(import_, by=cast.manager)


def test_an_import_that_is_put_aside_leaves_nothing(bring, cast):
    import_ = bring()
    review.put_aside(import_, by=cast.manager, version=import_.version)
    with pytest.raises(ImportRefused, match="has put aside this import"):
        review.ask_to_apply(import_, by=cast.manager, version=import_.version)
