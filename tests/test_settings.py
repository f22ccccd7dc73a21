"""Settings from the environment: strict, loud, and never weaker than production by default.

Each test starts the program anew, as a machine would.
"""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

SECRET = "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PRODUCTION = {
    "SECRET_KEY": SECRET,
    "ALLOWED_HOSTS": "register.example.gov.uk",
    "DATABASE_URL": "sqlite://:memory:",
    "CONTACT": "Jo Field, register@example.gov.uk",
}
OF_THE_MACHINE = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={**OF_THE_MACHINE, "DJANGO_SETTINGS_MODULE": "config.settings", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def ask(names: str, **environment: str) -> list[str]:
    """What the settings say, each as Python would write it."""
    printed = ", ".join(f"settings.{name}" for name in names.split())
    done = run("-c", f"from django.conf import settings; print({printed})", **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("start", ["manage.py check", "-c import config.wsgi"])
def test_production_refuses_to_start_without_its_secret(start):
    without = {name: value for name, value in PRODUCTION.items() if name != "SECRET_KEY"}
    done = run(*start.split(maxsplit=1), **without)
    assert done.returncode != 0
    assert "SECRET_KEY" in done.stderr


@pytest.mark.parametrize("secret", ["", "secret"])
def test_production_refuses_a_secret_that_is_none(secret):
    done = run("manage.py", "check", **{**PRODUCTION, "SECRET_KEY": secret})
    assert done.returncode != 0
    assert "SECRET_KEY" in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "perhaps"),
        ("HTTPS", "maybe"),
        ("DATABASE_URL", "mysterious"),
        ("MFA_REQUIRED_FOR", "Risk manger"),
        ("OIDC_ROLES", '{"Risk managers": ["Risk manger"]}'),
        ("OIDC_ROLES", '["Risk managers"]'),
    ],
)
def test_a_setting_that_can_not_be_read_stops_the_program_and_is_named(name, value):
    done = run("manage.py", "check", **{**PRODUCTION, name: value})
    assert done.returncode != 0
    assert name in done.stderr


def test_debugging_is_off_and_cookies_are_secure_unless_asked_otherwise():
    names = "DEBUG SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_SSL_REDIRECT"
    assert ask(names, **PRODUCTION) == ["False", "True", "True", "True"]
    assert ask(names, DEBUG="1") == ["True", "False", "False", "False"]


def test_a_sign_on_service_needs_its_client_and_the_day_it_is_away_an_account():
    service = {"OIDC_ISSUER": "https://login.example/", "OIDC_CLIENT_ID": "register"}
    for said, missing in (
        ({**service, "OIDC_CLIENT_SECRET": ""}, "OIDC_CLIENT_SECRET"),
        ({**service, "OIDC_CLIENT_SECRET": "x", "LOCAL_ACCOUNTS": "0"}, "EMERGENCY_ACCOUNT"),
    ):
        done = run("manage.py", "check", **PRODUCTION, **said)
        assert done.returncode != 0
        assert missing in done.stderr
    assert ask("OIDC_ISSUER LOCAL_ACCOUNTS", **PRODUCTION, LOCAL_ACCOUNTS="0") == ["True"]


def test_the_proxies_in_front_are_counted_where_there_are_any():
    name = "ALLAUTH_TRUSTED_PROXY_COUNT"
    assert ask(name, **PRODUCTION) == ["0"]
    assert ask(name, **PRODUCTION, BEHIND_PROXY="1") == ["1"]
    assert ask(name, **PRODUCTION, BEHIND_PROXY="1", PROXIES="2") == ["2"]


def test_a_development_machine_needs_no_settings_but_debug():
    done = run("manage.py", "check", DEBUG="1")
    assert done.returncode == 0, done.stderr


def test_the_settings_of_production_pass_django_s_own_check():
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.returncode == 0, done.stderr


def test_production_is_told_at_the_start_that_nobody_can_be_asked():
    without = {name: value for name, value in PRODUCTION.items() if name != "CONTACT"}
    done = run("manage.py", "check", **without)
    assert done.returncode == 0, "it starts all the same"
    assert "CONTACT is not set, so no page says whom readers can ask." in done.stderr
    assert "CONTACT" not in run("manage.py", "check", **PRODUCTION).stderr
    assert "CONTACT" not in run("manage.py", "check", DEBUG="1").stderr


def test_what_is_served_is_the_server_that_was_measured():
    """With threads, so that a slow line holds nobody up: the container's and `make serve` alike."""
    measured = "--config config/gunicorn.py"
    served = subprocess.run(
        ["make", "--dry-run", "serve"], cwd=settings.BASE_DIR, capture_output=True, text=True
    )
    assert re.search(rf"gunicorn config\.wsgi .*{measured}", served.stdout), served
    contained = (settings.BASE_DIR / "Dockerfile").read_text().splitlines()[-1]
    assert measured.replace(" ", '", "') in contained
    assert "config/gunicorn.py" in (settings.BASE_DIR / "benchmarks" / "load.py").read_text()


def test_the_server_takes_its_size_from_the_environment():
    asked = ["-m", "gunicorn", "--config", "config/gunicorn.py", "--print-config", "config.wsgi"]
    said = run(*asked, **PRODUCTION, HTTPS="0", WORKERS="3", THREADS="5").stdout
    assert dict(re.findall(r"^(workers|threads|worker_class) += (\S+)", said, re.M)) == {
        "workers": "3",
        "threads": "5",
        "worker_class": "gthread",
    }
