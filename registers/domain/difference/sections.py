"""Two editions of one entry, section by section and word by word."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from registers.domain import content, passages
from registers.domain.content import ACTIONS, SECTIONS, Content
from registers.domain.difference import actions
from registers.domain.english import counted
from registers.domain.kinds import KindWords
from registers.domain.passages import Difference, Passage, compare
from registers.domain.path import Path, lasting

CHANGED, ALL = "changed", "all"

# What a reader may choose to see.
CHOICES = (CHANGED, ALL, *SECTIONS)

TEXTS = (content.DESCRIPTION, content.CONSEQUENCES, content.CONTROLS, content.COMMENTARY)


def texts(one: Content) -> Hashable:
    """What an entry is reworded in. The title, owner, scores and actions are told by themselves."""
    return (tuple(one.texts.get(name, "") for name in TEXTS), one.strands, one.types)


@dataclass(frozen=True, slots=True)
class Section:
    """One section of both editions.

    Of one that changed, `difference` has it word by word, or `became` what each action did; both
    are empty where it reads the same, and `standing` says for how long it has, where that is
    longer than the two editions.
    """

    name: str
    label: str
    difference: Difference | None
    text: Passage = ()
    standing: str = ""
    became: tuple[actions.Change, ...] = ()

    @property
    def changed(self) -> bool:
        return bool(self.difference or self.became)

    @property
    def count(self) -> str:
        """'26 words added, 6 removed', '2 changes', 'No change'."""
        if self.became:
            return counted(len(self.became), "change")
        if self.difference is None:
            return "No change"
        added, removed = self.difference.added, self.difference.removed
        if not added and not removed:
            return "Set out anew, no word changed"
        words = "word" if (added or removed) == 1 else "words"
        if not removed:
            return f"{added} {words} added, none removed"
        if not added:
            return f"{removed} {words} removed, none added"
        return f"{added} {words} added, {removed} removed"


def labels(kind_words: KindWords) -> Mapping[str, str]:
    """The printed name of every section, in the words of the entry's kind."""
    return {
        content.TITLE: "Title",
        content.OWNER: "Owner",
        content.TYPES: "Type",
        content.DESCRIPTION: "Description",
        content.CONSEQUENCES: kind_words.consequences,
        content.CONTROLS: kind_words.controls,
        content.ACTIONS: kind_words.actions,
        content.COMMENTARY: "Direction of travel",
    }


def reworded(
    path: Path, before: Content, after: Content, named: Mapping[str, str], choice: str = CHANGED
) -> list[Section]:
    """What to show of a choice of sections: the changed ones in full, then those that are not.

    `path` ends with `after`, so that it can say for how long a section has stood.
    """
    sections = SECTIONS if choice in (CHANGED, ALL) else (choice,)
    found = []
    for name in sections:
        old, new = before.points(name), after.points(name)
        if not old and not new:
            continue
        if before.same(name, after):
            standing = path.lately(name)
            found.append(
                Section(
                    name,
                    named[name],
                    None,
                    () if choice == CHANGED else new,
                    lasting(standing) if len(standing) > 2 else "",
                )
            )
        else:
            found.append(_changed(name, named[name], before, after))
    return sorted(found, key=lambda section: not section.changed)


def changed(before: Content, after: Content, named: Mapping[str, str]) -> list[Section]:
    """The sections that do not read the same, in the order in which they are read."""
    return [
        _changed(name, named[name], before, after)
        for name in SECTIONS
        if not after.same(name, before)
    ]


def _changed(name: str, label: str, before: Content, after: Content) -> Section:
    became = tuple(actions.changes(before.actions, after.actions)) if name == ACTIONS else ()
    if became:
        return Section(name, label, None, became=became)
    return Section(name, label, compare(before.points(name), after.points(name)))


@dataclass(frozen=True, slots=True)
class Words:
    """How many words only the later text has, and only the earlier."""

    added: int
    removed: int

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    def __str__(self) -> str:
        """'52 words added, 6 removed', '1 word removed'; 'Text changed' for what no word shows."""
        parts: list[str] = []
        for number, done in ((self.added, "added"), (self.removed, "removed")):
            if number:
                unit = "" if parts else " word" if number == 1 else " words"
                parts.append(f"{number}{unit} {done}")
        return ", ".join(parts) or "Text changed"


def words_between(before: Content, after: Content) -> Words:
    """The words that an entry gained and lost in its texts and those of its strands."""
    found = [
        passages.compare(before.passage(name), after.passage(name))
        for name in TEXTS
        if not after.same(name, before)
    ]
    return Words(sum(one.added for one in found), sum(one.removed for one in found))
