"""Pages as tests read them: by their words and their markup, however the template is laid out."""

from __future__ import annotations

import re
from html import unescape

from django.http import HttpResponse

_BLOCKS = (
    "html|head|body|main|header|footer|nav|section|article|aside|div|p|h[1-6]|ul|ol|li|dl|dt|dd|"
    "table|caption|thead|tbody|tr|th|td|form|fieldset|legend|details|summary|select|option|figure|"
    "link|script|meta|g|rect|path|circle|line|br"
)
# Where white space is not seen: at the edges of a block.
_EDGE = re.compile(rf"\s*(</?(?:{_BLOCKS})\b[^>]*>)\s*")


def markup(response: HttpResponse) -> str:
    """The markup of a page on one line, without the white space that nobody sees."""
    return _EDGE.sub(r"\1", re.sub(r"\s+", " ", response.content.decode()))


def words(html: str) -> str:
    """What a piece of markup says."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
