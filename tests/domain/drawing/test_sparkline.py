"""A sparkline is steps on one scale, and says in words what it draws."""

from django.template import Context, Template

from registers.domain.drawing.sparkline import height, sparkline


def test_the_scale_runs_from_0_to_25_in_every_sparkline():
    assert height(25) == 2
    assert height(0) == 36
    assert height(20) == 8.8


def test_scores_are_drawn_as_steps_and_not_as_slopes():
    assert sparkline([20, 20, 25, 25]).path == "M2 8.8H52V2H102"


def test_an_edition_without_a_score_is_a_gap_in_the_line():
    assert sparkline([16, None, 16, 20]).path == "M2 14.2H27M52 14.2H77V8.8H102"


def test_one_edition_makes_a_line_and_a_dot():
    line = sparkline([12], residual=8)
    assert line.path == "M2 19.7H102"
    assert line.dot == (102, 19.7)
    assert line.residual_y == height(8)


def test_the_dot_is_left_out_where_the_last_edition_has_no_score():
    assert sparkline([12, None]).dot is None


def test_no_edition_and_no_score_are_drawn_as_nothing():
    assert sparkline([]).path == ""
    assert sparkline([]).label == "No scores"
    assert sparkline([None, None]).path == ""


def test_the_label_says_every_score():
    label = sparkline([16, None, 20], residual=12).label
    assert label == "Score over 3 editions: 16, no score, 20. Residual 12"


def test_it_is_drawn_without_style_and_with_its_words():
    html = Template("{% load drawing %}{% spark line 'opportunity' %}").render(
        Context({"line": sparkline([8, 12], residual=16)})
    )
    assert html.startswith('<svg class="spark spark-opp" viewBox="0 0 108 38" role="img"')
    assert 'aria-label="Score over 2 editions: 8, 12. Residual 16"' in html
    assert "style" not in html
