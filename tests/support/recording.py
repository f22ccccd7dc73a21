"""What a database's pages say to each of its people, and its published documents, as text files.

To move code without moving a word: record before, record after, and compare the two folders.

    python -m tests.support.recording demo.sqlite3 before/
    python -m tests.support.recording demo.sqlite3 after/
    diff -r before after

The database is copied and migrated first, so that the same rows are read by the old code and by
the new. One
account of each set of roles is a reader; of addresses that differ in numbers alone a few are read.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections import Counter, deque
from html.parser import HTMLParser
from pathlib import Path

import time_machine

ALIKE = 3
MOST = 1_200
MOMENT = "2026-11-25 12:00 +0000"
LEFT_ALONE = re.compile(r"^(https?:|mailto:|#|/static/|/accounts/log)|\.xlsx|/logout/")
UNSPOKEN = {"script", "style", "template", "svg"}
SPOKEN_ATTRIBUTES = ("aria-label", "alt", "title", "placeholder")


class Page(HTMLParser):
    """The words of a page, a line for each run of text, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.unspoken = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = dict(attributes)
        if tag == "a" and said.get("href"):
            self.links.append(str(said["href"]))
        if tag in UNSPOKEN:
            self.unspoken += 1
        if tag == "input" and said.get("type") not in ("hidden", "submit"):
            self._say(f"[{said.get('name')}: {said.get('value') or ''}]")
        for name in SPOKEN_ATTRIBUTES:
            self._say(said.get(name) or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSPOKEN:
            self.unspoken -= 1

    def handle_data(self, data: str) -> None:
        if not self.unspoken:
            self._say(data)

    def _say(self, text: str) -> None:
        if line := " ".join(text.split()):
            self.words.append(line)


def alike(address: str) -> str:
    path, _, query = address.partition("?")
    keys = sorted({part.partition("=")[0] for part in query.split("&")})
    return re.sub(r"\d+", "N", path) + "?" + "&".join(keys)


def walk(client, start: str = "/"):
    """(address, status, words) of every page that links lead to, the nearest first."""
    ahead, seen, often = deque([start, "/admin/"]), set(), Counter()
    while ahead and len(seen) < MOST:
        address = ahead.popleft().split("#")[0]
        if address in seen or often[alike(address)] >= ALIKE:
            continue
        seen.add(address)
        often[alike(address)] += 1
        answer = client.get(address, follow=True)
        content = b"".join(answer) if answer.streaming else answer.content
        text = content.decode()
        if "html" not in answer.get("Content-Type", ""):
            yield address, answer.status_code, text.splitlines()
            continue
        page = Page()
        page.feed(text)
        yield address, answer.status_code, page.words
        here = answer.request["PATH_INFO"]
        for link in page.links:
            if not LEFT_ALONE.search(link):
                ahead.append(here + link if link.startswith("?") else link)


def record(folder: Path) -> None:
    from django.core.cache import cache
    from django.test import Client

    from registers.models import Publication, User

    for publication in Publication.objects.order_by("register", "sequence"):
        name = f"publication-{publication.register_id}-{publication.sequence}.json"
        (folder / name).write_text(f"{publication.digest}\n{publication.document}\n")
    readers = {
        tuple(sorted(user.access.anywhere.roles)): user for user in User.objects.order_by("-pk")
    }
    readers.pop((), None)
    for user in readers.values():
        cache.clear()
        client = Client(raise_request_exception=True)
        client.force_login(user)
        pages = sorted(walk(client))
        with (folder / f"{user.username}.txt").open("w") as out:
            for address, status, words in pages:
                out.write(f"\n=== {address} {status}\n" + "\n".join(words) + "\n")
        print(f"{user.username}: {len(pages)} pages")


def main(database: str, folder: str) -> None:
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    copy = place / "copy.sqlite3"
    shutil.copy(database, copy)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings", DEBUG="1", DATABASE_URL=f"sqlite:///{copy}"
    )
    import django
    from django.core.management import call_command

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    with time_machine.travel(MOMENT, tick=False):
        record(place)
    for leftover in place.glob("copy.sqlite3*"):
        leftover.unlink()


if __name__ == "__main__":
    main(*sys.argv[1:])
