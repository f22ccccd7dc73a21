"""One sentence in several entries: whose control, whose action is it?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from registers.domain.content import ACTIONS, COMMENTARY, CONTROLS, Content
from registers.domain.flags.flag import Flag
from registers.domain.flags.sentences import folded, quoted, sentences

CODE = "shared-sentence"
# A shorter one is a common phrase.
WORDS = 9
# In more entries than this it is the register's own phrase, and nobody's control in particular.
MOST = 25
SECTIONS = (CONTROLS, ACTIONS, COMMENTARY)


def shared(contents: Iterable[Content]) -> dict[int, Flag]:
    """By entry, the sentence that most others of the edition have too."""
    where: dict[str, dict[int, tuple[str, str]]] = defaultdict(dict)
    for one in contents:
        for section in SECTIONS:
            points = one.printed_actions() if section == ACTIONS else one.passage(section)
            for sentence in (each for point in points for each in sentences(point.text)):
                told = folded(sentence)
                if len(told.split()) >= WORDS:
                    where[told].setdefault(one.entry, (section, sentence))
    flags: dict[int, Flag] = {}
    for entries in where.values():
        if not 2 <= len(entries) <= MOST:
            continue
        for entry, (section, sentence) in entries.items():
            others = tuple(sorted(set(entries) - {entry}))
            if entry not in flags or len(others) > len(flags[entry].others):
                flags[entry] = Flag(CODE, "", quoted(sentence), 30, section=section, others=others)
    return {entry: _titled(flag) for entry, flag in flags.items()}


def told_to(flags: Collection[Flag], references: Mapping[int, str]) -> list[Flag]:
    """The flags as a reader may have them who may see the entries of `references` and no other."""
    return [told for flag in flags if (told := _told(flag, references)) is not None]


def _told(flag: Flag, references: Mapping[int, str]) -> Flag | None:
    if not flag.others:
        return flag
    seen = tuple(entry for entry in flag.others if entry in references)
    if not seen:
        return None
    named = ", ".join(references[entry] for entry in seen)
    return replace(
        _titled(replace(flag, others=seen)), sentence=f"{flag.sentence} Also in {named}."
    )


def _titled(flag: Flag) -> Flag:
    count = len(flag.others)
    entries = "another entry" if count == 1 else f"{count} other entries"
    return replace(flag, title=f"A sentence also stands in {entries}")
