"""Which action is which: an action keeps its key from one edition to the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID, uuid4

from rapidfuzz import fuzz

from registers.importing.matching import fold

SAME_ACTION = 90  # of 100: reworded, but still the same promise


def carried_keys(texts: Sequence[str], known: Iterable[Sequence[tuple[str, UUID]]]) -> list[UUID]:
    """A key for each text: that of the same action in one of the known editions, else a new one.

    `known` holds the actions of each edition as (text, key), the nearest edition first. Within an
    edition equal texts go before those that are only nearly so. No key is given twice.
    """
    keys: list[UUID | None] = [None] * len(texts)
    folded = [fold(text) for text in texts]
    for actions in known:
        theirs = [(fold(text), key) for text, key in actions]
        pairs = sorted(
            (-likeness, mine, place)
            for mine, text in enumerate(folded)
            for place, (other, _) in enumerate(theirs)
            if (likeness := fuzz.ratio(text, other, score_cutoff=SAME_ACTION))
        )
        for _, mine, place in pairs:
            key = theirs[place][1]
            if keys[mine] is None and key not in keys:
                keys[mine] = key
    return [key or uuid4() for key in keys]
