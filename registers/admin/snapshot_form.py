"""The form on which an entry is updated: what an owner writes, and what only the manager changes.

The form works out from its snapshot what every widget shows: the words of the kind, the bands and
appetite of the edition, and last quarter's text and squares beside this quarter's.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property

from registers import access, cycle
from registers.admin.base_forms import KeptForm
from registers.admin.merging import PLACINGS, Meeting
from registers.domain import passages
from registers.domain.kinds import WORDS
from registers.models import Direction, Edition, Kind, Owner, Snapshot, Type
from registers.models.searching import called, having
from registers.pages.fields import PassageFormField, Placing, ScoreField, SuggestField

PLACE = ("reference", "order")
# What seldom changes: folded as long as it is what it was a quarter ago.
FOLDED = ("consequences", "controls", "title", "description", "types")
PASSAGES = ("description", "consequences", "controls", "commentary")

DIRECTIONS = {
    Kind.RISK: {"up": "Up: getting worse", "down": "Down: getting better"},
    Kind.OPPORTUNITY: {"up": "Up: getting better", "down": "Down: getting worse"},
}


def find_owner(owners: QuerySet, text: str) -> QuerySet:
    """Owners that a text can mean: by name or alias, else by part of the name."""
    named = owners.filter(called(text, "name", "aliases__text")).distinct()
    return named if named.exists() else owners.filter(having(text, "name"))


def offer_directions_of_a_past(field: forms.BoundField) -> None:
    """It can't be new, and a submission states one; what stands in the draft stays offered."""
    stands = field.value()
    field.field.widget.choices = [
        (value, words)
        for value, words in field.field.choices
        if value not in (Direction.NOT_STATED, Direction.NEW) or (value and value == stands)
    ]


class OwnerField(SuggestField):
    def __init__(self, **kwargs: Any):
        kwargs.setdefault("queryset", Owner.objects.all())
        super().__init__(find=find_owner, nothing="No post or body is called “%s”.", **kwargs)


class SnapshotForm(KeptForm):
    """What one edition says of one entry. Fields that the admin does not ask for are left out."""

    title = forms.CharField(max_length=500, widget=forms.TextInput)
    description = PassageFormField(
        help_text="What the title leaves unsaid, if anything. One point on a line."
    )
    consequences = PassageFormField(
        help_text="One per line. What would happen to people, services and money?"
    )
    controls = PassageFormField(help_text="One per line. What is already in place and working?")
    current = ScoreField(help_text="How things stand today, with the controls you have.")
    residual = ScoreField(help_text="Where it will stand once every action below is done.")
    inherent = ScoreField(help_text="Where it would stand if nothing at all were being done.")
    owner = OwnerField(required=False, help_text="The post or body that answers for it.")
    types = forms.ModelMultipleChoiceField(
        Type.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
    )
    direction = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    commentary = PassageFormField(
        unmarked=passages.PLAIN,
        help_text="Two or three sentences the committee can read without the rest of the entry.",
    )

    # Set by the admin for the person who has the form open.
    manages = False
    meeting: Meeting | None = None

    # Fields here keep them: a square gives all three numbers, a title is required.
    sure_of = frozenset(
        constraint.name
        for constraint in Snapshot._meta.constraints
        if isinstance(constraint, CheckConstraint)
    )

    class Meta:
        model = Snapshot
        fields = (
            "reference",
            "order",
            "title",
            "description",
            "types",
            "consequences",
            "controls",
            "current",
            "residual",
            "residual_by",
            "inherent",
            "owner",
            "owner_text",
            "direction",
            "commentary",
            "override_reason",
        )
        help_texts = {
            "override_reason": "The risk manager reads it with your submission.",
            "residual_by": "The day by which the actions are to bring it there.",
            "owner_text": "Only where no one post can be named: what was printed.",
            "order": "Place in the printed table, from the top.",
        }
        widgets = {
            "owner_text": forms.Textarea(attrs={"rows": 2}),
            "override_reason": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(self._meta.fields):
            del self.fields[name]
        self.words = WORDS[self.instance.entry.kind]
        self._set_scores()
        self._set_passages()
        self._set_choices()

    @cached_property
    def previous(self) -> Snapshot | None:
        """What the edition before said. Read only when the form is shown, not when it is saved."""
        return cycle.previous(self.instance)

    def _score_before(self, prefix: str) -> tuple[Placing, str] | None:
        before = self.previous
        return (_placing(before, prefix), before.edition.quarter.short) if before else None

    def _text_before(self, name: str, unmarked: str) -> tuple[passages.Passage, str] | None:
        before = self.previous
        if before is None:
            return None
        label = f"In {before.edition.quarter}"
        if name == "commentary" and before.direction:
            label += f": {before.get_direction_display()}"
        return passages.parse(getattr(before, name), unmarked), label

    def _set_scores(self) -> None:
        snapshot = self.instance
        labels = {
            "current": f"{self.words.score} now",
            "residual": self.words.residual,
            "inherent": "Inherent score",
        }
        for name, prefix in PLACINGS.items():
            if name not in self.fields:
                continue
            field = self.fields[name]
            field.label = labels[name]
            field.initial = self.initial[name] = _placing(snapshot, prefix)
            field.widget.kind = snapshot.entry.kind
            field.widget.bands = snapshot.edition.bands
            field.widget.appetite = snapshot.appetite
            # An owner chooses a square; only old editions have a score without one.
            field.widget.offers_unknown = self.manages or field.initial.position is None
            field.widget.before = partial(self._score_before, prefix)

    def _set_passages(self) -> None:
        labels = {"consequences": self.words.consequences, "controls": self.words.controls}
        for name in PASSAGES:
            if name not in self.fields:
                continue
            field = self.fields[name]
            field.label = labels.get(name, field.label)
            field.widget.before = partial(self._text_before, name, field.unmarked)

    def _set_choices(self) -> None:
        if "direction" in self.fields:
            said = DIRECTIONS[self.instance.entry.kind]
            self.fields["direction"].choices = [
                (value, said.get(value, words)) for value, words in Direction.choices
            ]
        if "types" in self.fields:
            chosen = self.initial.get("types", ())
            in_force = Type.objects.in_force(timezone.localdate())
            self.fields["types"].queryset = (
                in_force | Type.objects.filter(pk__in=[type_.pk for type_ in chosen])
            ).distinct()
        if "owner" in self.fields and self.instance.owner_id:
            self.initial["owner"] = self.instance.owner

    def fold(self, *, before: Snapshot | None) -> None:
        """Of an entry with a past: offer the directions it can take, and fold what is as it was."""
        if before is None:
            return
        offer_directions_of_a_past(self["direction"])
        clashes = {clash.name for clash in self.meeting.clashes} if self.meeting else set()
        for name in FOLDED:
            told = name in self.errors or name in clashes
            self.fields[name].folds = not told and self._is_as_before(name, before)

    def _is_as_before(self, name: str, before: Snapshot) -> bool:
        value = self[name].value()
        if name == "types":
            chosen = {str(getattr(type_, "pk", type_)) for type_ in value or ()}
            return chosen == {str(type_.pk) for type_ in before.types.all()}
        return bool(self.fields[name].clean(value) == getattr(before, name))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.meeting:
            self.add_error(None, ValidationError(self.meeting.sentence, code="meanwhile"))
        # For what the page shows beside the form, should it be refused.
        for column, number in self._numbers(cleaned).items():
            setattr(self.instance, column, number)
        return cleaned

    def drafted(self) -> dict[str, Any]:
        """What it says of the entry, by column; number and place are no part of it."""
        no_columns = {*PLACINGS, *PLACE}
        if "override_reason" not in self.data:
            # It is asked only where something looks contradictory.
            no_columns.add("override_reason")
        said = {name: value for name, value in self.cleaned_data.items() if name not in no_columns}
        return said | self._numbers(self.cleaned_data)

    def _numbers(self, cleaned: dict[str, Any]) -> dict[str, int | None]:
        numbers: dict[str, int | None] = {}
        for name, prefix in PLACINGS.items():
            if placing := cleaned.get(name):
                position = placing.position
                numbers[f"{prefix}impact"] = position.impact if position else None
                numbers[f"{prefix}likelihood"] = position.likelihood if position else None
                numbers[f"{prefix}score"] = placing.score
        return numbers


def _placing(snapshot: Snapshot, prefix: str) -> Placing:
    return Placing.of(
        *(getattr(snapshot, f"{prefix}{name}") for name in ("impact", "likelihood", "score"))
    )


class NewSnapshotForm(KeptForm):
    """The first words on a new entry in an edition; one that ended is brought back elsewhere.

    What follows is written on the full form, to which it leads.
    """

    edition = forms.ModelChoiceField(Edition.objects.unpublished(), empty_label=None)
    kind = forms.ChoiceField(
        choices=Kind.choices, initial=Kind.RISK, widget=forms.RadioSelect, required=False
    )
    reference = forms.CharField(
        max_length=12, required=False, help_text="Left empty, it gets the next free number."
    )
    title = forms.CharField(max_length=500, widget=forms.TextInput)
    owner = OwnerField(required=False, help_text="The post or body that answers for it.")

    sure_of = SnapshotForm.sure_of
    # Set by the admin: which editions are the person's to add to.
    managed = access.NOTHING
    # Why it may not be added, where this form has added something already.
    second_adding = ""

    class Meta:
        model = Snapshot
        fields = ("edition", "kind", "reference", "title", "owner")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        edition = self.fields["edition"]
        managed = edition.queryset.filter(self.managed)
        edition.queryset = managed.select_related("register").newest_first()
        edition.label_from_instance = lambda row: (
            f"{row.register}, {row} ({row.get_state_display().lower()})"
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.second_adding:
            self.add_error(None, ValidationError(self.second_adding))
        edition = cleaned.get("edition")
        if edition and not cleaned.get("reference"):
            kind = cleaned.get("kind") or Kind.RISK
            cleaned["reference"] = cycle.next_reference(edition, kind)
        return cleaned
