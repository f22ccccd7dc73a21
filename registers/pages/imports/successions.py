"""A new row may take the place of an entry that the file has not: chosen on the row itself.

What is chosen is kept as what became of the absent entry, as if it had been said there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

from registers.domain.folding import fold
from registers.domain.quarters import Quarter
from registers.importing.review.said import NEW
from registers.models import Lineage
from registers.pages.imports.absences import Absent
from registers.pages.imports.cards import Candidate, Card, Succession

# Of more the nearest: each can be chosen among the absent ones too.
MOST = 6
SUCCEEDED = str(Lineage.Statement.SUCCEEDED)
SAY_WHY = "Say why {} takes its place: the committee will read it."
NOT_BOTH = (
    "{} is chosen to be an entry of the register and to take the place of another. Choose one."
)


def with_succession(card: Card, absent: list[Absent], sent: Any = None) -> Card:
    """The card of a new row with the absent entries whose place it may take, the nearest first."""
    if not (card.may_be_new and absent):
        return card
    chosen = next((one for one in absent if _succeeded_by(one, card.reference)), None)
    entry, because = (chosen.entry, chosen.reason) if chosen else ("", "")
    if sent is not None and f"{card.reference}.succeeds" in sent:
        entry, because = _sent(card, sent)
    candidates = tuple(_candidate(one, one.entry == entry) for one in _nearest(card, absent, entry))
    return replace(card, succession=Succession(candidates, not entry, because))


def _succeeded_by(one: Absent, reference: str) -> bool:
    return one.how == SUCCEEDED and one.other == reference


def _nearest(card: Card, absent: list[Absent], chosen: str) -> list[Absent]:
    def unlike(one: Absent) -> tuple[bool, float]:
        likeness = SequenceMatcher(None, fold(one.title), fold(card.title)).ratio()
        return one.entry != chosen, -likeness

    return sorted(absent, key=unlike)[:MOST]


def _candidate(one: Absent, chosen: bool) -> Candidate:
    quarter = Quarter.parse(one.last_in).label
    return Candidate(one.entry, one.reference, quarter, one.title, "", chosen)


def _sent(card: Card, sent: Any) -> tuple[str, str]:
    because = " ".join(sent.get(f"{card.reference}.because", "").split())
    return sent.get(f"{card.reference}.succeeds", ""), because


def refused(cards: Iterable[Card], sent: Any) -> Iterator[tuple[str, str]]:
    """(place on the page, sentence) of what can't be taken as it was chosen."""
    for card in cards:
        if card.succession is None or f"{card.reference}.succeeds" not in sent:
            continue
        entry, because = _sent(card, sent)
        if entry and not because:
            yield f"{card.reference}.because", SAY_WHY.format(card.reference)
        if entry and sent.get(f"{card.reference}.match", NEW) not in ("", NEW):
            yield f"{card.reference}.because", NOT_BOTH.format(card.reference)


def changes(cards: Iterable[Card], said: Mapping[str, Any], sent: Any) -> dict[str, Any]:
    """What was chosen that was not said before: of the absent entries, and that a row is new."""
    changed: dict[str, Any] = {"absent": {}, "matches": {}}
    known: Mapping[str, Any] = said.get("absent", {})
    for card in cards:
        if card.succession is None or f"{card.reference}.succeeds" not in sent:
            continue
        before = _before(known, card.reference)
        entry, because = _sent(card, sent)
        if before and before != entry:
            changed["absent"][before] = None
        stated = {"how": SUCCEEDED, "other": card.reference, "reason": because}
        offered = {one.value for one in card.succession.candidates}
        if entry in offered and known.get(entry) != stated:
            changed["absent"][entry] = stated
            if card.candidates:
                changed["matches"][card.reference] = NEW
    return changed


def _before(known: Mapping[str, Any], reference: str) -> str:
    found = (
        entry
        for entry, one in known.items()
        if one["how"] == SUCCEEDED and one["other"] == reference
    )
    return next(found, "")
