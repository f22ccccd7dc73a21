"""The text of an entry: an empty column says why, and strands keep what is theirs."""

from registers.domain.content import Strand
from registers.domain.difference.sections import labels, reworded
from registers.domain.kinds import WORDS
from registers.domain.promises import lines
from registers.models import Kind
from registers.pages.entry.columns import columns, statements, strands, unread
from tests.domain.paths import action, risk

WORDS_OF_A_RISK = WORDS[Kind.RISK]


def shown(**values):
    return {column.label: column for column in columns(risk("4x4", **values), WORDS_OF_A_RISK)}


def test_a_blank_column_and_one_that_the_source_does_not_have_are_told_apart():
    found = shown(printed={"controls": ""})
    assert found["Current controls"].instead == "Left blank"
    assert found["Possible consequences"].instead == "Not in the source document"


def test_a_description_is_shown_only_where_there_is_one():
    assert "Description" not in shown()
    assert "Description" in shown(texts={"description": "Roads may fail"})


def test_a_column_says_since_when_it_is_unchanged():
    path = risk(*["4x4"] * 3, texts=[{"controls": "A"}, {"controls": "B"}, {"controls": "B"}])
    column = columns(path, WORDS_OF_A_RISK)[1]
    assert column.note == "Unchanged since Q2 2024/25"


def test_strands_keep_their_own_texts_and_actions():
    part = Strand(1, "Funding", lead="Head of Finance", controls="Rota", commentary="On time")
    path = risk("4x4", strands=(part,), actions=(action(strand=1), action("Other")))
    assert "Current controls" not in [c.label for c in columns(path, WORDS_OF_A_RISK)]
    strand = strands(path, WORDS_OF_A_RISK, lines(path, path.latest.actions))[0]
    assert [column.label for column in strand.columns] == ["Current controls"]
    assert [line.action.text for line in strand.actions] == ["Repair the bridge"]
    assert strand.commentary[0].plain


def test_types_of_strands_stand_for_those_of_the_entry():
    parts = (Strand(1, "A", types=("Finance",)), Strand(2, "B", types=("Finance", "People")))
    assert risk("4x4", strands=parts).latest.all_types == ("Finance", "People")


def test_the_latest_statements_are_shown_and_this_edition_always():
    path = risk(*["4x4"] * 6, direction=["up", "", "down", "up", "level", ""])
    assert [statement.stop.direction for statement in statements(path)] == [
        "",
        "level",
        "up",
        "down",
    ]


def test_a_printed_cell_is_shown_where_it_could_not_be_read_whole():
    printed = {"score": "16\n(Major/possible)", "residual": "12"}
    stop = risk(16, residual=12, printed=printed).latest
    assert unread(stop) == {"score": "16 (Major/possible)"}
    assert unread(risk("4x4", printed={"score": "16 (Major/Likely)"}).latest) == {}


def test_what_changed_comes_first_and_what_did_not_says_for_how_long():
    path = risk(
        *["4x4"] * 3,
        texts=[{"controls": words, "consequences": "Delay"} for words in ("A b", "A b", "A c")],
    )
    sections = reworded(path, path.before, path.latest, labels(WORDS_OF_A_RISK))
    assert sections[0].label == "Current controls"
    assert sections[0].count == "1 word added, 1 removed"
    same = {section.label: section for section in sections[1:]}
    assert same["Possible consequences"].standing == "3 quarters"
    assert same["Possible consequences"].count == "No change"
    assert same["Possible consequences"].text == ()


def test_one_section_can_be_read_in_full():
    path = risk(*["4x4"] * 2, texts={"controls": "Rota"})
    (section,) = reworded(path, path.before, path.latest, labels(WORDS_OF_A_RISK), "controls")
    assert section.text[0].text == "Rota"


def test_another_level_of_a_point_is_a_change_without_words():
    path = risk(*["4x4"] * 2, texts=[{"controls": "A\nB"}, {"controls": "A\n  - B"}])
    section = reworded(path, path.before, path.latest, labels(WORDS_OF_A_RISK))[0]
    assert section.count == "Set out anew, no word changed"
