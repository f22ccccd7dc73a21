"""Packs of five real editions: the register comes back as it was printed. Run where they lie."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from registers.models import Edition
from tests.exporting.round_trip import differences
from tests.importing.editions import EDITIONS

SLUGS = ("2016-17-q3", "2018-19-q1", "2018-19-q2", "2018-19-q3", "2019-20-q3")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not EDITIONS.is_dir(), reason="the real editions are not here"),
]


@pytest.fixture(scope="module")
def loaded(common_ground) -> Iterator[None]:
    def load() -> None:
        for slug in SLUGS:
            call_command(
                "import_edition",
                str(EDITIONS / f"{slug}.docx"),
                register="corporate",
                edition=slug,
                create_register="Corporate",
                publish=True,
                stdout=StringIO(),
            )

    with common_ground(load):
        yield


@pytest.mark.parametrize("format", ["docx", "pdf"])
def test_the_register_in_a_whole_pack_of_each_of_the_five_is_the_same(
    format: str, loaded: None, tmp_path: Path
) -> None:
    """Page breaks, long words, points of the second level that come first and all."""
    editions = Edition.objects.select_related("register").oldest_first()
    assert [line for one in editions for line in differences(one, format, tmp_path)] == []
