"""Word documents to import, made on the spot.

    WordRegister("Corporate Risk Register Q3 2018/19")
        .headings(RISK_HEADINGS)
        .row("CR1", "A title", "People", ["• one point", "◦ a sub-point"], …)
        .save(tmp_path / "register.docx")

A cell is a text, or a list of paragraphs: `• ` makes a bullet, `◦ ` one of the second level, ''
a blank line. UP merges a cell with the one above it.
"""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import Table, _Cell

RISK_HEADINGS = (
    "Risk Identification Number (RIN)",
    "Risk Description",
    "Risk Type",
    "Possible Consequences",
    "Current Controls",
    "Risk Score",
    "Mitigating Actions",
    "Residual Score",
    "Risk Owner",
    "Direction of Travel",
)
OPPORTUNITY_HEADINGS = (
    "Opportunity Identification Number",
    "Opportunity Description",
    "Opportunity Type",
    "Possible Benefits",
    "Progress to date",
    "Opportunity Score",
    "Maximising Actions",
    "Residual Opportunity Score",
    "Opportunity Owner",
    "Direction of Travel",
)
KEY_TO_SCORES = (
    ("", "CATASTROPHIC", "5", "10", "15", "20", "25"),
    ("", "MAJOR", "4", "8", "12", "16", "20"),
    ("", "MODERATE", "3", "6", "9", "12", "15"),
    ("IMPACT", "MINOR", "2", "4", "6", "8", "10"),
    ("", "INSIGNIFICANT", "1", "2", "3", "4", "5"),
    ("", "", "RARE", "UNLIKELY", "POSSIBLE", "LIKELY", "CERTAIN"),
    ("", "", "", "LIKELIHOOD", "", "", ""),
)

UP = "merged with the cell above"
CellText = str | list[str]


class WordRegister:
    """A Word document that is built row by row."""

    def __init__(self, title: str = "Corporate Risk & Opportunity Register") -> None:
        self.document: WordDocument = Document()
        if title:
            self.document.add_paragraph(title)
        self.table: Table | None = None

    def headings(self, words: tuple[str, ...] = RISK_HEADINGS) -> WordRegister:
        """A heading row in the table that is being written."""
        return self.row(*words)

    def new_table(self) -> WordRegister:
        self.table = None
        return self

    def row(self, *cells: CellText) -> WordRegister:
        if self.table is None:
            self.document.add_paragraph("")
            self.table = self.document.add_table(rows=0, cols=len(cells))
        row = self.table.add_row()
        for place, text in enumerate(cells):
            write_cell(_Cell(row._tr.tc_lst[place], self.table), text)
            if text is UP:
                merge_upwards(self.table, len(self.table.rows) - 1, place)
        return self

    def entry(self, reference: str = "CR1", title: CellText = "A risk", **cells: CellText):
        """A row with what the test names; the other cells are plain and harmless."""
        values = {
            "types": "People",
            "consequences": ["• Somebody is hurt"],
            "controls": ["• A control"],
            "score": "16",
            "actions": ["• An action"],
            "residual": "9",
            "owner": "CMT",
            "direction": "Level",
            **cells,
        }
        return self.row(reference, title, *values.values())

    def key_to_scores(self) -> WordRegister:
        self.document.add_paragraph("Key to Scores")
        self.new_table()
        for cells in KEY_TO_SCORES:
            self.row(*cells)
        return self.new_table()

    def save(self, path: Path) -> Path:
        self.document.save(str(path))
        return path


def write_cell(cell: _Cell, text: CellText) -> None:
    paragraphs = [text] if isinstance(text, str) else text
    for place, line in enumerate(paragraphs):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        if line is UP:
            continue
        if line.startswith("• "):
            paragraph.style = "List Bullet"
        elif line.startswith("◦ "):
            paragraph.style = "List Bullet 2"
        paragraph.add_run(line.removeprefix("• ").removeprefix("◦ "))


def merge_upwards(table: Table, row: int, column: int) -> None:
    above = table.rows[row - 1]._tr.tc_lst[column]
    if above.vMerge is None:
        above.get_or_add_tcPr().append(_merge("restart"))
    table.rows[row]._tr.tc_lst[column].get_or_add_tcPr().append(_merge(None))


def _merge(value: str | None):
    element = OxmlElement("w:vMerge")
    if value:
        element.set(qn("w:val"), value)
    return element
