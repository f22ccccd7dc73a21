"""What a pack says: computed once, whatever it is set in."""

from __future__ import annotations

from dataclasses import replace

from registers.domain.content import Content
from registers.domain.flags import KINDS
from registers.domain.scale import Position
from registers.exporting.pack.blocks import Heading, Pack, Paragraph, Picture, Points, Table
from registers.exporting.pack.composing import compose
from registers.exporting.pack.facts import ALL, EXEMPT, NOT_REACHED, STANDS_STILL
from registers.exporting.pack.pictures import TALLEST, heat_map
from registers.exporting.pack.schedule import not_for_publication, paragraphs
from tests.exporting.packs import NOW, content, entries, told


def headings(pack: Pack) -> list[str]:
    return [block.text for block in pack.blocks if isinstance(block, Heading)]


def below(pack: Pack, heading: str) -> list:
    """The blocks from a heading to the next."""
    blocks = list(pack.blocks)
    start = next(n for n, b in enumerate(blocks) if isinstance(b, Heading) and b.text == heading)
    rest = blocks[start + 1 :]
    end = next((n for n, b in enumerate(rest) if isinstance(b, Heading)), len(rest))
    return rest[:end]


def rows(pack: Pack, heading: str) -> list[list[str]]:
    [table] = [block for block in below(pack, heading) if isinstance(block, Table)]
    return [[" / ".join(p.text for p in cell.points) for cell in row] for row in table.rows]


def said(pack: Pack) -> str:
    """Every word of a pack."""
    words = [pack.title, pack.mark, *pack.under]
    for block in pack.blocks:
        match block:
            case Heading() | Paragraph():
                words.append(block.text)
            case Points():
                words += [point.text for point in block.points]
            case Picture():
                words += [block.words, block.svg]
            case Table():
                words += [p.text for row in block.rows for cell in row for p in cell.points]
    return "\n".join(words)


def test_the_position_counts_what_is_there() -> None:
    [points] = below(compose(told()), "Position this quarter")
    assert [point.text for point in points.points] == [
        "4 entries: 3 risks and 1 opportunity.",
        "1 risk rose: CR1.",
        "3 new entries: CR2, CR3 and CO1.",
        "Above the appetite of 12: 2 risks, CR1 and CR3.",
        "1 entry with a score and no square on the 5×5, because only the score was recorded: CR3.",
    ]


def test_the_table_of_changes_has_the_number_now_and_before_both_scores_and_the_reason() -> None:
    first = rows(compose(told()), "Changes since Q1 2026/27")[0]
    assert first == [
        "CR1", "CR10", "Title of CR1", "12", "20", "6 / by 31 March 2026", "Level",
        "Rose. Renumbered. The works began in August.",
    ]  # fmt: skip


def test_what_is_late_or_not_reached_is_named_with_what_proves_it() -> None:
    pack = compose(told())
    late = rows(pack, "Actions overdue, or put off this quarter")
    assert late[0][1:4] == ["Repair the wall", "Head of Roads", "31 August 2026"]
    assert late[0][4].startswith("Overdue")
    promised = rows(pack, "Residual scores promised and not reached")
    assert promised[0][4].startswith("Residual 6 was due by 31 March 2026.")


def test_the_entries_suggested_for_a_closer_look_have_their_reasons() -> None:
    found = rows(compose(told()), "Suggested for a closer look")
    assert [found[0][0], found[0][4]] == [
        "CR1",
        "3 flags / 14 points between the score of 20 and the promise of 6",
    ]


def test_the_tables_are_made_of_flags_that_there_are() -> None:
    assert set(NOT_REACHED) | set(STANDS_STILL) <= set(KINDS)


def test_a_score_without_a_square_is_listed_and_never_drawn() -> None:
    pack = compose(told())
    blocks = below(pack, "Risks by risk score")
    [picture] = [block for block in blocks if isinstance(block, Picture)]
    assert "CR3" not in picture.svg and "CR3" not in picture.words
    [points] = [block for block in blocks if isinstance(block, Points)]
    assert "Catastrophic × Likely (5×4) or Major × Certain (4×5)" in points.points[0].text


def test_the_words_of_a_picture_say_all_that_it_shows() -> None:
    [picture] = [b for b in below(compose(told()), "Risks by risk score") if isinstance(b, Picture)]
    assert picture.words.endswith("Major × Certain (20): CR1. Moderate × Possible (9): CR2.")


def test_a_draft_says_so_at_the_head_of_each_page() -> None:
    assert compose(told(terms=NOW._replace(published=False))).mark == "DRAFT"
    assert compose(told()).mark == ""


def test_a_part_for_the_cleared_says_that_it_is_not_for_publication() -> None:
    secret = {"held_back": True, "paragraphs": ("3",)}
    for part in (EXEMPT, ALL):
        pack = compose(replace(told(), part=part, **secret))
        assert pack.mark == "NOT FOR PUBLICATION"
        assert "paragraph 3 of Part 1 of Schedule 12A" in said(pack)
    public = compose(replace(told(), **secret))
    assert public.mark == ""
    assert "Part II of this pack is separate." in said(public)


def test_a_manager_s_paragraph_stands_in_place_of_our_own_and_an_empty_one_is_left_out() -> None:
    texts = {"purpose": "To tell members of the flood.", "implications": "None.\n• One point"}
    pack = compose(replace(told(), texts=texts))
    assert below(pack, "Purpose of this report") == [Paragraph("To tell members of the flood.")]
    assert "Implications" in headings(pack) and "Consultations" not in headings(pack)
    assert "Members are asked to note the position" in said(pack)


def test_an_empty_register_makes_a_pack_that_says_so() -> None:
    pack = compose(replace(told(), entries=(), pasts={}, closer_look=(), changes=None, since=None))
    assert "The register has no entries in this part." in said(pack)
    assert not [block for block in pack.blocks if isinstance(block, Picture)]


def test_strands_have_rows_of_their_own_with_what_they_share_left_blank() -> None:
    table = rows(compose(told()), "Risks")
    assert [row[1] for row in table[1:4]] == [
        "Title of CR2 / What the title leaves unsaid",
        "1. The first part",
        "2. The second part",
    ]
    assert table[2][0] == table[2][5] == table[2][8] == ""
    assert table[2][2:4] == ["Legal", "A fine"]


def test_the_table_of_scores_has_a_column_for_each_edition() -> None:
    assert rows(compose(told()), "Scores side by side")[0][:4] == [
        "CR1",
        "Title of CR1",
        "12",
        "20",
    ]


def test_so_many_moves_that_a_drawing_could_not_be_read_become_a_table() -> None:
    many = [content(n, f"CR{n}", (1 + n % 5, 5)) for n in range(1, 60)]
    before = [one._replace(position=Position(one.position.impact, 1)) for one in many]
    pack = compose(moved(many, before))
    assert len(rows(pack, "Risks: movement since Q1 2026/27")) == 59


def moved(after: list[Content], before: list[Content]):
    from registers.domain.difference import of_texts  # beside the one test that needs it

    return replace(told(*after), changes=of_texts(before, after, {}))


def test_a_crowded_map_keeps_its_height() -> None:
    crowd = [content(n, f"CR{n}", (1 + n % 5, 1 + n // 5 % 5)) for n in range(1, 501)]
    svg = heat_map(crowd, None, kind="risk", view="score", bands=NOW.bands, appetite=12)
    assert float(svg.split('height="')[1].split('"')[0]) < TALLEST


def test_only_the_number_of_a_paragraph_of_schedule_12a_is_ever_printed() -> None:
    reasons = [
        "Paragraph 3 of Part 1 of Schedule 12A: the dispute with Brightmere Energy",
        "Schedule 12A, paras 1 and 2",
        "Legal advice on the Keystone contract",
    ]
    assert paragraphs(reasons) == ("1", "2", "3")
    sentence = not_for_publication(paragraphs(reasons))
    assert "paragraphs 1, 2 and 3 of Part 1 of Schedule 12A" in sentence
    assert "Brightmere" not in sentence and "Keystone" not in sentence
    assert "as defined in Schedule 12A to" in not_for_publication(paragraphs(reasons[2:]))


def test_entries_are_told_apart_by_kind() -> None:
    assert [one.reference for one in told(*entries()).of_kind("opportunity")] == ["CO1"]
