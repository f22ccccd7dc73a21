"""Questions about the wording: what is repeated, what is no control, what points two ways."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from registers.domain import movement
from registers.domain.carried import is_carried
from registers.domain.content import (
    ACTIONS,
    COMMENTARY,
    CONSEQUENCES,
    CONTROLS,
    DONE,
    DROPPED,
    Content,
)
from registers.domain.english import counted
from registers.domain.flags.flag import Flag
from registers.domain.flags.sentences import folded, quoted, sentences
from registers.domain.flags.thresholds import Thresholds
from registers.domain.passages import parse
from registers.domain.path import Path, lasting

# How many instances a sentence quotes; the others are counted.
QUOTED = 2
# A sentence of fewer words is a name or a heading: it may well be said twice.
WORDS_REPEATED = 6


def name_of(section: str, kind_is_risk: bool) -> str:
    if section == CONTROLS:
        return "Controls" if kind_is_risk else "Progress"
    return {ACTIONS: "Actions", COMMENTARY: "Commentary", CONSEQUENCES: "Consequences"}[section]


# The same as before -------------------------------------------------------------------------------


def controls_unchanged(path: Path, limits: Thresholds) -> Flag | None:
    """The controls read the same, word for word, edition after edition."""
    return _unchanged(path, CONTROLS, limits.controls_unchanged, 40)


def actions_unchanged(path: Path, limits: Thresholds) -> Flag | None:
    """No action was added, done, put off or as much as reworded, edition after edition."""
    return _unchanged(path, ACTIONS, limits.actions_unchanged, 52)


def commentary_unchanged(path: Path, limits: Thresholds) -> Flag | None:
    """The owner's words on this quarter are those on the quarter before.

    Not asked of an owner who said “no change” and why, nor of a few words such as “Level”.
    """
    now = path.latest
    if now.no_change_reason or is_carried(now.texts.get(COMMENTARY, "")):
        return None
    if len(_words(now, COMMENTARY)) < limits.words_in_a_text:
        return None
    return _unchanged(path, COMMENTARY, limits.commentary_unchanged, 45)


def _unchanged(path: Path, section: str, after: int, weight: int) -> Flag | None:
    if not _points(path.latest, section):
        return None
    same = path.lately(section)
    if len(same) < after:
        return None
    sentence = f"Word for word the same since {same[0].quarter}."
    return Flag(
        f"{section}-unchanged",
        f"{name_of(section, path.is_risk)} unchanged for {lasting(same)}",
        sentence,
        weight,
        since=same[0].quarter,
        section=section,
        evidence=sentence,
    )


def controls_nearly_unchanged(path: Path, limits: Thresholds) -> Flag | None:
    return _nearly(path, CONTROLS, limits.controls_unchanged, 38, limits)


def actions_nearly_unchanged(path: Path, limits: Thresholds) -> Flag | None:
    return _nearly(path, ACTIONS, limits.actions_unchanged, 44, limits)


def _nearly(path: Path, section: str, after: int, weight: int, limits: Thresholds) -> Flag | None:
    """The section was set out anew, or a word of it changed, and says what it said."""
    if len(path.lately(section)) >= after:
        return None  # that it is the very same is another question
    now = Counter(_words(path.latest, section))
    if now.total() < limits.words_in_a_text:
        return None
    start, most = len(path.stops), 0
    while start:
        apart = _apart(now, Counter(_words(path.stops[start - 1], section)))
        if apart > limits.nearly:
            break
        start, most = start - 1, max(most, apart)
    alike = path.stops[start:]
    if len(alike) < after:
        return None
    how = (
        "The same words in another order"
        if most == 0
        else f"The same but for {counted(most, 'word')}"
    )
    return Flag(
        f"{section}-nearly-unchanged",
        f"{name_of(section, path.is_risk)} nearly unchanged for {lasting(alike)}",
        f"{how} since {alike[0].quarter}.",
        weight,
        since=alike[0].quarter,
        section=section,
        evidence=f"Since {alike[0].quarter}: {' '.join(_points(path.latest, section))}",
    )


def _apart(one: Counter[str], other: Counter[str]) -> int:
    """By how many words two texts differ: one word for another is one."""
    return max((one - other).total(), (other - one).total())


def _points(stop: Content, section: str) -> Sequence[str]:
    if section == ACTIONS:
        return [action.text for action in stop.actions]
    return [point.text for point in stop.passage(section)]


def _words(stop: Content, section: str) -> list[str]:
    return [word for text in _points(stop, section) for word in folded(text).split()]


# Said twice ---------------------------------------------------------------------------------------


def said_twice(path: Path, limits: Thresholds) -> Flag | None:
    """One sentence stands twice in a cell, or as a control and as an action at once."""
    now = path.latest
    for section in (CONTROLS, ACTIONS, COMMENTARY, CONSEQUENCES):
        # In the cells of two parts it may well stand twice.
        twice = [
            one
            for cell in _cells(now, section)
            for one, count in Counter(cell).items()
            if count > 1
        ]
        if twice:
            name = name_of(section, path.is_risk).lower()
            return _twice(path, section, twice, f"twice or more under {name}")
    acts = {one for cell in _cells(now, ACTIONS) for one in cell}
    if both := [one for cell in _cells(now, CONTROLS) for one in cell if one in acts]:
        name = name_of(CONTROLS, path.is_risk).lower()
        return _twice(path, ACTIONS, both, f"under {name} and under actions")
    return None


def _twice(path: Path, section: str, repeated: Sequence[str], where: str) -> Flag:
    said = {folded(one): one for one in _all(path.latest)}
    count = len(repeated)
    title = "A sentence stands" if count == 1 else f"{count} sentences stand"
    return Flag(
        "said-twice",
        f"{title} {where}",
        _quoting([said[one] for one in repeated]),
        22,
        section=section,
        evidence=f"{where}: {' '.join(repeated)}",
    )


def _cells(stop: Content, section: str) -> list[list[str]]:
    """The sentences of each cell of a section, as they are compared; short ones are left out."""
    if section == ACTIONS:
        parts = {action.strand for action in stop.actions}
        cells = [[one.text for one in stop.actions if one.strand == part] for part in parts]
    else:
        written = [stop.texts.get(section, ""), *(getattr(s, section, "") for s in stop.strands)]
        cells = [[point.text for point in parse(text)] for text in written]
    return [_compared(cell) for cell in cells]


def _compared(texts: Sequence[str]) -> list[str]:
    found = [folded(one) for text in texts for one in sentences(text)]
    return [one for one in found if len(one.split()) >= WORDS_REPEATED]


def _all(stop: Content) -> Iterator[str]:
    for section in (CONTROLS, ACTIONS, COMMENTARY, CONSEQUENCES):
        for text in _points(stop, section):
            yield from sentences(text)


# No control at all --------------------------------------------------------------------------------

_WEAK = re.compile(
    r"^(?:the |an? )?(?:endemic |disconcerting |continuing |serious )?"
    r"(?:lack|absence|failure|inability|weakness(?:es)?|shortage|insufficient|inadequate|weak"
    r"|poor|no effective|no formal|no agreed|inequalit(?:y|ies))\b"
    r"|\bno (?:\w+ ){1,4}in place\b"
    r"|\b(?:not yet|is not|are not) (?:yet )?in place\b"
    r"|\bneeds? to be (?:undertaken|developed|put in place|established|agreed)\b"
    r"|\bneeds (?:developing|implementing)\b",
    re.IGNORECASE,
)


def weakness_as_control(path: Path, limits: Thresholds) -> Flag | None:
    """What stands under current controls is that there is none."""
    if not path.is_risk:
        return None
    weak = _weak(path.latest)
    if not weak:
        return None
    stop = path.latest
    for earlier in reversed(path.stops):
        if not set(map(folded, _weak(earlier))) & set(map(folded, weak)):
            break
        stop = earlier
    count = len(weak)
    title = "A weakness is written" if count == 1 else f"{count} weaknesses are written"
    return Flag(
        "weakness-as-control",
        f"{title} as a control",
        _quoting(weak),
        72,
        since=stop.quarter,
        section=CONTROLS,
        evidence=" ".join(weak),
    )


def _weak(stop: Content) -> list[str]:
    told = [one for text in _points(stop, CONTROLS) for one in sentences(text)]
    return list(dict.fromkeys(one for one in told if _WEAK.search(one)))


# Two ways -----------------------------------------------------------------------------------------

_UP = re.compile(r"^(?:↑|up\b|upwards?\b)|\brisk is (?:increasing|rising)\b", re.IGNORECASE)
_DOWN = re.compile(
    r"^(?:↓|down\b|downwards?\b)|\brisk is (?:reducing|decreasing|falling)\b|\bmanaged downwards\b",
    re.IGNORECASE,
)


def two_directions(path: Path, limits: Thresholds) -> Flag | None:
    """One entry, one score, and directions that say up and down at once."""
    now = path.latest
    told = [point.text for point in now.passage(COMMENTARY)]
    ways = {now.direction} if now.direction else {strand.direction for strand in now.strands}
    up = [text for text in told if _UP.search(text)]
    down = [text for text in told if _DOWN.search(text)]
    if not (up or movement.UP in ways) or not (down or movement.DOWN in ways):
        return None
    return Flag(
        "two-directions",
        "Two opposite directions of travel",
        _quoting([*up[:1], *down[:1]]) or "One part says “Up”, another “Down”.",
        78,
        section=COMMENTARY,
        evidence=" ".join([*up, *down, *sorted(ways)]),
    )


def _quoting(texts: Sequence[str]) -> str:
    said = [quoted(text) for text in texts[:QUOTED]]
    if (more := len(texts) - QUOTED) > 0:
        said.append(f"And {more} more.")
    return " ".join(said)


def still_open(stop: Content) -> list[str]:
    """The texts of the actions that are neither done nor dropped."""
    return [action.text for action in stop.actions if action.status not in (DONE, DROPPED)]
