"""The guides under /help/, and the pictures in them."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from registers.pages.help import guides
from tests.browser import axe

pytestmark = pytest.mark.django_db

PARTS = ("owner", "delegate", "committee", "cleared", "manager", "auditor")
PICTURE = re.compile(r"<img [^>]*>")


def client(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def pictures(page: str) -> list[dict[str, str]]:
    return [
        {name: unescape(value) for name, value in re.findall(r'(\w+)="([^"]*)"', tag)}
        for tag in PICTURE.findall(page)
    ]


@pytest.mark.parametrize("part", PARTS)
def test_every_role_reaches_every_guide_from_the_foot_of_the_page(part, cast):
    reader = client(getattr(cast, part))
    assert f'href="{reverse("help")}"' in reader.get("/accessibility/").content.decode()
    index = reader.get(reverse("help")).content.decode()
    for slug in guides.SLUGS:
        url = reverse("guide", args=[slug])
        assert f'href="{url}"' in index
        assert reader.get(url).status_code == 200


def test_who_is_not_logged_in_is_sent_to_the_login_page():
    for url in ("/help/", *(f"/help/{slug}/" for slug in guides.SLUGS)):
        assert Client().get(url).headers["Location"] == f"/accounts/login/?next={url}"


@pytest.mark.parametrize("slug", ["nothing", "scores.md", "README", "owners"])
def test_there_is_no_other_guide(slug, cast):
    assert client(cast.manager).get(f"/help/{slug}/").status_code == 404


def test_the_key_to_scores_keeps_its_address(cast):
    assert "How scores work</h1>" in client(cast.owner).get("/help/scores/").content.decode()


@pytest.mark.parametrize("slug", guides.SLUGS)
def test_every_picture_is_there_in_its_own_size_and_is_told_in_words(slug, cast):
    reader = client(cast.owner)
    found = pictures(reader.get(f"/help/{slug}/").content.decode())
    assert len(found) >= 2
    for picture in found:
        assert len(picture["alt"]) > 20
        assert picture["src"].startswith("/static/guides/")
        served = reader.get(picture["src"])
        assert served.status_code == 200
        data = b"".join(served)
        assert data[:8] == b"\x89PNG\r\n\x1a\n"
        size = int(picture["width"]), int(picture["height"])
        assert size == (int.from_bytes(data[16:20]), int.from_bytes(data[20:24]))


@pytest.mark.parametrize("slug", guides.SLUGS)
def test_a_guide_holds_the_text_of_its_file(slug, cast):
    guide = guides.read(slug)
    page = client(cast.owner).get(guide.url).content.decode()
    file = (guides.FOLDER / f"{slug}.md").read_text(encoding="utf-8")
    assert f"<h1>{guide.title}</h1>" in page
    assert guide.lede in page
    assert not re.search(r"[*`\[]", guide.title + guide.lede), "no Markdown where none is read"
    for heading in re.findall(r"^## (.+)$", file, re.MULTILINE):
        assert f"<h2>{heading}</h2>" in page


def test_html_in_a_guide_is_shown_and_not_obeyed(tmp_path, monkeypatch):
    (tmp_path / "owner.md").write_text("# Title\n\nLede.\n\n<script>alert(1)</script>\n")
    monkeypatch.setattr(guides, "FOLDER", tmp_path)
    body = guides.read("owner").body
    assert "<script" not in body
    assert "&lt;script&gt;" in body


def test_a_guide_leads_to_another_by_its_file(tmp_path, monkeypatch):
    (tmp_path / "owner.md").write_text("# Title\n\nLede.\n\nSee [theirs](committee.md).\n")
    monkeypatch.setattr(guides, "FOLDER", tmp_path)
    assert 'href="/help/committee/"' in guides.read("owner").body


def test_the_pictures_of_the_readme_are_there_and_are_told_in_words():
    readme = (settings.BASE_DIR / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"!\[([^\]]+)\]\((docs/images/[^)]+)\)", readme)
    assert len(found) == 4
    for _, path in found:
        assert (settings.BASE_DIR / path).is_file()


def test_axe_finds_nothing_and_no_page_scrolls_sideways(cast, new_page):
    page = new_page(cast.committee, width=390)
    for url in ("/help/", *(f"/help/{slug}/" for slug in guides.SLUGS)):
        page.goto(url)
        assert not axe(page), url
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), url
