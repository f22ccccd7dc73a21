"""Bulleted text, read and written and compared: for every passage that hypothesis can think of."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from registers.domain.passages import (
    ADDED,
    BULLET,
    DEEPEST,
    PLAIN,
    REMOVED,
    SAME,
    Difference,
    Node,
    Point,
    Run,
    compare,
    nest,
    parse,
    word_difference,
    write,
)

# Texts made of what might be mistaken for something else: marks, pilcrows, spaces, line breaks.
TRICKY = st.text(
    st.sampled_from("ab o•●·*\uf0b7–—-◦○▪▫\uf0a7¶1.\t\n\r\x0b\x0c\x1c\x1f\x85\xa0\u2028\u200b")
)
ANY_TEXT = st.one_of(TRICKY, st.text()).filter(lambda text: text.split())
POINTS = st.builds(Point, ANY_TEXT, st.integers(0, DEEPEST), st.booleans())
PASSAGES = st.lists(POINTS, max_size=8).map(tuple)
MODES = st.sampled_from([BULLET, PLAIN])

WORDS = st.lists(st.sampled_from(["the", "plan", "is", "late", "late,", "Late"]), max_size=12)
SENTENCES = WORDS.map(" ".join)
PLAIN_PASSAGES = st.lists(SENTENCES.filter(bool).map(Point), max_size=6)


@given(PASSAGES, MODES)
@example((Point("- not a bullet", plain=True),), PLAIN)
@example((Point("o", 1), Point("¶", plain=True), Point("¶x")), BULLET)
def test_what_is_written_is_read_back_the_same(passage, mode):
    assert parse(write(passage, mode), mode) == passage


@given(st.text(), MODES)
def test_any_text_at_all_can_be_read_and_settles_at_once(text, mode):
    written = write(parse(text, mode), mode)
    assert write(parse(written, mode), mode) == written


@given(st.lists(ANY_TEXT), MODES)
def test_no_word_is_lost_in_reading(texts, mode):
    passage = parse("\n".join("• " + " ".join(text.split()) for text in texts), mode)
    assert [point.text for point in passage] == [" ".join(text.split()) for text in texts]


def test_the_written_form():
    passage = (
        Point("One point on a line"),
        Point("a sub-point", 1),
        Point("below that", 2),
        Point("a plain paragraph among bullets", plain=True),
    )
    assert write(passage) == (
        "One point on a line\n  - a sub-point\n    - below that\n¶ a plain paragraph among bullets"
    )


def test_in_a_commentary_lines_are_plain_unless_they_carry_a_bullet():
    text = "The plan is late.\n• by a month"
    assert parse(text, PLAIN) == (Point("The plan is late.", plain=True), Point("by a month"))
    assert write(parse(text, PLAIN), PLAIN) == text


@pytest.mark.parametrize("mark", "•●·*–—-\uf0b7")
def test_any_usual_mark_of_the_first_level_is_a_bullet(mark):
    assert parse(f"{mark} Costs rise") == (Point("Costs rise"),)
    assert parse(f"{mark}\tCosts rise", PLAIN) == (Point("Costs rise"),)


@pytest.mark.parametrize("mark", ["◦ ", "○ ", "▪ ", "▫ ", "\uf0a7 ", "o\t"])
def test_a_mark_that_editors_use_below_makes_a_sub_point(mark):
    assert parse(f"Costs rise\n{mark}in winter") == (Point("Costs rise"), Point("in winter", 1))


@pytest.mark.parametrize("text", ["o dear", "-5 per cent", "*footnote", "1. first", "—"])
def test_what_only_looks_like_a_mark_is_text(text):
    expected = (Point(text),) if text != "—" else ()
    assert parse(text) == expected


def test_tabs_and_pairs_of_spaces_are_levels_and_blank_lines_are_nothing():
    text = "\n\nOne\n\tTwo\n\t\tThree\n    Three again\n   \n  Two again\n"
    assert [(point.text, point.level) for point in parse(text)] == [
        ("One", 0),
        ("Two", 1),
        ("Three", 2),
        ("Three again", 2),
        ("Two again", 1),
    ]


def test_no_indentation_is_deeper_than_the_deepest():
    assert parse(" " * 99 + "far in") == (Point("far in", DEEPEST),)


def test_a_point_is_one_line_single_spaced():
    assert Point("  two\n\twords ").text == "two words"


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_a_point_has_text(text):
    with pytest.raises(ValueError, match="a point has text"):
        Point(text)


@pytest.mark.parametrize("level", [-1, DEEPEST + 1])
def test_a_point_has_a_level_within_bounds(level):
    with pytest.raises(ValueError, match="level is 0 to 8"):
        Point("text", level)


def flat(nodes):
    for node in nodes:
        yield node.point
        yield from flat(node.children)


def every(nodes):
    for node in nodes:
        yield node
        yield from every(node.children)


@given(PASSAGES)
def test_nesting_keeps_every_point_and_their_order(passage):
    assert tuple(flat(nest(passage))) == passage


@given(PASSAGES)
def test_a_child_is_deeper_than_its_parent_and_siblings_never_hide_one(passage):
    for node in every(nest(passage)):
        levels = [child.point.level for child in node.children]
        assert all(level > node.point.level for level in levels)
        assert all(later <= earlier for earlier, later in pairwise(levels))


def test_a_deeper_point_belongs_to_the_nearest_shallower_one_before_it():
    one, two, three, four = Point("1"), Point("1.1", 1), Point("1.1.1", 3), Point("2")
    assert nest([one, two, three, four]) == (
        Node(one, (Node(two, (Node(three),)),)),
        Node(four),
    )


def of(runs, *changes):
    return " ".join(run.text for run in runs if run.change in changes)


@given(SENTENCES, SENTENCES)
def test_the_words_that_stay_and_the_words_that_go_are_the_text_before(before, after):
    runs = word_difference(before, after)
    assert of(runs, SAME, REMOVED) == before
    assert of(runs, SAME, ADDED) == after
    assert all(run.text for run in runs)


@given(SENTENCES)
def test_a_text_does_not_differ_from_itself(text):
    assert word_difference(text, text) == ((Run(SAME, text),) if text else ())


def test_removed_words_stand_before_the_words_that_replace_them():
    assert word_difference("the plan is late", "the plan is on time") == (
        Run(SAME, "the plan is"),
        Run(REMOVED, "late"),
        Run(ADDED, "on time"),
    )


@given(PLAIN_PASSAGES, PLAIN_PASSAGES)
def test_every_point_of_either_passage_is_in_the_difference_in_reading_order(before, after):
    lines = compare(before, after).lines
    old = [text for line in lines if (text := of(line, SAME, REMOVED))]
    new = [text for line in lines if (text := of(line, SAME, ADDED))]
    assert old == [point.text for point in before]
    assert new == [point.text for point in after]


@given(PLAIN_PASSAGES, PLAIN_PASSAGES)
def test_a_difference_counts_its_words_and_says_whether_there_is_any(before, after):
    difference = compare(before, after)
    then = sum(len(point.text.split()) for point in before)
    now = sum(len(point.text.split()) for point in after)
    assert now - then == difference.added - difference.removed
    same = [point.text for point in before] == [point.text for point in after]
    assert difference.changed is not same


def test_a_reworded_point_is_compared_with_the_one_it_was():
    before = parse("Budget gap of £4m\nStaff leave")
    after = parse("Budget gap of £6m\nA new point altogether\nStaff leave")
    assert compare(before, after) == Difference(
        (
            (Run(SAME, "Budget gap of"), Run(REMOVED, "£4m"), Run(ADDED, "£6m")),
            (Run(ADDED, "A new point altogether"),),
            (Run(SAME, "Staff leave"),),
        )
    )


def test_points_that_have_nothing_in_common_are_not_paired():
    difference = compare(parse("Staff leave"), parse("Costs rise"))
    assert difference.lines == ((Run(ADDED, "Costs rise"),), (Run(REMOVED, "Staff leave"),))
