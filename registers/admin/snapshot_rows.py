"""The rows below an entry in an edition: its actions, and its numbered parts."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import prefetch_related_objects
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest
from django.utils.functional import cached_property

from registers import cycle
from registers.admin.base import PartsInline, RowsInline
from registers.admin.base_forms import KeptForm, KeptRows
from registers.admin.snapshot_form import offer_directions_of_a_past
from registers.cycle.drafts import OF_A_STRAND, OF_AN_ACTION, Draft
from registers.domain import passages
from registers.models import Action, Direction, Strand, Type, User
from registers.pages.fields import PassageFormField


class DraftRows(KeptRows):
    """Rows that say what they hold as a part of the entry's draft; a verb of the cycle saves it."""

    columns: tuple[str, ...] = ()
    # Set by the admin: who has the form open.
    by: User | None = None

    def drafted(self) -> dict[Any, dict[str, Any] | None]:
        """What was changed, by the name of the row; None for one that goes."""
        said: dict[Any, dict[str, Any] | None] = {}
        # A row that names one of another entry is none.
        own = [form for form in self.initial_forms if form.instance.pk]
        for form in [*own, *self.extra_forms]:
            if self.goes(form):
                said |= {self.name_of(form): None} if form.instance.pk else {}
            elif form.has_changed() and form.is_valid():
                said[self.name_of(form)] = self.said(form)
        return said

    def goes(self, form: KeptForm) -> bool:
        return self._should_delete_form(form)

    def said(self, form: KeptForm) -> dict[str, Any]:
        said = form.cleaned_data
        return {name: said[name] for name in self.columns if name in said}


class ActionForm(KeptForm):
    sure_of = frozenset(constraint.name for constraint in Action._meta.constraints)

    class Meta:
        model = Action
        fields = OF_AN_ACTION
        widgets = {
            "text": forms.Textarea(attrs={"rows": 2}),
            "reason": forms.Textarea(attrs={"rows": 2}),
        }
        labels = {"reason": "Slipped or dropped, because"}

    # Whether an earlier edition stated it already.
    is_carried = False

    def clean(self):
        said = super().clean()
        if said.get("completed_on") and said.get("status") != Action.Status.DONE:
            self.add_error("completed_on", "An action completed on a day has the status Done.")
        return said


class ActionRows(DraftRows):
    """What was carried has no box to remove it; the verb refuses it too."""

    columns = OF_AN_ACTION

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if getattr(form.instance, "carried", False):
            form.is_carried = True
            form.fields.pop(DELETION_FIELD_NAME, None)

    def goes(self, form: KeptForm) -> bool:
        return bool(form.data.get(form.add_prefix(DELETION_FIELD_NAME)))

    def name_of(self, form: KeptForm) -> UUID:
        return form.instance.key

    def said(self, form: KeptForm) -> dict[str, Any]:
        said = super().said(form)
        if part := said.get("strand"):
            said["strand"] = part.number
        return said

    def clean(self):
        super().clean()
        try:
            cycle.refuse_objections(self.instance, Draft(actions=self.drafted()), by=self.by)
        except cycle.DraftRefused as refusal:
            at = {form.instance.key: form for form in self.forms}
            for problem in refusal.problems:
                at[problem.action].add_error(problem.field, problem.sentence)


class ActionInline(RowsInline):
    model = Action
    form = ActionForm
    formset = ActionRows
    adds = "action"
    ordering = ("order", "id")

    def get_extra(self, request, obj=None, **kwargs):
        """A blank one where there is none yet; else a button adds it."""
        asked = super().get_extra(request, obj, **kwargs)
        if asked or obj is None or request.method == "POST":
            return asked
        prefetch_related_objects([obj], "actions")
        return 0 if obj.actions.all() else 1

    def get_queryset(self, request):
        return super().get_queryset(request).with_carried()

    def get_fieldsets(self, request, obj=None):
        more = ["completed_on", "reason", ("target_impact", "target_likelihood")]
        if obj and obj.strands.all():
            more.insert(0, "strand")
        return [
            (None, {"fields": ["text", "lead", "due", "status"]}),
            ("Done on, because, target", {"fields": more}),
        ]

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.by = request.user
        strand = formset.form.base_fields.get("strand")
        if strand is not None:
            # One query for all rows.
            parts = list(obj.strands.all()) if obj else []
            strand.queryset = Strand.objects.filter(snapshot=obj)
            strand.choices = [("", "The whole entry"), *((part.pk, part) for part in parts)]
        return formset


def _types(request: HttpRequest) -> list[tuple[int, str]]:
    """The types to choose from, read once: the admin makes the class of the rows three times."""
    if not hasattr(request, "types_of_parts"):
        request.types_of_parts = [(type_.pk, type_.name) for type_ in Type.objects.all()]
    return request.types_of_parts


class StrandForm(KeptForm):
    consequences = PassageFormField()
    controls = PassageFormField()
    commentary = PassageFormField(unmarked=passages.PLAIN)
    direction = forms.ChoiceField(
        choices=Direction.choices, required=False, widget=forms.RadioSelect
    )
    types = forms.ModelMultipleChoiceField(
        Type.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Strand
        fields = OF_A_STRAND


class StrandRows(DraftRows):
    columns = OF_A_STRAND

    @cached_property
    def numbers_before(self) -> set[int]:
        before = cycle.previous(self.instance)
        return {part.number for part in before.strands.all()} if before else set()

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if form.instance.pk and form.initial["number"] in self.numbers_before:
            offer_directions_of_a_past(form["direction"])

    def name_of(self, form: KeptForm) -> Hashable:
        """The number that it has, or for a new one its place on the form."""
        return form.initial["number"] if form.instance.pk else form.prefix


class StrandInline(PartsInline):
    model = Strand
    form = StrandForm
    formset = StrandRows
    adds = "part"
    verbose_name = "part"
    verbose_name_plural = "numbered parts"

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("types")

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        types = formset.form.base_fields.get("types")
        if types is not None:
            types.choices = _types(request)
        if obj:
            words = obj.entry.words
            for name in ("consequences", "controls"):
                if name in formset.form.base_fields:
                    formset.form.base_fields[name].label = getattr(words, name)
        return formset
