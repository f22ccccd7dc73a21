"""What one printed cell means: a reference, types.

Pure. Each function takes what is printed and answers with what is certain; where something is
not, it says so in a sentence and takes nothing. Scores, directions and owners have rooms of their
own (`scores`, `directions`, `owners`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from registers.domain.folding import fold

# References -------------------------------------------------------------------------------------

_CONTINUED = re.compile(r"\(?\bcont(inued|['’]?d|\.)?\)?\s*$", re.IGNORECASE)
_REFERENCE = re.compile(r"^([A-Z]{1,6})[ .\-/:]*0*(\d{1,4})([A-Z]?)$")
_DOTTED = re.compile(r"^([A-Z]{1,6})[ \-/:]*0*(\d{1,4})((?:\.\d{1,3}){1,2})$")
_BARE = re.compile(r"^(\d{1,4}(?:\.\d{1,3}){0,2}[A-Z]?)[.)]?$")
# What may stand beside a reference and is no part of it: '(NEW)', '(added May 2023)', '*'.
_BESIDE = re.compile(r"\s*(\([^()]*\)|\[[^\[\]]*\]|[*†‡#]+|\bnew\b!?)\s*$", re.IGNORECASE)
_SEVERAL = re.compile(
    r"\d[A-Z]?\s*(?:[-–/&,+]|\band\b|\bto\b)\s*(?:[A-Z]{1,6}\s*)?\d", re.IGNORECASE
)
_OPENING = re.compile(r"^\s*([A-Z]{1,4}[ \-]?\d{1,4}[A-Za-z]?)\s*(?:[:–—]|\.\s|-\s)\s*(\S.*)$")


def without_continued(printed: str) -> str:
    """`CR2 (cont.)`, as a reference is printed again on the next page, → `CR2`."""
    return _CONTINUED.sub("", printed).strip()


def _bare(printed: str) -> str:
    """A reference without what stands beside it, in capitals, hard and soft signs made plain."""
    text = fold(without_continued(printed))
    while (shorter := _BESIDE.sub("", text)) != text and shorter:
        text = shorter
    return text.upper().strip()


def canonical_reference(printed: str, prefixes: Iterable[str] = ("CR", "CO")) -> str | None:
    """`C01` → CO1, `CR 13` → CR13, `cr-07` → CR7; None if it is not letters and a number.

    `CR1.1` stays what it is, and `CR5/6` is none: it names several. A zero for a letter O is only
    read so where one of the given prefixes has that O.
    """
    bare = _bare(printed)
    if names_several(printed):
        return None
    close = re.sub(r"[ .\-/:]", "", bare)
    for prefix in prefixes:
        if not prefix:
            continue
        pattern = re.escape(prefix.upper()).replace("O", "[O0]")
        match = re.match(rf"^{pattern}0*([1-9]\d{{0,3}}[A-Z]?)$", close)
        if match and not _DOTTED.match(bare):
            return prefix.upper() + match[1]
    if match := _DOTTED.match(bare):
        return f"{match[1]}{match[2]}{match[3]}"
    match = _REFERENCE.match(bare)
    return f"{match[1]}{match[2]}{match[3]}" if match and int(match[2]) else None


def names_several(printed: str) -> bool:
    """`CR5/6`, `CR7-9`, `CR1 and CR2`: more than one reference."""
    return bool(_SEVERAL.search(_bare(printed)))


def bare_number(printed: str) -> str | None:
    """`3`, `12`, `1.2`: a reference without letters; it needs a prefix that a person gives."""
    match = _BARE.match(_bare(printed))
    return match[1] if match else None


def is_reference(printed: str) -> bool:
    return canonical_reference(printed) is not None or bare_number(printed) is not None


def opening_reference(line: str) -> tuple[str, str]:
    """`C1: Savings are not made` → its reference and the rest; ('', line) if it opens with none."""
    match = _OPENING.match(line)
    return (match[1], match[2]) if match else ("", line)


# Types ------------------------------------------------------------------------------------------

_BETWEEN_TYPES = re.compile(r"[\n/,;|•]+")
_JOINING = {"and"}


@dataclass(frozen=True, slots=True)
class TypesReading:
    """Types of the controlled list, in printed order and each once; and what is not in it."""

    names: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def type_key(text: str) -> str:
    """Types are compared without regard to case, spaces and signs; & is 'and'."""
    return re.sub(r"[\W_]+", "", fold(text).replace("&", " and "))


def read_types(text: str, known: Mapping[str, str]) -> TypesReading:
    """Split a cell into types. `known` maps `type_key` of a name or alias to the type's name.

    Types are set apart by a stroke, a comma, a line break or nothing but a space:
    'People/Service delivery' is two, 'Development & regeneration' one, 'Economic Political' two.
    """
    names: list[str] = []
    unknown: list[str] = []
    for segment in (part.strip() for part in _BETWEEN_TYPES.split(text)):
        if not type_key(segment):
            continue
        found = _types_of_words(segment.split(), known)
        names.extend(found or ())
        if found is None:
            unknown.append(" ".join(segment.split()))
    return TypesReading(tuple(dict.fromkeys(names)), tuple(unknown))


def _types_of_words(words: list[str], known: Mapping[str, str]) -> list[str] | None:
    """The types that the words spell, the longest first; None if a word is left over."""
    if not words:
        return []
    for length in range(len(words), 0, -1):
        name = known.get(type_key(" ".join(words[:length])))
        if name is None:
            continue
        rest = words[length:]
        if rest and type_key(rest[0]) in _JOINING:
            rest = rest[1:]
        others = _types_of_words(rest, known)
        if others is not None:
            return [name, *others]
    return None
