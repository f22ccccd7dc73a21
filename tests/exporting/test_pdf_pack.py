"""The pack as PDF: what PDF/UA asks for and a program can see. Typst refuses to write the rest.

Not seen here: whether the order of reading makes sense and whether the words for a picture are
good. Those a person has to judge.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator

import pdfplumber
import pikepdf
import pytest

from registers.exporting.pack import pdf
from registers.exporting.pack.blocks import A3
from registers.exporting.pack.composing import compose
from tests.exporting.packs import MADE_AT, NOW, content, told


@pytest.fixture(scope="module")
def made() -> bytes:
    return pdf.write(compose(told(terms=NOW._replace(published=False))), MADE_AT)


@pytest.fixture(scope="module")
def opened(made: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(made))


def tags(element: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """Every element of the tree of tags."""
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from tags(kid)


def test_it_says_that_it_is_pdf_ua_with_title_language_and_tags(opened: pikepdf.Pdf) -> None:
    with opened.open_metadata() as said:
        assert said["pdfuaid:part"] == "1"
        assert said["dc:title"] == "Corporate register, Q2 2026/27"
    assert str(opened.Root.Lang) == "en-GB"
    assert opened.Root.MarkInfo.Marked
    assert opened.Root.ViewerPreferences.DisplayDocTitle


def test_tables_have_headings_lists_are_lists_and_pictures_are_told(opened: pikepdf.Pdf) -> None:
    found = list(tags(opened.Root.StructTreeRoot))
    counts = Counter(str(tag.S) for tag in found)
    assert counts["/Table"] and counts["/TH"] and counts["/TD"] and counts["/L"] and counts["/LI"]
    assert counts["/H1"] + counts["/H2"]
    pictures = [tag for tag in found if str(tag.S) == "/Figure"]
    assert len(pictures) == 4
    assert all(len(str(tag.Alt)) > 40 for tag in pictures)


def test_a_drawing_stands_at_once_below_its_heading(made: bytes) -> None:
    with pdfplumber.open(io.BytesIO(made)) as document:
        words = [page.extract_words() for page in document.pages]
    [page] = [found for found in words if "residual" in [w["text"] for w in found[:12]]]
    heading = next(w for w in page if w["text"] == "residual")
    drawing = next(w for w in page if w["text"] == "Impact")
    assert drawing["top"] - heading["bottom"] < 20


def test_each_part_has_a_bookmark(opened: pikepdf.Pdf) -> None:
    with opened.open_outline() as outline:
        named = [item.title for item in outline.root]
    assert {"Covering report", "Heat maps", "Appendix A: the register"} <= set(named)


def test_every_font_is_embedded(opened: pikepdf.Pdf) -> None:
    fonts = [one for one in opened.objects if _is_font(one)]
    assert fonts
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(one.keys()) for one in fonts)


def _is_font(one: pikepdf.Object) -> bool:
    return isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"


def test_each_page_is_marked_and_numbered_and_no_text_is_smaller_than_nine_points(
    made: bytes,
) -> None:
    with pdfplumber.open(io.BytesIO(made)) as document:
        pages = len(document.pages)
        for number, page in enumerate(document.pages, 1):
            text = page.extract_text()
            assert "DRAFT" in text and f"Page {number} of {pages}" in text
            assert page.width > page.height
            # The matrix of a drawing scales its text; what is seen is its height.
            assert min(c["size"] for c in page.chars) >= 8.95


def test_a3_is_there_on_request() -> None:
    made = pdf.write(compose(told(), A3), MADE_AT)
    with pdfplumber.open(io.BytesIO(made)) as document:
        assert round(document.pages[0].width / 72 * 25.4) == 420


def test_a_sign_that_no_font_has_is_shown_as_a_box_and_the_rest_stays() -> None:
    odd = content(1, "CR1", (4, 5), title='Roads 😀 and "中文" #bridges[x] \\ \uf0b7 ŵ ε')
    made = pdf.write(compose(told(odd)), MADE_AT)
    with pdfplumber.open(io.BytesIO(made)) as document:
        text = "".join(page.extract_text() for page in document.pages)
    assert "□" in text and "#bridges[x]" in text and "ŵ" in text


def test_the_same_pack_is_the_same_file() -> None:
    pack = compose(told())
    assert pdf.write(pack, MADE_AT) == pdf.write(pack, MADE_AT)


def test_a_drawing_becomes_a_picture_of_screen_quality() -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50"></svg>'
    made = pdf.picture(drawing)
    assert made.startswith(b"\x89PNG")
    assert int.from_bytes(made[16:20], "big") > 200
