"""The feed as a reporting tool asks it: its addresses, and a client with a person's token."""

from __future__ import annotations

import json

from django.test import Client

from registers.models import FeedToken, User
from registers.models.feed_token import digest_of, new_token
from registers.pages.feed.views import SCHEMA

API = json.loads(SCHEMA.read_text())
REGISTERS = "/api/registers.json"
EDITIONS = "/api/registers/corporate/editions.json"
ENTRIES = "/api/registers/corporate/entries.json"
ACTIONS = "/api/registers/corporate/actions.json"
SECRET = "Fallow Hill"
PEOPLE = ("councillor", "councillor-cleared", "owner", "auditor", "manager")


def token_of(person: User, name: str = "Dashboard", **values: object) -> str:
    said = new_token()
    FeedToken.objects.create(user=person, name=name, digest=digest_of(said), **values)
    return said


def with_token(said: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {said}"})


def tool_of(name: str) -> Client:
    person = User.objects.get(username=name)
    return with_token(token_of(person, f"Dashboard {person.feed_tokens.count()}"))


def rows(client: Client, address: str) -> list[dict]:
    [found] = [each for each in client.get(address).json().values() if isinstance(each, list)]
    return found


def refusal(client: Client, address: str = REGISTERS, status: int = 401) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.json()["error"]
