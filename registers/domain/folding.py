"""What counts as the same letters, whoever typed them: a tablet, Word, or a person at a keyboard.

Curly and straight quotes, long and short dashes, hard and soft spaces, hyphens that show only at
the end of a line, capitals: none of them tells two words apart.
"""

from __future__ import annotations

import re

_SAME = {
    "'": "'’‘‚‛ʼʹ′`´",
    '"': '"“”„‟«»″',
    "-": "-‐‑‒–—―−﹣-",
    " ": " \t\n\r\f\v\u00a0\u1680\u2028\u2029\u202f\u205f\u3000"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a",
}
_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"

_TABLE: dict[int, str | None] = {
    **{ord(one): plain for plain, several in _SAME.items() for one in several},
    **{ord(one): None for one in _UNSEEN},
}


def fold(text: str) -> str:
    """The text as it is compared: plain quotes and hyphens, single spaces, no capitals."""
    return " ".join(text.translate(_TABLE).lower().split())


def pattern(text: str) -> str:
    """A regular expression, for Python and for PostgreSQL alike, that finds the text however it
    was typed. It is to be used without regard to case.

    `re.search(pattern(a), b, re.IGNORECASE)` holds where `fold(a)` occurs in `fold(b)`.
    """
    return f"[{_UNSEEN}]*".join(_any_of(letter) for letter in fold(text))


def _any_of(letter: str) -> str:
    if letter not in _SAME:
        return re.escape(letter)
    several = "".join(f"\\{one}" if one in "-`" else one for one in _SAME[letter])
    return f"[{several}][{several}{_UNSEEN}]*" if letter == " " else f"[{several}]"
