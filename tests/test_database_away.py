"""The database goes away and comes back: a page that says so, and nothing typed is lost."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from config import health
from tests.support.postgres import Server, free_port


@dataclass
class Site:
    """The production server on a PostgreSQL of its own, with the demo register in it."""

    database: Server
    port: int
    passwords: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    database, port = Server(), free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": database.url,
        "DJANGO_SETTINGS_MODULE": "tests.support.plain",
        "BIND": f"127.0.0.1:{port}",
        "WORKERS": "1",
    }

    def manage(*command: str) -> str:
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            env={**environment, "DEBUG": "1"},
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    try:
        manage("migrate")
        passwords = dict(re.findall(r"^ +([\w-]+) +(ashmoor-\S+)", manage("demo"), re.MULTILINE))
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            for line in process.stdout:
                if "Booting worker" in line:
                    break
            yield Site(database, port, passwords)
        finally:
            process.terminate()
            process.wait(timeout=30)
    finally:
        database.stop()


@pytest.fixture
def page(site: Site, chrome: Browser) -> Iterator[Page]:
    context = chrome.new_context(base_url=site.url)
    yield context.new_page()
    context.close()


def sign_in(page: Page, site: Site, login: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address or user name").fill(login)
    page.get_by_label("Password", exact=True).fill(site.passwords[login])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "login" not in url)


def test_while_the_database_is_away_what_was_typed_is_kept_and_sent_again(site, page):
    sign_in(page, site, "owner")
    page.goto("/my-updates/")
    page.locator("a[href*='/admin/registers/snapshot/']").first.click()
    form = page.url
    box = page.locator("textarea[name=commentary]")
    box.fill("Typed while it went away.\n<b>Not</b> a tag & kept as typed.")
    site.database.rest()
    try:
        page.get_by_role("button", name="Save").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "The register can’t be reached just now"
        )
        said = page.locator("main").inner_text()
        assert "Try again in a minute; what you typed is kept" in said
        again = page.get_by_role("button", name="Send it again")
        again.click()
        expect(again).to_be_visible()
        read = page.request.get("/my-updates/")
        assert (read.status, read.headers["retry-after"]) == (503, "60")
        assert "Try again in a minute" in read.text()
        assert "what you typed" not in read.text()
    finally:
        site.database.run()
    again.click()
    page.wait_for_url(lambda url: "snapshot" in url or "my-updates" in url)
    page.goto(form)
    expect(page.locator("textarea[name=commentary]")).to_have_value(
        "Typed while it went away.\n<b>Not</b> a tag & kept as typed."
    )
    expect(page.locator("[data-unsaved]")).to_be_hidden()


def test_who_closes_the_page_meanwhile_is_given_the_text_back_by_the_form(site, page):
    sign_in(page, site, "owner")
    page.goto("/my-updates/")
    page.locator("a[href*='/admin/registers/snapshot/']").first.click()
    form = page.url
    page.locator("textarea[name=commentary]").fill("Typed and then closed.")
    site.database.rest()
    try:
        page.get_by_role("button", name="Save").first.click()
        expect(page.get_by_role("button", name="Send it again")).to_be_visible()
    finally:
        site.database.run()
    page.goto(form)
    page.locator("[data-unsaved] [data-restore]").click()
    expect(page.locator("textarea[name=commentary]")).to_have_value("Typed and then closed.")


def test_a_password_is_never_written_into_the_page(site, page):
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address or user name").fill("owner")
    page.get_by_label("Password", exact=True).fill("a-secret-of-mine")
    site.database.rest()
    try:
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("can’t be reached")
        assert "a-secret-of-mine" not in page.content()
    finally:
        site.database.run()


def test_while_it_is_away_the_process_answers_and_is_not_ready(site):
    """So that it is sent nobody, and not ended either: it is ready as soon as its database is."""
    assert health.answers("healthz", port=site.port)
    assert health.answers("readyz", port=site.port)
    site.database.rest()
    try:
        assert health.answers("healthz", port=site.port)
        assert not health.answers("readyz", port=site.port)
    finally:
        site.database.run()
    assert health.answers("readyz", port=site.port)
