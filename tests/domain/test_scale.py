"""The 5×5, in full: there are only 25 cells, so every one of them is asked."""

import pytest

from registers.domain import scale
from registers.domain.scale import CELLS, LEVELS, OPPORTUNITY, RISK, SCORES, Bands, Position

KINDS = (RISK, OPPORTUNITY)
EVERY_CELL = [(impact, likelihood) for impact in range(1, 6) for likelihood in range(1, 6)]
PRODUCTS = {1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16, 20, 25}


def test_there_are_25_cells_and_14_scores():
    assert [(cell.impact, cell.likelihood) for cell in CELLS] == EVERY_CELL
    assert set(SCORES) == PRODUCTS
    assert list(SCORES) == sorted(SCORES)


@pytest.mark.parametrize(("impact", "likelihood"), EVERY_CELL)
def test_a_score_is_impact_times_likelihood(impact, likelihood):
    assert Position(impact, likelihood).score == impact * likelihood


@pytest.mark.parametrize("level", [-1, 0, 6, 25, None, "3", 2.5])
def test_a_level_outside_1_to_5_is_refused_by_name(level):
    with pytest.raises(ValueError, match=r"^impact is a level from 1 to 5"):
        Position(level, 3)
    with pytest.raises(ValueError, match=r"^likelihood is a level from 1 to 5"):
        Position(3, level)


def test_positions_are_values():
    assert Position(4, 5) == Position(4, 5) != Position(5, 4)
    assert len({Position(4, 5), Position(4, 5), Position(5, 4)}) == 2
    assert sorted([Position(5, 1), Position(1, 5)]) == [Position(1, 5), Position(5, 1)]


@pytest.mark.parametrize("number", range(-5, 60))
def test_only_a_product_of_two_levels_is_a_score(number):
    assert scale.is_score(number) == (number in PRODUCTS)


@pytest.mark.parametrize("score", sorted(PRODUCTS))
def test_the_possible_positions_of_a_score_are_all_the_cells_that_multiply_to_it(score):
    cells = scale.possible_positions(score)
    expected = [pair for pair in EVERY_CELL if pair[0] * pair[1] == score]
    assert sorted((cell.impact, cell.likelihood) for cell in cells) == expected
    assert list(cells) == sorted(cells, reverse=True), "highest impact first"


@pytest.mark.parametrize("number", [n for n in range(-1, 30) if n not in PRODUCTS])
def test_a_number_that_is_no_score_has_no_positions(number):
    with pytest.raises(ValueError, match="is not a score of the 5×5"):
        scale.possible_positions(number)


@pytest.mark.parametrize("score", sorted(PRODUCTS))
def test_a_position_is_certain_only_where_one_cell_has_the_score(score):
    certain = {1: (1, 1), 9: (3, 3), 16: (4, 4), 25: (5, 5)}
    cell = scale.certain_position(score)
    assert (cell and (cell.impact, cell.likelihood)) == certain.get(score)


def test_twenty_is_never_guessed():
    assert scale.possible_positions(20) == (Position(5, 4), Position(4, 5))
    assert scale.certain_position(20) is None


def test_four_can_be_three_cells():
    assert scale.possible_positions(4) == (Position(4, 1), Position(2, 2), Position(1, 4))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("level", LEVELS)
def test_a_level_is_found_by_its_word_whatever_its_case(kind, level):
    for form in (str, str.upper, str.lower, "  {}\n".format):
        assert scale.impact_level(form(scale.impact_word(level, kind))) == level
        assert scale.likelihood_level(form(scale.likelihood_word(level))) == level


def test_the_top_impact_is_catastrophic_for_a_risk_and_outstanding_for_an_opportunity():
    assert scale.impact_word(5, RISK) == "Catastrophic"
    assert scale.impact_word(5, OPPORTUNITY) == "Outstanding"


@pytest.mark.parametrize("word", ["", "Maj", "5", "Major/Likely", "certainly"])
def test_a_word_that_is_no_level_names_none(word):
    assert scale.impact_level(word) is None
    assert scale.likelihood_level(word) is None


def test_impact_and_likelihood_have_words_of_their_own():
    assert scale.impact_level("Likely") is None
    assert scale.likelihood_level("Major") is None


def test_a_position_is_put_in_words_impact_first():
    assert Position(4, 5).words() == "Major × Certain"
    assert Position(5, 1).words(RISK) == "Catastrophic × Rare"
    assert Position(5, 1).words(OPPORTUNITY) == "Outstanding × Rare"


@pytest.mark.parametrize(
    ("band", "lowest", "highest"), [(1, 1, 4), (2, 5, 9), (3, 10, 15), (4, 16, 25)]
)
def test_bands_are_1_to_4_5_to_9_10_to_15_and_16_to_25_unless_set(band, lowest, highest):
    assert {Bands().of(score) for score in range(lowest, highest + 1)} == {band}


@pytest.mark.parametrize("kind", KINDS)
def test_the_ranges_of_the_bands_join_up_from_1_to_25(kind):
    for bands in (Bands(), Bands(2, 3, 4), Bands(23, 24, 25), Bands(6, 8, 20)):
        ranges = list(bands.ranges(kind))
        covered = [score for _, _, low, high in ranges for score in range(low, high + 1)]
        assert covered == list(range(1, 26))
        for band, word, low, high in ranges:
            assert {bands.of(score) for score in (low, high)} == {band}
            assert {bands.word(score, kind) for score in (low, high)} == {word}


@pytest.mark.parametrize(
    "thresholds", [(1, 10, 16), (5, 5, 16), (10, 5, 16), (5, 16, 16), (5, 10, 26), (0, 0, 0)]
)
def test_bands_that_do_not_rise_from_1_to_25_are_refused(thresholds):
    with pytest.raises(ValueError, match="bands rise from 1 to 25"):
        Bands(*thresholds)
