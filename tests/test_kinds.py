"""Each test bears the mark of what it needs, and the runs of `make` leave none of them out."""

from __future__ import annotations

from types import ModuleType, SimpleNamespace

import pytest
from _pytest.mark.expression import Expression

from tests.__main__ import QUICK, WHOLE, failures
from tests.support.kinds import kinds_of, share


def test_a_test_that_asks_for_nothing_is_pure(request):
    assert kinds_of(request.node) == {"pure"}


@pytest.mark.django_db
def test_a_test_with_the_mark_of_the_database_needs_one(request):
    assert kinds_of(request.node) == {"db"}


def test_a_test_whose_fixtures_need_the_database_needs_it_too(request, cast):
    assert kinds_of(request.node) == {"db"}


def test_a_test_whose_rows_another_program_reads_starts_programs(request, database_url):
    assert kinds_of(request.node) == {"db", "processes"}


def test_the_kind_follows_from_what_is_asked_for_and_imported():
    def kinds(*fixtures: str, **module: object) -> set[str]:
        of = ModuleType("tests.of_this_kind")
        vars(of).update(module)
        item = SimpleNamespace(
            fixturenames=fixtures, module=of, get_closest_marker=lambda name: None
        )
        return kinds_of(item)

    assert kinds("tmp_path", "page", "chrome", "db") == {"browser", "db"}
    assert kinds(subprocess="imported") == {"processes", "pure"}


def chosen(options: list[str], *kinds: str) -> bool:
    if "-m" not in options:
        return True
    said = options[options.index("-m") + 1]
    return Expression.compile(said).evaluate(lambda name, **_: name in kinds)


def test_every_kind_of_test_is_in_the_whole_and_what_a_database_decides_on_both():
    sqlite, postgres = WHOLE.values()
    for kinds, expected in (
        (["pure"], (True, False)),
        (["pure", "processes"], (True, False)),
        (["db"], (True, True)),
        (["db", "processes"], (True, True)),
        (["db", "browser"], (True, False)),
        (["db", "browser", "both"], (True, True)),
        (["db", "walks"], (False, True)),
    ):
        assert (chosen(sqlite, *kinds), chosen(postgres, *kinds)) == expected


def test_the_quick_run_has_neither_chromium_nor_other_programs_nor_walks_and_each_test_once():
    for options in QUICK.values():
        assert chosen(options, "pure")
        assert chosen(options, "db")
        assert not chosen(options, "db", "browser")
        assert not chosen(options, "pure", "processes")
        assert not chosen(options, "db", "walks")
    tests = list("gfbadec")
    shares = [options[-1].removeprefix("--share=") for options in QUICK.values()]
    first, second = share(tests, shares[0]), share(tests[::-1], shares[1])
    assert first | second == set(tests)
    assert not first & second


def test_a_run_without_a_test_has_not_failed_unless_neither_had_one():
    assert failures({"here": 0, "there": 0}) == []
    assert failures({"here": 0, "there": 5}) == []
    assert failures({"here": 5, "there": 5}) == ["here", "there"]
    assert failures({"here": 0, "there": 1}) == ["there"]
    assert failures({"here": 0, "there": -9}) == ["there"]
