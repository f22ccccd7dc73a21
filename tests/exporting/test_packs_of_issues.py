"""The pack of an earlier issue: the same file for everybody who may have it, whoever asks first."""

from __future__ import annotations

import io
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from django.test import Client

from registers import cycle
from registers.domain.quarters import Quarter
from registers.exporting.pack import files
from registers.models import Edition, Entry, PackFile, Register, User

pytestmark = [pytest.mark.django_db, pytest.mark.walks]

# The edition in which the demonstration's exempt entry is new, so that its changes name it.
QUARTER = Quarter(2025, 2)
PACK = f"/registers/corporate/{QUARTER.slug}/pack/"
FORMATS = (files.DOCX, files.XLSX, files.CSV, files.ACTIONS, files.JSON)
TITLE = "Fallow Hill"


@pytest.fixture(scope="module", autouse=True)
def corrected(demo: None, common_ground) -> None:
    """The demonstration register with that edition in its second issue."""

    def correct() -> None:
        manager = User.objects.get(username="manager")
        edition = Edition.objects.get(quarter=QUARTER)
        cycle.reissue(edition, by=manager, reason="A slip of the pen.")
        edition.refresh_from_db()
        cycle.publish(edition, by=manager)

    with common_ground(correct):
        yield


def secret_words() -> list[str]:
    """What only the exempt entry has: its title, and its number then."""
    row = Edition.objects.get(quarter=QUARTER).snapshots.get(entry__exempt=True)
    assert TITLE in row.title
    return [TITLE, row.reference]


def words_of(raw: bytes) -> dict[str, str]:
    """The text of a file by its parts, without the moment at which it was made."""
    if not raw.startswith(b"PK"):
        return {"": raw.decode()}
    with ZipFile(io.BytesIO(raw)) as parts:
        names = [name for name in parts.namelist() if name.endswith(".xml")]
        return {name: parts.read(name).decode() for name in names if "docProps/core" not in name}


def holds(parts: dict[str, str], words: list[str]) -> list[str]:
    return [word for word in words for text in parts.values() if re.search(rf"\b{word}\b", text)]


def taken(name: str, format: str, query: str = "?issue=1") -> dict[str, str]:
    client = Client()
    client.force_login(User.objects.get(username=name))
    answer = client.get(f"{PACK}{format}/{query}")
    assert answer.status_code == 200
    return words_of(answer.content)


@pytest.mark.parametrize("format", FORMATS)
def test_the_public_part_of_an_earlier_issue_is_the_same_whoever_asked_first(format: str) -> None:
    secret = secret_words()
    by_manager = taken("manager", format)
    assert PackFile.objects.count() == 1
    assert not holds(taken("councillor", format), secret)
    PackFile.objects.all().delete()
    by_councillor = taken("councillor", format)
    assert by_manager == by_councillor
    assert not holds(by_manager, secret)
    assert holds(taken("manager", format, "?issue=1&part=all"), secret)


@pytest.mark.parametrize("first", ["manager", "councillor", "owner"])
def test_the_report_on_an_earlier_issue_says_that_part_two_is_separate(first: str) -> None:
    body = taken(first, files.DOCX)["word/document.xml"]
    assert "Part II of this pack is separate" in body


@pytest.mark.parametrize("first", ["manager", "councillor"])
def test_an_entry_that_became_exempt_since_an_earlier_issue_is_held_back_from_it(
    first: str,
) -> None:
    row = Edition.objects.get(quarter=QUARTER).snapshots.get(reference="CR1")
    Entry.objects.filter(pk=row.entry_id).update(exempt=True, exempt_reason="Paragraph 1")
    Register.objects.bump()
    for format in FORMATS:
        parts = taken(first, format)
        assert not holds(parts, [row.title, "CR1"]), format


@pytest.mark.parametrize("format", FORMATS)
def test_the_command_holds_the_same_back_from_an_earlier_issue(format: str, tmp_path: Path) -> None:
    output = tmp_path / f"pack.{format}"
    asked = {"register": "corporate", "edition": QUARTER.slug, "issue": 1, "part": "public"}
    call_command("export_pack", **asked, format=format, output=output)
    assert not holds(words_of(output.read_bytes()), secret_words())
