"""What stands on the pages of a PDF: tables with their words, and the lines around them.

Runs as a program of its own (`readers.pdf` starts it), since a PDF that somebody else made may
ask for any amount of memory or time: then only this program ends. It prints one JSON line a page.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import Any

import pdfplumber
from pdfplumber.page import Page
from pdfplumber.pdf import PDF
from pdfplumber.utils.text import WordExtractor

from registers.importing.readers import pdf_tags
from registers.importing.readers.symbols import sign_in_font

MOST_PAGES, MOST_LETTERS_OF_A_PAGE = 300, 60_000
SECONDS_BY_TAGS = 100
MEMORY = 900 * 1024 * 1024  # of address space, most of it the libraries' own
SECONDS, SECONDS_FOR_A_PAGE = 120, 8
NEAR = 3.0  # points: closer edges are the same edge
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

Box = tuple[float, float, float, float]
Letter = dict[str, Any]


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    signal.alarm(SECONDS_FOR_A_PAGE)
    with pdfplumber.open(sys.argv[1]) as document:
        pages = len(document.pages)
        if pages > MOST_PAGES:
            _tell({"too_many": pages})
            return
        if pdf_tags.is_ours(document):
            signal.alarm(SECONDS_BY_TAGS)
            if tagged := _by_tags(document):
                _tell(tagged)
                return
        for page in document.pages:
            signal.alarm(SECONDS_FOR_A_PAGE)
            _tell(_page(page))
            page.close()


def _by_tags(document: PDF) -> dict[str, Any] | None:
    """The tables of a pack of our own; None where its tags were damaged since."""
    try:
        title = str(document.metadata.get("Title") or "")
        return {"title": title, "tagged": pdf_tags.tables(document)}
    except pdf_tags.NotTagged:
        return None


def _tell(page: dict[str, Any]) -> None:
    sys.stdout.write(f"{json.dumps(page)}\n")
    sys.stdout.flush()


def _page(page: Page) -> dict[str, Any]:
    letters = page.chars
    if len(letters) > MOST_LETTERS_OF_A_PAGE:
        return {"too_many_letters": len(letters)}
    _mark_struck(page, letters)
    boxes = [table.cells for table in page.find_tables() if len(table.cells) > 1]
    tables = [_table(cells, letters) for cells in boxes]
    around = [_around(cells) for cells in boxes]
    outside = [c for c in letters if not any(_holds(box, c) for box in around)]
    return {
        "width": page.width,
        "height": page.height,
        "letters": len(letters),
        "pictures": len(page.images),
        "tables": tables,
        "lines": _lines(outside),
    }


def _table(cells: list[Box], letters: list[Letter]) -> dict[str, Any]:
    """Every cell with the columns and rows of the grid that it reaches over, and its words."""
    across = _edges(x for cell in cells for x in (cell[0], cell[2]))
    down = _edges(y for cell in cells for y in (cell[1], cell[3]))
    around = _around(cells)
    inside = [c for c in letters if _holds(around, c)]
    # Found by their height first: a cell looks at the letters of its row alone.
    by_height = sorted(range(len(inside)), key=lambda place: _middle(inside[place]))
    heights = [_middle(inside[place]) for place in by_height]
    found = []
    for cell in sorted(cells, key=lambda box: (box[1], box[0])):
        row = by_height[bisect_left(heights, cell[1]) : bisect_right(heights, cell[3])]
        own = [inside[place] for place in sorted(row) if _holds(cell, inside[place])]
        found.append(
            {
                "box": cell,
                "columns": (_index(across, cell[0]), _index(across, cell[2])),
                "rows": (_index(down, cell[1]), _index(down, cell[3])),
                "lines": _lines(own),
                "struck": "".join(c["text"] for c in own if c.get("struck")).strip(),
            }
        )
    return {"edges": across, "box": around, "cells": found, "height": len(down) - 1}


def _edges(values: Iterable[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > NEAR:
            edges.append(value)
    return edges


def _index(edges: list[float], value: float) -> int:
    return min(range(len(edges)), key=lambda place: abs(edges[place] - value))


def _around(cells: list[Box]) -> Box:
    left, top = min(c[0] for c in cells), min(c[1] for c in cells)
    return left, top, max(c[2] for c in cells), max(c[3] for c in cells)


def _middle(letter: Letter) -> float:
    return (letter["top"] + letter["bottom"]) / 2


def _holds(box: Box, letter: Letter) -> bool:
    x, y = (letter["x0"] + letter["x1"]) / 2, _middle(letter)
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _mark_struck(page: Page, letters: list[Letter]) -> None:
    """Marks the letters that a rule goes through at half their height."""
    rules = [
        (rule["x0"], rule["x1"], (rule["top"] + rule["bottom"]) / 2)
        for rule in (*page.lines, *page.rects)
        if rule["bottom"] - rule["top"] < 2 and rule["x1"] - rule["x0"] > 2
    ]
    for left, right, y in rules:
        for letter in letters:
            high = letter["bottom"] - letter["top"]
            middle = letter["top"] + 0.3 * high < y < letter["bottom"] - 0.3 * high
            if middle and left - 1 <= letter["x0"] and letter["x1"] <= right + 1:
                letter["struck"] = True


def _lines(letters: list[Letter]) -> list[list[tuple[str, float, float, float, float]]]:
    """The lines of some letters, each as words with their place: (text, x0, x1, top, bottom)."""
    shown = [_as_seen(c) for c in letters if not c.get("struck")]
    upright = [c for c in shown if c.get("upright", True)]
    turned = [c for c in shown if not c.get("upright", True)]
    words = WordExtractor(x_tolerance_ratio=0.15, use_text_flow=False).extract_words(
        _with_raised(upright)
    )
    lines: list[list[dict[str, Any]]] = []
    # A letter that its font gives no sign for is a word without letters.
    seen = [word for word in words if word["text"].strip()]
    for word in sorted(seen, key=lambda w: (w["bottom"], w["x0"])):
        if lines and abs(lines[-1][0]["bottom"] - word["bottom"]) <= NEAR:
            lines[-1].append(word)
        else:
            lines.append([word])
    placed = [
        [
            (w["text"], w["x0"], w["x1"], w["top"], w["bottom"])
            for w in sorted(line, key=lambda w: w["x0"])
        ]
        for line in lines
    ]
    return [*placed, *_turned_lines(turned)]


def _as_seen(letter: Letter) -> Letter:
    sign = sign_in_font(letter.get("fontname", ""), letter["text"])
    return {**letter, "text": sign} if sign else letter


def _with_raised(letters: list[Letter]) -> list[Letter]:
    """Digits that are smaller than the rest and stand higher are those of a note."""
    sizes = sorted(c["size"] for c in letters)
    usual = sizes[len(sizes) // 2] if sizes else 0
    return [
        {**c, "text": c["text"].translate(_RAISED)}
        if c["text"].isdigit() and c["size"] < 0.8 * usual and _is_raised(c, letters)
        else c
        for c in letters
    ]


def _is_raised(digit: Letter, letters: list[Letter]) -> bool:
    beside = [
        c for c in letters
        if c["size"] > digit["size"] and c["top"] - 3 <= digit["top"] < c["bottom"]
    ]  # fmt: skip
    return any(digit["bottom"] < c["bottom"] - 0.15 * c["size"] for c in beside)


def _turned_lines(letters: list[Letter]) -> Iterator[list[tuple[str, float, float, float, float]]]:
    """Headings that stand upright: read upwards or downwards, as their letters are turned."""
    if not letters:
        return
    upwards = sum(c["matrix"][1] > 0 for c in letters) * 2 >= len(letters)
    columns: list[list[Letter]] = []
    for letter in sorted(letters, key=lambda c: c["x0"] if upwards else -c["x0"]):
        if columns and abs(columns[-1][0]["x0"] - letter["x0"]) <= NEAR:
            columns[-1].append(letter)
        else:
            columns.append([letter])
    for column in columns:
        column.sort(key=lambda c: -c["bottom"] if upwards else c["top"])
        text, last = "", None
        for letter in column:
            gap = 0.0
            if last is not None:
                gap = last["top"] - letter["bottom"] if upwards else letter["top"] - last["bottom"]
            text += (" " if gap > 0.2 * letter["size"] else "") + letter["text"]
            last = letter
        left, right = column[0]["x0"], column[0]["x1"]
        top, bottom = min(c["top"] for c in column), max(c["bottom"] for c in column)
        if text.strip():
            yield [(" ".join(text.split()), left, right, top, bottom)]


if __name__ == "__main__":
    main()
