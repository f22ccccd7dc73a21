"""The published schema of an edition against what is exported: neither says more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from registers.domain.canonical import FORMAT
from registers.exporting.documents import as_json
from registers.exporting.pack.facts import ALL, PUBLIC
from registers.models import Edition, Publication

pytestmark = pytest.mark.django_db

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schema" / "edition.json").read_text())
CHECK = Draft202012Validator(SCHEMA, format_checker=FormatChecker())


def test_the_schema_is_one_and_of_the_present_format() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["format"]["const"] == FORMAT


def test_every_published_document_and_every_draft_is_as_the_schema_says(demo: None) -> None:
    for publication in Publication.objects.all():
        CHECK.validate(json.loads(publication.document))
    for edition in Edition.objects.select_related("register"):
        entries = set(edition.snapshots.values_list("entry", flat=True))
        for part in (ALL, PUBLIC):
            CHECK.validate(json.loads(as_json(edition, part, entries)))


def test_what_is_missing_or_added_is_no_document(demo: None) -> None:
    said = json.loads(Publication.objects.first().document)
    for wrong in ({**said, "more": 1}, {k: v for k, v in said.items() if k != "bands"}):
        assert not CHECK.is_valid(wrong)
