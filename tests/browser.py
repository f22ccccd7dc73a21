"""Chromium on the real site: served in threads, styled, under the strict policy.

    def test_a_cell_opens_the_list_behind_it(site, new_page, cast):
        page = new_page(cast.committee)
        page.goto("/registers/corporate/2018-19-q3/")
        assert not axe(page)

A page that meets an error in the console, a breach of the Content-Security-Policy, a missing file
or an answer of 500 fails its test at the end, unless the test has read and cleared `problems`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from registers.models import User
from tests.support import chromium

# The parts of a page, as against the page itself and what a script asks the server.
PARTS = {"stylesheet", "script", "image", "font", "media", "manifest"}

WIDTHS = (390, 820, 1440)
SCHEMES = ("light", "dark")

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")

REPORT_BREACHES = """
document.addEventListener("securitypolicyviolation", (breach) => console.error(
    `Content-Security-Policy: ${breach.effectiveDirective} forbids ${breach.blockedURI}`
    + ` (${breach.sourceFile}:${breach.lineNumber}) ${breach.sample}`));
"""


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """One browser for the whole run."""
    path = chromium.find()
    if path is None:
        pytest.fail(chromium.MISSING, pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(chromium.FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(django_db_setup: None) -> Iterator[LiveServer]:
    """The site in threads of this process, for the whole run."""
    server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture
def site(server: LiveServer, transactional_db: None) -> str:
    """The address of the running site. Rows a test makes are committed, and gone after it."""
    return server.url


@pytest.fixture
def problems() -> Iterator[list[str]]:
    """What went wrong in the pages of this test. Must be empty when it ends."""
    found: list[str] = []
    yield found
    assert not found, "the browser met problems:\n" + "\n".join(found)


class Windows:
    """Browser contexts that are used again: what they fetched stays warm, what they knew is gone.

    One context is one person's browser; it is lent to one test at a time.
    """

    def __init__(self, chrome: Browser, site: str) -> None:
        self.chrome, self.site = chrome, site
        self.idle: dict[str, list[BrowserContext]] = {}

    def lend(self, options: dict[str, object]) -> BrowserContext:
        idle = self.idle.setdefault(repr(sorted(options.items())), [])
        if idle:
            context = idle.pop()
            self._forget(context)
            return context
        context = self.chrome.new_context(base_url=self.site, **options)
        context.set_default_timeout(30_000)
        context.add_init_script(REPORT_BREACHES)
        return context

    def _forget(self, context: BrowserContext) -> None:
        """Only now: a page that is closed keeps what was typed in it, after it has gone."""
        page = context.new_page()
        everything = {"origin": self.site, "storageTypes": "all"}
        context.new_cdp_session(page).send("Storage.clearDataForOrigin", everything)
        page.close()

    def take_back(self, context: BrowserContext, options: dict[str, object]) -> None:
        context.set_offline(False)
        context.unroute_all()
        context.clear_permissions()
        while context.pages:
            context.pages[-1].close()
        context.clear_cookies()
        self.idle[repr(sorted(options.items()))].append(context)


@pytest.fixture(scope="session")
def windows(chrome: Browser, server: LiveServer) -> Windows:
    return Windows(chrome, server.url)


@pytest.fixture
def new_page(site: str, windows: Windows, problems: list[str]) -> Iterator[Callable[..., Page]]:
    """Opens a browser of its own for one person, or for nobody: `new_page(user, width=390)`.

    Every option of Playwright's `new_context` can be given.
    """
    lent = []

    def listen(opened: Page) -> None:
        _listen(opened, problems)

    def new_page(
        user: User | None = None, *, width: int = 1440, height: int = 900, **options: object
    ) -> Page:
        options = {
            "viewport": {"width": width, "height": height},
            "locale": "en-GB",
            "timezone_id": "Europe/London",
            "reduced_motion": "reduce",
            **options,
        }
        context = windows.lend(options)
        lent.append((context, options))
        context.on("page", listen)
        page = context.new_page()
        if user:
            log_in(page, user, site)
        return page

    yield new_page
    for context, options in lent:
        context.remove_listener("page", listen)
        windows.take_back(context, options)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A browser in which nobody has logged in yet: see `log_in`."""
    return new_page()


def log_in(page: Page, user: User, site: str) -> None:
    """Give the browser a session of this person, as the login page would."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])


def _listen(page: Page, problems: list[str]) -> None:
    def on_console(message: ConsoleMessage) -> None:
        # What could not be loaded is judged below, by its status.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            problems.append(f"{page.url}: console: {message.text}")

    def on_response(response: Response) -> None:
        part = response.request.resource_type in PARTS
        if response.status >= 500 or (part and response.status >= 400):
            problems.append(f"{page.url}: {response.status} {response.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: problems.append(f"{page.url}: script: {error}"))
    page.on("response", on_response)


def look_over(page: Page, widths: tuple[int, ...] = WIDTHS) -> list[str]:
    """What is wrong with the page as it stands, by day and by night and at every width.

    The page is opened once, and its window resized. Axe looks twice: at the narrowest by day, and
    at the widest by night. Nothing may run over the edge at any width.
    """
    found = []
    for scheme, axe_at in zip(SCHEMES, (widths[0], widths[-1]), strict=True):
        page.emulate_media(color_scheme=scheme)
        for width in widths:
            page.set_viewport_size({"width": width, "height": page.viewport_size["height"]})
            where = f"{page.url} at {width} px, {scheme}: "
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if over > 0:
                found.append(f"{where}{over} px run over the edge")
            if width == axe_at:
                found += [where + finding for finding in axe(page)]
    return found


def axe(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA and good practice; one line for each element."""
    if not page.evaluate("() => typeof axe === 'object'"):
        # Evaluated by the debugger, so that the page's own policy stays in force.
        page.evaluate(_axe_source())
    report = page.evaluate(
        "(rules) => axe.run(document, {runOnly: {type: 'tag', values: rules},"
        " resultTypes: ['violations']})",
        list(RULES),
    )
    return [
        f"{finding['id']} ({finding['impact']}): {finding['help']}: "
        f"{' '.join(map(str, node['target']))}\n    {_advice(node)}"
        for finding in report["violations"]
        for node in finding["nodes"]
    ]


def _advice(node: dict[str, object]) -> str:
    return " ".join(str(node.get("failureSummary", "")).split())


@cache
def _axe_source() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
