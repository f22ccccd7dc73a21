"""A register over its editions, in figures and in a drawing."""

from registers.domain.drawing import series
from registers.domain.trends import Trend, trends
from tests.domain.paths import opportunity, risk

FIRST = [risk("4x5", entry=1, types=("People",)).latest, risk("2x2", entry=2).latest]
SECOND = [
    risk("4x4", "4x4", entry=1, types=("People",)).latest,
    opportunity("3x3", "3x3", entry=3, owner="").latest,
]
FOUND = trends([(FIRST[0].quarter, FIRST), (SECOND[0].quarter, SECOND)])


def values(slug: str) -> dict[str, tuple]:
    [found] = [one for one in FOUND if one.slug == slug]
    return {one.name: one.values for one in found.series}


def test_entries_scores_and_bands_of_each_edition():
    assert values("entries") == {"Risks": (2, 1), "Opportunities": (0, 1)}
    assert values("totals") == {"Risks": (24, 16), "Opportunities": (None, 9)}
    assert values("scores")["Risks"] == (12.0, 16.0)
    assert values("bands") == {"Very high": (1, 1), "High": (0, 0), "Medium": (0, 0), "Low": (1, 0)}


def test_who_is_above_appetite_and_for_how_long():
    assert values("above") == {"Above appetite": (1, 1)}
    assert values("time-above") == {"Editions": (1.0, 2.0)}


def test_who_came_and_went_since_the_edition_before():
    assert values("comings") == {"Arrivals": (None, 1), "Departures": (None, 1)}


def test_types_and_owners_with_most_entries_first():
    assert values("types") == {"People": (1, 1)}
    assert list(values("owners")) == ["CMT", "Nobody"]


def test_no_drawing_holds_more_than_two_series():
    assert all(len(series.draw(one).lines) <= 2 for one in FOUND)


def test_what_is_not_known_breaks_the_line():
    [totals] = [one for one in FOUND if one.slug == "totals"]
    risks, chances = series.draw(totals).lines
    assert len(risks.dots) == 2 and risks.path.count("M") == 1
    assert len(chances.dots) == 1


def test_a_drawing_of_nothing_is_empty():
    empty = Trend("x", "X", (FIRST[0].quarter,), (), ())
    assert series.draw(empty).lines == ()
