"""A pack of our own is read by its tags; what is no such pack, or was damaged, by what is seen."""

from __future__ import annotations

import io
from pathlib import Path

import pdfplumber
import pikepdf
import pytest

from registers.domain.passages import Point
from registers.exporting.pack import pdf
from registers.exporting.pack.blocks import Cell, Column, Pack, Table
from registers.importing.documents import Document
from registers.importing.documents import Table as ReadTable
from registers.importing.readers import pdf_tags
from registers.importing.readers.files import open_document
from registers.importing.readers.packs import register_of
from tests.exporting.packs import MADE_AT

# A point of the second level first, lines among bullets, and what no line has room for.
SAID = (
    Point("Second first", 1),
    Point("Then a first", 0),
    Point("with a third below it", 2),
    Point("A line within", 1, plain=True),
    Point("A line that stands by itself", 0, plain=True),
    Point("Head of Asset Management/ Head of multi-agency safeguarding " * 4, 0),
    Point("Unbreakable" * 30, 0),
)


@pytest.fixture(scope="module")
def made() -> bytes:
    columns = [Column("Ref"), Column("Risk description"), Column("Risk owner")]
    row = [Cell(), Cell(SAID), Cell((Point("CMT", plain=True),))]
    table = Table("The register", columns, [row] * 12)
    return pdf.write(
        Pack("Corporate register, Q2 2026/27", "Ashmoor", [], "", "", [table]), MADE_AT
    )


def test_points_come_back_with_their_levels_and_no_cell_is_lost_or_cut(
    made: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "pack.pdf"
    path.write_bytes(made)
    document = open_document(path)
    [table] = document.tables
    assert document.title == "Corporate register, Q2 2026/27"
    said = tuple(Point(" ".join(p.text.split()), p.level, p.plain) for p in SAID)
    for row in table.rows[1:]:
        assert [cell.cell.points for cell in row.cells] == [(), said, (Point("CMT", plain=True),)]
    assert len(table.rows) == 13


@pytest.mark.parametrize("damage", ["no tree", "a loop", "another program"])
def test_what_is_not_tagged_as_ours_is_read_by_what_is_seen(
    damage: str, made: bytes, tmp_path: Path
) -> None:
    with pikepdf.open(io.BytesIO(made)) as document:
        if damage == "no tree":
            document.Root.StructTreeRoot.K = pikepdf.Array([1, pikepdf.Dictionary(S=5)])
        elif damage == "a loop":
            root = document.Root.StructTreeRoot
            root.K[0].K = pikepdf.Array([root.K[0], root.K[0]])
        else:
            with document.open_metadata() as told:
                told["xmp:CreatorTool"] = "Another"
            document.docinfo["/Creator"] = "Another"
        path = tmp_path / "pack.pdf"
        document.save(path)
    with pdfplumber.open(path) as opened:
        if pdf_tags.is_ours(opened):
            with pytest.raises(pdf_tags.NotTagged):
                pdf_tags.tables(opened)
    assert open_document(path).tables[0].rows[0].cells[1].cell.line == "Risk description"


def test_of_a_whole_pack_the_tables_of_its_appendix_alone_are_the_register() -> None:
    def table(number: int, *above: str) -> ReadTable:
        return ReadTable(number, (), above)

    pack = (
        table(1, "Changes since Q1 2026/27"),
        table(2, "Scores side by side"),
        table(3, "Appendix A: the register", "Risks"),
        table(4, "Opportunities"),
        table(5, "Appendix B: the actions"),
        table(6, "Key to scores"),
    )
    found = register_of(Document("A pack", pack)).tables
    assert [(one.number, one.above) for one in found] == [(1, ("Risks",)), (2, ("Opportunities",))]
    other = Document("Another document", pack[:2])
    assert register_of(other) is other
