"""An entry in an edition as it is read: in the list, and where it can't be changed any more."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from registers.admin.snapshot_form import PLACINGS
from registers.domain import passages
from registers.models import Snapshot
from registers.pages.tags.fivebyfive import passage
from registers.reading.references import natural_key

AFTER_ROWS = "after-rows"
# Panels of the form; the third one says why what looks contradictory is right.
SCORES, DIRECTION, OVERRULE = "scores", "direction-of-travel", "overrule"
NOTHING = "–"


class SnapshotReading:
    """The columns of the list and the panels of the page without fields."""

    def fieldsets_to_read(self, obj: Snapshot) -> list[Any]:
        scores = ["current", "residual", "residual_by"]
        if obj.edition.register.uses_inherent_score:
            scores.append("inherent")
        return [
            ("The entry", {"fields": ["reference", "title", "description_said", "types"]}),
            ("What the entry says", {"fields": ["consequences_said", "controls_said"]}),
            ("Scores", {"fields": scores}),
            ("Owner", {"fields": ["owner_named"], "classes": [AFTER_ROWS]}),
            (
                "Direction of travel",
                {"fields": ["direction", "commentary_said"], "classes": [AFTER_ROWS]},
            ),
        ]

    @admin.display(description="Reference", ordering=natural_key())
    def numbered(self, obj: Snapshot) -> str:
        return obj.reference

    @admin.display(description="Title", ordering="title")
    def titled(self, obj: Snapshot) -> str:
        return obj.title

    @admin.display(description="Edition", ordering="edition__quarter")
    def quarter(self, obj: Snapshot) -> str:
        return f"{obj.edition.register}, {obj.edition}"

    @admin.display(description="Score", ordering="score")
    def scored(self, obj: Snapshot) -> str:
        return "" if obj.score is None else str(obj.score)

    @admin.display(description="Score now")
    def current(self, obj: Snapshot) -> str:
        return _score_in_words(obj, "current")

    @admin.display(description="Residual score")
    def residual(self, obj: Snapshot) -> str:
        return _score_in_words(obj, "residual")

    @admin.display(description="Inherent score")
    def inherent(self, obj: Snapshot) -> str:
        return _score_in_words(obj, "inherent")

    @admin.display(description="Owner")
    def owner_named(self, obj: Snapshot) -> str:
        return obj.owner_text or (obj.owner.name if obj.owner else NOTHING)

    @admin.display(description="Description")
    def description_said(self, obj: Snapshot) -> str:
        return passage(passages.parse(obj.description)) or NOTHING

    @admin.display(description="Consequences")
    def consequences_said(self, obj: Snapshot) -> str:
        return passage(passages.parse(obj.consequences)) or NOTHING

    @admin.display(description="Controls")
    def controls_said(self, obj: Snapshot) -> str:
        return passage(passages.parse(obj.controls)) or NOTHING

    @admin.display(description="Commentary")
    def commentary_said(self, obj: Snapshot) -> str:
        said = passages.parse(obj.commentary, passages.PLAIN)
        return passage(said) or NOTHING


def _score_in_words(obj: Snapshot, name: str) -> str:
    prefix = PLACINGS[name]
    score, position = getattr(obj, f"{prefix}score"), getattr(obj, f"{prefix}position")
    if score is None:
        return NOTHING
    kind = obj.entry.kind
    where = position.words(kind) if position else "square not recorded"
    return f"{score}, {obj.edition.bands.word(score, kind)}: {where}"
