"""What a person may state of what became of an entry, and how it is printed."""

from __future__ import annotations

from dataclasses import dataclass

MERGED, SPLIT, SUCCEEDED, CLOSED = "merged_into", "split_from", "succeeded_by", "closed"
# Of an entry that moves to the register above, or below: as each of the two registers states it.
ESCALATED_TO, ESCALATED_FROM = "escalated_to", "escalated_from"
DEESCALATED_TO, DEESCALATED_FROM = "deescalated_to", "deescalated_from"
MOVES = (ESCALATED_TO, ESCALATED_FROM, DEESCALATED_TO, DEESCALATED_FROM)

WORDS = {
    MERGED: "Merged into",
    SPLIT: "Split from",
    SUCCEEDED: "Succeeded by",
    CLOSED: "Closed",
    ESCALATED_TO: "Escalated to",
    ESCALATED_FROM: "Escalated from",
    DEESCALATED_TO: "De-escalated to",
    DEESCALATED_FROM: "De-escalated from",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of what became of an entry. `kind` is one of those above.

    `other` is an entry of the same register; `called` is 'CR12 of Corporate', of another.
    """

    entry: int
    kind: str
    other: int | None
    reason: str
    called: str = ""

    @property
    def words(self) -> str:
        """'Closed', 'Merged into', 'Escalated to CR12 of Corporate'."""
        return f"{WORDS[self.kind]} {self.called}".strip()
