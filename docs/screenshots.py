"""Takes the pictures of the README and of the guides: the demonstration council, in Chromium.

    python docs/screenshots.py              every picture, into docs/images/
    python docs/screenshots.py heatmap      only those whose name begins so

It needs what the tests need (requirements/dev.txt and Chromium; CHROMIUM=/path/to/one names it).
The register is made anew each time in a temporary database, and the pages are those of a real
server to which people have signed in. Nothing of it is kept but the pictures. Each story below may
build on what the stories before it did, so all of them are told each time. Date fields stay out of
the frame: how they show a day is the browser's own affair.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
sys.path.insert(0, str(ROOT))

from tests.support import chromium  # noqa: E402  (found by the line before it)

MARGIN = 10
BOOK = "corporate"
PUBLISHED, OPEN = "2026-27-q2", "2026-27-q3"


@dataclass
class Studio:
    """A browser before the running site, with the people who can sign in to it."""

    browser: Browser
    site: str
    passwords: dict[str, str]
    # Only pictures whose name begins with one of these; none means every one.
    wanted: tuple[str, ...] = ()
    _doors: dict[str, list[dict]] = field(default_factory=dict)

    def page(self, user: str, *, width: int = 1280, height: int = 800, **options: object) -> Page:
        """A new window in which this person has signed in."""
        context = self.browser.new_context(
            base_url=self.site,
            viewport={"width": width, "height": height},
            device_scale_factor=1,
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(20_000)
        page = context.new_page()
        if user in self._doors:
            context.add_cookies(self._doors[user])
            return page
        page.goto("/accounts/login/")
        page.fill("[name=login]", user)
        page.fill("[name=password]", self.passwords[user])
        page.click("main button[type=submit]")
        page.wait_for_url(re.compile("^(?!.*login)"))
        self._doors[user] = context.cookies()
        return page

    def take(
        self, page: Page, name: str, *parts: str, height: int = 800, full_width: bool = False
    ) -> None:
        """Keep what is in the window, or a strip of the page from its first part to its last.

        `height` is the most that is kept; `full_width` keeps what stands beside the parts too.
        """
        if self.wanted and not name.startswith(self.wanted):
            return
        page.wait_for_load_state()
        page.evaluate("document.activeElement && document.activeElement.blur()")
        target = IMAGES / f"{name}.png"
        if not parts:
            page.screenshot(path=target)
        else:
            page.evaluate("scrollTo(0, 0)")
            boxes = [page.locator(part).first.bounding_box() for part in parts]
            left = min(box["x"] for box in boxes) - MARGIN
            right = max(box["x"] + box["width"] for box in boxes) + MARGIN
            top = min(box["y"] for box in boxes) - MARGIN
            bottom = max(box["y"] + box["height"] for box in boxes) + MARGIN
            if full_width:
                left, right = 0, page.viewport_size["width"]
            left, top = max(left, 0), max(top, 0)
            clip = {
                "x": left,
                "y": top,
                "width": min(right, page.viewport_size["width"]) - left,
                "height": min(bottom - top, height),
            }
            page.screenshot(path=target, full_page=True, clip=clip)
        print(f"{target.relative_to(ROOT)}  {target.stat().st_size // 1024} KB")


def reading(studio: Studio) -> None:
    """What a councillor reads."""
    page = studio.page("councillor")
    page.goto(f"/registers/{BOOK}/{PUBLISHED}/")
    studio.take(page, "heatmap", "#map", "aside", height=815)
    page.goto(f"/registers/{BOOK}/{PUBLISHED}/table/")
    studio.take(page, "table", ".head", ".tbl", height=700)
    page.goto(f"/registers/{BOOK}/{PUBLISHED}/changes/?since=2026-27-q1")
    studio.take(page, "changes", ".head", ".duo", height=702)
    addresses = {reference: entry_of(page, reference) for reference in ("CR12", "CR14")}
    page.goto(addresses["CR14"])
    studio.take(page, "entry", "[aria-labelledby=t1]", "[aria-labelledby=t2]", height=1000)
    page.goto(addresses["CR12"])
    studio.take(page, "flags", ".crumbs", ".flags", height=660, full_width=True)
    page.context.close()

    page = studio.page("councillor", width=390, height=844)
    page.goto(f"/registers/{BOOK}/{PUBLISHED}/")
    studio.take(page, "heatmap-phone", "#map", height=780)
    page.context.close()

    page = studio.page("councillor", color_scheme="dark")
    page.goto(f"/registers/{BOOK}/{PUBLISHED}/")
    page.goto(page.get_by_role("link", name="Movement", exact=True).evaluate("it => it.href"))
    studio.take(page, "heatmap-dark", "#map", height=780)
    page.context.close()


def updating(studio: Studio) -> None:
    """An owner's five minutes; and the manager, who writes in the same entry."""
    # Tall, so that the bar of buttons at the foot of the window is out of the way.
    page = studio.page("owner", height=2600)
    page.goto("/my-updates/")
    studio.take(page, "my-updates", ".split > .stack", height=700)
    page.get_by_role("link", name="Start CR13").click()
    form = page.url
    text = page.locator("[name=consequences]")
    text.fill(text.input_value().replace("774", "791"))
    studio.take(page, "update-form", "fieldset:has(#id_consequences)", height=406)
    studio.take(page, "scores", "fieldset:has(.field-current) h2", ".field-current")

    other = studio.page("manager")
    other.goto(form)
    say(other, "The winter programme began on 2 November. 71 of 96 lengths are repaired.")
    other.get_by_role("button", name="Save draft").click()
    say(page, "71 of 96 lengths are repaired; the rest wait for drier weather in March.")
    page.get_by_role("button", name="Save draft").click()
    studio.take(page, "two-at-once", "[aria-labelledby=meeting]", height=700)
    other.context.close()
    page.context.close()


def turning(studio: Studio) -> None:
    """The risk manager's quarter."""
    page = studio.page("manager")
    page.goto(f"/cycle/{BOOK}/{OPEN}/")
    studio.take(page, "quarter", ".head", ".split", height=760)
    page.goto(f"/cycle/{BOOK}/{OPEN}/numbers/")
    page.get_by_role("button", name="Number without gaps").click()
    studio.take(page, "numbers", ".head h1", "main table", height=620)
    page.set_viewport_size({"width": 820, "height": 800})
    page.goto(f"/cycle/{BOOK}/{OPEN}/publish/")
    studio.take(page, "publish", ".head", ".question", height=620)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"/audit/{BOOK}/?edition={OPEN}")
    studio.take(page, "audit", "[aria-labelledby=events]", height=420)
    page.context.close()


def correcting(studio: Studio) -> None:
    """A published edition has a wrong figure: issue 2."""
    page = studio.page("manager")
    page.goto(f"/cycle/{BOOK}/{PUBLISHED}/reissue/")
    page.fill("main [name=reason]", "CR12: the forecast is £3.4m over budget, not £2.9m.")
    page.get_by_role("button", name="Take it back to review").click()
    page.get_by_role("link", name="CR12").first.click()
    say(page, page.locator("[name=commentary]").input_value().replace("£2.9m", "£3.4m"))
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"/cycle/{BOOK}/{PUBLISHED}/publish/")
    page.locator("main form button").click()
    page.context.close()

    page = studio.page("councillor")
    page.goto(f"/registers/{BOOK}/{PUBLISHED}/issues/2/")
    studio.take(page, "issue-2", ".head", "[aria-labelledby=corrected]", height=620)
    page.context.close()


def say(page: Page, commentary: str) -> None:
    page.fill("[name=commentary]", commentary)


STORIES = (reading, updating, turning, correcting)


def entry_of(page: Page, reference: str) -> str:
    """The address of an entry by its number in the edition whose page is open."""
    link = page.locator(f"a[href^='/entries/']:has-text('{reference}')").first
    return f"{link.get_attribute('href').split('?')[0]}?edition={PUBLISHED}"


@contextmanager
def demonstration() -> Iterator[tuple[str, dict[str, str]]]:
    """A server with the demonstration register: its address and everybody's password."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DEBUG": "1",
            "DATABASE_URL": f"sqlite:///{folder}/pictures.sqlite3",
            "ORGANISATION": "Ashmoor County Council",
            "DJANGO_RUNSERVER_HIDE_WARNING": "true",
        }

        def manage(*words: str) -> list[str]:
            return [sys.executable, str(ROOT / "manage.py"), *words]

        subprocess.run(manage("migrate", "--verbosity", "0"), env=environment, check=True)
        told = subprocess.run(
            manage("demo"), env=environment, check=True, capture_output=True, text=True
        ).stdout
        passwords = dict(re.findall(r"^ +(\S+) +(ashmoor-\S+)", told, re.MULTILINE))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{free.getsockname()[1]}"
        server = subprocess.Popen(
            manage("runserver", "--noreload", "--verbosity", "0", address),
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(f"http://{address}/accounts/login/", server)
            yield f"http://{address}", passwords
        finally:
            server.terminate()
            server.wait()


def wait_for(url: str, server: subprocess.Popen) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(url)
            return
        except URLError:
            time.sleep(0.2)
    sys.exit("The server did not start. Does `make demo` work?")


def main() -> None:
    path = chromium.find()
    if path is None:
        sys.exit(chromium.MISSING)
    IMAGES.mkdir(exist_ok=True)
    with demonstration() as (site, passwords), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(chromium.FLAGS))
        studio = Studio(browser, site, passwords, tuple(sys.argv[1:]))
        for story in STORIES:
            story(studio)
        browser.close()


if __name__ == "__main__":
    main()
