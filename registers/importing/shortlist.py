"""Which entries are worth a full comparison with a row, in a register of thousands.

A full comparison reads every sentence. Up to a hundred entries that is done with all of them;
beyond, only with those that share a sentence or the reference with the row, or whose title is
among the nearest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from rapidfuzz import fuzz, process

EVERYBODY = 100
NEAREST_TITLES = 20
TOO_COMMON = 30  # a sentence that so many entries say tells none of them apart


class Shortlist:
    """The entries of a register by what they say.

    `texts` gives, by entry: its references, its description lines and its sentences, folded.
    """

    def __init__(
        self, texts: Mapping[int, tuple[Iterable[str], Iterable[str], Iterable[str]]]
    ) -> None:
        self.everybody = set(texts)
        self.of_reference: dict[str, set[int]] = defaultdict(set)
        self.of_sentence: dict[str, set[int]] = defaultdict(set)
        self.lines: list[str] = []
        self.entry_of_line: list[int] = []
        if len(texts) <= EVERYBODY:
            return
        for entry_id, (references, lines, sentences) in texts.items():
            for reference in references:
                self.of_reference[reference].add(entry_id)
            for sentence in sentences:
                self.of_sentence[sentence].add(entry_id)
            for line in set(lines):
                self.lines.append(line)
                self.entry_of_line.append(entry_id)

    def worth_comparing(
        self, reference: str, lines: Sequence[str], sentences: Collection[str]
    ) -> set[int]:
        if len(self.everybody) <= EVERYBODY:
            return self.everybody
        found = set(self.of_reference.get(reference, ()))
        for sentence in sentences:
            saying_so = self.of_sentence.get(sentence, set())
            if len(saying_so) <= TOO_COMMON:
                found |= saying_so
        for line in lines:
            nearest = process.extract(line, self.lines, scorer=fuzz.ratio, limit=NEAREST_TITLES)
            found.update(self.entry_of_line[place] for _, _, place in nearest)
        return found
