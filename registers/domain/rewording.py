"""Two editions of one entry compared, section by section and word by word. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from registers.domain import content
from registers.domain.content import SECTIONS, Stop
from registers.domain.kinds import KindWords
from registers.domain.passages import Difference, Passage, compare
from registers.domain.path import Path, lasting

CHANGED, ALL = "changed", "all"

# What a reader may choose to see.
CHOICES = (CHANGED, ALL, *SECTIONS)


@dataclass(frozen=True, slots=True)
class Section:
    """One section of both editions. `difference` is None where it reads the same in both.

    `standing` says for how long it has been the same, where that is longer than the two.
    """

    name: str
    label: str
    difference: Difference | None
    text: Passage = ()
    standing: str = ""

    @property
    def count(self) -> str:
        """'26 words added, 6 removed', 'No change'."""
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
    path: Path, before: Stop, after: Stop, named: Mapping[str, str], choice: str = CHANGED
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
            found.append(Section(name, named[name], compare(old, new)))
    return sorted(found, key=lambda section: section.difference is None)
