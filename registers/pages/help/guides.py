"""The guides for owners, committee members and the risk manager, served from docs/guides.

The same Markdown files are read in the repository and here: a picture's address and a link to
another guide are relative there and are made ours on the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER = settings.BASE_DIR / "docs" / "guides"
# By the address of each; the order in which they are offered.
SLUGS = ("owner", "committee", "manager")
PICTURES = "../images/"

# What is not Markdown is shown as it was typed.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True, slots=True)
class Guide:
    """One guide: its heading, the paragraph below it, and the rest as HTML."""

    slug: str
    title: str
    lede: str
    body: SafeString

    @property
    def url(self) -> str:
        return reverse("guide", args=[self.slug])


def read(slug: str) -> Guide:
    """A guide from its file, which begins with a heading and one plain paragraph."""
    tokens = _MARKDOWN.parse((FOLDER / f"{slug}.md").read_text(encoding="utf-8"))
    _, title, _, _, lede, _, *rest = tokens
    for token in rest:
        for part in token.children or ():
            if part.type == "image":
                _place_picture(part)
            elif part.type == "link_open":
                _lead_within(part)
    # Safe: the files are ours, and HTML in them is off.
    body = mark_safe(_MARKDOWN.renderer.render(rest, _MARKDOWN.options, {}))
    return Guide(slug, title.content, lede.content, body)


def _place_picture(image: Token) -> None:
    """Its address among the static files, and its size, so that the text does not jump."""
    name = str(image.attrs["src"]).removeprefix(PICTURES)
    width, height = _size(settings.BASE_DIR / "docs" / "images" / name)
    image.attrs.update(src=static(f"guides/{name}"), width=width, height=height, loading="lazy")


def _size(png: Path) -> tuple[int, int]:
    """Width and height of a picture, from the first bytes of its file."""
    with png.open("rb") as file:
        head = file.read(24)
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")


def _lead_within(link: Token) -> None:
    """A link to another guide's file leads to its page."""
    slug = str(link.attrs["href"]).removesuffix(".md")
    if slug in SLUGS:
        link.attrs["href"] = reverse("guide", args=[slug])


def index(request: HttpRequest) -> HttpResponse:
    guides = [read(slug) for slug in SLUGS]
    return render(request, "registers/help/index.html", {"guides": guides})


def page(request: HttpRequest, guide: str) -> HttpResponse:
    if guide not in SLUGS:
        raise Http404
    return render(request, "registers/help/guide.html", {"guide": read(guide)})
