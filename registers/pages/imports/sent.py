"""What was sent of the rows: what it changes, and the rows with it chosen in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from registers.importing.corrections import BETWEEN, CannotCorrect, recut
from registers.importing.review.said import NEW
from registers.pages.imports import words
from registers.pages.imports.cards import AS_READ, Card, Control


def changes_sent(cards: Iterable[Card], sent: Any) -> dict[str, Any]:
    """What a person changed among the controls that these cards show, as `said` keeps it."""
    said: dict[str, Any] = {"rows": {}, "matches": {}}
    for card in cards:
        for line in card.lines:
            if line.control and line.control.name in _names_sent(sent, line.control):
                before, value = _before(line.control), _sent(line.control, sent)
                if value != before:
                    kept = None if value == AS_READ else value
                    said["rows"].setdefault(card.reference, {})[_field(line.control)] = kept
        match = sent.get(f"{card.reference}.match", "")
        if match and match != _matched(card):
            said["matches"][card.reference] = match
    return said


def refused(cards: Iterable[Card], sent: Any, plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Texts of which more was changed than where their points begin: the control, and why not."""
    entries = {entry["reference"]: entry for entry in plan["entries"]}
    for card in cards:
        for control in (line.control for line in card.lines if line.control):
            if control.points and _names_sent(sent, control):
                name = _field(control)
                was = words.passage_of(entries[card.reference][name])
                try:
                    recut(was, _sent(control, sent), name, card.reference)
                except CannotCorrect as refusal:
                    yield control.name, str(refusal)


def as_sent(card: Card, sent: Any) -> Card:
    """The card with what was sent chosen in it, where it could not be taken."""
    lines = tuple(
        replace(line, control=_control_as_sent(line.control, sent))
        if line.control and line.control.name in _names_sent(sent, line.control)
        else line
        for line in card.lines
    )
    match = sent.get(f"{card.reference}.match", "") or _matched(card)
    candidates = tuple(replace(one, chosen=one.value == match) for one in card.candidates)
    return replace(card, lines=lines, candidates=candidates, is_new=match == NEW)


def _control_as_sent(control: Control, sent: Any) -> Control:
    value = _sent(control, sent)
    chosen = value.split(BETWEEN) if control.several else [value]
    options = tuple(replace(o, chosen=o.value in chosen) for o in control.options)
    return replace(control, options=options, value=value)


def _names_sent(sent: Any, control: Control) -> set[str]:
    """A box of ticks sends nothing when all are taken away: a hidden field says it was shown."""
    shown = {control.name} if f"{control.name}.shown" in sent else set()
    return shown | ({control.name} if control.name in sent else set())


def _field(control: Control) -> str:
    return control.name.rpartition(".")[2]


def _before(control: Control) -> str:
    if control.several:
        return BETWEEN.join(option.value for option in control.options if option.chosen)
    if control.typed or control.points:
        return control.value
    return next((option.value for option in control.options if option.chosen), "")


def _sent(control: Control, sent: Any) -> str:
    """What was chosen of what is offered; what is not offered changes nothing."""
    if control.several:
        chosen = sent.getlist(control.name)
        return BETWEEN.join(o.value for o in control.options if o.value in chosen)
    if control.points:
        return "\n".join(line.rstrip() for line in sent.get(control.name, "").splitlines())
    value = " ".join(sent.get(control.name, "").split())
    known = {option.value for option in control.options}
    return value if control.typed or value in known else _before(control)


def _matched(card: Card) -> str:
    chosen = next((c.value for c in card.candidates if c.chosen), "")
    return NEW if card.is_new else chosen
