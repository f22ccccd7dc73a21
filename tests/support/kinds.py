"""What a test needs, as a mark that pytest can choose by: derived from the test, never written.

    pure        no database of the run: one run is enough, whatever the database
    db          a database
    browser     Chromium
    processes   programs of its own beside the tests

    python -m pytest -m pure
    python -m pytest -m "not browser and not processes"

Two marks are written by hand, on tests whose answer does not hang on the database, so that
`make test` runs each on one: `looks`, on tests in Chromium that read pages and change nothing (a
page of such a test that posts a form fails it, tests/browser.py), and `walks`, on the many that ask
every address as every role.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

MARKS = {
    "pure": "needs no database of the run",
    "db": "needs a database",
    "browser": "needs Chromium",
    "processes": "starts programs of its own",
    "looks": "reads pages in Chromium and changes nothing",
    "walks": "asks every address as every role",
}
FIXTURES = {
    "db": {"db", "transactional_db", "django_db_setup"},
    "browser": {"chrome"},
    "processes": {"database_url"},
}


def pytest_configure(config: pytest.Config) -> None:
    for name, meaning in MARKS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--share", default="1/1", help="only this share of the tests: 1/2, or 2/2")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        for kind in kinds_of(item):
            item.add_marker(kind)
    kept = share([item.nodeid for item in items], config.getoption("--share"))
    if others := [item for item in items if item.nodeid not in kept]:
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item.nodeid in kept]


def share(names: list[str], said: str) -> set[str]:
    """'1/2' is every other one from the first, '2/2' every other from the second, by the alphabet:
    the order of the tests is another in each run."""
    number, of = map(int, said.split("/"))
    return set(sorted(names)[number - 1 :: of])


def kinds_of(item: pytest.Item) -> set[str]:
    needs = set(_needs(item))
    return needs if "db" in needs else {*needs, "pure"}


def _needs(item: pytest.Item) -> Iterator[str]:
    asked = set(getattr(item, "fixturenames", ()))
    for kind, fixtures in FIXTURES.items():
        if asked & fixtures:
            yield kind
    if item.get_closest_marker("django_db"):
        yield "db"
    # A module that starts programs says so by what it imports.
    if hasattr(getattr(item, "module", None), "subprocess"):
        yield "processes"
