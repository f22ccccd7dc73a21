"""What machines ask: whether a process is there, and whether it can do its work."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

from config import health
from tests.support.postgres import free_port

BOTH = ("/healthz", "/readyz")


def test_a_process_that_answers_is_healthy_whatever_its_database_does():
    """pytest allows no query here."""
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"Healthy.\n")


@pytest.mark.django_db
def test_it_is_ready_where_the_database_is_up_to_date():
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"Ready.\n")


@pytest.mark.django_db
def test_it_is_not_ready_before_the_last_migration_and_says_what_to_run():
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE id IN "
            "(SELECT MAX(id) FROM django_migrations WHERE app = 'registers')"
        )
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert "manage.py migrate is still to be run" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("page", BOTH)
def test_who_asks_needs_neither_tls_nor_the_name_of_the_site(page):
    with override_settings(SECURE_SSL_REDIRECT=True, ALLOWED_HOSTS=["register.example.gov.uk"]):
        assert Client().get(page, headers={"host": "10.0.0.7:8000"}).status_code == 200
        assert Client().get("/", headers={"host": "10.0.0.7:8000"}).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("page", BOTH)
def test_an_answer_is_never_kept_and_of_no_session(page, django_assert_max_num_queries):
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    browser.get(page)
    with django_assert_max_num_queries(2) as asked:
        answer = browser.get(page)
    assert not any("session" in query["sql"] for query in asked.captured_queries)
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"]
    assert not answer.cookies


def test_where_nothing_answers_the_image_says_so(monkeypatch):
    monkeypatch.setenv("PORT", str(free_port()))
    assert health.main([]) == health.main(["readyz"]) == 1


def test_what_is_no_probe_is_not_asked(capsys):
    assert health.main(["login"]) == 2
    assert "ask for healthz or readyz" in capsys.readouterr().err
