"""A pack as PDF: tagged for PDF/UA, with bookmarks, headings of tables and every font embedded.

Set by Typst from one template; what a pack says goes in as data and is never read as markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import font_source_sans_pro
import typst

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
from registers.exporting.tabular import BANDS

TEMPLATE = Path(__file__).with_name("pack.typ")
STANDARD = "ua-1"
NOT_SHOWN = "□"
_FOREIGN = re.compile(r'the text `"(?P<text>(?:[^"\\]|\\.)*)"` could not be displayed')
_SIZE = re.compile(r'<svg\b[^>]*? width="([\d.]+)" height="([\d.]+)"')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")


@cache
def fonts() -> typst.Fonts:
    """Our own type, and what comes with Typst where it lacks a sign: never the machine's."""
    folder = Path(font_source_sans_pro.__file__).with_name("files")
    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])


def write(pack: Pack, made_at: datetime) -> bytes:
    """The PDF. A sign that no font has is printed as □, since a PDF for all readers may hold none.

    Raises typst.TypstError for what can't be set.
    """
    said = json.dumps(_pack(pack), ensure_ascii=False)
    foreign: set[str] = set()
    while True:
        try:
            return _compiled(said, made_at)
        except typst.TypstError as error:
            found = _foreign(error) - foreign
            if not found:
                raise
            foreign |= found
            said = said.translate({ord(sign): NOT_SHOWN for sign in found})


def _compiled(said: str, made_at: datetime) -> bytes:
    made: bytes = typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=fonts(),
        sys_inputs={"pack": said},
        format="pdf",
        pdf_standards=[STANDARD],
        timestamp=made_at.replace(microsecond=0),
    )
    return made


def _foreign(error: typst.TypstError) -> set[str]:
    """The signs that no font can show, as the error names them."""
    told = f"{error.message} {error.diagnostic}"
    return {sign for match in _FOREIGN.finditer(told) for sign in _unescaped(match["text"])}


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)) if match[1] else match[2], text)


def picture(svg: str, ppi: float = 220) -> bytes:
    """A drawing as PNG, for what can't show vectors."""
    source = "#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg))"
    made: bytes = typst.compile(
        source.encode(), font_paths=fonts(), sys_inputs={"svg": svg}, format="png", ppi=ppi
    )
    return made


# As data ------------------------------------------------------------------------------------------


def _pack(pack: Pack) -> Mapping[str, Any]:
    return {
        "title": pack.title,
        "council": pack.council,
        "under": list(pack.under),
        "mark": pack.mark,
        "foot": pack.foot,
        "paper": pack.paper,
        "bands": {name: [f"#{back}", f"#{ink}"] for name, (back, ink) in BANDS.items()},
        "blocks": [_block(block) for block in pack.blocks],
    }


def _block(block: Block) -> Mapping[str, Any]:
    match block:
        case Heading():
            return {
                "is": "heading",
                "text": block.text,
                "level": block.level,
                "new": block.new_page,
            }
        case Paragraph():
            return {"is": "paragraph", "text": block.text, "quiet": block.quiet}
        case Points():
            return {"is": "points", "points": _points(block.points)}
        case Picture():
            said = {"svg": block.svg, "words": block.words, "width": block.width}
            return {"is": "picture", **said, "ratio": _ratio(block.svg)}
        case Table():
            return {
                "is": "table",
                "summary": block.summary,
                "columns": [[one.label, one.share, one.centred] for one in block.columns],
                "rows": [[_cell(cell) for cell in row] for row in block.rows],
            }


def _ratio(svg: str) -> float:
    """How high a drawing is for its width."""
    found = _SIZE.search(svg)
    return float(found[2]) / float(found[1]) if found else 1.0


def _points(points: Any) -> list[list[Any]]:
    return [[point.text, point.level, point.plain] for point in points]


def _cell(cell: Cell) -> list[Any]:
    return [_points(cell.points), cell.band, cell.strong, cell.titled]
