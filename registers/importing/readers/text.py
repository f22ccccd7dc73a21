"""A CSV file, or text that was copied from a table → tables of cells."""

from __future__ import annotations

import csv
import re
from collections import Counter
from io import StringIO
from pathlib import Path

from registers.importing.documents import Document, Table
from registers.importing.printed import UnreadableFile
from registers.importing.readers.archive import check_cells, check_size
from registers.importing.readers.grids import rows_of
from registers.importing.readers.html import is_html, tables_of_html

_DELIMITERS = (",", ";", "\t", "|")
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 20_000, 200, 50_000
_TOLD = re.compile(r"^sep=(.)\r?\n", re.IGNORECASE)  # Excel's own line for the sign it used
_LOOK_AT = 30  # lines, to see what parts the cells


def read_text_file(path: Path) -> Document:
    """The table of a CSV or HTML file. Raises UnreadableFile with one sentence."""
    check_size(path)
    return read_text(decoded(path.read_bytes(), path.name), path.name)


def read_text(text: str, name: str = "What was pasted") -> Document:
    """The table of a CSV file or of a paste: HTML from Word, Excel or a browser, or plain text."""
    if is_html(text):
        return Document("", tables_of_html(text, name))
    rows = _rows(text.removeprefix(told[0]) if (told := _TOLD.match(text)) else text, name,
                 told[1] if told else "")  # fmt: skip
    width = max((len(row) for row in rows), default=0)
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    title = next((row[0].strip() for row in rows[:5] if sum(map(bool, row)) == 1 and row[0]), "")
    return Document(title, (Table(1, tuple(rows_of(padded))),))


def decoded(content: bytes, name: str) -> str:
    """The text of a file, in the encoding that its bytes show. Raises UnreadableFile."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif content[:200].count(b"\0") > len(content[:200]) // 4:
        raise UnreadableFile(f"{name} is not text, so it can't be read as CSV.")
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if "\0" in text:
            break
        return text
    raise UnreadableFile(f"{name} is not text, so it can't be read as CSV.")


def _rows(text: str, name: str, delimiter: str) -> list[list[str]]:
    limit = csv.field_size_limit(LONGEST_CELL)
    try:
        rows, cells = [], 0
        for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter or _delimiter(text)):
            rows.append(row)
            cells += len(row)
            check_cells(cells, name)
            if len(rows) > MOST_ROWS or len(row) > MOST_COLUMNS:
                raise UnreadableFile(
                    f"{name} has more than {MOST_ROWS} rows or {MOST_COLUMNS} columns, which no "
                    "register has."
                )
    except csv.Error as error:
        raise UnreadableFile(
            f"{name} can't be read as CSV: a quotation mark is open, or a cell is too long."
        ) from error
    finally:
        csv.field_size_limit(limit)
    return rows


def _delimiter(text: str) -> str:
    """The sign that parts most lines into the same number of cells, more than one."""
    lines = "\n".join(text.splitlines()[:_LOOK_AT])

    def evenness(delimiter: str) -> tuple[int, int]:
        try:
            counts = Counter(len(row) for row in csv.reader(StringIO(lines), delimiter=delimiter))
        except csv.Error:
            return 0, 0
        cells, times = max(counts.items(), key=lambda pair: (pair[0] > 1, pair[1], pair[0]))
        return (times if cells > 1 else 0), cells

    if not lines.strip():
        return ","
    return max(_DELIMITERS, key=evenness)
