"""Any file → an edition as printed. What kind of file it is, its contents say and not its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from registers.importing.documents import Document
from registers.importing.printed import EditionAsPrinted, Instructions, UnreadableFile
from registers.importing.readers.archive import WORD, WORKBOOK, kind_of_archive
from registers.importing.readers.docx import read_docx
from registers.importing.readers.packs import register_of
from registers.importing.readers.pdf import read_pdf
from registers.importing.readers.text import read_text, read_text_file
from registers.importing.readers.xlsx import read_xlsx
from registers.importing.tables import read_tables

_READERS: dict[str, Callable[[Path], Document]] = {WORD: read_docx, WORKBOOK: read_xlsx}
PASTED = "What was pasted"
_TEXT_FILES = (".csv", ".tsv", ".txt", ".htm", ".html")


def read_register(path: Path, told: Instructions | None = None) -> EditionAsPrinted:
    """Read a register from a Word, Excel, PDF or CSV file.

    Raises UnreadableFile, with one sentence, if the file can't be opened safely, is of another
    kind, has no table with the headings of a register, or has scores of another scale.
    """
    return with_a_register(open_document(path), path.name, told)


def open_document(path: Path) -> Document:
    """A file as tables of cells, before anybody says what they mean. Raises UnreadableFile."""
    return register_of(_reader(path)(path))


def read_paste(text: str, told: Instructions | None = None) -> EditionAsPrinted:
    """Read what was copied from Word, Excel or a browser: HTML, or else tab-separated text."""
    return with_a_register(read_text(text), PASTED, told)


def with_a_register(
    document: Document, name: str, told: Instructions | None = None
) -> EditionAsPrinted:
    """The register of a document, or UnreadableFile if it has none."""
    edition = read_tables(document, told)
    if not edition.entries and not edition.headings:
        raise UnreadableFile(
            f"{name} has no table of a register: no row has headings like “Description”, “Risk "
            "Score”, “Risk Owner”."
        )
    return edition


def _reader(path: Path) -> Callable[[Path], Document]:
    try:
        with path.open("rb") as file:
            start = file.read(1024)
    except OSError:
        return read_docx  # which says why it can't be opened
    if b"%PDF-" in start:
        return read_pdf
    if path.suffix.lower() in _TEXT_FILES and not start.startswith(b"PK"):
        return read_text_file
    return _READERS.get(kind_of_archive(path), read_docx)
