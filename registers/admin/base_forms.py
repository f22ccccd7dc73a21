"""What every form of the admin has in common: sentences at their fields, and few queries."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.forms.models import InlineForeignKeyField, construct_instance

from registers.pages.day_fields import DayField, DayInput, MomentField, MomentInput

HELD = (
    "Your session had ended when you sent this. Your text is back in the form, but it is not "
    "saved yet. Save it now."
)

TEXT_BOXES = (forms.TextInput, forms.Textarea)

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
        if self.is_bound and self.instance.pk:
            self._leave_what_never_arrived()

    def _leave_what_never_arrived(self) -> None:
        """A box that is missing in what was sent was not emptied by anybody."""
        for name, field in self.fields.items():
            if isinstance(field.widget, TEXT_BOXES):
                sent = self.data, self.files, self.add_prefix(name)
                field.disabled |= field.widget.value_omitted_from_data(*sent)

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
        """What is about a field that is not on this form stands above it."""
        placed: dict[str, list[ValidationError]] = {}
        for field, problems in errors.update_error_dict({}).items():
            place = field if field in self.fields else NON_FIELD_ERRORS
            placed.setdefault(place, []).extend(problems)
        super()._update_errors(ValidationError(placed))


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
