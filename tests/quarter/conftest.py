"""The pages of a quarter, with the council that tests/cycle turns."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from registers import cycle
from registers.models import Edition, Snapshot, User
from tests.admin.conftest import book, book_once  # noqa: F401 - for the tests of the form
from tests.cycle.conftest import (  # noqa: F401 - its fixtures are ours
    Council,
    cast,
    council,
    council_once,
    edition,
    fill_in,
    find,
)

# An id that no database holds.
HUGE = "9" * 40


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a browser without script. `messages` are what the page told them."""

    client: Client
    user: User

    def get(self, path: str, /, **query):
        return self.client.get(path, query, follow=True)

    def post(self, path: str, /, **values):
        """Press a button, and read the page it leads to."""
        return self.client.post(path, values, follow=True)


def as_(user: User) -> Person:
    client = Client()
    client.force_login(user)
    return Person(client, user)


def told(response) -> list[str]:
    """The messages on a page, as sentences."""
    return [str(message) for message in response.context["messages"]]


def text(response) -> str:
    """What a page says, without its marks."""
    bare = re.sub(r"<[^>]*>", " ", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(bare)).strip()


def at(name: str, edition: Edition, *more: object) -> str:
    """The address of one of the manager's pages of an edition."""
    return reverse(name, args=[edition.register.slug, edition.quarter.slug, *more])


def submit(edition, reference: str, by) -> Snapshot:
    """An owner's update, handed in."""
    fill_in(find(edition, reference), by=by)
    return cycle.submit(find(edition, reference), by=by, override="As planned.")


@pytest.fixture
def manager(council: Council) -> Person:
    return as_(council.manager)


@pytest.fixture
def owner(council: Council) -> Person:
    """Holds the post of CR1 and CO1."""
    return as_(council.owner)
