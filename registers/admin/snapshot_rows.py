"""The rows below an entry in an edition: its actions, and its numbered parts."""

from __future__ import annotations

from django import forms

from registers import passages
from registers.admin.kept import PartsInline, RowsInline
from registers.admin.kept_forms import KeptForm
from registers.forms import PassageFormField
from registers.models import Action, Direction, Strand, Type


class ActionForm(KeptForm):
    sure_of = frozenset(constraint.name for constraint in Action._meta.constraints)

    class Meta:
        model = Action
        fields = (
            "text",
            "lead",
            "due",
            "status",
            "strand",
            "completed_on",
            "reason",
            "target_impact",
            "target_likelihood",
        )
        widgets = {
            "text": forms.Textarea(attrs={"rows": 2}),
            "reason": forms.Textarea(attrs={"rows": 2}),
        }

    def clean(self):
        said = super().clean()
        if said.get("completed_on") and said.get("status") != Action.Status.DONE:
            self.add_error("completed_on", "An action completed on a day has the status Done.")
        return said


class ActionInline(RowsInline):
    model = Action
    form = ActionForm
    extra = 1
    adds = "action"
    ordering = ("order", "id")

    def get_fieldsets(self, request, obj=None):
        more = ["completed_on", "reason", ("target_impact", "target_likelihood")]
        if obj and obj.strands.all():
            more.insert(0, "strand")
        return [
            (None, {"fields": ["text", "lead", "due", "status"]}),
            ("Done on, reason, target", {"fields": more}),
        ]

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        strand = formset.form.base_fields.get("strand")
        if strand is not None:
            # One query for all rows.
            parts = list(obj.strands.all()) if obj else []
            strand.queryset = Strand.objects.filter(snapshot=obj)
            strand.choices = [("", "The whole entry"), *((part.pk, part) for part in parts)]
        return formset


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
        fields = (
            "number",
            "title",
            "lead",
            "types",
            "consequences",
            "controls",
            "direction",
            "commentary",
        )


class StrandInline(PartsInline):
    model = Strand
    form = StrandForm
    adds = "part"
    verbose_name = "part"
    verbose_name_plural = "numbered parts"

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("types")

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        types = formset.form.base_fields.get("types")
        if types is not None:
            types.choices = [(type_.pk, type_.name) for type_ in Type.objects.all()]
        if obj:
            words = obj.entry.words
            for name in ("consequences", "controls"):
                if name in formset.form.base_fields:
                    formset.form.base_fields[name].label = getattr(words, name)
        return formset
