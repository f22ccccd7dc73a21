"""The rows below an entry in an edition: its actions, and its numbered parts."""

from __future__ import annotations

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME

from registers import cycle
from registers.admin.base import PartsInline, RowsInline
from registers.admin.base_forms import KeptForm, KeptRows
from registers.cycle import readiness
from registers.domain import passages
from registers.models import Action, Direction, Progress, Strand, Type
from registers.pages.fields import PassageFormField

CARRIED = (
    "This was promised in an earlier quarter, so it can’t be removed. Choose Done, or choose "
    "Dropped and say why."
)


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
        labels = {"reason": "Slipped or dropped, because"}

    # Whether an earlier edition stated it already.
    is_carried = False

    def clean(self):
        said = super().clean()
        if self.is_carried and self.data.get(self.add_prefix("DELETE")):
            self.add_error("status", CARRIED)
        if said.get("completed_on") and said.get("status") != Action.Status.DONE:
            self.add_error("completed_on", "An action completed on a day has the status Done.")
        return said


class ActionRows(KeptRows):
    """Only what was added this quarter can be removed; what was carried is done, or dropped.

    What was submitted keeps its reasons when the manager (`manages`) changes it afterwards.
    """

    manages = False

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if getattr(form.instance, "carried", False):
            form.is_carried = True
            form.fields.pop(DELETION_FIELD_NAME, None)

    def clean(self):
        super().clean()
        sent_in = self.instance.progress in (Progress.SUBMITTED, Progress.ACCEPTED)
        changed = [
            form
            for form in self.forms
            if form.has_changed() and form.is_valid() and not self._should_delete_form(form)
        ]
        if not (self.manages and sent_in and changed):
            return
        before = cycle.previous(self.instance)
        was_due = {action.key: action.due for action in before.actions.all()} if before else {}
        for form in changed:
            for problem in readiness.unexplained(form.instance, was_due.get(form.instance.key)):
                form.add_error("reason", problem.sentence)


class ActionInline(RowsInline):
    model = Action
    form = ActionForm
    formset = ActionRows
    extra = 1
    adds = "action"
    ordering = ("order", "id")

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
        formset.manages = request.user.access.manages
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


class StrandRows(KeptRows):
    def gone(self) -> list[Strand]:
        """The parts that were ticked to be removed. Their actions are promised all the same."""
        return [form.instance for form in self.deleted_forms if form.instance.pk]


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
            types.choices = [(type_.pk, type_.name) for type_ in Type.objects.all()]
        if obj:
            words = obj.entry.words
            for name in ("consequences", "controls"):
                if name in formset.form.base_fields:
                    formset.form.base_fields[name].label = getattr(words, name)
        return formset
