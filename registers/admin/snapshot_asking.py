"""What a submission still needs, as the form says it: in its bar, and beside each field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.forms import BoundField
from django.forms.utils import ErrorDict, ErrorList

from registers.admin.snapshot_reading import DIRECTION, SCORES
from registers.cycle import before_submitting
from registers.cycle.before_submitting import Problem
from registers.models import Action, Snapshot

# Where a problem of a submission stands on the form.
FIELDS = {"position": "current", "residual_position": "residual"}
# What every submission states, in the order of the form, as the bar calls it.
STATED = {
    "current": "the score now",
    "residual": "the residual score",
    "direction": "the direction",
    "commentary": "the commentary",
}


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a submission states: its field, the place of that; whether it is lacking."""

    words: str
    name: str
    place: str
    lacks: bool


class Asking:
    """What an entry lacks, and what looks wrong in it, each at its field of an open form."""

    def __init__(self, snapshot: Snapshot, form: Any, rows: Any) -> None:
        before = form.previous
        self.form, self.before = form, before
        self.missing = before_submitting.errors(snapshot, before)
        self.doubts = (
            [] if snapshot.override_reason else before_submitting.warnings(snapshot, before)
        )
        self.lines = [
            line
            for group in rows
            if group.formset.model is Action
            for line in group.formset.initial_forms
        ]
        self._mark_doubts()
        self._mark_dates()

    def _mark_doubts(self) -> None:
        """What may be overruled stands beside its field, before anybody has tried to submit it."""
        for problem in self.doubts:
            field = self.form.fields[_field(problem)]
            field.doubts = [*getattr(field, "doubts", ()), problem.sentence]

    def _mark_dates(self) -> None:
        """Each date knows what it was, so that the bar can ask at once why it slips."""
        actions = self.before.actions.all() if self.before else ()
        was_due = {action.key: action.due for action in actions if action.due}
        for line in self.lines:
            if was := was_due.get(line.instance.key):
                line.fields["due"].widget.attrs["data-was"] = was.isoformat()

    @property
    def overrules_after(self) -> str:
        """The panel after which the form asks why it is right all the same; empty if nowhere."""
        if any(_field(problem) == "direction" for problem in self.doubts):
            return DIRECTION
        return SCORES if self.doubts else ""

    def needs(self) -> list[Need]:
        """All that can be lacking, so that script can say so of what is emptied."""
        lacking = {_field(problem) for problem in self.missing if problem.action is None}
        found = [
            Need(words, name, _place(self.form[name]), name in lacking)
            for name, words in STATED.items()
        ]
        unexplained = {problem.action for problem in self.missing if problem.action}
        for number, line in enumerate(self.lines, start=1):
            words = f"why action {number} slips or is dropped"
            name = line.add_prefix("reason")
            found.append(Need(words, name, f"id_{name}", line.instance.key in unexplained))
        if self.overrules_after:
            words, name = "why it is right all the same", "override_reason"
            found.append(Need(words, name, f"id_{name}", lacks=True))
        if "owner" in lacking:
            place = "id_owner" if "owner" in self.form.fields else ""
            found.append(Need("the post that owns it", "owner", place, lacks=True))
        if "actions" in lacking:
            words = "an action that was promised"
            found.append(Need(words, "actions", "actions-group", lacks=True))
        return found

    def refuse(self) -> bool:
        """Put what is missing at the fields that lack it; False if nothing stands in the way."""
        errors = ErrorDict()
        by_key = {line.instance.key: line for line in self.lines}
        for problem in self.missing:
            if line := by_key.get(problem.action):
                said = ErrorList([problem.sentence], error_class="errorlist")
                line._errors = ErrorDict({problem.field: said})
                continue
            name = _field(problem) if _field(problem) in self.form.fields else "__all__"
            errors.setdefault(name, ErrorList(error_class="errorlist")).append(problem.sentence)
        self.form._errors = errors
        return bool(self.missing or self.doubts)


def _place(field: BoundField) -> str:
    return field.id_for_label or f"{field.auto_id}_0"


def _field(problem: Problem) -> str:
    return FIELDS.get(problem.field, problem.field)
