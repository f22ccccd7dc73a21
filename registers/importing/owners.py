"""Who answers for an entry, from what the owner's cell prints.

One post or body becomes an owner. Several posts, or a sentence, stay as they are printed: the
register then names nobody until a person does. A text that is nearly a known post is neither
taken for it nor made a post of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from registers.domain.folding import fold
from registers.importing.printed import Cell

LONGEST_NAME = 160
ALIKE = 84  # of 100: 'Children' and "Children's", 'Service' and 'Services'
ENOUGH_OF_A_NAME = 2  # content words

_ABBREVIATIONS = {
    "dir": "director",
    "exec": "executive",
    "asst": "assistant",
    "dep": "deputy",
    "hd": "head",
    "mgr": "manager",
    "cttee": "committee",
    "svcs": "services",
    "&": "and",
}
_NOBODY = {"vacant", "tbc", "tba", "n/a", "na", "none", "all", "various", "unassigned"}
_SMALL_WORDS = {"of", "for", "and", "the", "to"}
_POSTS = (
    r"director|head|chief|executive|deputy|assistant|manager|officer|leader|"
    r"section 151|monitoring officer|treasurer|solicitor|secretary|chair|coordinator"
)
_BODIES = r"board|team|committee|group|cabinet|panel|partnership|forum|council"
_A_POST = re.compile(rf"\b({_POSTS})\b")
_STARTS_A_POST = re.compile(
    r"^(executive|director|head|chief|deputy|assistant|interim|acting|section 151|county|"
    r"corporate|strategic|senior|service|public|monitoring|lead|group|programme|principal)\b"
)
_A_BODY = re.compile(rf"\b({_BODIES})$")
_AND = re.compile(r"\s(?:and|&)\s", re.IGNORECASE)
_AN_ABBREVIATION = re.compile(r"^[A-Z][A-Z&]{1,7}$")
_BETWEEN_OWNERS = re.compile(
    r"\s*[/;+\n]\s*|\s*,?\s+(?:and|&)\s+(?=(?:the\s+)?(?:exec\b|executive|dir\b|director|head|chief|deputy"
    r"|assistant)\s*\w*\s+(?:of|for|director|executive)\b)|,\s*(?=(?:exec\b|executive|dir\b|"
    r"director|head of|chief)\s)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_A_DASH = re.compile(r"\s[–—-]\s")  # a name may stand behind it
_BROKEN_WORD = re.compile(r"[^\W\d_]- [a-z]")
_A_SENTENCE = re.compile(
    r"\b(is|are|was|were|will|has|have|however|there|each|with|to be|tbc|by)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class OwnerReading:
    """`name` is the owner to use, None if nobody can be named; `is_new` says it is to be made.

    `candidates` are the owners that a doubtful text may mean, `problem` says why it is doubtful.
    """

    text: str
    name: str | None = None
    is_new: bool = False
    is_body: bool = False
    candidates: tuple[str, ...] = ()
    problem: str = ""


def owner_text(cell: Cell) -> str:
    """An owner's cell on one line; its lines are kept apart where each names an owner."""
    lines = list(cell.texts)
    if len(lines) > 1 and sum(is_single_owner(without_brackets(line)) for line in lines) > 1:
        return "; ".join(line.strip(" ;") for line in lines)
    return " ".join(lines)


def without_brackets(text: str) -> str:
    """A post without '(vacant)' or the name of who holds it."""
    return " ".join(_BRACKETS.sub(" ", text).split()) or text


def owner_key(text: str) -> str:
    """Owners are compared without regard to case, spaces, '&' and common abbreviations."""
    words = fold(text).replace("&", " & ").split()
    stripped = (word.strip(".,;:()") for word in words)
    return " ".join(_ABBREVIATIONS.get(word, word) for word in stripped if word)


def is_single_owner(text: str) -> bool:
    """Whether a text is the name of one post or one body, and nothing else."""
    if not text or len(text) > LONGEST_NAME or text.rstrip().endswith((".", ":")):
        return False
    if len(parts(text)) > 1 or _A_SENTENCE.search(text) or _A_DASH.search(text):
        return False
    key = owner_key(text)
    if _AN_ABBREVIATION.match(text.strip()) or _A_BODY.search(key):
        return True
    return bool(_STARTS_A_POST.match(key) and _A_POST.search(key))


def parts(text: str) -> tuple[str, ...]:
    """The owners that a cell lists: 'Head of Asset Management/ Head of facilities Management'."""
    split = tuple(part for part in _BETWEEN_OWNERS.split(text.strip()) if part)
    return _two_posts(text) if len(split) == 1 else split


def _two_posts(text: str) -> tuple[str, ...]:
    """'Chief Executive and Monitoring Officer' names two; 'Health and Wellbeing' is one."""
    for joint in _AND.finditer(text):
        both = text[: joint.start()].strip(), text[joint.end() :].strip()
        keys = [owner_key(one) for one in both]
        if all(_STARTS_A_POST.match(key) and _A_POST.search(key) for key in keys):
            return both
    return (text.strip(),) if text.strip() else ()


def is_body(text: str) -> bool:
    key = owner_key(text)
    return bool(_AN_ABBREVIATION.match(text.strip()) or _A_BODY.search(key))


def full_name(text: str) -> str:
    """The name a new owner gets: as printed, with 'Dir' and 'Exec' in full."""
    words = []
    for word in " ".join(text.split()).split(" "):
        full = {"dir": "Director", "exec": "Executive"}.get(word.casefold().rstrip("."))
        words.append(full or word)
    return " ".join(words)


def read_owners(texts: Iterable[str], known: Mapping[str, str]) -> dict[str, OwnerReading]:
    """Read the owners of a whole edition together, so that it does not matter which comes first.

    `known` maps `owner_key` of a name or alias to the owner's name. Of two new posts that are
    nearly the same, the one printed more often is made, else the longer one.
    """
    counts = Counter(" ".join(text.split()) for text in texts)
    names: dict[str, str] = {**known}
    readings: dict[str, OwnerReading] = {}
    posts = {owner_key(text): full_name(text) for text in counts if is_single_owner(text)}
    by_weight = sorted(counts, key=lambda text: (-counts[text], -len(text), text))
    for text in by_weight:
        readings[text] = _read(text, names, {**posts, **names})
        reading = readings[text]
        if reading.is_new and reading.name:
            names[owner_key(text)] = reading.name
    return readings


def _read(text: str, names: Mapping[str, str], posts: Mapping[str, str]) -> OwnerReading:
    if not text:
        return OwnerReading(text)
    whole = owner_key(text)
    if whole in names:
        return OwnerReading(text, names[whole])
    post = without_brackets(text).rstrip("*†‡ ")
    key = owner_key(post)
    if key in _NOBODY:
        return OwnerReading(text, problem="this names nobody; kept as printed.")
    if len(parts(post)) == 1 and (behind := _more_behind(key, posts)):
        return OwnerReading(
            text,
            candidates=(behind,),
            problem=f"this begins with “{behind}”, and more stands behind it, so no owner was set.",
        )
    if key in names:
        return OwnerReading(text, names[key])
    if _BROKEN_WORD.search(post):
        return OwnerReading(
            text, problem="a word of the owner is broken by a hyphen, so no owner was set."
        )
    candidates = tuple(dict.fromkeys(name for known, name in names.items() if _near(key, known)))
    if candidates:
        listed = " or ".join(f"“{name}”" for name in candidates)
        return OwnerReading(
            text,
            candidates=candidates,
            problem=f"this is nearly {listed}, but not quite, so no owner was set.",
        )
    if is_single_owner(post):
        return OwnerReading(text, full_name(post), is_new=True, is_body=is_body(post))
    if len(parts(post)) > 1:
        return OwnerReading(text, problem="several owners are named; kept as printed.")
    return OwnerReading(text, problem="this does not name one post; kept as printed.")


def _more_behind(key: str, posts: Mapping[str, str]) -> str:
    """A post of this file with two or three words behind it, as the name of a person would be."""
    for known, name in posts.items():
        rest = key.removeprefix(f"{known} ").split() if key.startswith(f"{known} ") else []
        if len(rest) in (2, 3) and all(word.isalpha() for word in rest) and rest[0] != "and":
            return name
    return ""


def _near(key: str, known: str) -> bool:
    """The same words but for spelling and small words, or the end of a known name."""
    words, others = _content(key), _content(known)
    if len(words) < ENOUGH_OF_A_NAME:
        return False
    if known.endswith(" " + key) and not _STARTS_A_POST.match(key):
        return True
    if len(words) != len(others):
        return False
    unpaired = list(others)
    for word in words:
        partner = max(unpaired, key=lambda other: fuzz.ratio(word, other))
        if fuzz.ratio(word, partner) < ALIKE:
            return False
        unpaired.remove(partner)
    return True


def _content(key: str) -> list[str]:
    return [word.strip("'") for word in key.split() if word not in _SMALL_WORDS]
