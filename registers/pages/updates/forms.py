"""What an owner says of an entry without opening its form."""

from __future__ import annotations

from django import forms

from registers.cycle.before_submitting import Problem
from registers.models.fields import TextBox


class NoChangeForm(forms.Form):
    """An owner's word that an entry stands as it did. `doubts` may be overruled with a reason."""

    reason = TextBox(
        label="Why has nothing changed?",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One or two sentences. The committee reads them as your commentary.",
        error_messages={"required": "Say why nothing has changed."},
    )
    override = TextBox(
        label="It is right all the same, because",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The risk manager reads this when accepting the entry.",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.doubts: list[Problem] = []
        if not self.data.get("override", "").strip():
            self._override = self.fields.pop("override")

    def clean(self) -> dict:
        return {"override": "", **super().clean()}

    def ask_to_overrule(self, doubts: list[Problem]) -> None:
        """Offer the field that overrules what looks contradictory."""
        self.doubts = doubts
        if "override" not in self.fields:
            self.fields["override"] = self._override
