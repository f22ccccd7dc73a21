"""What each column of an import was taken for, with the evidence, and what a person makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.text import capfirst

from registers.importing.answers import ANSWER, COLUMN, PREFIX, answer
from registers.importing.headings import plain
from registers.importing.printed import FIELDS, KEPT, LEVEL_FIELDS

KEEP_CHOICE = (KEPT, "kept as printed only")
_FIELD_WORDS = {
    "score": "score of today",
    "residual": "residual score",
    "inherent": "inherent score",
    "actions": "actions",
    "action lead": "lead of an action",
    "action due": "due date of an action",
    "action status": "status of an action",
    "direction": "direction of travel",
    "kind": "risk or opportunity",
}


def field_words(name: str) -> str:
    """'score impact' → 'impact of the score of today'."""
    if name in LEVEL_FIELDS:
        score, _, part = name.partition(" ")
        return f"{part} of the {_FIELD_WORDS[score]}"
    return _FIELD_WORDS.get(name, name)


FIELD_CHOICES = [KEEP_CHOICE, *((name, field_words(name)) for name in FIELDS)]


@dataclass(frozen=True, slots=True)
class Heading:
    """A column as it is offered: its heading, what it was taken for, and what shows that.

    `name` is what it is told by: its heading, or "#3" where two columns have the same one.
    """

    name: str
    words: str
    taken: str
    evidence: tuple[str, ...]
    samples: tuple[str, ...]


class ColumnsForm(forms.Form):
    """What each column is, and the answers to what is open."""

    def __init__(self, *args: Any, plan: dict[str, Any], headings: list[Heading], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.headings, self.questions = headings, plan["questions"]
        for place, heading in enumerate(headings):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=f"What “{heading.words}” is",
                choices=FIELD_CHOICES,
                initial=heading.taken or KEPT,
            )
        for place, question in enumerate(self.questions):
            self.fields[f"question-{place}"] = forms.ChoiceField(
                label=question["message"],
                choices=[
                    *((choice["value"] or " ", choice["words"]) for choice in question["choices"]),
                    ("", "leave it open"),
                ],
                required=False,
                widget=forms.RadioSelect,
                initial="",
            )

    def columns(self) -> Iterator[tuple[Heading, forms.BoundField]]:
        for place, heading in enumerate(self.headings):
            yield heading, self[f"column-{place}"]

    def asked(self) -> Iterator[tuple[dict[str, Any], forms.BoundField]]:
        for place, question in enumerate(self.questions):
            yield question, self[f"question-{place}"]

    def changes(self) -> dict[str, Any]:
        """What was said, as `importing.review.said` keeps it."""
        said: dict[str, Any] = {"columns": {}, "answers": {}}
        for place, heading in enumerate(self.headings):
            value = self.cleaned_data[f"column-{place}"]
            if value != (heading.taken or KEPT):
                said["columns"][heading.name] = value
        for place, question in enumerate(self.questions):
            if value := self.cleaned_data[f"question-{place}"]:
                _add(said, question, value.strip())
        return said


def _add(said: dict[str, Any], question: dict[str, Any], value: str) -> None:
    given = answer(question["key"], question["columns"], value)
    if given.what == PREFIX:
        said["prefix"] = given.value
    elif given.what == COLUMN:
        said["columns"][given.of] = given.value
    elif given.what == ANSWER:
        said["answers"][given.of] = given.value


def headings_of(plan: dict[str, Any], remembered: dict[str, str]) -> list[Heading]:
    """The columns of a plan, each heading once where it means the same everywhere."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for column in plan["columns"]:
        found.setdefault((plain(column["heading"]), column["field"]), column)
    of_a_table = {(c["table"], c["row"]) for c in plan["columns"]}
    columns = list(found.values())
    words = [plain(column["heading"]) for column in plan["columns"]]
    return [
        Heading(
            name=_name(column, words.count(plain(column["heading"])) > len(of_a_table)),
            words=column["heading"],
            taken=column["field"],
            evidence=tuple(_evidence(column, remembered)),
            samples=tuple(_samples(plan, column)),
        )
        for column in columns
    ]


def _name(column: dict[str, Any], is_twice: bool) -> str:
    return f"#{column['column']}" if is_twice else column["heading"]


def _evidence(column: dict[str, Any], remembered: dict[str, str]) -> Iterator[str]:
    if remembered.get(plain(column["heading"])) in (column["field"], column["field"] or KEPT):
        yield "As was said of an earlier document of this register."
    if column["proof"]:
        yield f"{capfirst(column['proof'])}."


def _samples(plan: dict[str, Any], column: dict[str, Any], most: int = 2) -> Iterator[str]:
    """The first cells of a column, shortened: of rows that stand under this heading."""
    name, heading = column["field"] or column["heading"], column["heading"]
    texts = (
        entry["cells"].get(name)
        for entry in plan["entries"]
        if entry["headings"].get(name, heading) == heading
    )
    for text in [text for text in texts if text and text.strip()][:most]:
        line = " ".join(text.split())
        yield line if len(line) <= 70 else f"{line[:69].rstrip()}…"
