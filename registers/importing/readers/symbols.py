"""Signs that are letters in the file and arrows on the page, and arrows that are drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docx.oxml.xmlchemy import BaseOxmlElement

from registers.importing.printed import PICTURE, Remark

# By font: the code of a sign, and what is seen. Unicode has the same signs.
_SIGNS: dict[str, dict[int, str]] = {
    "wingdings": dict(
        zip(range(0xDF, 0xF3), "←→↑↓↖↗↙↘←→↑↓↖↗↙↘⇦⇨⇧⇩", strict=True)
    ) | {0xF3: "⬄", 0xFC: "✓", 0xFB: "✗", 0xFE: "☑", 0xA8: "☐", 0x6F: "☐", 0x6E: "■", 0xA7: "▪",
         0x6C: "●", 0x9F: "•", 0xD8: "➢", 0x76: "❖"},
    "wingdings 2": {0x50: "✓", 0x4F: "✗"},
    "wingdings 3": dict(zip(range(0x66, 0x6E), "←→↑↓↖↗↙↘", strict=True))
    | dict(zip(range(0x70, 0x78), "▲▼△▽◀▶◁▷", strict=True)),
    "webdings": dict(zip(range(0x33, 0x37), "◀▶▲▼", strict=True)) | {0x61: "✓"},
    "symbol": {0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓",
               0xDB: "⇔", 0xDC: "⇐", 0xDD: "⇑", 0xDE: "⇒", 0xDF: "⇓", 0xB7: "•"},
}  # fmt: skip
# Fonts in which a letter is never a letter.
_DINGBATS = {"wingdings", "wingdings 2", "wingdings 3", "webdings"}

_CLOCK = ("↑", "→", "↓", "←")
_SHAPES = {
    "upArrow": "↑", "downArrow": "↓", "rightArrow": "→", "leftArrow": "←",
    "notchedRightArrow": "→", "stripedRightArrow": "→", "leftRightArrow": "↔",
    "upDownArrow": "↕", "triangle": "↑", "flowChartExtract": "↑", "flowChartMerge": "↓",
}  # fmt: skip
_OLD_SHAPES = {"13": "→", "66": "←", "67": "↓", "68": "↑", "69": "↔", "70": "↕"}
_WORDS = (
    (r"\b(up|upwards?|increas\w+)\b(?!.*\bdown)", "↑"),
    (r"\b(down|downwards?|decreas\w+)\b(?!.*\bup\b)", "↓"),
    (r"\b(left[- ]right|sideways|level|double|no change|right)\b", "→"),
)
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_VML = "{urn:schemas-microsoft-com:vml}"


def sign_of_font(font: str, code: str) -> Iterator[str | Remark]:
    """The sign that 'Insert symbol' put in: an arrow, another sign that is known, or a remark."""
    try:
        number = int(code, 16) & 0xFF
    except ValueError:
        return
    if known := _SIGNS.get(font.casefold(), {}).get(number):
        yield known
    else:
        yield Remark(PICTURE, f"a sign of the font {font}")


def sign_in_font(font: str, letter: str) -> str:
    """What a letter of a PDF looks like, if its font is one of signs: `X+Wingdings-Regular`."""
    name = re.sub(r"^[A-Z]{6}\+|[-,]?(regular|mt)$", "", font, flags=re.IGNORECASE).casefold()
    name = re.sub(r"(?<=wingdings)(?=\d)", " ", name)
    if len(letter) != 1 or name not in _SIGNS or (name == "symbol" and ord(letter) < 0xF000):
        return ""
    return _SIGNS[name].get(ord(letter) & 0xFF, "")


def letters_of_font(font: str, text: str) -> Iterator[str | Remark]:
    """Letters as they look in their font: in Wingdings an é is an arrow."""
    if font.casefold() not in _DINGBATS:
        yield text
        return
    signs = _SIGNS[font.casefold()]
    for letter in text:
        if letter.isspace():
            yield letter
        elif known := signs.get(ord(letter) & 0xFF):
            yield known
        else:
            yield Remark(PICTURE, f"a sign of the font {font}")


def drawn_arrow(element: BaseOxmlElement, described: str) -> str:
    """The arrow that a drawing is, by its shape or by its alternative text; '' if it is none."""
    for shape in element.iter(f"{_DRAWING}prstGeom"):
        arrow = _SHAPES.get(shape.get("prst", ""), "")
        return _turned(arrow, shape.getparent().find(f"{_DRAWING}xfrm")) if arrow else ""
    for shape in element.iter(f"{_VML}shape"):
        if match := re.search(r"_t(\d+)$", shape.get("type", "")):
            arrow = _OLD_SHAPES.get(match[1], "")
            return "" if re.search(r"rotation|flip", shape.get("style", "")) else arrow
    folded = described.casefold()
    return next((arrow for words, arrow in _WORDS if re.search(words, folded)), "")


def _turned(arrow: str, place: BaseOxmlElement | None) -> str:
    """An arrow turned by quarters or mirrored; at any other angle it is not certain."""
    if place is None:
        return arrow
    quarters, rest = divmod(int(place.get("rot", "0")) % 21_600_000, 5_400_000)
    if rest:
        return ""
    if arrow not in _CLOCK:
        return arrow if not quarters % 2 else {"↔": "↕", "↕": "↔"}.get(arrow, "")
    turn = _CLOCK.index(arrow)
    if place.get("flipV") in ("1", "true") and turn in (0, 2):
        turn += 2
    if place.get("flipH") in ("1", "true") and turn in (1, 3):
        turn += 2
    return _CLOCK[(turn + quarters) % 4]
