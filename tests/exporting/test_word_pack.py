"""The pack in Word, by the rules of Word's own accessibility checker: a test for each."""

from __future__ import annotations

import io
import re
from itertools import pairwise
from zipfile import ZipFile

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from registers.exporting.pack import word
from registers.exporting.pack.composing import compose
from registers.exporting.tabular import BANDS
from tests.exporting.packs import MADE_AT, NOW, content, told


@pytest.fixture(scope="module")
def made() -> bytes:
    return word.write(compose(told(terms=NOW._replace(published=False))), MADE_AT)


@pytest.fixture(scope="module")
def document(made: bytes) -> WordDocument:
    return Document(io.BytesIO(made))


def test_the_document_has_a_title_an_author_and_a_language(document: WordDocument) -> None:
    properties = document.core_properties
    assert properties.title == "Corporate register, Q2 2026/27"
    assert properties.author == "Ashmoor County Council"
    assert properties.language == "en-GB"
    languages = {lang.get(qn("w:val")) for lang in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}


def test_each_picture_is_told_in_words_and_stands_in_the_text(document: WordDocument) -> None:
    pictures = list(document.element.body.iter(qn("wp:docPr")))
    assert len(pictures) == 4
    assert all(len(picture.get("descr")) > 40 for picture in pictures)
    assert not list(document.element.body.iter(qn("wp:anchor")))


def test_each_table_names_its_heading_row_and_what_it_holds(document: WordDocument) -> None:
    assert document.tables
    for table in document.tables:
        first, *others = table.rows
        assert first._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:tblHeader")) is None for row in others)
        properties = table._tbl.tblPr
        assert properties.find(qn("w:tblDescription")).get(qn("w:val"))
        assert properties.find(qn("w:tblLook")).get(qn("w:firstRow")) == "1"


def test_no_table_has_merged_split_or_nested_cells(document: WordDocument) -> None:
    body = document.element.body
    assert not list(body.iter(qn("w:vMerge"), qn("w:gridSpan")))
    for table in document.tables:
        assert {len(row.cells) for row in table.rows} == {len(table.columns)}
        assert not list(table._tbl.iterchildren(qn("w:tbl")))


def test_no_row_is_cut_by_a_page_where_it_can_be_helped(document: WordDocument) -> None:
    for table in document.tables:
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_headings_are_styles_and_no_level_is_left_out(document: WordDocument) -> None:
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    levels = [int(name[-1]) for name in styles if name.startswith("Heading")]
    assert styles[0] == "Title" and levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_lists_are_lists_and_no_bullet_is_typed(document: WordDocument) -> None:
    body = document.element.body
    assert {n.get(qn("w:val")) for n in body.iter(qn("w:ilvl"))} == {"0", "1"}
    texts = [text.text or "" for text in body.iter(qn("w:t"))]
    assert not [text for text in texts if re.match(r"^\s*[•◦▪–-]\s", text)]


def test_nothing_is_spaced_with_blank_paragraphs(document: WordDocument) -> None:
    blank = [not p.text.strip() and not p._p.xpath(".//w:drawing") for p in document.paragraphs]
    assert not any(one and other for one, other in pairwise(blank))


def test_text_in_a_band_can_be_read_on_it() -> None:
    for back, ink in BANDS.values():
        assert _contrast(back, ink) >= 4.5, (back, ink)


def _contrast(one: str, other: str) -> float:
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_no_text_is_smaller_than_nine_points(made: bytes) -> None:
    with ZipFile(io.BytesIO(made)) as parts:
        text = parts.read("word/document.xml").decode()
    assert "w:sz " not in text, "sizes are those of the styles"
    document = Document(io.BytesIO(made))
    used = {p.style.name for p in document.paragraphs} | {
        p.style.name for t in document.tables for row in t.rows for c in row.cells
        for p in c.paragraphs
    }  # fmt: skip
    sizes = {document.styles[name].font.size for name in used}
    assert min(size.pt for size in sizes if size) >= 9


def test_draft_stands_at_the_head_of_each_page_and_the_number_at_its_foot(
    document: WordDocument,
) -> None:
    [section] = document.sections
    assert "DRAFT" in section.header.paragraphs[0].text
    fields = [f.get(qn("w:instr")) for f in section.footer._element.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert section.page_width > section.page_height


def test_signs_that_no_document_can_hold_are_left_out() -> None:
    odd = content(1, "CR1", (4, 5), title="Roads \x0b\x07& <bridges> \ufffe😀")
    made = word.write(compose(told(odd)), MADE_AT)
    text = "".join(t.text or "" for t in Document(io.BytesIO(made)).element.body.iter(qn("w:t")))
    assert "& <bridges> 😀" in text
