"""Blocks → WordprocessingML. Written as text: a table of thousands is quick so, and light."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZipFile

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import serialize_for_reading
from docx.shared import Emu

from registers.domain.passages import Point
from registers.exporting.pack.blocks import (
    Block,
    Cell,
    Heading,
    Pack,
    Paragraph,
    Picture,
    Points,
    Table,
)
from registers.exporting.pack.pdf import picture
from registers.exporting.pack.word import styles
from registers.exporting.tabular import BANDS

# What XML can't hold.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NAMESPACES = nsdecls("w", "wp", "a", "pic", "r")
TWIPS = 635  # EMU in a twip


def write(pack: Pack, made_at: datetime) -> bytes:
    """The pack as a .docx."""
    document = Document()
    styles.dress(document, pack.paper)
    _properties(document, pack, made_at)
    _edges(document, pack)
    edges = serialize_for_reading(document.element.body[-1])
    text = "".join(_Setting(document).all(pack))
    out = io.BytesIO()
    document.save(out)
    body = f"{_HEAD}<w:document {_NAMESPACES}><w:body>{text}{edges}</w:body></w:document>"
    return _with_body(out, body.encode())


_HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
_BODY = "word/document.xml"


def _with_body(saved: io.BytesIO, body: bytes) -> bytes:
    """A saved document with another body. As a tree of elements that of thousands of entries takes
    half a gigabyte, so it is only looked through: what is no XML never leaves.
    """
    expat.ParserCreate(namespace_separator=" ").Parse(body, True)
    out = io.BytesIO()
    with ZipFile(saved) as before, ZipFile(out, "w") as after:
        for part in before.infolist():
            after.writestr(part, body if part.filename == _BODY else before.read(part))
    return out.getvalue()


def _properties(document: WordDocument, pack: Pack, made_at: datetime) -> None:
    said = document.core_properties
    said.title, said.author, said.language = pack.title, pack.council, styles.LANGUAGE
    said.comments, said.subject, said.last_modified_by = "", pack.foot, pack.council
    said.created = said.modified = made_at.astimezone(UTC).replace(tzinfo=None)


def _edges(document: WordDocument, pack: Pack) -> None:
    """The head and the foot of each page."""
    section = document.sections[0]
    across = section.page_width - section.left_margin - section.right_margin
    right, middle = across // TWIPS, across // TWIPS // 2
    tabs = (
        '<w:tabs><w:tab w:val="clear" w:pos="4320"/><w:tab w:val="clear" w:pos="8640"/>'
        f'<w:tab w:val="center" w:pos="{middle}"/><w:tab w:val="right" w:pos="{right}"/></w:tabs>'
    )
    head = f"{_run(pack.council)}{_TAB}{_run(pack.mark, strong=True)}{_TAB}{_run(pack.foot)}"
    foot = f"{_TAB}{_TAB}{_run('Page ')}{_field('PAGE')}{_run(' of ')}{_field('NUMPAGES')}"
    for edge, style, said in ((section.header, "Header", head), (section.footer, "Footer", foot)):
        paragraph = parse_xml(
            f'<w:p {_NAMESPACES}><w:pPr><w:pStyle w:val="{style}"/>{tabs}</w:pPr>{said}</w:p>'
        )
        edge.is_linked_to_previous = False
        old = edge.paragraphs[0]._p
        old.addprevious(paragraph)
        old.getparent().remove(old)


_TAB = "<w:r><w:tab/></w:r>"


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr="{name}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def _text(text: str) -> str:
    return escape(_CONTROL.sub("", text))


def _run(text: str, *, strong: bool = False, colour: str = "") -> str:
    look = "<w:b/>" * strong + (f'<w:color w:val="{colour}"/>' if colour else "")
    look = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{_text(text)}</w:t></w:r>'


def _paragraph(runs: str, style: str = "", more: str = "") -> str:
    said = f'<w:pStyle w:val="{style}"/>' if style else ""
    look = f"<w:pPr>{said}{more}</w:pPr>" if said or more else ""
    return f"<w:p>{look}{runs}</w:p>"


def _numbered(level: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{styles.BULLETS}"/></w:numPr>'


class _Setting:
    """One pack being set into one document."""

    def __init__(self, document: WordDocument) -> None:
        self.document, self.pictures = document, 0
        section = document.sections[0]
        self.across = section.page_width - section.left_margin - section.right_margin
        self.down = section.page_height - section.top_margin - section.bottom_margin

    def all(self, pack: Pack) -> Iterator[str]:
        yield _paragraph(_run(pack.title), "Title")
        for line in pack.under:
            yield _paragraph(_run(line))
        for block in pack.blocks:
            yield from self._block(block)

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading():
                breaks = "<w:pageBreakBefore/>" * block.new_page
                yield _paragraph(_run(block.text), f"Heading{block.level}", breaks)
            case Paragraph():
                yield _paragraph(_run(block.text), styles.QUIET if block.quiet else "")
            case Points():
                yield from (_point(point, "ListBullet") for point in block.points)
            case Picture():
                yield self._picture(block)
            case Table():
                yield from self._table(block)

    def _picture(self, block: Picture) -> str:
        relation, image = self.document.part.get_or_add_image(io.BytesIO(picture(block.svg)))
        wide = int(self.across * block.width)
        high = wide * image.px_height // image.px_width
        most = int(self.down * 0.84)
        if high > most:
            wide, high = wide * most // high, most
        self.pictures += 1
        return _paragraph(
            _drawing(relation, self.pictures, block.words, Emu(wide), Emu(high)),
        )

    def _table(self, block: Table) -> Iterator[str]:
        total = sum(column.share for column in block.columns)
        widths = [int(self.across / TWIPS * column.share / total) for column in block.columns]
        centred = [column.centred for column in block.columns]
        yield (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{styles.TABLE}"/>'
            f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            '<w:tblLook w:val="04A0" w:firstRow="1" w:lastRow="0" '
            f'w:firstColumn="{int(block.first)}" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
            f"<w:tblCaption w:val={quoteattr(_CONTROL.sub('', block.summary))}/>"
            f"<w:tblDescription w:val={quoteattr(_CONTROL.sub('', block.summary))}/></w:tblPr>"
            f"<w:tblGrid>{''.join(f'<w:gridCol w:w={quoteattr(str(w))}/>' for w in widths)}"
            "</w:tblGrid>"
        )
        headings = (
            _cell(Cell((Point(column.label, plain=True),), strong=True), width, middle, "FFFFFF")
            for column, width, middle in zip(block.columns, widths, centred, strict=True)
        )
        yield _row(headings, "<w:cantSplit/><w:tblHeader/>")
        for row in block.rows:
            cells = zip(row, widths, centred, strict=True)
            yield _row((_cell(*cell) for cell in cells), "<w:cantSplit/>")
        # Two tables must not touch, or Word makes them one.
        yield "</w:tbl>"
        yield _paragraph("", styles.QUIET)


def _row(cells: Iterable[str], look: str) -> str:
    return f"<w:tr><w:trPr>{look}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(cell: Cell, width: int, middle: bool, ink: str = "") -> str:
    """A cell of the table; with `ink` one of its headings, white on dark in any program."""
    colours = BANDS.get(cell.band)
    more = '<w:jc w:val="center"/>' * middle
    if colours:
        more = f'<w:shd w:val="clear" w:color="auto" w:fill="{colours[0]}"/>' + more
    said = [
        _point(
            point,
            styles.CELL,
            more,
            strong=cell.strong or bool(colours) or (cell.titled and not number),
            colour=colours[1] if colours else ink,
        )
        for number, point in enumerate(cell.points)
    ]
    text = "".join(said) or _paragraph("", styles.CELL)
    dark = f'<w:shd w:val="clear" w:color="auto" w:fill="{styles.HEAD}"/>' if ink else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{dark}</w:tcPr>{text}</w:tc>'


def _point(point: Point, style: str, more: str = "", **look) -> str:
    """A bullet of our list; or a plain line, as far in as the bullets it stands among."""
    if not point.plain:
        return _paragraph(_run(point.text, **look), style, _numbered(point.level) + more)
    shade, centre = more.partition("<w:jc")[0], "".join(more.partition("<w:jc")[1:])
    inwards = f'<w:ind w:left="{styles.indent(point.level)}"/>' if point.level else ""
    return _paragraph(_run(point.text, **look), style, shade + inwards + centre)


def _drawing(relation: str, number: int, words: str, wide: int, high: int) -> str:
    said = quoteattr(_CONTROL.sub("", words))
    return (
        '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{wide}" cy="{high}"/>'
        f'<wp:docPr id="{number}" name="Heat map {number}" descr={said}/>'
        "<a:graphic><a:graphicData "
        'uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="Heat map {number}" descr={said}/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>"
        f'<a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>'
        "</a:graphic></wp:inline></w:drawing></w:r>"
    )
