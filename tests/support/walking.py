"""Following the links of the site, as somebody would who tries them all."""

from __future__ import annotations

import html
import re
from collections import Counter

from django.core.cache import cache
from django.test import Client

LINK = re.compile(r'(?:href|action)="([^"]*)"')
# Leaving, what is the same for everybody, and files whose text is compressed.
ELSEWHERE = re.compile(r"^(https?:|mailto:|#|/static/|/accounts/)|\.xlsx")
# How often one path is followed with another filter.
OFTEN = 2


def walk(client: Client, start: str = "/") -> dict[str, str]:
    """The pages and files that links lead to, by address."""
    cache.clear()
    seen: dict[str, str] = {}
    ahead = [start]
    often: Counter[str] = Counter()
    while ahead:
        address = ahead.pop(0)
        path = address.split("?")[0]
        if address in seen or often[path] == OFTEN:
            continue
        often[path] += 1
        response = client.get(address, follow=True)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        seen[address] = body.decode("utf-8", errors="replace")
        final = response.redirect_chain[-1][0] if response.redirect_chain else address
        if response["Content-Type"].startswith("text/html"):
            for link in map(html.unescape, LINK.findall(seen[address])):
                link = link.split("#")[0]
                if not link or ELSEWHERE.search(link):
                    continue
                ahead.append(final.split("?")[0] + link if link.startswith("?") else link)
    return seen
