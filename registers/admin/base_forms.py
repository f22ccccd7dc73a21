"""What every form of the admin has in common: sentences at their fields, and few queries."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.forms.models import InlineForeignKeyField, construct_instance

from registers.pages.day_fields import DayField, DayInput, MomentField, MomentInput

# Where a sentence of the database belongs on a form: constraint → field.
AT_FIELD = {
    "a_reference_is_used_once_in_an_edition": "reference",
    "an_edition_says_one_thing_of_an_entry": "entry",
    "a_register_has_one_edition_a_quarter": "quarter",
    "a_register_has_one_open_edition": "register",
    "register_bands_rise_from_1_to_25": "medium_from",
    "edition_bands_rise_from_1_to_25": "medium_from",
    "register_appetite_is_a_score_up_to_25": "appetite",
    "edition_appetite_is_a_score_up_to_25": "appetite",
    "register_is_not_its_own_parent": "parent",
    "type_is_in_use_from_before_it_ends": "valid_to",
    "an_owner_does_not_succeed_itself": "successor",
    "a_tenure_starts_before_it_ends": "ends",
    "an_exempt_entry_gives_its_reason": "exempt_reason",
    "only_a_closure_names_no_other_entry": "other",
    "an_entry_has_no_lineage_with_itself": "other",
    "lineage_gives_its_reason": "reason",
    "an_entry_ends_once_in_an_edition": "entry",
    "only_a_done_action_has_a_day_of_completion": "completed_on",
    "an_action_has_a_text": "text",
    "an_action_moves_levels_from_1_to_5": "target_impact",
    "a_strand_has_a_number_of_its_own": "number",
    "a_type_has_one_appetite_in_a_register": "type",
    "appetite_of_a_type_is_a_score_up_to_25": "appetite",
}

HELD = (
    "Your session had ended when you sent this. Your text is back in the form, but it is not "
    "saved yet. Save it now."
)

NATIVE_FIELDS = {
    models.DateField: {"form_class": DayField, "widget": DayInput},
    models.DateTimeField: {"form_class": MomentField, "widget": MomentInput},
    models.CharField: {"widget": forms.TextInput},
    models.SlugField: {"widget": forms.TextInput},
    models.EmailField: {"widget": forms.EmailInput},
    models.TextField: {"widget": forms.Textarea(attrs={"rows": 3})},
    models.PositiveSmallIntegerField: {"widget": forms.NumberInput},
}


class KeptForm(forms.ModelForm):
    """A form on which what the database refuses stands, as a sentence, at the field it is about.

    Constraints are checked with the columns that are not on the form. A row among others that
    nobody touched is not checked again, nor is the row that it belongs to. `sure_of` names the
    constraints that the fields of a form keep by themselves.
    """

    sure_of: frozenset[str] = frozenset()
    # Sent when the session had ended, and given back: nothing is saved until it is sent again.
    held = False

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.required:
                field.error_messages["required"] = "This can’t be left empty."

    def _post_clean(self) -> None:
        """As Django's, but the constraints are checked here, each against the whole row."""
        if self.held:
            self.add_error(None, ValidationError(HELD, code="held"))
        parents = self._parents()
        if parents and self.instance.pk and not self.has_changed():
            return
        options, left_out = self._meta, self._get_validation_exclusions() | parents
        try:
            self.instance = construct_instance(self, self.instance, options.fields, options.exclude)
            self.instance.full_clean(left_out, validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            self._update_errors(error)
        if self._validate_unique:
            self.validate_unique()
        wrong = {name for name in self._errors if name != NON_FIELD_ERRORS} | parents
        for constraint in self.instance._meta.constraints:
            if not self._is_sure_of(constraint):
                try:
                    constraint.validate(type(self.instance), self.instance, exclude=wrong)
                except ValidationError as error:
                    self._update_errors(error)

    def _is_sure_of(self, constraint: models.BaseConstraint) -> bool:
        """Whether it need not be asked of the database, which costs a query."""
        if constraint.name in self.sure_of:
            return True
        unique = isinstance(constraint, models.UniqueConstraint)
        return unique and self.instance.pk and not set(constraint.fields) & set(self.changed_data)

    def _parents(self) -> set[str]:
        fields = self.fields.items()
        return {name for name, field in fields if isinstance(field, InlineForeignKeyField)}

    def _update_errors(self, errors: ValidationError) -> None:
        """Django gathers what a constraint says above the form; it belongs to a field."""
        placed: dict[str, list[ValidationError]] = {}
        for field, problems in errors.update_error_dict({}).items():
            for problem in problems:
                place = self._place_of(field, problem.messages[0])
                placed.setdefault(place, []).append(problem)
        super()._update_errors(ValidationError(placed))

    def _place_of(self, field: str, message: str) -> str:
        if field != NON_FIELD_ERRORS:
            return field
        for constraint in self.instance._meta.constraints:
            named = AT_FIELD.get(constraint.name)
            if named in self.fields and str(constraint.violation_error_message) == message:
                return named
        return field


class RowField(forms.ModelChoiceField):
    """The hidden key of a row that the formset has read already: no query for each row."""

    def __init__(self, row: models.Model):
        rows = type(row)._default_manager.none()
        super().__init__(rows, required=False, initial=row.pk, widget=forms.HiddenInput)
        self.row = row

    def to_python(self, value: Any) -> models.Model | None:
        if value in self.empty_values:
            return None
        if str(value) != str(self.row.pk):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return self.row


class KeptRows(forms.BaseInlineFormSet):
    def add_fields(self, form, index):
        super().add_fields(form, index)
        if form.instance.pk:
            form.fields[self._pk_field.name] = RowField(form.instance)
