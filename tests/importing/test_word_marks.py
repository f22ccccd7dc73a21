"""Bullets, numbers, tracked changes and symbols: what a reader of the page sees."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

from registers.domain.passages import Point
from registers.importing.printed import EntryAsPrinted
from registers.importing.readers.files import read_register
from tests.importing.documents import WordRegister

BULLETS = 91
NUMBERS = 92
REFERENCES = 93


def numbering(document, number: int, levels: list[tuple[str, str]]) -> None:
    """A list of its own: (format, text) of each level."""
    xml = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (kind, text) in enumerate(levels)
    )
    part = document.part.numbering_part.element
    abstract = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{xml}</w:abstractNum>'
    part.insert(0, parse_xml(abstract))
    part.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
        )
    )


@pytest.fixture
def word() -> WordRegister:
    word = WordRegister()
    numbering(word.document, BULLETS, [("bullet", "•"), ("bullet", "o")])
    numbering(word.document, NUMBERS, [("decimal", "%1."), ("decimal", "%1.%2")])
    numbering(word.document, REFERENCES, [("decimal", "CR%1")])
    return word.headings().entry("CR1", controls="", actions="", consequences="")


def cell(word: WordRegister, column: int):
    return word.table.rows[1].cells[column]


def add(word: WordRegister, column: int, text: str, *, number: int = 0, depth: int = 0):
    paragraph = cell(word, column).add_paragraph(text)
    if number:
        paragraph._p.get_or_add_pPr().append(
            parse_xml(
                f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/>'
                f'<w:numId w:val="{number}"/></w:numPr>'
            )
        )
    return paragraph


def read(word: WordRegister, path: Path) -> EntryAsPrinted:
    return read_register(word.save(path / "register.docx")).entries[0]


CONTROLS = 4


def test_bullets_by_numbering_have_the_level_of_their_list(word, tmp_path) -> None:
    add(word, CONTROLS, "one", number=BULLETS)
    add(word, CONTROLS, "below", number=BULLETS, depth=1)
    assert read(word, tmp_path).points("controls") == (Point("one", 0), Point("below", 1))


def test_bullets_by_style_have_the_level_of_their_style(word, tmp_path) -> None:
    add(word, CONTROLS, "one").style = "List Bullet"
    add(word, CONTROLS, "below").style = "List Bullet 2"
    add(word, CONTROLS, "deeper").style = "List Bullet 3"
    assert [point.level for point in read(word, tmp_path).points("controls")] == [0, 1, 2]


def test_a_paragraph_without_a_bullet_is_plain(word, tmp_path) -> None:
    add(word, CONTROLS, "a lead-in line")
    assert read(word, tmp_path).points("controls") == (Point("a lead-in line", plain=True),)


def test_a_bullet_taken_off_again_leaves_a_plain_line(word, tmp_path) -> None:
    paragraph = add(word, CONTROLS, "no longer a bullet")
    paragraph.style = "List Bullet"
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>')
    )
    assert read(word, tmp_path).points("controls")[0].plain


def test_an_indented_plain_line_belongs_to_the_bullets_it_stands_under(word, tmp_path) -> None:
    add(word, CONTROLS, "one").style = "List Bullet"
    add(word, CONTROLS, "a heading among sub-points").paragraph_format.left_indent = Pt(28)
    assert read(word, tmp_path).points("controls")[1] == Point(
        "a heading among sub-points", level=1, plain=True
    )


@pytest.mark.parametrize("typed", ["• typed", "- typed", "· typed"])
def test_a_bullet_that_somebody_typed_is_a_bullet(word, tmp_path, typed: str) -> None:
    add(word, CONTROLS, typed)
    assert read(word, tmp_path).points("controls") == (Point("typed"),)


def test_soft_breaks_part_plain_lines_but_not_a_bullet(word, tmp_path) -> None:
    add(word, CONTROLS, "first\nsecond")
    add(word, CONTROLS, "one\nbullet").style = "List Bullet"
    assert read(word, tmp_path).points("controls") == (
        Point("first", plain=True),
        Point("second", plain=True),
        Point("one bullet"),
    )


def test_numbers_that_word_counts_are_part_of_the_text(word, tmp_path) -> None:
    add(word, CONTROLS, "one", number=NUMBERS)
    add(word, CONTROLS, "below", number=NUMBERS, depth=1)
    add(word, CONTROLS, "two", number=NUMBERS)
    assert [p.text for p in read(word, tmp_path).points("controls")] == [
        "1. one",
        "1.1 below",
        "2. two",
    ]


def test_strands_numbered_by_word_are_strands(word, tmp_path) -> None:
    add(word, 1, "Leadership", number=NUMBERS)
    add(word, 1, "Finance", number=NUMBERS)
    assert [s.line for s in read(word, tmp_path).strands] == ["1. Leadership", "2. Finance"]


def test_a_reference_that_word_counts_is_read(word, tmp_path) -> None:
    cell(word, 0).paragraphs[0].runs[0].text = ""
    add(word, 0, "", number=REFERENCES)
    assert read(word, tmp_path).reference == "CR1"


def test_deleted_text_is_gone_and_inserted_text_counts(word, tmp_path) -> None:
    paragraph = add(word, CONTROLS, "kept")
    paragraph._p.append(
        parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText> deleted</w:delText></w:r></w:del>")
    )
    paragraph._p.append(
        parse_xml(
            f'<w:ins {nsdecls("w")}><w:r><w:t xml:space="preserve"> inserted</w:t></w:r></w:ins>'
        )
    )
    assert read(word, tmp_path).points("controls")[0].text == "kept inserted"


def test_a_deleted_row_is_gone(word, tmp_path) -> None:
    word.entry("CR2")
    row = word.table.rows[2]._tr
    row.insert(0, parse_xml(f'<w:trPr {nsdecls("w")}><w:del w:id="1"/></w:trPr>'))
    edition = read_register(word.save(tmp_path / "register.docx"))
    assert [entry.reference for entry in edition.entries] == ["CR1"]


def test_an_arrow_from_a_symbol_font_is_an_arrow(word, tmp_path) -> None:
    paragraph = cell(word, 9).paragraphs[0]
    paragraph.clear()
    paragraph._p.append(
        parse_xml(f'<w:r {nsdecls("w")}><w:sym w:font="Wingdings" w:char="F0EA"/></w:r>')
    )
    paragraph.add_run(" Downwards")
    assert read(word, tmp_path).whole.direction.line == "↓ Downwards"


def test_text_in_a_table_within_a_cell_is_not_lost(word, tmp_path) -> None:
    inner = cell(word, CONTROLS).add_table(rows=1, cols=2)
    inner.rows[0].cells[0].text = "left"
    inner.rows[0].cells[1].text = "right"
    assert [p.text for p in read(word, tmp_path).points("controls")] == ["left", "right"]


@pytest.mark.parametrize(
    ("kind", "printed"),
    [
        ("lowerLetter", ["a) x", "b) x", "c) x", "d) x"]),
        ("upperLetter", ["A) x", "B) x", "C) x", "D) x"]),
        ("lowerRoman", ["i) x", "ii) x", "iii) x", "iv) x"]),
        ("upperRoman", ["I) x", "II) x", "III) x", "IV) x"]),
        ("decimalZero", ["01) x", "02) x", "03) x", "04) x"]),
    ],
)
def test_word_counts_in_letters_and_roman_numbers_too(
    word, tmp_path, kind: str, printed: list[str]
) -> None:
    numbering(word.document, 94, [(kind, "%1)")])
    for _ in printed:
        add(word, CONTROLS, "x", number=94)
    assert [p.text for p in read(word, tmp_path).points("controls")] == printed


def test_a_deeper_count_begins_again_under_the_next_number(word, tmp_path) -> None:
    for depth in (0, 1, 1, 0, 1):
        add(word, CONTROLS, "x", number=NUMBERS, depth=depth)
    assert [p.text for p in read(word, tmp_path).points("controls")] == [
        "1. x",
        "1.1 x",
        "1.2 x",
        "2. x",
        "2.1 x",
    ]


def test_hidden_text_is_not_read(word, tmp_path) -> None:
    paragraph = add(word, CONTROLS, "seen")
    paragraph.add_run(" unseen").font.hidden = True
    assert read(word, tmp_path).points("controls")[0].text == "seen"


def test_a_non_breaking_hyphen_is_a_hyphen(word, tmp_path) -> None:
    paragraph = add(word, CONTROLS, "multi")
    paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}><w:noBreakHyphen/><w:t>agency</w:t></w:r>"))
    assert read(word, tmp_path).points("controls")[0].text == "multi-agency"


def test_a_symbol_that_is_no_arrow_says_nothing(word, tmp_path) -> None:
    paragraph = add(word, CONTROLS, "smile")
    for char in ("F04A", "not a number"):
        paragraph._p.append(
            parse_xml(f'<w:r {nsdecls("w")}><w:sym w:font="Wingdings" w:char="{char}"/></w:r>')
        )
    assert read(word, tmp_path).points("controls")[0].text == "smile"


def test_rows_within_content_controls_are_rows(word, tmp_path) -> None:
    word.entry("CR2")
    row = word.table.rows[2]._tr
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent/></w:sdt>")
    row.addprevious(control)
    control[0].append(row)
    edition = read_register(word.save(tmp_path / "register.docx"))
    assert [entry.reference for entry in edition.entries] == ["CR1", "CR2"]


def test_a_row_that_starts_further_right_keeps_its_columns(word, tmp_path) -> None:
    word.row("", "", "", "", ["• more"], "", "", "", "", "")
    row = word.table.rows[2]._tr
    row.remove(row.tc_lst[0])
    row.insert(0, parse_xml(f'<w:trPr {nsdecls("w")}><w:gridBefore w:val="1"/></w:trPr>'))
    assert [p.text for p in read(word, tmp_path).points("controls")] == ["more"]


# What is seen on the page -------------------------------------------------------------------------

DRAWN = (
    "xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006' "
    "xmlns:wp='http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing' "
    "xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main' "
    "xmlns:wps='http://schemas.microsoft.com/office/word/2010/wordprocessingShape' "
    "xmlns:v='urn:schemas-microsoft-com:vml' "
    "xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math'"
)
DIRECTION, SCORE = 9, 5


def put(word: WordRegister, column: int, content: str) -> None:
    """Puts a run with this content in place of what stands in a cell."""
    paragraph = cell(word, column).paragraphs[0]
    for run in paragraph.runs:
        paragraph._p.remove(run._r)
    paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')} {DRAWN}>{content}</w:r>"))


def shape(kind: str, place: str = "") -> str:
    return (
        f"<w:drawing><wp:inline><wp:docPr id='1' name='x'/><a:graphic><a:graphicData><wps:wsp>"
        f"<wps:spPr>{place}<a:prstGeom prst='{kind}'/></wps:spPr></wps:wsp></a:graphicData>"
        "</a:graphic></wp:inline></w:drawing>"
    )


def picture(described: str) -> str:
    return (
        f"<w:drawing><wp:inline><wp:docPr id='1' name='x' descr='{described}'/></wp:inline>"
        "</w:drawing>"
    )


def wingdings(font: str, letter: str) -> str:
    return f"<w:rPr><w:rFonts w:ascii='{font}' w:hAnsi='{font}'/></w:rPr><w:t>{letter}</w:t>"


@pytest.mark.parametrize(
    ("content", "arrow"),
    [
        (shape("upArrow"), "↑"),
        (shape("leftRightArrow"), "↔"),
        (shape("rightArrow", "<a:xfrm rot='16200000'/>"), "↑"),
        (shape("upArrow", "<a:xfrm flipV='1'/>"), "↓"),
        (picture("Downwards arrow"), "↓"),
        ("<w:pict><v:shape type='#_x0000_t68'/></w:pict>", "↑"),
        (wingdings("Wingdings", "é"), "↑"),
        (wingdings("Wingdings 3", "q"), "▼"),
        (wingdings("Webdings", "5"), "▲"),
        ("<w:sym w:font='Wingdings 3' w:char='F069'/>", "↓"),
        (
            "<mc:AlternateContent><mc:Choice Requires='w16se'/><mc:Fallback><w:t>⬆</w:t>"
            "</mc:Fallback></mc:AlternateContent>",
            "⬆",
        ),
    ],
)
def test_an_arrow_is_read_however_it_was_made(word, tmp_path, content: str, arrow: str) -> None:
    put(word, DIRECTION, content)
    assert read(word, tmp_path).points("direction")[0].text == arrow


@pytest.mark.parametrize(
    "content",
    [
        picture("Picture 1"),
        shape("cloud"),
        shape("upArrow", "<a:xfrm rot='2700000'/>"),
        wingdings("Wingdings", "J"),
    ],
)
def test_a_direction_that_is_a_picture_is_said(word, tmp_path, content: str) -> None:
    put(word, DIRECTION, content)
    edition = read_register(word.save(tmp_path / "register.docx"))
    assert edition.entries[0].points("direction") == ()
    (problem,) = edition.problems
    assert problem.message.startswith("the direction is a picture")
    assert (problem.reference, problem.column) == ("CR1", "Direction of Travel")


def test_the_choice_of_an_old_drop_down_is_read(word, tmp_path) -> None:
    put(
        word,
        SCORE,
        "<w:fldChar w:fldCharType='begin'><w:ffData><w:ddList><w:result w:val='1'/>"
        "<w:listEntry w:val='20'/><w:listEntry w:val='12'/></w:ddList></w:ffData></w:fldChar>",
    )
    assert read(word, tmp_path).score == "12"


def test_an_equation_is_text(word, tmp_path) -> None:
    paragraph = cell(word, SCORE).paragraphs[0]
    paragraph.runs[0].text = ""
    paragraph._p.append(parse_xml(f"<m:oMath {DRAWN}><m:r><m:t>12</m:t></m:r></m:oMath>"))
    assert read(word, tmp_path).score == "12"


def test_a_raised_number_is_seen_as_one(word, tmp_path) -> None:
    run = cell(word, SCORE).paragraphs[0].add_run("2")
    run.font.superscript = True
    assert read(word, tmp_path).score == "16²"


def test_what_is_struck_through_is_not_read_and_is_said(word, tmp_path) -> None:
    paragraph = cell(word, SCORE).paragraphs[0]
    paragraph.runs[0].font.strike = True
    paragraph.add_run(" 12")
    edition = read_register(word.save(tmp_path / "register.docx"))
    assert edition.entries[0].score == "12"
    (problem,) = edition.problems
    assert ("struck through" in problem.message, problem.read) == (True, "16")


@pytest.mark.parametrize("kind", ["character", "paragraph"])
def test_text_hidden_by_its_style_is_not_read(word, tmp_path, kind: str) -> None:
    styles = word.document.styles.element
    styles.append(
        parse_xml(
            f"<w:style {nsdecls('w')} w:type='{kind}' w:styleId='Secret'><w:name w:val='Secret'/>"
            "<w:rPr><w:vanish/></w:rPr></w:style>"
        )
    )
    paragraph = add(word, CONTROLS, "seen")
    if kind == "character":
        paragraph.add_run(" unseen").style = "Secret"
    else:
        add(word, CONTROLS, "unseen").style = "Secret"
    assert [p.text for p in read(word, tmp_path).points("controls")] == ["seen"]


def test_a_hidden_row_is_not_read(word, tmp_path) -> None:
    word.entry("CR2")
    row = word.table.rows[2]._tr
    row.insert(0, parse_xml(f"<w:trPr {nsdecls('w')}><w:hidden/></w:trPr>"))
    edition = read_register(word.save(tmp_path / "register.docx"))
    assert [entry.reference for entry in edition.entries] == ["CR1"]
    assert "hidden" in edition.problems[0].message


def test_the_prompt_of_a_control_that_nobody_filled_in_is_no_text(word, tmp_path) -> None:
    paragraph = cell(word, CONTROLS).paragraphs[0]
    paragraph._p.append(
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r>"
            "<w:t>Click or tap here</w:t></w:r></w:sdtContent></w:sdt>"
        )
    )
    assert read(word, tmp_path).points("controls") == ()


def test_the_text_of_a_text_box_is_read_once(word, tmp_path) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>Boxed</w:t></w:r></w:p></w:txbxContent>"
    put(
        word,
        CONTROLS,
        f"<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx>"
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent>",
    )
    assert [p.text for p in read(word, tmp_path).points("controls")] == ["Boxed"]


def test_a_register_inside_a_table_made_for_the_layout_is_read(word, tmp_path) -> None:
    outer = word.document.add_table(rows=1, cols=1)
    outer.rows[0].cells[0]._tc.append(word.table._tbl)
    edition = read_register(word.save(tmp_path / "register.docx"))
    assert [entry.reference for entry in edition.entries] == ["CR1"]


def test_a_link_to_a_part_that_is_not_there_does_not_break_a_file(word, tmp_path) -> None:
    path = word.save(tmp_path / "register.docx")
    mended = tmp_path / "dangling.docx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(mended, "w") as new:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/_rels/document.xml.rels":
                content = content.replace(
                    b"</Relationships>",
                    b'<Relationship Id="x9" Type="urn:x" Target="NULL"/></Relationships>',
                )
            new.writestr(name, content)
    assert [entry.reference for entry in read_register(mended).entries] == ["CR1"]


def test_the_head_of_the_page_may_name_the_quarter(word, tmp_path) -> None:
    word.document.sections[0].header.paragraphs[0].text = "Quarter 3 2022/23"
    edition = read_register(word.save(tmp_path / "register.docx"))
    assert edition.mentions == ("Quarter 3 2022/23",)


def test_a_comment_on_a_cell_is_told_and_is_no_text_of_it(word, tmp_path) -> None:
    paragraph = cell(word, 5).paragraphs[0]
    word.document.add_comment(paragraph.runs, text="Is it not 20?", author="Jo Field")
    edition = read_register(word.save(tmp_path / "register.docx"))
    assert edition.entries[0].score == "16"
    assert [p.read for p in edition.problems if "a note belongs to this cell" in p.message] == [
        "Is it not 20?"
    ]
