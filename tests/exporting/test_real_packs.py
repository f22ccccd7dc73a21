"""Packs of five real editions: Appendix A comes back as it was printed. Run where they lie."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from registers.domain.quarters import Quarter
from registers.exporting.pack.blocks import A3
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


def test_all_five_are_the_same_in_word(loaded: None, tmp_path: Path) -> None:
    editions = Edition.objects.select_related("register").oldest_first()
    assert [line for one in editions for line in differences(one, "docx", tmp_path)] == []


def test_one_is_the_same_in_pdf(loaded: None, tmp_path: Path) -> None:
    """On A3, as it was. What a page cuts in two, or a bullet of the second level with none of the
    first in its cell, can't be told from a PDF.
    """
    one = Edition.objects.select_related("register").get(quarter=Quarter.parse("2018-19-q3"))
    assert differences(one, "pdf", tmp_path, paper=A3) == []
