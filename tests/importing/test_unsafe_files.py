"""A file that is broken, hostile or something else is refused in one clear sentence."""

from __future__ import annotations

import random
import struct
import zipfile
from pathlib import Path

import pytest

from registers.importing.printed import UnreadableFile
from registers.importing.readers import archive
from registers.importing.readers.files import read_register
from tests.importing.documents import WordRegister

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return WordRegister().headings().entry("CR1").save(tmp_path / "register.docx")


def refused(path: Path) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_register(path)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def repacked(path: Path, changes: dict[str, bytes | None]) -> Path:
    """The same archive with some parts replaced, added, or (None) taken out."""
    copy = path.with_name("changed.docx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for name in source.namelist():
            if name not in changes:
                new.writestr(name, source.read(name))
        for name, content in changes.items():
            if content is not None:
                new.writestr(name, content)
    return copy


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "There is no file" in refused(tmp_path / "missing.docx")


def test_a_folder(tmp_path: Path) -> None:
    assert "is not a file" in refused(tmp_path)


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.docx"
    path.touch()
    assert "is empty" in refused(path)


@pytest.mark.parametrize("content", [b"CR1,A risk,16\n", b"\x89PNG\r\n\x1a\n"])
def test_another_kind_of_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "register.docx"
    path.write_bytes(content * 100)
    assert "is not a Word document" in refused(path)


def test_a_workbook_is_read_as_one_whatever_its_name(tmp_path: Path) -> None:
    from openpyxl import Workbook

    path = tmp_path / "register.docx"
    Workbook().save(path)
    assert "no table of a register" in refused(path)


def test_a_plain_archive_is_not_a_word_document(tmp_path: Path) -> None:
    path = tmp_path / "register.docx"
    with zipfile.ZipFile(path, "w") as new:
        new.writestr("readme.txt", "hello")
    assert "is not a Word document" in refused(path)


def test_a_document_with_a_password(tmp_path: Path) -> None:
    path = tmp_path / "register.docx"
    path.write_bytes(OLE + bytes(512) + "EncryptedPackage".encode("utf-16-le") + bytes(512))
    assert "protected with a password" in refused(path)


def test_a_document_of_the_old_word(tmp_path: Path) -> None:
    path = tmp_path / "register.doc"
    path.write_bytes(OLE + bytes(512) + "WordDocument".encode("utf-16-le") + bytes(512))
    assert "old Word format" in refused(path)


def test_an_archive_with_a_password(good: Path) -> None:
    content = bytearray(good.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(signature)
        content[start + offset] |= 0x1
    good.write_bytes(content)
    assert "protected with a password" in refused(good)


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "register.docx"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(archive.LARGEST_FILE + 1)
    assert "too large" in refused(path)


def test_a_zip_bomb_that_says_how_big_it_is(good: Path) -> None:
    bomb = repacked(good, {"word/media/big.bin": bytes(archive.LARGEST_UNPACKED + 1)})
    assert bomb.stat().st_size < archive.MEGABYTE
    assert "unpacks to more" in refused(bomb)


def test_a_bomb_of_one_endless_xml_part(good: Path) -> None:
    bomb = repacked(good, {"word/document.xml": b"<a>" + b" " * archive.LARGEST_XML + b"</a>"})
    assert "unpacks to more" in refused(bomb)


def test_a_zip_bomb_that_lies_about_its_size(good: Path) -> None:
    bomb = repacked(good, {"word/media/big.bin": bytes(archive.LARGEST_UNPACKED + 1)})
    content = bytearray(bomb.read_bytes())
    real = struct.pack("<I", archive.LARGEST_UNPACKED + 1)
    claimed = struct.pack("<I", 10)
    bomb.write_bytes(content.replace(real, claimed))
    assert "is broken" in refused(bomb)


def test_an_archive_of_very_many_parts(good: Path) -> None:
    many = repacked(good, {f"word/{n}.xml": b"" for n in range(archive.MOST_MEMBERS)})
    assert "parts; a document has" in refused(many)


def test_entities_that_multiply_are_not_expanded(good: Path) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(12))
    with zipfile.ZipFile(good) as source:
        xml = source.read("word/document.xml").decode()
    start = xml.index("<w:document")
    xml = f"{xml[:start]}<!DOCTYPE w:document [{laughs}]>{xml[start:]}"
    xml = xml.replace("A risk", "A risk &l11;")
    assert "is broken" in refused(repacked(good, {"word/document.xml": xml.encode()}))


@pytest.mark.parametrize("part", ["word/document.xml", "[Content_Types].xml", "_rels/.rels"])
def test_a_document_that_lacks_a_part(good: Path, part: str) -> None:
    assert "is broken" in (message := refused(repacked(good, {part: None}))) or (
        "is not a Word document" in message
    )


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "word/numbering.xml"])
def test_a_document_whose_xml_is_garbage(good: Path, part: str) -> None:
    assert "is broken" in refused(repacked(good, {part: b"<w:document"}))


def test_a_document_in_strict_open_xml(good: Path) -> None:
    with zipfile.ZipFile(good) as source:
        rels = source.read("_rels/.rels")
    strict = rels.replace(
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    )
    assert "Strict Open XML" in refused(repacked(good, {"_rels/.rels": strict}))


def test_a_file_cut_off_anywhere_is_refused(good: Path) -> None:
    content = good.read_bytes()
    for part in (0.1, 0.5, 0.9, 0.999):
        good.write_bytes(content[: int(len(content) * part)])
        refused(good)


def test_damage_anywhere_is_refused_or_does_no_harm(good: Path) -> None:
    content = good.read_bytes()
    chance = random.Random(5)
    for _ in range(60):
        damaged = bytearray(content)
        for _ in range(chance.randint(1, 6)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        good.write_bytes(damaged)
        try:
            read_register(good)
        except UnreadableFile as error:
            assert str(error).endswith(".")
