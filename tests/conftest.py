"""What every test stands on: one database a run, left after each test as it was before it."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from io import StringIO
from typing import TypeVar
from urllib.parse import quote

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, reset_queries
from django.test import TransactionTestCase, override_settings
from hypothesis import settings as hypothesis_settings

from tests import factories
from tests.support.baseline import Baseline

pytest_plugins = ["tests.browser"]

hypothesis_settings.register_profile("ours", deadline=None)
hypothesis_settings.load_profile("ours")

Made = TypeVar("Made")

_baselines: list[Baseline] = []
_built: dict[Callable[[], object], tuple[Baseline, object]] = {}


@pytest.fixture(scope="session", autouse=True)
def plain_settings(django_test_environment: None) -> Iterator[None]:
    """Static files as they lie in the tree, passwords that are quick to make, caches in memory.

    Overridden, not assigned: whatever has read them while tests were collected reads them anew.
    """
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    in_memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    with override_settings(
        STORAGES={**settings.STORAGES, "staticfiles": plain},
        WHITENOISE_USE_FINDERS=True,
        WHITENOISE_AUTOREFRESH=True,
        CACHES=dict.fromkeys(settings.CACHES, in_memory),
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A database of this run alone, so that two runs never meet.

    On SQLite it is a file: a database in memory can't be shared by threads and processes with the
    locks that production has.
    """
    chosen = connection.settings_dict["TEST"]
    if connection.vendor == "sqlite":
        chosen["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
    else:
        chosen["NAME"] = f"test_five_by_five_{os.getpid()}"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """As pytest-django's; and what the migrations wrote is what a committing test goes back to."""
    with django_db_blocker.unblock():
        _baselines.append(Baseline())
    put_back = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda self: _baselines[-1].restore()
    yield
    TransactionTestCase._fixture_teardown = put_back
    with django_db_blocker.unblock():
        _disconnect_everybody_else()


def _disconnect_everybody_else() -> None:
    """PostgreSQL drops no database that a server thread is still connected to."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="session")
def common_ground(
    django_db_setup: None, django_db_blocker: object
) -> Callable[[Callable[[], Made]], AbstractContextManager[Made]]:
    """Rows that are costly to make, committed once for many tests:

        @pytest.fixture(scope="module")
        def council(common_ground):
            with common_ground(build_a_council) as council:
                yield council

    Until the block ends every test starts from these rows, whatever the test before it did. A
    function of a module is called once a run: other modules get its rows again.
    """

    @contextmanager
    def common_ground(build: Callable[[], Made]) -> Iterator[Made]:
        try:
            with django_db_blocker.unblock():
                rows, made = _again(build) or _anew(build)
                _baselines.append(rows)
            yield made
            _baselines.pop()
        finally:
            with django_db_blocker.unblock():
                _baselines[-1].restore()

    return common_ground


def _anew(build: Callable[[], Made]) -> tuple[Baseline, Made]:
    made = build()
    rows = Baseline()
    # What a function inside another makes may hang on where it stands, and rows on those below.
    if "<locals>" not in build.__qualname__ and len(_baselines) == 1:
        _built[build] = rows, copy.deepcopy(made)
    return rows, made


def _again(build: Callable[[], Made]) -> tuple[Baseline, Made] | None:
    if build not in _built or len(_baselines) > 1:
        return None
    rows, made = _built[build]
    rows.restore()
    _number_past_them()
    return rows, copy.deepcopy(made)


def _number_past_them() -> None:
    """A test that loaded a register has set PostgreSQL's counters to what it loaded, for good."""
    models = apps.get_models(include_auto_created=True)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def load_demo() -> None:
    # Its accounts have passwords that are printed, so it loads in development only.
    with override_settings(DEBUG=True):
        call_command("demo", stdout=StringIO())
    # Django has kept every query it made, since it was developing.
    reset_queries()


@pytest.fixture(scope="module")
def demo(common_ground) -> Iterator[None]:
    """The demo register, for the tests of a module."""
    with common_ground(load_demo):
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """What a test before this one cached was of other rows, perhaps with the same ids."""
    cache.clear()


@pytest.fixture
def cast(db: None) -> factories.Cast:
    """One person of each role."""
    return factories.cast()


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """The address of the tests' database, for a process of its own. The rows are committed."""
    chosen = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{chosen['NAME']}"
    login = f"{quote(chosen['USER'])}:{quote(chosen['PASSWORD'])}"
    return f"postgres://{login}@{chosen['HOST']}:{chosen['PORT'] or 5432}/{chosen['NAME']}"
