"""The feed for reporting tools: by token, what a person's pages show, and nothing else."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator, FormatChecker

from registers.domain.quarters import Quarter
from registers.exporting.feed.facts import KINDS
from registers.models import Edition, User
from tests.support import hostile
from tests.support.feed import (
    ACTIONS,
    API,
    EDITIONS,
    ENTRIES,
    PEOPLE,
    REGISTERS,
    SECRET,
    refusal,
    rows,
    token_of,
    tool_of,
    with_token,
)

pytestmark = pytest.mark.django_db

# What it says -------------------------------------------------------------------------------------


def check(name: str) -> Draft202012Validator:
    said = {"$ref": f"#/components/schemas/{name}", "components": API["components"]}
    return Draft202012Validator(said, format_checker=FormatChecker())


def test_every_answer_to_everybody_is_as_the_published_description_says(demo: None) -> None:
    for name in PEOPLE:
        client = tool_of(name)
        for kind, address in (("Register", REGISTERS), ("Edition", EDITIONS)):
            check(f"{kind}List").validate(client.get(address).json())
        for kind, address in (("Entry", ENTRIES), ("Action", ACTIONS)):
            check(f"{kind}List").validate(client.get(f"{address}?per_page=25&page=2").json())
    for address in (f"{ENTRIES}?edition=2026-27-q3", f"{ENTRIES}?edition=2024-25-q3"):
        check("EntryList").validate(client.get(address).json())
    check("Error").validate(Client().get(ENTRIES).json())


def test_the_description_names_every_address_and_every_property_in_order() -> None:
    routes = (re.sub(r"<slug:(\w+)>", r"{\1}", route) for route in hostile.addresses())
    feed = {route for route in routes if route.startswith("/api/")} - {"/api/openapi.json"}
    assert set(API["paths"]) == feed
    for kind, facts in KINDS.items():
        name = API["components"]["schemas"][f"{_one(kind)}List"]["properties"][kind]["items"]
        described = API["components"]["schemas"][name["$ref"].rpartition("/")[2]]["properties"]
        assert list(described) == [fact.name for fact in facts]
    Draft202012Validator.check_schema(API["components"]["schemas"]["Entry"])
    assert Client().get("/api/openapi.json").json() == API


def _one(kind: str) -> str:
    return {"entries": "Entry"}.get(kind, kind[:-1].capitalize())


def test_csv_has_the_columns_and_the_values_of_json(demo: None) -> None:
    client = tool_of("manager")
    for address in (REGISTERS, EDITIONS, ENTRIES, ACTIONS):
        told = rows(client, address)
        content = client.get(address.replace(".json", ".csv")).content.decode("utf-8-sig")
        read = list(csv.DictReader(io.StringIO(content, newline="")))
        assert len(read) == len(told) > 0
        assert read[0] == {name: _as_csv(value) for name, value in told[0].items()}


def _as_csv(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)


def test_all_pages_together_hold_each_entry_once_and_the_last_has_no_next(demo: None) -> None:
    client, address, found, pages = tool_of("auditor"), f"{ENTRIES}?per_page=17", [], 0
    whole = rows(client, ENTRIES)
    while address:
        answer = client.get(address)
        said = answer.json()
        found, pages = found + said["entries"], pages + 1
        assert ('rel="next"' in answer.headers.get("Link", "")) == bool(said["next"])
        address = said["next"]
    assert found == whole and pages == said["pages"] and len(whole) == said["entries_in_all"]
    for wrong in ("page=0", "page=x", "per_page=2001", "edition=soon"):
        assert refusal(client, f"{ENTRIES}?{wrong}", 400)
    assert "There is no page 99" in refusal(client, f"{ENTRIES}?page=99", 404)


def test_the_number_of_queries_depends_on_no_number_of_rows_or_editions(demo: None) -> None:
    client = tool_of("auditor")

    def queries(address: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address).status_code == 200
        return len([one for one in asked if "registers_limit" not in one["sql"]])

    queries(ENTRIES)  # notes that the token was used
    assert queries(f"{ENTRIES}?per_page=1") == queries(ENTRIES) <= 16
    assert queries(EDITIONS) <= 10


def test_exempt_entries_are_for_those_who_find_them_on_a_page(demo: None) -> None:
    for name in PEOPLE:
        client = tool_of(name)
        everything = b"".join(client.get(one).content for one in (ENTRIES, ACTIONS, EDITIONS))
        assert (SECRET.encode() in everything) == (name not in ("councillor", "owner")), name


def test_a_draft_is_for_who_reads_drafts_and_asks_for_its_quarter(demo: None) -> None:
    draft = f"{ENTRIES}?edition=2026-27-q3"
    assert not [row for row in rows(tool_of("manager"), ENTRIES) if row["state"] != "published"]
    for name, status in (("councillor", 404), ("auditor", 200)):
        assert tool_of(name).get(draft).status_code == status
    person = User.objects.get(username="owner")
    owned = person.access.posts
    mine = rows(with_token(token_of(person, "Mine")), draft)
    held = Edition.objects.get(quarter=Quarter(2026, 3)).snapshots.filter(owner__in=owned)
    assert {row["reference"] for row in mine} == set(held.values_list("reference", flat=True))
    assert len({row["edition"] for row in rows(tool_of("councillor"), EDITIONS)}) == 8
