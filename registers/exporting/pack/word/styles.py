"""How the Word document looks: its styles, its one list, its page. Nothing here knows the pack."""

from __future__ import annotations

from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor, Twips

from registers.exporting.pack.blocks import A3

FONT = "Arial"
INK, SOFT, HEAD, RULE = "14232A", "43535B", "12343C", "8A9699"
LANGUAGE = "en-GB"
# Names of styles, as Word shows them, and their ids, as the text names them.
TABLE, CELL, QUIET = "RegisterTable", "TableText", "Quiet"
BULLETS = 90  # the number of our list
SIZES = {"Title": 24, "Heading 1": 18, "Heading 2": 13, "Normal": 10, "Header": 9, "Footer": 9}


def dress(document: WordDocument, paper: str) -> None:
    """Give a new document our page, styles and list."""
    _page(document, paper)
    for name, size in SIZES.items():
        for each in (name, f"{name} Char"):
            if each in document.styles:
                _set(document, each, size)
    _normal(document)
    _paragraph_style(document, "Table Text", 9, after=1)
    _paragraph_style(document, QUIET, 9, after=6).font.color.rgb = RGBColor.from_string(SOFT)
    document.styles.element.append(parse_xml(_TABLE_STYLE))
    _list(document)
    _language(document)


def _page(document: WordDocument, paper: str) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = (
        (Mm(420), Mm(297)) if paper == A3 else (Mm(297), Mm(210))
    )
    section.left_margin = section.right_margin = Mm(12)
    section.top_margin, section.bottom_margin = Mm(18), Mm(15)
    section.header_distance = section.footer_distance = Mm(8)


def _set(document: WordDocument, name: str, size: float) -> None:
    style = document.styles[name]
    style.font.name, style.font.size = FONT, Pt(size)
    style.font.color.rgb = RGBColor.from_string(SOFT if size == 9 else INK)
    for attribute in ("themeColor", "themeShade", "themeTint"):
        style.element.rPr.color.attrib.pop(qn(f"w:{attribute}"), None)
    _in_our_type(style.element.rPr.rFonts)
    if name in ("Title", "Heading 1", "Heading 2"):
        style.font.bold = True
        style.paragraph_format.space_after = Pt(6)
        style.paragraph_format.keep_with_next = True
    if name == "Title" and (border := style.element.pPr.find(qn("w:pBdr"))) is not None:
        style.element.pPr.remove(border)


def _in_our_type(fonts) -> None:
    """Name the type itself, where the template names a theme."""
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{kind}"), FONT)


def _normal(document: WordDocument) -> None:
    style = document.styles["Normal"]
    style.paragraph_format.space_after = Pt(6)
    style.paragraph_format.line_spacing = 1.08


def _paragraph_style(document: WordDocument, name: str, size: float, *, after: float):
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    style.font.size = Pt(size)
    style.paragraph_format.space_after = Pt(after)
    style.paragraph_format.line_spacing = 1
    return style


def _language(document: WordDocument) -> None:
    """What holds where no style says otherwise: our language, and our type."""
    for run in document.styles.element.iter(qn("w:rPrDefault")):
        for fonts in run.iter(qn("w:rFonts")):
            _in_our_type(fonts)
        found = run.find(f".//{qn('w:lang')}")
        if found is None:
            found = OxmlElement("w:lang")
            run.find(qn("w:rPr")).append(found)
        for kind in ("val", "eastAsia"):
            found.set(qn(f"w:{kind}"), LANGUAGE)


_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{RULE}"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_TABLE_STYLE = (
    f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{TABLE}">'
    '<w:name w:val="Register table"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/>'
    f"<w:tblPr><w:tblBorders>{_BORDERS}</w:tblBorders><w:tblCellMar>"
    '<w:top w:w="40" w:type="dxa"/><w:left w:w="60" w:type="dxa"/>'
    '<w:bottom w:w="40" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:color w:val="FFFFFF"/></w:rPr>'
    f'<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{HEAD}"/><w:vAlign w:val="bottom"/>'
    "</w:tcPr></w:tblStylePr></w:style>"
)


def indent(level: int) -> int:
    """Where the text of a bullet of a level begins, in twips."""
    return 150 + 170 * level


def _list(document: WordDocument) -> None:
    """One list of nine levels; python-docx's own have one each."""
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="bullet"/>'
        f'<w:lvlText w:val="{"–" if level % 2 else "•"}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{indent(level)}" w:hanging="150"/></w:pPr>'
        f'<w:rPr><w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}"/></w:rPr></w:lvl>'
        for level in range(9)
    )
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{BULLETS}">'
        f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
    )
    for level, name in enumerate(("List Bullet", "List Bullet 2", "List Bullet 3")):
        _bullet(document, name, level)
    # Word wants what is abstract before what is not.
    first = numbering.find(qn("w:num"))
    if first is None:
        numbering.append(abstract)
    else:
        first.addprevious(abstract)
    numbering.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="{BULLETS}">'
            f'<w:abstractNumId w:val="{BULLETS}"/></w:num>'
        )
    )


def _bullet(document: WordDocument, name: str, level: int) -> None:
    """Let one of Word's own styles of bullets stand where those of our list do."""
    properties = document.styles[name].element.get_or_add_pPr()
    for old in list(properties):
        if old.tag in (qn("w:numPr"), qn("w:ind"), qn("w:contextualSpacing")):
            properties.remove(old)
    number = properties.get_or_add_numPr()
    number.get_or_add_ilvl().val = level
    number.get_or_add_numId().val = BULLETS
    document.styles[name].paragraph_format.left_indent = Twips(indent(level))
    document.styles[name].paragraph_format.first_line_indent = Twips(-150)
