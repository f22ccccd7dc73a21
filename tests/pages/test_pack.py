"""The page of a pack: who gets which part, what is kept, and what the manager writes."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from django.utils import timezone
from openpyxl import load_workbook

from registers import cycle, jobs
from registers.cycle.report import report_of
from registers.domain import canonical
from registers.domain.quarters import Quarter
from registers.exporting import tabular, workbook
from registers.exporting.pack import files, keeping, sources
from registers.exporting.pack.facts import ALL, EXEMPT, PUBLIC
from registers.models import Edition, Job, PackFile, PackText, StoredFile, User
from tests.support.pages import markup, words

pytestmark = [pytest.mark.django_db, pytest.mark.walks]

PACK = "/registers/corporate/2026-27-q2/pack/"
DRAFT = "/registers/corporate/2026-27-q3/pack/"
REPORT = f"{PACK}report/"
SECRET = b"Fallow Hill"


def as_(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


def read(client: Client, address: str) -> str:
    return words(markup(client.get(address)))


def test_a_member_finds_the_public_part_and_no_word_of_another(demo: None) -> None:
    page = read(as_("councillor"), PACK)
    assert "The public part" in page and "Part II" not in page and "Write the report" not in page


def test_who_is_cleared_finds_all_parts(demo: None) -> None:
    page = read(as_("councillor-cleared"), PACK)
    assert "The public part" in page and "Part II: the exempt entries" in page
    assert "Both parts in one" in page


def test_a_part_for_the_cleared_is_nowhere_for_anybody_else(demo: None) -> None:
    for part in ("exempt", "all"):
        address = f"{PACK}json/?part={part}"
        assert as_("councillor").get(address).status_code == 404
        assert SECRET in as_("councillor-cleared").get(address).content
    assert as_("councillor-cleared").get(f"{PACK}json/?part=some").status_code == 404


def test_every_public_file_is_without_the_exempt_entry(demo: None) -> None:
    client = as_("councillor")
    for format in ("csv", "actions.csv", "json"):
        answer = client.get(f"{PACK}{format}/")
        assert answer.status_code == 200 and SECRET not in answer.content
        assert f'{format.split(".")[-1]}"' in answer["Content-Disposition"]
    book = load_workbook(io.BytesIO(client.get(f"{PACK}xlsx/").content))
    cells = [str(cell.value) for page in book for row in page for cell in row]
    assert not [text for text in cells if SECRET.decode() in text or text == "CR17"]


def test_the_pack_of_a_draft_is_for_who_reads_all_drafts(demo: None) -> None:
    for name, status in (("councillor", 404), ("owner", 404), ("auditor", 200), ("manager", 200)):
        assert as_(name).get(DRAFT).status_code == status, name


def test_heat_map_register_and_quarter_lead_to_the_pack(demo: None) -> None:
    client = as_("manager")
    for address in (PACK.replace("pack/", ""), PACK.replace("pack/", "table/")):
        assert f'href="{PACK}"' in markup(client.get(address))
    assert f'href="{DRAFT}"' in markup(client.get("/cycle/corporate/2026-27-q3/"))
    assert f'href="{DRAFT}"' not in markup(as_("owner").get(DRAFT.replace("pack/", "")))


# The files ----------------------------------------------------------------------------------------


def test_the_workbook_has_entries_actions_the_heat_map_and_what_it_is_about(demo: None) -> None:
    book = load_workbook(io.BytesIO(as_("manager").get(f"{PACK}xlsx/?part=all").content))
    assert book.sheetnames == ["Entries", "Actions", "Heat map", "About"]
    entries, actions, grid, about = book
    heads = [cell.value for cell in entries[1]]
    first = dict(zip(heads, [cell.value for cell in entries[2]], strict=True))
    assert (first["Impact"], first["Likelihood"], first["Score"]) == (5, 4, 20)
    assert isinstance(first["Residual by"], datetime) and first["Kind"] == "Risk"
    assert first["Above appetite since"] and "Residual" in first["Flags"]
    assert entries.freeze_panes == "B2" and entries.auto_filter.ref
    assert {"Lead", "Due", "First due", "Times put off"} <= {cell.value for cell in actions[1]}
    assert any("20: CR1" in str(cell.value) for row in grid for cell in row)
    said = {row[0].value: row[1].value for row in about}
    digest = Edition.objects.get(quarter=Quarter(2026, 2)).publications.get().digest
    assert said["Digest of the publication"] == digest


def test_the_files_of_entries_and_of_actions_have_a_row_for_each(demo: None) -> None:
    client = as_("manager")
    edition = Edition.objects.get(quarter=Quarter(2026, 2))
    entries = rows(client.get(f"{PACK}csv/?part=all"))
    assert len(entries) == edition.snapshots.count()
    actions = rows(client.get(f"{PACK}actions.csv/?part=all"))
    assert len(actions) == sum(one.actions.count() for one in edition.snapshots.all())


def test_the_csv_says_what_the_sheet_of_entries_says_and_reads_no_text(
    demo: None, django_assert_max_num_queries
) -> None:
    edition = Edition.objects.select_related("register").get(quarter=Quarter(2026, 2))
    for part in (PUBLIC, EXEMPT, ALL):
        with django_assert_max_num_queries(12) as asked:
            brief = tabular.as_csv(workbook.entries(sources.brief(edition, part)))
        assert not [one for one in asked if "consequences" in one["sql"]]
        assert brief == tabular.as_csv(workbook.entries(sources.told(edition, part)))


def rows(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_whole_document_is_the_one_that_was_published_byte_for_byte(demo: None) -> None:
    publication = Edition.objects.get(quarter=Quarter(2026, 2)).publications.get()
    whole = as_("manager").get(f"{PACK}json/?part=all").content.decode()
    assert canonical.digest(whole) == publication.digest
    public = json.loads(as_("councillor").get(f"{PACK}json/").content)
    assert len(public["entries"]) == len(json.loads(whole)["entries"]) - 1
    assert public["quarter"] == "2026-27-q2" and public["published_at"]


def test_a_public_document_does_not_tell_how_many_entries_are_left_out_or_where(
    demo: None,
) -> None:
    places = {}
    for part in ("public", "exempt", "all"):
        found = json.loads(as_("manager").get(f"{PACK}json/?part={part}").content)["entries"]
        places[part] = [one["order"] for one in found]
    assert places["public"] == list(range(1, len(places["all"])))
    assert places["exempt"] == [1]


def test_the_digest_of_the_whole_is_not_in_a_public_part_that_leaves_something_out(
    demo: None,
) -> None:
    told = {
        address: [row[0].value for row in load_workbook(io.BytesIO(answer.content)).worksheets[3]]
        for address in (PACK, PACK.replace("2026-27-q2", "2024-25-q3"))
        if (answer := as_("councillor").get(f"{address}xlsx/")).status_code == 200
    }
    assert ["Digest of the publication" in heads for heads in told.values()] == [False, True]


def test_the_document_of_a_draft_names_no_day_of_publication(demo: None) -> None:
    draft = json.loads(as_("manager").get(f"{DRAFT}json/").content)
    assert draft["published_at"] == "" and draft["entries"]


def test_a_file_is_made_once_for_everybody_who_may_have_it(demo: None) -> None:
    first = as_("councillor").get(f"{PACK}pdf/").content
    with patch.object(keeping, "make", side_effect=AssertionError("made anew")):
        assert as_("auditor").get(f"{PACK}pdf/").content == first
    assert PackFile.objects.count() == 1
    assert as_("councillor").get(f"{PACK}pdf/?since=2025-26-q1").content != first


def test_of_a_draft_nothing_is_kept(demo: None) -> None:
    assert as_("manager").get(f"{DRAFT}csv/").status_code == 200
    assert not PackFile.objects.exists()


def test_a_large_register_s_file_is_made_by_a_worker_and_is_there_later(demo: None) -> None:
    client = as_("councillor")
    with patch.object(keeping, "AT_ONCE", 5):
        assert "Make Word" in read(client, PACK)
        assert client.get(f"{PACK}docx/").status_code == 302
        assert client.post(f"{PACK}docx/").url == PACK
        as_("auditor").post(f"{PACK}docx/")
        assert Job.objects.count() == 1
        assert "Word is being made." in read(client, PACK)
        assert jobs.run_next().state == Job.State.DONE
        assert "Make Word" not in read(client, PACK)
        made = client.get(f"{PACK}docx/")
    assert made.status_code == 200 and made.content.startswith(b"PK")


def test_whether_a_worker_makes_a_part_is_told_by_its_own_entries(demo: None) -> None:
    """Otherwise a button would tell that there is something which the reader may not see."""
    public = len(rows(as_("councillor").get(f"{PACK}csv/")))
    with patch.object(keeping, "AT_ONCE", public):
        assert "Make Word" not in read(as_("councillor"), PACK)
        assert as_("councillor").get(f"{PACK}actions.csv/").status_code == 200
        assert "Make Word" in read(as_("manager"), PACK)
        assert as_("manager").get(f"{PACK}actions.csv/?part=exempt").status_code == 200
        assert as_("manager").get(f"{PACK}actions.csv/?part=all").status_code == 302


def test_a_pdf_of_more_entries_than_memory_allows_is_refused_in_words(demo: None) -> None:
    client = as_("councillor")
    with patch.object(files, "MOST_IN_A_PDF", 5):
        assert client.get(f"{PACK}docx/").status_code == 200
        draft = as_("manager").get(f"{DRAFT}pdf/", follow=True)
        assert "A PDF can be made of up to 5 entries" in words(markup(draft))
        with patch.object(keeping, "AT_ONCE", 5):
            client.post(f"{PACK}pdf/")
            assert jobs.run_next().state == Job.State.FAILED
            assert "Take it as Word" in read(client, PACK)


# The report ---------------------------------------------------------------------------------------


def version(client: Client) -> str:
    return client.get(REPORT).context["form"]["version"].value()


def test_what_the_manager_writes_stands_in_the_report_and_on_record(demo: None) -> None:
    client = as_("manager")
    said = {"purpose": "To tell members of the flood.", "implications": "• None\n• Yet"}
    answer = client.post(REPORT, {**said, "version": version(client)})
    assert answer.status_code == 302
    page = read(as_("councillor"), PACK)
    assert "To tell members of the flood." in page and "by Tessa Marlow" in page
    [line] = PackText.history.filter(name="purpose")
    assert str(line.history_user) == "Tessa Marlow"
    assert report_of(Edition.objects.get(quarter=Quarter(2026, 2))) == said


def test_a_changed_report_makes_another_file(demo: None) -> None:
    manager, member = as_("manager"), as_("councillor")
    before = member.get(f"{PACK}docx/").content
    manager.post(REPORT, {"purpose": "Another", "version": version(manager)})
    assert member.get(f"{PACK}docx/").content != before


def test_the_second_of_two_who_write_at_once_is_told_and_keeps_their_text(demo: None) -> None:
    client = as_("manager")
    old = version(client)
    client.post(REPORT, {"purpose": "The first", "version": old})
    answer = client.post(REPORT, {"purpose": "The second", "version": old})
    assert answer.status_code == 409
    page = words(markup(answer))
    assert "saved this report while you were working on it" in page
    assert "What stands now: “The first”" in page and "The second" in page
    again = answer.context["form"]["version"].value()
    client.post(REPORT, {"purpose": "The second", "version": again})
    assert PackText.objects.get(name="purpose").text == "The second"


def test_only_the_manager_writes_the_report(demo: None) -> None:
    for name in ("councillor", "owner", "auditor"):
        assert as_(name).get(REPORT).status_code == 404
        assert as_(name).post(REPORT, {"purpose": "Mine"}).status_code == 404


def test_what_is_written_for_a_correction_is_not_in_the_pack_of_the_issue_before(
    demo: None,
) -> None:
    client, edition = as_("manager"), Edition.objects.get(quarter=Quarter(2026, 2))
    client.post(REPORT, {"purpose": "As sent", "background": "Both", "version": version(client)})
    cycle.reissue(edition, by=User.objects.get(username="manager"), reason="A slip.")
    now = {"purpose": "Of the correction", "background": "Both", "version": version(client)}
    assert client.post(REPORT, now).status_code == 302
    assert "Of the correction" in read(client, PACK)
    first = read(as_("councillor"), f"{PACK}?issue=1")
    assert "As sent" in first and "Both" in first and "Of the correction" not in first
    edition.refresh_from_db()
    assert report_of(edition)["background"] == "Both"
    assert PackText.objects.filter(issue=2).count() == 1, "what is the same is not written again"


def test_a_paragraph_that_is_too_long_is_refused_and_not_lost(demo: None) -> None:
    client = as_("manager")
    long = "x" * 20_001
    answer = client.post(REPORT, {"purpose": long, "version": version(client)})
    assert answer.status_code == 422
    assert "at most 20,000 can be kept" in words(markup(answer)) and long in markup(answer)


def test_the_pack_page_asks_as_much_whatever_there_is(
    demo: None, django_assert_max_num_queries
) -> None:
    client = as_("manager")
    client.get(PACK)
    with django_assert_max_num_queries(20):
        client.get(PACK)


def test_kept_files_are_cleared_after_their_days_and_can_be_made_again(demo: None) -> None:
    client = as_("councillor")
    first = client.get(f"{PACK}csv/").content
    never = PackFile.objects.create(edition=Edition.objects.first(), issue=1, made_of="x")
    with override_settings(PACK_FILES_DAYS=30):
        StoredFile.objects.update(changed_at=timezone.now() - timedelta(days=29))
        call_command("remind", stdout=StringIO())
        assert PackFile.objects.exclude(pk=never.pk).count() == 1
        StoredFile.objects.update(changed_at=timezone.now() - timedelta(days=31))
        call_command("remind", stdout=StringIO())
    assert not PackFile.objects.exists() and not StoredFile.objects.exists()
    assert client.get(f"{PACK}csv/").content == first


def test_a_kept_file_of_an_edition_that_is_corrected_stays_with_its_issue(demo: None) -> None:
    member, manager = as_("councillor"), User.objects.get(username="manager")
    first = member.get(f"{PACK}csv/").content
    edition = Edition.objects.get(quarter=Quarter(2026, 2))
    cycle.reissue(edition, by=manager, reason="A slip.", now=datetime(2026, 11, 30, tzinfo=UTC))
    answer = member.get(f"{PACK}csv/")
    assert answer.status_code == 302 and answer.url == f"{PACK}csv/?issue=1"
    assert member.get(answer.url).content == first
