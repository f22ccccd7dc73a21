"""Tables of HTML, as Word, Excel and browsers put them on the clipboard → tables of cells."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html  # type: ignore[import-untyped]

from registers.domain.passages import PLAIN, Point, parse
from registers.importing.documents import Table, TableCell, TableRow
from registers.importing.printed import STRUCK, Cell, Remark, UnreadableFile
from registers.importing.readers.archive import check_cells

_IS_HTML = re.compile(r"<(html|table|body|tr|!--StartFragment)\b", re.IGNORECASE)
_A_CELL = re.compile(r"<t[dh]\b", re.IGNORECASE)
_BLOCKS = {"p", "div", "li", "br", "h1", "h2", "h3", "h4", "ul", "ol", "tr"}
_UNSEEN = {"script", "style", "head", "title", "template"}
MOST_ROWS, MOST_COLUMNS = 20_000, 200


def is_html(text: str) -> bool:
    return bool(_IS_HTML.search(text[:20_000]))


def tables_of_html(text: str, name: str) -> tuple[Table, ...]:
    """Every outermost table, merged cells known as such. Raises UnreadableFile."""
    check_cells(len(_A_CELL.findall(text)), name)
    parser = html.HTMLParser(no_network=True, remove_comments=True, huge_tree=False)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise UnreadableFile(f"{name} can't be read as a table of a web page.") from error
    found = [
        t for t in root.iter("table") if not any(up.tag == "table" for up in t.iterancestors())
    ]
    return tuple(Table(number, tuple(_rows(table))) for number, table in enumerate(found, start=1))


def _rows(table: html.HtmlElement) -> Iterator[TableRow]:
    reaching: dict[int, tuple[int, int]] = {}  # position → (rows still below, span)
    rows = [r for r in table.iter("tr") if next(r.iterancestors("table")) is table]
    for number, row in enumerate(rows[:MOST_ROWS], start=1):
        cells: list[TableCell] = []
        position = 0
        for element in row.iterchildren("td", "th"):
            position = _pass_over(position, reaching, cells)
            down, span = _count(element, "rowspan"), _count(element, "colspan")
            cells.append(TableCell(position, _cell(element), span, opens_merge=down > 1))
            if down > 1:
                reaching[position] = (down - 1, span)
            position += span
        _pass_over(position, reaching, cells, to_the_end=True)
        hidden = "display:none" in (row.get("style") or "").replace(" ", "").lower()
        yield TableRow(number, tuple(cells), hidden)


def _pass_over(
    position: int,
    reaching: dict[int, tuple[int, int]],
    cells: list[TableCell],
    *,
    to_the_end: bool = False,
) -> int:
    """Cells of the rows above that reach down into this one."""
    seen = {cell.position for cell in cells}
    while position in reaching or (to_the_end and any(p >= position for p in reaching)):
        if position in reaching and position not in seen:
            down, span = reaching.pop(position)
            cells.append(TableCell(position, Cell(), span, merged=True))
            seen.add(position)
            if down > 1:
                reaching[position] = (down - 1, span)
            position += span
        elif to_the_end and (later := [p for p in reaching if p > position and p not in seen]):
            position = min(later)
        else:
            break
    return position


def _count(element: html.HtmlElement, name: str) -> int:
    text = (element.get(name) or "1").strip()
    return min(max(int(text), 1), MOST_COLUMNS) if text.isdecimal() else 1


def _cell(element: html.HtmlElement) -> Cell:
    remarks: list[Remark] = []
    lines = "".join(_text(element, remarks)).split("\n")
    points = [_point(line) for line in lines]
    while points and points[-1] is None:
        points.pop()
    while points and points[0] is None:
        points.pop(0)
    return Cell(tuple(p for p in points if p is not None), tuple(remarks))


def _point(line: str) -> Point | None:
    typed = parse(" ".join(line.split()), unmarked=PLAIN)
    return typed[0] if typed else None


def _text(element: html.HtmlElement, remarks: list[Remark]) -> Iterator[str]:
    if element.tag in _UNSEEN or not isinstance(element.tag, str):
        yield from ()
    elif element.tag in ("s", "strike", "del"):
        if text := " ".join(element.text_content().split()):
            remarks.append(Remark(STRUCK, text))
    else:
        before, after = ("\n", "\n") if element.tag in _BLOCKS else ("", "")
        yield before
        if element.tag == "li":
            yield "• "
        yield re.sub(r"\s+", " ", element.text or "")
        for child in element:
            yield from _text(child, remarks)
            yield re.sub(r"\s+", " ", child.tail or "")
        yield after
