"""The tables of a PDF by its tags, where a program wrote them that tags every cell and point.

That is how a pack of our own comes back as it was printed: what a page or a line cuts in two is
one in the tree of tags, and each space stands in its text. Other programs tag what they like, so
their PDFs are read by what is seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pdfminer.pdftypes import PDFObjRef, resolve1
from pdfminer.psparser import PSLiteral
from pdfplumber.pdf import PDF

OURS = "Typst"
# What no document of a register has; a tree that was made to hold somebody up has.
DEEPEST, MOST = 60, 400_000

Text = dict[tuple[int, int], str]
Point = tuple[str, int, bool]


class NotTagged(ValueError):
    """The tree of tags is not one that can be read."""


@dataclass(slots=True)
class Element:
    """One element: what kind it is, and in order its pieces of text and the elements in it."""

    kind: str
    parts: list[str | Element] = field(default_factory=list)

    def elements(self, *kinds: str) -> Iterator[Element]:
        """Those of some kinds, however deep, none of them inside another."""
        for part in self.parts:
            if isinstance(part, Element):
                if part.kind in kinds:
                    yield part
                else:
                    yield from part.elements(*kinds)

    @property
    def text(self) -> str:
        said = (part if isinstance(part, str) else part.text for part in self.parts)
        return "".join(said)


def is_ours(document: PDF) -> bool:
    told = str(document.metadata.get("Creator") or "")
    return told.startswith(OURS) and "StructTreeRoot" in document.doc.catalog


def tables(document: PDF) -> list[dict[str, Any]]:
    """Each table as {"above": the lines over it, "rows": of each cell its points}.

    Raises NotTagged.
    """
    try:
        found = list(_tables(_Tree(document).root()))
    except (AttributeError, IndexError, KeyError, RecursionError, TypeError) as error:
        raise NotTagged from error
    if not found:
        raise NotTagged
    return found


def _tables(root: Element) -> Iterator[dict[str, Any]]:
    above: list[str] = []
    for element in root.elements("Table", "P", "H1", "H2", "L"):
        if element.kind != "Table":
            above.append(_line(element.text))
            continue
        rows = [
            [list(points(cell)) for cell in row.elements("TH", "TD")]
            for row in element.elements("TR")
        ]
        yield {"above": above, "rows": rows}
        above = []


def points(cell: Element) -> Iterator[Point]:
    """What a cell says: paragraphs as plain points, lists as points of a level."""
    for part in _pieces(cell):
        if isinstance(part, str):
            yield part, 0, True
        else:
            yield from _items(part, 0)


def _pieces(body: Element) -> Iterator[str | Element]:
    """The paragraphs of a cell or an item, marked as such or loose, and the lists between them."""
    loose = ""
    for part in (*body.parts, _END):
        if isinstance(part, str) or part.kind == "Span":
            loose += part if isinstance(part, str) else part.text
            continue
        if line := _line(loose):
            yield line
        loose = ""
        if part.kind == "L":
            yield part
        else:
            yield from _pieces(part) if part.parts else ()


_END = Element("End")


def _items(found: Element, level: int) -> Iterator[Point]:
    for item in found.elements("LI"):
        sign = next((_line(one.text) for one in item.elements("Lbl")), "")
        # Signs alternate by level: one that is not this level's is of the next.
        own = level + ((sign == "–") != bool(level % 2))
        own_words = False
        for body in item.elements("LBody"):
            for part in _pieces(body):
                if not isinstance(part, str):
                    yield from _items(part, own + 1)
                elif own_words:
                    yield part, own + 1, True
                else:
                    yield part, own, False
                    own_words = True


def _line(text: str) -> str:
    return " ".join(text.split())


class _Tree:
    """The tree of tags, put together with the letters of the pages."""

    def __init__(self, document: PDF) -> None:
        self.document = document
        self.texts = _texts(document)
        self.seen: set[int] = set()
        self.count = 0

    def root(self) -> Element:
        root = resolve1(self.document.doc.catalog["StructTreeRoot"])
        found = Element("Root")
        for kid in _kids(root):
            self._add(found, kid, 0, 0)
        return found

    def _add(self, parent: Element, kid: Any, page: int, depth: int) -> None:
        self.count += 1
        if depth > DEEPEST or self.count > MOST:
            raise NotTagged
        if isinstance(kid, PDFObjRef):
            if kid.objid in self.seen:
                raise NotTagged
            self.seen.add(kid.objid)
        said = resolve1(kid)
        if isinstance(said, int):
            parent.parts.append(self.texts[page, said])
            return
        own = said["Pg"].objid if "Pg" in said else page
        if "MCID" in said:
            parent.parts.append(self.texts[own, said["MCID"]])
        elif "S" in said:
            element = Element(_name(said["S"]))
            parent.parts.append(element)
            for inner in _kids(said):
                self._add(element, inner, own, depth + 1)


def _kids(said: dict[str, Any]) -> list[Any]:
    kids = said.get("K", [])
    found = resolve1(kids)
    return found if isinstance(found, list) else [kids]


def _name(said: Any) -> str:
    return str(said.name) if isinstance(said, PSLiteral) else str(said)


def _texts(document: PDF) -> Text:
    """The letters of each marked piece of each page, in the order in which they were set."""
    found: Text = defaultdict(str)
    for page in document.pages:
        for letter in page.chars:
            if letter.get("mcid") is not None:
                found[page.page_obj.pageid, letter["mcid"]] += letter["text"]
        page.close()
    return found
