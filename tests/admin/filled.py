"""A form as a browser would send it: what stands in the page, with some of it changed."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.test import Client

if TYPE_CHECKING:
    from registers.models import User


def client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(browser: Client, url: str, **changes: object) -> HttpResponse:
    """Open a form, change some of its fields and save it.

    A name with hyphens is given with double underscores: `actions__0__text="…"`.
    """
    page = browser.get(url)
    assert page.status_code == 200, page.status_code
    fields: dict[str, object] = dict(read(page))
    fields |= {name.replace("__", "-"): value for name, value in changes.items()}
    if not any(name.startswith("_") for name in fields):
        fields["_save"] = ""
    return browser.post(url, {name: value for name, value in fields.items() if value is not None})


def read(page: HttpResponse) -> dict[str, list[str]]:
    """The fields of the last form on a page, as they stand."""
    return fields_of(page.content.decode())


def fields_of(html: str) -> dict[str, list[str]]:
    reader = _Reader()
    reader.feed(html)
    return reader.fields


def problems(page: HttpResponse) -> dict[str, str]:
    """The summary at the top of a refused form: the field that each sentence leads to."""
    reader = _Summary()
    reader.feed(page.content.decode())
    return reader.links


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.area = self.choice = None
        self.in_template = 0

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        name = said.get("name")
        if tag == "template":
            self.in_template += 1
        elif tag == "form" and said.get("method") == "post":
            self.fields = {}
        elif self.in_template:
            return
        elif tag == "input" and name:
            if said.get("type") not in ("checkbox", "radio"):
                self.fields.setdefault(name, []).append(said.get("value", ""))
            elif "checked" in said:
                self.fields.setdefault(name, []).append(said.get("value", "on"))
        elif tag == "textarea":
            self.area, self.fields[name] = name, [""]
        elif tag == "select":
            self.choice = name
        elif tag == "option" and self.choice and self._stands(said):
            self.fields[self.choice] = [said.get("value")]

    def _stands(self, option: dict[str, str | None]) -> bool:
        return "selected" in option or self.choice not in self.fields

    def handle_data(self, data):
        if self.area:
            self.fields[self.area][0] += data
        elif self.choice and self.fields.get(self.choice) == [None]:
            self.fields[self.choice] = [data]

    def handle_endtag(self, tag):
        if tag == "template":
            self.in_template -= 1
        elif tag == "textarea" and self.area:
            # The line break after the tag is not part of the text.
            self.fields[self.area][0] = self.fields[self.area][0].removeprefix("\n")
            self.area = None
        elif tag == "select":
            self.choice = None


class _Summary(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: dict[str, str] = {}
        self.inside, self.to = False, None

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        if said.get("id") == "error-summary":
            self.inside = True
        elif self.inside and tag == "li":
            self.to = ""
        elif self.inside and tag == "a":
            self.to = said["href"].removeprefix("#")

    def handle_data(self, data):
        if self.inside and self.to is not None and data.strip():
            self.links[self.to] = data.strip()
            self.to = None

    def handle_endtag(self, tag):
        if tag == "ul":
            self.inside = False
