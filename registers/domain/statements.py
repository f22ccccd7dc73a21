"""What a person may state of what became of an entry, and how it is printed."""

from __future__ import annotations

from dataclasses import dataclass

MERGED, SPLIT, SUCCEEDED, CLOSED = "merged_into", "split_from", "succeeded_by", "closed"

WORDS = {
    MERGED: "Merged into",
    SPLIT: "Split from",
    SUCCEEDED: "Succeeded by",
    CLOSED: "Closed",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of what became of an entry. `kind` is one of those above."""

    entry: int
    kind: str
    other: int | None
    reason: str

    @property
    def words(self) -> str:
        """'Closed', 'Merged into', …"""
        return WORDS[self.kind]
