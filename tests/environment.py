"""The ground the tests stand on, laid before Django reads its settings.

pytest loads this first (`-p tests.environment` in pyproject.toml). It gives the settings what a
production machine would give them, and chooses the database:

    python -m pytest                   SQLite, or PostgreSQL where DATABASE_URL names one
    python -m pytest --db=sqlite       SQLite, whatever DATABASE_URL says
    python -m pytest --db=postgres     PostgreSQL: the one in DATABASE_URL, a server that is
                                       found on this machine, or one started for the run
"""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

from tests.support import postgres

SETTINGS = {
    "DEBUG": "0",
    "SECRET_KEY": "for-the-tests-only-" * 3,
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "HTTPS": "0",
    "ORGANISATION": "Ashmoor County Council",
    "SITE_URL": "http://testserver",
    # Playwright keeps an event loop in the main thread, where Django would refuse to use the
    # database. The tests use neither from the other.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
}
# What a developer's own environment must not change.
FOREIGN = (
    "BEHIND_PROXY",
    "CACHE_URL",
    "CONTACT",
    "CSRF_TRUSTED_ORIGINS",
    "EMAIL_URL",
    "EMERGENCY_ACCOUNT",
    "FROM_EMAIL",
    "LOG_FORMAT",
    "LOG_LEVEL",
    "LOG_REQUESTS",
    "LOCAL_ACCOUNTS",
    "MFA_REQUIRED_FOR",
    "METRICS_TOKEN",
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET",
    "OIDC_GROUPS_CLAIM",
    "OIDC_ISSUER",
    "OIDC_NAME",
    "OIDC_ROLES",
    "OIDC_SESSION_HOURS",
    "PROXIES",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--db",
        choices=("sqlite", "postgres"),
        default="postgres" if postgres.named_in_environment() else "sqlite",
        help="the database to run on",
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    os.environ.update(SETTINGS)
    for name in FOREIGN:
        os.environ.pop(name, None)
    if early_config.known_args_namespace.db == "postgres":
        os.environ["DATABASE_URL"] = postgres.find_or_start()
    else:
        # The tests make a file of their own; nothing is ever written to this one.
        os.environ["DATABASE_URL"] = "sqlite://:memory:"
    return (yield)


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.getoption('db')} ({postgres.origin() or 'a file of its own'})"


def pytest_unconfigure(config: pytest.Config) -> None:
    postgres.stop()
