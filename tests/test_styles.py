"""The stylesheets and the templates are kept in order: what is there is used, and can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
STYLES = sorted((ROOT / "static/registers").glob("*.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
LONGEST = 160

# Classes whose names are put together: 'msg-' and the level of a message, 'part-' and a number.
MADE = re.compile(r"(msg|part|nn|field|dir|[ro]|st|ap)-?\w+|this-page")


def without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


@pytest.mark.parametrize("sheet", STYLES, ids=lambda path: path.name)
def test_every_class_of_a_stylesheet_is_used(sheet):
    classes = set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", without_comments(sheet.read_text())))
    scripts = [*(ROOT / "registers").rglob("*.py"), *(ROOT / "static").rglob("*.js")]
    places = [*TEMPLATES, *(ROOT / "templates").rglob("*.svg"), *scripts]
    used = set(re.findall(r"[\w-]+", "\n".join(path.read_text() for path in places)))
    assert {name for name in classes - used if not MADE.fullmatch(name)} == set()


def test_each_colour_of_the_dark_is_written_once():
    css = without_comments((ROOT / "static/registers/tokens.css").read_text())
    names = re.findall(r"(--f5-[\w-]+):", css)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_line_of_a_template_is_too_long_to_read(template):
    lines = template.read_text().splitlines()
    long = [number for number, line in enumerate(lines, start=1) if len(line) > LONGEST]
    assert long == []
