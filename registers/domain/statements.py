"""What a person may state of what became of an entry, and how it is printed."""

from __future__ import annotations

MERGED, SPLIT, SUCCEEDED, CLOSED = "merged_into", "split_from", "succeeded_by", "closed"

WORDS = {
    MERGED: "Merged into",
    SPLIT: "Split from",
    SUCCEEDED: "Succeeded by",
    CLOSED: "Closed",
}
