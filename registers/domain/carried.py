"""The words by which an edition says of an entry that its owner sent no update.

They stand as its commentary, so that every page, table, export and published document has them.
"""

from __future__ import annotations

BEGINS = "Carried forward without an update from its owner"
# In a cell, where an owner's statement would stand.
SHORT = "Carried forward, no update"


def because(reason: str) -> str:
    """The commentary of an entry that is carried forward."""
    said = " ".join(reason.split()).rstrip(".")
    return f"{BEGINS}: {said}."


def is_carried(commentary: str) -> bool:
    return commentary.startswith(BEGINS)
