"""The workbook in which an owner updates entries without a network: its sheets and columns, once.

A column has the name of the field on the entry's form that it fills; a level has that of its score
and its own ("current impact"). What a cell holds is text, as a person would type it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from registers.domain import scale
from registers.domain.folding import fold

ENTRIES, ACTIONS, PARTS = "Entries", "Actions", "Parts"
SHEETS = (ENTRIES, ACTIONS, PARTS)
READ_ME, KEYS = "Read me", "Keys"

# Headings stand in the first row of a sheet, and what is said of the entries below it.
FIRST_ROW = 2
# Empty rows for new actions, below those that there are.
ROOM = 20

KEY, REFERENCE, NUMBER, BEFORE = "key", "reference", "number", "before"
IMPACT, LIKELIHOOD = " impact", " likelihood"
SCORES = ("current", "residual", "inherent")

TEXT, DAY, LEVEL, CHOICE, TYPES, PART, FIXED = (
    "text",
    "day",
    "level",
    "choice",
    "types",
    "part",
    "fixed",
)

DIRECTIONS = {"": "Not stated", "up": "Up", "level": "Level", "down": "Down", "new": "New"}
STATUSES = {
    "": "Not stated",
    "not_started": "Not started",
    "in_progress": "In progress",
    "done": "Done",
    "dropped": "Dropped",
}
TARGETS = {"target_impact": IMPACT, "target_likelihood": LIKELIHOOD}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet. `help` is what its cells say when one of them is chosen, in at most
    255 characters; a FIXED one is not read back.
    """

    name: str
    heading: str
    help: str = ""
    kind: str = TEXT
    width: int = 14


_POINTS = (
    "One point on a line: Alt and Enter begin the next. Two spaces and a dash make a sub-point."
)
_LEVEL = "Choose a level from the list. Both levels together are the square on the 5×5."
_DAY = "A day, such as 31/03/2027."
_OWN = (
    Column(KEY, "Key", kind=FIXED),
    Column(REFERENCE, "Reference", "Which entry it is. Leave it as it is.", FIXED, 11),
)


def _levels(score: str, words: str) -> tuple[Column, Column]:
    return (
        Column(f"{score}{IMPACT}", f"{words}: impact", _LEVEL, LEVEL, 17),
        Column(f"{score}{LIKELIHOOD}", f"{words}: likelihood", _LEVEL, LEVEL, 17),
    )


def of_entries(*, inherent: bool) -> tuple[Column, ...]:
    """The columns of the sheet of entries; of the inherent score where the register uses it."""
    return (
        *_OWN,
        Column("title", "Title", "What the entry is called.", width=34),
        Column(BEFORE, "Last published", "What was published last, to read.", FIXED, 34),
        *_levels("current", "Score now"),
        *_levels("residual", "Residual score"),
        Column(
            "residual_by", "Residual by", f"{_DAY} By then the actions bring it there.", DAY, 15
        ),
        *(_levels("inherent", "Inherent score") if inherent else ()),
        Column("direction", "Direction of travel", "Choose from the list.", CHOICE, 15),
        Column(
            "commentary",
            "Commentary",
            "Two or three sentences the committee can read without the rest of the entry.",
            width=50,
        ),
        Column(
            "override_reason",
            "It is right all the same, because",
            "Only where something looks contradictory. The risk manager reads it.",
            width=28,
        ),
        Column("consequences", "Consequences, or benefits", _POINTS, width=50),
        Column("controls", "Controls, or progress to date", _POINTS, width=50),
        Column("description", "Description", f"What the title leaves unsaid. {_POINTS}", width=34),
        Column("types", "Types", "Names with a semicolon between them.", TYPES, 24),
    )


OF_ACTIONS = (
    *_OWN,
    Column("strand", "Part", "The number of a part of the entry, or empty.", PART, 8),
    Column("text", "Action", "What is to be done. New ones stand in the empty rows.", width=60),
    Column("lead", "Lead", "Who does it.", width=24),
    Column("due", "Due", _DAY, DAY, 15),
    Column("status", "Status", "Choose from the list.", CHOICE, 15),
    Column("completed_on", "Done on", f"{_DAY} Only of an action that is done.", DAY, 15),
    Column(
        "reason",
        "Slipped or dropped, because",
        "Why it is later than promised, or dropped.",
        width=40,
    ),
    Column("target_impact", "To impact", "What it brings the impact to.", LEVEL, 17),
    Column("target_likelihood", "To likelihood", "What it brings the likelihood to.", LEVEL, 17),
)
OF_PARTS = (
    *_OWN,
    Column(NUMBER, "Part", "Which part it is. Leave it as it is.", FIXED, 8),
    Column("title", "Title", "What the part is called.", width=34),
    Column("lead", "Lead", "Who leads on it.", width=24),
    Column("consequences", "Consequences, or benefits", _POINTS, width=50),
    Column("controls", "Controls, or progress to date", _POINTS, width=50),
    Column("direction", "Direction of travel", "Choose from the list.", CHOICE, 15),
    Column("commentary", "Commentary", "What the committee should know.", width=50),
    Column("types", "Types", "Names with a semicolon between them.", TYPES, 24),
)


def columns_of(sheet: str, *, inherent: bool) -> tuple[Column, ...]:
    by_sheet = {ENTRIES: of_entries(inherent=inherent), ACTIONS: OF_ACTIONS, PARTS: OF_PARTS}
    return by_sheet[sheet]


# What cells offer and mean ------------------------------------------------------------------------


def level_words(column: str, kind: str) -> tuple[str, ...]:
    """What the cells of a level offer: '1 Insignificant' to '5 Catastrophic'."""
    if TARGETS.get(column, column).endswith(IMPACT):
        return tuple(f"{level} {scale.impact_word(level, kind)}" for level in scale.LEVELS)
    return tuple(f"{level} {scale.likelihood_word(level)}" for level in scale.LEVELS)


def choices_of(column: str) -> Mapping[str, str]:
    return STATUSES if column == "status" else DIRECTIONS


def level_meant(text: str, column: str, kind: str) -> str:
    """'4 Major', '4' and 'Major' are '4'. Raises ValueError for what is no level."""
    words = level_words(column, kind)
    for level, word in enumerate(words, start=1):
        if fold(text) in (str(level), fold(word), fold(word[2:])):
            return str(level)
    raise ValueError(f"Choose one of {', '.join(words)}.")


def choice_meant(text: str, column: str) -> str:
    """'In progress' is 'in_progress'. Raises ValueError for what is not among the choices."""
    choices = choices_of(column)
    for code, word in choices.items():
        if fold(text) == fold(word):
            return code
    raise ValueError(f"Choose one of {', '.join(choices.values())}.")
