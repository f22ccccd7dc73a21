"""How far an action has come, in the words that documents use."""

from __future__ import annotations

from registers.domain.content import DONE, DROPPED, IN_PROGRESS, NOT_STARTED
from registers.domain.folding import fold

_WORDS = {
    NOT_STARTED: "not started|not yet started|to start|planned|not begun",
    IN_PROGRESS: "in progress|on track|ongoing|on-going|started|underway|under way|delayed|slipped|"
    "overdue|behind schedule|at risk|on target|on schedule",
    DONE: "done|complete|completed|closed|implemented|finished|achieved",
    DROPPED: "dropped|cancelled|withdrawn|abandoned|no longer needed|superseded",
}
_OF_WORD = {word: status for status, words in _WORDS.items() for word in words.split("|")}


def read_status(text: str) -> str:
    """The status that the words name, or '' where they name none that is certain."""
    return _OF_WORD.get(fold(text).strip(" ."), "")
