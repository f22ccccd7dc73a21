"""Log lines: of which request and which user, and never what somebody wrote or searched for."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from config import logs
from tests import factories
from tests.test_settings import PRODUCTION, run

SECRET = "Councillor Bell was told of it in confidence"
WORDS = "/?q=" + SECRET.replace(" ", "+")


@login_not_required
def breaks(request: HttpRequest) -> HttpResponse:
    """A page that fails over a word it was sent."""
    raise ValueError(f"not a score: {request.POST.get('text')} {request.GET.get('q')}")


urlpatterns = [path("breaks/", breaks), path("opens/<key>/", breaks)]

BREAKING = override_settings(ROOT_URLCONF=__name__)


@pytest.fixture
def written() -> Iterator[Callable[[], list[dict]]]:
    """The lines that were written since, each as a program reads it."""
    handler, requests = logging.StreamHandler(StringIO()), logging.getLogger("config.requests")
    handler.addFilter(logs.About())
    handler.setFormatter(logs.Json())
    logging.getLogger().addHandler(handler)
    level = requests.level
    requests.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in handler.stream.getvalue().splitlines()]
    requests.setLevel(level)
    logging.getLogger().removeHandler(handler)


def browser(**options: bool) -> Client:
    return Client(raise_request_exception=False, **options)


# Which request, which user ------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_line_names_the_request_the_user_and_what_came_of_it(cast, written):
    client = browser()
    client.force_login(cast.committee)
    answer = client.get("/help/scores/", headers={"X-Request-ID": "from-the-proxy.42"})
    assert answer["X-Request-ID"] == "from-the-proxy.42"
    (line,) = written()
    assert isinstance(line.pop("milliseconds"), int)
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "INFO",
        "logger": "config.requests",
        "message": line["message"],
        "request": "from-the-proxy.42",
        "user": str(cast.committee.pk),
        "method": "GET",
        "address": "/help/scores/",
        "status": 200,
    }
    assert line["message"].startswith("GET /help/scores/ 200 ")


@pytest.mark.parametrize("given", ["", "short", "a b c d e f g h", "x" * 65, "one\ntwo-three"])
def test_an_id_that_could_end_or_fill_a_line_is_not_taken(given):
    headers = {"X-Request-ID": given} if given else {}
    first, second = (
        browser().get("/healthz/nothing", headers=headers)["X-Request-ID"] for _ in range(2)
    )
    assert first != given
    assert first != second


# What is not in them ------------------------------------------------------------------------------


@BREAKING
@pytest.mark.parametrize("ask", ["post", "get"])
def test_what_was_sent_to_a_page_that_fails_is_not_in_its_line(ask, written):
    send = getattr(browser(), ask)
    answer = send("/breaks/", {"text": SECRET, "q": SECRET})
    failed, asked = written()
    assert answer.status_code == 500
    assert failed["request"] == asked["request"] == answer["X-Request-ID"]
    assert failed["level"] == "ERROR"
    assert failed["message"] == "Internal Server Error: /breaks/"
    assert failed["trace"][0].startswith("builtins.ValueError at ")
    assert "test_logs.py" in failed["trace"][0]
    assert SECRET not in str([failed, asked])
    assert "Bell" not in str([failed, asked])


def test_an_address_that_is_none_may_be_anything_and_is_not_written(written):
    browser().get(f"/{SECRET}/{WORDS}")
    assert f"Not Found: {logs.UNKNOWN}" in [line["message"] for line in written()]
    assert "Bell" not in str(written())


@BREAKING
def test_what_opens_an_account_is_not_written(written):
    browser().get("/opens/a-key-that-came-by-mail/")
    assert {line.get("address", "/opens/<key>/") for line in written()} == {"/opens/<key>/"}
    assert "came-by-mail" not in str(written())


@pytest.mark.django_db
def test_neither_a_password_nor_a_name_is_written_where_signing_in_fails(written):
    for _ in range(7):
        browser().post("/accounts/login/", {"login": "jo@ashmoor.example", "password": SECRET})
    assert len(written()) >= 7
    assert "Bell" not in str(written())
    assert "ashmoor" not in str(written())


@pytest.mark.django_db
def test_of_a_row_that_breaks_a_rule_the_rule_is_named_and_not_the_row(written):
    factories.OwnerFactory(name=SECRET)
    try:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO registers_owner SELECT * FROM registers_owner")
    except IntegrityError:
        logging.getLogger("here").exception("It was not kept.")
    (line,) = written()
    assert "Bell" not in str(line)
    assert "registers_owner_pkey" in str(line) or "SQLITE_CONSTRAINT_PRIMARYKEY" in str(line)


def test_the_words_of_the_database_are_told_only_where_it_is_away():
    def told(error: Exception) -> str:
        return " ".join(logs._told(error))

    away = logs.psycopg.OperationalError("connection refused")
    assert "connection refused" in told(away)
    assert "near" not in told(OperationalError(f'fts5: syntax error near "{SECRET}"'))
    assert "Bell" not in told(logs.sqlite3.OperationalError(f"malformed MATCH: {SECRET}"))
    assert "Bell" not in told(logs.smtplib.SMTPDataError(554, SECRET.encode()))


# Their form ---------------------------------------------------------------------------------------


def record(message: str, *args: object) -> logging.LogRecord:
    made = logging.LogRecord("here", logging.WARNING, __file__, 1, message, args, None)
    logs.About().filter(made)
    return made


def test_a_plain_line_is_one_line_whatever_is_in_it():
    line = logs.Plain().format(record("It broke:\r\n%s", "2026-01-01 ERROR forged"))
    assert "\n" not in line
    assert line.endswith("WARNING here request=- user=- It broke:\\n2026-01-01 ERROR forged")


def test_what_a_line_of_others_quotes_of_a_query_is_cut():
    """gunicorn's, of a request that broke it."""
    said = logs.Plain().format(record("Error handling request %s", WORDS))
    assert said.endswith("Error handling request /?…")


WARNS = (
    "import django, logging; django.setup(); logging.getLogger('here').warning('Something is off');"
    "from django.db import connection as c; c.cursor().execute('select %s', ['Bell']);"
    "print(logging.getLogger('config.requests').level, len(logging.getLogger('django').handlers))"
)


def test_the_environment_chooses_the_form_the_level_and_a_line_for_each_request():
    json_lines = run("-c", WARNS, LOG_FORMAT="json", LOG_REQUESTS="1", **PRODUCTION)
    assert json.loads(json_lines.stderr)["message"] == "Something is off"
    assert json_lines.stdout.split() == [str(logging.INFO), "0"]
    plain = run("-c", WARNS, LOG_LEVEL="DEBUG", **PRODUCTION)
    assert "WARNING here request=- user=- Something is off\n" in plain.stderr
    assert "Bell" not in plain.stderr, "no statement is written, at no level"
    assert plain.stdout.split() == [str(logging.WARNING), "0"]
    refused = run("-c", WARNS, LOG_FORMAT="xml", **PRODUCTION)
    assert "LOG_FORMAT" in refused.stderr
