"""Packs of the demonstration register: whose they are, what they say, and that they come back."""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from registers import cycle
from registers.domain.quarters import Quarter
from registers.exporting.pack.composing import compose
from registers.exporting.pack.facts import ALL, EXEMPT, PUBLIC, Told
from registers.exporting.pack.sources import EVERYTHING, questions, told
from registers.models import Edition, Entry, Publication, Question, Snapshot, User
from registers.reading.documents import as_issued
from tests import factories
from tests.exporting.round_trip import differences
from tests.exporting.test_composing import rows, said

pytestmark = [pytest.mark.django_db, pytest.mark.walks]

NEWEST, DRAFT = Quarter(2026, 2), Quarter(2026, 3)
# The one exempt entry of the demonstration, and words that only it has.
SECRET = ("CR17", "Fallow Hill", "Brightmere")


def edition(quarter: Quarter = NEWEST) -> Edition:
    return Edition.objects.select_related("register").get(quarter=quarter)


def references(pack: Told) -> list[str]:
    return [one.reference for one in pack.entries]


@pytest.mark.parametrize("quarter", [NEWEST, DRAFT])
def test_the_public_part_leaves_no_trace_of_an_exempt_entry(demo: None, quarter: Quarter) -> None:
    words = said(compose(told(edition(quarter), PUBLIC)))
    assert not [word for word in SECRET if word in words]
    assert "paragraph 3 of Part 1 of Schedule 12A" in words
    rest = Snapshot.objects.in_edition(edition(quarter)).filter(entry__exempt=False).count()
    assert f"{rest} entries: " in words


@pytest.mark.parametrize("quarter", [NEWEST, DRAFT])
def test_the_other_parts_hold_the_exempt_entries_alone_or_everything(
    demo: None, quarter: Quarter
) -> None:
    exempt, everything = told(edition(quarter), EXEMPT), told(edition(quarter), ALL)
    assert references(exempt) == ["CR17"]
    assert {change.latest.reference for change in exempt.changes.changes} == {"CR17"}
    assert len(everything.entries) == edition(quarter).snapshots.count()


def test_an_entry_that_was_exempt_when_it_was_published_is_held_back_for_good(demo: None) -> None:
    Entry.objects.filter(exempt=True).update(exempt=False, exempt_reason="")
    assert "CR17" not in references(told(edition(), PUBLIC))
    assert references(told(edition(), EXEMPT)) == ["CR17"]
    assert "paragraph 3" in said(compose(told(edition(), PUBLIC)))


def test_an_entry_that_became_exempt_since_is_held_back_now(demo: None) -> None:
    entry = edition().snapshots.get(reference="CR2").entry_id
    Entry.objects.filter(pk=entry).update(exempt=True, exempt_reason="Paragraph 1")
    public = told(edition(), PUBLIC)
    assert entry not in {one.entry for one in public.entries}
    assert entry not in {change.entry for change in public.changes.changes}
    assert public.paragraphs == ("1", "3")


def test_a_pack_can_be_counted_from_any_earlier_edition(demo: None) -> None:
    since = edition(Quarter(2025, 1))
    pack = compose(told(edition(), PUBLIC, since=since))
    assert "Changes since Q1 2025/26" in said(pack)
    assert len(rows(pack, "Changes since Q1 2025/26")) > len(
        rows(compose(told(edition(), PUBLIC)), "Changes since Q1 2026/27")
    )


def test_the_pack_of_an_earlier_issue_says_what_that_issue_said(demo: None) -> None:
    published = edition()
    cycle.reissue(published, by=None, reason="CR1 was misspelt")
    Snapshot.objects.filter(edition=published, reference="CR1").update(title="Another title")
    published.refresh_from_db()
    factories.publish(published)
    first = Publication.objects.get(edition=published, issue=1)
    old, new = told(as_issued(first, EVERYTHING), ALL), told(edition(), ALL)
    assert old.entries[0].title == "Financial sustainability of the council"
    assert new.entries[0].title == "Another title"
    assert new.correction == "CR1 was misspelt" and old.correction == ""
    assert (old.digest, new.digest) == (first.digest, published.publications.get(issue=2).digest)
    assert "CR17" not in references(told(as_issued(first, EVERYTHING), PUBLIC))


def test_open_questions_are_in_the_part_of_who_may_read_them(demo: None) -> None:
    member = User.objects.get(username="councillor")
    for reference, answer in (("CR1", ""), ("CR17", ""), ("CR2", "Because.")):
        row = edition().snapshots.get(reference=reference)
        Question.objects.create(
            edition=edition(),
            entry=row.entry,
            text=f"Why {reference}?",
            asked_by=member,
            answer=answer,
            answered_at=timezone.now() if answer else None,
        )
    of_part = {part: [one.text for one in questions(edition(), part)] for part in (PUBLIC, EXEMPT)}
    assert "Why CR1?" in of_part[PUBLIC] and "Why CR17?" not in of_part[PUBLIC]
    assert of_part[EXEMPT] == ["Why CR17?"]
    pack = compose(told(edition(), PUBLIC, questions=questions(edition(), PUBLIC)))
    assert ["CR1", "Why CR1?"] in [row[:2] for row in rows(pack, "Questions that are still open")]


def test_a_question_on_what_this_edition_holds_back_is_not_in_its_public_part(demo: None) -> None:
    """Asked of an edition that shows the entry, and carried into one that does not."""
    member = User.objects.get(username="councillor")
    before, now = edition(Quarter(2026, 1)), edition()
    entry = before.snapshots.get(reference="CR3").entry
    cycle.ask(before, entry, text="Why that?", by=member)
    cycle.reissue(now, by=None, reason="It is exempt")
    Entry.objects.filter(pk=entry.pk).update(exempt=True, exempt_reason="Paragraph 3")
    now.refresh_from_db()
    factories.publish(now)
    Entry.objects.filter(pk=entry.pk).update(exempt=False, exempt_reason="")
    asked = {
        part: "Why that?" in [one.text for one in questions(edition(), part)]
        for part in (PUBLIC, EXEMPT, ALL)
    }
    assert asked == {PUBLIC: False, EXEMPT: True, ALL: True}
    assert "Why that?" in [one.text for one in questions(before, PUBLIC)]


def test_the_first_edition_has_nothing_to_compare_with(demo: None) -> None:
    first = Edition.objects.oldest_first().select_related("register").first()
    assert "There is no earlier edition to compare this one with." in said(
        compose(told(first, PUBLIC))
    )


@pytest.mark.parametrize("format", ["docx", "pdf"])
def test_appendix_a_is_read_back_as_it_was_printed(demo: None, format: str, tmp_path: Path) -> None:
    editions = Edition.objects.select_related("register").oldest_first()
    # A PDF takes two seconds to read.
    shown = editions if format == "docx" else [edition()]
    how = {"whole": False}
    assert [line for one in shown for line in differences(one, format, tmp_path, **how)] == []


# The command --------------------------------------------------------------------------------------


def export(output: Path, **options: object) -> None:
    call_command(
        "export_pack", register="corporate", edition="2026-27-q2", output=output, **options
    )


def test_the_command_writes_a_file(demo: None, tmp_path: Path, capsys) -> None:
    export(tmp_path / "pack.docx", format="docx", part=EXEMPT)
    with ZipFile(tmp_path / "pack.docx") as parts:
        words = parts.read("word/document.xml").decode()
    assert "Fallow Hill" in words
    assert "pack.docx" in capsys.readouterr().out


def test_the_public_files_hold_no_exempt_word_in_any_of_their_parts(
    demo: None, tmp_path: Path
) -> None:
    """Not in a property, a picture's words or a bookmark either."""
    for format in ("docx", "pdf"):
        export(tmp_path / f"pack.{format}", format=format)
        raw = (tmp_path / f"pack.{format}").read_bytes()
        parts = _parts_of_zip(raw) if format == "docx" else _streams(raw)
        assert not [word for word in SECRET for part in parts if word.encode() in part]


def _parts_of_zip(raw: bytes) -> list[bytes]:
    with ZipFile(io.BytesIO(raw)) as parts:
        return [parts.read(name) for name in parts.namelist()]


def _streams(raw: bytes) -> list[bytes]:
    found = [raw]
    for chunk in raw.split(b"stream\n")[1:]:
        try:
            found.append(zlib.decompressobj().decompress(chunk))
        except zlib.error:
            continue
    return found


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"edition": "2030-31-q1"}, "There is no edition Q1 2030/31 of a register “corporate”."),
        ({"edition": "spring"}, "“spring” is not a quarter."),
        ({"issue": 7}, "Q2 2026/27 has no issue 7."),
        ({"since": "2026-27-q3"}, "Q3 2026/27 is not before Q2 2026/27"),
        ({"edition": "2024-25-q3", "part": EXEMPT}, "no exempt entry, so it has no part II"),
        ({"output": Path("/no/such/folder/x.pdf")}, "can't be written"),
    ],
)
def test_what_the_command_can_not_do_it_says(
    demo: None, options: dict, sentence: str, tmp_path: Path
) -> None:
    asked = {
        "register": "corporate",
        "edition": "2026-27-q2",
        "format": "pdf",
        "output": tmp_path / "pack.pdf",
    }
    with pytest.raises(CommandError, match=sentence.replace("?", r"\?")):
        call_command("export_pack", **{**asked, **options})
