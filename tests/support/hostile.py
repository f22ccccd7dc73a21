"""Requests that no browser would send: every address, with values that break what trusts them.

The same seed gives the same requests.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, quote_from_bytes

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

BOX = 1_000_000
NASTY = (
    b"",
    b"\x00",
    b"a\x00b",
    b"\xed\xa0\x80",
    b"\xff\xfe",
    b"99999999999999999999",
    b"-99999999999999999999",
    b"9223372036854775808",
    b"9" * 5_000,
    b"0",
    b"-1",
    b"1e999",
    b"NaN",
    "١٢".encode(),
    "²".encode(),
    "\u2028\u202e\ufeff".encode(),
    b"' OR 1=1 --",
    b"%00%ff",
    b"a " * 1_500,
    b"0001-01-01",
    b"9999-12-31",
    b"10000-01-01T00:00",
    b"{{ request }}<script>",
    b"\\",
    b"%",
    b"../../etc/passwd",
    b"1",
    b"2026-27-q1",
    b"corporate",
    b"q" * 3_900,
)
NAMES = (
    "q band appetite kind owner type impact likelihood residual_impact placed sort columns page "
    "per_page since section editions standing p o e state register edition person what from to "
    "before after _to_field id__exact entry__exempt owner__id__exact add check next login password "
    "email reason title snapshot only accept shown override quarter direction commentary version "
    "seen writer clash current residual current_score residual_by consequences controls types "
    "actions-TOTAL_FORMS actions-INITIAL_FORMS actions-0-id actions-0-text actions-0-due "
    "actions-0-status strands-TOTAL_FORMS strands-INITIAL_FORMS strands-0-id _save _submit "
    "term model_name app_label field_name reference order name slug starts ends user successor "
    "opens prepared_on deadline_at committee_on username groups medium_from high_from exempt"
).split()
CONTENT_TYPES = (
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-7",
    "application/x-www-form-urlencoded; charset=no-such",
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=x; charset=unicode_escape",
    "multipart/form-data",
    "application/json; charset=utf-16",
    "text/plain; charset=\xe9",
    "",
)


@dataclass(frozen=True)
class Sent:
    """One request. `body` is of its content type, or is not."""

    method: str
    path: str
    query: str = ""
    body: bytes = b""
    content_type: str = CONTENT_TYPES[0]
    cookie: str = field(default="", compare=False)

    def to(self, client: Client):
        if self.cookie:
            client.cookies["theme"] = self.cookie
        return client.generic(
            self.method, self.path, self.body, self.content_type, QUERY_STRING=self.query
        )


def requests(seed: int, number: int, known: dict[str, list[object]]) -> Iterator[Sent]:
    """`known` gives values that exist, by the name they have in an address."""
    dice = random.Random(seed)
    routes = list(addresses())
    for _ in range(number):
        yield one(dice, dice.choice(routes), known)


def one(dice: random.Random, route: str, known: dict[str, list[object]]) -> Sent:
    path = _path(dice, route, known)
    query = _fields(dice) if dice.random() < 0.6 else ""
    if dice.random() < 0.5:
        return Sent("GET", path, query)
    content_type = dice.choice(CONTENT_TYPES) if dice.random() < 0.4 else CONTENT_TYPES[0]
    body = _multipart(dice) if "boundary" in content_type else _fields(dice, known).encode()
    if dice.random() < 0.03:
        body += (
            b"&"
            + dice.choice(NAMES).encode()
            + b"="
            + dice.choice((b"a ", b"a", b"\n-x")) * (BOX // 3)
        )
    return Sent("POST", path, query, body, content_type)


def addresses() -> Iterator[str]:
    """The route of every address, converters and all."""

    def walk(resolver: URLResolver, route: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            whole = route + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, whole)
            elif isinstance(pattern, URLPattern):
                yield whole

    yield from walk(get_resolver(), "/")


def _path(dice: random.Random, route: str, known: dict[str, list[object]]) -> str:
    def fill(match: re.Match[str]) -> str:
        values = known.get(match[1] or match[2])
        if values and dice.random() < 0.8:
            return quote(str(dice.choice(values)))
        return quote_from_bytes(dice.choice(NASTY)[:200])

    return re.sub(r"<\w+:(\w+)>|\(\?P<(\w+)>[^)]*\)", fill, route).translate(
        str.maketrans("", "", "^$")
    )


def _fields(dice: random.Random, known: dict[str, list[object]] | None = None) -> str:
    names = dice.choices(NAMES, k=dice.randint(1, 40 if known else 6))
    return "&".join(f"{name}={quote_from_bytes(_value(dice, known))}" for name in names)


def _value(dice: random.Random, known: dict[str, list[object]] | None) -> bytes:
    if known and dice.random() < 0.4:
        return str(dice.choice(dice.choice(list(known.values())))).encode()
    return dice.choice(NASTY)


def _multipart(dice: random.Random) -> bytes:
    parts = []
    for name in dice.choices(NAMES, k=8):
        head = f'--x\r\nContent-Disposition: form-data; name="{name}"'
        if dice.random() < 0.2:
            head += '; filename="a\\0.docx"'
        parts.append(head.encode() + b"\r\n\r\n" + dice.choice(NASTY) + b"\r\n")
    return b"".join(parts) + b"--x--\r\n"
