"""The text of a Word paragraph as a reader of the page sees it, and what else stands in it.

Nothing deleted, nothing hidden by itself or by its style, no field codes, no prompts of empty
controls; signs of symbol fonts and drawn arrows as arrows; struck-through words, pictures and
notes as remarks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from lxml import etree  # type: ignore[import-untyped]

from registers.importing.printed import NOTE, PICTURE, STRUCK, Remark
from registers.importing.readers.symbols import drawn_arrow, letters_of_font, sign_of_font

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_ANCHOR = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_VML = "{urn:schemas-microsoft-com:vml}"

# Containers that say nothing about the text in them.
TRANSPARENT = {qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:smartTag"), qn("w:ins")}
_RUNS = {qn("w:r"), qn("w:hyperlink"), qn("w:fldSimple"), qn("w:moveTo"), qn("w:dir"), qn("w:bdo")}
_BREAKS = {qn("w:br"), qn("w:cr")}
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_NOT = ("0", "false", "off", "none")
_NOTES = {
    qn("w:footnoteReference"): "footnotes",
    qn("w:endnoteReference"): "endnotes",
    qn("w:commentReference"): "comments",
}

Piece = str | Remark


class WordText:
    """Reads the text of one document: it knows the styles and the notes."""

    def __init__(self, document: WordDocument) -> None:
        self._styles = {
            style.get(qn("w:styleId")): style
            for style in document.styles.element.iter(qn("w:style"))
        }
        self._known: dict[tuple[str, str], bool] = {}
        self._notes = dict(_notes(document))

    def pieces(self, paragraph: BaseOxmlElement) -> Iterator[Piece]:
        """The text and the remarks of a paragraph, in reading order."""
        style = _value(paragraph.find(qn("w:pPr")), "w:pStyle")
        if self._style_says(style, "w:vanish"):
            return
        yield from self._inside(paragraph, struck=self._style_says(style, "w:strike"))

    def plain(self, paragraph: BaseOxmlElement) -> str:
        return "".join(piece for piece in self.pieces(paragraph) if isinstance(piece, str))

    def _inside(self, element: BaseOxmlElement, *, struck: bool) -> Iterator[Piece]:
        for child in element.iterchildren():
            if child.tag == qn("w:r"):
                yield from self._run(child, struck)
            elif child.tag == f"{_MC}AlternateContent":
                yield from self._alternatives(child, "", struck)
            elif child.tag.startswith(_MATH) if isinstance(child.tag, str) else False:
                yield "".join(text.text or "" for text in child.iter(f"{_MATH}t"))
            elif child.tag in _RUNS or (child.tag in TRANSPARENT and not is_unfilled(child)):
                yield from self._inside(child, struck=struck)

    def _run(self, run: BaseOxmlElement, struck_by_paragraph: bool) -> Iterator[Piece]:
        properties = run.find(qn("w:rPr"))
        if self._is(properties, "w:vanish") or self._is(properties, "w:webHidden"):
            return
        struck = self._is(properties, "w:strike", struck_by_paragraph) or self._is(
            properties, "w:dstrike"
        )
        font = _font(properties)
        pieces = list(self._content(run, font, struck))
        if struck:
            text = "".join(piece for piece in pieces if isinstance(piece, str))
            yield from (piece for piece in pieces if isinstance(piece, Remark))
            if text.strip():
                yield Remark(STRUCK, text)
            return
        raised = _value(properties, "w:vertAlign") == "superscript"
        for piece in pieces:
            if raised and isinstance(piece, str) and re.fullmatch(r"\s*\d+\s*", piece):
                yield piece.translate(_RAISED)
            else:
                yield piece

    def _content(self, run: BaseOxmlElement, font: str, struck: bool) -> Iterator[Piece]:
        for child in run.iterchildren():
            tag = child.tag
            if tag == qn("w:t"):
                yield from letters_of_font(font, child.text or "")
            elif tag in _BREAKS:
                yield "\n" if child.get(qn("w:type")) in (None, "textWrapping") else " "
            elif tag == qn("w:tab"):
                yield "\t"
            elif tag == qn("w:noBreakHyphen"):
                yield "-"
            elif tag == qn("w:sym"):
                yield from sign_of_font(
                    child.get(qn("w:font")) or "", child.get(qn("w:char")) or ""
                )
            elif tag == qn("w:fldChar"):
                yield _chosen(child)
            elif tag in _NOTES:
                yield Remark(NOTE, self._notes.get((_NOTES[tag], child.get(qn("w:id"), "")), ""))
            elif tag == f"{_MC}AlternateContent":
                yield from self._alternatives(child, font, struck)
            elif tag in (qn("w:drawing"), qn("w:pict"), qn("w:object")):
                yield from self._drawn(child)
            elif tag in _RUNS or tag in TRANSPARENT:
                yield from self._inside(child, struck=struck)

    def _alternatives(self, element: BaseOxmlElement, font: str, struck: bool) -> Iterator[Piece]:
        """What Word shows where it has two ways: the first that says something."""
        for choice in element.iterchildren(f"{_MC}Choice", f"{_MC}Fallback"):
            pieces = [*self._content(choice, font, struck)]
            if not pieces:
                pieces = [*self._inside(choice, struck=struck)]
            if pieces:
                yield from pieces
                return

    def _drawn(self, element: BaseOxmlElement) -> Iterator[Piece]:
        """The text of a text box, an arrow that is drawn, or a remark that there is something."""
        boxes = [
            box
            for box in element.iter(qn("w:txbxContent"))
            if not any(up.tag == f"{_MC}Fallback" for up in _ancestors(box, element))
        ]
        if boxes:
            lines = [self.plain(p) for box in boxes for p in box.iter(qn("w:p"))]
            yield "\n".join(line for line in lines if line.strip())
            return
        described = " ".join(
            filter(None, (each.get("descr") or each.get("title") for each in
                          element.iter(f"{_ANCHOR}docPr")))
        )  # fmt: skip
        arrow = drawn_arrow(element, described)
        yield arrow or Remark(PICTURE, described)

    def _is(self, properties: BaseOxmlElement | None, mark: str, otherwise: bool = False) -> bool:
        """Whether a mark is set on a run, by itself or else by its style."""
        own = properties.find(qn(mark)) if properties is not None else None
        if own is not None:
            return own.get(qn("w:val")) not in _NOT
        return self._style_says(_value(properties, "w:rStyle"), mark) or otherwise

    def _style_says(self, identity: str | None, mark: str) -> bool:
        if not identity:
            return False
        if (identity, mark) not in self._known:
            self._known[identity, mark] = self._read_style(identity, mark)
        return self._known[identity, mark]

    def _read_style(self, identity: str, mark: str) -> bool:
        seen: set[str] = set()
        while identity in self._styles and identity not in seen:
            seen.add(identity)
            properties = self._styles[identity].find(qn("w:rPr"))
            own = properties.find(qn(mark)) if properties is not None else None
            if own is not None:
                return own.get(qn("w:val")) not in _NOT
            identity = _value(self._styles[identity], "w:basedOn") or ""
        return False


def is_unfilled(control: BaseOxmlElement) -> bool:
    """A content control that nobody filled in shows a prompt, which is no text of the document."""
    properties = control.find(qn("w:sdtPr"))
    return properties is not None and _is_on(properties.find(qn("w:showingPlcHdr")))


def _is_on(mark: BaseOxmlElement | None) -> bool:
    return mark is not None and mark.get(qn("w:val")) not in _NOT


def _ancestors(element: BaseOxmlElement, top: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    for ancestor in element.iterancestors():
        if ancestor is top:
            return
        yield ancestor


def _font(properties: BaseOxmlElement | None) -> str:
    fonts = properties.find(qn("w:rFonts")) if properties is not None else None
    if fonts is None:
        return ""
    return fonts.get(qn("w:ascii")) or fonts.get(qn("w:hAnsi")) or ""


def _chosen(field: BaseOxmlElement) -> str:
    """What is chosen in the drop-down of an old form."""
    choices = field.find(f"{qn('w:ffData')}/{qn('w:ddList')}")
    if choices is None:
        return ""
    texts = [entry.get(qn("w:val"), "") for entry in choices.findall(qn("w:listEntry"))]
    chosen = _value(choices, "w:result") or _value(choices, "w:default") or "0"
    number = int(chosen) if chosen.isdecimal() else 0
    return texts[number] if number < len(texts) else ""


def _notes(document: WordDocument) -> Iterator[tuple[tuple[str, str], str]]:
    """The footnotes, endnotes and comments by (kind, id)."""
    for relation in document.part.rels.values():
        kind = relation.reltype.rsplit("/", 1)[-1]
        if kind not in _NOTES.values() or relation.is_external:
            continue
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(relation.target_part.blob, parser)
        for note in root.iterchildren(qn("w:footnote"), qn("w:endnote"), qn("w:comment")):
            text = " ".join(t.text or "" for t in note.iter(qn("w:t")))
            yield (kind, note.get(qn("w:id"), "")), " ".join(text.split())


def _value(element: BaseOxmlElement | None, tag: str) -> str | None:
    child = element.find(qn(tag)) if element is not None else None
    return child.get(qn("w:val")) if child is not None else None
