"""What a reference and a cell of types mean, and what they are not taken to mean."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.importing.cells import (
    canonical_reference,
    opening_reference,
    read_types,
    type_key,
)


@pytest.mark.parametrize(
    ("printed", "reference"),
    [
        ("CR1", "CR1"),
        ("CR 13", "CR13"),
        ("cr-07", "CR7"),
        ("CR.3", "CR3"),
        ("C01", "CO1"),
        ("C010", "CO10"),
        ("CO 2", "CO2"),
        ("CR2 (cont.)", "CR2"),
        ("CR2 continued", "CR2"),
        ("CR4a", "CR4A"),
        ("SR12", "SR12"),
        ("CR12 (NEW)", "CR12"),
        ("CR12*", "CR12"),
        ("CR1 (added May 2023)", "CR1"),
        ("CR7 New", "CR7"),
        ("CR\u20111", "CR1"),
        ("CR\u200b2", "CR2"),
        ("CR1.1", "CR1.1"),
        ("A9.3", "A9.3"),
        ("CR5/6", None),
        ("CR7-9", None),
        ("CR5 & CR6", None),
        ("CR1 and 2", None),
        ("CR1 to CR3", None),
        ("CR", None),
        ("CR0", None),
        ("12", None),
        ("See below", None),
        ("", None),
    ],
)
def test_references_are_canonical(printed: str, reference: str | None) -> None:
    assert canonical_reference(printed) == reference


@given(st.text("CRO019./-&* ()", max_size=12))
def test_a_reference_is_never_glued_from_two_numbers(printed: str) -> None:
    reference = canonical_reference(printed, [])
    if reference is not None:
        numbers = re.findall(r"\d+", re.sub(r"\([^()]*\)", "", printed))
        assert re.findall(r"\d+", reference) == [str(int(n)) if i == 0 else n
                                                 for i, n in enumerate(numbers)]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "reference", "rest"),
    [
        ("C1: Savings are not made", "C1", "Savings are not made"),
        ("CR 12 – Floods", "CR 12", "Floods"),
        ("CR2. Data is lost", "CR2", "Data is lost"),
        ("Savings are not made", "", "Savings are not made"),
        ("A40 closes: traffic stops", "", "A40 closes: traffic stops"),
        ("COVID-19: demand rises", "", "COVID-19: demand rises"),
    ],
)
def test_a_reference_may_open_the_description(line: str, reference: str, rest: str) -> None:
    assert opening_reference(line) == (reference, rest)


def test_a_zero_is_a_letter_only_where_a_prefix_has_that_letter() -> None:
    assert canonical_reference("C01", prefixes=["C"]) == "C1"
    assert canonical_reference("H0P3", prefixes=["HOP"]) == "HOP3"


TYPES = {
    type_key(alias): name
    for name, aliases in {
        "Economic": [],
        "Political": [],
        "Social": [],
        "Legal": [],
        "Organisational": ["Organisation"],
        "Reputational": ["Reputation"],
        "Environmental": [],
        "Financial": ["Finance"],
        "People": [],
        "Service delivery": [],
        "Development & regeneration": ["Regeneration"],
    }.items()
    for alias in (name, *aliases)
}


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("People/Service delivery", ["People", "Service delivery"]),
        ("People/service delivery", ["People", "Service delivery"]),
        ("Development & regeneration", ["Development & regeneration"]),
        ("Development and Regeneration", ["Development & regeneration"]),
        ("Economic/ Political/Social", ["Economic", "Political", "Social"]),
        ("Economic Political", ["Economic", "Political"]),
        (
            "Political\nEconomic\nSocial",
            ["Political", "Economic", "Social"],
        ),
        ("Legal/\nPolitical", ["Legal", "Political"]),
        ("Organisational/economic /social", ["Organisational", "Economic", "Social"]),
        ("Organisatio nal", ["Organisational"]),
        ("Finance", ["Financial"]),
        ("Legal and financial", ["Legal", "Financial"]),
        ("Organisational\nOrganisational", ["Organisational"]),
        ("", []),
    ],
)
def test_types_are_split_into_the_controlled_list(printed: str, names: list[str]) -> None:
    reading = read_types(printed, TYPES)
    assert list(reading.names) == names
    assert reading.unknown == ()


def test_a_type_that_is_not_in_the_list_is_named_and_left_out() -> None:
    reading = read_types("People/Weather/Economic tides", TYPES)
    assert reading.names == ("People",)
    assert reading.unknown == ("Weather", "Economic tides")
