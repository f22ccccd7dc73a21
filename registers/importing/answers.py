"""What an answer to a question says: of a column, of the prefix, or of the question itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from registers.importing.printed import FIELDS

PREFIX, COLUMN, ANSWER = "prefix", "column", "answer"


@dataclass(frozen=True, slots=True)
class Answer:
    """`what` is the option of the command that says it, `of` what it says it of."""

    what: str
    of: str
    value: str


def answer(key: str, columns: Sequence[str], value: str) -> Answer:
    """What a choice of a question comes to (see `printed.Question` and `printed.Instructions`)."""
    if key == PREFIX:
        return Answer(PREFIX, "", value)
    if columns and value in FIELDS:
        return Answer(COLUMN, columns[0], value)
    if columns:
        return Answer(COLUMN, value, key.partition(":")[0])
    return Answer(ANSWER, key, value)
