"""Every way of touching a published edition behind the triggers' back is found and named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from registers import cycle
from registers.domain import canonical
from registers.models import (
    Action,
    Edition,
    Entry,
    Lineage,
    Publication,
    Register,
    Reissue,
    Snapshot,
    freeze,
)
from tests import factories
from tests.cycle.conftest import accept_everything, find
from tests.support.baseline import Statements


@contextmanager
def without_triggers() -> Iterator[None]:
    """As somebody who may do anything to the database."""
    connection.check_constraints()
    freeze.remove(Statements())
    yield
    connection.check_constraints()
    freeze.install(Statements())


@pytest.fixture
def chain(council, edition) -> list[Publication]:
    """Issue 1 and 2 of the first quarter, and the second quarter."""
    correction = cycle.reissue(council.published, by=council.manager, reason="A wrong score.")
    cycle.publish(correction, by=council.manager)
    accept_everything(edition, by=council.manager)
    cycle.publish(edition, by=council.manager)
    return list(Publication.objects.order_by("sequence"))


def of_the_first_format(publication: Publication) -> None:
    """As it was published before statements were frozen and posts named."""
    said = json.loads(publication.document)
    said["format"] = 1
    for entry in said["entries"]:
        del entry["post"]
    text = canonical.dumped(said)
    touch(publication, document=text, digest=canonical.digest(text))


def verified(register) -> tuple[int, str]:
    """How many publications stand before the first that fails, and what is said of that one."""
    for count, (_, failure) in enumerate(cycle.verify(register)):
        if failure:
            return count, str(failure)
    return len(list(cycle.verify(register))), ""


def test_an_untouched_chain_is_verified_whole(council, chain):
    assert verified(council.register) == (3, "")


def test_a_publication_of_the_first_format_is_proved_by_what_it_holds(council):
    """A statement could be added after publication then; its digest is what it was."""
    first = Publication.objects.get()
    entry = council.published.snapshots.get(reference="CR2").entry
    with without_triggers():
        of_the_first_format(first)
        Lineage.objects.create(
            entry=entry, kind="closed", edition=council.published, reason="By hand, later."
        )
    digest = Publication.objects.get().digest
    assert verified(council.register) == (1, "")
    with without_triggers():
        snapshots(title="Another")(council.published)
    assert verified(council.register)[1].endswith("CR1 differs from what was published, in title.")
    assert Publication.objects.get().digest == digest


def test_what_may_rightly_follow_a_publication_is_no_fault(council, chain):
    cycle.reissue(council.published, by=council.manager, reason="Being corrected.")
    Register.objects.update(name="Corporate and strategic", slug="strategic")
    council.cast.post.name = "Director of People"
    council.cast.post.save()
    council.cast.manager.last_name = "Newname"
    council.cast.manager.save()
    entry = chain[0].edition.snapshots.first().entry
    entry.exempt, entry.exempt_reason = True, "Paragraph 3"
    entry.save()
    assert verified(council.register) == (3, "")


def change_document(publication: Publication) -> None:
    text = publication.document.replace("Services stop", "Services go on")
    assert text != publication.document
    Publication.objects.filter(pk=publication.pk).update(document=text)


def change_document_and_digest(publication: Publication) -> None:
    change_document(publication)
    publication.refresh_from_db()
    digest = canonical.digest(publication.document)
    Publication.objects.filter(pk=publication.pk).update(digest=digest)


def spoil_document(publication: Publication) -> None:
    Publication.objects.filter(pk=publication.pk).update(document="{", digest=canonical.digest("{"))


LINK = "It does not follow from the publication before it."
RECORD = "The document says another edition, issue, date or reason than the record of it."


@pytest.mark.parametrize(
    ("place", "touch", "count", "sentence"),
    [
        (1, change_document, 0, "The document does not match its digest."),
        (1, change_document_and_digest, 1, LINK),
        (3, change_document_and_digest, 2, "CR1 differs from what was published, in consequences."),
        (2, spoil_document, 1, "The document can't be read."),
        (2, lambda row: row.delete(), 1, "The publication at place 2 of the chain is missing."),
        (3, lambda row: row.delete(), 2, "It is published, but its publication is missing."),
        (2, lambda row: touch(row, previous_digest=""), 1, LINK),
        (2, lambda row: touch(row, digest="0" * 64), 1, "The document does not match its digest."),
        (2, lambda row: touch(row, reason="Another reason"), 1, RECORD),
        (2, lambda row: touch(row, issue=7), 1, RECORD),
        (1, lambda row: touch(row, published_at="2020-01-01T00:00Z"), 0, RECORD),
    ],
)
def test_a_touched_publication_is_found_and_named(council, chain, place, touch, count, sentence):
    publication = chain[place - 1]
    with without_triggers():
        touch(publication)
    found, said = verified(council.register)
    assert found == count
    assert said.endswith(sentence)


def touch(publication: Publication, **values) -> None:
    Publication.objects.filter(pk=publication.pk).update(**values)


def snapshots(**values) -> Callable[[Edition], None]:
    return lambda edition: Snapshot.objects.filter(edition=edition, reference="CR1").update(
        **values
    )


def add_an_entry(edition: Edition) -> None:
    factories.snapshot(edition, "CR8", order=2, owner=None)


def add_an_action(edition: Edition) -> None:
    factories.ActionFactory(snapshot=edition.snapshots.get(reference="CR1"))


def add_a_type(edition: Edition) -> None:
    edition.snapshots.get(reference="CR1").types.add(factories.TypeFactory(name="Legal"))


def add_a_strand(edition: Edition) -> None:
    factories.StrandFactory(snapshot=edition.snapshots.get(reference="CR1"))


def swap_places(edition: Edition) -> None:
    Snapshot.objects.filter(edition=edition, reference="CR2").update(order=0)


def delete_an_entry(edition: Edition) -> None:
    edition.snapshots.get(reference="CR2").delete()


def actions(**values) -> Callable[[Edition], None]:
    return lambda edition: Action.objects.filter(snapshot__edition=edition).update(**values)


def editions(**values) -> Callable[[Edition], None]:
    return lambda edition: Edition.objects.filter(pk=edition.pk).update(**values)


@pytest.mark.parametrize(
    ("tamper", "sentence"),
    [
        (snapshots(title="Another"), "CR1 differs from what was published, in title."),
        (snapshots(impact=1, score=5), "CR1 differs from what was published, in score."),
        (snapshots(residual_by=None), "CR1 differs from what was published, in residual."),
        (snapshots(owner_text="Somebody"), "CR1 differs from what was published, in owner."),
        (snapshots(own_appetite=25), "CR1 differs from what was published, in appetite."),
        (snapshots(direction="down"), "CR1 differs from what was published, in direction."),
        (snapshots(reference="CR9"), "CR1 differs from what was published, in reference."),
        (snapshots(printed={"title": "x"}), "CR1 differs from what was published, in printed."),
        (add_an_action, "CR1 differs from what was published, in actions."),
        (actions(due="2030-01-01"), "CR1 differs from what was published, in actions."),
        (actions(status="done"), "CR1 differs from what was published, in actions."),
        (add_a_type, "CR1 differs from what was published, in types."),
        (add_a_strand, "CR1 differs from what was published, in strands."),
        (add_an_entry, "CR8 was added after publication."),
        (delete_an_entry, "CR2 was published and is gone."),
        (swap_places, "CR2 differs from what was published, in order."),
        (editions(very_high_from=20), "The edition differs from what was published, in bands."),
        (editions(appetite=25), "The edition differs from what was published, in bands."),
        (
            editions(committee_on="2030-01-01"),
            "The edition differs from what was published, in committee_on.",
        ),
    ],
)
def test_a_touched_row_is_found_and_named(council, chain, tamper, sentence):
    """Rows of the last issue are compared: of issue 1 there are none any more."""
    with without_triggers():
        tamper(council.published)
    assert verified(council.register) == (1, f"Q1 2026/27, issue 2: {sentence}")


def flip_exemption(edition: Edition) -> None:
    Entry.objects.filter(snapshots__edition=edition, snapshots__reference="CR1").update(
        exempt=True, exempt_reason="Paragraph 3"
    )


def lift_exemption(edition: Edition) -> None:
    """CO1 is exempt in the council below."""
    Entry.objects.filter(snapshots__edition=edition, snapshots__reference="CO1").update(
        exempt=False
    )


def change_decision(edition: Edition) -> None:
    Reissue.objects.filter(edition=edition).update(reason="Another reason.")


def swap_owner(edition: Edition) -> None:
    """Where its name is on record the page still prints it; Compare goes by the post."""
    snapshots(owner=factories.OwnerFactory(name="Director of Somewhere Else"))(edition)


NO_RECORD = "and nothing on record says who made it so."


@pytest.mark.parametrize(
    ("tamper", "sentence"),
    [
        (flip_exemption, f"CR1 is exempt, {NO_RECORD}"),
        (lift_exemption, f"CO1 is no longer exempt, {NO_RECORD}"),
        (
            snapshots(exempt_because="Paragraph 3"),
            "CR1 differs from what was published, in exempt, exempt_reason.",
        ),
        (swap_owner, "CR1 differs from what was published, in post."),
        (
            lambda edition: Lineage.objects.filter(edition=edition).delete(),
            "The edition differs from what was published, in what became of entries.",
        ),
        (
            lambda edition: Lineage.objects.filter(edition=edition).update(reason="Another."),
            "The edition differs from what was published, in what became of entries.",
        ),
        (
            editions(published_at="2020-01-01T00:00Z"),
            "The edition gives another date of publication than the document.",
        ),
        (
            change_decision,
            "The decision to correct it gives another reason than the document.",
        ),
    ],
)
def test_what_a_reader_sees_beside_the_content_is_proved_too(council, tamper, sentence):
    correction = cycle.reissue(council.published, by=council.manager, reason="A wrong score.")
    entry = correction.snapshots.get(reference="CO1").entry
    entry.exempt, entry.exempt_reason = True, "Paragraph 3"
    entry.save()
    cycle.close_entry(find(correction, "CR2"), by=council.manager, reason="It was built.")
    cycle.publish(correction, by=council.manager)
    assert verified(council.register) == (2, "")
    with without_triggers():
        tamper(council.published)
    assert verified(council.register) == (1, f"Q1 2026/27, issue 2: {sentence}")


# What the chain alone can't tell ------------------------------------------------------------------


def take_back_the_last(edition: Edition) -> None:
    edition.publications.all().delete()
    editions(state="in_review", published_at=None)(edition)


def forget_the_record(edition: Edition) -> None:
    Edition.history.filter(id=edition.pk).delete()


def delete_the_edition(edition: Edition) -> None:
    edition.publications.all().delete()
    for action in Action.objects.filter(snapshot__edition=edition):
        action.delete()
    edition.snapshots.all().delete()
    Edition.objects.filter(pk=edition.pk).delete()


def write_the_chain_anew(edition: Edition) -> None:
    """Another text in the rows and in every document, each digest computed again."""
    Snapshot.objects.filter(title="Title of CR1").update(title="A milder title")
    previous = ""
    for publication in Publication.objects.order_by("sequence"):
        said = json.loads(publication.document.replace("Title of CR1", "A milder title"))
        said["previous"] = previous
        text = canonical.dumped(said)
        digest = canonical.digest(text)
        touch(publication, document=text, digest=digest, previous_digest=previous)
        previous = digest


def expecting(*digests: str, **options) -> tuple[str, str, str]:
    """What the command writes, its complaints, and how it ends."""
    out, err, end = StringIO(), StringIO(), ""
    try:
        call_command("verify_publications", expect=list(digests), stdout=out, stderr=err, **options)
    except CommandError as refusal:
        end = str(refusal)
        assert refusal.returncode in (1, 2)
    return out.getvalue(), err.getvalue(), end


@pytest.mark.parametrize(
    "tamper", [take_back_the_last, delete_the_edition], ids=["set back", "deleted whole"]
)
def test_that_the_last_publication_is_gone_is_proved_by_the_digest_in_the_minutes(
    council, edition, chain, tamper
):
    with without_triggers():
        tamper(edition)
        forget_the_record(edition)
    assert verified(council.register) == (2, ""), "the chain alone can't tell"
    _, complaint, end = expecting(chain[-1].digest)
    assert f"No verified publication has the digest {chain[-1].digest}." in complaint
    assert end == "What was expected is not there."


def test_that_the_last_edition_was_set_back_is_told_by_the_record_of_changes(
    council, edition, chain
):
    with without_triggers():
        take_back_the_last(edition)
    assert verified(council.register) == (
        2,
        "Q2 2026/27, issue 1: It was published, says the record of changes, but its publication "
        "is missing.",
    )


def test_that_the_whole_chain_was_written_anew_is_proved_by_the_digest_in_the_minutes(
    council, edition, chain
):
    with without_triggers():
        write_the_chain_anew(edition)
    assert verified(council.register) == (3, ""), "the chain alone can't tell"
    for publication in chain:
        assert expecting(publication.digest)[2] == "What was expected is not there."


def test_the_digest_in_the_minutes_proves_what_was_published_up_to_it_and_names_the_rest(
    council, chain
):
    out, complaint, end = expecting(chain[-1].digest.upper())
    assert "Q2 2026/27, issue 1: it and all before it stand as they were published." in out
    assert "Nothing was published after it." in out
    assert (complaint, end) == ("", "")
    out, _, end = expecting(chain[0].digest)
    assert "Published after it: Q1 2026/27, issue 2; Q2 2026/27, issue 1." in out
    assert end == ""


def test_a_digest_of_a_chain_that_fails_proves_nothing(council, chain):
    with without_triggers():
        change_document(chain[0])
    _, complaint, end = expecting(chain[-1].digest)
    assert "No verified publication has the digest" in complaint
    assert end == "Not as published: Corporate."


def test_what_is_no_digest_is_refused_with_what_one_looks_like(council):
    assert expecting("abc")[2].startswith("“abc” is no digest: 64 of the digits")


def test_the_command_says_how_many_it_verified(council, chain):
    out = StringIO()
    call_command("verify_publications", stdout=out)
    assert out.getvalue() == (
        "Corporate: 3 publications verified. The latest is Q2 2026/27, issue 1, "
        f"SHA-256 {chain[-1].digest}\n"
    )


def test_the_command_names_the_first_that_fails_and_exits_with_1(council, chain):
    other = cycle.publish(
        factories.edition(register=factories.register("schools"), snapshots=1), by=council.manager
    )
    with without_triggers():
        change_document(chain[1])
        change_document(chain[2])
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("verify_publications", stdout=out, stderr=err)
    assert refusal.value.returncode == 1
    assert str(refusal.value) == "Not as published: Corporate."
    assert err.getvalue() == (
        "Corporate: Q1 2026/27, issue 2: The document does not match its digest.\n"
    )
    assert out.getvalue().splitlines()[0] == "Corporate: 1 publication verified before it."
    assert other.digest in out.getvalue(), "the other registers are verified all the same"


def test_the_command_can_be_kept_to_one_register(council, chain):
    factories.register("schools")
    out = StringIO()
    call_command("verify_publications", register="schools", stdout=out)
    assert out.getvalue() == "Schools: 0 publications verified.\n"


def test_the_command_says_so_when_there_is_no_such_register(db):
    with pytest.raises(CommandError, match="There is no register “schools”") as refusal:
        call_command("verify_publications", register="schools")
    assert refusal.value.returncode == 2
