"""Files that are broken or that mean harm, for every reader: refused in a sentence, or read.

Each case changes a good file at random: bytes, or the markup inside the archive. `FUZZ=2000` in the
environment runs as many cases for each reader; a few run always.
"""

from __future__ import annotations

import os
import random
import time
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from registers.importing.as_read import Vocabulary
from registers.importing.printed import UnreadableFile
from registers.importing.readers.files import read_register
from registers.importing.reading import read_edition
from tests.importing.documents import WordRegister
from tests.importing.pdfs import Pdf

CASES = int(os.environ.get("FUZZ", "25"))
SECONDS = 10
HEADINGS = ["Ref", "Risk", "Impact", "Likelihood", "Score", "Actions", "Due date", "Owner", "Trend"]
ROWS = [
    [
        "CR1",
        "Savings are not made",
        "4",
        "3",
        "12",
        "• Act\n• Act again",
        "1 May 2024",
        "CMT",
        "Up",
    ],
    ["CR2", "Data is lost", "5", "4", "20", "Test it", "30/06/2024", "Head of Tax", "↔"],
]
ODD = (
    b"\x00", b"\x1b", b"\xff", "\u202e".encode(), "\u200b".encode(), b"&l9;", b"<!ENTITY x 'y'>",
    b"]]>", b"=1+1", b"<w:tbl><w:tr><w:tc>", b"</w:tc>", b"9" * 400, b"A" * 70000, b"<c r='ZZZ9'/>",
    b"w:gridSpan w:val='99999999'", b"-1", b"1e309", b"<mergeCell ref='A1:XFD1048576'/>", b"%PDF-",
)  # fmt: skip


def word(path: Path) -> Path:
    document = WordRegister().headings().entry("CR1").entry("CR2", "Another")
    return document.save(path / "good.docx")


def workbook(path: Path) -> Path:
    book = Workbook()
    for row in (HEADINGS, *ROWS):
        book.active.append(row)
    book.active.merge_cells("A6:B6")
    book.save(path / "good.xlsx")
    return path / "good.xlsx"


def text(path: Path) -> Path:
    lines = [",".join(f'"{cell}"' for cell in row) for row in (HEADINGS, *ROWS)]
    (path / "good.csv").write_text("\r\n".join(lines), encoding="utf-8")
    return path / "good.csv"


def page(path: Path) -> Path:
    rows = "".join(
        "<tr>" + "".join(f"<td rowspan=1 colspan=1>{cell}</td>" for cell in row) + "</tr>"
        for row in (HEADINGS, *ROWS)
    )
    (path / "good.html").write_text(f"<html><table>{rows}</table></html>", encoding="utf-8")
    return path / "good.html"


def pdf(path: Path) -> Path:
    rows = [[cell.replace("↔", "Level") for cell in row] for row in (HEADINGS, *ROWS)]
    return Pdf().table(30, 40, [40, 150, *[60] * 7], rows).save(path / "good.pdf")


def damaged(content: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, taken out, said again, or odd ones put in."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(changed))
        length = chance.randrange(1, 60)
        match chance.randrange(5):
            case 0:
                changed[place] = chance.randrange(256)
            case 1:
                del changed[place : place + length]
            case 2:
                changed[place:place] = changed[place : place + length] * chance.randint(1, 30)
            case 3:
                changed[place:place] = chance.choice(ODD)
            case _:
                changed = changed[: max(place, 1)]
        if not changed:
            return b" "
    return bytes(changed)


def damaged_archive(content: bytes, chance: random.Random) -> bytes:
    """The same inside one of the parts, in an archive that is whole."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source:
        names = source.namelist()
        main = [n for n in names if n.endswith(("document.xml", "sheet1.xml", "styles.xml"))]
        chosen = chance.choice(main if chance.random() < 0.7 else names)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for name in names:
                part = source.read(name)
                new.writestr(name, damaged(part, chance) if name == chosen and part else part)
    return out.getvalue()


@pytest.mark.parametrize("make", [word, workbook, text, page, pdf], ids=lambda make: make.__name__)
def test_no_damage_breaks_a_reader(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    good = make(tmp_path)
    content = good.read_bytes()
    assert len(read_register(good).entries) == 2
    bad = good.with_name(f"bad{good.suffix}")
    # A PDF is slow to read.
    for seed in range(CASES if make is not pdf else CASES // 3):
        chance = random.Random(seed)
        inside = content.startswith(b"PK") and chance.random() < 0.8
        bad.write_bytes((damaged_archive if inside else damaged)(content, chance))
        started = time.monotonic()
        try:
            read_edition(read_register(bad), Vocabulary())
        except UnreadableFile as error:
            assert str(error).endswith(".")
        except Exception as error:
            raise AssertionError(f"seed {seed} breaks the reader: {error!r}") from error
        assert time.monotonic() - started < SECONDS, f"seed {seed} takes too long"


def test_ten_thousand_rows_are_read_in_time(tmp_path: Path) -> None:
    rows = [[f"CR{n % 9999 + 1}", f"Risk number {n}", *ROWS[0][2:5], "Act", "", "CMT", "Up"]
            for n in range(10_000)]  # fmt: skip
    path = tmp_path / "long.csv"
    path.write_text("\n".join(",".join(row) for row in (HEADINGS, *rows)), encoding="utf-8")
    started = time.process_time()
    assert len(read_register(path).entries) == 10_000
    assert time.process_time() - started < SECONDS
