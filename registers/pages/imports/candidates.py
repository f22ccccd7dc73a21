"""What the register says of the entries that a row may be, to be read beside the row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from registers.domain import passages
from registers.models import Snapshot

LONGEST = 220

Texts = tuple[tuple[str, str], ...]


def candidate_texts(entries: Iterable[int]) -> dict[tuple[str, str], Texts]:
    """Score, owner and consequences of entries, by (entry, edition). One query."""
    found = Snapshot.objects.filter(entry__in=set(entries)).select_related("edition", "owner")
    rows = found.only(
        "entry_id", "edition__quarter", "score", "owner__name", "owner_text", "consequences"
    )
    return {
        (str(one.entry_id), one.edition.quarter.label): tuple(_texts(one))
        for one in rows.order_by("pk")
    }


def _texts(one: Snapshot) -> Iterator[tuple[str, str]]:
    if one.score is not None:
        yield "Score:", str(one.score)
    if one.owner_name:
        yield "Owner:", one.owner_name
    if text := "; ".join(point.text for point in passages.parse(one.consequences)):
        yield "Consequences:", text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
