"""Is it safe to open? A Word or Excel file is a ZIP archive that somebody else made.

Everything is checked before any XML is parsed: what kind of file it is, how much is in it by its
own account, and how much really comes out.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from registers.importing.printed import UnreadableFile

MEGABYTE = 1024 * 1024
LARGEST_FILE = 25 * MEGABYTE
LARGEST_UNPACKED = 100 * MEGABYTE
LARGEST_XML = 12 * MEGABYTE
MOST_CELLS = 100_000  # of a register in one file; more would take longer than anybody waits
MOST_MEMBERS = 2000
CHUNK = 256 * 1024

_CONTENT_TYPES = "[Content_Types].xml"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_OLD_WORD_STREAM = "WordDocument".encode("utf-16-le")
_OLD_EXCEL_STREAM = "Workbook".encode("utf-16-le")
_STRICT = b"purl.oclc.org/ooxml/"

WORD, WORKBOOK = "a Word document (.docx)", "an Excel workbook (.xlsx)"
_MAIN_PARTS = {
    WORD: (b"wordprocessingml.document.main+xml",),
    WORKBOOK: (
        b"spreadsheetml.sheet.main+xml",
        b"ms-excel.sheet.macroEnabled.main+xml",
        b"spreadsheetml.template.main+xml",
    ),
}
_WITH_MACROS = (b"ms-word.document.macroEnabled.main+xml", b"ms-word.template.macroEnabledTemplate")
_A_TEMPLATE = b"wordprocessingml.template.main+xml"
_SAVE_AS = {WORD: "save it in Word as .docx", WORKBOOK: "save it in Excel as .xlsx"}


# What the libraries that read Office files raise where a part is not what it should be.
BREAKAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, SyntaxError, RecursionError, RuntimeError,
    AssertionError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError,
)  # fmt: skip


def check_cells(count: int, name: str) -> None:
    if count > MOST_CELLS:
        raise UnreadableFile(f"{name} has more than {MOST_CELLS} cells, which no register has.")


def kind_of_archive(path: Path) -> str:
    """What an Office file is by its own account: WORD, WORKBOOK, or '' if that can't be told."""
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(_CONTENT_TYPES).file_size > LARGEST_XML:
                return ""
            content_types = archive.read(_CONTENT_TYPES)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError,
            NotImplementedError, RuntimeError):  # fmt: skip
        return ""
    for kind, parts in _MAIN_PARTS.items():
        if any(part in content_types for part in parts):
            return kind
    return ""


def check_size(path: Path) -> None:
    """Raises UnreadableFile unless there is a file, with something in it and not too much."""
    name = path.name
    try:
        size = path.stat().st_size
    except OSError as error:
        raise UnreadableFile(f"There is no file {path} that can be read.") from error
    if not path.is_file():
        raise UnreadableFile(f"{path} is not a file.")
    if size == 0:
        raise UnreadableFile(f"{name} is empty.")
    if size > LARGEST_FILE:
        raise UnreadableFile(
            f"{name} is too large: {size / MEGABYTE:.0f} MB, and a register may have "
            f"{LARGEST_FILE // MEGABYTE} MB at most."
        )


def check_archive(path: Path, kind: str) -> None:
    """Raises UnreadableFile, with one sentence that names the file, unless it is safe to open."""
    check_size(path)
    name = path.name
    try:
        _check_signature(path, kind)
        with zipfile.ZipFile(path) as archive:
            _check_declared(archive, name)
            _check_real(archive, name)
            _check_is(kind, archive, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise UnreadableFile(f"{name} is broken: it cannot be unpacked to its end.") from error
    except NotImplementedError as error:
        raise UnreadableFile(
            f"{name} is packed in a way that Office does not use; {_SAVE_AS[kind]}."
        ) from error


def _check_signature(path: Path, kind: str) -> None:
    with path.open("rb") as file:
        start = file.read(len(_OLE))
        if start == _OLE:
            rest = file.read(LARGEST_FILE)
            if _ENCRYPTED_STREAM in rest:
                raise UnreadableFile(
                    f"{path.name} is protected with a password; save it without one first."
                )
            if _OLD_WORD_STREAM in rest:
                raise UnreadableFile(
                    f"{path.name} is in the old Word format; save it in Word as .docx first."
                )
            if _OLD_EXCEL_STREAM in rest:
                raise UnreadableFile(
                    f"{path.name} is in the old Excel format; save it in Excel as .xlsx first."
                )
            raise UnreadableFile(_not_of(kind, path.name))
    if not start.startswith(b"PK"):
        raise UnreadableFile(_not_of(kind, path.name))


def _check_declared(archive: zipfile.ZipFile, name: str) -> None:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise UnreadableFile(
            f"{name} has {len(members)} parts; a document has {MOST_MEMBERS} at most."
        )
    if any(member.flag_bits & 0x1 for member in members):
        raise UnreadableFile(f"{name} is protected with a password; save it without one first.")
    unpacked = sum(member.file_size for member in members)
    if unpacked > LARGEST_UNPACKED or any(
        member.file_size > LARGEST_XML and _is_xml(member.filename) for member in members
    ):
        raise UnreadableFile(_too_much(name))


def _check_real(archive: zipfile.ZipFile, name: str) -> None:
    """Unpack every part once, counting: the sizes that an archive declares are only a claim."""
    total = 0
    for member in archive.infolist():
        own = 0
        with archive.open(member) as part:
            while chunk := part.read(CHUNK):
                own += len(chunk)
                total += len(chunk)
                too_long = _is_xml(member.filename) and own > LARGEST_XML
                if total > LARGEST_UNPACKED or too_long:
                    raise UnreadableFile(_too_much(name))


def _check_is(kind: str, archive: zipfile.ZipFile, name: str) -> None:
    try:
        content_types = archive.read(_CONTENT_TYPES)
        relations = archive.read("_rels/.rels")
    except KeyError as error:
        raise UnreadableFile(_not_of(kind, name)) from error
    if _STRICT in relations:
        raise UnreadableFile(f"{name} is saved as “Strict Open XML”; {_SAVE_AS[kind]} instead.")
    if kind == WORD and any(part in content_types for part in _WITH_MACROS):
        raise UnreadableFile(
            f"{name} is a document with macros; save it in Word as .docx, without them, first."
        )
    if kind == WORD and _A_TEMPLATE in content_types:
        raise UnreadableFile(f"{name} is a template of Word; save it in Word as .docx first.")
    if not any(part in content_types for part in _MAIN_PARTS[kind]):
        raise UnreadableFile(_not_of(kind, name))


def _not_of(kind: str, name: str) -> str:
    return f"{name} is not {kind}. A register is read from Word, Excel, PDF or CSV."


def _is_xml(member: str) -> bool:
    return member.lower().endswith((".xml", ".rels"))


def _too_much(name: str) -> str:
    return (
        f"{name} unpacks to more than a register can hold "
        f"({LARGEST_UNPACKED // MEGABYTE} MB), so it was not opened."
    )
