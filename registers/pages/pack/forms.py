"""The covering report as a form: a box for each paragraph that a manager may write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from registers.cycle.report import ReportChanged
from registers.exporting.pack.report import PARAGRAPHS
from registers.models.fields import TextBox


class ReportForm(forms.Form):
    """`version` names the texts that its reader saw."""

    version = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, texts: Mapping[str, str], version: str, **kwargs: Any) -> None:
        super().__init__(*args, initial={**texts, "version": version}, **kwargs)
        for name, heading, help_text in PARAGRAPHS:
            self.fields[name] = TextBox(
                label=heading,
                help_text=help_text,
                required=False,
                widget=forms.Textarea(attrs={"rows": 4}),
            )

    @property
    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name, *_ in PARAGRAPHS}

    def show(self, changed: ReportChanged, *, version: str) -> None:
        """What stands now, beside what was typed; the next save puts that in its place."""
        self.data = {**self.data.dict(), "version": version}
        self.add_error(None, str(changed))
        for name, *_ in PARAGRAPHS:
            now = changed.texts.get(name, "")
            if now != self.cleaned_data.get(name, ""):
                self.add_error(name, f"What stands now: “{now}”" if now else "Nothing stands now.")
