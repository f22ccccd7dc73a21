"""Five real editions of a real register, compared with their transcription cell by cell.

The only test that reads files outside the repository: `../shared/editions`, which holds each
edition as a Word document and, beside it, the same text as JSON. Where that folder is missing
this file is left out (see conftest.py).

Run with `-s` to see the figures.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from registers.domain import scale
from registers.domain.flags import flags_of_all
from registers.domain.passages import PLAIN, Passage, Point, parse
from registers.domain.quarters import Quarter
from registers.importing.cells import canonical_reference
from registers.importing.matching import Appearance, KnownEntry, RowToMatch, Text, match_rows
from registers.importing.printed import EntryAsPrinted
from registers.importing.readers.files import read_register
from registers.models import Edition, Owner, Snapshot
from registers.reading import entries
from tests import factories
from tests.importing.editions import EDITIONS

SLUGS = ("2016-17-q3", "2018-19-q1", "2018-19-q2", "2018-19-q3", "2019-20-q3")
POINTS = ("consequences", "controls", "actions")
SECONDS_FOR_ALL = 3


def transcription(slug: str) -> dict[str, Any]:
    return json.loads((EDITIONS / f"{slug}.json").read_text(encoding="utf-8"))


@dataclass
class Comparison:
    """Counts cells that are equal, and keeps those that are not."""

    equal: int = 0
    different: list[str] | None = None

    def __post_init__(self) -> None:
        self.different = []

    def add(self, where: str, got: object, expected: object) -> None:
        if got == expected:
            self.equal += 1
        else:
            self.different.append(f"{where}: {got!r} instead of {expected!r}")

    def result(self, what: str) -> None:
        total = self.equal + len(self.different)
        print(f"\n{what}: {self.equal} of {total} cells equal")
        assert not self.different, "\n".join(self.different)


def as_points(passage: Iterable[Point]) -> list[dict[str, Any]]:
    """A passage in the form of the transcription."""
    return [
        {"level": p.level, "text": p.text, **({"plain": True} if p.plain else {})} for p in passage
    ]


# As printed ---------------------------------------------------------------------------------------


def test_every_printed_cell_is_read_as_it_is_transcribed() -> None:
    comparison = Comparison()
    for slug in SLUGS:
        expected, edition = transcription(slug), read_register(EDITIONS / f"{slug}.docx")
        comparison.add(f"{slug} title", edition.title, expected["title"])
        comparison.add(f"{slug} entries", len(edition.entries), len(expected["entries"]))
        comparison.add(f"{slug} problems", edition.problems, ())
        for kind, words in expected["headings"].items():
            comparison.add(f"{slug} headings", list(edition.headings[kind].values()), words)
        for entry, wanted in zip(edition.entries, expected["entries"], strict=True):
            _compare_printed(comparison, f"{slug} {wanted['reference']}", entry, wanted)
    comparison.result("As printed")


def test_a_real_edition_asks_nothing() -> None:
    for slug in SLUGS:
        assert read_register(EDITIONS / f"{slug}.docx").questions == ()


def _compare_printed(
    comparison: Comparison, where: str, entry: EntryAsPrinted, wanted: dict[str, Any]
) -> None:
    printed = wanted.get("reference_printed", wanted["reference"])
    comparison.add(f"{where} reference", entry.reference, printed)
    comparison.add(f"{where} kind", entry.kind, wanted["kind"])
    lines = [*entry.lines, *(strand.line for strand in entry.strands)]
    comparison.add(f"{where} description", lines, wanted["description"])
    types = "\n".join(text for part in entry.parts() for text in part.types.texts)
    comparison.add(f"{where} types", types, wanted["types"])
    for column in POINTS:
        comparison.add(f"{where} {column}", as_points(entry.points(column)), wanted[column])
    comparison.add(f"{where} score", entry.score, wanted["score"])
    comparison.add(f"{where} residual", entry.residual, wanted["residual"])
    comparison.add(f"{where} owner", entry.owner.line, wanted["owner"])
    direction = entry.points("direction")
    comparison.add(f"{where} direction", [p.text for p in direction], wanted["direction"])
    bullets = [place for place, point in enumerate(direction) if not point.plain]
    comparison.add(f"{where} bullets", bullets, wanted.get("direction_bullets", []))
    if entry.strands:
        comparison.add(f"{where} strands", list(_segments(entry)), list(_wanted_segments(wanted)))


def _segments(entry: EntryAsPrinted) -> Iterator[dict[str, int]]:
    """How many points of each column belong to the whole and to each strand."""
    for part in entry.parts():
        yield {column: len(getattr(part, column).points) for column in (*POINTS, "direction")}


def _wanted_segments(wanted: dict[str, Any]) -> Iterator[dict[str, int]]:
    """The transcription counts by table row: a first row of two lines is whole and strand 1."""
    first, *others = [
        {column: segment.get(column, 0) for column in (*POINTS, "direction")}
        for segment in wanted["segments"]
    ]
    if wanted["segments"][0]["description"] == 2:
        whole = {**dict.fromkeys(first, 0), "direction": first["direction"]}
        yield whole
        yield {**first, "direction": 0}
    else:
        yield first
    yield from others


# As loaded ----------------------------------------------------------------------------------------


Plans = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def loaded(common_ground) -> Iterator[Plans]:
    """All five imported and published, in order, with nobody deciding anything; their plans."""
    with common_ground(_load_all) as loaded:
        yield loaded


def _load_all() -> Plans:
    return {slug: _load(slug) for slug in SLUGS}


def _load(slug: str) -> dict[str, Any]:
    out = StringIO()
    call_command(
        "import_edition",
        str(EDITIONS / f"{slug}.docx"),
        register="corporate",
        edition=slug,
        create_register="Corporate",
        publish=True,
        json=True,
        stdout=out,
    )
    return json.loads(out.getvalue())


def of_edition(slug: str) -> list[Snapshot]:
    edition = Edition.objects.get(quarter=Quarter.parse(slug))
    return list(edition.snapshots.with_content().as_printed())


def reference_in(slug: str, reference: str) -> Snapshot:
    return Snapshot.objects.get(edition__quarter=Quarter.parse(slug), reference=reference)


@pytest.mark.django_db
def test_every_loaded_cell_says_what_is_transcribed(loaded: Plans) -> None:
    comparison = Comparison()
    for slug in SLUGS:
        snapshots, expected = of_edition(slug), transcription(slug)
        comparison.add(f"{slug} entries", len(snapshots), len(expected["entries"]))
        for snapshot, wanted in zip(snapshots, expected["entries"], strict=True):
            _compare_loaded(comparison, slug, snapshot, wanted)
    comparison.result("As loaded")


def _compare_loaded(
    comparison: Comparison, slug: str, snapshot: Snapshot, wanted: dict[str, Any]
) -> None:
    where = f"{slug} {wanted['reference']}"
    strands = list(snapshot.strands.all())
    comparison.add(f"{where} reference", snapshot.reference, wanted["reference"])
    comparison.add(f"{where} kind", snapshot.entry.kind, wanted["kind"])
    lines = [
        snapshot.title,
        *(point.text for point in parse(snapshot.description)),
        *(strand.title for strand in strands),
    ]
    unnumbered = [re.sub(r"^\d+\. ", "", line) for line in wanted["description"]]
    comparison.add(f"{where} description", lines, unnumbered)
    types = {type_.name for type_ in snapshot.types.all()}
    comparison.add(f"{where} types", types, _wanted_types(wanted["types"]))
    for column in ("consequences", "controls"):
        loaded_points = [
            *parse(getattr(snapshot, column)),
            *(point for strand in strands for point in parse(getattr(strand, column))),
        ]
        comparison.add(f"{where} {column}", as_points(loaded_points), wanted[column])
    comparison.add(
        f"{where} actions",
        as_points(factories.content(snapshot).printed_actions()),
        wanted["actions"],
    )
    for column, score, position in (
        ("score", snapshot.score, snapshot.position),
        ("residual", snapshot.residual_score, snapshot.residual_position),
    ):
        wanted_score, wanted_position = _wanted_score(wanted[column])
        comparison.add(f"{where} {column}", score, wanted_score)
        cell = (position.impact, position.likelihood) if position else None
        comparison.add(f"{where} position of {column}", cell, wanted_position)
    comparison.add(f"{where} owner as printed", snapshot.owner_text, wanted["owner"])
    owner = snapshot.owner.name if snapshot.owner else None
    comparison.add(f"{where} owner", owner, OWNERS.get(wanted["owner"], wanted["owner"] or None))
    stated = DIRECTIONS.get((slug, wanted["reference"]), "")
    comparison.add(f"{where} direction", snapshot.direction, stated)
    printed = [point.text for point in parse(snapshot.printed["direction"], unmarked=PLAIN)]
    comparison.add(f"{where} direction as printed", printed, wanted["direction"])
    _nothing_is_lost_from_the_direction(comparison, where, snapshot, wanted["direction"])
    for column in ("score", "residual", "owner"):
        comparison.add(f"{where} {column} kept", snapshot.printed[column], wanted[column])


def _nothing_is_lost_from_the_direction(
    comparison: Comparison, where: str, snapshot: Snapshot, printed: list[str]
) -> None:
    """What the direction does not say is commentary, of the whole or of a strand."""
    commentary: Passage = (
        *parse(snapshot.commentary, unmarked=PLAIN),
        *(
            point
            for strand in snapshot.strands.all()
            for point in parse(strand.commentary, unmarked=PLAIN)
        ),
    )
    prose = [text.lstrip("↑↓ ") for text in printed if len(text.split()) > 2 or text in LONE_PROSE]
    comparison.add(f"{where} commentary", [point.text for point in commentary], prose)


LONE_PROSE = {"managed", "March 2020"}

KNOWN_TYPES = {
    "finance": "Financial",
    **{
        name.casefold(): name
        for name in (
            "Service delivery",
            "Development & regeneration",
            "Economic",
            "Political",
            "Social",
            "Legal",
            "Organisational",
            "Reputational",
            "Environmental",
            "Financial",
            "People",
        )
    },
}


def _wanted_types(printed: str) -> set[str]:
    pattern = "|".join(sorted(map(re.escape, KNOWN_TYPES), key=len, reverse=True))
    return {KNOWN_TYPES[word] for word in re.findall(pattern, printed.casefold())}


def _wanted_score(printed: str) -> tuple[int | None, tuple[int, int] | None]:
    """By the key to scores alone: the label's cell, or the one cell that has the number."""
    impacts = {
        word.casefold(): level
        for words in scale.IMPACT_WORDS.values()
        for level, word in enumerate(words, 1)
    }
    likelihoods = {word.casefold(): level for level, word in enumerate(scale.LIKELIHOOD_WORDS, 1)}
    words = re.findall(r"[a-z]+", printed.casefold())
    if words:
        cell = impacts[words[0]], likelihoods[words[1]]
        return cell[0] * cell[1], cell
    if not printed:
        return None, None
    cells = [(i, j) for i in range(1, 6) for j in range(1, 6) if i * j == int(printed)]
    return int(printed), cells[0] if len(cells) == 1 else None


# Where the owner is not simply the printed name. None: several, a sentence, or nearly a known post.
OWNERS: dict[str, str | None] = {
    "Overall Risk Owner is CMT however there is a lead officer for each work stream": None,
    "Overall Risk Owner is Corporate Management Team (CMT) however there is a lead officer for "
    "each work stream": None,
    "Head of Asset Management/ Head of facilities Management": None,
    "Director of Children Services": None,
    "of Children's Services": None,
    "Dir of Corporate Service": None,
    "Executive Director for Adult Services and Health & Wellbeing": None,
    "Executive Director of Adult Services & Health & Wellbeing": None,
    "Dir of Corporate Services": "Director of Corporate Services",
    "Exec Director Growth, Transport and community services": (
        "Executive Director Growth, Transport and community services"
    ),
    "Exec Director of Adult, Health and Wellbeing Services": (
        "Executive Director of Adult, Health and Wellbeing Services"
    ),
    "Exec Director Growth, Environment & Transport": (
        "Executive Director Growth, Environment & Transport"
    ),
}

# Every direction that is stated; all others are not stated.
DIRECTIONS = {
    **{
        ("2016-17-q3", reference): "level"
        for reference in ("CR2", "CR4", "CR12", "CR16", "CR25", "CR26", "CO4")
    },
    **{("2016-17-q3", reference): "up" for reference in ("CR20", "CO1", "CO2", "CO3")},
    **{("2016-17-q3", reference): "down" for reference in ("CR21", "CR24")},
    **{
        ("2018-19-q1", reference): "level"
        for reference in ("CR5", "CR7", "CR9", "CR10", "CR11", "CO1")
    },
    ("2018-19-q1", "CO2"): "up",
    **{("2018-19-q2", reference): "level" for reference in ("CR7", "CR9", "CR10", "CR11", "CO1")},
    ("2018-19-q2", "CR12"): "down",
    **{("2019-20-q3", reference): "level" for reference in ("CR5", "CR6", "CR8", "CR10", "CO4")},
}


@pytest.mark.django_db
def test_every_owner_is_made_once(loaded: Plans) -> None:
    names = list(Owner.objects.values_list("name", flat=True))
    assert len(names) == 22
    assert {"CMT", "MT"} == set(Owner.objects.filter(is_body=True).values_list("name", flat=True))


# In a process of its own: what watches a test run (coverage) is not part of the import.
TIMED = """
import io, sys, time
import django
django.setup()
from django.core.management import call_command
import registers.management.commands.import_edition

clock, processor = time.perf_counter(), time.process_time()
for path in sys.argv[1:]:
    slug = path.rsplit("/", 1)[-1].removesuffix(".docx")
    call_command("import_edition", path, register="timed", edition=slug,
                 create_register="Timed", publish=True, stdout=io.StringIO())
print(time.perf_counter() - clock, time.process_time() - processor)
"""


def test_the_five_together_take_less_than_three_seconds(database_url: str) -> None:
    """By the processor, so that a busy machine does not fail it; the clock is printed."""
    timed = subprocess.run(
        [sys.executable, "-c", TIMED, *(str(EDITIONS / f"{slug}.docx") for slug in SLUGS)],
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("COV")},
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DEBUG": "1",
        },
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert timed.returncode == 0, timed.stderr
    clock, processor = map(float, timed.stdout.split())
    print(
        f"\nFive editions read, matched, loaded and published in {clock:.2f} s "
        f"({processor:.2f} s of the processor)"
    )
    assert processor < SECONDS_FOR_ALL


# Across renumberings ------------------------------------------------------------------------------

# One line per entry that stands in more than one edition: its references in the five.
CHAINS = """
    CR5  CR2  CR2  CR2  CR2     protect and safeguard children
    CR6  CR3  CR3  CR3  CR3     statutory duties to children
    CR7  CR4  CR4  CR4  CR5     recruit and retain
    CR12 CR5  CR5  CR5  CR6     management information
    CR25 CR8  CR8  CR8  CR9     special educational needs
    -    CR1  CR1  CR1  -       the operational plan
    -    CR6  CR6  CR6  CR7     core systems
    -    CR7  CR7  CR7  CR8     major projects
    -    CR9  CR9  -    -       discharge of patients
    -    CR10 CR10 -    -       adult social care provision
    -    CR11 CR11 CR11 CR10    troubled families
    -    -    -    CR13 CR4     increase in demand
    -    -    -    CR14 CR12    intermediate care
    -    CO1  CO1  CO1  CO1     growth and prosperity
    -    CO2  CO2  CO2  CO2     apprenticeship levy
    -    CO3  CO3  CO3  -       recruitment practices
"""


def wanted_chains() -> set[frozenset[tuple[str, str]]]:
    chains = [line.split()[: len(SLUGS)] for line in CHAINS.strip().splitlines()]
    return {
        frozenset((slug, ref) for slug, ref in zip(SLUGS, chain, strict=True) if ref != "-")
        for chain in chains
    }


@pytest.mark.django_db
def test_entries_are_followed_through_every_renumbering(loaded: Plans) -> None:
    chains: dict[int, set[tuple[str, str]]] = {}
    for entry_id, quarter, reference in Snapshot.objects.values_list(
        "entry_id", "edition__quarter", "reference"
    ):
        chains.setdefault(entry_id, set()).add((quarter.slug, reference))
    assert {frozenset(chain) for chain in chains.values() if len(chain) > 1} == wanted_chains()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("2018-19-q3", "CR4"), ("2019-20-q3", "CR4")),  # recruitment, then demand
        (("2018-19-q3", "CR11"), ("2019-20-q3", "CR11")),  # troubled families, then ICT
        (("2016-17-q3", "CR1"), ("2018-19-q1", "CR1")),
        (("2018-19-q3", "CO3"), ("2019-20-q3", "CO3")),
        (("2018-19-q1", "CR1"), ("2018-19-q1", "CO1")),  # the same title, another kind
    ],
)
def test_the_same_number_or_title_is_not_the_same_entry(
    loaded: Plans, one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert reference_in(*one).entry_id != reference_in(*other).entry_id


def rows_of(slug: str) -> list[RowToMatch]:
    return [
        RowToMatch(
            entry.kind,
            Text(
                canonical_reference(entry.reference) or "",
                entry.lines,
                tuple(point.text for point in entry.points("consequences")),
                tuple(point.text for point in entry.points("actions")),
            ),
        )
        for entry in read_register(EDITIONS / f"{slug}.docx").entries
    ]


@pytest.mark.parametrize(
    "order",
    [(4, 3, 2, 1, 0), (2, 0, 4, 1, 3), (3, 1, 4, 2, 0), (1, 4, 0, 3, 2)],
    ids=lambda order: "-".join(map(str, order)),
)
def test_the_chains_are_the_same_in_another_order_of_import(order: tuple[int, ...]) -> None:
    known: dict[int, KnownEntry] = {}
    for slug in (SLUGS[place] for place in order):
        quarter, rows = Quarter.parse(slug), rows_of(slug)
        matches = match_rows(rows, list(known.values()), quarter)
        for row in rows:
            entry_id = matches[row.text.reference].entry_id or len(known) + 1
            before = known[entry_id].appearances if entry_id in known else ()
            known[entry_id] = KnownEntry(
                entry_id, row.kind, (*before, Appearance(quarter, row.text))
            )
    chains = [
        frozenset((a.quarter.slug, a.text.reference) for a in entry.appearances)
        for entry in known.values()
    ]
    assert {chain for chain in chains if len(chain) > 1} == wanted_chains()


def test_doubtful_rows_are_listed_with_their_candidates(loaded: Plans) -> None:
    doubtful = {
        (slug, entry["reference"]): [
            (candidate["edition"], candidate["reference"])
            for candidate in entry["match"]["candidates"]
        ]
        for slug, plan in loaded.items()
        for entry in plan["entries"]
        if entry["match"]["outcome"] == "doubtful"
    }
    assert doubtful == {
        ("2018-19-q1", "CR11"): [("2016-17-q3", "CR24")],
        ("2018-19-q1", "CO1"): [("2016-17-q3", "CO2")],
        ("2019-20-q3", "CR1"): [("2018-19-q3", "CR1")],
    }


def test_what_an_import_can_not_settle_is_put_to_a_person(loaded: Plans) -> None:
    problems = {
        (slug, problem["reference"], problem["column"]): problem
        for slug, plan in loaded.items()
        for problem in plan["problems"]
    }
    for problem in problems.values():
        assert problem["row"] and problem["read"] and problem["message"]
    assert set(problems) == {
        ("2016-17-q3", "CR15", "Direction of Travel"),
        ("2016-17-q3", "CR16", "Risk Owner"),
        ("2018-19-q1", "CR1", "Risk Owner"),
        ("2018-19-q2", "CR1", "Risk Owner"),
        ("2018-19-q2", "CR2", "Risk Owner"),
        ("2018-19-q2", "CR2", "Direction of Travel"),  # "managed"
        ("2018-19-q2", "CR8", "Risk Owner"),
        ("2018-19-q2", "CO2", "Opportunity Owner"),
        ("2018-19-q3", "CR1", "Risk Owner"),
        ("2018-19-q3", "CR14", "Risk Owner"),
        ("2019-20-q3", "CR1", "Risk Owner"),
        ("2019-20-q3", "CR12", "Risk Owner"),
        ("2019-20-q3", "CO3", "Direction of Travel"),  # "March 2020"
        ("2019-20-q3", "CR11", "Direction of Travel"),
        ("2019-20-q3", "CO4", "Opportunity Owner"),
    }


@pytest.mark.django_db
def test_loading_all_five_again_changes_nothing(loaded: Plans) -> None:
    before = list(Snapshot.objects.order_by("pk").values())
    for slug in SLUGS:
        assert {entry["outcome"] for entry in _load(slug)["entries"]} == {"already there"}
    assert list(Snapshot.objects.order_by("pk").values()) == before


# The same editions as PDF -------------------------------------------------------------------------

ENOUGH = 0.98
SINGLE = ("reference", "kind", "score", "residual", "owner")


def test_the_pdf_of_an_edition_says_what_its_word_document_says() -> None:
    """Field by field; of texts, point by point. Run with `-s` to see the figures."""
    equal: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for slug in SLUGS:
        word, pdf = (read_register(EDITIONS / f"{slug}.{kind}") for kind in ("docx", "pdf"))
        assert pdf.questions == pdf.problems == ()
        others = {entry.reference: entry for entry in pdf.entries}
        assert list(others) == [entry.reference for entry in word.entries]
        for entry in word.entries:
            for field, one, two in _fields_of(entry, others[entry.reference]):
                total[field] += sum(one.values())
                equal[field] += sum((one & two).values())
    for field, count in total.items():
        print(f"{field:>14}: {equal[field]} of {count} ({equal[field] / count:.1%})")
        assert equal[field] >= ENOUGH * count, field


def _fields_of(
    entry: EntryAsPrinted, other: EntryAsPrinted
) -> Iterator[tuple[str, Counter[str], Counter[str]]]:
    for field in SINGLE:
        one, two = (e.owner.line if field == "owner" else getattr(e, field) for e in (entry, other))
        yield field, Counter([one]), Counter([two])
    yield "description", Counter([" ".join(entry.lines)]), Counter([" ".join(other.lines)])
    for column in (*POINTS, "direction"):
        yield (
            column,
            Counter(point.text for point in entry.points(column)),
            Counter(point.text for point in other.points(column)),
        )


# What is worth asking -----------------------------------------------------------------------------


def expected_flags() -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
    """What a reader found, by edition, number and kind; and what no question proves yet."""
    text = (Path(__file__).parent / "flags_expected.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    missed = {tuple(line[2:].split()[:3]) for line in lines if line.startswith("- ")}
    return {tuple(line.split()[:3]) for line in lines if not line.startswith("- ")}, missed


def flags_found() -> set[tuple[str, ...]]:
    """Every flag but those of a missing square, which 32 entries have and nobody can answer."""
    manager = factories.cast().manager
    found = set()
    for edition in Edition.objects.oldest_first():
        ids = edition.snapshots.values_list("entry", flat=True)
        paths = entries.paths(manager, edition, list(ids))
        for entry, flags in flags_of_all(paths).items():
            reference = paths[entry].latest.reference
            found |= {(edition.quarter.slug, reference, flag.code) for flag in flags}
    return {one for one in found if one[2] != "no-position"}


@pytest.mark.django_db
def test_flags_of_the_real_editions_are_those_that_a_reader_found(loaded: Plans) -> None:
    wanted, missed = expected_flags()
    found = flags_found()
    precision = len(found & wanted) / len(found)
    recall = len(found & wanted) / len(wanted | missed)
    print(f"\nFlags: {len(found & wanted)} true of {len(found)} found ({precision:.2f}); ", end="")
    print(f"{recall:.2f} of the {len(wanted | missed)} that a reader found")
    assert sorted(wanted - found) == []
    assert sorted(found - wanted) == []
    assert len(found & wanted) >= 40
