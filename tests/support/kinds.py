"""What a test needs, as a mark that pytest can choose by: derived from the test, never written.

    pure        no database of the run: one run is enough, whatever the database
    db          a database
    browser     Chromium
    processes   programs of its own beside the tests

    python -m pytest -m pure
    python -m pytest -m "not browser and not processes"

`make test` runs on one database what it can't change: on SQLite what needs none, and what happens
in Chromium, where a page is what matters (what its forms do is asked without a browser, on both);
on PostgreSQL what goes through a great many pages and files. Two marks for that are written by
hand: `both`, on what happens in Chromium and on PostgreSQL too, and `walks`.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

MARKS = {
    "pure": "needs no database of the run",
    "db": "needs a database",
    "browser": "needs Chromium",
    "processes": "starts programs of its own",
    "both": "happens in Chromium, and on PostgreSQL too",
    "walks": "goes through a great many pages or files",
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


def pytest_collection_finish() -> None:
    """What was collected lives as long as the run: to look it over for garbage again and again took
    a seventh of the time."""
    gc.collect()
    gc.freeze()


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
